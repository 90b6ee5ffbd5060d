"""Which of several instances are well: clients ask them over HTTP, as orchestrators ask for readiness.

Asked is while calls are made, at most every few seconds, by a thread of its own, all instances at once; no
call waits for it. Knows no registry and no balancing.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

    import httpx

    from . import Instance


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """How instances are asked whether they are to be sent requests.

    path: from the root of the instance's host. every: seconds between two rounds. patience: seconds that an
    instance has to answer. headers: sent along. tls: for https; None is the system's certificates.

    Not well is who does not answer in time, or answers with a status of 500 or more. Who has no such path
    (404) says nothing, and counts as well.
    """

    path: str = "/health/ready"
    every: float = 5.0
    patience: float = 1.0
    headers: Mapping[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None


class Watch:
    """What is known of the health of a dependency's instances.

    What nobody asked about for a while counts as well: it may be long over.
    """

    def __init__(self, check: HealthCheck) -> None:
        self.check = check
        self._unwell: frozenset[str] = frozenset()
        self._known_until = 0.0
        self._next = 0.0
        self._asking = threading.Lock()

    def unwell(self) -> frozenset[str]:
        """The addresses of those that were not well when they were last asked."""
        return self._unwell if time.monotonic() < self._known_until else frozenset()

    def well(self, instances: Sequence[Instance]) -> Sequence[Instance]:
        """Those of several instances that are well; all, if none is. Begins to ask them if it is time."""
        if len(instances) < 2:
            return instances
        if time.monotonic() >= self._next and self._asking.acquire(blocking=False):
            try:
                threading.Thread(target=self._round, args=(tuple(instances),), daemon=True).start()
            except RuntimeError:  # no more threads, or the interpreter is ending: what is known must do
                self._asking.release()
        unwell = self.unwell()
        return [one for one in instances if one.address not in unwell] or instances if unwell else instances

    def _round(self, instances: tuple[Instance, ...]) -> None:
        try:
            self._unwell = asyncio.run(self._asked([one.address for one in instances]))
        finally:
            now = time.monotonic()
            self._next = now + self.check.every
            self._known_until = now + 3 * self.check.every + self.check.patience
            self._asking.release()

    async def _asked(self, addresses: Sequence[str]) -> frozenset[str]:
        """The addresses of those that are not well."""
        import ssl

        import httpx

        asked = [one for one in dict.fromkeys(addresses) if one.startswith(("http://", "https://"))]
        secure = any(one.startswith("https:") for one in asked)
        tls = (self.check.tls or ssl.create_default_context()) if secure else False
        async with httpx.AsyncClient(verify=tls, headers=dict(self.check.headers)) as client:
            answers = await asyncio.gather(*(self._is_well(client, one) for one in asked))
        return frozenset(one for one, well in zip(asked, answers, strict=True) if not well)

    async def _is_well(self, client: httpx.AsyncClient, address: str) -> bool:
        import httpx

        url = urljoin(address, self.check.path)
        try:
            async with asyncio.timeout(self.check.patience), client.stream("GET", url) as answer:
                return answer.status_code < 500
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return False
