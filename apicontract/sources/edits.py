"""Edits of a text by positions: bytes that are replaced by others. Knows no syntax."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The bytes start:end of a text give way to `text`; nothing is taken away where both are the same."""

    start: int
    end: int
    text: bytes


def applied(text: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with all edits made; they must not overlap. What goes to one place goes there in order."""
    pieces: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    return b"".join((*pieces, text[at:]))


def compatible(groups: Sequence[Sequence[Edit]]) -> list[int]:
    """The indices of the groups that can be made together, in order: each whole, or left for another time.

    Of two groups that touch the same bytes the earlier one stays.
    """
    kept: list[int] = []
    taken: list[Edit] = []
    for index, group in enumerate(groups):
        together = sorted([*taken, *group], key=lambda edit: (edit.start, edit.end))
        if not any(one.end > other.start for one, other in pairwise(together)):
            taken = together
            kept.append(index)
    return kept
