"""Forms: their fields are parts of a body with content types and text of their own.

Sources: OAS 3.0.3 sections 4.7.14 and 4.7.15, OAS 3.2 section 4.14.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Level, Surface
from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.diff.headers import compare_headers
from apicontract.formats.openapi.diff.wire_text import alike_as_text
from apicontract.formats.openapi.model import Node
from apicontract.formats.openapi.scopes import place_of
from apicontract.schemas import Schema
from apicontract.schemas.edits.view import child, mapping, settle, view

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.diff.schema_changes import Site
    from apicontract.formats.openapi.model import Encoding, Media
    from apicontract.sources import Json


def compare_encodings(at: At, old: Media, new: Media) -> None:
    """Compare how the fields of a form, or the parts of a multipart body, are written."""
    same = at.context.sameness.same
    if (
        media_types.is_form(old.name)
        and (old.encoding or new.encoding)
        and not same(old.node.fields.get("encoding"), new.node.fields.get("encoding"))
    ):
        _encodings(at, old, new)
    for keyword in ("prefixEncoding", "itemEncoding"):
        if not same(old.node.fields.get(keyword), new.node.fields.get(keyword)):
            _parts(at, keyword, old, new)


def is_binary(schema: Schema) -> bool:
    """Whether the schema says "raw bytes" and nothing else."""
    value = mapping(settle(schema).value)
    said = {key for key in value if key not in ("description", "title", "contentMediaType")}
    if said == {"type", "format"} and value["type"] == "string":
        return value["format"] == "binary"
    return value.get("type") == "file" or (not said and "contentMediaType" in value)


def without_raw_parts(schema: Schema) -> Schema:
    """The schema of a form with its raw parts free of any constraint."""
    whole = settle(schema)
    properties = mapping(mapping(whole.value).get("properties"))
    raw = [name for name in properties if is_binary(child(whole, "properties", name))]
    if not raw:
        return schema
    freed: dict[str, Json] = {**properties, **dict.fromkeys(raw, True)}
    return Schema({**mapping(whole.value), "properties": freed}, whole.scope, whole.pointer)


def without_alike_texts(
    site: Site, old: Media, new: Media, payloads: tuple[Schema | None, Schema | None]
) -> tuple[Schema | None, Schema | None]:
    """The schemas of a form without the fields whose type changed and whose text is understood as before.

    Fields of a form are text, as parameters are (OAS 3.0.3, 4.7.14); what such a change is, is recorded here.
    """
    if payloads[0] is None or payloads[1] is None:
        return payloads
    wholes = settle(payloads[0]), settle(payloads[1])
    fields = [mapping(mapping(whole.value).get("properties")) for whole in wholes]
    alike = [
        name
        for name in fields[0].keys() & fields[1].keys()
        if _is_text(old, name) and _is_text(new, name) and _alike(site, name, (old, new), wholes)
    ]
    if not alike:
        return payloads
    free = dict.fromkeys(alike, True)
    freed = [
        Schema({**mapping(whole.value), "properties": {**own, **free}}, whole.scope, whole.pointer)
        for whole, own in zip(wholes, fields, strict=True)
    ]
    return freed[0], freed[1]


def _is_text(media: Media, name: str) -> bool:
    """Whether the field is written as plain text: it says so, or says nothing and is a scalar or a list."""
    encoding = media.encoding.get(name)
    kinds = (encoding.content_types if encoding else None) or {_default_type(media, name)}
    return kinds == {"text/plain"}


def _alike(site: Site, name: str, media: tuple[Media, Media], wholes: tuple[Schema, Schema]) -> bool:
    pair = [child(whole, "properties", name) for whole in wholes]
    nodes = [
        Node(place.document, place.pointer, one.value)
        if (place := place_of(one.scope, one.pointer))
        else of.node
        for of, one in zip(media, pair, strict=True)
    ]
    encoding = media[1].encoding.get(name)
    repeated = encoding is None or (encoding.style == "form" and encoding.explode)
    here = replace(site, at=site.at.labelled(f"`{name}` in {site.at.label}"))
    return alike_as_text(here, pair[0], pair[1], (nodes[0], nodes[1]), repeated=repeated)


def _default_type(media: Media, name: str) -> str:
    """The content type of a part that says none, by its schema (OAS 3.0.3, 4.7.15; 3.1.0, 4.8.15)."""
    found = view(media.schema).properties.get(name) if media.schema else None
    if not found:
        return "application/octet-stream"
    schema = settle(found[0])
    if is_binary(schema):
        return "application/octet-stream"
    types = {repr(written) for _, written in view(schema).values("type")}
    if "'array'" in types and "items" in mapping(schema.value):
        schema = settle(child(schema, "items"))
        types = {repr(written) for _, written in view(schema).values("type")}
        if is_binary(schema):
            return "application/octet-stream"
    return (
        "application/json" if "'object'" in types else "text/plain" if types else "application/octet-stream"
    )


def _encodings(at: At, old: Media, new: Media) -> None:
    for name in old.encoding | new.encoding:
        _encoding(
            at.labelled(f"part `{name}` of {at.label}"),
            name,
            (old, old.encoding.get(name)),
            (new, new.encoding.get(name)),
        )


def _encoding(
    at: At, name: str, one: tuple[Media, Encoding | None], two: tuple[Media, Encoding | None]
) -> None:
    (old, before), (new, after) = one, two
    places = (before.node if before else old.node, after.node if after else new.node)
    types = [
        (encoding.content_types if encoding else None) or frozenset({_default_type(media, name)})
        for media, encoding in ((old, before), (new, after))
    ]
    if types[0] != types[1]:
        sender, receiver = types if at.from_client else types[::-1]
        fits = all(any(media_types.covers(one, sent) for one in receiver) for sent in sender)
        names = [", ".join(sorted(found)) for found in types]
        at.report(
            f"{at.direction}-encoding-content-type-changed",
            Level.MINOR if fits else Level.MAJOR,
            f"{at.label}: its content type changed",
            *places,
            surfaces=() if fits else (Surface.WIRE,),
            was=names[0],
            now=names[1],
        )
    ways = [
        (encoding.style, encoding.explode) if encoding else ("form", True) for encoding in (before, after)
    ]
    free = [encoding.allow_reserved if encoding else False for encoding in (before, after)]
    if free[0] != free[1]:
        breaks = free[0] == at.from_client
        at.report(
            f"{at.direction}-reserved-characters-{'refused' if free[0] else 'allowed'}",
            Level.MAJOR if breaks else Level.MINOR,
            f"{at.label}: reserved characters are {'refused' if free[0] else 'allowed'} now",
            *places,
            surfaces=(Surface.WIRE,) if breaks else (),
        )
    if ways[0] != ways[1] and old.name.startswith("application/x-www-form-urlencoded"):
        at.report(
            f"{at.direction}-encoding-serialisation-changed",
            Level.MAJOR,
            f"{at.label}: it is serialised in another way",
            *places,
            surfaces=(Surface.WIRE,),
            was=_way(ways[0]),
            now=_way(ways[1]),
        )
    headers = [encoding.headers if encoding else {} for encoding in (before, after)]
    compare_headers(at, headers[0], headers[1], (places[0], places[1]))


def _parts(at: At, keyword: str, old: Media, new: Media) -> None:
    """Parts that have no names (OAS 3.2, 4.14.1): how they are encoded is not looked into further."""
    at.report(
        f"{at.direction}-encoding-serialisation-changed",
        Level.MAJOR,
        f"{at.label}: its parts are encoded in another way",
        old.node.spot(keyword),
        new.node.spot(keyword),
        surfaces=(Surface.WIRE,),
        certainty=Certainty.ASSUMED,
    )


def _way(way: tuple[str, bool]) -> str:
    return f"style {way[0]}, explode {str(way[1]).lower()}"
