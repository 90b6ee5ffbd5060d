"""Checks on parameters and headers: unique, named as HTTP allows, not said elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_SAID_ELSEWHERE = {
    "accept": "the media types of the responses",
    "content-type": "the media types of the bodies",
    "authorization": "security schemes",
}


def unique(node: Node, view: View) -> Iterator[Finding]:
    """The (in, name) pairs of one list of parameters; a header's name counts in any case."""
    seen: dict[tuple[object, object], str] = {}
    for each in node.all("parameters"):
        fields = each.followed().fields
        place, name = fields.get("in"), fields.get("name")
        if not isinstance(place, str) or not isinstance(name, str):
            continue
        key = (place, name.lower() if place == "header" else name)
        if key in seen:
            yield view.finding(
                "parameter-duplicate", each, message=f"the {place} parameter `{name}` is declared twice"
            )
        seen.setdefault(key, name)


def querystring(node: Node, view: View) -> Iterator[Finding]:
    """One operation (3.2.0, Parameter Locations): a `querystring` stands alone, without another and `query`.

    Within one list written in place the meta-schema sees to that.
    """
    if view.series != "3.2" or node.parent is None:
        return
    held = in_effect(node)
    whole = [each for each in held if each.followed().fields.get("in") == "querystring"]
    others = [each for each in held if each.followed().fields.get("in") == "query"]
    clashing = [*whole[1:], *others] if whole else []
    together = [whole[0], *clashing] if whole else []
    if clashing and any(each.reference or each.parent is not whole[0].parent for each in together):
        name = clashing[0].followed().fields.get("name")
        yield view.finding(
            "querystring-not-alone",
            whole[0],
            message=f"it is the whole query string, and `{name}` is declared beside it",
        )


def in_effect(operation: Node) -> list[Node]:
    """The parameters of an operation and those of its path item that it does not declare itself."""
    own = operation.all("parameters")
    named = {_identity(each) for each in own}
    item = operation.parent
    shared = item.all("parameters") if item is not None else []
    return [*own, *(each for each in shared if _identity(each) not in named)]


def _identity(node: Node) -> tuple[object, object]:
    fields = node.followed().fields
    return str(fields.get("in")), str(fields.get("name"))


def query_fields(node: Node, view: View) -> Iterator[Finding]:
    """Fields that only query parameters have (3.0.3, Parameter Object); later meta-schemas see to that."""
    place = node.fields.get("in", "header") if node.kind == "header" else node.fields.get("in")
    if view.series != "3.0" or not isinstance(place, str) or place == "query":
        return
    for field in ("allowEmptyValue", "allowReserved"):
        if field in node.fields:
            yield view.finding(
                "parameter-field-ignored",
                node,
                field,
                message=f"`{field}` is for query parameters, and this one is in the {place}",
            )


def header(node: Node, view: View) -> Iterator[Finding]:
    """One header parameter: its name (3.0.3, Parameter Object: three names are ignored)."""
    name = node.fields.get("name")
    if node.fields.get("in") != "header" or not isinstance(name, str):
        return
    if not _TOKEN.fullmatch(name):
        yield _bad_name(node, ("name",), name, view)
    elsewhere = _SAID_ELSEWHERE.get(name.lower())
    if elsewhere and view.series != "2.0":
        yield view.finding(
            "header-parameter-ignored",
            node,
            "name",
            message=f"the header `{name}` is ignored as a parameter: OpenAPI describes it by {elsewhere}",
        )


def header_names(node: Node, view: View) -> Iterator[Finding]:
    """The names of a response's headers."""
    held = node.fields.get("headers")
    if isinstance(held, dict) and node.reference is None:
        for name in held:
            if not _TOKEN.fullmatch(name):
                yield _bad_name(node, ("headers", name), name, view)


def _bad_name(node: Node, tokens: tuple[str, ...], name: str, view: View) -> Finding:
    odd = next((character for character in name if not _TOKEN.fullmatch(character)), "")
    why = f"it has {odd!r} in it" if odd else "it is empty"
    return view.finding(
        "header-name-invalid", node, *tokens, message=f"`{name}` cannot be the name of a header: {why}"
    )
