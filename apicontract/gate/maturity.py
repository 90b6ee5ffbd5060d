"""`maturity`: contracts read, their evidence weighed by policy, and rated."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from apicontract.findings.choice import RuleChoice
from apicontract.gate.configuration import catalogue, in_force
from apicontract.gate.linting import contract_name, contracts_of, lint_settings
from apicontract.maturity import Maturity, Weight, evidence, rate
from apicontract.policy.linting import LintCase, weigh
from apicontract.sources import ContractError, ReadOptions, globs

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding
    from apicontract.formats import Contract
    from apicontract.policy.configuration import Configuration


@dataclass(frozen=True, slots=True)
class MaturityRequest:
    """What to rate. contracts: files, folders, globs.

    share: how many of a hundred operations must reach a level; None takes the configuration's.
    config: a file; empty looks upwards of `folder`. today: the day by which waivers are judged.
    """

    contracts: tuple[str, ...]
    share: int | None = None
    config: str = ""
    folder: str = "."
    today: dt.date | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)


def rate_all(request: MaturityRequest, fail: Callable[[ContractError], None]) -> tuple[Maturity, ...]:
    """Rate contracts; `fail` is called with each that cannot be read.

    ContractError where the configuration makes no sense.
    """
    configuration = in_force(request.folder, request.config)
    said = configuration.settings.maturity
    settings = lint_settings(configuration, RuleChoice())
    share = said.share if request.share is None else request.share
    top = configuration.folder or os.path.abspath(request.folder)  # noqa: PTH100
    today = request.today or dt.datetime.now(tz=dt.UTC).date()
    ratings: list[Maturity] = []
    for contract in contracts_of(request.contracts, request.reading, fail):
        name = contract_name(contract.source, top)
        if any(globs.matches(glob, name) for glob in said.exclude):
            continue
        try:
            _check(contract)
            gathered = evidence(contract, settings)
        except ContractError as error:
            fail(error)
            continue
        judge = _judge(name, contract, gathered.findings, configuration, today)
        ratings.append(rate(gathered.subject, list(gathered.operations(judge)), share))
    return tuple(replace(one, source=one.source or "-") for one in ratings)


def _check(contract: Contract) -> None:
    """ContractError where a reference leads nowhere: what stands behind it would be taken for missing."""
    from apicontract.formats.openapi.load import OpenApi

    if isinstance(contract, OpenApi):
        from apicontract.formats.openapi.references import check_references

        check_references(contract)


def _judge(
    name: str,
    contract: Contract,
    findings: tuple[Finding, ...],
    configuration: Configuration,
    today: dt.date,
) -> Callable[[Finding], Weight | None]:
    """How findings weigh: those that policy turned off not at all, waived ones as such."""
    rules = catalogue()
    asked = {finding.rule for finding in findings}
    case = LintCase(name, contract, findings)
    verdicts, _ = weigh([case], configuration, today=today, rules=rules, asked=asked, complete=False)
    weights = {
        id(one.finding): Weight.WAIVED if one.waiver is not None else Weight.AGAINST
        for verdict in verdicts
        for one in verdict.findings
    }
    return lambda finding: weights.get(id(finding))
