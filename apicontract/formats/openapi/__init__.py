"""OpenAPI 2.0 (Swagger) to 3.2: load, validate, lint, diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi import load as _load

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from apicontract.changes import Change, Rule
    from apicontract.findings import Finding, FindingRule, LintSettings
    from apicontract.formats import DiffOptions
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Library


class OpenApiFormat:
    """The `Format` of OpenAPI; each method imports what it runs."""

    name = "openapi"

    def recognises(self, library: Library) -> bool:
        """Whether the root document says that it is OpenAPI."""
        return _load.recognises(library)

    def load(self, library: Library) -> OpenApi:
        """The contract; ContractError if its OpenAPI version is not supported."""
        return _load.load(library)

    def validate(self, contract: OpenApi) -> Iterable[Finding]:
        """Every problem of the contract, in document order."""
        from apicontract.formats.openapi.validate import validate

        return validate(contract)

    def lint(self, contract: OpenApi, wanted: Collection[str], settings: LintSettings) -> Iterable[Finding]:
        """What the rules of lint with the ids `wanted` find, in document order."""
        from apicontract.formats.openapi.lint import lint

        return lint(contract, wanted, settings)

    def diff(self, old: OpenApi, new: OpenApi, options: DiffOptions) -> Iterable[Change]:
        """Every change from `old` to `new`, worst first; ContractError if a reference leads nowhere."""
        from apicontract.formats.openapi.diff import diff
        from apicontract.formats.openapi.references import check_references

        check_references(old)
        check_references(new)
        return diff(old, new, options)

    def change_rules(self) -> Iterable[Rule]:
        """The catalogue of changes."""
        from apicontract.formats.openapi.diff.rules import CATALOGUE

        return CATALOGUE

    def finding_rules(self) -> Iterable[FindingRule]:
        """The catalogue of validation."""
        from apicontract.formats.openapi.validate.rules import RULES

        return RULES

    def lint_rules(self) -> Iterable[FindingRule]:
        """The catalogue of lint."""
        from apicontract.formats.openapi.lint.catalogue import LINT_RULES

        return (rule.rule for rule in LINT_RULES)


FORMAT = OpenApiFormat()
