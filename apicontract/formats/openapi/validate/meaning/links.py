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
        if not key.startswith("$") and re.search(r"[{}]", _EMBEDDED.sub("", key)):
            yield view.finding(
                "runtime-expression-invalid", child, message=f"the braces of `{key}` do not pair up"
            )
        yield from _expressions(key, child, (), view, strict=True)


def _expressions(
    text: str, node: Node, tokens: tuple[str, ...], view: View, *, strict: bool = False
) -> Iterator[Finding]:
    """The expressions of a text: all of it, or in braces; `strict`: whatever stands in braces must be one."""
    for expression in [text] if text.startswith("$") else _EMBEDDED.findall(text):
        if _EXPRESSION.fullmatch(expression):
            yield from _declared(expression, node, tokens, view)
        elif strict or expression.startswith("$"):
            yield view.finding(
                "runtime-expression-invalid",
                node,
                *tokens,
                message=f"`{expression}` is no runtime expression",
                warning=not expression.startswith("$"),
            )


def _declared(expression: str, node: Node, tokens: tuple[str, ...], view: View) -> Iterator[Finding]:
    """Whether the operation declares the parameter that an expression asks for (3.0.3, Runtime Expressions).

    Where the operation is not known (a link or a callback among the components) nothing is said.
    """
    source, _, rest = expression.partition(".")
    place, _, name = rest.partition(".")
    operation = next((above for above in node.above() if above.kind == "operation"), None)
    if source != "$request" or place not in {"path", "query"} or operation is None:
        return
    known = _known(operation)
    if known is not None and (place, name) not in known and (place != "query" or not _open_query(known)):
        yield view.finding(
            "runtime-expression-unknown",
            node,
            *tokens,
            message=f"`{expression}`: {named(operation)} declares no {place} parameter `{name}`",
        )


def _open_query(known: set[tuple[str, str]]) -> bool:
    """Whether the query is described as a whole (3.2)."""
    return any(place == "querystring" for place, _ in known)


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
    elif given is None and ref is None and view.series == "3.0":
        yield view.finding(  # 3.0.3, Link Object: MUST be identified; its meta-schema lets it pass
            "missing-field", node, message="the link lacks `operationId` or `operationRef`"
        )
    yield from _parameters(node, target, view)
    body = node.fields.get("requestBody")
    if isinstance(body, str):
        yield from _expressions(body, node, ("requestBody",), view)


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
        if isinstance(value, str):
            yield from _expressions(value, node, ("parameters", name), view)


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
