"""Checks of Swagger 2.0 alone: one body per request, files in forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.explain import shown
from apicontract.formats.openapi.validate.meaning.media import MEDIA_RANGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


def one_body(node: Node, view: View) -> Iterator[Finding]:
    """The parameters of an operation, with those of its path (2.0, Parameter Object)."""
    if view.series != "2.0":
        return
    item = node.parent
    own = node.all("parameters")
    held = [*own, *(item.all("parameters") if item is not None else ())]
    bodies = [each for each in held if each.followed().fields.get("in") == "body"]
    fields = [each for each in held if each.followed().fields.get("in") == "formData"]
    for each in bodies[1:]:
        yield view.finding(
            "body-parameter-repeated", each, message="a request has one body, and this is the second"
        )
    if bodies and fields:
        yield view.finding("body-and-form-data", fields[0], message="the request has a body and form fields")
    consumed = node.fields.get("consumes", view.root.fields.get("consumes"))
    types = consumed if isinstance(consumed, list) else []
    form = any(isinstance(media_type, str) and media_type.startswith(_FORMS) for media_type in types)
    for each in fields:
        name, kind = each.followed().fields.get("name"), each.followed().fields.get("type")
        if kind == "file" and not form:
            yield view.finding(
                "file-parameter-consumes",
                each,
                message=f"`{name}` is a file, but the operation consumes no form",
            )
    if fields and types and not form and all(each.followed().fields.get("type") != "file" for each in fields):
        yield view.finding(
            "form-parameter-consumes",
            fields[0],
            message=f"`{fields[0].followed().fields.get('name')}` is a form field, but the operation consumes"
            f" {shown(types)}",
        )


def produced(node: Node, view: View) -> Iterator[Finding]:
    """The examples of an operation's responses (2.0, Example Object: SHOULD be one of `produces`)."""
    held = node.fields.get("produces", view.root.fields.get("produces"))
    responses = node.only("responses")
    if view.series != "2.0" or not isinstance(held, list) or responses is None:
        return
    for response in responses.children:
        examples = response.fields.get("examples")
        for name in examples if isinstance(examples, dict) else ():
            if name not in held and not name.startswith("x-"):
                yield view.finding(
                    "example-not-produced",
                    response,
                    "examples",
                    name,
                    message=f"`{name}` is not among what the operation produces: {shown(held)}",
                )


def consumes(node: Node, view: View) -> Iterator[Finding]:
    """The media types of `consumes` and `produces`."""
    if view.series != "2.0":
        return
    for field in ("consumes", "produces"):
        held = node.fields.get(field)
        for at, name in enumerate(held if isinstance(held, list) else ()):
            if isinstance(name, str) and not MEDIA_RANGE.fullmatch(name):
                yield view.finding(
                    "media-type-invalid", node, field, at, message=f"`{name}` is no media type"
                )
