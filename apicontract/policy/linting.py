"""What policy makes of what lint found: severities, what is waived, and waivers that waive nothing.

The same rows of `rules` and the same waivers as before the gate, but nothing is compared: there is no
base, so that no waiver lapses, and no version, and the baseline, which is the gate's debt, has no say.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from apicontract.policy.subjects import of_finding
from apicontract.policy.suppressions import Waivers, beside_things, expired, expiry, speaks_of, unneeded
from apicontract.policy.verdict import Decision, JudgedFinding, Waiver
from apicontract.policy.weighing import weighed, weight_of
from apicontract.records import dataclass

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from apicontract.changes import Rule
    from apicontract.changes.promises import Promises
    from apicontract.findings import Finding, FindingRule, Severity
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.model import Suppression
    from apicontract.policy.subjects import Subject
    from apicontract.policy.suppressions import Entry


@dataclass(frozen=True, slots=True)
class LintCase:
    """One contract with what the rules found in it; `contract` is its path as the configuration knows it."""

    contract: str
    promises: Promises
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LintVerdict:
    """What policy made of the findings of one contract, waived ones among them, in document order.

    What is wrong with the waivers in the contract comes last.
    """

    contract: str
    source: str
    format: str
    version: str
    findings: tuple[JudgedFinding, ...]


def weigh(
    cases: Iterable[LintCase],
    configuration: Configuration,
    *,
    today: dt.date,
    rules: Mapping[str, Rule | FindingRule],
    asked: Collection[str],
    complete: bool,
) -> tuple[tuple[LintVerdict, ...], tuple[JudgedFinding, ...]]:
    """The verdict on each contract, and what is to be said of the configuration's suppressions.

    rules: the catalogue, looked into only as far as something depends on it. asked: the ids that were
    looked for. complete: whether all contracts were linted. Only then, or where it names a contract that
    was, a suppression is said to waive nothing, and only if it can be about nothing but rules that were
    asked.
    """
    waivers = Waivers(configuration, today)
    holding = waivers.holding(None)

    @cache
    def others() -> frozenset[str]:
        return frozenset(rules).difference(asked)

    verdicts = tuple(
        _Weighing(case, configuration, waivers, holding, today, rules, others).verdict() for case in cases
    )
    linted = {verdict.contract for verdict in verdicts}

    def unused(says: Suppression) -> bool:
        return not speaks_of(says.rule, others()) and (complete or says.contract in linted)

    found = waivers.findings(unused)
    about = (weighed(each, configuration) for each in found)
    return verdicts, tuple(each for each in about if each is not None)


class _Weighing:
    """The findings of one contract before policy."""

    def __init__(  # what a verdict depends on
        self,
        case: LintCase,
        configuration: Configuration,
        waivers: Waivers,
        holding: Collection[int],
        today: dt.date,
        rules: Mapping[str, Rule | FindingRule],
        others: Callable[[], Collection[str]],
    ) -> None:
        self._case = case
        self._in_force = configuration.for_contract(case.contract)
        self._waivers = waivers
        self._holding = holding
        self._today = today
        self._rules = rules
        self._others = others
        self._notes, _, self._wrong = beside_things(None, case.promises, rules)
        self._used: set[int] = set()
        self._weights: dict[tuple[str, Severity], tuple[Severity, tuple[Decision, ...]] | None] = {}

    def verdict(self) -> LintVerdict:
        """The verdict."""
        case = self._case
        listed = [self._finding(each) for each in case.findings]
        about = [weighed(each, self._in_force) for each in (*self._wrong, *self._about_notes())]
        findings = tuple(each for each in (*listed, *about) if each is not None)
        promises = case.promises
        return LintVerdict(case.contract, promises.source, promises.format, promises.version, findings)

    def _finding(self, found: Finding) -> JudgedFinding | None:
        kind = found.rule, found.severity
        if kind not in self._weights:
            newer = self._rules[found.rule].since > self._in_force.settings.schema
            self._weights[kind] = weight_of(*kind, self._in_force, newer=newer)
        weight = self._weights[kind]
        if weight is None:
            return None
        if not (self._waivers or self._notes):
            return JudgedFinding(found, *weight)
        subject = of_finding(found, (self._case.contract,))
        waiver = self._waivers.waive(subject, self._holding) or self._beside(subject)
        severity, decisions = weight
        if waiver is None:
            return JudgedFinding(found, severity, decisions)
        step = Decision(waiver.kind, "waived", waiver.origin, waiver.reason)
        return JudgedFinding(found, severity, (*decisions, step), waiver)

    def _beside(self, subject: Subject) -> Waiver | None:
        for number, entry in enumerate(self._notes):
            if entry.covers(subject) and not expired(entry, self._today):
                self._used.add(number)
                return entry.waiver
        return None

    def _about_notes(self) -> Iterator[Finding]:
        """Waivers that expired or waived nothing, of those that are about rules that were asked only."""
        for number, entry in enumerate(self._notes):
            if number in self._used or not self._is_ours(entry) or entry.place is None:
                continue
            if expired(entry, self._today):
                yield expiry(entry, entry.place)
            else:
                yield unneeded(entry, entry.place, lapsed=False, would=False)

    def _is_ours(self, entry: Entry) -> bool:
        return not speaks_of(entry.says.rule, self._others())
