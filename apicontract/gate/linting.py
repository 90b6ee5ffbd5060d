"""`lint`: contracts read, the rules that were chosen asked, and what they found weighed by policy."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import field, replace
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.findings import Fix, LintSettings, Severity
from apicontract.findings.choice import RuleChoice, UnknownRuleError, chosen
from apicontract.gate.configuration import Catalogue, checked, in_force
from apicontract.policy.linting import LintCase, LintVerdict, weigh
from apicontract.policy.weighing import weighed
from apicontract.records import dataclass
from apicontract.sources import ContractError, ReadOptions, globs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from apicontract.findings import Finding, FindingRule
    from apicontract.formats import Contract
    from apicontract.formats.openapi.lint.spectral import Ruleset
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.model import Linting
    from apicontract.policy.verdict import JudgedFinding

_CASES = (
    "path_case", "query_case", "header_case", "property_case", "schema_case", "enum_case",
    "operation_id_case",
)  # fmt: skip
OWN = (  # the settings that the configuration has under the same name, with the same default
    "max_path_depth", "max_resource_types", "max_summary_length", "enum_zero_suffix", "service_suffix",
    "empty_messages",
)  # fmt: skip


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
    documents: the files, as far as they are some, of which each contract consists, by its source. vendored:
    the patterns of what is left out, and `top` the folder that they go by.
    """

    rules: tuple[FindingRule, ...]
    ruleset: str
    verdicts: tuple[LintVerdict, ...]
    findings: tuple[JudgedFinding, ...] = ()
    excluded: tuple[str, ...] = ()
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vendored: tuple[str, ...] = ()
    top: str = ""

    def count(self, severity: Severity) -> int:
        """How many findings of that severity are not waived."""
        return sum(one.severity is severity and one.waiver is None for one in self._every())

    @property
    def waived(self) -> int:
        """How many findings are waived."""
        return sum(one.waiver is not None for one in self._every())

    def fixable(self, fix: Fix) -> int:
        """How many findings that are not waived have a remedy that is that safe."""
        remedies = (one.finding.remedy for one in self._every() if one.waiver is None)
        return sum(remedy is not None and remedy.fix is fix for remedy in remedies)

    def _every(self) -> Iterator[JudgedFinding]:
        for verdict in self.verdicts:
            yield from verdict.findings
        yield from self.findings


def lint_all(
    request: LintRequest, fail: Callable[[ContractError], None], *, fixable: bool = False
) -> LintRun:
    """Lint contracts; `fail` is called with each that cannot be read, or compiled.

    fixable: of the rules that are asked for, only those that know a remedy.
    Raises UnknownRuleError and KeyError where the request, ContractError where the configuration names
    rules, sets or words that do not exist.
    """
    configuration = in_force(request.folder, request.config)
    rulesets = _rulesets(request, configuration)
    theirs = _rules_of(rulesets)
    ours = tuple(rule for known in formats.every() for rule in known.lint_rules())
    known_rules = Catalogue((*ours, *theirs))
    if rulesets and configuration.document is not None:
        checked(configuration, known_rules)
    choice = _choice(request.choice, configuration, (*ours, *theirs))
    rules = tuple(rule for rule in chosen(ours, choice, theirs) if not fixable or rule.fix is not Fix.NONE)
    asked = frozenset(rule.id for rule in rules)
    settings = lint_settings(configuration, choice)
    top = configuration.folder or os.path.abspath(request.folder)  # noqa: PTH100
    cases: list[LintCase] = []
    excluded: list[str] = []
    documents: dict[str, tuple[str, ...]] = {}
    for contract in contracts_of(request.contracts, request.reading, fail):
        name = contract_name(contract.source, top)
        if any(globs.matches(glob, name) for glob in configuration.settings.lint.exclude):
            excluded.append(contract.source)
            continue
        try:
            found = list(formats.get(contract.format).lint(contract, asked, settings))
            found += _theirs(contract, rulesets, asked)
            cases.append(LintCase(name, contract, tuple(_included(found, configuration, top))))
            library = getattr(contract, "library", None)  # of a format whose contracts have a root document
            documents[contract.source] = tuple(each.uri for each in library.documents()) if library else ()
        except ContractError as error:  # protos that do not compile
            fail(error)
    verdicts, about = weigh(
        cases,
        configuration,
        today=request.today or dt.datetime.now(tz=dt.UTC).date(),
        rules=known_rules,
        asked=asked,
        complete=any(os.path.realpath(spec) == os.path.realpath(top) for spec in request.contracts),
    )
    unsupported = (weighed(one, configuration) for one in _not_run(rulesets, asked))
    about = (*about, *(one for one in unsupported if one is not None))
    ruleset = choice.ruleset
    vendored = configuration.settings.lint.exclude
    name = ruleset.name if ruleset else ""
    return LintRun(rules, name, verdicts, about, tuple(excluded), documents, vendored, top)


def _rulesets(request: LintRequest, configuration: Configuration) -> list[Ruleset]:
    """The rulesets that are named: by the request, from here, else by the configuration, from its folder."""
    paths = request.choice.extends or tuple(
        _shown(os.path.join(configuration.folder, file))  # noqa: PTH118
        for file in configuration.settings.lint.extends
    )
    if not paths:
        return []
    from apicontract.formats.openapi.lint import spectral

    return [spectral.load(file, request.reading) for file in paths]


def _rules_of(rulesets: list[Ruleset]) -> tuple[FindingRule, ...]:
    if not rulesets:
        return ()
    from apicontract.formats.openapi.lint import spectral

    return spectral.rules_of(rulesets)


def _theirs(contract: Contract, rulesets: list[Ruleset], asked: frozenset[str]) -> list[Finding]:
    """What the rules of rulesets find, which are about OpenAPI."""
    from apicontract.formats.openapi.load import OpenApi

    if not rulesets or not isinstance(contract, OpenApi):
        return []
    from apicontract.formats.openapi.lint import spectral

    return spectral.lint(contract, rulesets, asked)


def _not_run(rulesets: list[Ruleset], asked: frozenset[str]) -> list[Finding]:
    """What is to be said of rules that cannot be run."""
    if not rulesets:
        return []
    from apicontract.formats.openapi.lint import spectral

    return list(spectral.unsupported(rulesets, asked))


def _shown(path: str) -> str:
    """A path as people would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return path


def lint_settings(configuration: Configuration, choice: RuleChoice) -> LintSettings:
    """The words, styles and bounds in force: the set's, with the configuration's over them.

    ContractError, with its place, for a list of words that does not exist.
    """
    said, ruleset = configuration.settings.lint, choice.ruleset
    settings = ruleset.settings if ruleset else LintSettings()
    values: dict[str, object] = {name: getattr(said, name) for name in OWN}
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
    own = bool(asked.rules or asked.select or asked.extends)  # instead of the configuration's
    return RuleChoice(
        asked.rules if own else said.rules,
        asked.select if own else said.select,
        (*said.ignore, *asked.ignore),
        asked.extends if own else said.extends,
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


def _included(findings: Iterable[Finding], configuration: Configuration, top: str) -> Iterator[Finding]:
    """The findings without those in files that are excluded, as one of a contract of many may be."""
    exclude = configuration.settings.lint.exclude
    if not exclude:
        yield from findings
        return
    left_out: dict[str, bool] = {}
    for found in findings:
        file = found.place.file
        if file not in left_out:
            left_out[file] = any(globs.matches(glob, contract_name(file, top)) for glob in exclude)
        if not left_out[file]:
            yield found


def contract_name(source: str, top: str) -> str:
    """A contract's path as patterns see it: relative to the configuration, with slashes."""
    if not os.path.exists(source):  # noqa: PTH110  # standard input, git, a URL
        return source
    try:
        return os.path.relpath(source, top).replace(os.sep, "/")
    except ValueError:  # another drive
        return source
