"""A proto file before it is compiled, and the ones a compiler may be given.

Where they were found, on disk, in git or in memory, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from apicontract.formats.proto import scan


@dataclass(frozen=True, eq=False)
class ProtoFile:
    """One file: `path` is its import path, `name` is as shown to people, `text` without a byte order mark."""

    path: str
    name: str
    text: bytes

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The import paths it names, as far as that is seen without compiling."""
        return tuple(scan.imports(self.text))

    @cached_property
    def package(self) -> str:
        """Its package."""
        return scan.package(self.text)


Finder: TypeAlias = Callable[[str], ProtoFile | None]  # by import path
