"""The HTTP routes that `google.api.http` gives a method: they are REST operations, seen on the json surface.

A route that an old client calls must still lead to the same method, with every part of the URL and the
body meaning the same field. Where the old route is served beside a new one, nothing breaks.
Source: google/api/http.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.annotations import HTTP, http_bindings
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import fixed
from apicontract.formats.proto.http_templates import MalformedTemplate, contains, parse
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.annotations import Binding
    from apicontract.formats.proto.elements import Method
    from apicontract.formats.proto.http_templates import Template

_MINOR, _MAJOR = Level.MINOR, Level.MAJOR


@dataclass(frozen=True, slots=True)
class _Route:
    """A binding with its template; None where the template is malformed, then only its text is compared."""

    binding: Binding
    template: Template | None

    def __str__(self) -> str:
        return f"{self.binding.verb} {self.binding.path}"


def compare_routes(old: Method, new: Method) -> Iterator[Difference]:
    """What happened to the routes of a method."""
    before, after = _routes(old), _routes(new)
    if [route.binding for route in before] == [route.binding for route in after]:
        return
    places = old.at("options", HTTP), new.at("options", HTTP)
    served = {route: next((other for other in after if _serves(other, route)), None) for route in before}
    come = [route for route in after if route not in served.values()]
    for route, found in served.items():
        if found is not None:
            for rule, text in _inside(old, new, route, found):
                yield Difference(
                    rule, f"{route}: {text}", fixed(json=_MAJOR), *places, _told(route), _told(found)
                )
            if str(route) != str(found) and _wider(found, route):
                text = f"{route} is served by a template that matches more"
                yield Difference(
                    "http-route-widened", text, fixed(json=_MINOR), *places, str(route), str(found)
                )
        elif come and len(before) == len(after) == 1:
            yield Difference(
                "http-route-changed",
                f"{route} is {come[0]} now; calls of the old route fail",
                fixed(json=_MAJOR),
                *places,
                _told(route),
                _told(come.pop(0)),
            )
        else:
            text = f"{route} is no route of method `{new.name}` any more"
            yield Difference("http-route-removed", text, fixed(json=_MAJOR), *places, str(route))
    for route in come:
        text = f"{route} is a further route of method `{new.name}`"
        yield Difference("http-route-added", text, fixed(json=_MINOR), *places, now=str(route))


def _routes(method: Method) -> list[_Route]:
    return [_Route(binding, _parsed(binding.path)) for binding in http_bindings(method)]


def _parsed(path: str) -> Template | None:
    try:
        return parse(path)
    except MalformedTemplate:
        return None


def _serves(new: _Route, old: _Route) -> bool:
    """Whether every URL of the old route is one of the new."""
    if new.binding.verb != old.binding.verb:
        return False
    if new.template is None or old.template is None:
        return new.binding.path == old.binding.path
    return contains(new.template, old.template)


def _wider(new: _Route, old: _Route) -> bool:
    return new.template is not None and old.template is not None and not contains(old.template, new.template)


def _inside(old: Method, new: Method, before: _Route, after: _Route) -> Iterator[tuple[str, str]]:
    """What the parts of a URL and the body stand for."""
    if before.template is not None and after.template is not None:
        was = [_field(old, variable.field) for variable in before.template.variables]
        now = [_field(new, variable.field) for variable in after.template.variables]
        if was != now:
            yield "http-variable-changed", "its variables stand for other fields"
    for part, rule, text in (
        ("body", "http-body-changed", "its request body is another part of the message"),
        ("response_body", "http-response-body-changed", "its response body is another part of the message"),
    ):
        names = getattr(before.binding, part), getattr(after.binding, part)
        if names[0] != names[1]:
            yield rule, text


def _field(method: Method, path: str) -> tuple[int | str, ...]:
    """The numbers along a field path: what they are called is no matter for a URL."""
    message = method.request
    numbers: list[int | str] = []
    for name in path.split("."):
        found = message.by_name.get(name) if message is not None else None
        numbers.append(found.number if found is not None else name)
        message = found.type_message if found is not None else None
    return tuple(numbers)


def _told(route: _Route) -> str:
    parts = [str(route)]
    if route.binding.body:
        parts.append(f"body {route.binding.body}")
    if route.binding.response_body:
        parts.append(f"response body {route.binding.response_body}")
    return ", ".join(parts)
