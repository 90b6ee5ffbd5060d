"""Lint a protobuf contract: one pass over the elements of its own files for all the rules that are wanted.

What validation finds as well is found by its checks, under its ids; lint adds what is a matter of
convention. What a comment `buf:lint:ignore` covers is left out, as buf leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import DEFAULT_SETTINGS, Finding
from apicontract.formats.proto.elements import Enum, EnumValue, Field, Message, Method, Oneof, Service
from apicontract.formats.proto.lint.catalogue import LINT_RULES
from apicontract.formats.proto.lint.facts import Facts, Package
from apicontract.formats.proto.lint.validated import validated
from apicontract.formats.proto.model import File

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from apicontract.findings import FindingRule, LintSettings
    from apicontract.formats.proto.lint.lint_rule import AnyRule, Part
    from apicontract.formats.proto.model import Proto

_KINDS: tuple[type[Part], ...] = (
    File, Message, Field, Oneof, Enum, EnumValue, Service, Method, Package
)  # fmt: skip


def lint(
    contract: Proto, wanted: Collection[str], settings: LintSettings = DEFAULT_SETTINGS
) -> list[Finding]:
    """What the rules with the ids `wanted` find, by file, line and column.

    CompileError if the contract does not compile: what is left of it would look better than it is.
    """
    facts = Facts(contract, settings)
    chosen = [rule for rule in LINT_RULES if rule.rule.id in wanted]
    found = [*_of_files(facts, chosen), *_of_packages(facts, chosen)]
    found += facts.without_ignored(validated(contract, wanted))
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    place = finding.place
    return place.document.uri, place.line, place.column, finding.rule


def _of_files(facts: Facts, chosen: Sequence[AnyRule]) -> Iterator[Finding]:
    """File by file, since the comments of a file are read once and then given up."""
    asking = {kind: [rule for rule in chosen if rule.kind is kind] for kind in _KINDS}
    for file in facts.files:
        found: list[Finding] = []
        for part in _parts(file):
            for rule in asking[Field if isinstance(part, Field) else type(part)]:
                found += _asked(rule, part, facts)
        yield from facts.without_ignored(found)


def _of_packages(facts: Facts, chosen: Sequence[AnyRule]) -> Iterable[Finding]:
    found: list[Finding] = []
    for rule in chosen:
        if rule.kind is Package:
            for package in facts.packages.values():
                found += _asked(rule, package, facts)
    return facts.without_ignored(found)


def _asked(asked: AnyRule, part: Part, facts: Facts) -> Iterator[Finding]:
    rule: FindingRule = asked.rule
    for problem in asked.check(part, facts):  # type: ignore[arg-type]  # it is of the rule's class
        yield Finding(rule.id, rule.severity, problem.place, problem.message, problem.advice or rule.advice)


def _parts(file: File) -> Iterator[Part]:
    """The file and every element in it that somebody wrote; entries of maps nobody did."""
    yield file
    for message in file.all_messages:
        if not message.is_map_entry:
            yield message
            yield from message.fields
            yield from message.oneofs
    yield from file.all_extensions
    for enum in file.all_enums:
        yield enum
        yield from enum.values
    for service in file.services:
        yield service
        yield from service.methods


__all__ = ["lint"]
