"""The version of the contract: its form, and its place in the addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import addresses, remedies
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_SEMVER = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


def _unsemantic(node: Node, _: Facts) -> Iterator[Problem]:
    written = node.fields.get("version")
    if isinstance(written, str) and not _SEMVER.fullmatch(written.strip()):
        told = f"`{written}` does not say what kind of change it is from the one before"
        yield Problem(node.place("version"), told, remedy=remedies.whole_version(node))


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


_DONE = "responses: {'204': {description: Done}}"


def _versioned_at(version: str, server: str, *paths: str) -> str:
    text = described(
        f"servers: [{{url: '{server}'}}]\npaths:\n"
        + "\n".join(f"  {path}: {{put: {{{_DONE}}}}}" for path in paths)
    )
    return text.replace("version: 1.0.0", f"version: {version}")


_HOST = "https://api.acme-shop.com"
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
            fix=Fix.UNSAFE,
            mends="Writes all three numbers: `1.2.0` for `v1.2`. Of dates it makes nothing.",
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
            "version-in-url",
            "An address names a version, where none should.",
            Severity.INFO,
            "A team that versions by media type has one address for all versions; links and ids stay valid.",
            "Leave the version out of the address. The rule holds where the setting `version_in_url` is false.",
            _versioned_at("1.0.0", f"{_HOST}/v1", "/orders"),
            _versioned_at("1.0.0", _HOST, "/orders"),
            category="versioning",
            tier=Tier.ALL,
            references=("zalando:115",),
        ),
        ("document",),
        _versioned,
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
)
