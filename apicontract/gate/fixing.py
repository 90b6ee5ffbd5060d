"""`lint --fix`: what is mechanical mended in the texts, again and again until nothing is left to do.

Nothing is written here: what comes out are the new contents of files. Before they are given away, the
contracts are read, validated and compared with what they were. Where one is worse than before, or safe
fixes are more than a patch, it is done again with care: remedies that are wrong for one place are left
out, and said; the others are made.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.changes import Level
from apicontract.findings import Fix, Severity
from apicontract.gate.linting import LintRun, lint_all
from apicontract.gate.mentions import Mentions
from apicontract.sources import ContractError, globs, is_url
from apicontract.sources.reading import BOM, read_file
from apicontract.sources.rewriting import rewritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from apicontract.findings import Finding, Remedy
    from apicontract.formats import Contract
    from apicontract.gate.linting import LintRequest
    from apicontract.sources import Document, ReadOptions

    _ByFile = dict[str, tuple[Document, list[Finding]]]  # by the real path of a file

_ROUNDS = 100  # a fix may call for another; ours settle within a few
_TRIALS = 200  # of a round done with care; then what is together is left out together


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file and what it is to hold; `name` is as people call it, `path` where it is."""

    name: str
    path: str
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Fixing:
    """What fixing some contracts comes to.

    run: what lint finds once the files hold what they are to hold. fixed: how many findings of each rule
    were mended. levels: of each contract that differs by it, what that is as a change. unwritable: how
    many fixes could not be written without changing something else. refused: how many of each rule would
    have made a contract invalid or, calling themselves safe, have been more than a patch.
    """

    run: LintRun
    files: tuple[FixedFile, ...]
    fixed: Mapping[str, int]
    levels: Mapping[str, Level]
    unwritable: int
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many findings were mended."""
        return sum(self.fixed.values())


def fix_all(request: LintRequest, fail: Callable[[ContractError], None], *, unsafe: bool) -> Fixing:
    """Mend what the rules that are asked for find: what is safe, and with `unsafe` what needs a look too.

    `fail` is called with each contract that cannot be read. Raises what `lint_all` raises, ContractError
    where a contract is no file, and RuntimeError where the result would be worse than what was there.
    """
    for spec in request.contracts:
        _check_is_file(spec)
    run = lint_all(request, lambda _: None, fixable=True)
    watched: frozenset[str] = frozenset()
    while True:
        work = _Work(request, unsafe=unsafe, watched=watched)
        _settle(work, run)
        unreadable: list[ContractError] = []
        done = lint_all(work.request, unreadable.append)
        levels, worse = work.proved(done, {verdict.source for verdict in run.verdicts})
        if not worse:
            for problem in unreadable:
                fail(problem)
            refused = Counter(rule for rule, _, _ in work.left)
            return Fixing(done, work.files(), work.fixed, levels, len(work.unwritable), refused)
        if worse.keys() <= watched:
            source, why = min(worse.items())
            raise RuntimeError(f"{source} {why}; nothing is written")
        watched |= worse.keys()


def _settle(work: _Work, run: LintRun) -> None:
    for _ in range(_ROUNDS):
        if not work.round(run):
            return
        run = lint_all(work.request, _silent, fixable=True)
    raise RuntimeError(f"fixes did not settle within {_ROUNDS} rounds; nothing is written")


def _silent(_: ContractError) -> None:
    """What cannot be read is said once, at the end."""


def _check_is_file(spec: str) -> None:
    what = "standard input" if spec == "-" else "git" if spec.startswith("git:") else "a URL"
    if spec == "-" or spec.startswith("git:") or is_url(spec):
        raise ContractError(
            f"what comes from {what} cannot be fixed", file=spec, hint="name the file in the working tree"
        )


class _Work:
    """The texts under repair; the contracts `watched`, by their sources, are proved after each round."""

    def __init__(self, request: LintRequest, *, unsafe: bool, watched: frozenset[str] = frozenset()) -> None:
        self.request = request
        self.left: set[tuple[str, str, str]] = set()  # of what is refused: what the last round found again
        self._refused: set[tuple[str, str, str]] = set()
        self._watched = watched
        self.fixed: Counter[str] = Counter()
        self.unwritable: set[tuple[str, str, str]] = set()
        self._first = request.reading
        self._wanted = {Fix.SAFE, Fix.UNSAFE} if unsafe else {Fix.SAFE}
        self._unsafe = False  # whether a fix was made that calls itself that
        self._old: dict[str, tuple[str, bytes]] = {}  # by real path: the name, the bytes on disk
        self._mentions = Mentions(request.reading)

    def round(self, run: LintRun) -> bool:
        """Make as many of the fixes of what was found as go together; whether there were any."""
        found = self._by_file(run)
        if self._watched:
            found = self._harmless(found, run)
            self.left = self._refused & {
                _identity(one.finding) for each in run.verdicts for one in each.findings
            }
        edited, chosen, hopeless = self._edited(found)
        self.unwritable |= {_identity(finding) for finding in hopeless}
        for finding in chosen:
            self.fixed[finding.rule] += 1
            self._unsafe = self._unsafe or _is_unsafe(finding)
        self.request = self._with(edited)
        left = sum(len(findings) for _, findings in found.values()) - len(hopeless)
        return bool(chosen) or left > 0

    def _edited(self, found: _ByFile) -> tuple[dict[str, bytes], list[Finding], list[Finding]]:
        """The texts with fixes made, the findings that are mended by it, and those that never can be."""
        edited = dict(self.request.reading.edited)
        made: list[Finding] = []
        hopeless: list[Finding] = []
        for path, (document, findings) in found.items():
            groups = [finding.remedy.alterations for finding in findings if finding.remedy is not None]
            text, chosen = rewritable(document, groups)
            if text is None:
                hopeless += [findings[index] for index in chosen]
                continue
            edited[path] = (BOM if self._old_bytes(path, document).startswith(BOM) else b"") + text
            made += [findings[index] for index in chosen]
        return edited, made, hopeless

    def _harmless(self, found: _ByFile, run: LintRun) -> _ByFile:
        """What may be mended in this round without harm to a watched contract; what may not is refused."""
        paths = {os.path.realpath(uri) for source in self._watched for uri in run.documents.get(source, ())}
        at_risk = [(path, one) for path in found if path in paths for one in found[path][1]]
        kept = {path: each for path, each in found.items() if path not in paths}
        trials = _TRIALS

        def holding(taken: list[tuple[str, Finding]]) -> _ByFile:
            grouped: _ByFile = {}
            for path, finding in taken:
                grouped.setdefault(path, (found[path][0], []))[1].append(finding)
            return grouped

        def harms(taken: list[tuple[str, Finding]]) -> bool:
            edited, chosen, _ = self._edited(holding(taken))
            unsafe = self._unsafe or any(_is_unsafe(one) for one in chosen)
            reading = self._with(edited).reading
            return any(self._worse(source, reading, unsafe=unsafe) for source in self._watched)

        taken: list[tuple[str, Finding]] = []
        # What is safe first, so that what is not does not speak for it.
        stack = [
            part
            for part in (
                [one for one in at_risk if _is_unsafe(one[1])],
                [one for one in at_risk if not _is_unsafe(one[1])],
            )
            if part
        ]
        while stack:
            part = stack.pop()
            trials -= 1
            if not harms([*taken, *part]):
                taken += part
            elif len(part) > 1 and trials > 0:
                middle = len(part) // 2
                stack += [part[middle:], part[:middle]]
            else:
                self._refused |= {_identity(one) for _, one in part}
        return {**kept, **holding(taken)}

    def _with(self, edited: dict[str, bytes]) -> LintRequest:
        return replace(self.request, reading=replace(self.request.reading, edited=edited))

    def files(self) -> tuple[FixedFile, ...]:
        """The files that are to hold something else."""
        edited = self.request.reading.edited
        return tuple(
            FixedFile(name, path, old, edited[path])
            for path, (name, old) in sorted(self._old.items(), key=lambda item: item[1][0])
            if path in edited and edited[path] != old
        )

    def proved(self, run: LintRun, before: set[str]) -> tuple[dict[str, Level], dict[str, str]]:
        """What the fixes are as a change, contract by contract, and of each that is worse than before, why.

        `before`: the sources of the contracts that could be read.
        """
        paths = {file.path for file in self.files()}
        levels: dict[str, Level] = {}
        worse = dict.fromkeys(before - run.documents.keys(), "could not be read any more once it was fixed")
        for source in sorted(run.documents):
            if paths.isdisjoint(os.path.realpath(uri) for uri in run.documents[source]):
                continue
            level, why = self._compared(source, self.request.reading, unsafe=self._unsafe)
            if why:
                worse[source] = why
            elif level is not None:
                levels[source] = level
        return levels, worse

    def _worse(self, source: str, reading: ReadOptions, *, unsafe: bool) -> str:
        return self._compared(source, reading, unsafe=unsafe)[1]

    def _compared(self, source: str, reading: ReadOptions, *, unsafe: bool) -> tuple[Level | None, str]:
        """What a contract is as a change, None if it is none, and why that is worse than before, if it is."""
        old = _loaded(source, self._first)
        new = _loaded(source, reading)
        if old is None:
            return None, ""
        if new is None:
            return None, "could not be read any more once it was fixed"
        known = formats.get(new.format)
        worse = _errors(list(known.validate(new)))
        if worse:
            worse -= _errors(list(known.validate(old)))
        if worse:
            return None, f"would be invalid once fixed ({min(worse)})"
        changes = list(known.diff(old, new, formats.DiffOptions(strict=True)))
        level = max((change.level for change in changes), default=None)
        if level is not None and level > Level.PATCH and not unsafe:
            told = next(change for change in changes if change.level is level)
            return (
                level,
                f"cannot have fixes that call themselves safe and are a {level} change ({told.rule})",
            )
        return level, ""

    def _by_file(self, run: LintRun) -> _ByFile:
        """What is to be mended, by the real path of the file it is written in, as far as it is one file's."""
        found: _ByFile = {}
        seen: set[tuple[str, str, str, str]] = set()
        for finding in self._fixable(run):
            remedy = finding.remedy
            assert remedy is not None  # noqa: S101  # else it is not fixable
            document = remedy.document
            path = os.path.realpath(document.uri)
            known, listed = found.setdefault(path, (document, []))
            identity = (path, *_identity(finding))
            if known.uri == document.uri and identity not in seen:  # two contracts may share a file
                seen.add(identity)
                listed.append(finding if known is document else _moved(finding, known))
        return {path: each for path, each in found.items() if each[1]}

    def _fixable(self, run: LintRun) -> Iterator[Finding]:
        for verdict in run.verdicts:
            for one in verdict.findings:
                remedy = one.finding.remedy
                if (
                    one.waiver is None
                    and remedy is not None
                    and remedy.fix in self._wanted
                    and _identity(one.finding) not in self.unwritable | self._refused
                    and self._may_be_written(remedy, run)
                    and not self._mentions.forbid(remedy, run.documents[verdict.source])
                ):
                    yield one.finding

    @staticmethod
    def _may_be_written(remedy: Remedy, run: LintRun) -> bool:
        """Whether the document is a file, and none that the configuration leaves out as vendored."""
        uri = remedy.document.uri
        if not os.path.isabs(uri) or not os.path.isfile(uri):  # noqa: PTH113, PTH117
            return False
        name = os.path.relpath(uri, run.top).replace(os.sep, "/")
        return not any(globs.matches(glob, name) for glob in run.vendored)

    def _old_bytes(self, path: str, document: Document) -> bytes:
        if path not in self._old:
            self._old[path] = document.name, read_file(path, document.name, self._first.max_bytes)
        return self._old[path][1]


def _is_unsafe(finding: Finding) -> bool:
    return finding.remedy is not None and finding.remedy.fix is Fix.UNSAFE


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.place.document.uri, finding.place.pointer


def _moved(finding: Finding, document: Document) -> Finding:
    """The same finding about the same document as another contract read it."""
    assert finding.remedy is not None  # noqa: S101
    alterations = tuple(
        replace(each, place=replace(each.place, document=document)) for each in finding.remedy.alterations
    )
    return replace(finding, remedy=replace(finding.remedy, alterations=alterations))


def _loaded(source: str, options: ReadOptions) -> Contract | None:
    found = formats.find([source], options, lambda _: None)
    return next(iter(found.values()), None)


def _errors(findings: list[Finding]) -> Counter[str]:
    return Counter(finding.rule for finding in findings if finding.severity is Severity.ERROR)
