"""One difference between two elements, before anybody asks where it is met: rule, verdict, places, proof.

Also what every comparer is given: both contracts, who is who, the user's options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.effects import Flow, Verdict, everywhere
from apicontract.formats.proto.diff.recorder import Found
from apicontract.formats.proto.packages import is_unstable
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats import DiffOptions
    from apicontract.formats.proto.diff.flows import Flows
    from apicontract.formats.proto.diff.pairing import Pairing
    from apicontract.formats.proto.diff.recorder import Recorder
    from apicontract.formats.proto.diff.structure import Structure
    from apicontract.formats.proto.elements import Element, Field
    from apicontract.formats.proto.model import Proto
    from apicontract.formats.proto.witness import Proof, Prover
    from apicontract.sources import Place


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference: `rule` tells of it, `verdict` what it does.

    proof: what a message must hold to show it; without one the verdict is true by definition or policy.
    as_set: it concerns what clients set, so that requests with what only servers fill in do not count.
    """

    rule: str
    message: str
    verdict: Verdict
    old: Place | None = None
    new: Place | None = None
    was: str = ""
    now: str = ""
    proof: Proof | None = None
    as_set: bool = False

    def met(self, context: Context, flow: Flow, reaches: tuple[str, ...], holder: Element | None) -> Found:
        """It as a change, met in messages that go those ways through those RPCs; `holder` stood there."""
        return Found(
            self.rule,
            self.message,
            self.verdict.levels(flow),
            self.old,
            self.new,
            self.was,
            self.now,
            flow,
            reaches,
            context.prover.witness(self.proof, flow) if self.proof else None,
            context.allowance(holder),
            self.proof is not None and self.proof.definite,
        )


@dataclass(frozen=True, slots=True)
class Context:
    """One comparison of two contracts."""

    old: Proto
    new: Proto
    pairing: Pairing
    options: DiffOptions
    recorder: Recorder
    old_flows: Flows
    new_flows: Flows
    structure: Structure
    prover: Prover

    def flow(self, old: str, new: str) -> Flow:
        """The ways that a message or enum goes in either contract."""
        return self.old_flows.flow(old) | self.new_flows.flow(new)

    def flow_of(self, found: Difference, old: str, new: str) -> Flow:
        """The ways on which a difference of that message or enum counts."""
        flow = self.flow(old, new)
        return flow & ~Flow.FORTH if found.as_set and self.old_flows.is_filled_in(old) else flow

    def reaches(self, old: str, new: str) -> tuple[str, ...]:
        """The RPCs that carry it in either contract, those of the new one under their name there."""
        before = self.old_flows.reaches(old) if old else ()
        after = self.new_flows.reaches(new) if new else ()
        return tuple(dict.fromkeys((*before, *after)))

    def allowance(self, old: Element | None) -> str:
        """Why policy lets a break of this element pass, or empty."""
        if old is None or not self.options.allow_unstable or not is_unstable(old.file.package):
            return ""
        return f"package {old.file.package} is unstable"


def named(field: Field) -> str:
    """A field with its message, `Order.id`; an extension by its full name."""
    return f"{field.message.name}.{field.name}" if field.message is not None else field.full_name


def deprecation(kind: str, label: str, old: Element, new: Element) -> Iterator[Difference]:
    """`deprecated` of any element that has it: a warning, and what it announces, is worth a minor."""
    was, now = (bool(one.deprecated) for one in (old, new))  # type: ignore[attr-defined]  # these elements have it
    if was == now:
        return
    verb = "is deprecated" if now else "is not deprecated any more"
    yield Difference(
        f"{kind}-deprecated" if now else f"{kind}-reactivated",
        f"{label} {verb}",
        everywhere(Level.MINOR),
        old.place,
        new.at("options", "deprecated") if now else new.place,
    )
