"""Parameters of a request (or of a callback's): what came, went, moved, and how they are written.

Parameters are matched by what a request shows: the place in the template for path parameters, the
name in any case for headers, the name otherwise. Whether they stand at the path or the operation,
inline or behind a `$ref`, makes no difference.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface, Witness
from apicontract.formats.openapi.diff.lifecycle import compare_deprecation
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.diff.schema_changes import Site, compare_schemas
from apicontract.formats.openapi.diff.wire_text import (
    alike_as_text,
    in_request,
    named_types,
    same_text_as_schema,
    scalar_types,
)

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Operation, Parameter
    from apicontract.schemas import Schema
    from apicontract.sources import Json

_PROSE = ("description", "example", "examples")
_MARKED = frozenset({"matrix", "label", "cookie"})  # styles that show even on a scalar


def compare_parameters(at: At, old: Operation, new: Operation) -> None:
    """Compare everything that a request carries beside its body."""
    moved = _moves(old, new)
    for key, parameter in old.parameters.items():
        match = new.parameters.get(key)
        if match is not None:
            _both(at.labelled(_label(match)), parameter, match)
        elif key in moved:
            _moved(at, parameter, new.parameters[moved[key]])
        else:
            _removed(at, parameter, new)
    for key, parameter in new.parameters.items():
        if key not in old.parameters and key not in moved.values():
            _added(at, parameter, old)


def _label(parameter: Parameter) -> str:
    return f"{parameter.location} parameter `{parameter.name}`"


def _moves(old: Operation, new: Operation) -> dict[tuple[str, str], tuple[str, str]]:
    """Parameters of one name that went from one place of the request to another."""
    gone = {old.parameters[key].name.lower(): key for key in old.parameters.keys() - new.parameters.keys()}
    come = {new.parameters[key].name.lower(): key for key in new.parameters.keys() - old.parameters.keys()}
    return {gone[name]: come[name] for name in gone if name in come and gone[name][0] != come[name][0]}


def _moved(at: At, old: Parameter, new: Parameter) -> None:
    at.report(
        f"{at.direction}-parameter-moved",
        Level.MAJOR,
        f"parameter `{new.name}` moved from {old.location} to {new.location}",
        old.node,
        new.node,
        surfaces=(Surface.WIRE, Surface.BEHAVIOUR) if new.required else (Surface.BEHAVIOUR,),
        was=old.location,
        now=new.location,
    )


def _removed(at: At, parameter: Parameter, new: Operation) -> None:
    """A client that sends it is not heard any more; a server that sent it sends it no more."""
    at.report(
        f"{at.direction}-parameter-removed",
        Level.MAJOR,
        f"{_label(parameter)} is gone",
        parameter.node,
        new.node,
        name=parameter.name,
        surfaces=(Surface.BEHAVIOUR,),
        allowed=at.context.allowance(parameter.node),
    )


def _added(at: At, parameter: Parameter, old: Operation) -> None:
    breaks = parameter.required and at.from_client
    optionality = "required" if parameter.required else "optional"
    at.report(
        f"{at.direction}-{optionality}-parameter-added",
        Level.MAJOR if breaks else Level.MINOR,
        f"{_label(parameter)} was added" + (" and is required" if parameter.required else ""),
        old.node,
        parameter.node,
        name=parameter.name,
        surfaces=(Surface.WIRE,) if breaks else (),
        witness=(lambda: _without(at, parameter)) if breaks else None,
    )


def _without(at: At, parameter: Parameter) -> Witness:
    return Witness("parameter", None, f"{at.operation} without {_label(parameter)}")


def _both(at: At, old: Parameter, new: Parameter) -> None:
    if at.context.sameness.same(old.node.value, new.node.value) and old.name == new.name:
        return
    if old.name != new.name:
        _renamed(at, old, new)
    if old.required != new.required:
        verb = "required" if new.required else "optional"
        breaks = new.required == at.from_client
        at.report(
            f"{at.direction}-parameter-became-{verb}",
            Level.MAJOR if breaks else Level.MINOR,
            f"{at.label}: it is {verb} now",
            old.node.spot("required"),
            new.node.spot("required"),
            surfaces=(Surface.WIRE,) if breaks else (),
            witness=(lambda: _without(at, new)) if breaks and at.from_client else None,
        )
    if bool(old.content) != bool(new.content):
        old, new = _plain(old), _plain(new)
    _serialisation(at, old, new)
    _schemas(at, old, new)
    compare_deprecation(at, old.node, new.node)
    compare_prose(at, "parameter-documentation-changed", old.node, new.node, _PROSE)


def _plain(parameter: Parameter) -> Parameter:
    """The parameter in the words of `schema`, if `content` says no more than that."""
    schema = same_text_as_schema(parameter.content)
    return parameter if schema is None else replace(parameter, schema=schema, content={})


def _renamed(at: At, old: Parameter, new: Parameter) -> None:
    """Names of path parameters and the case of header names do not travel; generated code has them."""
    at.report(
        "parameter-renamed",
        Level.MAJOR,
        f"{old.location} parameter `{old.name}` is called `{new.name}`",
        old.node.spot("name"),
        new.node.spot("name"),
        surfaces=(Surface.SOURCE,),
        was=old.name,
        now=new.name,
        direction=Direction.NONE,
    )


def _serialisation(at: At, old: Parameter, new: Parameter) -> None:
    if bool(old.content) != bool(new.content) or old.content.keys() != new.content.keys():
        ways = [", ".join(parameter.content) or f"style {parameter.style}" for parameter in (old, new)]
        _report_serialisation(at, old, new, *ways)
    elif not old.content:
        ways = [_way(parameter) for parameter in (old, new)]
        comparable = structured(old.schema) == structured(new.schema)
        if ways[0] != ways[1] and comparable:
            _report_serialisation(at, old, new, *ways)
    for keyword, noun, before, after in (
        ("allowReserved", "reserved-characters", old.allow_reserved, new.allow_reserved),
        ("allowEmptyValue", "empty-value", old.allow_empty, new.allow_empty),
    ):
        if before != after and not (
            noun == "reserved-characters" and _never_reserved(old.schema, new.schema)
        ):
            breaks = before == at.from_client
            verb = "refused" if before else "allowed"
            words = noun.replace("-", " ")
            at.report(
                f"{at.direction}-{noun}-{verb}",
                Level.MAJOR if breaks else Level.MINOR,
                f"{at.label}: {words}{'' if words.endswith('s') else 's'} are {verb} now",
                old.node.spot(keyword),
                new.node.spot(keyword),
                surfaces=(Surface.WIRE,) if breaks else (),
            )


def _way(parameter: Parameter) -> str:
    """How a value is written, as far as it shows: nothing of it on a scalar, explode not on a simple list."""
    if not structured(parameter.schema):
        return f"style {parameter.style}" if parameter.style in _MARKED else "as it is"
    if parameter.style == "simple" and _only_list(parameter.schema):
        return "style simple"
    return f"style {parameter.style}, explode {str(parameter.explode).lower()}"


def _only_list(schema: Schema | None) -> bool:
    return schema is not None and named_types(schema) == {"array"}


def _never_reserved(*schemas: Schema | None) -> bool:
    """Whether no value has a character that would need escaping."""
    return all(
        schema is not None and scalar_types(schema) <= {"integer", "boolean"} and scalar_types(schema)
        for schema in schemas
    )


def _report_serialisation(at: At, old: Parameter, new: Parameter, was: str, now: str) -> None:
    at.report(
        f"{at.direction}-parameter-serialisation-changed",
        Level.MAJOR,
        f"{at.label}: it is serialised in another way",
        old.node,
        new.node,
        surfaces=(Surface.WIRE,),
        was=was,
        now=now,
    )


def structured(*schemas: Schema | None) -> bool:
    """Whether some of the schemas may be a list or an object, so that style and explode show."""
    return any(schema is not None and not scalar_types(schema) for schema in schemas)


def _schemas(at: At, old: Parameter, new: Parameter) -> None:
    def render(value: Json) -> str:
        return in_request(at.operation, new, value)

    site = Site(at, "parameter", render, old.node.place, new.node.place)
    for name in old.content.keys() & new.content.keys():
        compare_schemas(site, old.content[name].schema, new.content[name].schema)
    if (
        old.content
        or new.content
        or alike_as_text(
            site, old.schema, new.schema, (old.node, new.node), repeated=new.style == "form" and new.explode
        )
    ):
        return
    compare_schemas(site, old.schema, new.schema)
