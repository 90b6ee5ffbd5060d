"""Contracts that come as descriptor sets: what `protoc -o` and `buf build -o` write.

The set goes through the compiler as texts do, which checks it and completes it; what it lacks of the
files that everybody imports is given to it. Its positions are those of its source info, if it has any.
Source: descriptor.proto, message FileDescriptorSet; image.proto of Buf.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from apicontract.formats.proto.builtin import builtin
from apicontract.formats.proto.compiling import descriptor_sets
from apicontract.formats.proto.compiling.compilation import Compilation, Compiled, is_import_path
from apicontract.formats.proto.lazily import lazily
from apicontract.formats.proto.positions import locator
from apicontract.sources import ContractError, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apicontract.formats.proto.compiling.files import ProtoFile

_GZIP = b"\x1f\x8b"


class Part:
    """What is known of a file of a set without compiling it."""

    declared: frozenset[bytes] = frozenset()

    def __init__(self, part: bytes) -> None:
        self._part = part

    @property
    def raw(self) -> bytes:
        """All that was read of it."""
        return self._part

    @lazily
    def package(self) -> str:
        """Its package."""
        return descriptor_sets.package(self._part)

    @lazily
    def imports(self) -> tuple[str, ...]:
        """The import paths it names."""
        return descriptor_sets.imports(self._part)

    @property
    def public_imports(self) -> tuple[str, ...]:
        """All of them: which are public makes no difference here."""
        return self.imports

    def mentions(self, names: Iterable[bytes]) -> bool:  # noqa: ARG002  # as texts have it
        """Whether it may use a type of one of these names: whoever imports a file may use its types."""
        return True

    @lazily
    def essence(self) -> bytes:
        """All that it says, without where and without comments."""
        return descriptor_sets.without_source_info(self._part)

    def says_the_same(self, other: object) -> bool:
        """Whether both are equal but for positions and comments."""
        return isinstance(other, Part) and self.essence == other.essence


class ImageUnit:
    """A descriptor set that is a contract.

    parts: its files as bytes by import path. chosen: the own files that are compiled, by default all
    but those that the set marks as imports, and those that everybody has and another file imports.
    """

    dependencies: tuple[str, ...] = ()

    def __init__(
        self, source: str, parts: Mapping[str, bytes], *, chosen: Iterable[str] | None = None
    ) -> None:
        self.source = source
        self.parts = parts
        self.own = tuple(sorted(self._all_own if chosen is None else chosen))
        self._work: Compilation | None = None
        self._documents: dict[str, Document] = {}

    @lazily
    def _all_own(self) -> frozenset[str]:
        imported = {name for part in self.parts.values() for name in descriptor_sets.imports(part)}
        own = {name for name, part in self.parts.items() if not descriptor_sets.is_import(part)}
        theirs = {name for name in own & imported if builtin(name) is not None}
        return frozenset(own - theirs or own)

    @lazily
    def packages(self) -> tuple[str, ...]:
        """The packages of its own files, sorted."""
        return tuple(sorted({descriptor_sets.package(self.parts[name]) for name in self._all_own} - {""}))

    def start(self) -> None:
        """Begin to check it; `compiled` waits for it."""
        if self._work is None:
            given = b"".join(descriptor_sets.framed(part) for part in self.parts.values())
            self._work = Compilation(self.own, self._lacking, given=given, also=self._lacks())

    def _lacks(self) -> Iterable[str]:
        return {
            name for part in self.parts.values() for name in descriptor_sets.imports(part)
        } - self.parts.keys()

    def _lacking(self, name: str) -> ProtoFile | None:
        """A file that everybody imports, unless the set has its own."""
        return None if name in self.parts else builtin(name)

    def stop(self) -> None:
        """End the compiling that nobody waits for."""
        if self._work is not None:
            self._work.stop()
            self._work = None

    @lazily
    def compiled(self) -> Compiled:
        """Its files and what it lacked, and every mistake in them."""
        self.start()
        work, self._work = self._work, None
        return work.result() if work is not None else Compiled({}, ())

    def chosen(self, names: Iterable[str]) -> ImageUnit:
        """The same unit with only those of its files compiled."""
        return ImageUnit(self.source, self.parts, chosen=names)

    def contents(self) -> Mapping[str, Part]:
        """What is known of each file without compiling it, imports included, by import path."""
        return self._contents

    @lazily
    def _contents(self) -> dict[str, Part]:
        return {name: Part(part) for name, part in self.parts.items()}

    def document(self, name: str) -> Document:
        """The document of a file by import path; it has no text."""
        known = self._documents.get(name)
        if known is None:
            known = Document(name, name, "proto", b"", None, locator(lambda: self._source_info(name)))
            self._documents[name] = known
        return known

    def _source_info(self, name: str) -> bytes:
        return descriptor_sets.source_info(self.parts.get(name, b""))


def image(data: bytes, source: str, most: int) -> ImageUnit:
    """The contract in the bytes of a descriptor set, gzipped or not, of at most `most` bytes.

    ContractError if they are none.
    """
    if data.startswith(_GZIP):
        data = _unpacked(data, source, most)
    try:
        parts = descriptor_sets.split(data)
        for part in parts.values():
            descriptor_sets.imports(part)
            descriptor_sets.is_import(part)
    except ValueError as error:
        raise ContractError(
            f"this is no descriptor set: {error}",
            file=source,
            hint="write one with `protoc --include_imports --include_source_info -o` or `buf build -o`",
        ) from None
    strange = next((name for name in parts if not is_import_path(name)), None)
    if strange is not None or not parts:
        what = "there is no file in it" if strange is None else f"{strange!r} is no name of a file"
        raise ContractError(f"this is no descriptor set: {what}", file=source)
    return ImageUnit(source, parts)


def _unpacked(data: bytes, source: str, most: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(data, most)
    except zlib.error:
        raise ContractError("its gzip compression is damaged", file=source) from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ContractError(f"unpacked it has more than {most} bytes, or it is cut short", file=source)
    return found
