"""How Python names the types of a contract: for the typed stubs, the services and what is built on them.

A type is reached through the module of its file and the names it is nested in. A name that Python cannot
say (`None`, `class`, or one that its name mangling would change) gets a second one; `gencode` defines it.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.protobuf import descriptor_pb2


@dataclass(frozen=True, slots=True)
class TypeName:
    """A message or enum: the import path of its file, and the Python names from the module's top to it."""

    file: str
    names: tuple[str, ...]
    is_enum: bool
    is_map_entry: bool


@dataclass(frozen=True, slots=True)
class TypeNames:
    """by_full_name: every type of every file. second: by file, (stated names to a type, its second name)."""

    by_full_name: Mapping[str, TypeName]
    second: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def sayable(name: str) -> bool:
    """Whether Python source can name it anywhere."""
    return not keyword.iskeyword(name) and not name.startswith("__")


def type_names(files: Mapping[str, descriptor_pb2.FileDescriptorProto]) -> TypeNames:
    """The Python names of all types of these files, by import path."""
    found: dict[str, TypeName] = {}
    second: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for path, file in files.items():
        renamed: list[tuple[tuple[str, ...], str]] = []
        prefix = f"{file.package}." if file.package else ""
        for stated, names, is_enum, is_entry in _types(file):
            found[prefix + ".".join(stated)] = TypeName(path, names, is_enum, is_entry)
            if stated[-1] != names[-1]:
                renamed.append((stated, names[-1]))
        if renamed:
            second[path] = tuple(renamed)
    return TypeNames(found, second)


def _types(
    file: descriptor_pb2.FileDescriptorProto,
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], bool, bool]]:
    """(stated names, Python names, is an enum, is a map entry) of each type, outer ones first."""
    waiting = [((), (), file)]  # type: list[tuple[tuple[str, ...], tuple[str, ...], object]]
    while waiting:
        stated, names, holder = waiting.pop()
        messages = holder.nested_type if stated else holder.message_type  # type: ignore[attr-defined]
        enums = holder.enum_type  # type: ignore[attr-defined]
        taken = {one.name for one in (*messages, *enums, *holder.extension)}  # type: ignore[attr-defined]
        taken |= {value.name for one in enums for value in one.value}
        taken |= {one.name for one in (holder.field if stated else holder.service)}  # type: ignore[attr-defined]
        for one in messages:
            said = _said(one.name, taken)
            yield (*stated, one.name), (*names, said), False, one.options.map_entry
            waiting.append(((*stated, one.name), (*names, said), one))
        for one in enums:
            yield (*stated, one.name), (*names, _said(one.name, taken)), True, False


def _said(name: str, taken: set[str]) -> str:
    if sayable(name):
        return name
    said = f"{name.lstrip('_') or 'type'}_"
    while said in taken or not sayable(said):
        said += "_"
    taken.add(said)
    return said
