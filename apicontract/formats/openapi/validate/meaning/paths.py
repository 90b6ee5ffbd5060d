"""Checks on path templates: their parameters, and paths that cannot be told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_PARAMETER = re.compile(r"\{([^{}]+)\}")


def names_in(template: str) -> list[str]:
    """The parameters of a path template, in their order."""
    return _PARAMETER.findall(template)


def template(node: Node, view: View) -> Iterator[Finding]:
    """One path: braces, queries, names twice."""
    if node.parent is None or node.parent.kind != "paths":
        return
    path = node.key
    if re.search(r"[{}]", _PARAMETER.sub("", path)):
        yield view.finding("path-template-malformed", node, message=f"the braces of `{path}` do not pair up")
    outside = _PARAMETER.sub("", path)
    mark = next((mark for mark in "?#" if mark in outside), "")
    if mark:
        yield view.finding(
            "path-has-query", node, message=f"`{path}` has a {'query' if mark == '?' else 'fragment'} in it"
        )
    names = names_in(path)
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield view.finding(
            "path-parameter-repeated", node, message=f"`{path}` names the parameter `{name}` twice"
        )


def parameters(node: Node, view: View) -> Iterator[Finding]:
    """One operation: every parameter of its path is declared, and every declared one is in the path."""
    item = node.parent
    if item is None or item.kind != "path-item":
        return
    for entry in view.path_entries(item):
        held = [*node.all("parameters"), *item.all("parameters")]
        other = entry if entry is not item else item.followed()
        if other is not item:  # fields beside a `$ref` count, unless what it leads to has them as well
            held += other.all("parameters")
        if any(each.reference is not None and each.target is None for each in held):
            continue  # what the broken reference stood for is not known
        declared = {
            name: each
            for each in reversed(held)
            if _in_path(each) and isinstance(name := each.followed().fields.get("name"), str)
        }
        yield from _compared(entry.key, declared, node, view)


def _compared(path: str, declared: dict[str, Node], node: Node, view: View) -> Iterator[Finding]:
    wanted = dict.fromkeys(names_in(path))
    unused = {name: each for name, each in declared.items() if name not in wanted}
    for name in wanted:
        if name not in declared:
            near = f"; `{next(iter(unused))}` is declared, but not in the path" if len(unused) == 1 else ""
            yield view.finding(
                "path-parameter-undeclared",
                node,
                message=f"`{path}` needs the path parameter `{name}`, which is not declared{near}",
            )
    for name, each in unused.items():
        yield view.finding(
            "path-parameter-unused", each, message=f"the path parameter `{name}` is not in the path `{path}`"
        )


def _in_path(node: Node) -> bool:
    return node.followed().fields.get("in") == "path"


def equivalent(_: Node, view: View) -> Iterator[Finding]:
    """Paths that match the same requests (3.0.3, Paths Object: names make no difference)."""
    first: dict[str, str] = {}
    for node in view.nodes("paths"):
        for item in node.children:
            shape = _PARAMETER.sub("{}", item.key)
            other = first.setdefault(shape, item.key)
            if other != item.key:
                yield view.finding(
                    "paths-equivalent",
                    item,
                    message=f"`{item.key}` is the same path as `{other}`, with other names",
                )
