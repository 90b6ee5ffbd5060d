"""Checks on files and their imports: deprecated and weak ones. Unused ones the compiler finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.proto.scan import without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.validate.view import View

_STATED = re.compile(rb"^\s*(?:syntax|edition)\s*=", re.MULTILINE)


def deprecated(view: View) -> Iterator[Finding]:
    """Files that say they are deprecated, imported by one that does not."""
    for file in view.files:
        if file.options.deprecated:
            continue
        for at, name in enumerate(file.imports):
            other = view.contract.files.get(name)
            if other is not None and other.options.deprecated:
                yield view.finding(
                    "import-deprecated",
                    file.element.at("dependency", at),
                    f"`{name}` says that it is deprecated",
                )


def weak(view: View) -> Iterator[Finding]:
    """Weak imports, which public implementations do not support."""
    for file in view.files:
        weak_imports = set(file.weak_imports)
        for at, name in enumerate(file.imports):
            if name in weak_imports:
                yield view.finding(
                    "import-weak", file.element.at("dependency", at), f"`{name}` is imported weakly"
                )


def syntax(view: View) -> Iterator[Finding]:
    """Files that state neither syntax nor edition."""
    for file in view.files:
        text = file.document.text  # a descriptor does not tell proto2 that is stated from proto2 that is not
        if not file.proto.syntax and text and not _STATED.search(without_comments(text)):
            yield view.finding(
                "syntax-unspecified",
                file.element.place,
                f"`{file.name}` states neither a syntax nor an edition and is read as proto2",
            )
