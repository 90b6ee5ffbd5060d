"""Parameters and headers are text on the wire: how values look there, and when types stop mattering.

Source: OAS 3.0.3 section 4.7.12 (style and explode), RFC 6570.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from apicontract.schemas.edits.view import mapping, settle, view

if TYPE_CHECKING:
    from apicontract.formats.openapi.model import Parameter
    from apicontract.schemas import Schema
    from apicontract.schemas.edits import Comparer
    from apicontract.sources import Json

_TEXTS = {
    "integer": {"type": "string", "pattern": "^-?(0|[1-9][0-9]*)$"},
    "number": {"type": "string", "pattern": "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"},
    "boolean": {"type": "string", "enum": ["true", "false"]},
}


def scalar_text(value: Json) -> str:
    """A scalar as it stands in a URL or header."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def as_text(value: Json, *, explode: bool = False) -> str:
    """A value in style `simple`: lists and objects by commas."""
    if isinstance(value, list):
        return ",".join(scalar_text(item) for item in value)
    if isinstance(value, dict):
        mark = "=" if explode else ","
        return ",".join(f"{key}{mark}{scalar_text(item)}" for key, item in value.items())
    return scalar_text(value)


def in_request(operation: str, parameter: Parameter, value: Json) -> str:
    """How a request with that parameter value looks: `GET /orders?limit=101`, `GET /orders with X-A: b`."""
    if parameter.location == "path":
        return operation.replace(f"{{{parameter.name}}}", quote(as_text(value, explode=parameter.explode), safe=""))
    if parameter.location == "query":
        return f"{operation}?{_query(parameter, value)}"
    name = f"Cookie: {parameter.name}=" if parameter.location == "cookie" else f"{parameter.name}: "
    return f"{operation} with {name}{as_text(value, explode=parameter.explode)}"


def _query(parameter: Parameter, value: Json) -> str:
    name = quote(parameter.name, safe="[]")
    if isinstance(value, list):
        if parameter.explode:
            return "&".join(f"{name}={quote(scalar_text(item))}" for item in value)
        mark = {"spaceDelimited": "%20", "pipeDelimited": "|"}.get(parameter.style, ",")
        return f"{name}={mark.join(quote(scalar_text(item)) for item in value)}"
    if isinstance(value, dict):
        if parameter.style == "deepObject":
            return "&".join(f"{name}[{quote(key)}]={quote(scalar_text(item))}" for key, item in value.items())
        if parameter.explode:
            return "&".join(f"{quote(key)}={quote(scalar_text(item))}" for key, item in value.items())
        return f"{name}={quote(as_text(value))}"
    return f"{name}={quote(scalar_text(value))}"


def text_of(comparer: Comparer, schema: Schema) -> Schema | None:
    """The set of texts by which a scalar schema's values are sent; None if it is no plain scalar.

    A bound on a number is left out: the set is then larger, so that "contained" stays right.
    """
    types = scalar_types(schema)
    if not types:
        return None
    conjuncts = view(schema).conjuncts
    for conjunct in conjuncts:
        value = mapping(conjunct.value)
        listed = value.get("enum", [value["const"]] if "const" in value else None)
        if isinstance(listed, list):
            return comparer.assembly.schema({"type": "string", "enum": [scalar_text(item) for item in listed]})
    if types == {"string"}:
        return schema
    texts: list[Json] = [dict(_TEXTS[name]) for name in sorted(types - {"string", "null"})]
    return comparer.assembly.schema({"anyOf": texts}) if "string" not in types else comparer.assembly.schema({"type": "string"})


def scalar_types(schema: Schema) -> set[str]:
    """The types a schema names, if all are scalar; else empty."""
    types: set[str] = set()
    for _, written in view(settle(schema)).values("type"):
        types |= {name for name in ([written] if isinstance(written, str) else written or []) if isinstance(name, str)}  # type: ignore[union-attr]
    return types if types and not types & {"array", "object", "file"} else set()
