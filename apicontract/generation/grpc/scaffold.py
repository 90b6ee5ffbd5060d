"""What a server's user gets once: handlers to write, a program, its settings, a test, a way to deploy it.

Names of services may be those of others, in another version or package, and of what the files import: each
name is given once in each file. How the files look is the templates' business, and ruff's.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from apicontract.generation.grpc.layout import root_name, untyped
from apicontract.generation.names import Names, pascal
from apicontract.generation.python_files import formatted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.model import Proto
    from apicontract.generation.grpc.plan import MajorPlan, MethodPlan, ServicePlan
    from apicontract.generation.rendering import Templates

SCAFFOLD = (
    "app.py",
    "handlers.py",
    "registering.py",
    "test_app.py",
    "pyproject.toml",
    "Dockerfile",
    "kubernetes.yaml",
    "README.md",
)
_OF_HANDLERS = ("AsyncIterator", "Any", "Context", "grpc", "annotations")
_OF_APP = (
    "asyncio",
    "logging",
    "handlers",
    "around",
    "Server",
    "ServerSettings",
    "server",
    "main",
    "settings",
    "chosen",
    "services",
    "made",
    "error",
    "annotations",
)


@dataclass(frozen=True, slots=True)
class Served:
    """A service in the scaffold: the class that handles it, that class's base, its module in `app.py`."""

    plan: ServicePlan
    handler: str
    base: str
    module: str
    source: str  # where the module is


def scaffold(contract: Proto, root: str, plans: list[MajorPlan], templates: Templates) -> dict[str, bytes]:
    """The files by their paths beside the package."""
    served = [plan for plan in plans if plan.services]
    names = _Names(root, served)
    title = root_name(contract.unit.packages)
    values: dict[str, object] = {
        "root": root,
        "title": title,
        "service": title.replace("_", "-"),
        "services": names.services,
        "imports": list(names.imports()),
        "modules": list(names.modules()),
        "said": names.said,
        "taken": names.taken,
        "given": names.given,
        "grpcio": _minor("grpcio"),
        "protobuf": _minor("protobuf"),
    }
    texts = {path: templates.render(f"grpc/scaffold/{path}.j2", values) for path in SCAFFOLD}
    ordered = formatted({**texts, **dict.fromkeys(names.ours(), "")})
    return {path: ordered[path] for path in SCAFFOLD}


class _Names:
    """How the scaffold's files name what they import: in one module, whatever the services call it."""

    def __init__(self, root: str, plans: list[MajorPlan]) -> None:
        self._root = root
        in_handlers, in_app = Names(_OF_HANDLERS), Names(_OF_APP)
        told = dict(_told_apart([(plan.package, one) for plan in plans for one in plan.services]))
        self._aliases: dict[tuple[str, str], str] = {}
        self._imports: set[tuple[str, str, str]] = set()
        self.services: list[Served] = []
        for plan in plans:
            for service in plan.services:
                name = told[service.full_name]
                source = ".".join((root, *plan.package, "server"))
                handler = in_handlers.give(name, ("class", service.full_name))
                base = in_handlers.give(f"{name}Handler", ("base", service.full_name))
                module = service.module if len(plans) == 1 else "_".join((*plan.package, service.module))
                module = in_app.give(module, service.full_name)
                self.services.append(Served(service, handler, base, module, source))
                self._imports.add((f"{source}.{service.module}", f"{service.name}Handler", base))
        for plan in plans:
            holder = (root, *plan.package, "inner")
            for service in plan.services:
                for source, what, alias in service.imports:
                    up = len(source) - len(source.lstrip("."))
                    parts = (*holder[: len(holder) + 1 - up], source.lstrip(".")) if up else (source,)
                    place = ".".join(part for part in parts if part)
                    given = in_handlers.give(what, (place, what))
                    self._aliases[service.full_name, alias] = given
                    self._imports.add((place, what, given))

    def imports(self) -> Iterator[str]:
        """The import statements of the handlers."""
        for source, what, alias in sorted(self._imports):
            yield f"from {source} import {what}{f' as {alias}' if alias != what else ''}{untyped(source)}"

    def modules(self) -> Iterator[str]:
        """The import statements of the program."""
        for one in self.services:
            renamed = f" as {one.module}" if one.module != one.plan.module else ""
            yield f"from {one.source} import {one.plan.module}{renamed}"

    def ours(self) -> Iterator[str]:
        """Paths of modules in the package: ruff has to see that they are no one else's."""
        for name in ("grpc/server", "discovery/announcing", "discovery/registration"):
            yield f"{self._root}/_runtime/{name}.py"
        for source, what, _ in self._imports:
            if source.partition(".")[0] == self._root:
                yield f"{source.replace('.', '/')}/__init__.py"
                yield f"{source.replace('.', '/')}/{what}.py"

    def said(self, service: ServicePlan, expression: str) -> str:
        """The name of a class in the handlers' module."""
        alias, _, rest = expression.partition(".")
        return f"{self._aliases[service.full_name, alias]}.{rest}"

    def taken(self, service: ServicePlan, method: MethodPlan) -> str:
        """The parameter of a handler's method."""
        kind = self.said(service, method.request)
        return f"requests: AsyncIterator[{kind}]" if method.many_in else f"request: {kind}"

    def given(self, service: ServicePlan, method: MethodPlan) -> str:
        """What a handler's method gives."""
        kind = self.said(service, method.response)
        return f"AsyncIterator[{kind}]" if method.many_out else kind


def _told_apart(services: list[tuple[tuple[str, ...], ServicePlan]]) -> Iterator[tuple[str, str]]:
    """(full name, name) of each: those of one name have as much of their package behind it as is needed."""
    by_name: dict[str, list[tuple[tuple[str, ...], ServicePlan]]] = {}
    for package, service in services:
        by_name.setdefault(service.name, []).append((package, service))
    for name, alike in by_name.items():
        length = 0
        longest = max(len(package) for package, _ in alike)
        while length < longest and len({package[-length:] if length else () for package, _ in alike}) < len(
            alike
        ):
            length += 1
        for package, service in alike:
            behind = package[-length:] if length else ()
            yield service.full_name, name + "".join(pascal(part) for part in behind)


def _minor(distribution: str) -> str:
    """The version that generated code needs at least: the one that made it, without its patch."""
    return ".".join(version(distribution).split(".")[:2])
