"""The gate: what policy makes of every change and finding, and whether it lets the contracts pass.

Reads nothing and compares nothing: cases come compared and validated. Everything that decides is an
argument, the day among it, so that the same cases have the same verdict anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Level, Side
from apicontract.findings import FindingRule
from apicontract.policy.majors import major_findings, only_ends_majors
from apicontract.policy.rules import NEVER
from apicontract.policy.subjects import of_change, of_finding
from apicontract.policy.sunsets import left, sunset_findings
from apicontract.policy.suppressions import (
    Entry,
    Waivers,
    beside_things,
    expired,
    expiry,
    finding,
    speaks_of,
    unneeded,
)
from apicontract.policy.verdict import (
    Decision,
    JudgedChange,
    JudgedFinding,
    Judgement,
    Outcome,
    Question,
    Verdict,
    Waiver,
)
from apicontract.policy.versions import (
    number_for,
    required_package,
    required_version,
    setting,
    version_findings,
)
from apicontract.policy.weighing import LEVELS, by_row, weighed
from apicontract.sources.expansion import meant_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from apicontract.changes import Change, Rule
    from apicontract.changes.promises import Promises
    from apicontract.findings import Finding
    from apicontract.policy.baseline import Baseline
    from apicontract.policy.case import Case
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.model import Suppression
    from apicontract.policy.subjects import Subject
    from apicontract.sources import Place

_PACKAGE_GOES = (
    "Deprecate the package (`option deprecated = true;`, and above it `// apicontract:sunset YYYY-MM-DD`),"
    " and delete it after that day."
)
_VERSION_RULES = ("version-not-moved", "version-moved-too-little")  # what a higher version mends


def judge(
    cases: Iterable[Case],
    configuration: Configuration,
    *,
    today: dt.date,
    rules: Mapping[str, Rule | FindingRule],
    baseline: Baseline | None = None,
    complete: bool = True,
    unchanged: Collection[str] = (),
) -> Judgement:
    """The verdict on every case, in their order, and what was found about suppressions and baseline.

    rules: the catalogue of every format and of the gate. complete: whether every contract of the
    configuration is among the cases or `unchanged`, which are those that were not looked into since
    nothing in them changed; only then is a suppression that waived nothing spoken of.
    """
    cases = list(cases)
    waivers = Waivers(configuration, today)
    verdicts = tuple(_Judge(case, configuration, waivers, today, rules, baseline).verdict() for case in cases)

    looked_for = frozenset(rule.id for rule in rules.values() if not _of_lint(rule))

    def unused(says: Suppression) -> bool:
        return (
            complete
            and bool(cases)
            and speaks_of(says.rule, looked_for)
            and not (_is_about(says, unchanged) and _may_be_finding(says.rule, rules))
        )

    found = list(waivers.findings(unused))
    if baseline is not None and configuration.document is not None:
        found += _stale(baseline, verdicts, configuration)
    judged = (weighed(each, configuration) for each in found)
    return Judgement(verdicts, tuple(each for each in judged if each is not None))


def _is_about(says: Suppression, contracts: Collection[str]) -> bool:
    return any(not says.contract or meant_by(says.contract, contract) for contract in contracts)


def _may_be_finding(pattern: str, rules: Mapping[str, Rule | FindingRule]) -> bool:
    """Whether a pattern may be about a finding of validation, which an unchanged contract may have too."""
    return speaks_of(
        pattern,
        {rule.id for rule in rules.values() if isinstance(rule, FindingRule) and not _of_lint(rule)},
    )


def _of_lint(rule: Rule | FindingRule) -> bool:
    """Whether lint looks for it, and the gate does not."""
    return isinstance(rule, FindingRule) and rule.command == "lint"


def _stale(
    baseline: Baseline, verdicts: Sequence[Verdict], configuration: Configuration
) -> Iterator[Finding]:
    place = configuration.place("baseline")
    stale = baseline.stale(verdicts)
    if stale and place is not None:
        count = f"{len(stale)} debts are" if len(stale) > 1 else "one debt is"
        message = f"{count} in {baseline.file} and not met any more: {stale[0].rule} of {stale[0].contract}"
        yield finding("baseline-stale", place, message)


class _Judge:
    """One case before the gate."""

    def __init__(  # what a verdict depends on
        self,
        case: Case,
        configuration: Configuration,
        waivers: Waivers,
        today: dt.date,
        rules: Mapping[str, Rule | FindingRule],
        baseline: Baseline | None,
    ) -> None:
        self._case = case
        self._in_force = configuration.for_contract(case.contract)
        self._settings = self._in_force.settings
        self._waivers = waivers
        self._today = today
        self._rules = rules
        self._baseline = baseline
        self._holding = waivers.holding(case.base)
        self._notes, self._lapsed, self._wrong = beside_things(case.old, case.new, rules)
        self._used: set[int] = set()
        self._would: set[int] = set()
        self._looked_for = frozenset(rule.id for rule in rules.values() if not _of_lint(rule))

    def verdict(self) -> Verdict:
        """The verdict."""
        case, settings = self._case, self._settings
        changes = tuple(self._change(change) for change in (case.diff.changes if case.diff else ()))
        level = max((change.counted for change in changes), default=Level.NONE)
        breaks = [change.change for change in changes if change.counted is Level.MAJOR]
        listed = [self._finding(each) for each in self._found(level, breaks)]
        findings = [each for each in listed if each is not None]
        if case.new is None:
            level = _of_removal(findings)
        elif case.old is None:
            level = Level.MINOR
        findings += self._about_notes()
        named = case.new or case.old
        assert named is not None  # noqa: S101  # a case has at least one side
        required = ""
        if case.old and case.new:
            by_name = case.new.is_package
            required = (
                required_package(case.old.version, level)
                if by_name
                else required_version(case.old.version, level, settings)
            )
        return Verdict(
            case.contract,
            named.format,
            settings.profile,
            case.question,
            _outcome(case),
            Side(case.old.source, case.old.version) if case.old else None,
            Side(case.new.source, case.new.version) if case.new else None,
            level,
            required,
            (case.new.version or number_for(case.new)) if case.new else "",
            changes,
            tuple(findings),
            tuple(self._advice(findings, required, breaks)),
            settings.fail_on == "never",
        )

    def _found(self, level: Level, breaks: Sequence[Change]) -> Iterator[Finding]:
        """Every finding of validation and of the gate about this case."""
        case, settings = self._case, self._settings
        if case.validation is not None:
            yield from case.validation.findings
        yield from self._wrong
        if case.new is None:
            if case.old is not None:
                yield from _removed(case.old, settings.stability.may_break, self._today)
            return
        differs = case.old is None or case.diff is None or bool(case.diff.changes)
        if differs:
            yield from sunset_findings(case.old, case.new, settings, self._today)
        if case.question is not Question.BRANCH:
            yield from version_findings(case.old, case.new, level, settings)
            yield from major_findings(case, breaks, settings, self._today)
        if settings.fail_on in LEVELS and Level.parse(settings.fail_on) <= level:
            message = f"the changes are {level}, and `fail-on` is {settings.fail_on}"
            yield finding("level-refused", case.new.version_place, message)

    def _change(self, change: Change) -> JudgedChange:
        subject = of_change(change, _paths(self._case))
        level, decisions = self._weigh(change)
        waiver = self._waiver(subject)
        if waiver is not None:
            decisions.append(Decision(waiver.kind, "waived", waiver.origin, waiver.reason))
        return JudgedChange(change, level, subject.fingerprint, tuple(decisions), waiver)

    def _weigh(self, change: Change) -> tuple[Level, list[Decision]]:
        """The level of a change before waivers, and each step to it."""
        level = change.level
        where = f"it breaks {' and '.join(change.surfaces)}" if change.surfaces else "it breaks nothing"
        decisions = [Decision("comparison", str(level), "", f"{where} ({change.certainty})")]
        if change.setting:
            origin = str(self._in_force.origin("compare", change.setting))
            value = getattr(self._settings.compare, change.setting.replace("-", "_"))
            decisions.append(Decision("compare", str(level), origin, f"compare.{change.setting} = {value}"))
        if change.surfaces and level is not Level.MAJOR:
            origin = str(self._in_force.origin("surfaces"))
            decisions.append(Decision("surfaces", str(level), origin, "breaks there do not count"))
        row = self._in_force.standing(change.rule, LEVELS)
        if row is not None:
            level = Level.parse(row.standing)
            decisions.append(by_row(row))
        if change.allowed and level is Level.MAJOR:
            level = Level.MINOR
            decisions.append(Decision("allowance", str(level), "", change.allowed))
        if self._is_newer(change.rule):
            level = Level.NONE
            origin = str(self._in_force.origin("schema"))
            decisions.append(
                Decision("schema", str(level), origin, "the rule is newer than the configuration")
            )
        return level, decisions

    def _finding(self, found: Finding) -> JudgedFinding | None:
        subject = of_finding(found, _paths(self._case))
        judged = weighed(found, self._in_force, newer=self._is_newer(found.rule))
        if judged is None:
            return None
        waiver = self._waiver(subject, never=found.rule in NEVER)
        if waiver is None:
            return judged
        step = Decision(waiver.kind, "waived", waiver.origin, waiver.reason)
        return JudgedFinding(found, judged.severity, (*judged.decisions, step), waiver)

    def _waiver(self, subject: Subject, *, never: bool = False) -> Waiver | None:
        """Why the subject does not count, or None; `never`: the baseline cannot be why."""
        waiver = self._waivers.waive(subject, self._holding) or self._beside(subject)
        if waiver is not None or self._baseline is None or never:
            return waiver
        if self._baseline.has(subject.contracts, subject.fingerprint):
            return Waiver("baseline", "accepted as debt", "", self._baseline.file)
        return None

    def _beside(self, subject: Subject) -> Waiver | None:
        """The first waiver beside the thing in the contract that covers the subject."""
        for number, entry in enumerate(self._lapsed):
            if entry.covers(subject):
                self._would.add(number)
        for number, entry in enumerate(self._notes):
            if entry.covers(subject) and not expired(entry, self._today):
                self._used.add(number)
                return entry.waiver
        return None

    def _about_notes(self) -> Iterator[JudgedFinding]:
        """What is to be said about the waivers beside things, once it is known what they covered."""
        found: list[Finding] = []
        for number, entry in enumerate(self._notes):
            place = _place(entry)
            if expired(entry, self._today):
                found.append(expiry(entry, place))
            elif number not in self._used and speaks_of(entry.says.rule, self._looked_for):
                found.append(unneeded(entry, place, lapsed=False, would=False))
        for number, entry in enumerate(self._lapsed):
            if speaks_of(entry.says.rule, self._looked_for):
                found.append(unneeded(entry, _place(entry), lapsed=True, would=number in self._would))
        for each in found:
            judged = weighed(each, self._in_force)
            if judged is not None:
                yield judged

    def _is_newer(self, rule: str) -> bool:
        known = self._rules.get(rule)
        return known is not None and known.since > self._settings.schema

    def _advice(
        self, findings: Sequence[JudgedFinding], required: str, breaks: Sequence[Change]
    ) -> Iterator[str]:
        """What to do next: the version first, then each finding's own advice, nothing twice.

        No version is advised where none would help: an old major must stay, and then less is needed.
        """
        new = self._case.new
        failing = [each.finding for each in findings if each.fails]
        said = set()
        ends = any(each.rule == "major-removed-before-sunset" for each in failing) and only_ends_majors(
            self._case, breaks, self._settings, self._today
        )
        for each in failing:
            advice = each.advice
            if ends and each.rule in _VERSION_RULES:
                continue
            if each.rule in _VERSION_RULES and required and new is not None:
                advice = setting(new, required)
            if advice and advice not in said:
                said.add(advice)
                yield advice


def _removed(old: Promises, may_break: Collection[str], today: dt.date) -> Iterator[Finding]:
    """A contract may go after its sunset, or while it promises nothing."""
    if old.majors and all(major.channel in may_break for major in old.majors):
        return
    pending = left(old, old.operations or ((old.title,) if old.is_package else ()), today)
    if pending:
        what = f"the package {old.title}" if old.is_package else "the contract"
        gone = finding("contract-removed", old.version_place, f"{what} is gone: {pending}")
        yield replace(gone, advice=_PACKAGE_GOES) if old.is_package else gone


def _of_removal(findings: Sequence[JudgedFinding]) -> Level:
    """What a removed contract counts as: a break, less if it was announced, nothing if it is waived."""
    refused = [each for each in findings if each.finding.rule == "contract-removed"]
    if not refused:
        return Level.MINOR
    return Level.NONE if refused[0].waiver else Level.MAJOR


def _outcome(case: Case) -> Outcome:
    if case.old is None:
        return Outcome.ADDED
    if case.new is None:
        return Outcome.REMOVED
    return Outcome.CHANGED if case.diff is not None and case.diff.changes else Outcome.SAME


def _paths(case: Case) -> tuple[str, ...]:
    return (case.contract, case.moved_from) if case.moved_from else (case.contract,)


def _place(entry: Entry) -> Place:
    assert entry.place is not None  # noqa: S101  # a note in a contract has one
    return entry.place
