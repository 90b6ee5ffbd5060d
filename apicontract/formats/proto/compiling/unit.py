"""A contract that is made of texts: its files, what of them is compiled, their positions.

Knows no protoc and no folder: `compilation.py` compiles, `gathering.py` finds the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling import descriptor_sets
from apicontract.formats.proto.compiling.compilation import Compilation, Compiled
from apicontract.formats.proto.lazily import lazily
from apicontract.formats.proto.positions import locator
from apicontract.sources import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apicontract.formats.proto.compiling.files import Finder, ProtoFile, Scanned
    from apicontract.sources import Json


class TextUnit:
    """Proto texts that are one contract.

    files: its own by import path. find: any file by import path, own ones first; None if there is none.
    chosen: import paths of the own files that are compiled, all of them if it is None. dependencies: names
    of modules of Buf's registry that its configuration asks for. bare: lines of comment are not compiled.
    """

    def __init__(
        self,
        source: str,
        files: Mapping[str, ProtoFile],
        find: Finder,
        *,
        chosen: Iterable[str] | None = None,
        dependencies: tuple[str, ...] = (),
        bare: bool = False,
    ) -> None:
        self._bare = bare
        self.source = source
        self.files = files
        self.find = find
        self.dependencies = dependencies
        self.own = tuple(sorted(files if chosen is None else chosen))
        self._work: Compilation | None = None
        self._documents: dict[str, Document] = {}

    @lazily
    def packages(self) -> tuple[str, ...]:
        """The packages of all its files, sorted."""
        return tuple(sorted({file.package for file in self.files.values()} - {""}))

    def start(self) -> None:
        """Begin to compile; `compiled` waits for it."""
        if self._work is None:
            self._work = Compilation(self.own, self.find, bare=self._bare)

    def stop(self) -> None:
        """End the compiling that nobody waits for."""
        if self._work is not None:
            self._work.stop()
            self._work = None

    @lazily
    def compiled(self) -> Compiled:
        """What compiles, and every mistake of what does not."""
        self.start()
        work, self._work = self._work, None
        return work.result() if work is not None else Compiled({}, ())

    def chosen(self, names: Iterable[str]) -> TextUnit:
        """The same unit with only those of its files compiled, and no comments: for a comparison."""
        return TextUnit(
            self.source, self.files, self.find, chosen=names, dependencies=self.dependencies, bare=True
        )

    def contents(self) -> Mapping[str, Scanned]:
        """What is known of each file without compiling it, imports included, by import path."""
        return self._contents

    @lazily
    def _contents(self) -> dict[str, Scanned]:
        found: dict[str, Scanned] = {}
        waiting = list(self.files)
        while waiting:
            name = waiting.pop()
            file = None if name in found else self.find(name)
            if file is not None:
                found[name] = file.scanned
                waiting += file.imports
        return found

    def document(self, name: str) -> Document:
        """The document of a file by import path."""
        known = self._documents.get(name)
        if known is None:
            file = self.find(name)
            text, shown = (b"", name) if file is None else (file.text, file.name)
            known = Document(
                name,
                shown,
                "proto",
                text,
                lambda: self._names(name),
                locator(lambda: self._source_info(name)),
            )
            self._documents[name] = known
        return known

    def _source_info(self, name: str) -> bytes:
        return descriptor_sets.source_info(self.compiled.parts.get(name, b""))

    def _names(self, name: str) -> Json:
        """The names of the file's parts, once it compiles."""
        from google.protobuf import descriptor_pb2

        from apicontract.formats.proto.directives import names

        part = descriptor_sets.without_source_info(self.compiled.parts.get(name, b""))
        return names(descriptor_pb2.FileDescriptorProto.FromString(part))
