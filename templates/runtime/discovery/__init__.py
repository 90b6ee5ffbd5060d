"""Who offers a dependency: the one interface that every kind of discovery has.

A discovery is asked before each attempt and told how the attempt went. Knows no protocol beyond an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Instance:
    """One process that offers the dependency.

    A base address such as `http://10.0.0.7:8080/v1` or `host:port`.
    """

    address: str
    name: str = ""


class Discovery(Protocol):
    """Where the instances of one dependency are.

    `pick` gives the instance to ask next, and counts it as busy until `done` is told. Failures:
    `NoInstances`, or `ConnectionFailed` if the registry cannot be asked and nothing is known from before.
    """

    def pick(self) -> Instance:
        """The instance to ask next."""
        ...

    async def apick(self) -> Instance:
        """The same without blocking the event loop."""
        ...

    def done(self, instance: Instance, *, well: bool) -> None:
        """An attempt with this instance is over; `well` unless it speaks against the instance."""
        ...
