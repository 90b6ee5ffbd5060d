"""Checks on media types: their names, encodings, and fields that exclude each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE = r"[!#$%&'+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf'\s*;\s*(?:{_WORD}=(?:{_WORD}|"(?:[^"\\]|\\.)*"))?'
MEDIA_RANGE = re.compile(
    rf"(?:\*/\*|{_TYPE}/(?:\*|{_TYPE}))(?:{_PARAMETER})*\s*"
)  # RFC 9110, section 8.3.1 and 12.5.1
_FORMS = ("multipart/", "application/x-www-form-urlencoded")


def types(node: Node, view: View) -> Iterator[Finding]:
    """The keys of `content`."""
    held = node.fields.get("content")
    if view.series == "2.0" or not isinstance(held, dict):
        return
    for name in held:
        if not MEDIA_RANGE.fullmatch(name):
            yield view.finding(
                "media-type-invalid", node, "content", name, message=f"`{name}` is no media type"
            )


def encodings(node: Node, view: View) -> Iterator[Finding]:
    """Encodings name properties of the schema (3.0.3, Media Type Object: MUST exist as one)."""
    held, schema = node.fields.get("encoding"), node.only("schema")
    if not isinstance(held, dict) or schema is None or not node.key.startswith(_FORMS):
        return
    names = view.declarations.of(schema)
    if not names.complete or not names.found:
        return
    for name in held:
        if name not in names.found:
            yield view.finding(
                "encoding-property-unknown",
                node,
                "encoding",
                name,
                message=f"an encoding is given for `{name}`, which the schema does not declare",
            )


def exclusive_examples(node: Node, view: View) -> Iterator[Finding]:
    """`example` and `examples` (3.1.1: mutually exclusive); the meta-schema of 3.1 overlooks it."""
    if view.series == "3.1" and "example" in node.fields and "examples" in node.fields:
        yield view.finding(
            "fields-exclude-each-other", node, message="`example` and `examples` exclude each other"
        )


def exclusive_values(node: Node, view: View) -> Iterator[Finding]:
    """`value` and `externalValue` (3.0.3, Example Object); the 3.0 meta-schema lets both pass."""
    if view.series == "3.0" and "value" in node.fields and "externalValue" in node.fields:
        yield view.finding(
            "fields-exclude-each-other", node, message="`value` and `externalValue` exclude each other"
        )
