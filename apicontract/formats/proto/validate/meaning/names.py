"""Checks on names that two files declare, in descriptors that no one compiler has seen together."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.elements import Element, Extension
    from apicontract.formats.proto.model import File
    from apicontract.formats.proto.validate.view import View


def declared_twice(view: View) -> Iterator[Finding]:
    """One full name in two files."""
    first: dict[str, Element] = {}
    for file in view.files:
        for element in _declared(file):
            other = first.setdefault(element.full_name, element)
            if other.file is not file:
                yield view.finding(
                    "name-declared-twice",
                    element.place,
                    f"`{element.full_name}` is declared in `{other.file.name}` as well",
                )


def extended_twice(view: View) -> Iterator[Finding]:
    """One extension number of one message in two files."""
    first: dict[tuple[str, int], Extension] = {}
    for file in view.files:
        for extension in file.all_extensions:
            other = first.setdefault((extension.extendee, extension.number), extension)
            if other.full_name != extension.full_name:
                yield view.finding(
                    "extension-invalid",
                    extension.at("number"),
                    f"the extension number {extension.number} of `{extension.extendee}` belongs to"
                    f" `{other.full_name}` already",
                )


def _declared(file: File) -> Iterator[Element]:
    values = chain.from_iterable(enum.values for enum in file.all_enums)
    return chain(file.all_messages, file.all_enums, values, file.services, file.all_extensions)
