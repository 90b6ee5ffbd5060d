"""Remembers what a request with an idempotency key was answered, so that its repetition gets the same answer.

As draft-ietf-httpapi-idempotency-key-header says: the same key with another request is refused with 422, a
repetition while the first is under way with 409. Kept in any database that SQLAlchemy knows. Errors of the
server are not kept.
"""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import anyio.to_thread
from sqlalchemy import (
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import StaticPool

from .problems import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine

_TABLE = Table(
    "idempotency_keys",
    MetaData(),
    Column("digest", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("begun", Float, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class IdempotencyStore:
    """Answers by key, for `lasts` seconds.

    A request that never ended is forgotten after `pending` seconds.
    """

    def __init__(
        self, url: str = "sqlite:///idempotency.db", *, lasts: float = 86_400.0, pending: float = 300.0
    ) -> None:
        self._lasts = lasts
        self._pending = pending
        self._engine = _engine(url)
        self._made = False
        # SQLite has one writer at a time; in memory all threads have one connection, and who fails would undo
        # what others have begun.
        self._turn = Lock() if self._engine.dialect.name == "sqlite" else nullcontext()

    async def begin(self, key: str, scope: str, request: bytes) -> tuple[str, Kept | None]:
        """Takes a key for a request; gives its digest, and the answer if there is one already.

        scope: what keys are told apart by: operation and principal. Failure 409 or 422 if it may not be
        taken.
        """
        digest = hashlib.sha256(f"{scope}\0{key}".encode()).hexdigest()
        fingerprint = hashlib.sha256(request).hexdigest()
        return digest, await anyio.to_thread.run_sync(self._in_turn, self._begin, digest, fingerprint)

    async def end(self, digest: str, answer: Kept | None) -> None:
        """The request is answered; without an answer the key is free again."""
        await anyio.to_thread.run_sync(self._in_turn, self._end, digest, answer)

    def close(self) -> None:
        """Closes connections."""
        self._engine.dispose()

    def _in_turn(self, act: Callable[..., Kept | None], *given: object) -> Kept | None:
        with self._turn:
            return act(*given)

    def _begin(self, digest: str, fingerprint: str) -> Kept | None:
        if not self._made:
            _TABLE.metadata.create_all(self._engine)
            self._made = True
        now = time.time()
        with self._engine.begin() as connection:
            old = (_TABLE.c.begun < now - self._lasts) | (
                _TABLE.c.status.is_(None) & (_TABLE.c.begun < now - self._pending)
            )
            connection.execute(delete(_TABLE).where(old))
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_TABLE).values(digest=digest, request=fingerprint, begun=now))
        except IntegrityError:
            return self._known(digest, fingerprint)
        return None

    def _known(self, digest: str, fingerprint: str) -> Kept:
        with self._engine.begin() as connection:
            row = connection.execute(select(_TABLE).where(_TABLE.c.digest == digest)).one_or_none()
        if row is not None and row.request != fingerprint:
            raise Failure(422, "This idempotency key was used for another request.")
        if row is None or row.status is None:
            raise Failure(
                409, "A request with this idempotency key is under way.", headers={"Retry-After": "1"}
            )
        return Kept(row.status, json.loads(row.headers), row.body)

    def _end(self, digest: str, answer: Kept | None) -> None:
        with self._engine.begin() as connection:
            if answer is None:
                connection.execute(delete(_TABLE).where(_TABLE.c.digest == digest))
            else:
                kept = {
                    "status": answer.status,
                    "headers": json.dumps(dict(answer.headers)),
                    "body": answer.body,
                }
                connection.execute(update(_TABLE).where(_TABLE.c.digest == digest).values(**kept))


def _engine(url: str) -> Engine:
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url)
