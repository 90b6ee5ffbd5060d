"""Bodies of messages: media types matched by meaning, and their schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from apicontract.changes import Level, Surface
from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.diff.forms import (
    compare_encodings,
    is_binary,
    without_alike_texts,
    without_raw_parts,
)
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.diff.schema_changes import Site, compare_schemas
from apicontract.formats.openapi.diff.wire_text import alike_as_text
from apicontract.schemas.edits.facts import xml_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Media, Node
    from apicontract.schemas import Schema
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
    render = _renderer(at, old.name if at.from_client else new.name, reply)
    site = Site(at, kind, render, old.node.place, new.node.place)
    payloads = _payloads(old, new)
    if media_types.is_form(new.name):
        payloads = without_alike_texts(site, old, new, payloads)
    if not (new.name.startswith("text/plain") and alike_as_text(site, *payloads, (old.node, new.node))):
        compare_schemas(site, *payloads)
    if old.item_schema is not None or new.item_schema is not None:
        items = at.labelled(f"each item of {at.label}")
        compare_schemas(
            Site(items, kind, render, old.node.place, new.node.place), old.item_schema, new.item_schema
        )
    compare_encodings(at, old, new)
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
    return without_raw_parts(old.schema), without_raw_parts(new.schema)


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
    own = xml_form(value.get("xml"))
    properties = value.get("properties")
    below = {
        name: found
        for name, schema in (properties.items() if isinstance(properties, dict) else ())
        if (found := _xml_of(schema, depth + 1)) is not None
    }
    items = _xml_of(value.get("items"), depth + 1)
    return (repr(sorted(own.items())), below, items) if own or below or items else None
