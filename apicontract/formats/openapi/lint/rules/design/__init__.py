"""Design: whether the contract says what HTTP and JSON mean, in a way that every language can read.

Addresses (`paths`), answers (`answers`), how things relate (`relations`), values in messages
(`values`), names of types and formats (`formats`), the contract as a whole (`structure`).
"""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules.design import (
    answers,
    formats,
    paths,
    relations,
    standards,
    structure,
    values,
)

RULES = (
    *paths.RULES,
    *answers.RULES,
    *relations.RULES,
    *values.RULES,
    *standards.RULES,
    *formats.RULES,
    *structure.RULES,
)
