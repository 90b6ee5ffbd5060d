"""What generated files come from, as hashes that are known before anything is compiled.

The hash of a proto file is that of its text and of the texts of all that it imports, so that a file which
is as it was gives what it gave. Texts are told apart by what they say, comments too; where they were found
is not known here.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.formats.proto.builtin import builtin
from apicontract.generation.targets import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.formats.proto.model import Proto

_COMPILERS = ("grpcio_tools", "protobuf", "googleapis_common_protos")  # what else a module depends on


class Origins:
    """The files of a contract, imports included.

    Imports that only the compiler found, since they are written in a way in which nobody writes them, make
    the hash another: such a contract is compiled each time.
    """

    def __init__(self, contract: Proto) -> None:
        contents = contract.unit.contents()
        self.packages = {name: content.package for name, content in contents.items()}
        self._imports = {name: content.imports for name, content in contents.items()}
        self._marks = {name: digest_of([content.raw]) for name, content in contents.items()}
        self._reached: dict[str, frozenset[str]] = {}
        self._unseen: list[bytes] = []

    def add_unseen(self, contract: Proto) -> None:
        """Takes in what only the compiler found; compiles."""
        for name, part in sorted(contract.unit.compiled.parts.items()):
            if name not in self._imports and builtin(name) is None:
                self._unseen += [name.encode("utf-8", "surrogateescape"), part]

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """The files with all that they import."""
        return frozenset().union(*(self._closure(name) for name in names))

    def digest(self, names: Iterable[str]) -> str:
        """The hash of the files and of all that they import."""
        lines = (
            f"{name}\0{self._marks[name]}".encode("utf-8", "surrogateescape")
            for name in sorted(self.closure(names))
        )
        return digest_of([*lines, *self._unseen])

    def _closure(self, start: str) -> frozenset[str]:
        known = self._reached.get(start)
        if known is None:
            found: set[str] = set()
            waiting = [start]
            while waiting:
                name = waiting.pop()
                if name in found or name not in self._imports:
                    continue
                if name in self._reached:
                    found |= self._reached[name]
                    continue
                found.add(name)
                waiting += self._imports[name]
            known = self._reached[start] = frozenset(found)
        return known


def compilers() -> Iterator[str]:
    """What compiles protos and stands behind the modules that it makes, with their versions.

    They are in the names of the folders beside the packages, which are read in no time.
    """
    spec = find_spec("grpc_tools")
    if spec is not None and spec.origin is not None:
        beside = Path(spec.origin).parent.parent
        for name in _COMPILERS:
            yield from sorted(path.name for path in beside.glob(f"{name}-*.dist-info"))
