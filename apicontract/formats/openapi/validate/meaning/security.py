"""Checks on security requirements: the schemes they name exist, and offer the scopes they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.walk import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.sources import Json

_SCOPED = {"oauth2", "openIdConnect"}


def required(node: Node, view: View) -> Iterator[Finding]:
    """The requirements of a description or an operation."""
    requirements = node.all("security")
    schemes = view.security_schemes() if requirements else {}
    for requirement in requirements:
        for name, asked in requirement.fields.items():
            if not isinstance(asked, list):
                continue
            scheme = schemes.get(name) or _by_uri(name, requirement, view)
            if scheme is None:
                yield _undefined(name, requirement, view)
                continue
            yield from _scopes(name, asked, scheme, requirement, view)


def _by_uri(name: str, requirement: Node, view: View) -> Node | None:
    """A scheme that is named by a URI (3.2.0, Security Requirement Object)."""
    found = view.walk.lookup(name, "security-scheme", requirement) if view.series == "3.2" else None
    return found if isinstance(found, Node) else None


def _undefined(name: str, requirement: Node, view: View) -> Finding:
    from difflib import get_close_matches

    near = get_close_matches(name, view.security_schemes(), n=1)
    hint = f": did you mean `{near[0]}`?" if near else ""
    return view.finding(
        "security-scheme-undefined",
        requirement,
        name,
        message=f"the security scheme `{name}` is not defined{hint}",
    )


def _scopes(name: str, asked: list[Json], scheme: Node, requirement: Node, view: View) -> Iterator[Finding]:
    fields = scheme.followed().fields
    kind = fields.get("type")
    if not asked or not isinstance(kind, str):
        return
    if kind not in _SCOPED:
        if view.series in {"2.0", "3.0"}:
            yield view.finding(
                "security-scopes-misplaced",
                requirement,
                name,
                message=f"`{name}` is of type {kind}, which has no scopes; they must be an empty list",
            )
        return
    offered = _offered(fields)
    for at, scope in enumerate(asked):
        if kind == "oauth2" and isinstance(scope, str) and scope not in offered:
            yield view.finding(
                "security-scope-undefined",
                requirement,
                name,
                at,
                message=f"no flow of `{name}` offers the scope `{scope}`",
            )


def _offered(fields: dict[str, Json]) -> set[str]:
    flows = fields.get("flows")
    holders = [fields, *(flows.values() if isinstance(flows, dict) else ())]
    found: set[str] = set()
    for holder in holders:
        scopes = holder.get("scopes") if isinstance(holder, dict) else None
        if isinstance(scopes, dict):
            found.update(scopes)
    return found
