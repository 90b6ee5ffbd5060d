"""An answer whose status says that it did not work out: what it said, as an exception."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..failures import CallFailed

if TYPE_CHECKING:
    from .messages import Headers, Response

_SHOWN = 500
_LISTED = 3
_WHERE = ("at", "pointer", "parameter", "field", "name")
_WHAT = ("problem", "detail", "message", "reason", "title")


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem details (RFC 9457).

    `type` is about:blank where the answer has none; `more` holds other members.
    """

    type: str = "about:blank"
    title: str = ""
    status: int | None = None
    detail: str = ""
    instance: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


def problem_of(response: Response) -> Problem | None:
    """The problem details that an answer carries; None where it carries none that can be read.

    Members of a wrong type are passed over, as RFC 9457, section 3.1 asks.
    """
    if response.media_type != "application/problem+json":
        return None
    try:
        members = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict):
        return None
    status = members.get("status")
    texts = {
        name: members[name]
        for name in ("type", "title", "detail", "instance")
        if isinstance(members.get(name), str)
    }
    more = {
        name: value
        for name, value in members.items()
        if name not in ("type", "title", "detail", "instance", "status")
    }
    number = status if isinstance(status, int) and not isinstance(status, bool) else None
    return Problem(**texts, status=number, more=more)


class StatusError(CallFailed):
    """An error status. Generated code has a subclass per documented status.

    This one stands for undocumented ones.

    `status`, `headers` and `body` are the answer as it came, `problem` its problem details if it has any,
    and `value` the body as the contract describes it.
    """

    def __init__(self, response: Response, value: object = None) -> None:
        self.status = response.status
        self.headers: Headers = response.headers
        self.body = response.body
        self.problem = problem_of(response)
        self.value = value
        super().__init__(f"status {response.status}: {self._said()}")

    def _said(self) -> str:
        if self.problem is not None and (self.problem.title or self.problem.detail):
            said = ": ".join(part for part in (self.problem.title, self.problem.detail) if part)
            return _printable(f"{said}{_listed(self.problem.more.get('errors'))}")
        return _printable(self.body[: _SHOWN * 4].decode("utf-8", "replace")) or "no body"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text[: _SHOWN * 4])[:_SHOWN]


def _listed(errors: object) -> str:
    """The first of the errors that a problem lists (RFC 9457, 3): where something is wrong, and what."""
    if not isinstance(errors, list) or not errors:
        return ""
    found = []
    for one in errors[:_LISTED]:
        if isinstance(one, Mapping):
            texts = [str(one[name]) for name in (*_WHERE, *_WHAT) if one.get(name) is not None]
            found.append(": ".join(texts) or json.dumps(one, default=str))
        else:
            found.append(str(one))
    more = f" (and {len(errors) - _LISTED} more)" if len(errors) > _LISTED else ""
    return f" [{'; '.join(found)}{more}]"
