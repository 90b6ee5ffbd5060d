"""From a request's body to what the handler gets: JSON, forms, forms with files, text, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.datastructures import UploadFile

from .context import Incoming
from .problems import Failure, invalid
from .reading import documented, form_value, said, typed

if TYPE_CHECKING:
    from starlette.requests import Request

    from .checking import Checks, Forms, Json
    from .context import Context
    from .operations import Body, Operation


async def whole(request: Request, limit: int) -> bytes:
    """The body; Failure 413 if it is larger than `limit` bytes, 400 if the caller goes away."""
    stated = request.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:18]) > limit:
        raise Failure(413, f"The body is larger than {limit} bytes.")
    if hasattr(request, "_body"):
        return await request.body()
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise Failure(413, f"The body is larger than {limit} bytes.")
        pieces.append(piece)
    body = b"".join(pieces)
    request._body = body  # where Starlette keeps it: read once, and there for whoever asks again
    return body


async def read(
    operation: Operation, request: Request, checks: Checks, context: Context, limit: int
) -> object:
    """The body as the handler gets it; None if there is none and none is needed."""
    content_type = request.headers.get("content-type", "")
    there = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if not there and (not content_type or not operation.body_required):
        if operation.body_required:
            raise invalid("request", [{"at": "body", "problem": "is required and missing"}])
        return None
    ways = {body.media: body for body in operation.bodies}
    media = documented(ways, content_type)
    if media is None:
        accepted = ", ".join(ways)
        raise Failure(415, f"The body's media type must be one of {accepted}.", headers={"Accept": accepted})
    body = ways[media]
    if body.kind == "bytes":
        return Incoming(request, limit)
    if body.kind == "multipart":
        value: object = await _multipart(
            request, checks.forms(operation.title, "bodies", media), context, limit
        )
    else:
        value = _value(body, await whole(request, limit), checks.forms(operation.title, "bodies", media))
    plain = _texts(value) if body.kind == "multipart" else value
    problems = checks.problems("in", plain, operation.title, "bodies", media)
    if problems:
        raise invalid("body", [{**one, "at": "body" + one["at"]} for one in problems], 422)
    try:
        return typed(body.typed, value)
    except ValidationError as error:
        raise invalid("body", [{"at": "body", "problem": said(error)}], 422) from None


def _value(body: Body, content: bytes, forms: Forms) -> object:
    if body.kind == "json":
        try:
            return from_json(content, allow_inf_nan=False)
        except ValueError as error:
            raise Failure(400, f"The body is no JSON: {error}") from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Failure(400, "The body is no text in UTF-8.") from None
    if body.kind == "text":
        return text
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise Failure(400, "The form has more than 1000 fields.") from None
    return _split(form_value(pairs, forms), body, forms)


def _split(form: dict[str, Json], body: Body, forms: Forms) -> dict[str, Json]:
    """Arrays that are written in one field are cut at their delimiter."""
    for name, how in body.encoding.items():
        value = form.get(name)
        if not how.explode and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            sign = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}.get(how.style, ",")
            items = forms.member(name).items
            form[name] = [items.value(part) for part in value[0].split(sign)]
    return form


async def _multipart(request: Request, forms: Forms, context: Context, limit: int) -> dict[str, object]:
    """The fields; files as bytes, and open in the context."""
    stated = request.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:18]) > limit:
        raise Failure(413, f"The body is larger than {limit} bytes.")
    form = await request.form(max_part_size=limit)
    texts: list[tuple[str, str]] = []
    files: dict[str, list[UploadFile]] = {}
    size = 0
    for name, part in form.multi_items():
        if isinstance(part, UploadFile):
            files.setdefault(name, []).append(part)
            size += part.size or 0
            if size > limit:
                raise Failure(413, f"The body is larger than {limit} bytes.")
        else:
            texts.append((name, part))
    context.files = files
    found: dict[str, object] = dict(form_value(texts, forms))
    for name, listed in files.items():
        contents = [await one.read() for one in listed]
        for one in listed:
            await one.seek(0)
        if forms.member(name).kind == "array":
            found[name] = contents
        elif forms.member(name).kind == "object":
            found[name] = _value_of_part(name, contents[0])
        else:
            found[name] = contents[0]
    return found


def _value_of_part(name: str, content: bytes) -> object:
    try:
        return from_json(content)
    except ValueError:
        raise Failure(400, f"The field {name} is no JSON.") from None


def _texts(value: object) -> object:
    """The form as its schema sees it: a file is a text of so many characters."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list) else value
