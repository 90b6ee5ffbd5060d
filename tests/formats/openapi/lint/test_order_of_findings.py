"""The order of findings does not depend on how rules are asked: by place, by object, then by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding

CONTRACT = """\
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components: {schemas: {A: {type: object, properties: {n: {type: integer, format: int64}, m: {type: integer}}}}}
"""


def test_what_the_parent_says_of_a_place_comes_first(linted: Callable[..., list[Finding]]) -> None:
    """Its rule is the later one in the catalogue."""
    found = linted(CONTRACT, {"property-undocumented", "integer-beyond-double", "number-without-format"})
    assert [(one.place.pointer.rpartition("/")[2], one.rule) for one in found] == [
        ("n", "property-undocumented"),
        ("n", "integer-beyond-double"),
        ("m", "property-undocumented"),
        ("m", "number-without-format"),
    ]
