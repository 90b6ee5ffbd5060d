"""Semantic versioning 2.0.0 arithmetic: parse a version, compute the next one a change needs.

Knows version numbers, not contracts. Accepts what people write (`v1.2`, `1`) where the meaning is
plain, and says None where it is not (dates, CalVer, words).
"""

from __future__ import annotations

import re
from dataclasses import replace

from apicontract.changes.model import Level
from apicontract.records import dataclass

_VERSION = re.compile(
    r"^[vV]?(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8}))?(?:\.(0|[1-9]\d{0,8}))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$",
    re.ASCII,
)
_FIRST_YEAR = 1900  # a bare `2024` or `2024-01-31` is a date, not major version 2024


@dataclass(frozen=True, slots=True)
class Version:
    """A semantic version; `pre` is the pre-release part without its hyphen, empty if there is none."""

    major: int
    minor: int
    patch: int
    pre: str = ""

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """`1.2.3`, `v1.2`, `2`, `1.0.0-rc.1`; None for anything else, dates and CalVer among it."""
        match = _VERSION.match(text.strip())
        if match is None or int(match[1]) >= _FIRST_YEAR:
            return None
        return cls(int(match[1]), int(match[2] or 0), int(match[3] or 0), match[4] or "")

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + (f"-{self.pre}" if self.pre else "")

    def precedes(self, other: Version) -> bool:
        """Whether this version is lower than `other` (semver section 11)."""
        return self._rank() < other._rank()

    def _rank(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        parts = tuple(
            (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in self.pre.split(".")
        )
        return (self.major, self.minor, self.patch), not self.pre, parts

    def bump(self, level: Level) -> Version:
        """The lowest version that says a change of `level` happened (semver sections 4, 6, 7, 8, 11).

        Before 1.0.0 a break moves the minor and anything else the patch. A pre-release of a version
        that already says enough is finished (`2.0.0-rc.1` and a break give `2.0.0`).
        """
        if level is Level.NONE:
            return self
        if self.major == 0:
            level = {Level.MAJOR: Level.MINOR}.get(level, Level.PATCH)
        if self.pre and self._already_says(level):
            return Version(self.major, self.minor, self.patch)
        if level is Level.MAJOR:
            return Version(self.major + 1, 0, 0)
        if level is Level.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)

    def _already_says(self, level: Level) -> bool:
        if level is Level.MAJOR:
            return self.minor == 0 and self.patch == 0
        return level is not Level.MINOR or self.patch == 0


_MAJOR_ALONE = re.compile(r"v(0|[1-9]\d{0,2})", re.ASCII)


def announces(declared: str, required: str) -> bool:
    """Whether what is declared is a pre-release of a version that is enough: 2.0.0-rc.1 where 2.0.0 is."""
    said, least = Version.parse(declared), Version.parse(required)
    return (
        said is not None
        and least is not None
        and said.precedes(least)
        and not replace(said, pre="").precedes(least)
    )


def next_version(version: str, level: Level) -> str | None:
    """The version that `version` must become after a change of `level`; None if it is not semver.

    What says its major alone, as packages of protos do (`v1`), goes on so: only a break moves it.
    """
    alone = _MAJOR_ALONE.fullmatch(version)
    if alone is not None:
        return f"v{int(alone[1]) + (level is Level.MAJOR)}"
    parsed = Version.parse(version)
    return None if parsed is None else str(parsed.bump(level))
