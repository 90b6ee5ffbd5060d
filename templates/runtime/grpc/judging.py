"""What the outcome of a gRPC call says about the dependency."""

from __future__ import annotations

from typing import Final

import grpc

from ..calls import Judgement
from ..failures import AttemptTimedOut, CallFailed
from .statuses import StatusError, UnavailableError

_AGAINST: Final = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.DATA_LOSS,
    }
)
_OURS: Final = "CLIENT: Received message larger than max"  # a limit of this side's
_NOTHING: Final = frozenset({grpc.StatusCode.CANCELLED})


def judge_grpc(outcome: object) -> Judgement:
    """The default judge: a status that blames the caller is an answer, others speak against the server."""
    if isinstance(outcome, StatusError):
        if outcome.code in _AGAINST:
            if _OURS in outcome.message:
                return Judgement.refusal()
            late = isinstance(outcome, AttemptTimedOut)  # the core repeats all others
            unsent = isinstance(outcome, UnavailableError) and outcome.unsent
            return Judgement.failure(unsent=unsent, final=not late)
        return Judgement.unknown() if outcome.code in _NOTHING else Judgement.refusal()
    if isinstance(outcome, CallFailed):
        return Judgement.failure()
    return Judgement.unknown() if isinstance(outcome, BaseException) else Judgement.success()
