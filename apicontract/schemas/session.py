"""The face of this room: questions about schemas, asked in one session that remembers what it worked out.

A session holds the nodes, the decided pairs and the validators of one comparison of two contracts. It is
not thread safe. Every refutation that leaves it carries a value confirmed by jsonschema-rs.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from apicontract.records import dataclass
from apicontract.schemas.budget import Budget, Exhausted, Meter
from apicontract.schemas.checking.verify import Verifier
from apicontract.schemas.search.engine import Engine
from apicontract.schemas.search.reading import Reading
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome
from apicontract.schemas.translation.translate import Translator, shown
from apicontract.schemas.verdicts import NOTHING, Contained, NotContained, Nothing, Unknown, Verdict, Witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.handles import Flow, Json, Schema
    from apicontract.schemas.sets.nodes import Node
    from apicontract.schemas.translation.leniency import Leniency
    from apicontract.schemas.translation.translate import Context

_STACK = 30_000
_NOT_CONFIRMED = "a counterexample that the validator did not confirm"


@dataclass(slots=True)
class Statistics:
    """What a session was asked and how it answered; `unverified` should stay 0."""

    questions: int = 0
    contained: int = 0
    refuted: int = 0
    unverified: int = 0
    steps: int = 0
    unknown: Counter[str] = field(default_factory=Counter)


class Session:
    """Asks and remembers.

    reading: "contract" (a property only the receiver declares is not sent) or "literal" JSON Schema.
    formats: known formats restrict values ("assert") or say nothing ("annotate").
    leniency: what receivers of responses read past; nothing if None.
    """

    def __init__(
        self,
        *,
        reading: Literal["contract", "literal"] = "contract",
        formats: Literal["assert", "annotate"] = "assert",
        leniency: Leniency | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.statistics = Statistics()
        self._meter = Meter(budget or Budget())
        self._engine = Engine(self._meter)
        self._translator = Translator(self._engine, formats=formats == "assert", leniency=leniency)
        self._reading = Reading(self._engine.pool, self._meter) if reading == "contract" else None
        self._verifier = Verifier(self._translator, formats=formats == "assert")
        self._verdicts: dict[tuple[int, int], Verdict] = {}

    @property
    def depth(self) -> int:
        """How many levels of JSON nesting a question is followed."""
        return self._meter.budget.depth

    def contains(self, sub: Schema, sup: Schema, *, flow: Flow = None) -> Verdict:
        """Whether every value that `sub` may send is one that `sup` accepts.

        flow: the direction of the message; it hides `readOnly` properties of requests and `writeOnly`
        ones of responses. A refutation carries a verified witness.
        """
        self.statistics.questions += 1
        with self._asking():
            verdict = self._contains(sub, sup, flow)
        self.statistics.contained += isinstance(verdict, Contained)
        self.statistics.refuted += isinstance(verdict, NotContained)
        if isinstance(verdict, Unknown):
            self.statistics.unknown[verdict.reason] += 1
        return verdict

    def equivalent(self, a: Schema, b: Schema, *, flow: Flow = None) -> Verdict:
        """Contained if each contains the other; else the first refutation, else the first doubt."""
        first = self.contains(a, b, flow=flow)
        if isinstance(first, NotContained):
            return first
        second = self.contains(b, a, flow=flow)
        return first if isinstance(second, Contained) else second

    def is_empty(self, a: Schema, *, flow: Flow = None) -> bool | None:
        """Whether no value at all is accepted; None if that could not be decided."""
        with self._asking():
            try:
                node, _ = self._translator.node(a, flow, sent=True)
                outcome = self._engine.simplest(node)
            except (Exhausted, RecursionError):
                return None
        return True if outcome is None else False if isinstance(outcome, Found) else None

    def sample(self, a: Schema, *, flow: Flow = None) -> Json | Nothing | Unknown:
        """A small accepted value; NOTHING if there is none, Unknown if neither was shown."""
        with self._asking():
            try:
                node, context = self._translator.node(a, flow, sent=True)
                outcome = self._engine.simplest(node)
            except (Exhausted, RecursionError) as problem:
                return Unknown(_reason(problem))
            if outcome is None:
                return NOTHING
            value = outcome.value if isinstance(outcome, Found) else outcome.guess
            value = next((v for v in shown(a.value) if self._engine.evaluation.holds(node, v)), value)
            if not isinstance(value, Nothing) and self._verifier.valid((a, context), value):
                return value
            self.statistics.unverified += isinstance(outcome, Found)
            return Unknown(outcome.reason if isinstance(outcome, Doubt) else _NOT_CONFIRMED)

    def intersect(self, a: Schema, b: Schema) -> Schema:
        """The schema of the values both accept."""
        from apicontract.schemas.edits.assembly import Assembly

        return Assembly().all_of((a, b))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """One question: a fresh budget, and room on the stack for its depth limit."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _STACK))
        self._engine.restart()
        before = self._meter.total
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)
            self.statistics.steps += self._meter.total - before

    def _contains(self, sub: Schema, sup: Schema, flow: Flow) -> Verdict:
        try:
            sender, sent = self._translator.node(sub, flow, sent=True)
            receiver, received = self._translator.node(sup, flow, sent=False)
            key = (sender.id, receiver.id)
            if key not in self._verdicts:
                restricted = self._reading.restricted(sender, receiver) if self._reading else sender
                outcome = self._engine.outside(restricted, receiver)
                self._verdicts[key] = self._judged(
                    outcome, restricted, receiver, (sub, sent), (sup, received)
                )
            return self._verdicts[key]
        except (Exhausted, RecursionError) as problem:
            return Unknown(_reason(problem))

    def _judged(
        self,
        outcome: Outcome,
        sender: Node,
        receiver: Node,
        sub: tuple[Schema, Context],
        sup: tuple[Schema, Context],
    ) -> Verdict:
        """The verdict that an outcome deserves: a value counts once the validator has confirmed it."""
        if outcome is None:
            return Contained()
        value = outcome.value if isinstance(outcome, Found) else outcome.guess
        holds = self._engine.evaluation.holds
        for familiar in (*shown(sub[0].value), *shown(sup[0].value)):
            if holds(sender, familiar) and holds(receiver, familiar) is False:
                value = familiar
                break
        refused: bool | None = None
        if not isinstance(value, Nothing) and self._engine.evaluation.holds(sender, value) is not False:
            refused = self._verifier.refuses(sub, sup, value)
            if refused:
                return NotContained(Witness(value, self._note(sub, sup, value)))
        if isinstance(outcome, Doubt):
            return Unknown(outcome.reason)
        if refused is None:
            return Unknown("a counterexample that the validator cannot read, or not soon")
        self.statistics.unverified += 1
        return Unknown(_NOT_CONFIRMED)

    def _note(self, sub: tuple[Schema, Context], sup: tuple[Schema, Context], value: Json) -> str:
        """What a validator that takes formats as annotations and knows no discriminator would not see."""
        if self._verifier.refuses_without(sub, sup, value, tags=True, formats=True):
            return ""
        if self._verifier.refuses_without(sub, sup, value, tags=True, formats=False):
            return "only a validator that asserts formats refuses it"
        return "the discriminator selects no schema for it"


def _reason(problem: BaseException) -> str:
    return str(problem) if isinstance(problem, Exhausted) else "schemas nested too deep"
