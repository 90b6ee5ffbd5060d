"""Instances that are known beforehand.

One address, which a platform resolves and balances, or a list of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import Instance
from .balancing import Balancer, Choice

if TYPE_CHECKING:
    from .health import HealthCheck


class Static:
    """Always the same addresses. With one of them, whatever stands behind the name does the choosing.

    health: how several are asked whether they are well; None asks nobody.
    """

    def __init__(
        self, *addresses: str, choice: Choice = "round_robin", health: HealthCheck | None = None
    ) -> None:
        if not addresses:
            raise ValueError("give at least one address")
        self.instances = tuple(Instance(address.rstrip("/")) for address in addresses)
        self._balancer = Balancer(choice, health)

    def pick(self) -> Instance:
        """The instance to ask next."""
        if len(self.instances) == 1:
            return self.instances[0]
        return self._balancer.pick(self.instances)

    async def apick(self) -> Instance:
        """The instance to ask next."""
        return self.pick()

    def done(self, instance: Instance, *, well: bool) -> None:
        """An attempt with this instance is over."""
        if len(self.instances) > 1:
            self._balancer.done(instance, well=well)

    def unwell(self) -> frozenset[str]:
        """The addresses of instances that were not well when they were last asked."""
        return self._balancer.unwell()
