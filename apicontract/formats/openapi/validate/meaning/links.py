"""Checks on links and callbacks: operations and parameters that exist, runtime expressions that parse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.meaning.operations import named
from apicontract.formats.openapi.walk import Stray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

# 3.0.3, "Runtime Expressions", as ABNF there.
_EXPRESSION = re.compile(
    r"\$(?:url|method|statusCode|(?:request|response)\."
    r"(?:header\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|query\..+|path\..+|body(?:#(?:/(?:[^~/]|~[01])*)*)?))"
)
_EMBEDDED = re.compile(r"\{([^{}]*)\}")
_PLACES = ("path", "query", "header", "cookie", "querystring")


def callback(node: Node, view: View) -> Iterator[Finding]:
    """The keys of a callback: expressions, or addresses with expressions in braces."""
    if node.reference is not None:
        return
    for child in node.children:
        key = child.key
        expressions = [key] if key.startswith("$") else _EMBEDDED.findall(key)
        for expression in expressions:
            if not _EXPRESSION.fullmatch(expression):
                yield view.finding(
                    "runtime-expression-invalid",
                    child,
                    message=f"`{expression}` is no runtime expression",
                    warning=not expression.startswith("$"),
                )


def operation(node: Node, view: View) -> Iterator[Finding]:
    """A link: the operation it leads to, and the parameters it sets there."""
    if node.reference is not None:
        return
    target: Node | None = None
    given = node.fields.get("operationId")
    ref = node.fields.get("operationRef")
    if isinstance(given, str):
        target = next(
            (each for each in view.nodes("operation") if each.fields.get("operationId") == given), None
        )
        if target is None:
            yield view.finding(
                "link-operation-unknown",
                node,
                "operationId",
                message=f"no operation has the operationId `{given}`",
            )
    elif isinstance(ref, str):
        found = view.walk.lookup(ref, "operation", node)
        if isinstance(found, Stray):
            reason = found.reason or f"it leads to {found.found}"
            if "://" not in ref:
                yield view.finding(
                    "link-operation-unknown",
                    node,
                    "operationRef",
                    message=f"`{ref}` leads to no operation: {reason}",
                )
        else:
            target = found
    yield from _parameters(node, target, view)


def _parameters(node: Node, target: Node | None, view: View) -> Iterator[Finding]:
    held = node.fields.get("parameters")
    if not isinstance(held, dict):
        return
    known = _known(target) if target is not None else None
    for name, value in held.items():
        place, _, rest = name.partition(".")
        wanted = (place, rest) if place in _PLACES and rest else ("", name)
        if known is not None and target is not None and not _has(wanted, name, known):
            yield view.finding(
                "link-parameter-unknown",
                node,
                "parameters",
                name,
                message=f"{named(target)} has no parameter `{name}`",
            )
        if isinstance(value, str) and value.startswith("$") and not _EXPRESSION.fullmatch(value):
            yield view.finding(
                "runtime-expression-invalid",
                node,
                "parameters",
                name,
                message=f"`{value}` is no runtime expression",
            )


def _known(target: Node) -> set[tuple[str, str]] | None:
    """The (in, name) pairs of an operation; None if one of them is behind a broken reference."""
    item = target.parent
    held = [*target.all("parameters"), *(item.all("parameters") if item is not None else ())]
    if any(each.reference is not None and each.target is None for each in held):
        return None
    return {(str(each.followed().fields.get("in")), str(each.followed().fields.get("name"))) for each in held}


def _has(wanted: tuple[str, str], name: str, known: set[tuple[str, str]]) -> bool:
    names = {each for _, each in known}
    return name in names or wanted in known or (not wanted[0] and wanted[1] in names)
