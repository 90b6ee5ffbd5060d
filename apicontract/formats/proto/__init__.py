"""Protocol Buffers, proto2 to edition 2024: load, validate, lint, diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.recognition import Nature, nature

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from apicontract.changes import Change, Rule
    from apicontract.findings import Finding, FindingRule, LintSettings
    from apicontract.formats import DiffOptions
    from apicontract.formats.proto.model import Proto
    from apicontract.sources import ContractError, ReadOptions


class ProtoFormat:
    """The `Format` of Protocol Buffers; each method imports what it runs."""

    name = "proto"
    gathers = True

    def find(
        self,
        specs: Sequence[str],
        options: ReadOptions,
        fail: Callable[[ContractError], None],  # noqa: ARG002  # all protos are one contract: there is no other
    ) -> Mapping[str, Proto]:
        """The contract of all protos that the sources lead to, one for each of copies side by side."""
        natures = [nature(spec) for spec in specs]
        if not any(natures):
            return {}
        from apicontract.formats.proto.load import load

        return load(specs, natures, options)

    def validate(self, contract: Proto) -> Iterable[Finding]:
        """Every problem of the contract: what the compiler objects to, and what it lets through."""
        from apicontract.formats.proto.validate import validate

        return validate(contract)

    def lint(self, contract: Proto, wanted: Collection[str], settings: LintSettings) -> Iterable[Finding]:
        """What rules of lint find; CompileError if the contract does not compile."""
        from apicontract.formats.proto.lint import lint

        return lint(contract, wanted, settings)

    def diff(self, old: Proto, new: Proto, options: DiffOptions) -> Iterator[Change]:
        """Every change from `old` to `new`; CompileError if something that differs does not compile."""
        from apicontract.formats.proto.narrowing import narrowed

        before, after = narrowed(old, new)
        try:
            import google.protobuf.descriptor_pb2  # noqa: F401  # while the compilers are at work

            from apicontract.formats.proto.diff import diff

            yield from diff(before, after, options)
        finally:
            before.unit.stop()
            after.unit.stop()

    def change_rules(self) -> Iterable[Rule]:
        """The catalogue of changes."""
        from apicontract.formats.proto.diff.rules import CATALOGUE

        return CATALOGUE

    def finding_rules(self) -> Iterable[FindingRule]:
        """The catalogue of validation."""
        from apicontract.formats.proto.validate.rules import RULES

        return RULES

    def lint_rules(self) -> Iterable[FindingRule]:
        """The catalogue of lint: its own rules, then those of validation that guidelines ask for too."""
        from apicontract.formats.proto.lint.catalogue import LINT_RULES
        from apicontract.formats.proto.lint.validated import VALIDATED

        return (*(rule.rule for rule in LINT_RULES), *VALIDATED)


FORMAT = ProtoFormat()

__all__ = ["FORMAT", "Nature", "ProtoFormat"]
