"""A gRPC client or server as a tree: `_pb2` modules with typed stubs, what stands on them, and a scaffold.

Makes texts; writing them is the tree's business.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Literal

from apicontract.generation.grpc.declarations import Policies
from apicontract.generation.grpc.gencode import message_modules
from apicontract.generation.grpc.layout import import_lines, layout, root_name
from apicontract.generation.grpc.messages import file_stub
from apicontract.generation.grpc.origins import Origins, compilers
from apicontract.generation.grpc.plan import majors
from apicontract.generation.grpc.types import type_names
from apicontract.generation.names import snake
from apicontract.generation.runtime_files import sources
from apicontract.generation.targets import digest_of, header_of
from apicontract.generation.tree import Part, Tree
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from apicontract.formats.proto.model import Proto
    from apicontract.generation.declared import StatedPolicy
    from apicontract.generation.grpc.plan import MajorPlan
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
        "grpc/outgoing.py",
        "grpc/streaming.py",
        "grpc/methods.py",
    ),
}  # of the runtime: what the other side needs


@dataclass(frozen=True, slots=True)
class Making:
    """What is made of a contract beside what it says.

    root: the name of the Python package. tool: the version of this program. forced: a version instead of the
    packages' own. policies: what a team says of the calls, beside the contract.
    """

    side: Side
    root: str
    tool: str
    forced: str = ""
    policies: tuple[StatedPolicy, ...] = ()


def package_called(contract: Proto, side: Side) -> str:
    """What the Python package is called where nobody says it: after what the proto packages share."""
    return snake(f"{root_name(contract.unit.packages)}_{side}")


def grpc_tree(contract: Proto, making: Making, templates: Templates, origins: Origins | None = None) -> Tree:
    """All files of a client or a server; `origins` if they are known. ContractError where it cannot be."""
    root, side = making.root, making.side
    origins = origins or Origins(contract)
    origins.add_unseen(contract)
    maker = _Maker(contract, making, templates, origins)
    plans = maker.plans()
    if not any(plan.services for plan in plans):
        raise ContractError(
            "no service is declared here", file=contract.source, hint="name the files with services"
        )
    messages = maker.messages()
    digests = part_digests(contract, making, templates, origins)
    parts = {"shared": Part(digests["shared"], _below(root, _shared(side)))}
    made = {plan.package: {**messages[plan.package], **maker.services(plan)} for plan in plans}
    stated = {path for files in made.values() for path in files}
    for place, files in made.items():
        name = "/".join(place)
        parts[name] = Part(digests[name], _below(root, _packages(files, stated)))
    if side == "client":
        return Tree(root, parts)
    from apicontract.generation.grpc.scaffold import scaffold

    return Tree(root, parts, scaffold(contract, root, plans, templates))


def part_digests(
    contract: Proto, making: Making, templates: Templates, origins: Origins | None = None
) -> dict[str, str]:
    """What each part of the tree depends on, as a hash by the part's name; nothing is compiled for it."""
    known = origins or Origins(contract)
    placed = layout(known.packages, contract.own, forced=making.forced)
    made_by = digest_of([content for _, content in templates.sources()]).encode()
    told = [making.side, making.root, making.tool, making.forced, *compilers()]
    told += [f"{one.subject} {json.dumps(one.declaration, sort_keys=True)}" for one in making.policies]
    found = {"shared": _digest_of_files(making.tool, _shared(making.side))}
    for place, packages in placed.majors.items():
        own = [name for name in contract.own if known.packages.get(name) in packages]
        modules = [
            f"{name} {module.installed or module.path}"
            for name in sorted(known.closure(own))
            if (module := placed.modules.get(name)) is not None
        ]
        lines = [*told, "/".join(place), known.digest(own), *modules]
        found["/".join(place)] = digest_of(
            [made_by, *(line.encode("utf-8", "surrogateescape") for line in lines)]
        )
    return found


def yours_of(side: Side) -> tuple[str, ...]:
    """The files that are written once."""
    if side == "client":
        return ()
    from apicontract.generation.grpc.scaffold import SCAFFOLD

    return SCAFFOLD


def _shared(side: Side) -> dict[str, bytes]:
    """The files that all versions of a package have in common, by their paths in it."""
    runtime = {f"_runtime/{name}": text for name, text in sources() if _needed(name, side)}
    return {**runtime, "__init__.py": b"", "py.typed": b""}


class _Maker:
    """Renders the files of one contract."""

    def __init__(self, contract: Proto, making: Making, templates: Templates, origins: Origins) -> None:
        self._contract = contract
        self._side = making.side
        self._tool = making.tool
        self._policies = making.policies
        self._templates = templates
        self._origins = origins
        files = contract.files
        self._layout = layout(
            {name: file.package for name, file in files.items()}, contract.own, forced=making.forced
        )
        self._names = type_names({name: file.proto for name, file in files.items()})

    def plans(self) -> list[MajorPlan]:
        """Each version package."""
        policies = Policies(self._contract, self._policies)
        return list(majors(self._contract, self._layout, self._names, policies))

    def messages(self) -> dict[tuple[str, ...], dict[str, bytes]]:
        """The modules of messages that each version package has or imports, by paths below the root."""
        parts = self._contract.unit.compiled.parts
        texts = message_modules(parts, self._layout, self._names.second)  # at work while stubs are made
        stubs = {
            name: self._stub(name) for name, module in self._layout.modules.items() if not module.installed
        }
        made: dict[str, dict[str, bytes]] = {}
        for name, text in texts():
            path = self._layout.modules[name].path
            module = f"{self._header([name])}\n{_NOQA}{text}".encode()
            made[name] = {f"{path}.py": module, f"{path}.pyi": stubs[name]}
        found: dict[tuple[str, ...], dict[str, bytes]] = {}
        for place, packages in self._layout.majors.items():
            own = {file.name for file in self._contract.own_files if file.package in packages}
            reached = self._reached(own)
            wanted = [name for name in made if name in own or name in reached - set(self._contract.own)]
            found[place] = {path: text for name in wanted for path, text in made[name].items()}
        return found

    def _reached(self, names: Iterable[str]) -> set[str]:
        """The files with all that they import."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._contract.files[name].imports
        return found

    def _header(self, names: Iterable[str]) -> str:
        """What a file begins with that is made of these protos."""
        chosen = sorted(names)
        about = chosen[0] if len(chosen) == 1 else f"{len(chosen)} protos"
        digest = self._origins.digest(chosen)[:16]
        return header_of(f"Generated by apicontract {self._tool} from {about} (sha256 {digest}).").rstrip()

    def _stub(self, name: str) -> bytes:
        stub = file_stub(self._contract, self._contract.files[name], self._layout, self._names)
        aliases = SimpleNamespace(**stub.a)  # its attributes are found faster than the keys of a dict
        return self._render("grpc/messages.pyi.j2", header=self._header([name]), stub=stub, a=aliases)

    def services(self, plan: MajorPlan) -> dict[str, bytes]:
        """The modules of a version package's services, and its `__init__`."""
        base = "/".join(plan.package)
        made: dict[str, bytes] = {}
        exports = list(plan.types)
        for service in plan.services:
            made[f"{base}/{self._side}/{service.module}.py"] = self._render(
                f"grpc/{self._side}/service.py.j2",
                header=self._header([service.file]),
                service=service,
                runtime="." * (len(plan.package) + 2) + "_runtime",
                import_lines=import_lines,
            )
            exports += [
                (f"{self._side}.{service.module}", name) for name in _classes(service.name, self._side)
            ]
        services = ", ".join(f"`{one.full_name}`" for one in plan.services)
        what = (
            f"Messages{f' and {self._side}s of ' + services if services else ''}, imported when first used."
        )
        made[f"{base}/__init__.py"] = self._render(
            "grpc/exports.py.j2",
            header=self._header(plan.files),
            what=what,
            exports=sorted(exports, key=_import_order),
            names=_listed(exports),
        )
        return made

    def _render(self, template: str, **values: object) -> bytes:
        return self._templates.render(template, values).encode()


def _classes(name: str, side: Side) -> tuple[str, ...]:
    return (f"{name}Handler",) if side == "server" else (f"{name}Client", f"Async{name}Client")


def _listed(exports: list[tuple[str, str]]) -> list[str]:
    """The names for `__all__`: constants, classes, the rest; numbers in them by value."""
    return sorted((name for _, name in exports), key=lambda name: (_kind(name), _natural(name)))


def _import_order(export: tuple[str, str]) -> tuple[object, ...]:
    """The place of an import among others as isort has it: numbers by value, whatever the case of letters."""
    module, name = export
    return _natural(module.lower()), _kind(name), _natural(name.lower()), _natural(name)


def _kind(name: str) -> int:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2


def _natural(text: str) -> list[tuple[int, int | str]]:
    return [(0, int(one)) if one.isdigit() else (1, one) for one in re.split(r"(\d+)", text)]


def _needed(path: str, side: Side) -> bool:
    return not path.startswith(_WITHOUT[side])


def _below(root: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{root}/{path}": content for path, content in sorted(files.items())}


def _packages(files: Mapping[str, bytes], stated: Collection[str]) -> dict[str, bytes]:
    """The files with an empty `__init__` in each folder that has none, here or in another part."""
    made = dict(files)
    for path in files:
        folder = path.rpartition("/")[0]
        while folder:
            if f"{folder}/__init__.py" not in stated:
                made[f"{folder}/__init__.py"] = b""
            folder = folder.rpartition("/")[0]
    return made


def _digest_of_files(tool: str, files: Mapping[str, bytes]) -> str:
    listed = [part for name in sorted(files) for part in (name.encode(), files[name])]
    return digest_of([tool.encode(), *listed])
