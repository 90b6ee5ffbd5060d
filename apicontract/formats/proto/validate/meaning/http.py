"""Checks on `google.api.http`: that each rule can be served, and what it leaves out.

Source: google/api/http.proto, "HTTP Transcoding"; AIP-127.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Severity
from apicontract.formats.proto.annotations import HTTP, http_bindings
from apicontract.formats.proto.elements import Cardinality, Kind
from apicontract.formats.proto.http_templates import REST, MalformedTemplate, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.annotations import Binding
    from apicontract.formats.proto.elements import Field, Message, Method
    from apicontract.formats.proto.http_templates import Template
    from apicontract.formats.proto.validate.view import View
    from apicontract.sources import Place

_WITH_BODY = ("POST", "PUT", "PATCH")
_WITHOUT_BODY = {"GET": None, "HEAD": None, "DELETE": Severity.WARNING}
_WELL_KNOWN = "google.protobuf."
_NO_TEXT = (
    "google.protobuf.Struct",
    "google.protobuf.Value",
    "google.protobuf.ListValue",
    "google.protobuf.Any",
)
_NAMED = 3  # fields that a message names
_DEPTH = 16  # of messages in messages in a query


def rules(view: View) -> Iterator[Finding]:
    """Each route of each call, by itself."""
    for service in view.services:
        for method in service.methods:
            for binding in http_bindings(method):
                yield from _rule(binding, method, view)


def where(method: Method) -> Place:
    """Where the HTTP rule of a call stands."""
    return method.at("options", HTTP)


def template_of(binding: Binding) -> Template | None:
    """The route's template, if it is one."""
    try:
        return parse(binding.path)
    except MalformedTemplate:
        return None


def _rule(binding: Binding, method: Method, view: View) -> Iterator[Finding]:
    place, name = where(method), method.name
    if binding.holds_bindings:
        yield view.finding(
            "http-bindings-nested", place, f"an additional binding of `{name}` has additional bindings itself"
        )
    if not binding.path or not binding.verb:
        yield view.finding(
            "http-rule-without-pattern", place, f"an HTTP rule of `{name}` has no verb and path"
        )
        return
    request = method.request
    try:
        template = parse(binding.path)
    except MalformedTemplate as error:
        yield view.finding("http-path-malformed", place, f"`{binding.path}` of `{name}` {error}")
        return
    if REST in template.segments[:-1]:
        yield view.finding(
            "http-path-wildcard-not-last", place, f"`{binding.path}` of `{name}` has `**` before its end"
        )
    if request is not None:
        yield from _variables(template, request, place, view)
        yield from _body(binding, template, method, request, view)
        yield from _query(binding, template, method, request, view)
    response = method.response
    if binding.response_body and response is not None and binding.response_body not in response.by_name:
        yield view.finding(
            "http-body-field-unknown",
            place,
            f'`response_body: "{binding.response_body}"` of `{name}` is no field of `{response.full_name}`',
        )


def _variables(template: Template, request: Message, place: Place, view: View) -> Iterator[Finding]:
    seen = set[str]()
    for variable in template.variables:
        path = variable.field
        if path in seen:
            yield view.finding(
                "http-path-field-repeated", place, f"`{template.text}` has the variable `{path}` twice"
            )
        elif path not in seen:
            yield from _variable(path, template, request, place, view)
        seen.add(path)


def _variable(path: str, template: Template, request: Message, place: Place, view: View) -> Iterator[Finding]:
    message: Message | None = request
    *outer, last = path.split(".")
    for name in outer:
        field = message.by_name.get(name) if message is not None else None
        message = field.type_message if field is not None and _is_single(field) else None
    field = message.by_name.get(last) if message is not None else None
    if field is None:
        near = _near(last, message)
        yield view.finding(
            "http-path-field-unknown",
            place,
            f"`{{{path}}}` of `{template.text}` is no field of `{request.full_name}`{near}",
        )
        return
    reason = _unbindable(field)
    if reason:
        known = (
            field.type_name.startswith(_WELL_KNOWN) and field.type_name not in _NO_TEXT and _is_single(field)
        )
        yield view.finding(
            "http-path-field-not-bindable",
            place,
            f"`{{{path}}}` of `{template.text}` is {reason}",
            severity=Severity.WARNING if known else None,
        )


def _near(name: str, message: Message | None) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, message.by_name, n=1) if message is not None else []
    return f"; did you mean `{close[0]}`?" if close else ""


def _unbindable(field: Field) -> str:
    if field.cardinality is Cardinality.MAP:
        return "a map"
    if field.cardinality is Cardinality.REPEATED:
        return "a repeated field"
    if field.kind in (Kind.MESSAGE, Kind.GROUP):
        return f"a message, `{field.type_name}`"
    return ""


def _is_single(field: Field) -> bool:
    return field.cardinality not in (Cardinality.MAP, Cardinality.REPEATED)


def _body(
    binding: Binding, template: Template, method: Method, request: Message, view: View
) -> Iterator[Finding]:
    place, body = where(method), binding.body
    in_path = {variable.field for variable in template.variables}
    if not body:
        left = [field.name for field in request.fields if field.name not in in_path]
        if binding.verb in _WITH_BODY and left:
            named = [f"`{name}`" for name in left[:_NAMED]]
            names = ", ".join([*named, "..."] if len(left) > _NAMED else named)
            go = "goes" if len(left) == 1 else "go"
            yield view.finding(
                "http-body-missing",
                place,
                f"{binding.verb} `{binding.path}` of `{method.name}` has no body:"
                f" {names} {go} into the query",
            )
        return
    if binding.verb in _WITHOUT_BODY:
        yield view.finding(
            "http-body-not-allowed",
            place,
            f"{binding.verb} `{binding.path}` has a body, `{body}`",
            severity=_WITHOUT_BODY[binding.verb],
        )
    if body == "*":
        return
    if body not in request.by_name:
        top = f": a body is a field of the request itself, as `{body.split('.')[0]}`" if "." in body else ""
        yield view.finding(
            "http-body-field-unknown",
            place,
            f'`body: "{body}"` of `{method.name}` is no field of `{request.full_name}`'
            f"{top or _near(body, request)}",
        )
    elif body in in_path:
        yield view.finding(
            "http-body-field-in-path",
            place,
            f"`{body}` of `{method.name}` is in the path and the body at once",
        )


def _query(
    binding: Binding, template: Template, method: Method, request: Message, view: View
) -> Iterator[Finding]:
    """Fields that end up in the query, where they cannot be written."""
    if binding.body == "*":
        return
    taken = {variable.field for variable in template.variables} | {binding.body}
    for field in request.fields:
        if field.name not in taken:
            found = _unwritable(field, field.name, taken, (request.full_name,))
            if found:
                yield view.finding(
                    "http-query-field-not-expressible",
                    where(method),
                    f"`{found}` of `{request.full_name}` is neither in the path nor the body of"
                    f" {binding.verb} `{binding.path}`, and cannot be written in a query",
                )


def _unwritable(field: Field, path: str, taken: set[str], within: tuple[str, ...]) -> str:
    """The path to the first field that no query can hold; empty if there is none."""
    if path in taken:
        return ""
    message = field.type_message
    if message is None:
        return ""
    if not _is_single(field) or message.full_name in _NO_TEXT:
        return path
    if message.full_name.startswith(_WELL_KNOWN) or message.full_name in within or len(within) > _DEPTH:
        return ""
    inner = (
        _unwritable(each, f"{path}.{each.name}", taken, (*within, message.full_name))
        for each in message.fields
    )
    return next(filter(None, inner), "")
