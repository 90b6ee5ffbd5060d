"""`lint --fix`: what is mechanical mended in the texts, again and again until nothing is left to do.

Nothing is written here: what comes out are the new contents of files. Before they are given away, the
contracts are read, validated and compared with what they were: fixes that call themselves safe and are
more than a patch, and texts that are worse than before, are a defect of ours and never leave this module.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
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

_ROUNDS = 100  # a fix may call for another; ours settle within a few


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
    many fixes could not be written without changing something else.
    """

    run: LintRun
    files: tuple[FixedFile, ...]
    fixed: Mapping[str, int]
    levels: Mapping[str, Level]
    unwritable: int

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
    work = _Work(request, unsafe=unsafe)
    run = lint_all(request, lambda _: None, fixable=True)
    before = {verdict.source for verdict in run.verdicts}
    for _ in range(_ROUNDS):
        if not work.round(run):
            break
        run = lint_all(work.request, lambda _: None, fixable=True)
    else:
        raise RuntimeError(f"fixes did not settle within {_ROUNDS} rounds; nothing is written")
    run = lint_all(work.request, fail)
    if {verdict.source for verdict in run.verdicts} != before:
        raise RuntimeError("a contract could not be read any more once it was fixed; nothing is written")
    return Fixing(run, work.files(), work.fixed, work.proved(run), len(work.unwritable))


def _check_is_file(spec: str) -> None:
    what = "standard input" if spec == "-" else "git" if spec.startswith("git:") else "a URL"
    if spec == "-" or spec.startswith("git:") or is_url(spec):
        raise ContractError(
            f"what comes from {what} cannot be fixed", file=spec, hint="name the file in the working tree"
        )


class _Work:
    """The texts under repair."""

    def __init__(self, request: LintRequest, *, unsafe: bool) -> None:
        self.request = request
        self.fixed: Counter[str] = Counter()
        self.unwritable: set[tuple[str, str, str]] = set()
        self._first = request.reading
        self._wanted = {Fix.SAFE, Fix.UNSAFE} if unsafe else {Fix.SAFE}
        self._unsafe = False  # whether a fix was made that calls itself that
        self._old: dict[str, tuple[str, bytes]] = {}  # by real path: the name, the bytes on disk
        self._mentions = Mentions(request.reading)

    def round(self, run: LintRun) -> bool:
        """Make as many of the fixes of what was found as go together; whether there were any."""
        edited = dict(self.request.reading.edited)
        made = False
        for path, (document, findings) in self._by_file(run).items():
            groups = [finding.remedy.alterations for finding in findings if finding.remedy is not None]
            text, chosen = rewritable(document, groups)
            if text is None:
                self.unwritable.update(_identity(findings[index]) for index in chosen)
                made = made or len(chosen) < len(findings)
                continue
            made = True
            edited[path] = (BOM if self._old_bytes(path, document).startswith(BOM) else b"") + text
            for index in chosen:
                self.fixed[findings[index].rule] += 1
                remedy = findings[index].remedy
                self._unsafe = self._unsafe or (remedy is not None and remedy.fix is Fix.UNSAFE)
        self.request = replace(self.request, reading=replace(self.request.reading, edited=edited))
        return made

    def files(self) -> tuple[FixedFile, ...]:
        """The files that are to hold something else."""
        edited = self.request.reading.edited
        return tuple(
            FixedFile(name, path, old, edited[path])
            for path, (name, old) in sorted(self._old.items(), key=lambda item: item[1][0])
            if path in edited and edited[path] != old
        )

    def proved(self, run: LintRun) -> dict[str, Level]:
        """What the fixes are as a change, contract by contract; RuntimeError if one is worse than before."""
        paths = {file.path for file in self.files()}
        levels: dict[str, Level] = {}
        for source in sorted(run.documents):
            if paths.isdisjoint(os.path.realpath(uri) for uri in run.documents[source]):
                continue
            new = _loaded(source, self.request.reading)
            old = _loaded(source, self._first)
            if new is None or old is None:
                continue
            known = formats.get(new.format)
            worse = _errors(list(known.validate(new)))
            if worse:
                worse -= _errors(list(known.validate(old)))
            if worse:
                raise RuntimeError(f"{source} would be invalid once fixed ({min(worse)}); nothing is written")
            options = formats.DiffOptions(strict=True)
            changes = list(known.diff(old, new, options))
            level = max((change.level for change in changes), default=Level.NONE)
            if level > Level.PATCH and not self._unsafe:
                told = next(change for change in changes if change.level is level)
                raise RuntimeError(
                    f"{source}: a safe fix would be a {level} change ({told.rule}); nothing is written"
                )
            if changes:
                levels[source] = level
        return levels

    def _by_file(self, run: LintRun) -> dict[str, tuple[Document, list[Finding]]]:
        """What is to be mended, by the real path of the file it is written in, as far as it is one file's."""
        found: dict[str, tuple[Document, list[Finding]]] = {}
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
                    and _identity(one.finding) not in self.unwritable
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
