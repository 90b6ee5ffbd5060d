"""Checks on servers: an address that can be read, and variables that are declared, used, and possible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from apicontract.formats.openapi.validate.explain import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def address(node: Node, view: View) -> Iterator[Finding]:
    """The address: braces, query and fragment (which 3.1.1 forbids), port (3.0.3, Server Object)."""
    url = node.fields.get("url")
    if not isinstance(url, str):
        return
    plain = _VARIABLE.sub("1", url)
    wrong = ""
    forbidden = True
    if "{" in plain or "}" in plain:
        wrong = "its braces do not pair up"
    elif re.search(r"\s", plain):
        wrong = "it has a space in it"
    elif "?" in plain or "#" in plain:
        wrong = "it has a query or a fragment"
        forbidden = view.series == "3.2"  # 3.2.0, Server Object: MUST NOT be part of it
    else:
        try:
            _ = urlsplit(plain).port
        except ValueError as error:
            wrong = str(error)
    if wrong:
        yield view.finding(
            "server-url-malformed",
            node,
            "url",
            message=f"the address {shown(url)} cannot be used: {wrong}",
            warning=not forbidden,
        )


def variables(node: Node, view: View) -> Iterator[Finding]:
    """The variables: each used one declared, each declared one used, each default allowed."""
    url = node.fields.get("url")
    if not isinstance(url, str):
        return
    used = dict.fromkeys(_VARIABLE.findall(url))
    known = {each.key: each for each in node.all("variables")}
    written = _VARIABLE.findall(url)
    for name in used if view.series == "3.2" else ():
        if written.count(name) > 1:  # 3.2.0, Server Object
            yield view.finding(
                "server-variable-repeated",
                node,
                "url",
                message=f"{shown(url)} has the variable `{name}` twice",
            )
    for name in used:
        if name not in known:
            yield view.finding(
                "server-variable-undeclared",
                node,
                "url",
                message=f"the variable `{name}` of {shown(url)} is not declared",
            )
    for name, each in known.items():
        if name not in used:
            yield view.finding(
                "server-variable-unused", each, message=f"{shown(url)} has no variable `{name}`"
            )
        yield from _default(name, each, view)


def _default(name: str, node: Node, view: View) -> Iterator[Finding]:
    """The default of a variable; a SHOULD in 3.0, a MUST from 3.1 on (Server Variable Object)."""
    allowed, default = node.fields.get("enum"), node.fields.get("default")
    if isinstance(allowed, list) and allowed and isinstance(default, str) and default not in allowed:
        yield view.finding(
            "server-variable-default-not-in-enum",
            node,
            "default",
            message=f"{shown(default)} is not among the values of the variable `{name}`: {shown(allowed)}",
            warning=view.series == "3.0",
        )
