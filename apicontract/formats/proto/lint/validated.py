"""What validation finds and rules of buf and of AIPs ask for too: found by its checks, under its ids.

A rule has one id, whichever command reports it. The sets of lint by tier leave these out, since
validation reports them; presets that follow a guideline, and whoever names them, take them in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from apicontract.formats.proto.validate.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.model import Proto
    from apicontract.formats.proto.validate.view import Check

_CHECKS = {  # the module of `validate.meaning`, and the check in it: loaded when a proto is linted
    "package-missing": ("packages", "missing"),
    "package-unversioned": ("packages", "unversioned"),
    "package-directory-mismatch": ("packages", "directories"),
    "package-version-not-of-directory": ("packages", "directories"),
    "package-import-circular": ("packages", "cycles"),
    "stable-package-imports-unstable": ("packages", "unstable_imports"),
    "syntax-unspecified": ("imports", "syntax"),
    "field-required": ("fields", "required"),
    "enum-first-value-not-zero": ("enums", "first_value"),
    "http-body-missing": ("http", "rules"),
    "http-body-not-allowed": ("http", "rules"),
}
_BY_COMPILER = "import-unused"

VALIDATED = tuple(rule for rule in RULES if rule.id in _CHECKS or rule.id == _BY_COMPILER)


def validated(contract: Proto, wanted: Collection[str]) -> Iterator[Finding]:
    """What the checks of validation find by those of their rules that are wanted."""
    asked = {rule.id for rule in VALIDATED if rule.id in wanted}
    if not asked:
        return
    from apicontract.formats.proto.validate.view import View

    view = View(contract)
    for module, name in dict.fromkeys(row for rule, row in _CHECKS.items() if rule in asked):
        check: Check = getattr(import_module(f"apicontract.formats.proto.validate.meaning.{module}"), name)
        yield from (finding for finding in check(view) if finding.rule in asked)
    if _BY_COMPILER in asked:
        from apicontract.formats.proto.validate.compiling import check_compiling

        yield from (finding for finding in check_compiling(contract, view) if finding.rule in asked)
