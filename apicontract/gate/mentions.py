"""Whether files outside of a contract speak of one of its files: what they refer to must stay.

Looks for the name of the file in the texts below the folder that references may not leave. That is more
than references, and rather too careful than too bold.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from apicontract.sources.alterations import Drop, Rename
from apicontract.sources.expansion import SKIPPED
from apicontract.sources.references import allowed_root

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from apicontract.findings import Remedy
    from apicontract.sources import ReadOptions

_SUFFIXES = (".json", ".yaml", ".yml")
_MOST_FILES, _MOST_BYTES = 20_000, 1 << 30  # beyond it, a file counts as mentioned


class Mentions:
    """What is known of who mentions which file, looked up once for each."""

    def __init__(self, reading: ReadOptions) -> None:
        self._reading = reading
        self._known: dict[str, frozenset[str] | None] = {}

    def forbid(self, remedy: Remedy, own: Collection[str]) -> bool:
        """Whether a remedy takes away what a file may refer to that is none of the contract's `own`."""
        if not any(_takes_away(each) for each in remedy.alterations):
            return False
        path = remedy.document.uri
        if path not in self._known:
            self._known[path] = self._mentioning(path)
        mentioning = self._known[path]
        return mentioning is None or not mentioning <= {os.path.realpath(each) for each in own}

    def _mentioning(self, path: str) -> frozenset[str] | None:
        """The real paths of the other files that hold this one's name; None if there are too many to look."""
        name = os.path.basename(path)  # noqa: PTH119
        spelled = b"|".join(re.escape(os.fsencode(each)) for each in {name, quote(name)})  # as a URL has it
        pattern = re.compile(rb"(?<![\w.-])(?:%s)" % spelled)
        found: set[str] = set()
        left = _MOST_BYTES
        for count, other in enumerate(_texts(allowed_root(path, self._reading))):
            try:
                left -= os.path.getsize(other)  # noqa: PTH202
                if left < 0 or count > _MOST_FILES:
                    return None
                with open(other, "rb") as file:  # noqa: PTH123
                    if pattern.search(file.read()):
                        found.add(os.path.realpath(other))
            except OSError:  # nobody can read a reference in it
                continue
        return frozenset(found - {os.path.realpath(path)})


def _takes_away(alteration: object) -> bool:
    """Components that go, and paths by another name; no reference leads to anything else."""
    if isinstance(alteration, Rename):
        return alteration.place.pointer.startswith("/paths/") and alteration.place.pointer.count("/") == 2  # noqa: PLR2004
    return isinstance(alteration, Drop) and alteration.prune


def _texts(root: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED]
        for name in files:
            if name.endswith(_SUFFIXES):
                yield os.path.join(folder, name)  # noqa: PTH118
