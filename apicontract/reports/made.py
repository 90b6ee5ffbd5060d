"""The report model made from what commands give: a result of the gate, a comparison, a validation, lint.

Where the gate answers both questions, a change is said once: as the branch made it, since those are the
lines that people have before them; what only one of both answers has is labelled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Comparison, Direction, Level
from apicontract.findings import FindingRule, Severity
from apicontract.policy.fingerprints import finding_fingerprint, fingerprint
from apicontract.policy.verdict import Question
from apicontract.reports.check_text import pair_line, standing, verdict_lines
from apicontract.reports.findings import lint_verdicts, verdicts
from apicontract.reports.model import ContractReport, Item, Report, RuleText, Spot, rank
from apicontract.reports.style import Style, shortened
from apicontract.reports.text import conclusion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apicontract.changes import Change, Diff, Rule
    from apicontract.findings import Finding, Validation
    from apicontract.gate.linting import LintRun
    from apicontract.gate.model import Check, Judged
    from apicontract.policy.verdict import JudgedFinding, Verdict, Waiver
    from apicontract.sources import Place

PAGES = "https://github.com/apicontract/apicontract/blob/main/docs/rules/"
CONFLICT = "merge-conflict"


def of_check(result: Check) -> Report:
    """The report of a run of the gate."""
    blocks: dict[str, list[Judged]] = {}
    for one in result.judged:
        blocks.setdefault(one.verdict.contract, []).append(one)
    contracts = [_judged(name, judged) for name, judged in blocks.items()]
    contracts += [_conflict(name) for name in result.conflicts]
    items = tuple(_judged_finding(one, "") for one in result.findings)
    return Report(
        "check",
        result.passed,
        _last(verdict_lines(result, _PLAIN)),
        tuple(contracts),
        items,
        str(result.level),
        result.profile,
        tuple(pair_line(pair) for pair in result.pairs if pair.old),
        result.notes,
        result.unchanged,
        rules_of(contracts, items),
    )


def of_diff(result: Diff | Comparison, *, passed: bool) -> Report:
    """The report of a comparison; `passed`: whether it is below the threshold that was asked for."""
    diffs = result.diffs if isinstance(result, Comparison) else (result,)
    contracts = [_diff(diff, passed=passed) for diff in diffs]
    if isinstance(result, Comparison):
        contracts += [
            ContractReport(side.source, "", "", passed=True, standing=f"{word} {side.version}".rstrip())
            for word, sides in (("removed, it was", result.removed), ("new,", result.added))
            for side in sides
        ]
    last = " ".join(line for line in conclusion(result, _PLAIN) if line)
    return Report(
        "diff", passed, last, tuple(contracts), level=str(result.level), rules=rules_of(contracts, ())
    )


def of_validation(results: Sequence[Validation], *, passed: bool) -> Report:
    """The report of a validation; `passed`: whether nothing is as severe as the threshold."""
    contracts = [
        ContractReport(
            _spot_file(one.source),
            "",
            one.format,
            one.valid,
            one.version,
            items=tuple(
                sorted((_finding(each, each.severity, one.source) for each in one.findings), key=rank)
            ),
        )
        for one in results
    ]
    said = "; ".join(verdicts(results, _PLAIN)) or "no contract was found"
    return Report("validate", passed, said, tuple(contracts), rules=rules_of(contracts, ()))


def of_lint(result: LintRun, *, passed: bool) -> Report:
    """The report of lint; `passed`: whether nothing that counts is as severe as the threshold."""
    contracts = [
        ContractReport(
            _spot_file(one.source),
            "",
            one.format,
            not any(each.fails for each in one.findings),
            one.version,
            items=tuple(
                sorted((_judged_finding(each, _spot_file(one.source)) for each in one.findings), key=rank)
            ),
        )
        for one in result.verdicts
    ]
    items = tuple(_judged_finding(one, "") for one in result.findings)
    said = "; ".join(lint_verdicts(result, _PLAIN))
    return Report("lint", passed, said, tuple(contracts), items, rules=rules_of(contracts, items))


_PLAIN = Style(width=100_000)


def _last(lines: Iterable[str]) -> str:
    return list(lines)[-1]


def _judged(name: str, judged: Sequence[Judged]) -> ContractReport:
    deciding = next((one for one in judged if one.verdict.question is not Question.BRANCH), judged[0])
    verdict = deciding.verdict
    items = [
        *_judged_changes(judged, verdict),
        *(_judged_finding(one, name) for one in verdict.findings),
    ]
    return ContractReport(
        name,
        deciding.title,
        verdict.format,
        verdict.passed,
        standing(verdict),
        str(verdict.level),
        verdict.required,
        verdict.declared,
        verdict.advice,
        tuple(sorted(items, key=rank)),
    )


def _judged_changes(judged: Sequence[Judged], deciding: Verdict) -> list[Item]:
    """Each change of all verdicts once, with the question that it answers if there are two."""
    answers: dict[str, set[Question]] = {}
    first: dict[str, Item] = {}
    for one in judged:
        for each in one.verdict.changes:
            answers.setdefault(each.fingerprint, set()).add(one.verdict.question)
            counted = each.counted if one.verdict.question is not Question.BRANCH else Level.NONE
            severity = _severity(counted, passed=deciding.passed)
            made = replace(
                _change(each.change, each.level, each.fingerprint, severity, deciding.contract, each.waiver),
                policy=each.by_policy,
            )
            known = first.get(each.fingerprint)
            first[each.fingerprint] = _worse(known, made) if known else made
    several = len({one.verdict.question for one in judged}) > 1
    return [
        _labelled(item, answers[key]) if several and len(answers[key]) == 1 else item
        for key, item in first.items()
    ]


def _worse(known: Item, other: Item) -> Item:
    """The item as the branch has it, as severe as the merge says."""
    return replace(known, severity=other.severity, waiver=other.waiver)


def _labelled(item: Item, answers: set[Question]) -> Item:
    [question] = answers
    return replace(item, question=question.value)


def _severity(counted: Level, *, passed: bool) -> Severity:
    if counted is not Level.MAJOR:
        return Severity.INFO
    return Severity.WARNING if passed else Severity.ERROR


def _change(
    change: Change, level: Level, mark: str, severity: Severity, contract: str, waiver: Waiver | None = None
) -> Item:
    sides = ", ".join(
        f"{word} {shortened(text)}" for word, text in (("was", change.was), ("now", change.now)) if text
    )
    witness = ""
    if change.witnesses:  # each tells its whole story
        witness = shortened(change.witnesses[0].text)
    elif change.witness is not None:
        said = (
            "the new server may send this, which old clients refuse:"
            if change.direction is Direction.RESPONSE
            else "this was valid and is refused now:"
        )
        witness = f"{said} {shortened(change.witness.text)}"
    return Item(
        change.rule,
        severity,
        change.message,
        _spot(change.new) if change.new else Spot(contract, shown=contract),
        contract,
        mark,
        str(level),
        change.pointer,
        change.operation,
        sides,
        witness,
        _spot(change.old) if change.old else None,
        change.reaches,
        tuple(surface.value for surface in change.surfaces),
        change.certainty.value,
        change.allowed,
        waiver=waiver,
    )


def _judged_finding(one: JudgedFinding, contract: str) -> Item:
    severity = Severity.INFO if one.waiver else one.severity
    return _finding(one.finding, severity, contract, one.fingerprint, one.waiver)


def _finding(
    finding: Finding, severity: Severity, contract: str, mark: str = "", waiver: Waiver | None = None
) -> Item:
    return Item(
        finding.rule,
        severity,
        finding.message,
        _spot(finding.place),
        contract,
        mark or finding_fingerprint(finding),
        pointer=finding.place.pointer,
        advice=finding.advice,
        waiver=waiver,
        remedy=finding.remedy,
    )


def _conflict(name: str) -> ContractReport:
    message = "it cannot be merged: both sides changed it, and git cannot tell what is meant"
    spot = Spot(name, shown=name)
    item = Item(CONFLICT, Severity.ERROR, message, spot, name, CONFLICT)
    step = "merge the base into this branch and check again"
    return ContractReport(name, "", "", passed=False, standing="", steps=(step,), items=(item,))


def _diff(diff: Diff, *, passed: bool) -> ContractReport:
    contract = _spot_file(diff.new.source)
    items = [
        _change(
            one,
            one.counted_level,
            fingerprint(one),
            _severity(one.counted_level, passed=passed),
            contract,
        )
        for one in diff.changes
    ]
    return ContractReport(
        contract,
        "",
        diff.format,
        passed,
        f"{diff.old.version} → {diff.new.version}",
        str(diff.level),
        diff.required_version or "",
        diff.new.version,
        items=tuple(sorted(items, key=rank)),
    )


def _spot(place: Place) -> Spot:
    return Spot(_spot_file(place.file), place.line, place.column, place.file)


def _spot_file(file: str) -> str:
    """The path in the checkout: `git:main:apis/orders.yaml` is `apis/orders.yaml` there."""
    if file.startswith("git:"):
        return file.split(":", 2)[-1]
    return file


def rules_of(contracts: Iterable[ContractReport], items: Iterable[Item]) -> Mapping[str, RuleText]:
    """What the catalogue says of the rules that are met."""
    from apicontract.gate.configuration import catalogue

    met = {item.rule for contract in contracts for item in contract.items} | {item.rule for item in items}
    known = catalogue() if met else {}
    theirs = _of_protos() if met else frozenset()
    texts = {
        name: _rule(known[name], "proto-" if name in theirs else "") for name in sorted(met) if name in known
    }
    if CONFLICT in met:
        texts[CONFLICT] = _CONFLICTING
    return texts


def _of_protos() -> frozenset[str]:
    """The ids of the rules about protos, which have their own pages."""
    protos = formats.get("proto")
    findings = (*protos.finding_rules(), *protos.lint_rules())
    return frozenset((*(one.id for one in protos.change_rules()), *(one.id for one in findings)))


def _rule(rule: Rule | FindingRule, prefix: str) -> RuleText:
    """prefix: what the names of the pages of its format begin with."""
    if isinstance(rule, FindingRule):
        page = {"check": "gate.md", "lint": f"{prefix}lint.md"}.get(rule.command, f"{prefix}validation.md")
        link = f"{PAGES}{page}#{rule.id}"
        return RuleText(rule.id, rule.title, rule.why, rule.advice, rule.severity, link, rule.mends)
    severity = Severity.ERROR if rule.level is Level.MAJOR else Severity.INFO
    return RuleText(
        rule.id, rule.title, rule.why, rule.advice, severity, f"{PAGES}{prefix}changes.md#{rule.id}"
    )


_CONFLICTING = RuleText(
    CONFLICT,
    "The contract cannot be merged.",
    "What would be served after the merge is not decided yet, so nothing can be said about it.",
    "Merge the base into the branch, decide, and check again.",
    Severity.ERROR,
    "https://github.com/apicontract/apicontract/blob/main/docs/check.md#two-questions",
)
