"""Routes of `google.api.http` as OpenAPI has paths: variables of several segments become parameters of one.

Two templates that match the same shape of path are one path to OpenAPI, with the parameters' names of the
first. Knows paths and which fields they may name; not what the operations are. Sources:
google/api/http.proto; OpenAPI 3.1, "Path Templating".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apicontract.formats.proto.http_templates import ONE, REST
from apicontract.generation.grpc.proto_json import is_one_text
from apicontract.generation.names import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.proto.annotations import Binding
    from apicontract.formats.proto.elements import Field, Message, Method
    from apicontract.formats.proto.http_templates import Template

_NO_BODY = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class PathParameter:
    """name: in the document. field: the path of the field it is of; empty for a wildcard of the route itself.

    note: what part of that field it is; empty for the whole.
    """

    name: str
    field: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RestPath:
    """parts: literals and parameters, one per segment. verb: what follows the colon at the end, with it."""

    parts: tuple[str | PathParameter, ...]
    verb: str

    @property
    def parameters(self) -> tuple[PathParameter, ...]:
        """The parameters, in their order."""
        return tuple(part for part in self.parts if isinstance(part, PathParameter))

    @property
    def text(self) -> str:
        """As OpenAPI writes it."""
        return self._written(lambda one: one.name)

    @property
    def shape(self) -> str:
        """What tells it from other paths: names of parameters do not."""
        return self._written(lambda _: "")

    def named_as(self, other: RestPath) -> RestPath:
        """The same with the names that the parameters of a path of this shape have."""
        names = iter([one.name for one in other.parameters])
        parts = [one if isinstance(one, str) else replace(one, name=next(names)) for one in self.parts]
        return RestPath(tuple(parts), self.verb)

    def _written(self, name: Callable[[PathParameter], str]) -> str:
        parts = [one if isinstance(one, str) else f"{{{name(one)}}}" for one in self.parts]
        return f"/{'/'.join(parts)}{self.verb}"


def rest_path(template: Template) -> RestPath:
    """The path of a template."""
    taken: set[str] = set()

    def parameter(wanted: str, field: str, note: str = "") -> PathParameter:
        name = unique(wanted, taken)
        taken.add(name)
        return PathParameter(name, field, note)

    parts: list[str | PathParameter] = []
    for part in template.parts:
        if isinstance(part, str):
            further = "Any number of segments." if part == REST else "Any segment."
            parts.append(parameter("segment", "", further) if part in (ONE, REST) else part)
            continue
        if part.segments == (ONE,):
            parts.append(parameter(part.field, part.field))
            continue
        before = part.field.replace(".", "_")
        for segment in part.segments:
            if segment in (ONE, REST):
                further = ", any number of segments" if segment == REST else ""
                note = f"A part of `{part.field}`: `{'/'.join(part.segments)}`{further}."
                parts.append(parameter(_singular(before), part.field, note))
                before = part.field.replace(".", "_")
            else:
                parts.append(segment)
                before = segment
    return RestPath(tuple(parts), f":{template.verb}" if template.verb else "")


def unusable(binding: Binding, template: Template, method: Method) -> str:
    """Why no REST server can have a route, as the rest of a sentence about it; empty if one can."""
    request, response = method.request, method.response
    fields = [variable.field for variable in template.variables]
    for path in fields:
        reason = _unbindable(field_at(request, path)) if fields.count(path) == 1 else "stands there twice"
        if reason:
            return f"`{{{path}}}` {reason}"
    body, answer = binding.body, binding.response_body
    if body and binding.verb in _NO_BODY:
        return f"{binding.verb} has no body"
    if body not in ("", "*") and (request is None or body not in request.by_name):
        return f"its body `{body}` is no field of the request"
    if body in fields:
        return f"`{body}` is in the path and the body"
    if answer and (response is None or answer not in response.by_name):
        return f"its response body `{answer}` is no field of the response"
    return ""


def field_at(message: Message | None, path: str) -> Field | None:
    """The field that a dotted path leads to."""
    field: Field | None = None
    for name in path.split("."):
        field = message.by_name.get(name) if message is not None else None
        message = field.type_message if field is not None else None
    return field


def _unbindable(field: Field | None) -> str:
    if field is None:
        return "is no field of the request"
    if field.entry is not None or field.cardinality == "repeated":
        return "is a field of many values"
    if field.type_message is not None and not is_one_text(field.type_message.full_name):
        return "is a message"
    return ""


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("lves"):
        return f"{word[:-3]}f"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
