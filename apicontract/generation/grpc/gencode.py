"""The `_pb2` modules: what protoc makes, with imports that work inside a package and names Python can say.

protoc imports by absolute names of the import path, as if every contract were installed at the top;
here each import is relative to where the layout put it. A type whose name is a Python keyword gets a
second name with an underscore behind it, under which the typed stubs know it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling.python import module_path, python_modules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from apicontract.generation.grpc.layout import Layout, Module

_IMPORT = re.compile(r"(?:from (?P<package>\S+) )?import (?P<name>\w+_pb2)(?: as (?P<alias>\w+))?")
_PUBLIC = re.compile(r"from (?P<module>\S+_pb2) import \*")
_DYNAMIC = re.compile(r"(?P<alias>\w+) = importlib\.import_module\('(?P<module>[^']+)'\)")
_BODY = "DESCRIPTOR = "
_NAMED = re.compile(r"(_builder\.BuildTopDescriptorsAndMessages\(DESCRIPTOR, )'[^']*'")


def message_modules(
    parts: Mapping[str, bytes],
    layout: Layout,
    second_names: Mapping[str, Iterable[tuple[tuple[str, ...], str]]],
) -> Callable[[], Iterator[tuple[str, str]]]:
    """What gives (import path of a file, text of its `_pb2` module) for each that is generated.

    protoc is at work until it is asked. parts: the descriptor of every file by import path. second_names: by
    file, (names from the top of the file to a type, the second name of the last). ContractError if protoc
    refuses a descriptor.
    """
    modules = layout.modules
    wanted = [name for name, module in modules.items() if not module.installed]
    made = python_modules(parts, wanted)
    by_protoc = {
        module_path(name).removesuffix(".py").replace("/", "."): one for name, one in modules.items()
    }

    def texts() -> Iterator[tuple[str, str]]:
        for name, text in made().items():
            yield name, _relative(text, modules[name], by_protoc) + _renamed(second_names.get(name, ()))

    return texts


def _relative(text: str, own: Module, by_protoc: Mapping[str, Module]) -> str:
    head, body, rest = text.partition(f"\n{_BODY}")
    lines = [_line(line, own, by_protoc) for line in head.split("\n")]
    return "".join(("\n".join(lines), body, _NAMED.sub(r"\1__name__", rest, count=1)))


def _line(line: str, own: Module, by_protoc: Mapping[str, Module]) -> str:
    public = _PUBLIC.fullmatch(line)
    if public is not None and public["module"] in by_protoc:
        source, name = by_protoc[public["module"]].imported_from(own.package)
        return f"from {_joined(source, name)} import *"
    plain = _IMPORT.fullmatch(line) or _DYNAMIC.fullmatch(line)
    if plain is None:
        return line
    found = plain.groupdict()
    full = found.get("module") or ".".join(part for part in (found["package"], found["name"]) if part)
    module = by_protoc.get(full)
    if module is None:
        return line
    source, name = module.imported_from(own.package)
    return f"from {source} import {name} as {found['alias'] or found['name']}"


def _joined(source: str, name: str) -> str:
    return f"{source}{name}" if source.endswith(".") else f"{source}.{name}"


def _renamed(names: Iterable[tuple[tuple[str, ...], str]]) -> str:
    lines = []
    for path, second in names:
        *outer, last = path
        if not outer:
            lines.append(f"_globals[{second!r}] = _globals[{last!r}]")
            continue
        holder = f"_globals[{outer[0]!r}]"
        for part in outer[1:]:
            holder = f"getattr({holder}, {part!r})"
        lines.append(f"setattr({holder}, {second!r}, getattr({holder}, {last!r}))")
    return "".join(f"{line}\n" for line in lines)
