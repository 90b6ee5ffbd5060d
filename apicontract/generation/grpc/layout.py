"""Which proto file becomes which Python module: one package per major, the same for every layout of files.

Packages of the contract are put by their names, not by their folders: what all of them begin with is
dropped, the rest becomes packages, the version last but for what stands behind it: `acme.orders.v1` is
`v1`, and beside `acme.billing.v1` it is `orders/v1`. Imports from elsewhere go to `_imports`, by their
package. Files that the installed protobuf and googleapis-common-protos carry are not generated: two
copies of one file cannot be registered in one process.

Knows names and nothing of what is in a file.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.formats.proto.builtin import installed_module
from apicontract.formats.proto.packages import major
from apicontract.generation.names import snake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WIDTH = 88  # columns, as the code around it
IMPORTS = "_imports"  # the package of what is imported from elsewhere
_UNVERSIONED = "v1"  # a package that states no version: so that a v2 finds its place beside it


@dataclass(frozen=True, slots=True)
class Module:
    """The Python module of a proto file.

    package: its packages below the root, outermost first; empty strings never. name: of the module,
    without suffix: `orders_pb2`. installed: the absolute name of a module of the installed packages
    instead (`google.rpc.status_pb2`); then package and name are of no use.
    """

    package: tuple[str, ...]
    name: str
    installed: str = ""

    @property
    def path(self) -> str:
        """Where it is written, below the root, without suffix: `v1/orders_pb2`."""
        return "/".join((*self.package, self.name))

    def imported_from(self, package: tuple[str, ...]) -> tuple[str, str]:
        """(from where, what) an `import` statement of a module in `package` names it."""
        if self.installed:
            return tuple(self.installed.rsplit(".", 1))  # type: ignore[return-value]  # a module in a package
        shared = 0
        for ours, theirs in zip(self.package, package, strict=False):
            if ours != theirs:
                break
            shared += 1
        dots = "." * (1 + len(package) - shared)
        return dots + ".".join(self.package[shared:]), self.name


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes: the module of each file by import path, and the majors by package.

    majors: the version packages below the root that hold files of the contract, with the proto packages
    in each: `("v1",)` to `("acme.orders.v1",)`.
    """

    modules: Mapping[str, Module]
    majors: Mapping[tuple[str, ...], tuple[str, ...]]


def layout(packages: Mapping[str, str], own: Iterable[str], *, forced: str = "") -> Layout:
    """Place the files of a contract.

    packages: the proto package of each file by import path, imports included. own: import paths of the
    files that are the contract itself. forced: a version that all of them get instead of their own.
    """
    mine = sorted(set(own))
    shared = _shared([_split(package)[0] for package in {packages[name] for name in mine}])
    modules: dict[str, Module] = {}
    taken: set[str] = set()
    majors: dict[tuple[str, ...], set[str]] = {}
    for name in [*mine, *sorted(set(packages) - set(mine))]:
        package = packages[name]
        place = _place(package, shared, forced) if name in mine else _elsewhere(package)
        if name in mine:
            majors.setdefault(place, set()).add(package)
        installed = installed_module(name)
        if installed:
            modules[name] = Module((), "", installed)
            continue
        modules[name] = Module(place, _free(place, name, taken))
    return Layout(modules, {place: tuple(sorted(held)) for place, held in majors.items()})


def import_lines(imports: Iterable[tuple[str, str, str]], *, relative: bool) -> list[str]:
    """The statements for (from where, what, as what), in order; what comes from one place stands in one.

    relative: whether those of the generated package itself, or those of what is installed.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for source, what, alias in imports:
        if source.startswith(".") is relative:
            renamed = "" if alias == what else f" as {alias}"
            found.setdefault((source, what if renamed else ""), []).append(f"{what}{renamed}")
    lines = []
    for (source, _), names in found.items():
        line, comment = f"from {source} import {', '.join(names)}", untyped(source)
        if len(names) > 1 and (comment or len(line) > _WIDTH):
            listed = "".join(f"    {name},\n" for name in names)
            line, comment = f"from {source} import ({comment}\n{listed})", ""
        lines.append(f"{line}{comment}")
    return lines


def untyped(source: str) -> str:
    """What stands behind an import of googleapis-common-protos, which says nothing of types."""
    outside = source.startswith("google.") and not source.startswith("google.protobuf")
    return "  # type: ignore[import-untyped, unused-ignore]" if outside else ""


def root_name(packages: Iterable[str]) -> str:
    """What people would call the whole: `orders` for `acme.orders.v1`; `contract` where nothing says it."""
    shared = _shared([_split(package)[0] for package in packages])
    return snake(shared[-1]) if shared else "contract"


def _split(package: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """(what stands before the version, the version or empty, what stands behind it)."""
    parts = tuple(part for part in package.split(".") if part)
    version = major(package)
    if not version:
        return parts, "", ()
    at = len(parts) - 1 - parts[::-1].index(version)
    return parts[:at], version, parts[at + 1 :]


def _shared(stems: list[tuple[str, ...]]) -> tuple[str, ...]:
    if not stems:
        return ()
    shortest = min(stems, key=len)
    for at, part in enumerate(shortest):
        if any(stem[at] != part for stem in stems):
            return shortest[:at]
    return shortest


def _place(package: str, shared: tuple[str, ...], forced: str) -> tuple[str, ...]:
    stem, version, behind = _split(package)
    return tuple(snake(part) for part in (*stem[len(shared) :], forced or version or _UNVERSIONED, *behind))


def _elsewhere(package: str) -> tuple[str, ...]:
    return (IMPORTS, *(snake(part) for part in package.split(".") if part))


def _free(place: tuple[str, ...], path: str, taken: set[str]) -> str:
    """A module name that no other file of the package has: a second `types.proto` tells its folder."""
    parts = posixpath.splitext(path)[0].split("/")
    for length in range(1, len(parts) + 1):
        name = snake("_".join(parts[-length:])).rstrip("_") + "_pb2"
        if _taken(place, name) not in taken:
            taken.add(_taken(place, name))
            return name
    number = 2
    while _taken(place, f"{name.removesuffix('_pb2')}_{number}_pb2") in taken:
        number += 1
    name = f"{name.removesuffix('_pb2')}_{number}_pb2"
    taken.add(_taken(place, name))
    return name


def _taken(place: tuple[str, ...], name: str) -> str:
    return "/".join((*place, name)).casefold()  # some file systems tell no cases apart
