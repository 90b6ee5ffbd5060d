"""Finds credentials in a request and has them verified by what the user supplies.

Knows no user and no token.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from .problems import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from .operations import Operation, Scheme


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential that came with a request, for one scheme, and the scopes that the operation needs of it.

    `kind`: `key`, `basic` (`user` is the name, `credential` the password), `bearer`, or `other` for schemes
    that show nothing in the request's text (mutual TLS).
    """

    scheme: str
    kind: str
    credential: str = field(repr=False)
    user: str = ""
    scopes: tuple[str, ...] = ()


class Verifier(Protocol):
    """Says who somebody is."""

    async def verify(self, presented: Presented, request: Request) -> object | None:
        """Whoever shows this credential, as the application knows them; None if it is not good.

        Raise `Failure(403)` if it is good and not enough.
        """
        ...


async def principal(operation: Operation, request: Request, verifier: Verifier | None) -> object:
    """Who makes the request; None if anybody may. Failure 401 if no alternative is satisfied."""
    if not operation.security:
        return None
    for alternative in sorted(operation.security, key=len, reverse=True):
        if not alternative:
            return None
        found = await _all(operation, alternative, request, verifier)
        if found is not None:
            return found
    raise Failure(
        401, "Credentials are missing or not good.", headers={"WWW-Authenticate": _challenge(operation)}
    )


async def _all(
    operation: Operation,
    alternative: Mapping[str, tuple[str, ...]],
    request: Request,
    verifier: Verifier | None,
) -> object | None:
    """What the verifier says to all schemes of an alternative: the last answer.

    None if one is not satisfied.
    """
    found: object | None = None
    for name, scopes in alternative.items():
        presented = _presented((operation.schemes or {}).get(name), name, scopes, request)
        if presented is None:
            return None
        if verifier is None:
            raise Failure(500, "This server was given nobody who verifies credentials.")
        found = await verifier.verify(presented, request)
        if found is None:
            return None
    return found


def _presented(
    scheme: Scheme | None, name: str, scopes: tuple[str, ...], request: Request
) -> Presented | None:
    if scheme is None:
        return Presented(name, "other", "", "", scopes)
    if scheme.kind == "key":
        places: dict[str, Mapping[str, str]] = {
            "header": request.headers,
            "query": request.query_params,
            "cookie": request.cookies,
        }
        value = places[scheme.place].get(scheme.key)
        if value is None or not value:
            return None
        return Presented(name, "key", unquote(value) if scheme.place == "cookie" else value, "", scopes)
    kind, _, credential = request.headers.get("authorization", "").partition(" ")
    wanted = "basic" if scheme.kind == "basic" else (scheme.key or "bearer").lower()
    if kind.lower() != wanted or not credential.strip():
        return None
    if scheme.kind == "bearer":
        return Presented(name, "bearer", credential.strip(), "", scopes)
    try:
        user, colon, password = base64.b64decode(credential, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return Presented(name, "basic", password, user, scopes) if colon else None


def _challenge(operation: Operation) -> str:
    """How to identify oneself (RFC 9110, section 11.6.1); keys have no scheme of their own there."""
    kinds = [
        {"basic": 'Basic realm="api", charset="UTF-8"', "bearer": scheme.key or "Bearer"}.get(
            scheme.kind, f'ApiKey name="{scheme.key}"'
        )
        for scheme in (operation.schemes or {}).values()
        if any(scheme.name in alternative for alternative in operation.security)
    ]
    return ", ".join(dict.fromkeys(kinds)) or "Bearer"
