"""Headers of responses and of the parts of a form, compared without regard to case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Level, Surface
from apicontract.formats.openapi.diff.lifecycle import compare_deprecation
from apicontract.formats.openapi.diff.parameters import structured
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.diff.schema_changes import Site, compare_schemas
from apicontract.formats.openapi.diff.wire_text import (
    alike_as_text,
    as_text,
    named_types,
    same_text_as_schema,
)

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Header, Node
    from apicontract.sources import Json


def compare_headers(
    at: At, old: dict[str, Header], new: dict[str, Header], places: tuple[Node, Node]
) -> None:
    """Compare two `headers` maps; `places` are the objects that hold them."""
    for key in old | new:
        before, after = old.get(key), new.get(key)
        if before is None and after is not None:
            _added(at, after, places[0])
        elif after is None and before is not None:
            _removed(at, before, places[1])
        elif before is not None and after is not None:
            _both(at, before, after)


def _removed(at: At, header: Header, place: Node) -> None:
    breaks = header.required and not at.from_client
    at.report(
        f"{at.direction}-header-removed",
        Level.MAJOR if breaks else Level.MINOR,
        f"{at.label}: header `{header.name}` is gone",
        header.node,
        place,
        name=header.name.lower(),
        surfaces=(Surface.WIRE, Surface.BEHAVIOUR) if breaks else (),
        allowed=at.context.allowance(header.node),
    )


def _added(at: At, header: Header, place: Node) -> None:
    breaks = header.required and at.from_client
    at.report(
        f"{at.direction}-header-added",
        Level.MAJOR if breaks else Level.MINOR,
        f"{at.label}: header `{header.name}` was added",
        place,
        header.node,
        name=header.name.lower(),
        surfaces=(Surface.WIRE,) if breaks else (),
    )


def _plain(header: Header) -> Header:
    """The header in the words of `schema`, if `content` says no more than that."""
    schema = same_text_as_schema(header.content)
    return header if schema is None else replace(header, schema=schema, content={})


def _both(at: At, old: Header, new: Header) -> None:
    label = f"header `{new.name}` of {at.label}"
    here = at.labelled(label)
    if old.required != new.required:
        verb = "required" if new.required else "optional"
        breaks = new.required == at.from_client
        here.report(
            f"{at.direction}-header-became-{verb}",
            Level.MAJOR if breaks else Level.MINOR,
            f"{label}: it is {verb} now",
            old.node,
            new.node,
            surfaces=(Surface.WIRE,) if breaks else (),
        )

    def render(value: Json) -> str:
        return f"{new.name}: {as_text(value, explode=new.explode)}"

    if bool(old.content) != bool(new.content):
        old, new = _plain(old), _plain(new)
    rewritten = bool(old.content) != bool(new.content)
    site = Site(here, "header", render, old.node.place, new.node.place)
    if not rewritten and not alike_as_text(site, old.schema, new.schema, (old.node, new.node)):
        compare_schemas(site, old.schema, new.schema)
    lists = all(
        schema is not None and named_types(schema) == {"array"} for schema in (old.schema, new.schema)
    )
    exploded = old.explode != new.explode and structured(old.schema, new.schema) and not lists
    if rewritten or exploded:
        here.report(
            f"{at.direction}-header-serialisation-changed",
            Level.MAJOR,
            f"{label}: it is serialised in another way",
            old.node,
            new.node,
            surfaces=(Surface.WIRE,),
        )
    for name in old.content.keys() & new.content.keys():
        schemas = old.content[name].schema, new.content[name].schema
        compare_schemas(site, *schemas)
    compare_deprecation(here, old.node, new.node)
    compare_prose(
        here, "header-documentation-changed", old.node, new.node, ("description", "example", "examples")
    )
