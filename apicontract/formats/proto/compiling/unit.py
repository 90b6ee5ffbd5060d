"""The unit of a contract that is made of texts: which files must be compiled, and compiling them.

Files are written to a folder of their own under their import paths, so that the compiler reads exactly
what was chosen, bounded and checked before, and nothing else of the machine. Several compilers share
the work where there is much of it.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling import protoc
from apicontract.formats.proto.compiling.descriptor_sets import split, without_source_info
from apicontract.formats.proto.compiling.errors import CompileError, Mistake, mistakes, not_found
from apicontract.formats.proto.positions import locator
from apicontract.sources import ContractError, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from google.protobuf import descriptor_pb2

    from apicontract.formats.proto.compiling.files import Finder, ProtoFile


class TextUnit:
    """Proto texts that are one contract.

    own: its files by import path. find: any file by import path, own ones first; None if there is none.
    chosen: import paths of what to compile, all of `own` if it is None.
    """

    def __init__(
        self,
        source: str,
        files: Mapping[str, ProtoFile],
        find: Finder,
        *,
        chosen: Iterable[str] | None = None,
    ) -> None:
        self.source = source
        self.files = files
        self.find = find
        self.chosen = tuple(sorted(files if chosen is None else chosen))
        self._started: _Compilation | None = None
        self._parts: dict[str, bytes] = {}
        self._documents: dict[str, Document] = {}

    @property
    def own(self) -> tuple[str, ...]:
        """Import paths of the contract's own files among the chosen ones, sorted."""
        return self.chosen

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """The packages of all its files."""
        return tuple(sorted({file.package for file in self.files.values()} - {""}))

    def start(self) -> None:
        """Begin to compile; `descriptors` waits for it."""
        if self._started is None:
            self._started = _Compilation(self)

    def descriptors(self) -> Mapping[str, descriptor_pb2.FileDescriptorProto]:
        """The chosen files and all they import; CompileError with every mistake."""
        self.start()
        assert self._started is not None  # noqa: S101  # start made it
        self._parts = self._started.result()
        return {name: without_source_info(part) for name, part in self._parts.items()}

    def document(self, name: str) -> Document:
        """The document of a file by import path."""
        known = self._documents.get(name)
        if known is None:
            file = self.find(name)
            text, shown = (b"", name) if file is None else (file.text, file.name)
            known = Document(name, shown, "proto", text, None, locator(lambda: self._source_info(name)))
            self._documents[name] = known
        return known

    def _source_info(self, name: str) -> descriptor_pb2.SourceCodeInfo:
        from google.protobuf import descriptor_pb2

        part = self._parts.get(name)
        if part is None:
            return descriptor_pb2.SourceCodeInfo()
        return descriptor_pb2.FileDescriptorProto.FromString(part).source_code_info


class _Compilation:
    """Compilers at work on the files of one unit."""

    def __init__(self, unit: TextUnit) -> None:
        self._unit = unit
        self._scratch = Path(tempfile.mkdtemp(prefix="apicontract-"))
        self._written: set[str] = set()
        try:
            self._write(unit.chosen)
            self._run = self._start()
        except BaseException:
            self._clear()
            raise

    def result(self) -> dict[str, bytes]:
        """Each file's descriptor, as bytes, by import path."""
        try:
            while True:
                made, remarks = self._run.wait()
                if made is not None:
                    return split(made)
                # an import that stands where the scan does not see it: the compiler says what it misses
                if not self._write(not_found(remarks) - self._written):
                    found = mistakes(remarks, self._unit.find)
                    raise CompileError(found or [Mistake("", self._unit.source, 0, 0, "it does not compile")])
                self._run = self._start()
        finally:
            self._clear()

    def _start(self) -> protoc.Run:
        scratch = Path(tempfile.mkdtemp(dir=self._scratch))
        return protoc.start(self._scratch / "in", list(self._unit.chosen), scratch)

    def _clear(self) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _write(self, names: Iterable[str]) -> bool:
        """Write files and all that they import; whether there was any to write."""
        waiting = list(names)
        any_written = False
        (self._scratch / "in").mkdir(exist_ok=True)
        while waiting:
            name = waiting.pop()
            if name in self._written:
                continue
            self._written.add(name)
            file = self._unit.find(name)
            if file is None:
                continue
            self._place(name, file.text)
            any_written = True
            waiting += file.imports
        return any_written

    def _place(self, name: str, text: bytes) -> None:
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or "\0" in name:
            raise ContractError(f"`{name}` is no import path", file=self._unit.source)
        path = self._scratch / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
