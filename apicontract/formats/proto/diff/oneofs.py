"""Which fields exclude each other, before and now.

Fields that could be set together and cannot any more lose one of the two; the other way there are only
new combinations. A oneof's name is on no wire.
Source: Protocol Buffers, "Oneof"; of several members on the wire the last wins, JSON readers refuse two.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference, named
from apicontract.formats.proto.diff.effects import Effect, Verdict, fixed
from apicontract.formats.proto.witness import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.elements import Field, Message

_MAJOR = Level.MAJOR
_SAME, _PART = Effect.SAME, Effect.PART


def compare_oneofs(pairs: list[tuple[Field, Field]], owners: tuple[Message, Message]) -> Iterator[Difference]:
    """What happened to the oneofs of the fields that both sides have."""
    before = _groups(pairs, 0)
    after = _groups(pairs, 1)
    for name, members in after.items():
        yield from _joined(name, members, owners)
    for name, members in before.items():
        yield from _freed(name, members)
    yield from _renamed(before, after)


def _groups(pairs: list[tuple[Field, Field]], side: int) -> dict[str, list[tuple[Field, Field]]]:
    groups: dict[str, list[tuple[Field, Field]]] = {}
    for pair in pairs:
        if pair[side].oneof:
            groups.setdefault(pair[side].oneof, []).append(pair)
    return groups


def _joined(
    name: str, members: list[tuple[Field, Field]], owners: tuple[Message, Message]
) -> Iterator[Difference]:
    apart = [
        (one, two)
        for one, two in combinations(members, 2)
        if not one[0].oneof or one[0].oneof != two[0].oneof
    ]
    if apart:
        (one, _), (two, _) = apart[0]
        names = _listed(dict.fromkeys(named(pair[1]) for couple in apart for pair in couple))
        yield Difference(
            "fields-joined-in-oneof",
            f"fields {names} exclude each other in oneof `{name}`; they could be set together",
            Verdict((_PART, _SAME), (_PART, _SAME), _MAJOR),
            one.place,
            apart[0][0][1].place,
            proof=Proof(*owners, ((one, None), (two, None)), ()),
        )
    elif len(members) == 1 and not members[0][0].oneof:
        old, new = members[0]
        yield Difference(
            "field-moved-into-oneof",
            f"field `{named(new)}` is in oneof `{name}`, with no field that it was ever set together with",
            fixed(source=_MAJOR),
            old.place,
            new.place,
        )


def _freed(name: str, members: list[tuple[Field, Field]]) -> Iterator[Difference]:
    apart = [
        (one, two)
        for one, two in combinations(members, 2)
        if not one[1].oneof or one[1].oneof != two[1].oneof
    ]
    if apart:
        one = apart[0][0]
        names = _listed(dict.fromkeys(named(pair[1]) for couple in apart for pair in couple))
        yield Difference(
            "fields-freed-from-oneof",
            f"fields {names} do not exclude each other any more; they were in oneof `{name}`,"
            " of which old readers keep the last and refuse two in JSON",
            Verdict((_SAME, _PART), (_SAME, _PART), _MAJOR),
            one[0].place,
            one[1].place,
        )
    elif len(members) == 1 and not members[0][1].oneof:
        old, new = members[0]
        yield Difference(
            "field-moved-out-of-oneof",
            f"field `{named(new)}` is not in oneof `{name}` any more, of which nothing else is left",
            fixed(source=_MAJOR),
            old.place,
            new.place,
        )


def _renamed(
    before: dict[str, list[tuple[Field, Field]]], after: dict[str, list[tuple[Field, Field]]]
) -> Iterator[Difference]:
    for name, members in before.items():
        names = {new.oneof for _, new in members}
        other = next(iter(names))
        if (
            len(names) == 1
            and other not in ("", name)
            and not any(not old.oneof or old.oneof != name for old, _ in after.get(other, ()))
        ):
            old, new = members[0]
            yield Difference(
                "oneof-renamed",
                f"oneof `{name}` of `{named(new)}` is called `{other}`",
                fixed(source=_MAJOR),
                old.place,
                new.place,
                name,
                other,
            )


def _listed(names: dict[str, None]) -> str:
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
