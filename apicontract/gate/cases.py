"""Cases for the policy: one contract with its base, read in both states, compared and validated.

Knows formats and states; which contracts are looked at, and by which question, is told. What cannot be
compared is put down as a note.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Diff, Side
from apicontract.findings import Severity, Validation
from apicontract.gate.options import diff_options
from apicontract.policy.case import Case
from apicontract.repository import discovery
from apicontract.sources import ContractError
from apicontract.sources.reading import refuse_if_unmerged

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from apicontract.formats import Contract
    from apicontract.gate.pairing import Loader, Paired
    from apicontract.gate.states import Round
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.verdict import Question
    from apicontract.repository.snapshots import Snapshot


class Cases:
    """How cases of one run are made; `name` gives a path as the configuration knows it, `notes` grows.

    processes: how many may share the work of a large comparison.
    """

    def __init__(
        self,
        configuration: Configuration,
        loader: Loader,
        name: Callable[[str], str],
        today: dt.date,
        notes: list[str],
        processes: int,
    ) -> None:
        self._configuration = configuration
        self._loader = loader
        self._name = name
        self._today = today
        self._notes = notes
        self._processes = processes

    def case(
        self, one: Round, paired: Paired, question: Question, called: str, base: Configuration | None
    ) -> Case | None:
        """Read both sides, compare and validate; None where neither side is a contract.

        called: the path by which the contract is known. base: the configuration of the old state.
        """
        new = self._loader.load(one.new, paired.new) if paired.new else None
        old = self._old(one, paired, new)
        name = self._name(called)
        diff = validation = None
        if new is not None:
            known = formats.get(new.format)
            validation = Validation(new.format, new.source, new.version, tuple(known.validate(new)))
        if old is not None and new is not None:
            diff = self._compared(old, new, name)
            old = old if diff else None
        if old is None and new is None:
            return None
        moved = self._name(paired.old) if paired.old and paired.new and paired.old != paired.new else ""
        majors = self._majors_elsewhere(one, paired, old)
        return Case(name, old, new, diff, validation, question, moved, majors, base)

    def _old(self, one: Round, paired: Paired, new: Contract | None) -> Contract | None:
        """The old side; where it cannot be read and the new one can, there is nothing to compare with."""
        if not paired.old or one.old is None:
            return None
        try:
            return self._loader.load(one.old, paired.old)
        except ContractError as error:
            if paired.new and new is None:
                raise
            self._not_compared(error)
            return None

    def _compared(self, old: Contract, new: Contract, name: str) -> Diff | None:
        """What differs; None if the old side is so broken that it cannot be compared."""
        if old.format != new.format:
            raise ContractError(
                f"it was {old.format} and is {new.format} now", file=new.source, hint="give it another path"
            )
        known = formats.get(new.format)
        options = replace(
            diff_options(self._configuration.for_contract(name), self._today.isoformat(), old),
            processes=self._processes,
        )
        try:
            changes = tuple(known.diff(old, new, options))  # some formats read on while they compare
        except ContractError as error:
            _refuse_if_unmerged(new)
            if error.file == new.source or not _is_broken(old):
                raise
            self._not_compared(error)
            return None
        return Diff(
            new.format,
            Side(old.source, old.version),
            Side(new.source, new.version),
            tuple(sorted(changes, key=lambda change: -change.counted_level)),
        )

    def _not_compared(self, error: ContractError) -> None:
        self._notes.append(f"the base cannot be read, so there is nothing to compare with: {error}")

    def _majors_elsewhere(self, one: Round, paired: Paired, old: Contract | None) -> frozenset[int]:
        """The majors of the same API that other contracts of the new state show to clients.

        They are looked for only where an old major is not shown by the contract itself any more.
        """
        new = self._loader.load(one.new, paired.new) if paired.new else None
        shown = {major.major for major in new.majors} if new else set()
        if old is None or not old.title or not {major.major for major in old.majors} - shown:
            return frozenset()
        found: set[int] = set()
        for path in self._others(one.new, paired, old):
            try:
                other = self._loader.load(one.new, path)
            except ContractError:
                continue  # it is no help, and what is wrong with it is said where it is checked
            if other is not None and other.title == old.title:
                found |= {major.major for major in other.majors}
        return frozenset(found)

    def _others(self, state: Snapshot, paired: Paired, old: Contract) -> Iterator[str]:
        """The other contracts of a state that may be of the same API, by format and title."""
        if old.format == "proto":
            yield from (one for one in self._loader.packages(state).by_folder if one != paired.new)
            return
        for path in discovery.found(state, lambda path: path != paired.new):
            text = state.read(path) or b""
            if not old.title.isalnum() or old.title.encode() in text:
                yield path


def _refuse_if_unmerged(new: Contract) -> None:
    """Where protos do not compile since a merge is unfinished, that is what to say."""
    from apicontract.formats.proto.model import Proto

    if isinstance(new, Proto):
        for name in new.own:
            document = new.unit.document(name)
            refuse_if_unmerged(document.text, document.name)


def _is_broken(contract: Contract) -> bool:
    found = formats.get(contract.format).validate(contract)
    return any(finding.severity is Severity.ERROR for finding in found)
