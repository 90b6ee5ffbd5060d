"""The edits that lead from an old schema to a new one, each with what it does to the set of values.

A comparison knows one pair of schema objects: the edits written in them, and the pairs of parts below
that differ. It knows neither the direction of a message nor a level; those are the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.edits import facts as facts_of
from apicontract.schemas.edits.alignment import align
from apicontract.schemas.edits.assembly import Assembly
from apicontract.schemas.edits.blame import GROUPS, Blame
from apicontract.schemas.edits.edit import Edit, Spot
from apicontract.schemas.edits.effects import edits_of
from apicontract.schemas.edits.view import View, settle, view
from apicontract.schemas.verdicts import Contained

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.schemas.edits.alignment import Part
    from apicontract.schemas.handles import Flow, Json, Schema
    from apicontract.schemas.session import Session
    from apicontract.schemas.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Step:
    """A pair of parts that differ, below a compared pair.

    narrows, widens: whether the part has a share in what the whole refuses, or newly accepts.
    """

    part: Part
    narrows: bool
    widens: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is known of one pair: both verdicts, its own edits, the parts below that differ.

    narrows: whether every old value is a new one; widens: whether every new value is an old one.
    """

    narrows: Verdict
    widens: Verdict
    edits: tuple[Edit, ...]
    steps: tuple[Step, ...]


class Comparer:
    """Compares pairs of schemas and remembers the results; one per comparison of two contracts."""

    def __init__(self, session: Session, literal: Session, same: Callable[[Schema, Schema], bool]) -> None:
        """`session` decides; `literal` tells a rewriting from a loss; `same` knows what did not change."""
        self.session = session
        self.literal = literal
        self.same = same
        self.assembly = Assembly()
        self._memo: dict[tuple[Schema, Schema, Flow], Comparison] = {}

    def compare(self, old: Schema, new: Schema, flow: Flow = None) -> Comparison:
        """The comparison of `old` with `new` as parts of a message that flows like `flow`."""
        key = (old, new, flow)
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._compare(old, new, flow)
        return known

    def contains(self, sub: Schema, sup: Schema, flow: Flow = None) -> Verdict:
        """Whether every value of `sub` is one of `sup`."""
        return self.session.contains(sub, sup, flow=flow)

    def _compare(self, old: Schema, new: Schema, flow: Flow) -> Comparison:
        narrows = self.session.contains(old, new, flow=flow)
        widens = self.session.contains(new, old, flow=flow)
        old, new = settle(old), settle(new)
        views = (view(old), view(new))
        parts = {
            label: part
            for label, part in align(*views, self.assembly, (old, new)).items()
            if not self.same(part.old, part.new)
        }
        there = Blame(self.session, self.assembly, old, new, flow, parts)
        back = Blame(self.session, self.assembly, new, old, flow, parts)
        if not isinstance(narrows, Contained):
            there.run(forward=True)
        if not isinstance(widens, Contained):
            back.run(forward=False)
        lost = facts_of.members(views, (old, new), flow, self._equivalent)
        edits = [
            *edits_of(self, views, (old, new), there, back, lost),
            *facts_of.without_effect(views, (old, new)),
        ]
        if not edits and not parts and _says(views[0]) != _says(views[1]):
            edits = [Edit("schema-rewritten", "", Spot.of(old), Spot.of(new))]
        steps = tuple(
            Step(part, label in there.children, label in back.children) for label, part in parts.items()
        )
        return Comparison(narrows, widens, tuple(edits), steps)

    def _equivalent(self, old: Schema, new: Schema) -> bool:
        """Whether both accept the same values, taken literally: then nothing was lost, only rewritten."""
        return isinstance(self.literal.contains(old, new), Contained) and isinstance(
            self.literal.contains(new, old), Contained
        )


def _says(view_: View) -> Json:
    """What the conjuncts say in keywords, to tell a rewriting from a mere move into a component."""
    words: list[Json] = []
    for group, keys in GROUPS.items():
        words.append([group, [repr(value) for key in keys for _, value in view_.values(key)]])
    words.append([repr(value) for _, value in view_.values("type")])
    words.append([*sorted(view_.properties), "", *sorted(view_.required())])
    words.append([[keyword, len(branches)] for _, keyword, branches in view_.alternations()])
    return words
