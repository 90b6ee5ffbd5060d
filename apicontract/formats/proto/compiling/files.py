"""A proto file before it is compiled, and the ones a compiler may be given.

Where they were found, on disk, in git or in memory, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from apicontract.formats.proto import scan
from apicontract.formats.proto.lazily import lazily
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOM = b"\xef\xbb\xbf"


class Scanned:
    """The text of a file, UTF-8 without a byte order mark, and what is seen of it without compiling."""

    def __init__(self, text: bytes) -> None:
        self.text = text.removeprefix(_BOM)

    @property
    def raw(self) -> bytes:
        """All that was read of it."""
        return self.text

    @lazily
    def bare(self) -> bytes:
        """The text without lines of comment: it compiles to the same, with the same positions."""
        return scan.bare(self.text)

    @lazily
    def imports(self) -> tuple[str, ...]:
        """The import paths it names, and perhaps some that stand in comments."""
        return tuple(scan.imports(self.bare))

    @lazily
    def package(self) -> str:
        """Its package."""
        return scan.package(self.bare)

    @lazily
    def public_imports(self) -> tuple[str, ...]:
        """Those of its imports whose types can be used through it."""
        return tuple(scan.public_imports(self.bare))

    @lazily
    def declared(self) -> frozenset[bytes]:
        """The short names of the types it declares, and perhaps of some in comments."""
        return scan.declared(self.bare)

    def mentions(self, names: Iterable[bytes]) -> bool:
        """Whether it may use a type of one of these names."""
        return scan.mentions(self.bare, names)

    def says_the_same(self, other: object) -> bool:
        """Whether both differ at most in comments and blanks."""
        return isinstance(other, Scanned) and (
            self.text == other.text or scan.essence(self.bare) == scan.essence(other.bare)
        )


@dataclass(frozen=True, slots=True, eq=False)
class ProtoFile:
    """One file: `path` is its import path, `name` is as shown to people."""

    path: str
    name: str
    scanned: Scanned

    @property
    def text(self) -> bytes:
        """Its text, UTF-8 without a byte order mark."""
        return self.scanned.text

    @property
    def bare(self) -> bytes:
        """Its text without lines of comment."""
        return self.scanned.bare

    @property
    def imports(self) -> tuple[str, ...]:
        """The import paths it names, and perhaps some that stand in comments."""
        return self.scanned.imports

    @property
    def package(self) -> str:
        """Its package."""
        return self.scanned.package


Finder: TypeAlias = Callable[[str], ProtoFile | None]  # by import path
