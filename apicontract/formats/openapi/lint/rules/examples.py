"""Examples: there where readers need them, made for the purpose, and free of what should not be shown.

Whether an example fits its schema is a question of validity (`example-mismatch`), not of lint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import operated, schemed
from apicontract.sources.alterations import Drop, Put, Rename, Wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

# What providers document about the shape of their keys; each begins with a fixed mark.
_SECRETS = {
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[0-9A-Za-z]{36,251}\b|\bgithub_pat_[0-9A-Za-z_]{82}\b"),
    "a token of GitLab": re.compile(r"\bglpat-[0-9A-Za-z_-]{20,256}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,256}\b"),
    "a key of Stripe": re.compile(r"\b[sr]k_live_[0-9A-Za-z]{16,2048}\b"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[0-9A-Za-z+/]{60}"),
    "a signed token": re.compile(
        r"\beyJ[0-9A-Za-z_-]{16,2048}\.eyJ[0-9A-Za-z_-]{16,2048}\.[0-9A-Za-z_-]{16,2048}\b"
    ),
}
_MARK = re.compile(r"AKIA|ASIA|gh[pousri]|glpat-|xox|k_live_|AIza|PRIVATE KEY|eyJ")
_MADE_UP = re.compile(r"example|(.)\1{5}|1234567|abcdef", re.IGNORECASE)
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})\b")
_RESERVED = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net)|example|test|invalid|localhost)", re.IGNORECASE)
_ROLES = frozenset(
    {"admin", "contact", "git", "hello", "info", "no-reply", "noreply", "postmaster", "sales", "support"}
)
_GENERATED = frozenset(
    {"string", "foo", "bar", "foobar", "lorem ipsum", "todo", "test", "xxx", "asdf", "blah"}
)
_SHORTEST = 16  # characters of a credential
_LONGEST = 20_000  # characters looked at of one text
_MOST = 50_000  # values looked at below one example


def _texts(value: Json) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every string of a value with the way to it; bounded."""
    stack: list[tuple[Json, tuple[str | int, ...]]] = [(value, ())]
    for _ in range(_MOST):
        if not stack:
            return
        held, way = stack.pop()
        if isinstance(held, str):
            yield held, way
        elif isinstance(held, dict):
            stack += [(one, (*way, name)) for name, one in held.items()]
        elif isinstance(held, list):
            stack += [(one, (*way, at)) for at, one in enumerate(held)]


def _written(node: Node) -> Iterator[tuple[Json, tuple[str | int, ...]]]:
    """The examples that stand in a node itself, each with the way to it."""
    if node.kind == "example":
        for field in ("value", "dataValue"):
            if field in node.fields:
                yield node.fields[field], (field,)
        return
    if "example" in node.fields:
        yield node.fields["example"], ("example",)
    several = node.fields.get("examples")
    if node.kind == "schema" and isinstance(several, list):
        for at, value in enumerate(several):
            yield value, ("examples", at)
    elif node.kind == "response" and isinstance(several, dict):  # 2.0: by media type
        for name, value in several.items():
            yield value, ("examples", name)


def _is_marked(value: Json) -> bool:
    """Whether any string of a value, as far as it is looked into, may hold a credential."""
    stack = [value]
    for _ in range(_MOST):
        if not stack:
            return False
        held = stack.pop()
        if isinstance(held, str):
            if len(held) >= _SHORTEST and _MARK.search(held, 0, _LONGEST) is not None:
                return True
        elif isinstance(held, dict):
            stack += held.values()
        elif isinstance(held, list):
            stack += held
    return False


def _secret(node: Node, _: Facts) -> Iterator[Problem]:
    for value, at in _written(node):
        if not _is_marked(value):
            continue
        for text, way in _texts(value):
            if len(text) < _SHORTEST or _MARK.search(text, 0, _LONGEST) is None:
                continue
            for kind, pattern in _SECRETS.items():
                found = pattern.search(text, 0, _LONGEST)
                if found is not None and not _MADE_UP.search(found[0]):
                    yield Problem(node.place(*at, *way), f"the example looks like {kind}: {found[0][:8]}…")


def _person(node: Node, _: Facts) -> Iterator[Problem]:
    for value, at in _written(node):
        for text, way in _texts(value):
            found = _EMAIL.search(text, 0, _LONGEST) if "@" in text else None
            local = found[0].partition("@")[0].lower() if found is not None else ""
            if found is not None and local not in _ROLES and not _RESERVED.fullmatch(found[1]):
                place = node.place(*at, *way)
                reserved = f"{text[: found.start(1)]}example.com{text[found.end(1) :]}"
                told = f"the address {found[0]} may be someone's"
                yield Problem(place, told, remedy=(Put(place, reserved),))


def _generated(node: Node, _: Facts) -> Iterator[Problem]:
    for value, at in _written(node):
        if isinstance(value, str):
            texts = [value]
        elif isinstance(value, dict):
            texts = [one for one in value.values() if isinstance(one, str)]
        else:
            continue
        dull = [text for text in texts if text.strip().lower() in _GENERATED]
        if dull and len(dull) == len(texts):
            place = node.place(*at)
            remedy = (Drop(place),) if at == ("example",) else ()
            yield Problem(place, f"the example only says `{dull[0]}`", remedy=remedy)


def _has_example(node: Node, facts: Facts) -> bool:
    """Whether a value of the node is shown: by itself, its schema, or each of the schema's properties."""
    if "example" in node.fields or node.fields.get("examples"):
        return True
    schema = facts.shape(node)
    shown = {"example", "examples", "enum", "const", "default"}
    if shown & schema.fields.keys() or facts.types(schema) == {"boolean"}:
        return True
    if "array" in facts.types(schema):
        items = schema.only("items")
        return items is not None and _is_shown(items.followed(), facts)
    return _is_shown(schema, facts)


def _is_shown(schema: Node, facts: Facts) -> bool:
    shown = {"example", "examples", "enum", "const", "default"}
    if shown & schema.fields.keys():
        return True
    properties = facts.properties(schema)
    return bool(properties) and all(shown & held.followed().fields.keys() for held in properties.values())


def _media_silent(node: Node, facts: Facts) -> Iterator[Problem]:
    if "json" in node.key and "schema" in node.fields and not _has_example(node, facts):
        yield Problem(node.place(), "nothing shows what such a body looks like")


def _parameter_silent(node: Node, facts: Facts) -> Iterator[Problem]:
    name = node.fields.get("name")
    own = node.reference is None and node.fields.get("in") != "body"
    if own and isinstance(name, str) and not _has_example(node, facts):
        yield Problem(node.place(), f"nothing shows what a value of `{name}` looks like")


def _unlabelled(node: Node, _: Facts) -> Iterator[Problem]:
    examples = node.all("examples")
    if len(examples) > 1:
        for one in examples:
            if not one.followed().fields.get("summary") and not one.followed().fields.get("description"):
                yield Problem(one.place(), f"nothing says what the example `{one.key}` shows")


def _outdated(node: Node, facts: Facts) -> Iterator[Problem]:
    if facts.series in {"3.1", "3.2"}:
        place = node.place("example")
        remedy = () if "examples" in node.fields else (Rename(place, "examples"), Wrap(place))
        yield Problem(place, "`example` of a schema is deprecated since OpenAPI 3.1", remedy=remedy)


def _body(more: str, properties: str = "{paid: {type: boolean}}") -> str:
    schema = f"{{type: object, additionalProperties: false, properties: {properties}}}"
    return operated(f"requestBody: {{content: {{application/json: {{schema: {schema}{more}}}}}}}")


def _asked(more: str) -> str:
    return operated(
        f"parameters: [{{name: colour, in: query, schema: {{type: string, maxLength: 9}}{more}}}]",
        method="delete",
    )


_TOKEN = "ghp_" + "9fQ2" * 9
_MADE = "ghp_example" + "0" * 25
_TWO = ", examples: {{a: {{{}value: {{paid: true}}}}, b: {{{}value: {{paid: false}}}}}}"

RULES = (
    LintRule(
        FindingRule(
            "example-shows-secret",
            "An example looks like a real credential.",
            Severity.WARNING,
            "Examples are copied from real traffic; contracts are published, searched and kept for ever.",
            "Take the credential back, and write one that is plainly made up (`ghp_example…`).",
            schemed(f"Token: {{type: string, example: {_TOKEN}}}"),
            schemed(f"Token: {{type: string, example: {_MADE}}}"),
            category="examples",
            references=("owasp:API8:2023",),
        ),
        ("schema", "media-type", "parameter", "header", "example", "response"),
        _secret,
        having=("example", "examples", "value", "dataValue"),
    ),
    LintRule(
        FindingRule(
            "example-shows-person",
            "An example has an e-mail address that may be someone's.",
            Severity.INFO,
            "Those who try the example write to a stranger, or to a colleague who left.",
            "Use `example.com`, which is reserved for it (RFC 2606).",
            schemed("Mail: {type: string, example: jane.doe@gmail.com}"),
            schemed("Mail: {type: string, example: jane.doe@example.com}"),
            fix=Fix.UNSAFE,
            mends="Writes `example.com` in the place of the domain.",
            category="examples",
            tier=Tier.ALL,
            references=("rfc:2606#3",),
        ),
        ("schema", "media-type", "parameter", "header", "example", "response"),
        _person,
        having=("example", "examples", "value", "dataValue"),
    ),
    LintRule(
        FindingRule(
            "example-says-nothing",
            "An example only repeats the type.",
            Severity.INFO,
            "It was left by a generator; readers learn nothing, and mocks answer with it.",
            "Show a value that could be real, or leave the example out.",
            schemed("Colour: {type: string, example: string}"),
            schemed("Colour: {type: string, example: dark blue}"),
            fix=Fix.SAFE,
            mends="Takes an `example` out; of several in `examples`, none.",
            category="examples",
            references=("zalando:101",),
        ),
        ("schema", "media-type", "parameter", "header", "example", "response"),
        _generated,
        having=("example", "examples", "value", "dataValue"),
    ),
    LintRule(
        FindingRule(
            "body-without-example",
            "Nothing shows what a body looks like.",
            Severity.INFO,
            "A reader takes in an example in seconds and a schema in minutes; mocks and consoles begin with it.",
            "Give the media type, or the schema's properties, an example.",
            _body(""),
            _body(", example: {paid: true}"),
            category="examples",
            tier=Tier.ALL,
            references=("zalando:101", "vacuum:oas3-missing-example"),
        ),
        ("media-type",),
        _media_silent,
        having=("schema",),
    ),
    LintRule(
        FindingRule(
            "parameter-without-example",
            "Nothing shows what a value of a parameter looks like.",
            Severity.INFO,
            "Whether it is `7`, `ord_7` or a UUID is found out by trial.",
            "Give it an example.",
            _asked(""),
            _asked(", example: dark blue"),
            category="examples",
            tier=Tier.ALL,
            references=("zalando:101", "vacuum:oas3-missing-example"),
        ),
        ("parameter",),
        _parameter_silent,
    ),
    LintRule(
        FindingRule(
            "example-not-described",
            "Several examples, and nothing says what each shows.",
            Severity.INFO,
            "Readers compare them to find the difference.",
            "Give each a `summary`.",
            _body(_TWO.format("", "")),
            _body(_TWO.format("summary: Paid, ", "summary: Open, ")),
            category="examples",
            tier=Tier.ALL,
        ),
        ("media-type", "parameter"),
        _unlabelled,
        having=("examples",),
    ),
    LintRule(
        FindingRule(
            "example-field-outdated",
            "A schema uses `example`, which is deprecated.",
            Severity.INFO,
            "From 3.1 on schemas are JSON Schema, whose tools know `examples` and no `example`.",
            "Write `examples: [value]`.",
            schemed("Colour: {type: string, example: dark blue}", "3.1.0"),
            schemed("Colour: {type: string, examples: [dark blue]}", "3.1.0"),
            category="examples",
            tier=Tier.ALL,
            fix=Fix.SAFE,
            mends="Writes `examples` with the value in a list, unless there are `examples` already.",
            references=("oas:3.1.1#schema-object",),
        ),
        ("schema",),
        _outdated,
        having=("example",),
    ),
)
