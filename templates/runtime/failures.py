"""What can go wrong with a call before there is an answer of the operation's own.

    CallFailed
    ├── DeadlineExceeded      the whole call took too long
    ├── AttemptTimedOut       one attempt took too long
    ├── CircuitOpen           the dependency has failed too often; nothing was sent
    ├── BulkheadFull          too many calls are outstanding; nothing was sent
    ├── ConnectionFailed      no connection, or it broke
    ├── NoInstances           discovery knows nobody to ask
    └── MalformedAnswer       an answer came that is none by the contract

Error statuses are failures of the protocol's own module (`http.errors`). Knows no protocol and no policy.
"""

from __future__ import annotations


class CallFailed(Exception):
    """A call to a dependency gave no answer that can be used.

    `operation` and `dependency` are names and `attempts` counts what was really tried; all three are filled
    in by the dependency when it lets the failure through.
    """

    operation: str = ""
    dependency: str = ""
    attempts: int = 0

    def __str__(self) -> str:
        """The reason, and what was called."""
        reason = super().__str__()
        if not self.operation:
            return reason
        tries = "" if self.attempts < 2 else f" (after {self.attempts} attempts)"
        return f"{self.operation} of {self.dependency}: {reason}{tries}"


class DeadlineExceeded(CallFailed):
    """The call as a whole, with all its attempts and waits, took longer than it may."""


class AttemptTimedOut(CallFailed):
    """One attempt took longer than it may."""


class CircuitOpen(CallFailed):
    """The dependency failed too often of late; it is left alone for `retry_after` more seconds."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BulkheadFull(CallFailed):
    """As many calls as there may be, `limit`, are outstanding."""

    def __init__(self, reason: str, limit: int) -> None:
        super().__init__(reason)
        self.limit = limit


class ConnectionFailed(CallFailed):
    """No connection could be made, or it broke. `unsent`: nothing of the request reached the other side."""

    def __init__(self, reason: str, *, unsent: bool = False) -> None:
        super().__init__(reason)
        self.unsent = unsent


class NoInstances(CallFailed):
    """Discovery has no instance of the dependency to offer."""


class MalformedAnswer(CallFailed):
    """What came back cannot be read as the contract says."""
