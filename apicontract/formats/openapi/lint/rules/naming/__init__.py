"""Naming: one style per kind of name (`cases`), and names that say what things are (`meanings`)."""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules.naming import cases, meanings

RULES = (*cases.RULES, *meanings.RULES)
