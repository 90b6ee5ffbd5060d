"""From an OpenAPI contract to the plan of what is generated for it.

Reads the contract through the format's own reader, so that 2.0 to 3.2 look alike. Gives names, types and
the meaning of statuses; how anything is written in Python is the templates' business.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.formats.openapi.reading import Reader
from apicontract.formats.openapi.swagger import SwaggerReader
from apicontract.generation import names
from apicontract.generation.declared import policy_text
from apicontract.generation.models import annotation
from apicontract.generation.rest import answers as answering
from apicontract.generation.rest import bodies
from apicontract.generation.rest.fallbacks import check_fallback
from apicontract.generation.rest.links import Links, variants_of
from apicontract.generation.rest.paging import paging_of
from apicontract.generation.rest.plan import (
    GroupPlan,
    OperationPlan,
    ParameterPlan,
    RestPlan,
    SchemePlan,
)
from apicontract.generation.rest.selecting import selection_of
from apicontract.generation.schemas import ModelOptions, Schemas
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.model import Node, Operation, Parameter, PathItem, Server
    from apicontract.generation.rest.plan import BodyPlan
    from apicontract.schemas import Schema
    from apicontract.sources import Json

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})  # RFC 9110, 9.2.2
# What generated methods and modules have names for already.
_RESERVED = ("self", "body", "timeout", "policy", "headers", "media_type", "on_response", "options")
_CLASSES = (
    "Client", "AsyncClient", "Any", "Operation", "Parameter", "Body", "Answer", "Engine", "AsyncEngine",
    "Setup",
    "CallOptions", "Payload", "Base64Bytes", "Duration",
    "JsonDecimal", "Policy", "Retry", "Breaker", "Bulkhead",
    "Fallback",
    "Dependency", "Event", "Discovery", "ApiKey", "Auth", "Basic", "Bearer", "Secret", "Encoding", "Upload",
    "StatusError", "StreamedResponse", "AsyncStreamedResponse", "ServerEvent", "HttpxTransport", "Transport",
    "AsyncTransport", "AsyncHttpxTransport", "Literal", "Self", "Unpack", "UUID", "Decimal", "Mapping",
    "Sequence",
    "Callable", "Iterator", "AsyncIterator", "TYPE_CHECKING", "Awaitable", "ClassVar", "Exchange", "LinkTo",
    "T", "TypeVar", "dataclass",
)  # fmt: skip
_CONSTRUCTOR = (  # names that the constructor has, or uses
    "self", "base_url", "policy", "transport", "discovery", "headers", "listeners", "dict", "isinstance",
    "str", "callable", "tuple", "httpx", "credentials", "setup", "carrier",
)  # fmt: skip
_GROUP = ("operations_by_name",)  # names that a group's class has
_CLIENT = (*_GROUP, "engine", "dependency", "close", "aclose", "follow")  # and those of a client's
_MODULES = ("client", "errors", "models", "operations", "init")
_PREFIX = re.compile(r"^([^/.:]+)[/.:]+(?=.)")
_STYLES = {"query": "form", "cookie": "form", "querystring": "form", "path": "simple", "header": "simple"}


def plan_of(
    contract: OpenApi,
    options: ModelOptions,
    major: str = "",
    read: Callable[[int, int], None] = lambda _, __: None,
) -> RestPlan:
    """The plan for one contract. ContractError, with its place, for what cannot be generated.

    major: the name of the major version (`v2`); empty finds it in paths, servers, or the version. read: told
    how many operations of how many are read.
    """
    return _Planner(contract, options, read).plan(major or major_of(contract))


def major_of(contract: OpenApi) -> str:
    """`v1`: the major that clients see in paths or servers, else that of the version, else the first."""
    for visible in contract.majors:
        return f"v{visible.major}"
    found = re.match(r"[vV]?(\d{1,6})(?:\.|$)", contract.version)
    return f"v{max(int(found[1]), 1)}" if found else "v1"


class _Planner:
    def __init__(self, contract: OpenApi, options: ModelOptions, read: Callable[[int, int], None]) -> None:
        self.contract = contract
        self.read = read
        self.done = 0
        self.reader: Reader = SwaggerReader(contract) if contract.series == "2.0" else Reader(contract)
        self.schemas = Schemas(options)
        self.errors = answering.Errors()
        self.links = Links(self.reader)

    def plan(self, major: str) -> RestPlan:
        root = self.reader.root
        declared = self._declared_schemas()
        self.schemas.reserve(declared)
        groups = self._groups()
        self.schemas.include(declared)
        info = root.fields.get("info")
        about = info.get("description") if isinstance(info, dict) else None
        return RestPlan(
            self.contract.title or "API",
            self.contract.version,
            about if isinstance(about, str) else "",
            major,
            self._base_url(),
            policy_text([root]),
            groups,
            self.errors.plans(),
            tuple(self._schemes()),
            self.schemas.finish(),
            self.schemas.declared(),
            tuple(self.links.notes),
        )

    def _groups(self) -> tuple[GroupPlan, ...]:
        """The operations by tag, with names that are unique and links among them."""
        found = [
            (item, self.reader.operation(item, method))
            for item in self.reader.paths()
            for method in item.operations
        ]
        tags = self._tags()
        groups: dict[str, list[tuple[PathItem, Operation]]] = {}
        for item, operation in found:
            groups.setdefault(_tag(operation), []).append((item, operation))
        given = names.Names(_MODULES, fold=True)
        attributes = {tag: given.give(_attribute(tag)) if tag else "" for tag in sorted(groups)}
        classes = names.Names(_CLASSES, separator="", fold=True)
        titles = {tag: classes.give(_class_name(tag)) if tag else "" for tag in sorted(groups)}
        scopes = {tag: _method_names(tag, members, attributes) for tag, members in groups.items()}
        planned = []
        for tag in sorted(groups):
            node = tags.get(tag)
            methods, _ = scopes[tag]
            operations = []
            for item, operation in groups[tag]:
                plan = self._operation(item, operation, methods[id(operation)], node, titles[tag])
                self.links.add(attributes[tag], operation, plan)
                operations.append(plan)
                self.done += 1
                self.read(self.done, len(found))
            said = node.fields.get("description") if node else None
            planned.append(
                GroupPlan(
                    attributes[tag],
                    titles[tag],
                    tag,
                    said if isinstance(said, str) else "",
                    tuple(operations),
                )
            )
        taken = (*_CLASSES, *(f"{prefix}{title}" for title in titles.values() for prefix in ("", "Async")))
        return tuple(
            _with_variants(self.links.given(group, taken), scopes[group.title][1]) for group in planned
        )

    def _declared_schemas(self) -> list[Schema]:
        root = self.reader.root
        holder = root if self.contract.series == "2.0" else root.get("components")
        listed = holder.get("definitions" if self.contract.series == "2.0" else "schemas") if holder else None
        found = [self.reader.schema(node) for _, node in (listed.members() if listed else ())]
        return [schema for schema in found if schema is not None]

    def _tags(self) -> dict[str, Node]:
        listed = self.reader.root.get("tags")
        return {
            str(node.fields["name"]): node
            for node in (listed.elements() if listed else ())
            if "name" in node.fields
        }

    def _operation(
        self, item: PathItem, operation: Operation, python: str, tag: Node | None, group: str
    ) -> OperationPlan:
        fields = operation.node.fields
        hint = (
            names.pascal(python)
            if not group or len(names.words(python)) > 1
            else group + names.pascal(python)
        )
        parameters = self._parameters(operation, hint)
        body = self._body(operation, hint)
        found = answering.answers_of(operation, self.schemas, self.errors, hint)
        check_fallback([self.reader.root, tag, operation.node], operation, found)
        key = next(
            (
                one.python
                for one in parameters
                if one.place == "header" and one.name.lower() == "idempotency-key"
            ),
            "",
        )
        title = str(fields.get("operationId") or operation.title)
        summary, description, sunset = (fields.get(name) for name in ("summary", "description", "x-sunset"))
        declared = fields.get("x-apicontract")
        return OperationPlan(
            python,
            title,
            operation.method,
            operation.path,
            summary if isinstance(summary, str) else "",
            description if isinstance(description, str) else "",
            fields.get("deprecated") is True,
            "" if sunset is None else str(sunset),
            operation.method in _SAFE,
            key,
            parameters,
            body,
            found,
            answering.result_of(found),
            answering.streams_of(found),
            policy_text([self.reader.root, tag, operation.node], title)
            if any(one is not None and "x-apicontract" in one.fields for one in (tag, operation.node))
            else "",
            self._security(operation),
            self._own_server(item, operation),
            paging_of(operation, parameters, found),
            operation.node.place,
            declared if isinstance(declared, dict) else {},
        )

    def _parameters(self, operation: Operation, hint: str) -> tuple[ParameterPlan, ...]:
        given = names.Names(_RESERVED)
        planned = []
        template = re.findall(r"\{([^{}]*)\}", operation.path)
        known = {one.name for one in operation.parameters.values() if one.location == "path"}
        for name in template:
            if name not in known:
                place = operation.node.place
                raise ContractError(
                    f"`{operation.path}` has no parameter `{name}`",
                    file=place.file,
                    line=place.line,
                    column=place.column,
                    hint=f"declare it: `- {{name: {name}, in: path, required: true, …}}`",
                )
        order = {name: number for number, name in enumerate(template)}
        listed = sorted(
            operation.parameters.values(),
            key=lambda one: order.get(one.name, 0) if one.location == "path" else 999,
        )
        for parameter in listed:
            if parameter.location == "path" and parameter.name not in order:
                continue
            if parameter.location not in _STYLES:
                continue
            planned.append(self._parameter(parameter, given, hint))
        return tuple(planned)

    def _parameter(self, parameter: Parameter, given: names.Names, hint: str) -> ParameterPlan:
        wanted = names.snake(parameter.name, "parameter")
        python = given.give(f"{wanted}_" if wanted in _RESERVED else wanted)
        media, schema = "", parameter.schema
        if parameter.content:
            media, entry = next(iter(parameter.content.items()))
            schema = entry.schema
        converted = self.schemas.convert(schema, hint + names.pascal(parameter.name), "in") if schema else {}
        text = parameter.node.fields.get("description")
        return ParameterPlan(
            python,
            parameter.name,
            parameter.location,
            parameter.style.partition(" of ")[0],
            parameter.explode,
            parameter.allow_reserved,
            media,
            parameter.required,
            annotation(converted),
            text if isinstance(text, str) else "",
            converted,
            selection_of(parameter, converted),
        )

    def _body(self, operation: Operation, hint: str) -> BodyPlan | None:
        return bodies.body_of(operation.body, self.schemas, hint) if operation.body else None

    def _security(self, operation: Operation) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(one.schemes) for one in operation.security)

    def _base_url(self) -> str:
        return _url(*self.reader.servers())

    def _own_server(self, item: PathItem, operation: Operation) -> str:
        """The address of an operation that has a server of its own on another host."""
        if "servers" not in item.node.fields and "servers" not in operation.node.fields:
            return ""
        own = _url(*operation.servers)
        return "" if own == self._base_url() else own

    def _schemes(self) -> list[SchemePlan]:
        given = names.Names(_CONSTRUCTOR)
        found = []
        for name, node in self.reader.security_schemes().items():
            kind, key, place = _scheme(node.fields)
            text = node.fields.get("description")
            if kind:
                python = given.give(names.snake(name, "parameter"))
                found.append(
                    SchemePlan(python, name, kind, key, place, text if isinstance(text, str) else "")
                )
        return found


def _url(*servers: Server) -> str:
    """The address of the first server that has a whole one, with its variables' defaults."""
    for server in servers:
        url = server.url
        for name, node in server.variables.items():
            url = url.replace(f"{{{name}}}", str(node.fields.get("default", "")))
        if re.match(r"https?://[^\s{}]+$", url):
            return url.rstrip("/")
        if url.startswith("//"):
            return "https:" + url.rstrip("/")
    return ""


def _scheme(fields: Mapping[str, Json]) -> tuple[str, str, str]:
    """(kind, name of the key or scheme, place) of a security scheme; no kind for what needs none of ours."""
    kind, scheme = str(fields.get("type")), str(fields.get("scheme", "")).lower()
    if kind == "apiKey":
        return "key", str(fields.get("name", "")), str(fields.get("in", "header"))
    if kind == "basic" or (kind == "http" and scheme == "basic"):
        return "basic", "", ""
    if kind == "http":
        return "bearer", str(fields.get("scheme", "Bearer")) if scheme != "bearer" else "Bearer", ""
    return ("bearer", "Bearer", "") if kind in ("oauth2", "openIdConnect") else ("", "", "")


def _attribute(tag: str) -> str:
    """The attribute of a client that a tag's operations are, which is also the name of their module."""
    name = names.module(tag)
    return f"{name}_" if name in _CLIENT else name


def _method_names(
    tag: str, members: list[tuple[PathItem, Operation]], attributes: Mapping[str, str]
) -> tuple[dict[int, str], names.Names]:
    """The name of each operation in its group; those with an operationId have the first choice.

    attributes: by tag, those of the client, whose methods the operations without a tag are.
    """
    given = names.Names(_GROUP if tag else (*_CLIENT, *attributes.values()))
    found: dict[int, str] = {}
    for _, operation in sorted(members, key=lambda pair: "operationId" not in pair[1].node.fields):
        found[id(operation)] = given.give(_method_name(operation, tag))
    return found, given


def _with_variants(group: GroupPlan, given: names.Names) -> GroupPlan:
    """The group with names for the further methods of its operations."""
    return replace(
        group,
        operations=tuple(
            replace(operation, variants=variants_of(operation, given)) for operation in group.operations
        ),
    )


def _class_name(tag: str) -> str:
    """The class of a group; beside each stands one that begins with `Async`, so that none may of its own."""
    name = names.pascal(tag)
    return f"{name}Operations" if name.startswith("Async") else name


def _tag(operation: Operation) -> str:
    listed = operation.node.fields.get("tags")
    first = listed[0] if isinstance(listed, list) and listed else ""
    return first if isinstance(first, str) else ""


def _method_name(operation: Operation, tag: str) -> str:
    said = operation.node.fields.get("operationId")
    if not isinstance(said, str) or not said.strip():
        path = re.sub(r"\{([^{}]*)\}", r" by \1 ", operation.path)
        return names.snake(f"{operation.method.lower()} {path}", "call")
    prefix = _PREFIX.match(said)
    if prefix and names.words(prefix[1]) == names.words(tag or "-"):
        said = said[prefix.end() :]
    return names.snake(said, "call")
