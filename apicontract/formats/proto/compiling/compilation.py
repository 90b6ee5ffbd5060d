"""Compilers at work: a folder with exactly what they may read, shares of the files, every mistake of all.

Files are written to a folder of their own under their import paths, so that the compiler reads what was
chosen, bounded and checked before, and nothing else of the machine. Much work is done in shares, two at
a time on two cores; the memory of one share is what a compiler needs.
"""

from __future__ import annotations

import os
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling import protoc, scratch
from apicontract.formats.proto.compiling.descriptor_sets import split
from apicontract.formats.proto.compiling.errors import Mistake, mistakes, not_found
from apicontract.records import dataclass
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future, ThreadPoolExecutor

    from apicontract.formats.proto.compiling.files import Finder
    from apicontract.formats.proto.compiling.protoc import Remark, Run

_SHARE = 3_000_000  # bytes of text that one compiler is given; it needs twenty times as much memory
_LONGEST_PATH = 1000
_STRANGE = frozenset("\0\n\r\\")  # in no import path


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came out: each file's descriptor as bytes by import path, imports too, and all objections."""

    parts: dict[str, bytes]
    mistakes: tuple[Mistake, ...]


class Compilation:
    """The compiling of some files with their imports: at work once made, until `result`.

    names: import paths to compile. find: any file by import path. given: a descriptor set for what
    `find` does not know. also: further import paths that the compiler may read. bare: without the lines of
    comment, where nobody will ask for them.
    """

    def __init__(
        self,
        names: Sequence[str],
        find: Finder,
        *,
        given: bytes | None = None,
        also: Iterable[str] = (),
        bare: bool = False,
    ) -> None:
        self._bare = bare
        self._find = find
        self._written: set[str] = set()
        self._lock = Lock()
        self._runs: list[Run] = []
        self._stopped = False
        self._futures: list[Future[tuple[dict[str, bytes], list[Remark]]]] = []
        self._first: Run | None = None
        self._names = list(names)
        texts = self._closure([*names, *also])
        self._scratch = scratch.make(sum(map(len, texts.values())) + len(given or b""))
        self._folder = self._scratch / "in"
        self._given = self._scratch / "given" if given is not None else None
        try:
            self._folder.mkdir()
            if self._given is not None and given is not None:
                self._given.write_bytes(given)
            self._write(texts)
            self._begin(texts)
        except BaseException:
            self.stop()
            raise

    def _begin(self, texts: Mapping[str, bytes]) -> None:
        shares = list(_shares(self._names, texts))
        if len(shares) == 1:
            self._first = self._start(shares[0])
        elif shares:
            pool = _pool()
            self._futures = [pool.submit(self._share, share) for share in shares]

    def result(self) -> Compiled:
        """Wait for it. ContractError if a compiler died."""
        try:
            if self._first is not None:
                done = [self._share(self._names, self._first)]
            else:
                done = [future.result() for future in self._futures]
        finally:
            self.stop()
        parts: dict[str, bytes] = {}
        remarks: list[Remark] = []
        for made, said in done:
            for name, part in made.items():
                parts.setdefault(name, part)
            remarks += said
        found = mistakes(remarks, self._find)
        failed = [name for name in self._names if name not in parts]
        if failed and all(one.is_warning for one in found):
            raise ContractError("the compiler refuses this file and does not say why", file=failed[0])
        return Compiled(parts, tuple(found))

    def stop(self) -> None:
        """End what is at work and take the folder away."""
        with self._lock:
            self._stopped = True
            for run in self._runs:
                run.stop()
        for future in self._futures:
            future.cancel()
        scratch.remove(self._scratch)

    def _start(self, names: Sequence[str]) -> Run:
        with self._lock:
            if self._stopped:
                raise ContractError("compiling was stopped")
            run = protoc.start(self._scratch, self._folder, names, given=self._given)
            self._runs.append(run)
        return run

    def _share(self, names: Sequence[str], begun: Run | None = None) -> tuple[dict[str, bytes], list[Remark]]:
        """(descriptors of the names that compile, what was said of all of them)."""
        told: list[Remark] = []
        run = begun or self._start(names)
        while True:
            made, said = run.wait()
            if made is not None:
                return split(made), told + said
            # an import that stands where the scan does not see it: the compiler says what it misses
            with self._lock:
                further = self._closure(not_found(said))
                self._write(further)
            if further:
                run = self._start(names)
                continue
            said = self._all_remarks(names) or said
            told += said
            failed = {remark.file for remark in said if not remark.is_warning}
            left = [name for name in names if name not in failed]
            if not left or len(left) == len(names):
                return {}, told
            names = left
            run = self._start(names)

    def _all_remarks(self, names: Sequence[str]) -> list[Remark]:
        """What the compiler says of all of the names.

        Of several files it ends at the first that fails; of one that imports them all it reads all.
        """
        with self._lock:
            path = next(
                name
                for name in (f"every{at}.proto" for at in range(len(self._written) + 1))
                if name not in self._written
            )
            self._written.add(path)
        lines = [f"import {_quoted(name)};\n" for name in names]
        (self._folder / path).write_text(
            "".join(['syntax = "proto3";\n', *lines]), "utf-8", "surrogateescape"
        )
        _, said = self._start([path]).wait()
        return [remark for remark in said if remark.file != path]

    def _closure(self, names: Iterable[str]) -> dict[str, bytes]:
        """The texts of files and of all that they import, without those that were written before."""
        waiting = list(names)
        texts: dict[str, bytes] = {}
        while waiting:
            name = waiting.pop()
            if name in self._written:
                continue
            self._written.add(name)
            file = self._find(name) if is_import_path(name) else None
            if file is not None:
                texts[name] = file.bare if self._bare else file.text
                waiting += file.imports
        return texts

    def _write(self, texts: Mapping[str, bytes]) -> None:
        made: set[str] = set()
        for name, text in texts.items():
            path = f"{self._folder}/{name}"
            folder = path.rpartition("/")[0]
            try:
                if folder not in made:
                    os.makedirs(folder, exist_ok=True)  # noqa: PTH103  # thousands of paths as plain texts
                    made.add(folder)
                with open(path, "xb") as file:  # noqa: PTH123
                    file.write(text)
            except OSError as error:
                raise ContractError(
                    f"it cannot be handed to the compiler: {error.strerror}", file=name
                ) from None


@cache
def _pool() -> ThreadPoolExecutor:
    """Threads that wait for compilers, as many as there are processors, for all that is compiled."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(os.cpu_count() or 1)


def _shares(names: Sequence[str], texts: Mapping[str, bytes]) -> Iterator[list[str]]:
    """The names in groups of about one size; neighbours, which import the same, stay together."""
    total = sum(len(texts.get(name, b"")) for name in names)
    size = total // -(-total // _SHARE) + 1 if total else 1
    share: list[str] = []
    held = 0
    for name in names:
        share.append(name)
        held += len(texts.get(name, b""))
        if held >= size:
            yield share
            share, held = [], 0
    if share:
        yield share


def is_import_path(name: str) -> bool:
    """Whether a file can be imported by that name: relative, in plain parts, no longer than a path may be."""
    return (
        0 < len(name) <= _LONGEST_PATH
        and not _STRANGE & set(name)
        and all(part not in ("", ".", "..") for part in name.split("/"))
    )


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
