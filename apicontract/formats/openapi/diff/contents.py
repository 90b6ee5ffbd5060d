"""Bodies of messages: media types matched by meaning, their schemas, the encoding of forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Level, Surface
from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.diff.headers import compare_headers
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.diff.schema_changes import Site, compare_schemas
from apicontract.schemas import Schema
from apicontract.schemas.edits.view import child, mapping, settle, view

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Encoding, Media, Node
    from apicontract.sources import Json


def compare_content(
    at: At,
    kind: str,
    old: dict[str, Media],
    new: dict[str, Media],
    places: tuple[Node, Node],
    reply: str = "",
) -> None:
    """Compare the `content` of a message; `reply` is the status line of a response, for its witness."""
    if old and new:
        _names(at, old, new, places)
    for name in new | old:
        pair = [_match(side, name) for side in (old, new)]
        if pair[0] is None or pair[1] is None:
            continue
        before, after = old[pair[0]], new[pair[1]]
        if not at.context.sameness.same(before.node.value, after.node.value) or before.schema is not None:
            _media(at, kind, before, after, reply)


def _match(theirs: dict[str, Media], name: str) -> str | None:
    """The entry that answers for `name`; one that names no type (Swagger 2.0) answers for all."""
    if name == media_types.UNSPECIFIED:
        return next(iter(theirs), None)
    return media_types.closest(list(theirs), name)


def _names(at: At, old: dict[str, Media], new: dict[str, Media], places: tuple[Node, Node]) -> None:
    """Media types that went or came. What the client may choose is safe to add; what it is sent is not."""
    promised = not at.from_client
    gone = [name for name in old if not _answered(new, name, promised=promised)]
    come = [name for name in new if not _answered(old, name)]
    chosen_by_client = at.from_client or not at.called_back
    for name in gone:
        surfaces: tuple[Surface, ...] = ()
        if chosen_by_client:
            surfaces = (Surface.WIRE if at.from_client else Surface.BEHAVIOUR,)
        level = Level.MAJOR if chosen_by_client else Level.MINOR
        message = f"{at.label}: media type `{name}` is gone"
        at.report(
            f"{at.direction}-media-type-removed",
            level,
            message,
            old[name].node,
            places[1],
            name=name,
            surfaces=surfaces,
        )
    for name in old if promised else ():
        if "*" in name and name not in new and name not in gone:
            message = f"{at.label}: of `{name}` only some types are left"
            at.report(
                f"{at.direction}-media-type-removed",
                Level.MINOR,
                message,
                old[name].node,
                places[1],
                name=name,
            )
    for name in come:
        breaks = not chosen_by_client
        at.report(
            f"{at.direction}-media-type-added",
            Level.MAJOR if breaks else Level.MINOR,
            f"{at.label}: media type `{name}` was added",
            places[0],
            new[name].node,
            name=name,
            surfaces=(Surface.WIRE,) if breaks else (),
        )


def _answered(theirs: dict[str, Media], name: str, *, promised: bool = False) -> bool:
    """Whether `theirs` takes in `name`; a range promises none of the types in it in particular."""
    if promised and "*" in name:
        return any(media_types.covers(name, other) for other in theirs)
    match = _match(theirs, name)
    return match is not None and not (
        promised and ("*" in match or not match) and "*" not in name and name != match
    )


def _media(at: At, kind: str, old: Media, new: Media, reply: str) -> None:
    context = at.context
    render = _renderer(at, old.name if at.from_client else new.name, reply)
    site = Site(at, kind, render, old.node.place, new.node.place)
    compare_schemas(site, *_payloads(old, new))
    if old.item_schema is not None or new.item_schema is not None:
        items = at.labelled(f"each item of {at.label}")
        compare_schemas(
            Site(items, kind, render, old.node.place, new.node.place), old.item_schema, new.item_schema
        )
    if (
        media_types.is_form(old.name)
        and (old.encoding or new.encoding)
        and not context.sameness.same(old.node.fields.get("encoding"), new.node.fields.get("encoding"))
    ):
        _encodings(at, old, new)
    for keyword in ("prefixEncoding", "itemEncoding"):
        if not context.sameness.same(old.node.fields.get(keyword), new.node.fields.get(keyword)):
            _parts(at, keyword, old, new)
    if media_types.is_xml(new.name):
        _xml(at, old, new)
    compare_prose(at, "media-type-documentation-changed", old.node, new.node, ("example", "examples"))


def _payloads(old: Media, new: Media) -> tuple[Schema | None, Schema | None]:
    """The schemas of a body; what is raw bytes is so in whatever words a version of OpenAPI says it.

    `type: string, format: binary` in 3.0 is no schema at all in 3.1 (OAS 3.1.0, 4.8.14.3).
    """
    if old.schema is None and new.schema is None:
        return None, None
    if media_types.is_json(old.name) or media_types.is_xml(old.name):
        return old.schema, new.schema
    if not media_types.is_form(old.name):
        return tuple(
            None if schema is None or is_binary(schema) else schema for schema in (old.schema, new.schema)
        )  # type: ignore[return-value]
    if old.schema is None or new.schema is None or old.schema.scope.dialect == new.schema.scope.dialect:
        return old.schema, new.schema
    return _raw_parts(old.schema), _raw_parts(new.schema)


def is_binary(schema: Schema) -> bool:
    """Whether the schema says "raw bytes" and nothing else."""
    value = mapping(settle(schema).value)
    said = {key for key in value if key not in ("description", "title", "contentMediaType")}
    if said == {"type", "format"} and value["type"] == "string":
        return value["format"] == "binary"
    return value.get("type") == "file" or (not said and "contentMediaType" in value)


def _raw_parts(schema: Schema) -> Schema:
    """The schema of a form with its raw parts free of any constraint."""
    whole = settle(schema)
    properties = mapping(mapping(whole.value).get("properties"))
    raw = [name for name in properties if is_binary(child(whole, "properties", name))]
    if not raw:
        return schema
    freed: dict[str, Json] = {**properties, **dict.fromkeys(raw, True)}
    return Schema({**mapping(whole.value), "properties": freed}, whole.scope, whole.pointer)


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


def _renderer(at: At, name: str, reply: str) -> Callable[[Json], str]:
    def render(value: Json) -> str:
        text = json.dumps(value, ensure_ascii=False, default=str)
        if at.from_client and not at.called_back:
            return f"{at.operation} with the body {text}"
        return (
            f"{reply or at.label} {text}"
            if media_types.is_json(name)
            else f"{reply or at.label} ({name}) {text}"
        )

    return render


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


def _xml(at: At, old: Media, new: Media) -> None:
    """For XML the names and places of elements are the payload: a changed `xml` object is a break."""
    before, after = (media.schema.value if media.schema else None for media in (old, new))
    if _xml_of(before) != _xml_of(after):
        at.report(
            f"{at.direction}-xml-form-changed",
            Level.MAJOR,
            f"{at.label}: elements or attributes of its XML form have other names or places",
            old.node,
            new.node,
            surfaces=(Surface.WIRE,),
        )


def _xml_of(value: Json, depth: int = 0) -> object:
    """What a schema says of its XML form, as far as it is written in place."""
    if not isinstance(value, dict) or depth > 50:  # noqa: PLR2004  # deeper than any schema written by hand
        return None
    own = value.get("xml")
    properties = value.get("properties")
    below = {
        name: found
        for name, schema in (properties.items() if isinstance(properties, dict) else ())
        if (found := _xml_of(schema, depth + 1)) is not None
    }
    items = _xml_of(value.get("items"), depth + 1)
    return (repr(own), below, items) if own or below or items else None
