"""The body of a request: the media types it may be written in, and the type of what callers pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi import media_types
from apicontract.generation.models import annotation, union_of
from apicontract.generation.rest.plan import BodyPlan, EncodingPlan, MediaPlan

if TYPE_CHECKING:
    from apicontract.formats.openapi.model import Body, Media
    from apicontract.generation.schemas import Schemas

_PREFERRED = ("json", "multipart", "form", "text", "bytes")


def body_of(body: Body, schemas: Schemas, hint: str) -> BodyPlan | None:
    """The plan of a body, JSON first; None if it has no content."""
    ways = [_way(name, media, schemas, hint) for name, media in body.content.items()]
    if not ways:
        return None
    ways.sort(key=lambda way: _PREFERRED.index(way.kind))
    text = body.node.fields.get("description")
    joined = union_of(way.annotation for way in ways)
    return BodyPlan(body.required, joined, tuple(ways), text if isinstance(text, str) else "")


def _way(name: str, media: Media, schemas: Schemas, hint: str) -> MediaPlan:
    base = name.partition(";")[0]
    converted = schemas.convert(media.schema, hint + "Body", "in") if media.schema is not None else {}
    type_ = annotation(converted)
    written = "application/json" if name == media_types.UNSPECIFIED else name
    if base.startswith("multipart/"):
        return MediaPlan(written, "multipart", _or_mapping(type_), _encodings(media))
    if base == "application/x-www-form-urlencoded":
        return MediaPlan(written, "form", _or_mapping(type_), _encodings(media))
    if type_ == "bytes":
        return MediaPlan(written, "bytes", "Payload")
    if media_types.is_json(name) or (
        name in (media_types.UNSPECIFIED, media_types.ANY) and media.schema is not None
    ):
        return MediaPlan("application/json" if name == media_types.ANY else written, "json", type_)
    if base.startswith("text/") or media_types.is_xml(name):
        return MediaPlan(written, "text", "str | Payload")
    return MediaPlan(written, "bytes", "Payload")


def _or_mapping(type_: str) -> str:
    """A form may be a model, or a mapping that holds uploads."""
    return (
        "Mapping[str, Any]"
        if type_ == "Any" or type_.startswith("dict[")
        else union_of((type_, "Mapping[str, Any]"))
    )


def _encodings(media: Media) -> tuple[EncodingPlan, ...]:
    return tuple(
        EncodingPlan(
            name,
            one.style.partition(" of ")[0],
            one.explode,
            one.allow_reserved,
            min(one.content_types) if one.content_types and len(one.content_types) == 1 else "",
            tuple(
                part.strip()
                for part in str(one.node.fields.get("contentType") or "").split(",")
                if part.strip()
            ),
        )
        for name, one in sorted(media.encoding.items())
    )
