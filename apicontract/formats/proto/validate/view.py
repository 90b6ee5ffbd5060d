"""What every check sees of a contract: its own files, and a way to say what is wrong where.

The severity of a finding is that of its rule; checks give the place, the words, and an advice where
the rule's own is too general.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from apicontract.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.findings import FindingRule
    from apicontract.formats.proto.elements import Enum, Message, Service
    from apicontract.formats.proto.model import File, Proto
    from apicontract.sources import Place


class View:
    """A contract under validation; imports from outside are looked up, but not judged."""

    def __init__(self, contract: Proto) -> None:
        self.contract = contract
        self.files = tuple(contract.own_files)

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """The contract's own messages, without the entries of maps."""
        return tuple(one for file in self.files for one in file.all_messages if not one.is_map_entry)

    @cached_property
    def enums(self) -> tuple[Enum, ...]:
        """The contract's own enums."""
        return tuple(one for file in self.files for one in file.all_enums)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The contract's own services."""
        return tuple(one for file in self.files for one in file.services)

    @cached_property
    def by_package(self) -> dict[str, list[File]]:
        """The contract's own files by package, in order."""
        packages: dict[str, list[File]] = {}
        for file in self.files:
            packages.setdefault(file.package, []).append(file)
        return packages

    def finding(
        self, rule: str, place: Place, message: str, advice: str = "", *, severity: Severity | None = None
    ) -> Finding:
        """A finding; `severity` replaces the rule's own where the case is a milder one."""
        known = rules()[rule]
        return Finding(rule, severity or known.severity, place, message, advice or known.advice)


@cache
def rules() -> dict[str, FindingRule]:
    """Every rule by its id."""
    from apicontract.formats.proto.validate.rules import RULES

    return {rule.id: rule for rule in RULES}


if TYPE_CHECKING:
    Check = Callable[[View], Iterator[Finding]]
