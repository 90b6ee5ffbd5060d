"""The links that an answer serves, as far as a contract shows them: level three of Richardson's model.

Knows the hypermedia types that are registered or widely used, the names that links have in them, and
the `Link` header. A link needs a target and a relation; which relations there are, schemas say by the
names of properties, by listed values or by examples.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint.words import snake
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import LintSettings
    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node

# What follows `application/`.
HYPERMEDIA = {
    "hal+json": "HAL", "hal+xml": "HAL", "vnd.hal+json": "HAL", "prs.hal-forms+json": "HAL-FORMS",
    "vnd.api+json": "JSON:API", "vnd.siren+json": "Siren", "vnd.collection+json": "Collection+JSON",
    "ld+json": "JSON-LD",  # with Hydra: the type alone names no links
    "vnd.mason+json": "Mason", "vnd.uber+json": "UBER", "vnd.amundsen-uber+json": "UBER", "atom+xml": "Atom",
}  # fmt: skip
_HOLDERS = frozenset({"_links", "links", "link", "operations", "operation", "controls", "queries"})
_ACTING = frozenset(
    {"actions", "_actions", "_templates", "template", "hydra_operation"}
)  # a form is an action
_TARGETS = frozenset({"href", "url", "uri", "target", "hydra_entrypoint"})
_RELATIONS = ("rel", "relation", "rels", "name", "type")
_WRAPPERS = frozenset(
    {
        "_embedded",
        "attributes",
        "collection",
        "content",
        "data",
        "embedded",
        "entity",
        "item",
        "items",
        "result",
        "uber",
    }
)
_DEEPEST = 4
_REL = re.compile(r"""rel=\\?["']?([\w:/.-]+(?: [\w:/.-]+)*)|rel(?:ation)?s? `?["']([\w:-]+)""")


@dataclass(frozen=True, slots=True)
class Links:
    """Links of one kind that an answer serves.

    criterion: H1, H2 or H3. what: where they are, in words. relations: those that are named, in
    snake_case. acting: whether they are actions by their kind, whatever they are called.
    """

    criterion: str
    what: str
    node: Node
    tokens: tuple[str, ...]
    relations: frozenset[str]
    acting: bool = False

    def leads_on(self, settings: LintSettings) -> frozenset[str]:
        """The relations beyond self and paging."""
        return frozenset(one for one in self.relations if one not in settings.navigation_relations)

    def is_action(self, settings: LintSettings) -> bool:
        """Whether at least one of them leads on to what is possible next."""
        return self.acting or bool(self.leads_on(settings))


def served(endpoint: Endpoint, facts: Facts) -> list[Links]:
    """Every kind of link in the successful answers of an operation."""
    found: list[Links] = []
    for response in endpoint.successes().values():
        found += _in_headers(response)
        for media, schema in facts.bodies(response):
            inside = list(_in_schema(schema, facts, _DEEPEST, set()))
            found += inside
            kind = HYPERMEDIA.get(media.partition(";")[0].strip().lower().removeprefix("application/"), "")
            if kind and (kind != "JSON-LD" or inside) and (inside or not schema.fields):
                relations = frozenset[str]().union(*(links.relations for links in inside))
                acting = any(links.acting for links in inside)
                at = ("content", media)
                found.append(Links("H1", f"answers in {kind} (`{media}`)", response, at, relations, acting))
        found += _untyped(response)
    return found


def shows_nothing(endpoint: Endpoint, facts: Facts) -> str:
    """Why its answers can carry no link, or cannot be judged: `empty`, `unknown`, or nothing."""
    answers = endpoint.successes()
    if facts.series == "2.0":
        written = [bool(answer.only("schema")) for answer in answers.values()]
        return "" if any(written) else "empty"
    media = [one.followed() for answer in answers.values() for one in answer.all("content")]
    if not media:
        return "empty" if endpoint.method != "get" or set(answers) <= {"204", "205", "304"} else "unknown"
    if not any(one.only("schema") is not None for one in media):
        return "unknown"
    if not any("json" in one.key or "xml" in one.key or one.key == "*/*" for one in media):
        return "empty"  # a picture or a table has no place for links
    return ""


def _untyped(response: Node) -> Iterator[Links]:
    """A hypermedia type without a schema: the type promises links, and nobody says which."""
    for media in response.all("content"):
        kind = HYPERMEDIA.get(media.key.partition(";")[0].strip().lower().removeprefix("application/"), "")
        if kind and kind != "JSON-LD" and media.followed().only("schema") is None:
            at = ("content", media.key)
            yield Links("H1", f"answers in {kind} (`{media.key}`)", response, at, frozenset())


def _in_headers(response: Node) -> Iterator[Links]:
    for header in response.all("headers"):
        if header.key.lower() == "link":
            yield Links("H3", "a `Link` header", response, ("headers", header.key), _said(header.followed()))


def _said(header: Node) -> frozenset[str]:
    """The relations that the texts and examples of a `Link` header name."""
    texts = [str(header.fields.get(field, "")) for field in ("description", "example", "examples")]
    for schema in header.all("schema"):
        texts += [
            str(schema.followed().fields.get(field, "")) for field in ("description", "example", "examples")
        ]
    found = (one for text in texts for pair in _REL.findall(text) for one in pair if one)
    return frozenset(snake(word) for one in found for word in one.split())


def _in_schema(schema: Node, facts: Facts, depth: int, seen: set[int]) -> Iterator[Links]:
    schema = schema.followed()
    if depth == 0 or id(schema) in seen:
        return
    seen.add(id(schema))
    for part in facts.parts(schema):
        for field in ("items", "oneOf", "anyOf"):
            for below in part.all(field):
                yield from _in_schema(below, facts, depth - (field == "items"), seen)
    properties = facts.properties(schema)
    lists = []
    for name, held in properties.items():
        called = snake(name)
        key = f"_{called}" if name.startswith("_") else called
        if key in _HOLDERS or key in _ACTING or name == "@controls":
            yield from _holder(name, held, facts, acting=key in _ACTING)
        elif key == "relationships":  # JSON:API: a relation by its name, its address in `links`
            named = [one for one in facts.properties(held).items() if "links" in facts.properties(one[1])]
            if named:
                yield Links("H2", f"`{name}`", held, (), frozenset(snake(one) for one, _ in named))
        elif key in _WRAPPERS:
            yield from _in_schema(held, facts, depth - 1, seen)
        elif "array" in facts.types(held):
            lists.append(held)
    if len(lists) == 1:  # a list of things, whatever it is called
        yield from _in_schema(lists[0], facts, depth - 1, seen)


def _holder(name: str, held: Node, facts: Facts, *, acting: bool) -> Iterator[Links]:
    """Links in a property: an object whose names are relations, or a list of links that name theirs."""
    held = held.followed()
    parts = facts.parts(held)
    entries = [one.followed() for part in parts for one in part.all("items")]
    if entries:
        of_links = [one for one in entries if _has_target(one, facts)]
        if of_links:
            relations = frozenset[str]().union(*(_named(one, facts) for one in of_links))
            if acting or any(set(_RELATIONS) & set(facts.properties(one)) for one in of_links):
                yield Links("H2", f"`{name}`", held, (), relations, acting)
        return
    relations = frozenset(
        snake(key)
        for key, one in facts.properties(held).items()
        if _is_link(one, facts, bare=name == "links")
    )
    open_map = [one for part in parts for one in part.all("additionalProperties") if _has_target(one, facts)]
    if relations or open_map:
        yield Links("H2", f"`{name}`", held, (), relations, acting)


def _is_link(schema: Node, facts: Facts, *, bare: bool) -> bool:
    """Whether a schema is of links: an object with a target; in JSON:API also a bare address."""
    schema = schema.followed()
    branches = [one for part in facts.parts(schema) for one in (*part.all("oneOf"), *part.all("anyOf"))]
    if any(_is_link(one, facts, bare=bare) for one in branches):
        return True
    items = [one for part in facts.parts(schema) for one in part.all("items")]
    if any(_has_target(one, facts) for one in items) or _has_target(schema, facts):
        return True
    return bare and schema.text("format") in {"uri", "uri-reference", "uri-template", "url"}


def _has_target(schema: Node, facts: Facts) -> bool:
    return any(snake(name) in _TARGETS for name in facts.properties(schema))


def _named(link: Node, facts: Facts) -> frozenset[str]:
    """The relations that the links of a list may have, where listed values or an example say so."""
    for name in _RELATIONS[:4]:
        held = facts.properties(link).get(name)
        if held is None:
            continue
        schema = held.followed()
        listed = [schema, *(one.followed() for one in schema.all("items"))]
        for one in listed:
            values = one.fields.get(
                "enum", [one.fields[key] for key in ("const", "example") if key in one.fields]
            )
            if isinstance(values, list) and values:
                return frozenset(snake(str(value)) for value in values)
    return frozenset()
