"""Parameters and headers are text on the wire: how values look there, and when types stop mattering.

Source: OAS 3.0.3 section 4.7.12 (style and explode), RFC 6570.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from apicontract.changes import Level
from apicontract.formats.openapi.media_types import is_json
from apicontract.schemas.edits import Contained
from apicontract.schemas.edits.view import mapping, settle, view

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.schema_changes import Site
    from apicontract.formats.openapi.model import Media, Node, Parameter
    from apicontract.schemas import Schema
    from apicontract.schemas.edits import Comparer
    from apicontract.sources import Json

_SCALAR = {"string", "number", "integer", "boolean", "null"}
_DEEPEST = 4
_TEXTS: dict[str, dict[str, Json]] = {
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
        return operation.replace(
            f"{{{parameter.name}}}", quote(as_text(value, explode=parameter.explode), safe="")
        )
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


def same_text_as_schema(content: dict[str, Media]) -> Schema | None:
    """The schema of a JSON value that is the same text as a plain one: a number or a boolean; else None."""
    media = next(iter(content.values())) if len(content) == 1 else None
    if media is None or media.schema is None or not is_json(media.name):
        return None
    types = scalar_types(media.schema)
    return media.schema if types and types <= {"number", "integer", "boolean"} else None


def alike_as_text(
    site: Site, old: Schema | None, new: Schema | None, nodes: tuple[Node, Node], *, repeated: bool = False
) -> bool:
    """Whether a change of type is seen by nobody, as `7` is the same text for a number and a string.

    Then the change is recorded here, as a minor, or as a patch where both have the same texts. A scalar that
    became a list is one element of it; `repeated` says that each element is written on its own.
    """
    if old is None or new is None or named_types(old) == named_types(new):
        return False
    comparer = site.at.context.comparer
    sender, receiver = (old, new) if site.at.from_client else (new, old)
    text = _texts(comparer, sender)
    if text is None:
        return False
    plain = not scalar_types(sender) & {"string"}
    equal = False
    if named_types(receiver) == {"array"} and (repeated or plain):
        theirs: Schema | None = receiver
        text = comparer.assembly.schema(
            {"type": "array", "items": comparer.assembly.ref(sender), "minItems": 1, "maxItems": 1}
        )
    elif "string" in scalar_types(receiver):
        theirs = receiver
        equal = _exact(sender)
    else:
        theirs = _texts(comparer, receiver) if _exact(sender) and _exact(receiver) else None
        equal = True
    if theirs is None or not isinstance(comparer.contains(text, theirs), Contained):
        return False
    equal = equal and isinstance(comparer.contains(theirs, text), Contained)
    _record(site, (old, new), nodes, equal=equal)
    return True


def _record(site: Site, pair: tuple[Schema, Schema], nodes: tuple[Node, Node], *, equal: bool) -> None:
    words = [" or ".join(sorted(named_types(schema))) for schema in pair]
    verb = "widened" if site.at.from_client else "narrowed"
    site.at.report(
        f"{site.at.direction}-type-{verb}",
        Level.PATCH if equal else Level.MINOR,
        f"{site.at.label}: it was {words[0]} and is {words[1]}; every text that is sent is still understood",
        nodes[0].spot("schema", "type"),
        nodes[1].spot("schema", "type"),
        was=words[0],
        now=words[1],
    )


def _texts(comparer: Comparer, schema: Schema) -> Schema | None:
    """The set of texts by which a scalar schema's values are sent; None if it is no plain scalar.

    A bound on a number is left out: the set is then larger, so that "contained" stays right.
    """
    types = scalar_types(schema)
    if not types:
        return None
    listed = _listed(schema)
    if listed is not None:
        return comparer.assembly.schema({"type": "string", "enum": [scalar_text(item) for item in listed]})
    if types == {"string"}:
        return schema
    if "string" in types:
        return comparer.assembly.schema({"type": "string"})
    texts: list[Json] = [dict(_TEXTS[name]) for name in sorted(types - {"null"})]
    return comparer.assembly.schema({"anyOf": texts})


def _listed(schema: Schema) -> list[Json] | None:
    for conjunct in view(schema).conjuncts:
        value = mapping(conjunct.value)
        if isinstance(value.get("enum"), list):
            return value["enum"]  # type: ignore[return-value]
        if "const" in value:
            return [value["const"]]
    return None


def _exact(schema: Schema) -> bool:
    """Whether `_texts` gives exactly the texts, and not more."""
    return _listed(schema) is not None or scalar_types(schema) == {"boolean"}


def scalar_types(schema: Schema) -> set[str]:
    """The types a schema names, if all are scalar; else empty."""
    types = named_types(schema)
    return types if types <= _SCALAR else set()


def named_types(schema: Schema, depth: int = 0) -> set[str]:
    """The types a schema names, references followed; those of its alternatives where it names none itself.

    depth: of alternatives within alternatives; deeper ones than anyone writes name no type.
    """
    seen = view(settle(schema))
    types: set[str] = set()
    for _, written in seen.values("type"):
        types |= {
            name for name in (written if isinstance(written, list) else [written]) if isinstance(name, str)
        }
    if not types and depth < _DEEPEST:
        for _, _, branches in seen.alternations():
            named = [named_types(branch, depth + 1) for branch in branches]
            if all(named):
                return set().union(*named)
    return types
