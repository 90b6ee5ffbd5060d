"""The configuration in force for a folder: found or named, with the rules that it speaks of looked up."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.findings import FindingRule
from apicontract.policy.configuration import (
    FILE,
    PYPROJECT,
    Configuration,
    check_formats,
    check_rules,
    find_configuration,
    has_table,
    named_rules,
)
from apicontract.policy.rules import RULES
from apicontract.policy.suppressions import RULESET_PREFIX
from apicontract.policy.weighing import LEVELS, SEVERITIES
from apicontract.sources import ContractError
from apicontract.sources.plumbing import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.changes import Rule
    from apicontract.policy.layers import Values
    from apicontract.repository.snapshots import Snapshot


def catalogue() -> dict[str, Rule | FindingRule]:
    """Every rule by its id: changes, then what validation, the gate and lint find."""
    found: dict[str, Rule | FindingRule] = {}
    for known in formats.every():
        found |= {rule.id: rule for rule in known.change_rules()}
        found |= {rule.id: rule for rule in known.finding_rules()}
    found |= {rule.id: rule for rule in RULES}
    for known in formats.every():
        found |= {rule.id: rule for rule in known.lint_rules()}
    return found


class Catalogue(Mapping[str, "Rule | FindingRule"]):
    """The catalogue with rules of lint over it that are at hand; the rest is loaded once it is asked for.

    Loading all of it takes longer than to lint a small contract, and few runs need it.
    """

    def __init__(self, at_hand: Iterable[FindingRule]) -> None:
        self._at_hand = {rule.id: rule for rule in at_hand}

    @cached_property
    def _all(self) -> dict[str, Rule | FindingRule]:
        return catalogue() | self._at_hand

    def __getitem__(self, name: str) -> Rule | FindingRule:
        return self._at_hand.get(name) or self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def in_force(folder: str, file: str = "", values: Values | None = None, head: str = "") -> Configuration:
    """The configuration for a folder, of `file` if one is named, with `values` laid over it.

    head: the commit that is checked; a bare repository has the file in that. ContractError, with its
    place, for anything in it that makes no sense.
    """
    path = file or find_configuration(folder)
    loaded = Configuration.load(file or _from_here(path)) if path else _committed(folder, head)
    if loaded is not None:  # the catalogue takes longer to load than all the rest
        checked(loaded, catalogue(), strict=False)
    found = loaded or Configuration.default()
    return found.having(values) if values else found


def _committed(folder: str, head: str) -> Configuration | None:
    """The configuration in a commit of a bare repository; None without one, or for another repository."""
    if not head:
        return None
    from apicontract.repository import snapshots
    from apicontract.sources import git

    repository = snapshots.Repository.around(folder)
    if repository is None or not git.is_bare(repository.top):
        return None
    state = snapshots.commit(repository, head, git.commit_of(repository.top, head))
    for name in (FILE, PYPROJECT):
        text = state.read(name)
        if text is not None and (name == FILE or has_table(text, name)):
            shown = _from_here(os.path.join(repository.top, name))  # noqa: PTH118
            return Configuration.parse(text, shown, repository.top)
    return None


def configuration_at(state: Snapshot, path: str, now: Configuration) -> Configuration | None:
    """The configuration that a state has where `now` is, at this path, or beside it under the other name.

    None if it has none there, or one that cannot be read.
    """
    beside = (posixpath.join(posixpath.dirname(path), name) for name in (FILE, PYPROJECT))
    for there in dict.fromkeys((path, *beside)):
        text = state.read(there)
        if text is None or (posixpath.basename(there) == PYPROJECT and not has_table(text, there)):
            continue
        shown = now.document.name if now.document and there == path else there
        try:
            return Configuration.parse(text, shown, now.folder)
        except ContractError:
            return None
    return None


def _from_here(path: str) -> str:
    """The path as people would type it; the whole one where there is no way to it from here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return path


def checked(
    configuration: Configuration, rules: Mapping[str, Rule | FindingRule], *, strict: bool = True
) -> None:
    """ContractError if the configuration names a rule or format that does not exist, or a rule wrongly.

    Rules of rulesets are known only where those were read: without `strict`, whatever is called like one
    passes.
    """
    known = {name: SEVERITIES if isinstance(rule, FindingRule) else LEVELS for name, rule in rules.items()}
    if not strict:
        known |= {name: SEVERITIES for name in named_rules(configuration) if name.startswith(RULESET_PREFIX)}
    check_rules(configuration, known)
    check_formats(configuration, formats.names())


def name_of(configuration: Configuration, top: str, path: str) -> str:
    """A path below the folder `top` as the configuration knows it: seen from its own folder."""
    folder = configuration.folder
    if folder:
        path = os.path.relpath(os.path.join(top, path), os.path.realpath(folder)).replace(os.sep, "/")  # noqa: PTH118
    return printable(path)


def configured_includes(configuration: Configuration, top: str, path: str) -> tuple[str, ...]:
    """The folders of imports that the configuration gives a contract, as paths on the disk."""
    number = configuration.group(name_of(configuration, top, path))
    if number is None:
        return ()
    group = configuration.settings.contracts[number]
    return tuple(os.path.join(configuration.folder, one) for one in group.include)  # noqa: PTH118
