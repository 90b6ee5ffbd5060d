"""Which contract of an old set is which of a new one.

Knows paths, titles and versions; reads nothing. A file that kept its path is the same contract; one
that moved is known by its title and major version, so that two majors of an API side by side are
never compared with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.changes.semver import Version

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a contract before it is compared: `path` is relative to its set."""

    path: str
    title: str
    version: str

    @property
    def name(self) -> tuple[str, int | str]:
        """Title and major version, by which a contract is known wherever it lies."""
        version = Version.parse(self.version)
        return self.title, self.version if version is None else version.major


def pair(
    old: Sequence[Candidate], new: Sequence[Candidate]
) -> tuple[list[tuple[Candidate, Candidate]], list[Candidate], list[Candidate]]:
    """The pairs in the order of `old`, then what only `old` has, then what only `new` has.

    A name that two contracts of one side share pairs nothing: that would be a guess.
    """
    counterpart = {before: after for before in old for after in new if before.path == after.path}
    left = [one for one in old if one not in counterpart]
    right = [one for one in new if one not in counterpart.values()]
    for before in left:
        named = [one for one in right if one.name == before.name]
        if before.title and len(named) == 1 and sum(one.name == before.name for one in left) == 1:
            counterpart[before] = named[0]
    taken = set(counterpart.values())
    return (
        [(before, counterpart[before]) for before in old if before in counterpart],
        [one for one in old if one not in counterpart],
        [one for one in new if one not in taken],
    )
