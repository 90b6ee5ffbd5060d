"""Richardson maturity: how far an API is along, from the evidence in its contract.

`evidence` reads a contract; `rate` makes of its operations the rating of an API. The package can be
called as well: `apicontract.maturity("api.yaml")` is the function of that name of the public API,
which the import of this package would otherwise hide.
"""

from __future__ import annotations

import sys
from inspect import Signature, signature
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from apicontract.maturity.model import (
    Answers,
    Evidence,
    Maturity,
    Next,
    Operation,
    Step,
    Weight,
)
from apicontract.maturity.rating import Subject, rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.findings import Finding, LintSettings
    from apicontract.formats import Contract


class Gathered(Protocol):
    """What a contract shows, before policy and rating."""

    subject: Subject

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What speaks against its operations, or is worth knowing of them."""

    def operations(self, judge: Callable[[Finding], Weight | None]) -> Iterator[Operation]:
        """Its operations with their levels, as `judge` weighs each finding; None leaves it out."""


def evidence(contract: Contract, settings: LintSettings) -> Gathered:
    """What a contract shows, by the words in `settings`; protos are asked for their HTTP routes.

    ContractError if protos do not compile.
    """
    from apicontract.formats.openapi.load import OpenApi

    if isinstance(contract, OpenApi):
        from apicontract.maturity.openapi import OpenApiEvidence

        return OpenApiEvidence(contract, settings)
    from apicontract.formats.proto.model import Proto
    from apicontract.maturity.grpc import GrpcEvidence

    assert isinstance(contract, Proto)  # noqa: S101  # there is no third format
    return GrpcEvidence(contract, settings)


class _Callable(ModuleType):
    """This package as the function that it hides; nothing is imported upwards for that."""

    def __call__(self, *contracts: str, **said: object) -> tuple[Maturity, ...]:
        function: Callable[..., tuple[Maturity, ...]] = _hidden()
        return function(*contracts, **said)

    @property
    def __signature__(self) -> Signature:
        return signature(_hidden())


def _hidden() -> Callable[..., tuple[Maturity, ...]]:
    """`maturity` of the public API: that package is loaded, since this one is a part of it."""
    return sys.modules[__name__.rpartition(".")[0]]._rated  # type: ignore[no-any-return]  # noqa: SLF001


sys.modules[__name__].__class__ = _Callable

__all__ = [
    "Answers",
    "Evidence",
    "Gathered",
    "Maturity",
    "Next",
    "Operation",
    "Step",
    "Subject",
    "Weight",
    "evidence",
    "rate",
]
