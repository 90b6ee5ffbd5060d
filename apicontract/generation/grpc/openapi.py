"""The REST face of a gRPC contract: an OpenAPI 3.1 document made of its `google.api.http` routes.

Messages are described as the proto JSON mapping writes them. A method without a route, or whose client
sends a stream, has no REST face and is named in the answer. Sources: google/api/http.proto; "ProtoJSON
Format", Protocol Buffers documentation; OpenAPI 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import default_host, field_behaviors, http_bindings
from apicontract.formats.proto.comments import Comments
from apicontract.formats.proto.http_templates import ONE, REST, MalformedTemplate, parse
from apicontract.formats.proto.packages import major
from apicontract.formats.proto.policies import stated_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from apicontract.formats.proto.annotations import Binding
    from apicontract.formats.proto.elements import Element, Enum, Field, Message, Method, Service
    from apicontract.formats.proto.model import Proto
    from apicontract.sources import Json

    Object = dict[str, Json]

_ERROR = "google.rpc.Status"
_INTEGERS = {
    "int32": ("int32", -(2**31), 2**31 - 1), "sint32": ("int32", -(2**31), 2**31 - 1),
    "sfixed32": ("int32", -(2**31), 2**31 - 1), "uint32": ("int64", 0, 2**32 - 1),
    "fixed32": ("int64", 0, 2**32 - 1),
}  # fmt: skip
_WRITTEN = {"int64", "sint64", "sfixed64", "uint64", "fixed64"}  # as texts, since JSON readers round numbers
_WELL_KNOWN: Mapping[str, Object] = {
    "Timestamp": {"type": "string", "format": "date-time"},
    "Duration": {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,9})?s$"},
    "FieldMask": {"type": "string", "description": "Names of fields, separated by commas."},
    "Empty": {"type": "object"},
    "Struct": {"type": "object", "additionalProperties": True},
    "Value": {},
    "ListValue": {"type": "array", "items": {}},
    "NullValue": {"type": "null"},
    "Any": {
        "type": "object",
        "properties": {"@type": {"type": "string", "description": "The URL of the message's type."}},
        "additionalProperties": True,
    },
    "DoubleValue": {"type": ["number", "null"]},
    "FloatValue": {"type": ["number", "null"]},
    "Int64Value": {"type": ["string", "null"], "pattern": "^-?[0-9]{1,19}$"},
    "UInt64Value": {"type": ["string", "null"], "pattern": "^[0-9]{1,20}$"},
    "Int32Value": {"type": ["integer", "null"], "format": "int32"},
    "UInt32Value": {"type": ["integer", "null"], "minimum": 0},
    "BoolValue": {"type": ["boolean", "null"]},
    "StringValue": {"type": ["string", "null"]},
    "BytesValue": {"type": ["string", "null"], "contentEncoding": "base64"},
}
_MOST_PAIRS = 45  # of members of a oneof that exclude each other; ten members have so many


@dataclass(frozen=True, slots=True)
class RestFace:
    """The document, and the methods that are not in it: (full name, why)."""

    document: Object
    left_out: tuple[tuple[str, str], ...]


def rest_face(contract: Proto, packages: Sequence[str]) -> RestFace:
    """The REST face of the services of these packages; its paths are empty if no method has a route."""
    return _Face(contract, packages).made()


class _Face:
    """Collects paths and the schemas they need."""

    def __init__(self, contract: Proto, packages: Sequence[str]) -> None:
        self._contract = contract
        self._packages = packages
        self._files = [file for file in contract.own_files if file.package in packages]
        self._comments: dict[str, Comments] = {}
        self._paths: dict[str, Object] = {}
        self._left_out: list[tuple[str, str]] = []
        self._names = _short_names(contract)
        self._schemas: dict[str, Object] = {}
        self._waiting: list[Message | Enum] = []
        self._ids: set[str] = set()

    def made(self) -> RestFace:
        """Everything."""
        services = [service for file in self._files for service in file.services]
        for service in services:
            for method in service.methods:
                self._method(service, method)
        self._fill()
        title = services[0].name if len(services) == 1 else self._packages[0]
        version = major(self._packages[0])
        document: Object = {
            "openapi": "3.1.0",
            "info": self._info(title, version, services),
            "paths": dict(sorted(self._paths.items())),
        }
        hosts = [host for host in dict.fromkeys(default_host(service) for service in services) if host]
        if hosts:
            document["servers"] = [{"url": f"https://{host}"} for host in hosts]
        document["tags"] = [
            {"name": service.name, **self._described(service)}
            for service in services
            if any(http_bindings(method) for method in service.methods)
        ]
        document["components"] = {"schemas": dict(sorted(self._schemas.items()))}
        return RestFace(document, tuple(self._left_out))

    def _info(self, title: str, version: str, services: Sequence[Service]) -> Object:
        number = "".join(c if c.isdigit() else " " for c in version).split()
        unstable = version.lstrip("v0123456789")
        stated = f"{number[0] if number else 0}.0.0" + (f"-{unstable}" if unstable else "")
        described = self._described(services[0]) if len(services) == 1 else {}
        return {"title": title, "version": stated, **described}

    def _described(self, element: Element) -> Object:
        text = self._comment(element)
        return {"description": text} if text else {}

    def _comment(self, element: Element) -> str:
        comments = self._comments.get(element.file.name)
        if comments is None:
            comments = self._comments[element.file.name] = Comments(element.file)
        return "\n".join(line.strip() for line in comments.text(element.pointer).splitlines())

    def _method(self, service: Service, method: Method) -> None:
        bindings = http_bindings(method)
        if not bindings:
            self._left_out.append((method.full_name, "it has no HTTP route"))
            return
        if method.client_streaming:
            self._left_out.append((method.full_name, "its client sends a stream"))
            return
        for binding in bindings:
            try:
                template = parse(binding.path)
            except MalformedTemplate as mistake:
                self._left_out.append((method.full_name, f"its path `{binding.path}` {mistake}"))
                continue
            if binding.verb not in ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"):
                self._left_out.append((method.full_name, f"OpenAPI 3.1 has no method {binding.verb}"))
                continue
            path, captured = _path(binding.path, template.variables)
            there = self._paths.setdefault(path, {})
            if binding.verb.lower() in there:
                self._left_out.append((method.full_name, f"{binding.verb} {path} is another method's"))
                continue
            there[binding.verb.lower()] = self._operation(service, method, binding, captured)

    def _operation(
        self, service: Service, method: Method, binding: Binding, captured: Sequence[tuple[str, str, str]]
    ) -> Object:
        operation: Object = {
            "operationId": self._id(f"{service.name}_{method.name}"),
            "tags": [service.name],
            **self._summary(method),
        }
        if method.deprecated:
            operation["deprecated"] = True
        policy, _ = stated_policy(method.options)
        if policy:
            operation["x-apicontract"] = policy  # type: ignore[assignment]  # JSON by construction
        request = method.request
        bound = {field for _, field, _ in captured}
        parameters = [self._in_path(request, *one) for one in captured]
        if request is not None and binding.body != "*":
            parameters += self._query(request, {*bound, binding.body})
        if parameters:
            operation["parameters"] = parameters  # type: ignore[assignment]
        if binding.body and request is not None:
            operation["requestBody"] = {
                "required": True,
                "content": _json(self._body(request, binding.body, bound)),
            }
        operation["responses"] = {
            "200": {"description": "The answer.", "content": _json(self._answer(method, binding))},
            "default": {"description": "An error.", "content": _json(self._error())},
        }
        return operation

    def _summary(self, method: Method) -> Object:
        text = self._comment(method)
        first, _, rest = text.partition("\n")
        return {**({"summary": first} if first else {}), **({"description": text} if rest.strip() else {})}

    def _id(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self._ids:
            name = f"{wanted}_{number}"
            number += 1
        self._ids.add(name)
        return name

    def _in_path(self, request: Message | None, name: str, field_path: str, note: str) -> Object:
        field = _field(request, field_path)
        schema: Object = self._value(field) if field is not None and not note else {"type": "string"}
        described: Object = {"description": note} if note else {}
        if field is not None and not note:
            described = self._described(field)
        found: Object = {"name": name, "in": "path", "required": True}
        return {**found, **described, "schema": schema}

    def _query(self, message: Message, without: set[str]) -> list[Object]:
        """A parameter for each leaf that neither path nor body has; messages in messages are dotted."""
        found: list[Object] = []
        waiting: list[tuple[str, str, Message, frozenset[str]]] = [("", "", message, frozenset())]
        while waiting:
            prefix, shown, holder, seen = waiting.pop(0)
            for field in holder.fields:
                path = f"{prefix}{field.name}"
                if path in without or (field.name in without and not prefix):
                    continue
                name = f"{shown}{field.json_name}"
                inner = field.type_message
                if inner is not None and not self._is_scalar(inner.full_name):
                    if field.proto.label != 3 and inner.full_name not in seen:  # noqa: PLR2004  # repeated
                        waiting.append((f"{path}.", f"{name}.", inner, seen | {inner.full_name}))
                    continue
                found.append(self._parameter(field, name))
        return found

    def _parameter(self, field: Field, name: str) -> Object:
        parameter: Object = {"name": name, "in": "query"}
        if "REQUIRED" in field_behaviors(field):
            parameter["required"] = True
        if field.deprecated:
            parameter["deprecated"] = True
        return {**parameter, **self._described(field), "schema": self._schema(field)}

    @staticmethod
    def _is_scalar(full_name: str) -> bool:
        """Whether a message is written as one JSON text, number or boolean."""
        known = full_name.removeprefix("google.protobuf.")
        return (
            known != full_name
            and known not in ("Empty", "Struct", "Value", "ListValue", "Any")
            and known in _WELL_KNOWN
        )

    def _body(self, request: Message, body: str, bound: set[str]) -> Object:
        if body != "*":
            field = _field(request, body)
            return self._schema(field) if field is not None else {}
        if not bound:
            return self._reference(request)
        return self._object(request, bound)

    def _answer(self, method: Method, binding: Binding) -> Object:
        response = method.response
        if response is None:
            return {}
        field = _field(response, binding.response_body) if binding.response_body else None
        schema = self._schema(field) if field is not None else self._reference(response)
        return {"type": "array", "items": schema} if method.server_streaming else schema

    def _error(self) -> Object:
        if _ERROR not in self._schemas:
            self._schemas[_ERROR] = {
                "type": "object",
                "description": "An error as gRPC has it: a code, a message for developers, and details.",
                "properties": {
                    "code": {"type": "integer", "format": "int32"},
                    "message": {"type": "string"},
                    "details": {"type": "array", "items": dict(_WELL_KNOWN["Any"])},
                },
            }
        return {"$ref": f"#/components/schemas/{_ERROR}"}

    def _schema(self, field: Field) -> Object:
        """A field's value, with all that its cardinality means."""
        if field.entry is not None:
            return {"type": "object", "additionalProperties": self._value(field.entry.by_number[2])}
        value = self._value(field)
        return {"type": "array", "items": value} if field.cardinality == "repeated" else value

    def _value(self, field: Field) -> Object:
        if field.type_message is not None:
            return self._reference(field.type_message)
        if field.type_enum is not None:
            return self._reference(field.type_enum)
        return _scalar(str(field.kind))

    def _reference(self, one: Message | Enum) -> Object:
        known = one.full_name.removeprefix("google.protobuf.")
        if known != one.full_name and known in _WELL_KNOWN:
            return dict(_WELL_KNOWN[known])
        name = self._names[one.full_name]
        if name not in self._schemas:
            self._schemas[name] = {}
            self._waiting.append(one)
        return {"$ref": f"#/components/schemas/{name}"}

    def _fill(self) -> None:
        """Describes what was referred to, and what that refers to."""
        while self._waiting:
            one = self._waiting.pop()
            name = self._names[one.full_name]
            if hasattr(one, "values"):
                values = [value.name for value in one.values]
                self._schemas[name] = {"type": "string", **self._described(one), "enum": values}
            else:
                self._schemas[name] = self._object(one, frozenset())

    def _object(self, message: Message, without: set[str] | frozenset[str]) -> Object:
        fields = [field for field in message.fields if field.name not in without]
        found: Object = {"type": "object", **self._described(message)}
        if message.deprecated:
            found["deprecated"] = True
        required = [field.json_name for field in fields if "REQUIRED" in field_behaviors(field)]
        if required:
            found["required"] = required  # type: ignore[assignment]
        if fields:
            found["properties"] = {field.json_name: self._property(field) for field in fields}
        exclusive = [
            {"not": {"required": [one, other]}}
            for oneof in message.oneofs
            for one, other in _pairs([field.json_name for field in oneof.fields if field.name not in without])
        ]
        if exclusive:
            found["allOf"] = exclusive  # type: ignore[assignment]
        return found

    def _property(self, field: Field) -> Object:
        schema = dict(self._schema(field))
        schema.update(self._described(field))
        if field.deprecated:
            schema["deprecated"] = True
        behaviors = field_behaviors(field)
        if "OUTPUT_ONLY" in behaviors:
            schema["readOnly"] = True
        if "INPUT_ONLY" in behaviors:
            schema["writeOnly"] = True
        return schema


def _scalar(kind: str) -> Object:
    """A scalar as proto JSON writes it."""
    if kind in _INTEGERS:
        form, least, most = _INTEGERS[kind]
        return {"type": "integer", "format": form, "minimum": least, "maximum": most}
    if kind in _WRITTEN:
        unsigned = kind.startswith(("u", "fixed"))
        return {
            "type": "string",
            "format": "uint64" if unsigned else "int64",
            "pattern": f"^{'' if unsigned else '-?'}[0-9]{{1,20}}$",
        }
    if kind == "bytes":
        return {"type": "string", "contentEncoding": "base64"}
    if kind in ("double", "float"):
        return {"type": "number", "format": kind}
    return {"type": "boolean" if kind == "bool" else "string"}


def _json(schema: Object) -> Object:
    return {"application/json": {"schema": schema}}


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    pairs = list(combinations(names, 2))
    yield from pairs if len(pairs) <= _MOST_PAIRS else ()


def _field(message: Message | None, path: str) -> Field | None:
    """The field that a dotted path leads to."""
    field: Field | None = None
    for name in path.split("."):
        field = message.by_name.get(name) if message is not None else None
        message = field.type_message if field is not None else None
    return field


def _path(text: str, variables: Sequence[object]) -> tuple[str, list[tuple[str, str, str]]]:
    """(the path as OpenAPI has it, its parameters: name, field path, a note where one is a part of it)."""
    found: list[tuple[str, str, str]] = []
    taken: set[str] = set()

    def named(wanted: str) -> str:
        name, number = wanted, 2
        while name in taken:
            name = f"{wanted}_{number}"
            number += 1
        taken.add(name)
        return name

    path = text
    for variable in variables:
        field, segments = variable.field, variable.segments  # type: ignore[attr-defined]
        start = path.index("{" + field)
        end = path.index("}", start) + 1
        written = path[start:end]
        if segments == (ONE,):
            name = named(field)
            found.append((name, field, ""))
            path = path.replace(written, "{" + name + "}", 1)
            continue
        parts = []
        for at, segment in enumerate(segments):
            if segment not in (ONE, REST):
                parts.append(segment)
                continue
            before = (
                segments[at - 1] if at and segments[at - 1] not in (ONE, REST) else field.replace(".", "_")
            )
            name = named(_singular(before))
            further = ", any number of segments" if segment == REST else ""
            found.append((name, field, f"A part of `{field}`: `{'/'.join(segments)}`{further}."))
            parts.append("{" + name + "}")
        path = path.replace(written, "/".join(parts), 1)
    return path, found


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("lves"):
        return f"{word[:-3]}f"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _short_names(contract: Proto) -> dict[str, str]:
    """A name for each type: short where that is unique in the contract, else its full one."""
    full = [*contract.messages, *contract.enums]
    packages = {
        one.full_name: one.file.package for one in (*contract.messages.values(), *contract.enums.values())
    }
    short = {name: name.removeprefix(f"{packages[name]}.") for name in full}
    count: dict[str, int] = {}
    for name in short.values():
        count[name] = count.get(name, 0) + 1
    return {name: short[name] if count[short[name]] == 1 else name for name in full}
