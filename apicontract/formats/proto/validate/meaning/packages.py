"""Checks on packages: their versions, their directories, and which of them import each other."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from apicontract.formats.proto.packages import is_unstable, major

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.model import File
    from apicontract.formats.proto.validate.view import View
    from apicontract.sources import Place


def missing(view: View) -> Iterator[Finding]:
    """Files without a package."""
    for file in view.by_package.get("", ()):
        if file.proto.message_type or file.proto.enum_type or file.proto.service or file.proto.extension:
            yield view.finding(
                "package-missing", file.element.place, f"`{file.name}` declares its types in no package"
            )


def unversioned(view: View) -> Iterator[Finding]:
    """Packages without a version in their names; each once, at its first file."""
    for package, files in view.by_package.items():
        if package and not major(package):
            others = f" ({len(files)} files)" if len(files) > 1 else ""
            yield view.finding(
                "package-unversioned",
                _statement(files[0]),
                f"the package `{package}`{others} has no major version",
                f"Call it `{package}.v1`, and keep its files in `{_directory(package)}/v1/`.",
            )


def directories(view: View) -> Iterator[Finding]:
    """Packages that stand elsewhere than their names say; each package and directory once."""
    for package, files in view.by_package.items():
        found: dict[str, File] = {}
        for file in files:
            found.setdefault(str(PurePosixPath(file.name).parent), file)
        for directory, file in found.items():
            lone = directory == "." and len(view.contract.own) == 1  # its root is anybody's guess
            if package and not lone and not _stands_in(file, package):
                yield _misplaced(view, file, directory, [other for other in found if other != directory])


def _misplaced(view: View, file: File, directory: str, others: list[str]) -> Finding:
    package = file.package
    version, parts = major(package), PurePosixPath(directory).parts
    stated = next((part for part in reversed(parts) if major(part)), "")
    if version and stated and stated != version:
        return view.finding(
            "package-version-not-of-directory",
            _statement(file),
            f"the package `{package}` has version {version}, but its directory `{directory}` has {stated}",
        )
    where = "the root of the import paths" if directory == "." else f"`{directory}`"
    also = f", and others of its files in `{'`, `'.join(others)}`" if others else ""
    return view.finding(
        "package-directory-mismatch",
        _statement(file),
        f"the package `{package}` stands in {where}{also}",
        f"Move the files of the package to `{_directory(package)}/`, or name it after their directory.",
    )


def _stands_in(file: File, package: str) -> bool:
    """Whether the file's directory, as imported or on disk, ends with the package."""
    wanted = package.split(".")
    imported = PurePosixPath(file.name).parent.parts
    if list(imported) == wanted:
        return True
    stored = PurePosixPath(os.path.abspath(file.document.name).replace(os.sep, "/")).parent.parts  # noqa: PTH100  # of a name in git as well
    return len(imported) < len(wanted) and list(stored[-len(wanted) :]) == wanted


def cycles(view: View) -> Iterator[Finding]:
    """Packages that import each other, though no two files do; each circle once."""
    imports: dict[str, dict[str, Place]] = {package: {} for package in view.by_package}
    for file in view.files:
        for at, name in enumerate(file.imports):
            other = view.contract.files.get(name)
            if other is not None and other.package != file.package and other.package in imports:
                imports[file.package].setdefault(other.package, file.element.at("dependency", at))
    for circle in _circles({package: list(found) for package, found in imports.items()}):
        way = " → ".join(f"`{package}`" for package in (*circle, circle[0]))
        yield view.finding(
            "package-import-circular",
            imports[circle[0]][circle[1]],
            f"the packages {way} import each other",
        )


def unstable_imports(view: View) -> Iterator[Finding]:
    """Stable packages that import one whose version says that it may still break."""
    for file in view.files:
        if not major(file.package) or is_unstable(file.package):
            continue
        for at, name in enumerate(file.imports):
            other = view.contract.files.get(name)
            if other is not None and is_unstable(other.package):
                yield view.finding(
                    "stable-package-imports-unstable",
                    file.element.at("dependency", at),
                    f"`{file.package}` is stable, but imports `{name}` of `{other.package}`",
                )


def _circles(graph: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """One shortest circle per knot of nodes that all reach each other."""
    for knot in _knots(graph):
        start = min(knot)
        back: dict[str, str] = {}
        waiting = [start]
        for node in waiting:
            if start in graph[node]:
                circle = [node]
                while circle[-1] != start:
                    circle.append(back[circle[-1]])
                yield tuple(reversed(circle))
                break
            for further in graph[node]:
                if further in knot and further not in back:
                    back[further] = node
                    waiting.append(further)


def _knots(graph: dict[str, list[str]]) -> list[set[str]]:
    """The strongly connected parts with more than one node (Kosaraju; no recursion)."""
    order: list[str] = []
    seen: set[str] = set()
    for root, targets in graph.items():
        stack = [(root, iter(targets))] if root not in seen else []
        seen.add(root)
        while stack:
            node, rest = stack[-1]
            further = next((each for each in rest if each not in seen), None)
            if further is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(further)
                stack.append((further, iter(graph[further])))
    against: dict[str, list[str]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            against[target].append(node)
    knots, taken = [], set[str]()
    for node in reversed(order):
        if node in taken:
            continue
        knot, waiting = set[str](), [node]
        while waiting:
            each = waiting.pop()
            if each not in taken:
                taken.add(each)
                knot.add(each)
                waiting += against[each]
        if len(knot) > 1:
            knots.append(knot)
    return knots


def _statement(file: File) -> Place:
    return file.element.at("package")


def _directory(package: str) -> str:
    return package.replace(".", "/")
