"""What is generated for services, as plain data: which module has which client, which method takes what.

Knows the contract and the layout; how the code looks is the templates' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.formats.proto.comments import Comments
from apicontract.generation.names import Names, pascal, snake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.elements import Service
    from apicontract.formats.proto.model import Proto
    from apicontract.generation.grpc.declarations import MethodPolicy, Policies
    from apicontract.generation.grpc.layout import Layout
    from apicontract.generation.grpc.types import TypeNames

_RESERVED = frozenset({"close", "connection", "service_config", "settings", "channel", "register", "handler"})


@dataclass(frozen=True, slots=True)
class MethodPlan:
    """One method.

    name: in the contract. python: of the method. request, response: expressions that name the classes.
    many_in, many_out: whether either side sends a stream. policy: how calls survive partial failure. comment:
    the contract's words.
    """

    name: str
    python: str
    request: str
    response: str
    many_in: bool
    many_out: bool
    policy: MethodPolicy
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
    def takes_many(self) -> bool:
        """Whether clients of any of its methods send a stream."""
        return any(one.many_in for one in self.methods)

    @property
    def gives_many(self) -> bool:
        """Whether any of its methods answers with a stream."""
        return any(one.many_out for one in self.methods)

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


def majors(contract: Proto, layout: Layout, names: TypeNames, policies: Policies) -> Iterator[MajorPlan]:
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
                called = modules.give(snake(service.name))
                around = _Around(package, layout, names, comments, policies)
                services.append(_service(service, name, called, around))
        yield MajorPlan(package, tuple(file.name for file in files), tuple(services), tuple(types))


@dataclass(frozen=True, slots=True)
class _Around:
    """What a service's plan is made with."""

    package: tuple[str, ...]
    layout: Layout
    names: TypeNames
    comments: Comments
    policies: Policies


def _service(service: Service, name: str, module: str, around: _Around) -> ServicePlan:
    comments = around.comments
    aliases = Names()
    imports: dict[str, tuple[str, str, str]] = {}

    def expression(full_name: str) -> str:
        found = around.names.by_full_name[full_name]
        placed = around.layout.modules[found.file]
        if found.file not in imports:
            source, what = placed.imported_from((*around.package, "inner"))
            imports[found.file] = (source, what, aliases.give(what))
        return ".".join((imports[found.file][2], *found.names))

    given = Names(_RESERVED)
    methods = [
        MethodPlan(
            method.name,
            given.give(snake(method.name, "method")),
            expression(method.request_type),
            expression(method.response_type),
            method.client_streaming,
            method.server_streaming,
            around.policies.of(method),
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
