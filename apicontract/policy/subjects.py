"""What a waiver can be about: a change or a finding, reduced to what patterns are matched with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.policy.fingerprints import finding_fingerprint, fingerprint
from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.changes import Change
    from apicontract.findings import Finding
    from apicontract.sources import Place


@dataclass(frozen=True, slots=True)
class Subject:
    """A change or finding as patterns see it.

    contracts: the path of its contract, and the one it had if it moved. operations: every one through
    which it is met. old, new: where it stands. fingerprint: of the change or finding.
    """

    rule: str
    contracts: tuple[str, ...]
    operations: tuple[str, ...]
    old: Place | None
    new: Place | None
    fingerprint: str

    @property
    def pointers(self) -> tuple[str, ...]:
        """Its JSON pointers, the new one first."""
        return tuple(place.pointer for place in (self.new, self.old) if place is not None)


def of_change(change: Change, contracts: tuple[str, ...]) -> Subject:
    """A change as patterns see it."""
    operations = change.reaches or ((change.operation,) if change.operation else ())
    return Subject(change.rule, contracts, operations, change.old, change.new, fingerprint(change))


def of_finding(finding: Finding, contracts: tuple[str, ...]) -> Subject:
    """A finding as patterns see it; it stands in no operation that could be named."""
    return Subject(finding.rule, contracts, (), None, finding.place, finding_fingerprint(finding))
