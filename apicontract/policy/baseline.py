"""The baseline: debt that a team has accepted, by fingerprint. It is written once and then only shrinks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from apicontract.changes import Level
from apicontract.policy.rules import NEVER
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from apicontract.policy.verdict import Judgement, Verdict

VERSION = 1


class Debt(msgspec.Struct, frozen=True, order=True):
    """One accepted change or finding.

    contract: the path of its contract. rule, pointer, text: for people; only contract and fingerprint count.
    """

    contract: str
    rule: str
    fingerprint: str
    pointer: str = ""
    text: str = ""


class _File(msgspec.Struct, frozen=True):
    version: int
    debts: list[Debt]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted debts; `file` is where they are kept, as the user named it."""

    debts: tuple[Debt, ...]
    file: str = ""
    _known: frozenset[tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Debts are looked up once per change and finding."""
        known = frozenset((debt.contract, debt.fingerprint) for debt in self.debts)
        object.__setattr__(self, "_known", known)

    @classmethod
    def parse(cls, text: bytes, file: str) -> Baseline:
        """The baseline in a text. ContractError if it is none."""
        try:
            read = msgspec.json.decode(text, type=_File)
        except msgspec.DecodeError as error:
            hint = "name another, or delete it if it was one: `check --write-baseline` writes it anew"
            raise ContractError(f"this is no baseline: {error}", file=file, hint=hint) from None
        if read.version != VERSION:
            hint = f"this apicontract reads version {VERSION}"
            raise ContractError(f"this baseline has version {read.version}", file=file, hint=hint)
        return cls(tuple(read.debts), file)

    def text(self) -> str:
        """The baseline as it is written: one debt a line, in an order that makes small differences."""
        lines = [msgspec.json.encode(debt).decode() for debt in sorted(set(self.debts))]
        return "\n".join(('{"version": 1, "debts": [', ",\n".join(lines), "]}", ""))

    def has(self, contracts: Collection[str], fingerprint: str) -> bool:
        """Whether a debt of one of these contracts (the path now, and before it moved) is accepted."""
        return any((contract, fingerprint) in self._known for contract in contracts)

    def stale(self, verdicts: Iterable[Verdict]) -> tuple[Debt, ...]:
        """The debts of the contracts judged that were not met any more, and of contracts that are gone."""
        verdicts = list(verdicts)
        judged = {verdict.contract for verdict in verdicts}
        met = {(debt.contract, debt.fingerprint) for debt in _met(verdicts)}
        return tuple(
            debt
            for debt in self.debts
            if debt.contract in judged and (debt.contract, debt.fingerprint) not in met
        )

    def shrunk(self, judgement: Judgement) -> Baseline:
        """Without what was not met any more; nothing is added."""
        gone = set(self.stale(judgement.verdicts))
        return Baseline(tuple(debt for debt in self.debts if debt not in gone), self.file)


def accepted(judgement: Judgement, file: str) -> Baseline:
    """A first baseline: everything that counts now, and what is waived by a baseline already."""
    return Baseline(tuple(_met(judgement.verdicts)), file)


def _met(verdicts: Iterable[Verdict]) -> Iterator[Debt]:
    """Every change that counts and every finding that fails, or would but for the baseline."""
    for verdict in verdicts:
        contract = str(PurePosixPath(verdict.contract))
        for change in verdict.changes:
            if change.level is Level.NONE:
                continue
            if change.waiver is None or change.waiver.kind == "baseline":
                found = change.change
                yield Debt(contract, found.rule, change.fingerprint, found.pointer, found.message)
        for each in verdict.findings:
            if each.finding.rule not in NEVER and (each.waiver is None or each.waiver.kind == "baseline"):
                about = each.finding
                yield Debt(contract, about.rule, each.fingerprint, about.place.pointer, about.message)
