"""The configuration in force for a folder: found or named, with the rules that it speaks of looked up."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.findings import FindingRule
from apicontract.policy.configuration import (
    Configuration,
    check_formats,
    check_rules,
    find_configuration,
    named_rules,
)
from apicontract.policy.judgement import LEVELS, SEVERITIES
from apicontract.policy.rules import RULES
from apicontract.policy.suppressions import RULESET_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.changes import Rule
    from apicontract.policy.layers import Values


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


def in_force(folder: str, file: str = "", values: Values | None = None) -> Configuration:
    """The configuration for a folder, of `file` if one is named, with `values` laid over it.

    ContractError, with its place, for anything in it that makes no sense.
    """
    path = file or find_configuration(folder)
    found = Configuration.load(file or _from_here(path)) if path else Configuration.default()
    if path:  # the catalogue takes longer to load than all the rest
        checked(found, catalogue(), strict=False)
    return found.having(values) if values else found


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
