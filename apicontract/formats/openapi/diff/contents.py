"""Bodies of messages: media types matched by meaning, their schemas, the encoding of forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Level, Surface
from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.diff.headers import compare_headers
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.diff.schema_changes import Site, compare_schemas

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Encoding, Media, Node
    from apicontract.sources import Json


def compare_content(
    at: At, kind: str, old: dict[str, Media], new: dict[str, Media], places: tuple[Node, Node], reply: str = ""
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
        if at.from_client or chosen_by_client:
            surfaces = (Surface.WIRE,) if at.from_client else (Surface.BEHAVIOUR,)
            level = Level.MAJOR
        else:
            surfaces, level = (), Level.MINOR
        message = f"{at.label}: media type `{name}` is gone"
        at.report(f"{at.direction}-media-type-removed", level, message, old[name].node, places[1], name=name, surfaces=surfaces)
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
    match = _match(theirs, name)
    return match is not None and not (promised and ("*" in match or not match) and "*" not in name and name != match)


def _media(at: At, kind: str, old: Media, new: Media, reply: str) -> None:
    context = at.context
    render = _renderer(at, old.name if at.from_client else new.name, reply)
    site = Site(at, kind, render, old.node.place, new.node.place)
    compare_schemas(site, old.schema, new.schema)
    if old.item_schema is not None or new.item_schema is not None:
        items = at.labelled(f"each item of {at.label}")
        compare_schemas(Site(items, kind, render, old.node.place, new.node.place), old.item_schema, new.item_schema)
    if media_types.is_form(old.name) and not context.sameness.same(
        old.node.fields.get("encoding"), new.node.fields.get("encoding")
    ):
        _encodings(at, old, new)
    for keyword in ("prefixEncoding", "itemEncoding"):
        if not context.sameness.same(old.node.fields.get(keyword), new.node.fields.get(keyword)):
            _parts(at, keyword, old, new)
    if media_types.is_xml(new.name):
        _xml(at, old, new)
    compare_prose(at, "media-type-documentation-changed", old.node, new.node, ("example", "examples"))


def _renderer(at: At, name: str, reply: str) -> Callable[[Json], str]:
    def render(value: Json) -> str:
        text = json.dumps(value, ensure_ascii=False, default=str)
        if at.from_client and not at.called_back:
            return f"{at.operation} with the body {text}"
        return f"{reply or at.label} {text}" if media_types.is_json(name) else f"{reply or at.label} ({name}) {text}"

    return render


def _encodings(at: At, old: Media, new: Media) -> None:
    for name in old.encoding | new.encoding:
        _encoding(at.labelled(f"part `{name}` of {at.label}"), old, new, old.encoding.get(name), new.encoding.get(name))


def _encoding(at: At, old: Media, new: Media, before: Encoding | None, after: Encoding | None) -> None:
    places = (before.node if before else old.node, after.node if after else new.node)
    types = [encoding.content_types if encoding else None for encoding in (before, after)]
    if types[0] != types[1]:
        sender, receiver = types if at.from_client else types[::-1]
        fits = receiver is None or (
            sender is not None and all(any(media_types.covers(one, name) for one in receiver) for name in sender)
        )
        names = [", ".join(sorted(found)) if found else "as usual" for found in types]
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
        (encoding.style, encoding.explode, encoding.allow_reserved) if encoding else ("form", True, False)
        for encoding in (before, after)
    ]
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


def _way(way: tuple[str, bool, bool]) -> str:
    return f"style {way[0]}, explode {str(way[1]).lower()}, allowReserved {str(way[2]).lower()}"


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
