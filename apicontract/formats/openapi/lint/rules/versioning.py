"""Versions, deprecation, and room to grow: what lets a contract change without surprising anyone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_SEMVER = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_SUCCESSOR = re.compile(
    r"\b(?:instead|replaced|superseded|in favou?r of|use|see|migrate|moved|successor|will be removed|no longer"
    r"|sunset|alternative|removed)\b|https?://|\]\(",
    re.IGNORECASE,
)
_SUNSETS = ("x-sunset", "x-sunset-date", "x-deprecated-until", "x-removal-date", "sunset")
_OPEN = ("x-extensible-enum", "x-open-enum")


def _unsemantic(node: Node, _: Facts) -> Iterator[Problem]:
    written = node.fields.get("version")
    if isinstance(written, str) and not _SEMVER.fullmatch(written.strip()):
        yield Problem(
            node.place("version"), f"`{written}` does not say what kind of change it is from the one before"
        )


def _in_servers(facts: Facts) -> list[tuple[str, Node, str, str]]:
    """The version segments of the servers' paths: segment, node, field, URL."""
    found = []
    for url, holder, field in facts.servers:
        parts = addresses.segments(addresses.path_of(url))
        found += [(part, holder, field, url) for part in parts if addresses.version(part)]
    return found


def _in_paths(facts: Facts) -> list[tuple[str, Node]]:
    """The version segments of the paths, each with its path item as written."""
    return [
        (part, item)
        for paths in facts.root.all("paths")
        for item in paths.children
        for part in addresses.segments(item.key)
        if addresses.version(part)
    ]


def _unversioned(node: Node, facts: Facts) -> Iterator[Problem]:
    if not facts.settings.version_in_url or not facts.endpoints or _in_paths(facts) or _in_servers(facts):
        return
    if not any(addresses.host(url) for url, _holder, _field in facts.servers):
        return  # the servers are not known
    yield Problem(node.place("paths"), "neither the paths nor the servers name a major version")


def _versioned(_: Node, facts: Facts) -> Iterator[Problem]:
    if facts.settings.version_in_url:
        return
    for part, holder, field, url in _in_servers(facts):
        yield Problem(holder.place(field), f"{url} has the version `{part}` in it")
        return
    for part, item in _in_paths(facts):
        yield Problem(item.place(), f"{item.key} has the version `{part}` in it")
        return


def _twice(_: Node, facts: Facts) -> Iterator[Problem]:
    """A version in the servers and in the paths, or twice in one path."""
    for path in (item for paths in facts.root.all("paths") for item in paths.children):
        inside = [part for part in addresses.segments(path.key) if addresses.version(part)]
        outside = _in_servers(facts) if inside else []
        if len(inside) > 1:
            yield Problem(path.place(), f"{path.key} names a version twice")
        elif outside:
            yield Problem(path.place(), f"{path.key} names a version, and so does the server {outside[0][3]}")
            return


def _disagreeing(node: Node, facts: Facts) -> Iterator[Problem]:
    """A major in the address that is not the one of `info.version`; 0 goes with v1 while it is young."""
    written = _SEMVER.fullmatch(facts.contract.version.strip())
    if written is None:
        return
    major = int(written[1])
    found = {addresses.version(part): part for part, *_rest in _in_servers(facts)}
    found |= {addresses.version(part): part for part, _item in _in_paths(facts)}
    majors = {version[0] for version in found if version is not None}
    if majors and major not in majors and not (major == 0 and 1 in majors):
        named = ", ".join(sorted(found.values()))
        yield Problem(
            node.place("version"), f"the version is {facts.contract.version}, and the addresses say {named}"
        )


def _not_first(node: Node, _: Facts) -> Iterator[Problem]:
    for item in node.children:
        parts = addresses.segments(item.key)
        behind = parts[2:] if parts[:1] == ("api",) else parts[1:]
        if any(addresses.version(part) for part in behind) and not any(
            addresses.version(part) for part in parts[: len(parts) - len(behind)]
        ):
            yield Problem(item.place(), f"the version in {item.key} does not come first")


def _minor(_: Node, facts: Facts) -> Iterator[Problem]:
    for part, holder, field, url in _in_servers(facts):
        version = addresses.version(part)
        if version is not None and version[1] is not None:
            yield Problem(holder.place(field), f"{url} names a minor version, `{part}`")
    for part, item in _in_paths(facts):
        version = addresses.version(part)
        if version is not None and version[1] is not None:
            yield Problem(item.place(), f"{item.key} names a minor version, `{part}`")


def _several(_: Node, facts: Facts) -> Iterator[Problem]:
    majors: dict[int, tuple[str, Node]] = {}
    for part, item in _in_paths(facts):
        version = addresses.version(part)
        if version is not None:
            majors.setdefault(version[0], (part, item))
    if len(majors) > 1:
        *_others, (_part, item) = majors.values()
        named = " and ".join(part for part, _ in majors.values())
        yield Problem(item.place(), f"the contract holds {named} at once")


def _unexplained(node: Node, _: Facts) -> Iterator[Problem]:
    if node.fields.get("deprecated") is not True:
        return
    texts = [
        node.fields.get(field)
        for field in ("description", "summary", "x-deprecation-reason", "x-deprecated-reason")
    ]
    if not any(isinstance(text, str) and _SUCCESSOR.search(text) for text in texts):
        yield Problem(
            node.place("deprecated"), f"{_called(node)} is deprecated, and nothing says what to use instead"
        )


def _no_sunset(node: Node, _: Facts) -> Iterator[Problem]:
    if node.fields.get("deprecated") is True and not any(node.fields.get(field) for field in _SUNSETS):
        yield Problem(
            node.place("deprecated"), f"{_called(node)} is deprecated, and nothing says until when it works"
        )


def _no_deprecation_header(node: Node, facts: Facts) -> Iterator[Problem]:
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or node.fields.get("deprecated") is not True:
        return
    for response in endpoint.successes().values():
        if {header.key.lower() for header in response.all("headers")} & {"deprecation", "sunset"}:
            return
    yield Problem(
        node.place("deprecated"), f"no answer of {endpoint.title} tells its callers that it is deprecated"
    )


def _called(node: Node) -> str:
    """What a reader calls a thing that may be deprecated."""
    name = node.fields.get("operationId") or node.fields.get("name")
    if isinstance(name, str):
        return f"`{name}`"
    if node.kind == "operation" and node.parent is not None:
        return f"{node.key.upper()} {node.parent.key}"
    return f"`{node.key}`"


def _closed_enum(node: Node, facts: Facts) -> Iterator[Problem]:
    values = node.fields.get("enum")
    if id(node) not in facts.received or not isinstance(values, list) or len(values) == 1:
        return
    opened = any(field in node.fields for field in _OPEN)
    if not opened and all(isinstance(value, str) for value in values):
        at = node.place("enum")
        yield Problem(at, f"a further value of `{node.key}` breaks the clients that know these")


def _closed_answer(node: Node, facts: Facts) -> Iterator[Problem]:
    """An object in answers only, to which no property can be added."""
    closed = (
        node.fields.get("additionalProperties") is False or node.fields.get("unevaluatedProperties") is False
    )
    if closed and id(node) in facts.received and id(node) not in facts.sent:
        field = "additionalProperties" if "additionalProperties" in node.fields else "unevaluatedProperties"
        yield Problem(
            node.place(field), f"no property can be added to `{node.key}` without breaking strict clients"
        )


_DONE = "responses: {'204': {description: Done}}"


def _versioned_at(version: str, server: str, *paths: str) -> str:
    text = described(
        f"servers: [{{url: '{server}'}}]\npaths:\n"
        + "\n".join(f"  {path}: {{put: {{{_DONE}}}}}" for path in paths)
    )
    return text.replace("version: 1.0.0", f"version: {version}")


def _answered(schema: str) -> str:
    return operated(
        f'responses: {{"200": {{description: Orders, content: {{application/json: {{schema: {schema}}}}}}}}}',
        method="put",
    )


_HOST = "https://api.acme-shop.com"
_OLD = "deprecated: true\nx-sunset: 2027-01-01\ndescription: Use orders instead."
_TOLD = "responses: {'204': {description: Done, headers: {Sunset: {schema: {type: string}}}}}"

RULES = (
    LintRule(
        FindingRule(
            "version-not-semantic",
            "The version of the contract is no semantic version.",
            Severity.WARNING,
            "Readers and tools cannot tell a break from a correction.",
            "Write `MAJOR.MINOR.PATCH` (semver.org); `apicontract diff` says which is next.",
            _versioned_at("'2026-11'", f"{_HOST}/v1", "/orders"),
            _versioned_at("1.2.0", f"{_HOST}/v1", "/orders"),
            category="versioning",
            references=("zalando:116",),
        ),
        ("info",),
        _unsemantic,
        having=("version",),
    ),
    LintRule(
        FindingRule(
            "version-not-in-url",
            "No address names a major version.",
            Severity.INFO,
            "The next incompatible version has no place beside this one.",
            "Begin the path, or end the server's address, with `/v1`; a team that versions by media type sets "
            "`version_in_url` to false.",
            _versioned_at("1.0.0", _HOST, "/orders"),
            _versioned_at("1.0.0", f"{_HOST}/v1", "/orders"),
            category="versioning",
            tier=Tier.ALL,
            references=("aip:185",),
        ),
        ("document",),
        _unversioned,
        having=("paths",),
    ),
    LintRule(
        FindingRule(
            "version-repeated",
            "A version stands in two places of an address.",
            Severity.WARNING,
            "One of them is forgotten at the next version, and both must be explained until then.",
            "Keep it in one place: the server's address, or the head of the paths.",
            _versioned_at("1.0.0", f"{_HOST}/v1", "/v1/orders"),
            _versioned_at("1.0.0", f"{_HOST}/v1", "/orders"),
            category="versioning",
            references=("aip:185",),
        ),
        ("document",),
        _twice,
        having=("paths",),
    ),
    LintRule(
        FindingRule(
            "version-disagrees",
            "The addresses name another major version than the contract.",
            Severity.WARNING,
            "Nobody knows which of the two is right, and tools that compare versions take the wrong one.",
            "Let the major of `info.version` and the one in the address be the same.",
            _versioned_at("2.1.0", f"{_HOST}/v1", "/orders"),
            _versioned_at("2.1.0", f"{_HOST}/v2", "/orders"),
            category="versioning",
            references=("aip:185", "zalando:116"),
        ),
        ("info",),
        _disagreeing,
        having=("version",),
    ),
    LintRule(
        FindingRule(
            "version-not-first",
            "The version of a path does not come first.",
            Severity.INFO,
            "Gateways route versions by prefix; here every path needs a rule of its own.",
            "Let the path begin with it: `/v1/orders`.",
            _versioned_at("1.0.0", _HOST, "/orders/v1/lines"),
            _versioned_at("1.0.0", _HOST, "/v1/orders/lines"),
            category="versioning",
            references=("aip:185",),
        ),
        ("paths",),
        _not_first,
    ),
    LintRule(
        FindingRule(
            "version-minor-in-url",
            "An address names a minor version.",
            Severity.INFO,
            "What is compatible needs no address of its own: clients must follow each of them, and the old ones stay.",
            "Name the major only.",
            _versioned_at("1.2.0", f"{_HOST}/v1.2", "/orders"),
            _versioned_at("1.2.0", f"{_HOST}/v1", "/orders"),
            category="versioning",
            references=("aip:185",),
        ),
        ("document",),
        _minor,
        having=("paths",),
    ),
    LintRule(
        FindingRule(
            "versions-mixed",
            "One contract holds several major versions.",
            Severity.INFO,
            "They cannot be compared, released or retired each by itself, and `info.version` fits one of them at most.",
            "Give each major a contract of its own.",
            _versioned_at("2.0.0", _HOST, "/v1/orders", "/v2/orders"),
            _versioned_at("2.0.0", _HOST, "/v2/orders"),
            category="versioning",
            references=("aip:185",),
        ),
        ("document",),
        _several,
        having=("paths",),
    ),
    LintRule(
        FindingRule(
            "deprecated-without-successor",
            "Something is deprecated, and nothing says what to use instead.",
            Severity.WARNING,
            "Those who are told to leave are not told where to go, and stay.",
            "Say in the description what replaces it, or that nothing does and why.",
            operated("deprecated: true\nx-sunset: 2027-01-01\ndescription: Places an order."),
            operated(
                "deprecated: true\nx-sunset: 2027-01-01\ndescription: Places an order. Use `/baskets` instead."
            ),
            category="versioning",
            references=("zalando:187", "zalando:188"),
        ),
        ("operation", "parameter", "schema", "header"),
        _unexplained,
        having=("deprecated",),
    ),
    LintRule(
        FindingRule(
            "deprecated-without-sunset",
            "Something is deprecated, and nothing says until when it works.",
            Severity.INFO,
            "Nobody plans a move that has no date; the day it is switched off is then a surprise.",
            "Set `x-sunset` to the day after which it may be gone.",
            operated(_OLD.replace("x-sunset: 2027-01-01\n", "")),
            operated(_OLD),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:188", "rfc:8594"),
        ),
        ("operation", "parameter", "schema", "header"),
        _no_sunset,
        having=("deprecated",),
    ),
    LintRule(
        FindingRule(
            "deprecation-not-sent",
            "No answer tells a caller that the operation is deprecated.",
            Severity.INFO,
            "Contracts are read once; answers are seen, logged and counted every day.",
            "Describe the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) on its answers.",
            operated(f"{_OLD}\n{_TOLD.replace('Sunset', 'Server')}"),
            operated(f"{_OLD}\n{_TOLD}"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:189", "rfc:9745", "rfc:8594"),
        ),
        ("operation",),
        _no_deprecation_header,
        having=("deprecated",),
    ),
    LintRule(
        FindingRule(
            "enum-closed",
            "An enum in an answer cannot grow.",
            Severity.INFO,
            "Every new value is a break for clients that were generated with the old ones.",
            "Use `x-extensible-enum`, and let clients expect values that they do not know.",
            _answered("{type: string, enum: [OPEN, PAID]}"),
            _answered("{type: string, x-extensible-enum: [OPEN, PAID]}"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:112", "aip:180"),
        ),
        ("schema",),
        _closed_enum,
        having=("enum",),
    ),
    LintRule(
        FindingRule(
            "answer-closed",
            "No property can be added to an answer.",
            Severity.INFO,
            "Clients that check what they receive refuse the first property that is new.",
            "Leave `additionalProperties` out of what servers send; close what clients send.",
            _answered("{type: object, additionalProperties: false, properties: {paid: {type: boolean}}}"),
            _answered("{type: object, properties: {paid: {type: boolean}}}"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:111", "zalando:108"),
        ),
        ("schema",),
        _closed_answer,
        having=("additionalProperties", "unevaluatedProperties"),
    ),
)
