"""From an operation and the values it is called with to a request."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

from pydantic import BaseModel

from ..http.bodies import Upload, binary, multipart, urlencoded
from ..http.links import followed
from ..http.messages import Request
from ..http.parameters import cookie_text, header_text, path_text, query_text
from ..values import plain

if TYPE_CHECKING:
    from ..http.messages import Content
    from .operations import Body, Operation, Parameter

Payload = bytes | Iterable[bytes] | AsyncIterable[bytes] | IO[bytes] | Upload
"""A body of bytes: as a whole, in pieces, or a file."""


@dataclass(frozen=True, slots=True)
class Towards:
    """A request to where a link leads, which is known once there is an instance to ask.

    at: the URL of the answer that the link stood in; empty if that is not known. request: all but the target.
    """

    target: str
    at: str
    request: Request

    def below(self, address: str) -> Request:
        """The request; ValueError if the link leads away from the server."""
        path, query = followed(self.target, address, self.at)
        return replace(self.request, path=path, query=query)


def request_of(
    operation: Operation[Any],
    values: Mapping[str, object],
    body: object,
    media: str,
    headers: Mapping[str, str],
) -> tuple[Request, bool]:
    """The request, and whether it may be repeated.

    values: by Python name; None is not sent. body: None for none. media: which of several media types it
    is written in; empty takes the first. ValueError for a value that cannot be written.
    """
    path, query = operation.path, []
    fields: list[tuple[str, str]] = []
    cookies: list[tuple[str, str]] = []
    safe = operation.safe
    accepted = operation.accepted
    if accepted:
        fields.append(("Accept", accepted))
    for parameter in operation.parameters:
        value = values.get(parameter.python)
        if value is None and parameter.python == operation.key:
            value = str(uuid4())
        if value is None:
            continue
        safe = safe or parameter.python == operation.key
        said = _selected(plain(value), parameter.selects)
        if parameter.media:
            said = _text(said, parameter.media)
        if parameter.place == "path":
            path = path.replace(
                f"{{{parameter.name}}}",
                path_text(parameter.name, said, parameter.style, explode=parameter.explode),
            )
        elif parameter.place == "header":
            if said == {}:
                continue  # there is no way to write an object without members
            fields.append((parameter.name, header_text(said, explode=parameter.explode)))
        elif parameter.place == "cookie":
            cookies.append((quote(parameter.name, safe=""), cookie_text(said, explode=parameter.explode)))
        else:
            query.append(_query(parameter, said))
    content: Content = None
    if operation.bodies and (body is not None or operation.null):
        content, content_type = _content(*_chosen(operation, media, body), body)
        fields.append(("Content-Type", content_type))
    request = Request(
        operation.method,
        path,
        "&".join(part for part in query if part),
        tuple(fields),
        tuple(cookies),
        content,
    )
    for name, text in headers.items():
        request = request.with_header(name, header_text(text))
    return request, safe and request.repeatable


def _selected(value: object, how: str) -> object:
    """Names that choose parts of an answer: one or several, as the contract writes them."""
    if not how:
        return value
    if isinstance(value, str):
        return [value] if how == "list" else value
    return ",".join(str(one) for one in value) if how == "text" and isinstance(value, list) else value


def _query(parameter: Parameter, value: object) -> str:
    if parameter.place == "querystring":
        if isinstance(value, Mapping):
            return urlencoded({str(key): item for key, item in value.items()}).decode("ascii")
        return quote(str(value), safe="")
    return query_text(
        parameter.name,
        value,
        parameter.style,
        explode=parameter.explode,
        allow_reserved=parameter.reserved,
    )


def _text(value: object, media: str) -> object:
    if media.partition(";")[0].strip().endswith("json"):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if media.startswith("application/x-www-form-urlencoded") and isinstance(value, Mapping):
        return dict(value)
    return value


def _chosen(operation: Operation[Any], media: str, value: object) -> tuple[Body, str]:
    """How a body is written, and its media type: the one that is asked for, else the first that takes it."""
    for body in operation.bodies:
        if media and _covers(body.media, media):
            return body, media
    known = ", ".join(body.media for body in operation.bodies)
    if media:
        raise ValueError(f"{operation.name} takes no body of type {media}; it takes {known}")
    if len(operation.bodies) == 1:
        return operation.bodies[0], operation.bodies[0].media
    said = value.content_type if isinstance(value, Upload) else ""
    for body in operation.bodies:
        if said and body.kind == "bytes" and _covers(body.media, said):
            return body, said
    for body in operation.bodies:
        if _fits(body, value):
            return body, body.media
    raise TypeError(f"{operation.name} takes no body of {type(value).__name__}; it takes {known}")


def _covers(documented: str, media: str) -> bool:
    """Whether a documented media type is, or covers, another one."""
    return documented == media or ("*" in documented and fnmatchcase(media.lower(), documented.lower()))


def _fits(body: Body, value: object) -> bool:
    if body.kind == "text":
        return isinstance(value, str)
    if body.kind == "bytes":
        return _is_bytes(value)
    return not _is_bytes(value) and body.takes(value)


def _is_bytes(value: object) -> bool:
    """Whether a body is bytes, in one piece or in several, or a file."""
    if isinstance(value, (bytes, bytearray, memoryview, Upload, AsyncIterable)) or hasattr(value, "read"):
        return True
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(one, bytes) for one in value)
    return isinstance(value, Iterable) and not isinstance(value, (str, Mapping, BaseModel, set, frozenset))


def _content(how: Body, media: str, value: object) -> tuple[Content, str]:
    if isinstance(value, Upload):
        return _piecewise(value.content), value.type_for(media)
    media = "application/octet-stream" if "*" in media else media
    if how.kind == "json":
        try:
            text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
        except TypeError as error:
            raise TypeError(f"this body cannot be written as {media}: {error}") from None
        return text.encode("utf-8"), media
    if how.kind == "form":
        return urlencoded(_fields(value), how.encoding), media
    if how.kind == "multipart":
        form = multipart(_parts(value), how.encoding)
        kind = form.content_type.partition(";")
        return form.content(), f"{media}{kind[1]}{kind[2]}"
    if isinstance(value, str):
        return value.encode("utf-8"), media
    return _piecewise(value), media


def _piecewise(value: object) -> Content:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if not _is_bytes(value):
        raise TypeError(f"a body of bytes is needed, or a file, not {type(value).__name__}")
    if hasattr(value, "read"):
        binary(value)
        return iter(lambda: value.read(1 << 16), b"")
    return value  # type: ignore[return-value]  # pieces of bytes, as `_is_bytes` says


def _fields(value: object) -> dict[str, object]:
    said = plain(value)
    if not isinstance(said, dict):
        raise TypeError(f"a form needs an object, not {type(value).__name__}")
    return said


def _parts(value: object) -> dict[str, object]:
    """The fields of a form with files: bytes and uploads as they are, everything else as JSON has it."""
    if isinstance(value, Mapping):
        return {str(name): _part(item) for name, item in value.items()}
    if not isinstance(value, BaseModel):
        raise TypeError(f"a form needs an object, not {type(value).__name__}")
    fields: dict[str, object] = {}
    for name, about in type(value).model_fields.items():
        if name in value.model_fields_set:
            given = getattr(value, name)
            if isinstance(given, bytes) and _as_text(value, name) == b64encode(given).decode("ascii"):
                given = _as_text(value, name)  # a text by the contract, not a file
            fields[about.alias or name] = _part(given)
    fields |= {name: _part(item) for name, item in (value.model_extra or {}).items()}
    return fields


def _as_text(model: BaseModel, name: str) -> object:
    """A field as JSON has it; None where JSON has no such value."""
    try:
        return model.model_dump(mode="json", include={name}).get(name)
    except ValueError:  # bytes that are no text
        return None


def _part(item: object) -> object:
    """A file as an Upload: bytes, an open file, (name, content, type) as httpx has it; else what JSON has."""
    if isinstance(item, Upload):
        return item
    if isinstance(item, tuple) and 2 <= len(item) <= 3 and isinstance(item[0], str) and _is_file(item[1]):
        return Upload(item[1], item[0], item[2] if len(item) == 3 and item[2] else "")
    if _is_file(item):
        return Upload(item)  # type: ignore[arg-type]  # bytes or a file, as `_is_file` says
    if isinstance(item, (list, tuple)):
        return [_part(one) for one in item]
    return plain(item)


def _is_file(value: object) -> bool:
    return isinstance(value, bytes) or hasattr(value, "read")
