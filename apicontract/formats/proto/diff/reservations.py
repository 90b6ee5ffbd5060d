"""Numbers and names that are reserved: no byte changes when a reservation goes, only what may happen next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from apicontract.formats.proto.elements import Enum, Message, Range


def compare_reservations(
    kind: str, old: Enum | Message, new: Enum | Message, numbers: Collection[int], names: Collection[str]
) -> Iterator[Difference]:
    """Reservations that went or came; one that `numbers` or `names` of the new side use is told elsewhere."""
    gone = [
        shown(found)
        for found in without(old.reserved_ranges, new.reserved_ranges)
        if not any(found[0] <= number < found[1] for number in numbers)
    ]
    gone += [name for name in sorted(old.reserved_names - new.reserved_names) if name not in names]
    if gone:
        yield Difference(
            "reservation-removed",
            f"{kind} `{new.name}`: {', '.join(gone)} not reserved any more; using it again misreads data",
            Verdict(),
            old.place,
            new.place,
            was=", ".join(gone),
        )
    come = [shown(found) for found in without(new.reserved_ranges, old.reserved_ranges)]
    come += sorted(new.reserved_names - old.reserved_names)
    if come:
        yield Difference(
            "reservation-added",
            f"{kind} `{new.name}`: {', '.join(come)} reserved",
            Verdict(),
            old.place,
            new.place,
            now=", ".join(come),
        )


def without(ranges: Iterable[Range], others: Iterable[Range]) -> Iterator[Range]:
    """The parts of `ranges` that are in none of `others`; a range is (first, one past the last)."""
    listed = sorted(others)
    for first, end in sorted(ranges):
        at = first
        for low, high in listed:
            if high <= at or low >= end:
                continue
            if low > at:
                yield at, low
            at = max(at, high)
        if at < end:
            yield at, end


def shown(found: Range) -> str:
    """`5` or `5 to 9`."""
    first, end = found
    return str(first) if end - first == 1 else f"{first} to {end - 1}"
