"""The REST face of a gRPC contract: an OpenAPI 3.1 document made of its `google.api.http` routes.

Messages are described as the proto JSON mapping writes them. A method without a route, or whose client
sends a stream, has no REST face and is named in the answer. Sources: google/api/http.proto; "ProtoJSON
Format", Protocol Buffers documentation; OpenAPI 3.1.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import default_host, field_behaviors, http_bindings
from apicontract.formats.proto.comments import Comments
from apicontract.formats.proto.http_templates import MalformedTemplate, parse
from apicontract.formats.proto.packages import major
from apicontract.formats.proto.policies import stated_policy
from apicontract.generation.grpc.proto_json import ERROR, is_free_form, is_one_text, scalar, well_known
from apicontract.generation.grpc.rest_paths import field_at, rest_path, unusable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.formats.proto.annotations import Binding
    from apicontract.formats.proto.elements import Element, Enum, Field, Message, Method, Service
    from apicontract.formats.proto.model import Proto
    from apicontract.generation.grpc.rest_paths import PathParameter, RestPath
    from apicontract.sources import Json

    Object = dict[str, Json]

_ERROR = "google.rpc.Status"
_RAW = "google.api.HttpBody"  # the body itself, of any type
_VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE")
_MOST_PAIRS = 45  # of members of a oneof that exclude each other; ten members have so many


@dataclass(frozen=True, slots=True)
class RestFace:
    """The document, and the methods that are not in it: (full name, why)."""

    document: Object
    left_out: tuple[tuple[str, str], ...]


def rest_face(contract: Proto, packages: Sequence[str]) -> RestFace:
    """The REST face of the services of these packages; its paths are empty if no method has a route."""
    return _Face(contract, packages).made()


def as_yaml(document: Object) -> str:
    """The document as YAML, every part of it where it belongs: without anchors and aliases."""
    import yaml

    class Plain(yaml.SafeDumper):
        """Writes what is the same twice, twice."""

        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # its caller's signature
            return True

    return yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=110)


class _Face:
    """Collects paths and the schemas they need."""

    def __init__(self, contract: Proto, packages: Sequence[str]) -> None:
        self._contract = contract
        self._packages = packages
        self._files = [file for file in contract.own_files if file.package in packages]
        self._comments: dict[str, Comments] = {}
        self._paths: dict[str, Object] = {}
        self._shapes: dict[str, RestPath] = {}
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
            if binding.verb not in _VERBS:
                self._left_out.append((method.full_name, f"OpenAPI 3.1 has no method {binding.verb}"))
                continue
            why = unusable(binding, template, method)
            if why:
                self._left_out.append((method.full_name, f"{why}, in `{binding.path}`"))
                continue
            path = self._path(rest_path(template))
            there = self._paths.setdefault(path.text, {})
            if binding.verb.lower() in there:
                self._left_out.append((method.full_name, f"{binding.verb} {path.text} is another method's"))
                continue
            there[binding.verb.lower()] = self._operation(service, method, binding, path.parameters)

    def _path(self, path: RestPath) -> RestPath:
        """The path with the names that its parameters have where OpenAPI sees the same path."""
        return path.named_as(self._shapes.setdefault(path.shape, path))

    def _operation(
        self, service: Service, method: Method, binding: Binding, captured: Sequence[PathParameter]
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
        bound = {one.field for one in captured}
        parameters = [self._in_path(request, one) for one in captured]
        if request is not None and binding.body != "*":
            parameters += self._query(request, {*bound, binding.body})
        if parameters:
            operation["parameters"] = parameters  # type: ignore[assignment]
        if binding.body and request is not None:
            operation["requestBody"] = {"required": True, "content": self._body(request, binding.body, bound)}
        if binding.verb == "HEAD":
            operation["responses"] = {"200": {"description": "Headers, and no body."}}
            return operation
        operation["responses"] = {
            "200": {"description": "The answer.", "content": self._answer(method, binding)},
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

    def _in_path(self, request: Message | None, one: PathParameter) -> Object:
        field = field_at(request, one.field) if not one.note else None
        described: Object = {"description": one.note} if one.note else {}
        if field is not None:
            described = self._described(field)
        schema: Object = self._value(field) if field is not None else {"type": "string"}
        return {"name": one.name, "in": "path", "required": True, **described, "schema": schema}

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
                if inner is not None and is_free_form(inner.full_name):
                    continue
                if inner is not None and not is_one_text(inner.full_name):
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

    def _body(self, request: Message, body: str, bound: set[str]) -> Object:
        """The media types of a request's body."""
        if body != "*":
            return self._content(request.by_name[body])
        if request.full_name == _RAW:
            return _raw()
        return _json(self._object(request, bound) if bound else self._reference(request))

    def _answer(self, method: Method, binding: Binding) -> Object:
        """The media types of a response."""
        response = method.response
        if response is None:
            return _json({})
        if binding.response_body:
            return self._content(response.by_name[binding.response_body], many=method.server_streaming)
        if response.full_name == _RAW:
            return _raw()
        schema = self._reference(response)
        return _json({"type": "array", "items": schema} if method.server_streaming else schema)

    def _content(self, field: Field, *, many: bool = False) -> Object:
        """The media types of a body that is a field."""
        if field.type_message is not None and field.type_message.full_name == _RAW:
            return _raw()
        schema = self._schema(field)
        return _json({"type": "array", "items": schema} if many else schema)

    def _error(self) -> Object:
        self._schemas.setdefault(_ERROR, deepcopy(ERROR))
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
        return scalar(str(field.kind))

    def _reference(self, one: Message | Enum) -> Object:
        known = well_known(one.full_name)
        if known is not None:
            return known
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


def _json(schema: Object) -> Object:
    return {"application/json": {"schema": schema}}


def _raw() -> Object:
    """The bytes of the body as they are, of whatever type they are."""
    return {"*/*": {}}


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    pairs = list(combinations(names, 2))
    yield from pairs if len(pairs) <= _MOST_PAIRS else ()


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
