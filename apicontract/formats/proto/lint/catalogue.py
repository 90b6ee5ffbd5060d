"""Every rule of lint for protos, and which rules of buf each of them follows."""

from __future__ import annotations

from functools import cache

from apicontract.formats.proto.lint.rules import (
    calls,
    comments,
    custom_methods,
    fields,
    names,
    operations,
    packages,
    pages,
    resources,
    standard_methods,
)
from apicontract.formats.proto.lint.validated import VALIDATED

CATEGORY = "protobuf"

# Which command reports a rule, and what it is about, is said once, here, and not in every rule.
LINT_RULES = tuple(
    rule.documented("lint", CATEGORY)
    for rule in (
        *names.RULES,
        *packages.RULES,
        *calls.RULES,
        *comments.RULES,
        *standard_methods.RULES,
        *custom_methods.RULES,
        *pages.RULES,
        *operations.RULES,
        *resources.RULES,
        *fields.RULES,
    )
)


@cache
def names_of_buf() -> dict[str, frozenset[str]]:
    """The names that buf has for what a rule finds, by our id; rules that buf has not are left out."""
    rules = (*(rule.rule for rule in LINT_RULES), *VALIDATED)
    named = {
        rule.id: frozenset(
            name
            for guideline, _, name in (one.partition(":") for one in rule.references)
            if guideline == "buf"
        )
        for rule in rules
    }
    return {rule: names for rule, names in named.items() if names}
