"""OpenAPI 2.0 (Swagger) to 3.2: load, validate, lint, diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi import load as _load

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from apicontract.changes import Change, Rule
    from apicontract.findings import Finding, FindingRule, LintSettings
    from apicontract.formats import DiffOptions
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import ContractError, ReadOptions


class OpenApiFormat:
    """The `Format` of OpenAPI; each method imports what it runs."""

    name = "openapi"
    gathers = False

    def find(
        self, specs: Sequence[str], options: ReadOptions, fail: Callable[[ContractError], None]
    ) -> Mapping[str, OpenApi]:
        """The contracts among the documents that the sources lead to, by path.

        Of a directory or glob, documents that are none are left out: they are parts of others.
        `fail` is called where a document cannot be read, or its OpenAPI version is not supported.
        """
        from apicontract.sources import ContractError, expand, paths_below, read

        found: dict[str, OpenApi] = {}
        for spec in specs:
            files = expand(spec)
            for path, file in zip(paths_below(spec, files), files, strict=True):
                try:
                    library = read(file, options)
                    if _load.recognises(library):
                        found[path] = _load.load(library)
                except ContractError as error:
                    fail(error)
        return found

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
