"""Resilience: lists that end (`paging`), calls that can be repeated and wait their turn (`repeating`), chains (`chains`)."""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules.resilience import chains, paging, repeating

RULES = (*paging.RULES, *repeating.RULES, *chains.RULES)
