"""`check`: the contracts of a repository, compared with their base and judged by the team's policy."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apicontract.gate import states
from apicontract.gate.cases import Cases
from apicontract.gate.configuration import catalogue, configuration_at, configured_includes, in_force, name_of
from apicontract.gate.debt import after, known, path_of
from apicontract.gate.dropped import dropped, dropped_notes
from apicontract.gate.model import Check, Debt, Judged
from apicontract.gate.outputs import output_of
from apicontract.gate.pairing import Loader, Paired, Pairs, before, pairs_of, renamed_on_base
from apicontract.gate.questions import answered_at_once, stuck
from apicontract.gate.unnamed import unnamed_notes
from apicontract.policy.configuration import Configuration
from apicontract.policy.judgement import judge
from apicontract.policy.verdict import Question
from apicontract.repository.discovery import Selection, select
from apicontract.repository.snapshots import Repository
from apicontract.sources import ContractError, ReadOptions, git
from apicontract.sources.plumbing import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from apicontract.gate.states import Round, Rounds
    from apicontract.policy.case import Case


@dataclass(frozen=True, slots=True)
class Request:
    """What to check. contracts: files, folders, globs; none means all. The rest is as `states.Wanted` has it.

    configuration: in force; None looks for the file upwards of `folder`. everything: contracts that do
    not differ are read and judged as well. steps: refs to compare one after the other instead of a base.
    today: the day by which sunsets and waivers are judged; None for the current one. processes: how many may
    share the work of a large comparison.
    """

    contracts: tuple[str, ...] = ()
    against: str = ""
    staged: bool = False
    head: str = ""
    fetching: bool = False
    folder: str = "."
    configuration: Configuration | None = None
    everything: bool = False
    today: dt.date | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)
    environment: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    branch: bool = False
    processes: int = 1


def check(request: Request) -> Check:
    """Compare and judge. ContractError for what cannot be read, and for a base that makes no sense."""
    with ExitStack() as stack:
        return _Run(request, stack).result()


class _Run:
    """One run: the states, the contracts, what has been read so far."""

    def __init__(self, request: Request, stack: ExitStack) -> None:
        self.request = request
        self.folder = os.path.realpath(request.folder)
        self.configuration = request.configuration or in_force(self.folder)
        self.repository = Repository.around(self.folder, fetching=request.fetching)
        self.head, self.scratch = states.head_of(self._wanted(""), self.repository, stack)
        self.loader = Loader(request.reading, self._includes)
        self.today = request.today or dt.datetime.now(tz=dt.UTC).date()
        self.notes: list[str] = []
        self.cases = Cases(
            self.configuration, self.loader, self._name, self.today, self.notes, request.processes
        )
        self.conflicts: list[str] = []
        self.unchanged: set[str] = set()
        self.changed: set[str] = set()
        self.judged: list[tuple[Round, Case, str]] = []
        self.bases: dict[str, Configuration | None] = {}

    def _wanted(self, against: str) -> states.Wanted:
        request = self.request
        return states.Wanted(
            self.folder,
            against,
            request.staged,
            request.head,
            request.fetching,
            self.configuration.settings.releases,
            request.environment,
            request.steps,
            request.branch,
        )

    def result(self) -> Check:
        """Everything of it."""
        settings = self.configuration.settings
        reports = tuple(self._report(one) for one in settings.reports)
        debt = path_of(self.configuration, self.head.top)
        found: list[Round] = []
        for against, belongs in self._bases():
            rounds = states.rounds(
                self._wanted(against), self.repository, self.head, self.scratch, self.request.contracts
            )
            self.notes += [note for note in rounds.notes if note not in self.notes]
            found += rounds.rounds
            self._look(rounds, belongs)
        bare = self.repository is not None and self.head.tree is not None and git.is_bare(self.head.top)
        baseline = known(debt, self.head if bare else None)
        verdicts = judge(
            [case for _, case, _ in self.judged],
            self.configuration,
            today=self.today,
            rules=catalogue() if self.judged else {},  # loading it takes longer than all the rest
            baseline=baseline,
            complete=not self.request.contracts,
            unchanged=[self._name(path) for path in self.unchanged - self.changed],
        )
        judged = [
            Judged(one.pair, verdict, next(side.title for side in (case.new, case.old) if side), path)
            for (one, case, path), verdict in zip(self.judged, verdicts.verdicts, strict=True)
        ]
        return Check(
            tuple(one.pair for one in found),
            tuple(judged),
            verdicts,
            counted=len(self.unchanged | self.changed),
            unchanged=tuple(printable(path) for path in sorted(self.unchanged - self.changed)),
            conflicts=tuple(self.conflicts),
            notes=tuple(self.notes),
            configuration=self.configuration.document.name if self.configuration.document else "",
            profile=settings.profile,
            debt=Debt(str(debt), after(verdicts, baseline, debt).text(), new=baseline is None),
            reports=reports,
        )

    def _report(self, asked: str) -> str:
        """A report that the configuration asks for; its file is relative to the configuration's."""
        name, _, file = asked.partition("=")
        if not file:
            return asked
        return f"{name}={output_of(self.configuration, self.head.top, file, 'reports')}"

    def _bases(self) -> list[tuple[str, Callable[[str], bool]]]:
        """Each base that contracts are compared with, and which contracts those are."""
        general = self.request.against or self.configuration.settings.against
        groups = self.configuration.settings.contracts
        if self.request.against or not any(group.against for group in groups):
            return [(general, self._configured)]
        own = {group.against or general for group in groups}
        return [(against, self._with_base(against, general)) for against in sorted(own)]

    def _with_base(self, against: str, general: str) -> Callable[[str], bool]:
        groups = self.configuration.settings.contracts

        def belongs(path: str) -> bool:
            number = self.configuration.group(self._name(path))
            return number is not None and (groups[number].against or general) == against

        return belongs

    def _configured(self, path: str) -> bool:
        return (
            not self.configuration.settings.contracts
            or self.configuration.group(self._name(path)) is not None
        )

    def _name(self, path: str) -> str:
        """The path as the configuration knows it."""
        return name_of(self.configuration, self.head.top, path)

    def _includes(self, path: str) -> tuple[str, ...]:
        return configured_includes(self.configuration, self.head.top, path)

    def _look(self, rounds: Rounds, belongs: Callable[[str], bool]) -> None:
        """Pair and read the contracts of these rounds, and put down what is to be judged."""
        selection = self._selection(rounds.rounds)
        left_out = self._left_out(rounds.rounds[0])
        unnamed = [] if left_out or not selection.everything else self._unnamed(rounds.rounds[0])

        def covers(path: str) -> bool:
            return (belongs(path) or (left_out is not None and left_out(path))) and (
                selection.everything or selection.covers(path)
            )

        before = len(self.judged)
        every = [(one, self._pairs(one, covers, selection.files)) for one in rounds.rounds]
        both = answered_at_once(every, self.loader)
        unmerged = self._unmerged(every, rounds.conflicts)
        names = renamed_on_base(every, self.loader)
        for one, pairs in every:
            self.unchanged |= set(pairs.unchanged)
            merging = one.pair.question is Question.MERGE
            for paired in pairs.changed:
                name = paired.name if merging else names.get(paired.name, paired.name)
                self.changed.add(name)
                self._note_spoilt(one, paired)
                if not (merging and (paired in both or unmerged & {paired.old, paired.new})):
                    self._put(one, paired, Question.BOTH if paired in both else one.pair.question, name)
        nothing = len(self.judged) == before and not self.conflicts
        if nothing and rounds.same_as_head and not self.request.staged and not unnamed:
            base = rounds.rounds[0].pair.old
            if rounds.is_guess:  # a branch that was just begun, or other files that are edited
                self.notes.append(f"this is {base} still, and no contract was edited: nothing to compare yet")
                return
            what = (
                f"{base} and {self.request.head} are one commit"
                if self.request.head
                else f"{base} is the commit that is checked out, and no contract was edited"
            )
            raise ContractError(
                f"{what}: nothing to compare",
                file="--against" if self.request.against else "",
                hint="name another base, such as --against HEAD~1, or a version tag",
            )
        if nothing and not any(selection.covers(path) or self._configured(path) for path in self.unchanged):
            self._found_none()

    def _left_out(self, one: Round) -> Callable[[str], bool] | None:
        """Which contracts the base's configuration names and this one does not; of branches, once a run."""
        if self.bases or self.repository is None or self.request.steps or one.fixed or any(one.folders):
            return None
        if not one.pair.old_commit or states.is_tag(self.repository, one.pair.old):
            return None
        before = self._base_configuration(one)
        if before is None and self._base_path() is not None:
            before = Configuration.default()
        found = dropped(before, self.configuration, self._name, one.old) if one.old else None
        if before is not None and found is not None:
            self.notes += dropped_notes(one, before, found, self._name, self.loader)
        return found

    def _unnamed(self, one: Round) -> list[str]:
        """Notes about changed contracts that the configuration does not name; each is put down once."""
        if self.request.steps:
            return []
        found = list(unnamed_notes(one, self.configuration, self._name, self.loader))
        self.notes += [note for note in found if note not in self.notes]
        return found

    def _note_spoilt(self, one: Round, paired: Paired) -> None:
        """A contract that counts as gone, although a file is where it was, may have been spoilt."""
        there = "" if paired.new else one.after(paired.old)
        if there in one.new.files:
            note = (
                f"{self._name(there)} is there, but does not start like a contract any more"
                " (`openapi:` or `swagger:`), so it counts as removed"
            )
            self.notes += [note] if note not in self.notes else []

    def _found_none(self) -> None:
        """Where the configuration names contracts that are nowhere, it is wrong."""
        if self.configuration.settings.contracts and not self.request.contracts:
            place = self.configuration.place("contracts")
            raise ContractError(
                "no contract is where the configuration says, here or in the base",
                file=place.file if place else "",
                line=place.line if place else 0,
                column=place.column if place else 0,
                hint="`paths` are relative to the configuration's folder, with `/` between names",
            )
        self.notes.append("no contract was found")

    def _pairs(self, one: Round, covers: Callable[[str], bool], named: Sequence[str]) -> Pairs:
        pairs = pairs_of(one, covers, named, self.loader)
        if not self.request.everything:
            return pairs
        same = tuple(Paired(before(one, path, self.loader), path) for path in pairs.unchanged)
        return Pairs((*pairs.changed, *same), ())

    def _selection(self, rounds: Sequence[Round]) -> Selection:
        if not self.request.contracts:
            return Selection()
        olds = [one.old for one in rounds if one.old is not None and one.old.top == self.head.top]
        return select(self.request.contracts, [self.head, *olds], self.folder)

    def _unmerged(self, every: Sequence[tuple[Round, Pairs]], conflicts: Sequence[str]) -> frozenset[str]:
        """The contracts that cannot be merged, put down with where."""
        found = stuck(every, conflicts, self.head, self.loader)
        for path, inner in found.items():
            if inner:
                listed = ", ".join(map(self._name, inner))
                self.notes.append(f"what cannot be merged of {self._name(path)}: {listed}")
        self.conflicts += [self._name(path) for path in sorted(found)]
        return frozenset(found)

    def _put(self, one: Round, paired: Paired, question: Question, called: str) -> None:
        """Have the case made that is to be judged; `called` is the path by which the contract is known."""
        case = self.cases.case(one, paired, question, called, self._base_configuration(one))
        if case is not None:
            self.judged.append((one, case, paired.name))

    def _base_configuration(self, one: Round) -> Configuration | None:
        """The configuration as the old state has it; None if it has none, or one that cannot be read."""
        path = self._base_path()
        if path is None or one.old is None:
            return None
        key = one.old.commit or one.old.name
        if key not in self.bases:
            self.bases[key] = configuration_at(one.old, path, self.configuration)
        return self.bases[key]

    def _base_path(self) -> str | None:
        """Where the configuration is below the top; None where there is none, or it is elsewhere."""
        document = self.configuration.document
        if document is None:
            return None
        path = os.path.relpath(os.path.realpath(document.name), self.head.top).replace(os.sep, "/")
        return None if path.startswith("../") else path  # git dies of a path outside
