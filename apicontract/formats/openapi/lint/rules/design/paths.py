"""Addresses: slashes, depth, base paths, and paths that cannot be told apart."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import addresses, remedies
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node

    #: Segments to what follows them; the empty key holds the endpoint that ends there.
    _Tree = dict[str, "_Tree | Endpoint"]

_WORDLESS = frozenset({"uuid", "date", "date-time", "ipv4", "ipv6"})  # no word fits them


def _written(node: Node) -> Iterator[tuple[str, Node]]:
    """The paths of a paths object, with their items."""
    for item in node.children:
        yield item.key, item


def _trailing(node: Node, facts: Facts) -> Iterator[Problem]:
    for path, item in _written(node):
        if len(path) > 1 and path.partition("?")[0].endswith("/"):
            remedy = remedies.path_called(item, path, path.rstrip("/"), facts)
            yield Problem(item.place(), f"{path} ends with a slash", remedy=remedy)


def _doubled(node: Node, facts: Facts) -> Iterator[Problem]:
    for path, item in _written(node):
        if "//" in path:
            remedy = remedies.path_called(item, path, re.sub("/{2,}", "/", path), facts)
            yield Problem(item.place(), f"{path} has an empty segment", remedy=remedy)


def _deep(node: Node, facts: Facts) -> Iterator[Problem]:
    """More levels of things in things than the setting allows; a level begins after a variable."""
    for path, item in _written(node):
        parts = addresses.resources(path)
        pairs = pairwise(parts)
        levels = sum(addresses.is_variable(held) and not addresses.has_variable(name) for held, name in pairs)
        if levels > facts.settings.max_path_depth:
            yield Problem(item.place(), f"{path} goes {levels} levels down, into things of things")


def _called_api(node: Node, facts: Facts) -> Iterator[Problem]:
    """`/api` at the head of the addresses: in a server, or in the paths, where the first one is shown."""
    if node is facts.root:
        for url, holder, field in facts.servers:
            parts = addresses.segments(addresses.path_of(url))
            if parts and parts[0].lower() == "api":
                yield Problem(holder.place(field), f"the address {url} says in its path that it is an API")
        return
    for path, item in _written(node):
        if addresses.segments(path)[:1] == ("api",):
            yield Problem(item.place(), f"{path} says in its path that it is an API")
            return


def _ambiguous(node: Node, facts: Facts) -> Iterator[Problem]:
    """Paths of one method that the same address fits, and neither of which is the more exact one."""
    tree: _Tree = {}
    items = dict(_written(node))
    for endpoint in facts.endpoints:
        parts = (endpoint.method, *addresses.segments(endpoint.path))
        for clash in _clashing(tree, parts):
            if _may_meet(endpoint, clash, facts):
                at = items.get(endpoint.path, node)
                both = f"{endpoint.path} and {clash.path}"
                yield Problem(
                    at.place(), f"an address may fit both {both}, and neither is the more exact one"
                )
                break
        branch = tree
        for part in parts:
            below = branch.setdefault("{}" if addresses.is_variable(part) else part, {})
            assert isinstance(below, dict)  # noqa: S101  # only the empty key holds an endpoint
            branch = below
        branch.setdefault("", endpoint)


def _clashing(tree: _Tree, parts: tuple[str, ...]) -> Iterator[Endpoint]:
    """What of the tree an address may fit too, each side being more exact somewhere."""
    stack: list[tuple[_Tree, int, bool, bool]] = [(tree, 0, False, False)]
    while stack:
        branch, at, ours, theirs = stack.pop()
        if at == len(parts):
            found = branch.get("")
            if ours and theirs and found is not None and not isinstance(found, dict):
                yield found
            continue
        part = parts[at]
        free = addresses.is_variable(part)
        for name in branch if free else (part, "{}"):
            below = branch.get(name)
            partly = name != "{}" and addresses.has_variable(name)
            if isinstance(below, dict) and not (free and partly):
                more_exact = not free and name == "{}"
                stack.append((below, at + 1, ours or more_exact, theirs or (free and name != "{}")))


def _may_meet(one: Endpoint, other: Endpoint, facts: Facts) -> bool:
    """Whether each variable takes the word that the other path has in its place: no integer is `events`."""
    pairs = zip(addresses.segments(one.path), addresses.segments(other.path), strict=True)
    return all(
        _takes(one, mine, theirs, facts) and _takes(other, theirs, mine, facts) for mine, theirs in pairs
    )


def _takes(endpoint: Endpoint, segment: str, word: str, facts: Facts) -> bool:
    if not addresses.is_variable(segment) or addresses.has_variable(word):
        return True
    name = addresses.variables(segment)[0]
    for parameter in endpoint.parameters:
        if parameter.fields.get("name") == name and parameter.fields.get("in") == "path":
            schema = facts.shape(parameter)
            values = schema.fields.get("enum")
            if isinstance(values, list):
                return word in values
            types = facts.types(schema)
            if types and "string" not in types:
                return word.lstrip("-").replace(".", "", 1).isdigit() or word in {"true", "false"}
            return schema.text("format") not in _WORDLESS or any(sign.isdigit() for sign in word)
    return True


def _renamed(node: Node, _: Facts) -> Iterator[Problem]:
    """A variable that another path calls differently in the same place."""
    first: dict[str, tuple[str, str]] = {}
    told: set[tuple[str, str]] = set()
    for path, item in _written(node):
        prefix = ""
        for part in addresses.segments(path):
            prefix += "/" + part.partition(":")[0]
            if not addresses.is_variable(part):
                continue
            place, name = addresses.shape(prefix), addresses.variables(part)[0]
            known, where = first.setdefault(place, (name, path))
            if known != name and (place, name) not in told:
                told.add((place, name))
                yield Problem(item.place(), f"{path} calls `{name}` what {where} calls `{known}`")


_DONE = 'responses: {"204": {description: Done}}'


def _pathed(path: str) -> str:
    return described(f"paths:\n  {path}: {{delete: {{{_DONE}}}}}")


def _variables(*paths: str) -> str:
    lines = []
    for path in paths:
        listed = ", ".join(
            f"{{name: {name}, in: path, required: true, schema: {{type: string}}}}"
            for name in addresses.variables(path)
        )
        lines.append(f"  {path}: {{delete: {{parameters: [{listed}], {_DONE}}}}}")
    return described("paths:\n" + "\n".join(lines))


RULES = (
    LintRule(
        FindingRule(
            "path-trailing-slash",
            "A path ends with a slash.",
            Severity.WARNING,
            "With and without the slash are two addresses: one of them answers 404 or a redirect that loses the "
            "body, and nobody remembers which.",
            "Leave the slash out, and let the server accept both.",
            _pathed("/orders/"),
            _pathed("/orders"),
            fix=Fix.UNSAFE,
            mends="Takes the slash away, unless there is such a path already or a reference names this one.",
            category="design",
            references=("zalando:136", "spectral:path-keys-no-trailing-slash"),
        ),
        ("paths",),
        _trailing,
    ),
    LintRule(
        FindingRule(
            "path-segment-empty",
            "A path has an empty segment.",
            Severity.WARNING,
            "Proxies merge the slashes, frameworks do not: the address works here and fails there.",
            "Leave one of the slashes out.",
            _pathed("/orders//lines"),
            _pathed("/orders/lines"),
            fix=Fix.UNSAFE,
            mends="Leaves one slash, unless there is such a path already or a reference names this one.",
            category="design",
            references=("zalando:136", "rfc:3986#3.3"),
        ),
        ("paths",),
        _doubled,
    ),
    LintRule(
        FindingRule(
            "path-too-deep",
            "A path leads through too many things.",
            Severity.INFO,
            "A client must know the ids of all of them to reach one, and the address breaks when any relation "
            "changes.",
            "Give things with an id of their own a path of their own: `/lines/{lineId}`.",
            _variables("/a/{aId}/b/{bId}/c/{cId}/d/{dId}/e"),
            _variables("/c/{cId}/d/{dId}/e"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:147",),
        ),
        ("paths",),
        _deep,
    ),
    LintRule(
        FindingRule(
            "path-says-api",
            "The addresses begin with `/api`.",
            Severity.INFO,
            "Every address of an API is one of an API; the segment says nothing and is typed by everyone.",
            "Use a host of its own (`api.acme-shop.com`), or leave the segment to the gateway.",
            _pathed("/api/orders"),
            _pathed("/orders"),
            category="design",
            tier=Tier.ALL,
            references=("zalando:135",),
        ),
        ("paths", "document"),
        _called_api,
    ),
    LintRule(
        FindingRule(
            "paths-ambiguous",
            "An address may fit two paths, and neither is the more exact one.",
            Severity.WARNING,
            "OpenAPI lets the tool choose: router, gateway and mock call different operations.",
            "Give one of them a fixed segment where the other has one.",
            _variables("/orders/{orderId}/lines", "/orders/archive/{year}"),
            _variables("/orders/{orderId}/lines", "/archive/{year}"),
            category="design",
            references=(
                "oas:3.1.1#path-templating",
                "redocly:no-ambiguous-paths",
                "vacuum:no-ambiguous-paths",
            ),
        ),
        ("paths",),
        _ambiguous,
    ),
    LintRule(
        FindingRule(
            "path-variable-renamed",
            "A variable has another name in another path.",
            Severity.INFO,
            "Generated clients ask for `id` here and `orderId` there, and readers look for the difference.",
            "Give one thing one name, best with the kind of thing in it.",
            _variables("/orders/{orderId}", "/orders/{id}/lines"),
            _variables("/orders/{orderId}", "/orders/{orderId}/lines"),
            category="design",
            references=("zalando:143",),
        ),
        ("paths",),
        _renamed,
    ),
)
