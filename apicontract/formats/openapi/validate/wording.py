"""A structural mistake in the words of OpenAPI: what is wrong with which object, and what to do.

One table, sort of mistake to the function that says it. Knows the object model, not meta-schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.objectmodel import object_types, spoken
from apicontract.formats.openapi.validate.explain import listed, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.openapi.validate.explain import Problem
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

    Words = tuple[str, str]  # message, advice; no advice means that of the rule
    Say = Callable[[Problem, Node, tuple[str, ...], View], Words]

# What a meta-schema says by a pattern, in words.
_FORMS = {
    ("document", "host"): "it must be a host name or address, with a port or without, and nothing else",
    ("document", "basePath"): "it must start with a slash",
}
_NO_RESPONSE = ("no response is declared", "")
_ALIKE = 0.6  # how near two names must be to suggest one for the other


def worded(problem: Problem, node: Node, rest: tuple[str, ...], view: View) -> Words:
    """Message and advice for a problem at `rest` below `node`, the innermost object around it."""
    if node.kind == "responses" and problem.sort in {"missing", "size", "other"}:
        return _NO_RESPONSE
    return _SAY.get(problem.sort, _plain)(problem, node, rest, view)


def _plain(problem: Problem, node: Node, rest: tuple[str, ...], _: View) -> Words:
    return f"{_subject(node, rest)} {problem.message}", ""


def _missing(problem: Problem, node: Node, _: tuple[str, ...], __: View) -> Words:
    if (node.kind, problem.name) == ("parameter", "required"):
        return f"the path parameter `{node.fields.get('name')}` is not marked as required", ""
    names = listed(problem.name.split(" or "))
    return f"{_called(node)} lacks {names}", f"add {names}"


def _within(problem: Problem, node: Node, _: tuple[str, ...], __: View) -> Words:
    if node.kind == "path-item":  # the names of `additionalOperations`
        return (
            f"`{problem.name}` has a field of its own in the path item",
            f"describe it as `{problem.name.lower()}`",
        )
    return f"in {_called(node)}, {problem.message}", ""


def _format(problem: Problem, node: Node, rest: tuple[str, ...], view: View) -> Words:
    form = _FORMS.get((node.kind, rest[0])) if rest else None
    if form is None:
        return _plain(problem, node, rest, view)
    return f"{_subject(node, rest)} is {shown(node.fields.get(rest[0]))}: {form}", ""


def _choice(problem: Problem, node: Node, rest: tuple[str, ...], view: View) -> Words:
    held: Json = node.value
    for token in rest:
        held = held.get(token) if isinstance(held, dict) else None
    near = _nearest(held, [choice.strip('"') for choice in problem.choices]) if isinstance(held, str) else ""
    return _plain(problem, node, rest, view)[0], f"did you mean `{near}`?" if near else ""


def _unknown(problem: Problem, node: Node, rest: tuple[str, ...], view: View) -> Words:
    name = problem.name
    if "$ref" in node.fields and view.walk.types[node.kind].referable:
        return (
            f"`{name}` is not allowed beside `$ref`",
            "move it to what is referred to, or write that in place",
        )
    if node.kind == "paths":
        return f"the path `{name}` does not start with a slash", f"write `/{name.lstrip('/')}`"
    if node.kind == "responses":
        return f"`{name}` is no status code: codes are 100 to 599, ranges 1XX to 5XX, or `default`", ""
    known = list(view.walk.types[node.kind].fields) if len(rest) <= 1 else []
    if name in known and name in node.fields:
        return f"`{name}` is not allowed in {_called(node)} beside {_beside(node, name)}", "take it out"
    return _of_another_version(name, node, view) or _unheard_of(name, node, known)


def _of_another_version(name: str, node: Node, view: View) -> Words | None:
    versions = []
    for series in ("2.0", "3.0", "3.1", "3.2"):
        object_type = object_types(series).get(node.kind)
        if object_type is not None and name in object_type.fields and name != "$ref":
            versions.append(series)
    if not versions:
        return None
    where = "Swagger 2.0" if versions == ["2.0"] else f"OpenAPI {', '.join(versions)}"
    return (
        f"`{name}` is no field of a {spoken(node.kind)} in OpenAPI {view.series}: it belongs to {where}",
        f"take it out, or move the description to OpenAPI {versions[-1]}",
    )


def _unheard_of(name: str, node: Node, known: list[str]) -> Words:
    message = f"`{name}` is no field of {_called(node)}"
    near = _nearest(name, known)
    if near:
        return f"{message}: did you mean `{near}`?", f"write `{near}`, or `x-{name}` if it is an extension"
    return message, f"take it out, or write `x-{name}` if it is an extension"


def _called(node: Node) -> str:
    if node.kind == "document":
        return "the description"
    return f"the {spoken(node.kind)}"


def _subject(node: Node, rest: tuple[str, ...]) -> str:
    return f"`{'.'.join(rest)}` of {_called(node)}" if rest else _called(node)


def _beside(node: Node, name: str) -> str:
    """The fields beside `name` that decide what else there may be."""
    said = []
    for key in ("in", "type", "scheme", "content", "schema"):
        value = node.fields.get(key)
        if value is not None and key != name:
            said.append(f"`{key}: {value}`" if isinstance(value, str) else f"`{key}`")
    return " and ".join(said) or "what else it says"


def _nearest(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, n=1, cutoff=_ALIKE)), "")


_SAY: dict[str, Say] = {
    "missing": _missing,
    "unknown": _unknown,
    "name": _within,
    "exclusive": _within,
    "format": _format,
    "choice": _choice,
}
