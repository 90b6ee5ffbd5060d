"""Validate API contracts, compare two versions of one, and prove what breaks.

This module is the public API; the command line uses nothing else.

    >>> import apicontract
    >>> diff = apicontract.diff("v1.yaml", "v2.yaml")
    >>> str(diff.level), diff.required_version
    ('major', '2.0.0')

Importing it costs nothing: each function, and each type it returns, is imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from apicontract.changes import (
        Certainty,
        Change,
        Comparison,
        Diff,
        Direction,
        Level,
        Rule,
        Side,
        Surface,
        Witness,
    )
    from apicontract.findings import (
        Finding,
        FindingRule,
        Fix,
        Linting,
        LintSettings,
        Remedy,
        Severity,
        Tier,
        Validation,
    )
    from apicontract.findings.choice import UnknownRuleError
    from apicontract.formats import Contract, DiffOptions
    from apicontract.gate.beginning import Start
    from apicontract.gate.bump import Bump
    from apicontract.gate.changelog import Release
    from apicontract.gate.check import Request
    from apicontract.gate.fixing import FixedFile, Fixing
    from apicontract.gate.linting import LintRun
    from apicontract.gate.model import Check, Judged, Pair
    from apicontract.gate.moving import Edits
    from apicontract.generation.declared import StatedPolicy
    from apicontract.generation.targets import GenerateOptions, Generation, Target
    from apicontract.maturity.model import Maturity
    from apicontract.policy import Configuration, Profile
    from apicontract.sources import ContractError, Document, Json, Place, ReadOptions

__version__ = "0.1.0"

_TYPES = {
    "apicontract.changes": (
        "Certainty", "Change", "Comparison", "Diff", "Direction", "Level", "Rule", "Side", "Surface",
        "Witness",
    ),
    "apicontract.findings": (
        "Finding", "FindingRule", "Fix", "LintSettings", "Linting", "Remedy", "Severity", "Tier",
        "Validation",
    ),
    "apicontract.findings.choice": ("UnknownRuleError",),
    "apicontract.formats": ("Contract", "DiffOptions"),
    "apicontract.gate.bump": ("Bump",),
    "apicontract.gate.changelog": ("Release",),
    "apicontract.gate.beginning": ("Start",),
    "apicontract.gate.fixing": ("FixedFile", "Fixing"),
    "apicontract.gate.linting": ("LintRun",),
    "apicontract.gate.model": ("Check", "Judged", "Pair"),
    "apicontract.gate.moving": ("Edits",),
    "apicontract.maturity.model": ("Maturity",),
    "apicontract.generation.declared": ("StatedPolicy",),
    "apicontract.generation.targets": ("GenerateOptions", "Generation", "Target"),
    "apicontract.policy": ("Configuration", "Profile"),
    "apicontract.sources": ("ContractError", "Document", "Place", "ReadOptions"),
}  # fmt: skip

__all__ = [
    "Bump",
    "Certainty",
    "Change",
    "Check",
    "Comparison",
    "Configuration",
    "Contract",
    "ContractError",
    "Diff",
    "DiffOptions",
    "Direction",
    "Document",
    "Edits",
    "Finding",
    "FindingRule",
    "Fix",
    "FixedFile",
    "Fixing",
    "GenerateOptions",
    "Generation",
    "Judged",
    "Level",
    "LintRun",
    "LintSettings",
    "Linting",
    "Maturity",
    "Pair",
    "Place",
    "Profile",
    "ReadOptions",
    "Release",
    "Remedy",
    "Rule",
    "Severity",
    "Side",
    "Start",
    "StatedPolicy",
    "Surface",
    "Target",
    "Tier",
    "UnknownRuleError",
    "Validation",
    "Witness",
    "__version__",
    "affected",
    "bump",
    "bumped",
    "changelog",
    "check",
    "compare",
    "configuration",
    "configuration_schema",
    "diff",
    "diff_all",
    "find",
    "fix_all",
    "generate",
    "generate_all",
    "lint",
    "lint_all",
    "load",
    "maturity",
    "profiles",
    "rule",
    "rules",
    "starts",
    "targets",
    "validate",
]


def __getattr__(name: str) -> object:
    for module, names in _TYPES.items():
        if name in names:
            return getattr(import_module(module), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def load(spec: str | os.PathLike[str], *, options: ReadOptions | None = None) -> Contract:
    """The contract that `spec` leads to: a path, `-`, `git:REF:path`, or a URL where `options` allow it.

    A folder leads to one if it holds one OpenAPI description, or protos and nothing else. Raises
    ContractError if it cannot be read, is of no format that is known, or leads to several.
    """
    import os

    from apicontract.sources import ContractError

    found = find(os.fspath(spec), options=options)
    if len(found) > 1:
        raise ContractError(
            f"there are {len(found)} contracts here", file=os.fspath(spec), hint=f"name one: {min(found)}"
        )
    [contract] = found.values()
    return contract


def validate(
    contract: Contract | str | os.PathLike[str], *, options: ReadOptions | None = None
) -> Validation:
    """Every problem of one contract, in document order; a path is loaded first, as `load` does.

    Raises ContractError only if the contract cannot be read at all.
    """
    from apicontract import formats
    from apicontract.findings import Validation

    loaded = _loaded(contract, options)
    findings = formats.get(loaded.format).validate(loaded)
    return Validation(loaded.format, loaded.source, loaded.version, tuple(findings))


def lint(
    contract: Contract | str | os.PathLike[str],
    *,
    tier: Tier | None = None,
    settings: LintSettings | None = None,
    options: ReadOptions | None = None,
) -> Linting:
    """What the rules of a rule set (RECOMMENDED by default) find in one contract, in document order.

    settings: word lists, styles and bounds that differ from the defaults.

    Raises ContractError only if the contract cannot be read at all, or if protos do not compile.
    """
    from apicontract import formats
    from apicontract.findings import DEFAULT_SETTINGS, Linting, Tier

    loaded = _loaded(contract, options)
    known = formats.get(loaded.format)
    most = Tier.RECOMMENDED if tier is None else tier
    wanted = {rule.id for rule in known.lint_rules() if rule.command == "lint" and rule.tier <= most}
    findings = known.lint(loaded, wanted, settings or DEFAULT_SETTINGS)
    return Linting(loaded.format, loaded.source, loaded.version, tuple(findings))


def lint_all(  # all that the command may be told
    *contracts: str,
    rules: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    extends: Sequence[str] = (),
    config: str = "",
    folder: str = ".",
    options: ReadOptions | None = None,
    on_error: Callable[[ContractError], None] | None = None,
) -> LintRun:
    """What rules of the caller's choice, or else the configuration's, find in files, directories or globs.

    Findings have the severities that the configuration says, and say whether they are waived. rules: the
    name of a set; select: further rules, or without `rules` the only ones; ignore: rules to leave out.
    Each is an id, a glob of ids or a category. extends: files of Spectral's rulesets, whose rules are asked,
    alone where nothing else is chosen. config: a file; empty looks upwards of `folder`.
    Raises UnknownRuleError for a rule that does not exist, KeyError for a set that does not, and
    ContractError for what cannot be read or compiled; with `on_error`, that is called with each such error
    instead, and the rest is linted.
    """
    from apicontract.findings.choice import RuleChoice
    from apicontract.gate.linting import LintRequest, lint_all
    from apicontract.sources import ReadOptions

    choice = RuleChoice(rules, tuple(select), tuple(ignore), tuple(extends))
    request = LintRequest(contracts, choice, config, folder, reading=options or ReadOptions())
    return lint_all(request, _failing(on_error))


def fix_all(  # noqa: PLR0913  # what lint_all takes, and how far to go
    *contracts: str,
    unsafe: bool = False,
    rules: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    extends: Sequence[str] = (),
    config: str = "",
    folder: str = ".",
    options: ReadOptions | None = None,
    on_error: Callable[[ContractError], None] | None = None,
) -> Fixing:
    """What files are to hold for the findings of `lint_all` to be mended, as far as that is mechanical.

    Takes what `lint_all` takes, and raises what it raises. Nothing is written: write `new` of each of the
    `files` of the result. unsafe: mend what someone should look at too. Raises ContractError besides
    where a contract is no file of the working tree, and RuntimeError where the result would be invalid,
    or break more than it says.
    """
    from apicontract.findings.choice import RuleChoice
    from apicontract.gate.fixing import fix_all
    from apicontract.gate.linting import LintRequest
    from apicontract.sources import ReadOptions

    choice = RuleChoice(rules, tuple(select), tuple(ignore), tuple(extends))
    request = LintRequest(contracts, choice, config, folder, reading=options or ReadOptions())
    return fix_all(request, _failing(on_error), unsafe=unsafe)


def maturity(
    *contracts: str,
    share: int | None = None,
    config: str = "",
    folder: str = ".",
    options: ReadOptions | None = None,
    on_error: Callable[[ContractError], None] | None = None,
) -> tuple[Maturity, ...]:
    """How far APIs are along by Richardson's model, with the evidence; of files, directories or globs.

    share: how many of a hundred operations must reach a level for the API to; None takes the
    configuration's, by default 90. What the configuration turns off or waives does not count against an
    operation. config: a file; empty looks upwards of `folder`. Protos are rated by their HTTP routes.
    Raises ContractError for what cannot be read; with `on_error`, that is called with each such error
    instead, and the rest is rated.
    """
    from apicontract.gate.maturity import MaturityRequest, rate_all
    from apicontract.sources import ReadOptions

    def fail(error: ContractError) -> None:
        if on_error is None:
            raise error
        on_error(error)

    return rate_all(MaturityRequest(contracts, share, config, folder, reading=options or ReadOptions()), fail)


_rated = maturity  # the package of the same name, once it is imported, passes calls on to it


def diff(
    old: Contract | str | os.PathLike[str],
    new: Contract | str | os.PathLike[str],
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Diff:
    """Every change from `old` to `new`, worst first, then as they stand in the documents.

    Raises ContractError if one of them cannot be read, or they are of two different formats.
    """
    from apicontract import formats
    from apicontract.changes import Diff, Side
    from apicontract.formats import DiffOptions
    from apicontract.sources import ContractError

    before, after = _loaded(old, read_options), _loaded(new, read_options)
    if before.format != after.format:
        raise ContractError(
            f"{before.source} is {before.format} and {after.source} is {after.format}: nothing to compare",
            file=after.source,
            hint="compare two versions of one contract",
        )
    changes = formats.get(before.format).diff(before, after, options or DiffOptions())
    return Diff(
        before.format,
        Side(before.source, before.version),
        Side(after.source, after.version),
        tuple(sorted(changes, key=lambda change: -change.counted_level)),
    )


def compare(
    old: str,
    new: str,
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Diff | Comparison:
    """Two contracts compared, as `diff` does, or two sets of them (directories, globs), as `diff_all` does.

    Raises ContractError as they do, and where one side is a set and the other is not.
    """
    from apicontract import formats
    from apicontract.sources import ContractError, is_collection

    sides = [find(spec, options=read_options) for spec in (old, new)]
    one = [
        not is_collection(spec)
        or (len(found) == 1 and formats.get(*(it.format for it in found.values())).gathers)
        for spec, found in zip((old, new), sides, strict=True)
    ]
    if all(one):
        [before], [after] = (found.values() for found in sides)
        return diff(before, after, options=options)
    if any(one):
        raise ContractError(
            f"{old if one[1] else new} is a set of contracts and the other side is one contract",
            hint="compare two files, or two directories or globs",
        )
    return _diff_sets(sides[0], sides[1], options)


def diff_all(
    old: str,
    new: str,
    *,
    options: DiffOptions | None = None,
    read_options: ReadOptions | None = None,
) -> Comparison:
    """Compare every contract of one directory or glob with its counterpart in another.

    Contracts are paired by their path below the directory (or the fixed part of the glob), then by
    title and major version. What has no counterpart is in `removed` or `added`. Files below that
    are no contracts (parts that contracts refer to) are left out. Raises ContractError as `diff`
    does, and where a side holds no contract at all.
    """
    return _diff_sets(find(old, options=read_options), find(new, options=read_options), options)


def _diff_sets(
    old: Mapping[str, Contract], new: Mapping[str, Contract], options: DiffOptions | None
) -> Comparison:
    from apicontract.changes import Comparison, Side
    from apicontract.changes.pairing import Candidate, pair

    before, after = (
        {Candidate(path, it.title, it.version): it for path, it in side.items()} for side in (old, new)
    )
    pairs, removed, added = pair(list(before), list(after))
    return Comparison(
        tuple(diff(before[one], after[other], options=options) for one, other in pairs),
        removed=tuple(Side(before[one].source, one.version) for one in removed),
        added=tuple(Side(after[one].source, one.version) for one in added),
    )


def check(  # noqa: PLR0913  # what a run may be told
    *contracts: str,
    against: str = "",
    staged: bool = False,
    head: str = "",
    fetch: bool = False,
    everything: bool = False,
    branch: bool = False,
    config: str = "",
    settings: Mapping[str, Json] | None = None,
    folder: str = ".",
    read_options: ReadOptions | None = None,
    processes: int = 1,
) -> Check:
    """What the branch that is checked out in `folder` does to its contracts, judged by the team's policy.

    contracts: files, directories, globs; none means all that the configuration names, or that are found.
    against: a git ref, a path, or `releases`; empty looks for the base of the pull request, the upstream
    of the default branch, the last version tag. staged: the index is the head; head: a ref is; otherwise
    the working tree. fetch: a base that is not here may be fetched. everything: contracts that do not
    differ are validated too. branch: only what the branch changed since it left its base is judged, not
    what merging it does. config: a file; empty looks for one. settings: values that go before it.
    processes: how many may share the work of a large comparison.
    Raises ContractError for what cannot be read, and for a base that does not exist or is the head.
    """
    from dataclasses import replace

    from apicontract.gate.check import check

    request = _request(contracts, against, folder, config, fetch=fetch, settings=settings, head=head)
    if read_options is not None:
        request = replace(request, reading=read_options)
    request = replace(request, staged=staged, head=head, everything=everything, branch=branch)
    return check(replace(request, processes=processes))


def affected(*files: str, folder: str = ".") -> tuple[str, ...]:
    """The contracts that the files are, or that refer to one of them: paths seen from `folder`.

    A protobuf package is told by its files.
    """
    from apicontract.gate.affected import affected

    return affected(files, folder)


def bump(  # what a run may be told
    *contracts: str,
    against: str = "",
    to: str = "",
    fetch: bool = False,
    config: str = "",
    folder: str = ".",
) -> tuple[Bump, ...]:
    """The version that each contract needs after what changed since its base; arguments as for `check`.

    to: the version of the one contract that is named; nothing is compared then. Raises ContractError as
    `check` does, and where there is no next version since the old one is of another scheme.
    """
    from apicontract.gate.bump import asked_for, bumps

    if to:
        from apicontract.sources import ContractError

        if len(contracts) != 1:
            raise ContractError(
                "a version is named for one contract", file="--to", hint="name the one contract as well"
            )
        return (asked_for(contracts[0], to, folder),)
    return bumps(_request(contracts, against, folder, config, fetch=fetch))


def bumped(*bumps: Bump, move: bool = False, config: str = "", folder: str = ".") -> Edits:
    """What declares the next version of each: the files to write, and those that go. Nothing is written.

    Of a document its version is edited, and nothing else in it. A protobuf package gets a further one
    beside it, which has what was changed, and is itself as it was; with `move` it is renamed instead, and
    whoever imports it is edited. Raises ContractError where that cannot be, or would not compile.
    """
    from apicontract.gate.bump import edits
    from apicontract.gate.configuration import in_force

    return edits(bumps, folder, in_force(folder, config), move=move)


def changelog(  # what a run may be told
    *contracts: str,
    since: str = "",
    until: str = "",
    tags: str = "",
    fetch: bool = False,
    config: str = "",
    folder: str = ".",
) -> tuple[Release, ...]:
    """What changed for those who use the contracts, the newest release first.

    since: a ref, or empty for the last version tag. until: a ref, or empty for the files as they are.
    tags: a glob; each tag between the two that matches ends a release of its own. The rest as `check`.
    Raises ContractError for refs that do not exist, and where there is nothing to begin from.
    """
    from apicontract.gate.changelog import changelog

    request = _request(contracts, "", folder, config, fetch=fetch, head=until)
    return changelog(request, since=since, until=until, tags=tags)


def generate(
    target: str,
    contract: Contract | str | os.PathLike[str],
    folder: str,
    *,
    options: GenerateOptions | None = None,
    read_options: ReadOptions | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Generation:
    """Generate code for a contract into a folder: `rest-client` or another of `targets()`.

    progress: told what is being done, and which part of the whole (0 to 1) was done before it, for whoever
    waits. Raises ContractError, with its place where it has one, for what cannot be read or generated;
    nothing is written then.
    """
    from apicontract.generation.targets import GenerateOptions, generate

    told = options or GenerateOptions()
    return generate(target, _loaded(contract, read_options), folder, told, __version__, progress)


def generate_all(
    config: str = "",
    *,
    folder: str = ".",
    check: bool = False,
    dry_run: bool = False,
    read_options: ReadOptions | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[Generation, ...]:
    """Generate everything that the configuration's `generate` names; paths there are relative to its file.

    Raises ContractError as `generate` does, and where the configuration names nothing.
    """
    from apicontract.gate.configuration import in_force
    from apicontract.gate.generating import generate_all

    return generate_all(
        in_force(folder, config),
        __version__,
        check=check,
        dry_run=dry_run,
        reading=read_options,
        progress=progress,
    )


def targets() -> tuple[Target, ...]:
    """What can be generated."""
    from apicontract.generation.targets import TARGETS

    return TARGETS


def configuration(file: str = "", *, folder: str = ".", contract: str = "") -> Configuration:
    """The configuration in force in `folder`, of `file` if one is named, or for one contract.

    Where there is no file it is the default one. `contract` is a path as one types it in `folder`.
    Raises ContractError, with its place, for anything in the file that makes no sense, and for a contract
    that is not there.
    """
    import os

    from apicontract.gate.configuration import in_force
    from apicontract.sources import ContractError

    found = in_force(folder, file)
    if not contract:
        return found
    path = os.path.join(folder, contract)  # noqa: PTH118
    if not os.path.exists(path):  # noqa: PTH110
        raise ContractError("there is no such file or folder", file=contract, hint="check the path")
    return found.for_contract(os.path.relpath(path, found.folder or folder).replace(os.sep, "/"))


def configuration_schema() -> str:
    """The JSON Schema of `apicontract.toml`, as text."""
    from apicontract.policy.json_schema import schema_text

    return schema_text()


def profiles() -> tuple[Profile, ...]:
    """Every profile: our own, then those of houses."""
    from apicontract.policy import PROFILES

    return tuple(PROFILES.values())


def starts(
    folder: str = ".", *, profile: str = "default", hook: bool = False, workflow: str = ""
) -> tuple[Start, ...]:
    """The files a team begins with in `folder`: configuration, on request hook and workflow. Writes nothing.

    workflow: `github`, `gitlab` or empty. Raises ContractError if there is no such profile.
    """
    from apicontract.gate import beginning
    from apicontract.policy import Configuration

    Configuration.default().having({"profile": profile})
    return beginning.starts(folder, profile=profile, hook=hook, workflow=workflow)


def find(
    *specs: str,
    options: ReadOptions | None = None,
    on_error: Callable[[ContractError], None] | None = None,
) -> dict[str, Contract]:
    """The contracts that files, directories or globs lead to, by their path below each.

    All protos among them are one contract. Of a directory or glob, documents of no known format are
    left out: they are parts of others. Raises ContractError if a document cannot be read, or none of
    them is a contract; with `on_error`, that is called with each such error instead, and the contracts
    that can be read are returned.
    """
    from apicontract import formats
    from apicontract.sources import ContractError, ReadOptions, is_collection

    failed: list[ContractError] = []

    def fail(error: ContractError) -> None:
        if on_error is None:
            raise error
        failed.append(error)
        on_error(error)

    contracts = formats.find(specs, options or ReadOptions(), fail)
    if contracts or failed:
        return contracts
    if any(is_collection(spec) for spec in specs):
        fail(
            ContractError(
                "there is no contract of a known format here",
                file=", ".join(specs),
                hint="a contract is a JSON or YAML file with `openapi:` or `swagger:`, or a proto file",
            )
        )
    else:
        fail(
            ContractError(
                "this is no contract of a known format",
                file=", ".join(specs),
                hint="an OpenAPI description starts with `openapi: 3.1.0` or `swagger: '2.0'`, "
                "a proto file with `syntax` or `edition`",
            )
        )
    return contracts


def rules() -> tuple[Rule | FindingRule, ...]:
    """The catalogue: every kind of change, then every kind of finding, of formats, gate and lint."""
    from apicontract.gate.configuration import catalogue

    return tuple(catalogue().values())


def rule(rule_id: str) -> Rule | FindingRule:
    """The rule of that id; KeyError if there is none, with ids like it as further arguments."""
    catalogue = {one.id: one for one in rules()}
    if rule_id in catalogue:
        return catalogue[rule_id]
    from difflib import get_close_matches

    raise KeyError(rule_id, *get_close_matches(rule_id.lower(), catalogue, n=3))


def _failing(on_error: Callable[[ContractError], None] | None) -> Callable[[ContractError], None]:
    def fail(error: ContractError) -> None:
        if on_error is None:
            raise error
        on_error(error)

    return fail


def _loaded(contract: Contract | str | os.PathLike[str], options: ReadOptions | None) -> Contract:
    import os

    if isinstance(contract, (str, os.PathLike)):
        return load(contract, options=options)
    return contract


def _request(
    contracts: tuple[str, ...],
    against: str,
    folder: str,
    config: str,
    *,
    fetch: bool,
    settings: Mapping[str, Json] | None = None,
    head: str = "",
) -> Request:
    import os

    from apicontract.gate.check import Request
    from apicontract.gate.configuration import in_force

    return Request(
        contracts,
        against,
        fetching=fetch,
        folder=folder,
        configuration=in_force(folder, config, dict(settings or {}), head),
        environment=os.environ,
    )
