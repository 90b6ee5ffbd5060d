"""Which contract that is gone is which one that came, where neither content, nor title and major tell.

A contract that moved and was changed is followed as git follows a renamed file: by how much of it is still
there. That alone would take one small contract for another, so most of its operations must be there too.
Where the title is the same, they are enough; under another one the version may not go back. A package has
its name for that, and is none of this.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.changes.semver import Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.formats import Contract

_HALF = 0.5  # what must be left of a file: that of git's `--find-renames`
_LIMIT = 1_000_000  # pairs that are looked at: 1000 by 1000, as git does by default


@dataclass(frozen=True, slots=True)
class Seen:
    """A contract that is gone or came: its path in its state, what it says, and the text of its file."""

    path: str
    contract: Contract
    text: bytes


def followed(gone: Sequence[Seen], came: Sequence[Seen]) -> dict[str, str]:
    """The paths of `came` with those of `gone` that they were, the likest first; each is in one pair only."""
    if len(gone) * len(came) > _LIMIT:
        return {}
    lines = {id(one): Counter(one.text.splitlines(keepends=True)) for one in (*gone, *came)}
    operations = {id(one): frozenset(one.contract.operations) for one in (*gone, *came)}
    ranked = []
    for old in gone:
        for new in came:
            kept = _kept(operations[id(old)], operations[id(new)])
            if old.contract.is_package or new.contract.is_package or kept < _HALF or _parts(old, new):
                continue
            titled = bool(old.contract.title) and old.contract.title == new.contract.title
            alike = _alike(lines[id(old)], lines[id(new)])
            if titled or (alike >= _HALF and not _is_earlier(new, old)):
                named = posixpath.basename(old.path) == posixpath.basename(new.path)
                ranked.append((not titled, -alike, -kept, not named, old.path, new.path))
    found: dict[str, str] = {}
    for *_, before, after in sorted(ranked):
        if after not in found and before not in found.values():
            found[after] = before
    return found


def _parts(old: Seen, new: Seen) -> bool:
    """Whether clients see other majors: then the one is the next of the other, and stands beside it."""
    before = {major.major for major in old.contract.majors}
    after = {major.major for major in new.contract.majors}
    return bool(before and after) and before.isdisjoint(after)


def _is_earlier(new: Seen, old: Seen) -> bool:
    """Whether the version goes back: under another title, that is an API that begins."""
    before, after = Version.parse(old.contract.version), Version.parse(new.contract.version)
    return before is not None and after is not None and after.precedes(before)


def _kept(old: frozenset[str], new: frozenset[str]) -> float:
    """How many of the old operations are there still, from 0 to 1; all of none."""
    return len(old & new) / len(old) if old else 1.0


def _alike(old: Counter[bytes], new: Counter[bytes]) -> float:
    """How much of the larger file is lines of both, from 0 to 1, by bytes."""
    shared = sum(len(line) * min(count, new[line]) for line, count in old.items())
    largest = max(sum(len(line) * count for line, count in side.items()) for side in (old, new))
    return shared / largest if largest else 1.0
