"""Keeps a process registered while it runs: register, a heartbeat, deregister. Knows no registry.

A registry that is down does not keep a server from starting, nor does one that forgot it: it is told again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from ..failures import CallFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_log = logging.getLogger("apicontract.discovery")


class Registration(Protocol):
    """This process in a registry, for `ttl` seconds from each heartbeat."""

    @property
    def ttl(self) -> float:
        """Seconds that a heartbeat lasts."""
        ...

    async def register(self) -> None:
        """Tells the registry."""
        ...

    async def beat(self) -> bool:
        """One heartbeat; false if the registry does not know this process any more."""
        ...

    async def deregister(self) -> None:
        """Takes this process out."""
        ...


@asynccontextmanager
async def registered(registration: Registration) -> AsyncIterator[None]:
    """Registered inside, and taken out at the end.

    For `create_app(..., around=[lambda: registered(...)])`.
    """
    known = await _told(registration)
    beating = asyncio.create_task(_beating(registration, known=known))
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
        try:
            await registration.deregister()
        except CallFailed as failure:
            _log.warning("not deregistered, it will be forgotten in time: %s", failure)


async def _told(registration: Registration) -> bool:
    try:
        await registration.register()
    except CallFailed as failure:
        _log.warning("not registered yet: %s", failure)
        return False
    return True


async def _beating(registration: Registration, *, known: bool) -> None:
    """Three heartbeats within the time that one lasts."""
    while True:
        await asyncio.sleep(registration.ttl / 3)
        try:
            known = known and await registration.beat()
        except CallFailed as failure:
            _log.warning("no heartbeat: %s", failure)
            continue
        if not known:
            known = await _told(registration)
