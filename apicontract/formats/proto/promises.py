"""What a protobuf contract promises beside its messages: majors of packages, RPCs, deprecations, waivers.

A contract that does not compile promises what the rest of it does.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from apicontract.changes.promises import Deprecation, Ignore, VisibleMajor
from apicontract.formats.proto.directives import directives, note
from apicontract.formats.proto.packages import major
from apicontract.sources import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.elements import Element, Enum, EnumValue, Field, Message, Method
    from apicontract.formats.proto.model import File, Proto

_CHANNELS = {"alpha": "alpha", "beta": "beta", "test": "draft"}


def package_place(contract: Proto, package: str = "") -> Place:
    """Where the package is declared: its statement in the first file that has it, or that file."""
    unit = contract.unit
    names = [name for name in unit.own if not package or unit.contents()[name].package == package]
    return Place(unit.document((names or list(unit.own) or [""])[0]), "/package")


def majors(contract: Proto) -> tuple[VisibleMajor, ...]:
    """The major of each package that shows one."""
    found = []
    for package in contract.unit.packages:
        text = major(package)
        if text:
            number = int(re.sub(r"\D.*", "", text[1:]) or 0)
            place = package_place(contract, package)
            found.append(VisibleMajor("package", text, number, _channel(text), package, place))
    return tuple(found)


def _channel(text: str) -> str:
    """`v1p1beta2` is beta; what is before 1, or only for tests, is a draft."""
    if text == "v0":
        return "draft"
    return next((channel for word, channel in _CHANNELS.items() if word in text), "")


def title(method: Method) -> str:
    """How an RPC is called: by its path, `/acme.orders.v1.Orders/List`."""
    service, _, name = method.full_name.rpartition(".")
    return f"/{service}/{name}"


def operations(contract: Proto) -> tuple[str, ...]:
    """The paths of its RPCs, in the order of files and of each file."""
    return tuple(
        title(method)
        for file in contract.tolerant().own_files
        for service in file.services
        for method in service.methods
    )


def deprecations(contract: Proto) -> tuple[Deprecation, ...]:
    """Everything that says `deprecated = true`; an RPC also by its service and its file."""
    if not any(b"deprecated" in contract.unit.document(name).text for name in contract.own):
        return ()
    return tuple(chain.from_iterable(map(_of_file, contract.tolerant().own_files)))


def _of_file(file: File) -> Iterator[Deprecation]:
    sunsets = {one.pointer: one.text for one in directives(file) if one.word == "sunset"}
    stability = _channel(major(file.package)) or "stable"
    whole = file.options.deprecated

    def found(label: str, element: Element, *around: Element) -> Deprecation:
        dated = (sunsets.get(one.pointer, "") for one in (element, *around, file.element))
        return Deprecation(element.place, label, next(filter(None, dated), ""), stability)

    if whole:
        yield found(file.package, file.element)
    for service in file.services:
        for method in service.methods:
            if whole or service.deprecated or method.deprecated:
                yield found(title(method), method, service)
    parts: Iterator[Message | Field | Enum | EnumValue] = chain(
        file.all_messages,
        chain.from_iterable(message.fields for message in file.all_messages),
        file.all_enums,
        chain.from_iterable(enum.values for enum in file.all_enums),
    )
    for part in parts:
        if part.deprecated:
            yield found(f"`{part.full_name}`", part)


def ignores(contract: Proto) -> tuple[Ignore, ...]:
    """Every `apicontract:ignore` above a thing, with the RPCs that the thing is or holds."""
    if not any(b"apicontract:ignore" in contract.unit.document(name).text for name in contract.own):
        return ()
    found = []
    for file in contract.tolerant().own_files:
        for one in directives(file):
            if one.word == "ignore":
                place = Place(file.document, one.pointer)
                methods = (method for service in file.services for method in service.methods)
                held = tuple(
                    title(method) for method in methods if f"{method.pointer}/".startswith(f"{one.pointer}/")
                )
                found.append(Ignore(place, place, note(one.text), held))
    return tuple(found)
