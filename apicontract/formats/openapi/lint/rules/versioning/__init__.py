"""Versioning: where the version stands (`places`), deprecation and room to grow (`growth`)."""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules.versioning import growth, places

RULES = (*places.RULES, *growth.RULES)
