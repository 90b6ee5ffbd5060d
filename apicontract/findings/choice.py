"""Which rules of lint a run asks: a named set, and rules by id, by glob or by category.

Knows rules by what they say of themselves (tier, category, references), and no rule by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings.settings import DEFAULT_SETTINGS, LintSettings
from apicontract.findings.tiers import Tier
from apicontract.records import dataclass
from apicontract.sources import globs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apicontract.findings import FindingRule


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named set of rules: those up to a tier, or those that a public guideline asks for.

    guideline: the first part of the references that its rules have (`zalando`); empty for a tier.
    beyond: beginnings of such references that the guideline has, and this set does not go by.
    settings: the words, styles and bounds that go with it. A tier holds rules of lint alone; a guideline
    may ask as well for what validation reports.
    """

    name: str
    summary: str
    tier: Tier = Tier.ALL
    guideline: str = ""
    beyond: tuple[str, ...] = ()
    settings: LintSettings = DEFAULT_SETTINGS

    def holds(self, rule: FindingRule) -> bool:
        """Whether the rule belongs to the set."""
        if not self.guideline:
            return rule.command == "lint" and rule.tier <= self.tier
        return any(
            one.startswith(f"{self.guideline}:") and not one.startswith(self.beyond)
            for one in rule.references
        )


RULE_SETS = {
    one.name: one
    for one in (
        RuleSet("minimal", "What hurts every consumer of every API.", Tier.MINIMAL),
        RuleSet("recommended", "What most teams accept.", Tier.RECOMMENDED),
        RuleSet("all", "House style and matters of taste too.", Tier.ALL),
        RuleSet(
            "zalando",
            "What the RESTful API Guidelines of Zalando ask for, with their styles of names.",
            guideline="zalando",
            settings=LintSettings(  # rules 129, 130, 118, 240, 115
                path_case="kebab-case",
                query_case="snake_case",
                property_case="snake_case",
                enum_case="UPPER_SNAKE_CASE",
                version_in_url=False,
            ),
        ),
        RuleSet(
            "aip",
            "What Google's API Improvement Proposals ask for, with the styles of names of their JSON.",
            guideline="aip",
            settings=LintSettings(  # AIP-122, and AIP-126 and 140 as ProtoJSON writes those names
                path_case="camelCase",
                query_case="camelCase",
                property_case="camelCase",
                enum_case="UPPER_SNAKE_CASE",
            ),
        ),
        RuleSet(
            "buf",
            "What buf lint asks for by default, its category STANDARD.",
            guideline="buf",
            beyond=("buf:COMMENT_", "buf:RPC_NO_", "buf:STABLE_PACKAGE_"),
        ),
    )
}
DEFAULT_SET = "recommended"


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """Which rules to ask.

    rules: the name of a set; empty takes `recommended`, or no set at all where `select` names rules.
    select: further rules; ignore: rules to leave out, whatever chose them. Each is an id, a glob of
    ids, or a category. extends: files of rulesets, all of whose rules are asked; where they are all that is
    named, no set is taken.
    """

    rules: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()

    @property
    def ruleset(self) -> RuleSet | None:
        """The set, if there is one. KeyError if there is none of that name."""
        name = self.rules or ("" if self.select or self.extends else DEFAULT_SET)
        return RULE_SETS[name] if name else None


class UnknownRuleError(ValueError):
    """A word that names no rule of lint; `near` are ids and categories like it."""

    def __init__(self, word: str, near: tuple[str, ...]) -> None:
        super().__init__(f"`{word}` is no rule of lint, and no category of such")
        self.word = word
        self.near = near


def chosen(
    rules: Iterable[FindingRule], choice: RuleChoice, theirs: Sequence[FindingRule] = ()
) -> tuple[FindingRule, ...]:
    """The rules to ask, in the order of the catalogue; then those of rulesets, `theirs`, all that it extends.

    Raises UnknownRuleError for a word that names none, KeyError for a set that does not exist.
    """
    ours, ruleset = tuple(rules), choice.ruleset
    every = (*ours, *theirs)
    wanted = {rule.id for rule in ours if ruleset is not None and ruleset.holds(rule)}
    wanted |= {rule.id for rule in theirs if choice.extends}
    for word in choice.select:
        wanted |= named(every, word)
    for word in choice.ignore:
        wanted -= named(every, word)
    return tuple(rule for rule in every if rule.id in wanted)


def named(rules: Iterable[FindingRule], word: str) -> set[str]:
    """The ids that a word stands for: a category, an id, or a glob of ids. UnknownRuleError if none."""
    rules = tuple(rules)
    found = {rule.id for rule in rules if rule.category == word or globs.matches(word, rule.id)}
    if not found:
        from difflib import get_close_matches

        known = dict.fromkeys(name for rule in rules for name in (rule.id, rule.category))
        raise UnknownRuleError(word, tuple(get_close_matches(word.lower(), known, n=3)))
    return found
