"""What is generated for services, as plain data: which module has which client, which method takes what.

Knows the contract and the layout; how the code looks is the templates' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import http_bindings
from apicontract.formats.proto.comments import Comments
from apicontract.formats.proto.policies import POLICY, stated_policy
from apicontract.generation.names import Names, pascal, snake
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.proto.elements import Element, Method, Service
    from apicontract.formats.proto.model import Proto
    from apicontract.generation.grpc.layout import Layout
    from apicontract.generation.grpc.types import TypeNames

_RESERVED = frozenset({"close", "connection", "service_config", "settings", "channel", "register", "handler"})


@dataclass(frozen=True, slots=True)
class MethodPlan:
    """One method.

    name: in the contract. python: of the method. request, response: expressions that name the classes.
    many_in, many_out: whether either side sends a stream. safe: whether it may be repeated. declarations:
    what file, service and method say of its policy, outermost first. comment: the contract's words.
    """

    name: str
    python: str
    request: str
    response: str
    many_in: bool
    many_out: bool
    safe: bool
    declarations: tuple[Mapping[str, object], ...]
    comment: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """One service: its file and full name, what its classes are named after, their module, its imports."""

    file: str
    full_name: str
    name: str
    module: str
    imports: tuple[tuple[str, str, str], ...]  # from where, what, as what
    methods: tuple[MethodPlan, ...]
    comment: str
    deprecated: bool

    @property
    def relative(self) -> bool:
        """Whether it imports modules of the package."""
        return any(source.startswith(".") for source, _, _ in self.imports)


@dataclass(frozen=True, slots=True)
class MajorPlan:
    """One version package: its path below the root, its services, its message classes by their modules.

    files: import paths of its protos. types: (module, name of a class).
    """

    package: tuple[str, ...]
    files: tuple[str, ...]
    services: tuple[ServicePlan, ...]
    types: tuple[tuple[str, str], ...]


def majors(contract: Proto, layout: Layout, names: TypeNames) -> Iterator[MajorPlan]:
    """Each version package of the contract. ContractError where a policy says nothing sensible."""
    for package, protos in sorted(layout.majors.items()):
        files = [file for file in contract.own_files if file.package in protos]
        given = Names()
        types: list[tuple[str, str]] = []
        for file in files:
            module = layout.modules[file.name]
            if module.installed:
                continue
            for one in (*file.messages, *file.enums):
                name = names.by_full_name[one.full_name].names[0]
                if given.give(name) == name:
                    types.append((module.name, name))
        modules = Names(reserved=("types", "abc"), fold=True)
        services = []
        for file in files:
            comments = Comments(file)
            for service in file.services:
                name = given.give(pascal(service.name), service)
                services.append(
                    _service(
                        service, name, modules.give(snake(service.name)), (package, layout, names, comments)
                    )
                )
        yield MajorPlan(package, tuple(file.name for file in files), tuple(services), tuple(types))


def _service(
    service: Service, name: str, module: str, around: tuple[tuple[str, ...], Layout, TypeNames, Comments]
) -> ServicePlan:
    package, layout, names, comments = around
    aliases = Names()
    imports: dict[str, tuple[str, str, str]] = {}

    def expression(full_name: str) -> str:
        found = names.by_full_name[full_name]
        placed = layout.modules[found.file]
        if found.file not in imports:
            source, what = placed.imported_from((*package, "inner"))
            imports[found.file] = (source, what, aliases.give(what))
        return ".".join((imports[found.file][2], *found.names))

    given = Names(_RESERVED)
    declared = {method.name: tuple(_declarations(method)) for method in service.methods}
    methods = [
        MethodPlan(
            method.name,
            given.give(snake(method.name, "method")),
            expression(method.request_type),
            expression(method.response_type),
            method.client_streaming,
            method.server_streaming,
            _is_safe(method),
            declared[method.name],
            comments.text(method.pointer),
            method.deprecated,
        )
        for method in service.methods
    ]
    ordered = tuple(sorted(imports.values(), key=lambda one: (-len(one[0]) + len(one[0].lstrip(".")), *one)))
    return ServicePlan(
        service.file.name,
        service.full_name,
        name,
        module,
        ordered,
        tuple(methods),
        comments.text(service.pointer),
        service.deprecated,
    )


def _is_safe(method: Method) -> bool:
    """Whether it may be repeated: the policy says it, else the idempotency level, else an HTTP GET."""
    _, stated = stated_policy(method.options)
    if stated is not None:
        return stated
    if method.idempotency != "IDEMPOTENCY_UNKNOWN":
        return True
    return any(binding.verb == "GET" for binding in http_bindings(method))


def _declarations(method: Method) -> Iterator[Mapping[str, object]]:
    from apicontract.generation.declared import policies

    stated: list[Mapping[str, object]] = []
    for holder in (method.file.element, method.service, method):
        options = method.file.options if holder is method.file.element else holder.options  # type: ignore[attr-defined]
        try:
            found, _ = stated_policy(options)
            policies().declared(*stated, found)
        except ValueError as mistake:  # also of JSON
            where = ".".join(map(str, getattr(mistake, "path", ())))
            said = f"{where}: {getattr(mistake, 'reason', mistake)}" if where else str(mistake)
            raise _at(holder, f"the policy cannot be used: {said}") from None
        stated.append(found)
    if method.server_streaming and stated[-1].get("fallback") not in (None, "error"):
        raise _at(method, "a stream of responses has no fallback but the error")
    yield from (one for one in stated if one)


def _at(holder: Element, message: str) -> ContractError:
    place = holder.at("options", POLICY)
    return ContractError(message, file=place.file, line=place.line, column=place.column)
