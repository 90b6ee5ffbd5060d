"""`lint`: contracts read, the rules that were chosen asked, and what they found weighed by policy."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.findings import LintSettings, Severity
from apicontract.findings.choice import RuleChoice, UnknownRuleError, chosen
from apicontract.gate.configuration import catalogue, in_force
from apicontract.policy.linting import LintCase, LintVerdict, weigh
from apicontract.sources import ContractError, ReadOptions, globs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from apicontract.findings import FindingRule
    from apicontract.formats import Contract
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.model import Linting
    from apicontract.policy.verdict import JudgedFinding

_CASES = (
    "path_case", "query_case", "header_case", "property_case", "schema_case", "enum_case",
    "operation_id_case",
)  # fmt: skip
_BOUNDS = ("max_path_depth", "max_resource_types", "max_summary_length")


@dataclass(frozen=True, slots=True)
class LintRequest:
    """What to lint. contracts: files, folders, globs.

    choice: which rules; what it leaves empty, the configuration says (a set or rules named here take the
    place of both there; what is ignored here is ignored besides). config: a file; empty looks upwards of
    `folder`. today: the day by which waivers are judged; None for the current one.
    """

    contracts: tuple[str, ...]
    choice: RuleChoice = field(default_factory=RuleChoice)
    config: str = ""
    folder: str = "."
    today: dt.date | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, slots=True)
class LintRun:
    """What lint found in some contracts.

    rules: those that were asked; ruleset: the name of their set, empty if they were chosen one by one.
    findings: what is to be said of the configuration's suppressions. excluded: contracts left out.
    """

    rules: tuple[FindingRule, ...]
    ruleset: str
    verdicts: tuple[LintVerdict, ...]
    findings: tuple[JudgedFinding, ...] = ()
    excluded: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of that severity are not waived."""
        return sum(one.severity is severity and one.waiver is None for one in self._every())

    @property
    def waived(self) -> int:
        """How many findings are waived."""
        return sum(one.waiver is not None for one in self._every())

    def _every(self) -> Iterator[JudgedFinding]:
        for verdict in self.verdicts:
            yield from verdict.findings
        yield from self.findings


def lint_all(request: LintRequest, fail: Callable[[ContractError], None]) -> LintRun:
    """Lint contracts; `fail` is called with each that cannot be read, or has no rules for its format.

    Raises UnknownRuleError and KeyError where the request, ContractError where the configuration names
    rules, sets or words that do not exist.
    """
    configuration = in_force(request.folder, request.config)
    every = tuple(rule for known in formats.every() for rule in known.lint_rules())
    choice = _choice(request.choice, configuration, every)
    rules = chosen(every, choice)
    settings = lint_settings(configuration, choice)
    top = configuration.folder or os.path.abspath(request.folder)  # noqa: PTH100
    cases: list[LintCase] = []
    excluded: list[str] = []
    for contract in contracts_of(request.contracts, request.reading, fail):
        name = contract_name(contract.source, top)
        if any(globs.matches(glob, name) for glob in configuration.settings.lint.exclude):
            excluded.append(contract.source)
            continue
        known = formats.get(contract.format)
        if not any(known.lint_rules()):
            hint = "`apicontract validate` checks them; `exclude` under [lint] leaves them out"
            fail(ContractError(f"lint has no rules for {contract.format}", file=contract.source, hint=hint))
            continue
        found = known.lint(contract, {rule.id for rule in rules}, settings)
        cases.append(LintCase(name, contract, tuple(found)))
    verdicts, about = weigh(
        cases,
        configuration,
        today=request.today or dt.datetime.now(tz=dt.UTC).date(),
        rules=catalogue(),
        asked={rule.id for rule in rules},
        complete=any(os.path.realpath(spec) == os.path.realpath(top) for spec in request.contracts),
    )
    ruleset = choice.ruleset
    return LintRun(rules, ruleset.name if ruleset else "", verdicts, about, tuple(excluded))


def lint_settings(configuration: Configuration, choice: RuleChoice) -> LintSettings:
    """The words, styles and bounds in force: the set's, with the configuration's over them.

    ContractError, with its place, for a list of words that does not exist.
    """
    said, ruleset = configuration.settings.lint, choice.ruleset
    settings = ruleset.settings if ruleset else LintSettings()
    values: dict[str, object] = {name: getattr(said, name) for name in _BOUNDS}
    values |= {name: getattr(said, name) for name in _CASES if getattr(said, name)}
    if said.version_in:
        values["version_in_url"] = said.version_in == "url"
    return replace(settings, **values, **_words(said, configuration))  # type: ignore[arg-type]  # by name


def word_lists() -> tuple[str, ...]:
    """The names of the lists of words, as the configuration writes them."""
    defaults = LintSettings()
    names = (name for name in LintSettings.__slots__ if isinstance(getattr(defaults, name), frozenset))
    return tuple(name.replace("_", "-") for name in names)


def _words(said: Linting, configuration: Configuration) -> dict[str, frozenset[str]]:
    known = word_lists()
    for name in said.words:
        if name not in known:
            raise _wrong(configuration, f"there is no list of words `{name}`", name, known, "words", name)
    return {name.replace("-", "_"): frozenset(words) for name, words in said.words.items()}


def _choice(asked: RuleChoice, configuration: Configuration, every: tuple[FindingRule, ...]) -> RuleChoice:
    """What is asked, with what the configuration says where nothing is; the latter is known to make sense."""
    said = configuration.settings.lint
    for key, words in (("select", said.select), ("ignore", said.ignore)):
        for number, word in enumerate(words):
            try:
                chosen(every, RuleChoice(select=(word,)))
            except UnknownRuleError as error:
                raise _wrong(configuration, str(error), word, error.near, key, str(number)) from None
    own = bool(asked.rules or asked.select)
    return RuleChoice(
        asked.rules if own else said.rules,
        asked.select if own else said.select,
        (*said.ignore, *asked.ignore),
    )


def _wrong(
    configuration: Configuration, message: str, word: str, known: tuple[str, ...], *key: str
) -> ContractError:
    """The error about a word in the configuration's table of lint."""
    from apicontract.policy.checking import nearest

    place = configuration.place("lint", *key)
    assert place is not None  # noqa: S101  # without a file the table is empty
    hint = nearest(word, known) if known else "`apicontract rules` lists them"
    return ContractError(message, file=place.file, line=place.line, column=place.column, hint=hint)


def contracts_of(
    specs: Iterable[str], reading: ReadOptions, fail: Callable[[ContractError], None]
) -> Iterator[Contract]:
    """Every contract that is named, each file once; `fail` is called with what is none, or cannot be read."""
    from apicontract.sources import is_collection

    seen: set[str] = set()
    for spec in specs:
        failed: list[ContractError] = []
        found = formats.find([spec], reading, failed.append)
        for error in failed:
            fail(error)
        if not found and not failed:
            what = "there is no contract of a known format here" if is_collection(spec) else "this is none"
            fail(ContractError(what, file=spec, hint="a contract begins with `openapi:` or `swagger:`"))
        for contract in found.values():
            identity = os.path.realpath(contract.source)
            if identity not in seen:
                seen.add(identity)
                yield contract


def contract_name(source: str, top: str) -> str:
    """A contract's path as patterns see it: relative to the configuration, with slashes."""
    if not os.path.exists(source):  # noqa: PTH110  # standard input, git, a URL
        return source
    try:
        return os.path.relpath(source, top).replace(os.sep, "/")
    except ValueError:  # another drive
        return source
