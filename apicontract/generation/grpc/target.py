"""A gRPC client or server as a tree: `_pb2` modules with typed stubs, what stands on them, and a scaffold.

Makes texts; writing them is the tree's business.
"""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from apicontract.generation.grpc.gencode import message_modules
from apicontract.generation.grpc.layout import layout, root_name
from apicontract.generation.grpc.messages import file_stub
from apicontract.generation.grpc.plan import majors
from apicontract.generation.grpc.types import type_names
from apicontract.generation.names import Names, snake
from apicontract.generation.runtime_files import sources
from apicontract.generation.tree import Part, Tree
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.proto.model import Proto
    from apicontract.generation.grpc.plan import MajorPlan, MethodPlan, ServicePlan
    from apicontract.generation.rendering import Templates

Side = Literal["client", "server"]
_NOQA = "# ruff: noqa\n"  # protoc's own style
_WITHOUT = {
    "client": ("http/", "client/", "server/", "values.py", "grpc/server.py", "grpc/interceptor.py"),
    "server": (
        "http/",
        "client/",
        "server/",
        "values.py",
        "grpc/client.py",
        "grpc/judging.py",
        "grpc/methods.py",
    ),
}  # of the runtime: what the other side needs


def grpc_tree(
    contract: Proto, side: Side, templates: Templates, *, tool: str, package: str = "", forced: str = ""
) -> Tree:
    """All files of a client or a server.

    tool: the version of this program. package: the Python package, else named after what the proto packages
    share. forced: a version instead of the packages' own. ContractError where something cannot be generated.
    """
    root = package or snake(f"{root_name(contract.unit.packages)}_{side}")
    if snake(root) != root:
        raise ContractError(f"`{root}` is no name for a Python package", hint=f"call it `{snake(root)}`")
    digest = _digest(contract, templates, (tool, side, root, forced))
    origin = f"by apicontract {tool} from the contract {digest[:16]}"
    header = f"# Generated {origin}. Not to be edited: it is rewritten."
    maker = _Maker(contract, side, templates, header, forced)
    plans = maker.plans()
    if not any(plan.services for plan in plans):
        raise ContractError(
            "no service is declared here", file=contract.source, hint="name the files with services"
        )
    messages, imported = maker.messages()
    shared = {f"_runtime/{name}": text for name, text in sources() if _needed(name, side)}
    shared |= {"__init__.py": b"", "py.typed": b""}
    parts = {"shared": Part(_digest_of(tool, shared), _below(root, shared))}
    for plan in plans:
        own = {**imported, **messages.get(plan.package, {}), **maker.services(plan)}
        parts["/".join(plan.package)] = Part(digest, _below(root, _packages(own)))
    return Tree(root, parts, maker.scaffold(root, plans) if side == "server" else {})


class _Maker:
    """Renders the files of one contract."""

    def __init__(self, contract: Proto, side: Side, templates: Templates, header: str, forced: str) -> None:
        self._contract = contract
        self._side = side
        self._templates = templates
        self._header = header
        files = contract.files
        self._layout = layout(
            {name: file.package for name, file in files.items()}, contract.own, forced=forced
        )
        self._names = type_names({name: file.proto for name, file in files.items()})

    def plans(self) -> list[MajorPlan]:
        """Each version package."""
        return list(majors(self._contract, self._layout, self._names))

    def messages(self) -> tuple[dict[tuple[str, ...], dict[str, bytes]], dict[str, bytes]]:
        """(the modules of messages by version package, those of imports), by paths below the root."""
        parts = self._contract.unit.compiled.parts
        texts = message_modules(parts, self._layout, self._names.second)  # at work while stubs are made
        stubs = {
            name: self._stub(name) for name, module in self._layout.modules.items() if not module.installed
        }
        by_package: dict[tuple[str, ...], dict[str, bytes]] = {}
        imported: dict[str, bytes] = {}
        for name, text in texts():
            module = self._layout.modules[name]
            own = module.package in self._layout.majors
            target = by_package.setdefault(module.package, {}) if own else imported
            target[f"{module.path}.py"] = f"{self._header}\n{_NOQA}{text}".encode()
            target[f"{module.path}.pyi"] = stubs[name]
        return by_package, imported

    def _stub(self, name: str) -> bytes:
        stub = file_stub(self._contract, self._contract.files[name], self._layout, self._names)
        return self._render("grpc/messages.pyi.j2", stub=stub, a=stub.a)

    def services(self, plan: MajorPlan) -> dict[str, bytes]:
        """The modules of a version package's services, and its `__init__`."""
        base = "/".join(plan.package)
        made: dict[str, bytes] = {}
        exports = list(plan.types)
        for service in plan.services:
            made[f"{base}/{self._side}/{service.module}.py"] = self._render(
                f"grpc/{self._side}/service.py.j2",
                service=service,
                runtime="." * (len(plan.package) + 2) + "_runtime",
                untyped=_untyped,
            )
            exports += [
                (f"{self._side}.{service.module}", name) for name in _classes(service.name, self._side)
            ]
        services = ", ".join(f"`{one.full_name}`" for one in plan.services)
        what = (
            f"Messages{f' and {self._side}s of ' + services if services else ''}, imported when first used."
        )
        made[f"{base}/__init__.py"] = self._render(
            "grpc/exports.py.j2", what=what, exports=sorted(exports), names=_listed(exports)
        )
        return made

    def scaffold(self, root: str, plans: list[MajorPlan]) -> dict[str, bytes]:
        """What is written once and is the user's from then on."""
        served = [plan for plan in plans if plan.services]
        handlers = _Handlers(root, served)
        values = {
            "root": root,
            "plans": served,
            "title": root_name(self._contract.unit.packages),
            "imports": list(handlers.imports()),
            "said": handlers.said,
            "taken": handlers.taken,
            "given": handlers.given,
            "grpcio": _minor("grpcio"),
            "protobuf": _minor("protobuf"),
        }
        return {
            path: self._render(f"grpc/scaffold/{template}", **values)
            for path, template in (
                ("app.py", "app.py.j2"),
                ("handlers.py", "handlers.py.j2"),
                ("test_app.py", "test_app.py.j2"),
                ("pyproject.toml", "pyproject.toml.j2"),
                ("Dockerfile", "Dockerfile.j2"),
                ("kubernetes.yaml", "kubernetes.yaml.j2"),
                ("README.md", "README.md.j2"),
            )
        }

    def _render(self, template: str, **values: object) -> bytes:
        return self._templates.render(template, {"header": self._header, **values}).encode()


def _classes(name: str, side: Side) -> tuple[str, ...]:
    return (f"{name}Handler",) if side == "server" else (f"{name}Client", f"Async{name}Client")


def _listed(exports: list[tuple[str, str]]) -> list[str]:
    """The names for `__all__`: constants, classes, the rest; numbers in them by value."""

    def key(name: str) -> tuple[int, list[tuple[int, int | str]]]:
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
        pieces = re.split(r"(\d+)", name)
        return kind, [(0, int(one)) if one.isdigit() else (1, one) for one in pieces]

    return sorted((name for _, name in exports), key=key)


def _needed(path: str, side: Side) -> bool:
    return not path.startswith(_WITHOUT[side])


def _below(root: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{root}/{path}": content for path, content in sorted(files.items())}


def _packages(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with an `__init__` in each folder that has none."""
    made = dict(files)
    for path in files:
        folder = path.rpartition("/")[0]
        while folder:
            made.setdefault(f"{folder}/__init__.py", b"")
            folder = folder.rpartition("/")[0]
    return made


def _untyped(source: str) -> str:
    """What stands behind an import of googleapis-common-protos, which says nothing of types."""
    outside = source.startswith("google.") and not source.startswith("google.protobuf")
    return "  # type: ignore[import-untyped, unused-ignore]" if outside else ""


class _Handlers:
    """How the scaffold's handlers name what they import: in one module, whatever the services call it."""

    def __init__(self, root: str, plans: list[MajorPlan]) -> None:
        self._names = Names()
        self._aliases: dict[tuple[str, str], str] = {}
        self._foreign: set[tuple[str, str, str]] = set()
        self._own: set[tuple[str, str, str]] = set()
        for plan in plans:
            holder = (root, *plan.package, "inner")
            for service in plan.services:
                name = f"{service.name}Handler"
                self._own.add((".".join((root, *plan.package, "server", service.module)), name, name))
                for source, what, alias in service.imports:
                    up = len(source) - len(source.lstrip("."))
                    parts = (*holder[: len(holder) + 1 - up], source.lstrip(".")) if up else (source,)
                    place = ".".join(part for part in parts if part)
                    given = self._names.give(what, (place, what))
                    self._aliases[service.full_name, alias] = given
                    (self._own if up else self._foreign).add((place, what, given))

    def imports(self) -> Iterator[str]:
        """The import statements in isort's order: foreign ones, an empty line, our own."""
        for source, what, alias in sorted(self._foreign):
            yield f"from {source} import {what}{f' as {alias}' if alias != what else ''}{_untyped(source)}"
        yield ""
        for source, what, alias in sorted(self._own):
            yield f"from {source} import {what}{f' as {alias}' if alias != what else ''}"

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


def _minor(distribution: str) -> str:
    """The version that generated code needs at least: the one that made it, without its patch."""
    return ".".join(version(distribution).split(".")[:2])


def _digest(contract: Proto, templates: Templates, options: tuple[str, ...]) -> str:
    """What the result depends on, as a hash: contract, templates, options, the version of this tool."""
    mark = hashlib.sha256(repr(options).encode())
    for name, part in sorted(contract.unit.compiled.parts.items()):
        mark.update(name.encode())
        mark.update(hashlib.sha256(part).digest())
    for name, content in templates.sources():
        mark.update(name.encode() + hashlib.sha256(content).digest())
    return mark.hexdigest()


def _digest_of(tool: str, files: Mapping[str, bytes]) -> str:
    mark = hashlib.sha256(tool.encode())
    for name, content in sorted(files.items()):
        mark.update(name.encode() + hashlib.sha256(content).digest())
    return mark.hexdigest()
