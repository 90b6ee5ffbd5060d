"""What an HTTP answer, or a failure on the way to it, means for the layers of a call."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..calls import Judgement
from ..failures import AttemptTimedOut, ConnectionFailed, MalformedAnswer, NoInstances
from .errors import StatusError
from .messages import AsyncStreamedResponse, Response, StreamedResponse

_COUNTED = frozenset({408, 429})


def judge_http(outcome: object) -> Judgement:
    """What a value or an exception means.

    5xx, 408 and 429 are failures, but 501 and 505, which no repetition mends; other 4xx blame the caller.
    Whatever is no answer and no failure of ours says nothing.
    """
    if isinstance(outcome, (StatusError, Response, StreamedResponse, AsyncStreamedResponse)):
        return judge_status(outcome.status, outcome.headers.get("retry-after"))
    if isinstance(outcome, ConnectionFailed):
        return Judgement.failure(unsent=outcome.unsent)
    if isinstance(outcome, NoInstances):
        return Judgement.failure(unsent=True)
    if isinstance(outcome, (AttemptTimedOut, MalformedAnswer)):
        return Judgement.failure()
    if isinstance(outcome, BaseException):
        return Judgement.unknown()
    return Judgement.success()


def judge_status(status: int, retry_after: str | None = None) -> Judgement:
    """What a status means; `retry_after` is the header's value."""
    if status in _COUNTED or (status >= 500 and status not in (501, 505)):
        return Judgement.failure(seconds_after(retry_after))
    return Judgement.success() if status < 400 else Judgement.refusal()


def seconds_after(retry_after: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or a date (RFC 9110, section 10.2.3)."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
