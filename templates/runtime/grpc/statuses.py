"""The statuses of gRPC as exceptions: raised by a handler, and by a client that was answered with one.

The same class stands for the same status on both sides, so that a handler may let one of its own clients'
errors through. Details are messages of google.rpc (`ErrorInfo`, `BadRequest`, `RetryInfo`, ...), carried as
the gRPC richer error model has them. Source: grpc/doc/statuscodes.md; google/rpc/status.proto.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import grpc
from google.protobuf import any_pb2

from ..failures import AttemptTimedOut, CallFailed, ConnectionFailed
from ..shared import is_failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from google.protobuf.message import Message

DETAILS = "grpc-status-details-bin"
"""The metadata that carries a google.rpc.Status with its details."""


LARGEST = 7 * 1024
"""Bytes of details that are sent: more than 8 KB of metadata are refused by most clients."""
_LOG = logging.getLogger("apicontract.generated")


class StatusError(CallFailed):
    """A call ended with a status other than OK.

    `message` is what the server says, `details` are messages it adds, `metadata` is what came with it.
    """

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.UNKNOWN

    def __init__(
        self,
        message: str = "",
        *,
        details: Sequence[Message] = (),
        metadata: Mapping[str, str | bytes] | None = None,
    ) -> None:
        CallFailed.__init__(self, f"{self.code.name}: {message}" if message else self.code.name)
        self.message = message
        self.details = tuple(details)
        self.metadata = dict(metadata or {})


class CancelledError(StatusError):
    """The call was cancelled, usually by the caller."""

    code = grpc.StatusCode.CANCELLED


class UnknownError(StatusError):
    """The server failed and says no more; also a status that is not known here."""


class InvalidArgumentError(StatusError):
    """The request is wrong, whatever the state of the system."""

    code = grpc.StatusCode.INVALID_ARGUMENT


class DeadlineExceededError(StatusError, AttemptTimedOut):
    """The call took longer than it may."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED


class NotFoundError(StatusError):
    """What was asked for is not there."""

    code = grpc.StatusCode.NOT_FOUND


class AlreadyExistsError(StatusError):
    """What was to be created is there already."""

    code = grpc.StatusCode.ALREADY_EXISTS


class PermissionDeniedError(StatusError):
    """The caller is known and may not do this."""

    code = grpc.StatusCode.PERMISSION_DENIED


class ResourceExhaustedError(StatusError):
    """A quota is used up, or the server has as many calls as it takes."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class FailedPreconditionError(StatusError):
    """The system is not in the state that the call needs; repeating it does not help until that is mended."""

    code = grpc.StatusCode.FAILED_PRECONDITION


class AbortedError(StatusError):
    """Another call was in the way; the whole sequence may be begun again."""

    code = grpc.StatusCode.ABORTED


class OutOfRangeError(StatusError):
    """Beyond the end, for instance of a list that is being read."""

    code = grpc.StatusCode.OUT_OF_RANGE


class UnimplementedError(StatusError):
    """The server does not offer this method."""

    code = grpc.StatusCode.UNIMPLEMENTED


class InternalError(StatusError):
    """The server failed by a mistake of its own."""

    code = grpc.StatusCode.INTERNAL


class UnavailableError(StatusError, ConnectionFailed):
    """The server cannot be reached, or takes no calls at present."""

    code = grpc.StatusCode.UNAVAILABLE
    unsent = False


class DataLossError(StatusError):
    """Data is lost or damaged beyond repair."""

    code = grpc.StatusCode.DATA_LOSS


class UnauthenticatedError(StatusError):
    """The caller is not known."""

    code = grpc.StatusCode.UNAUTHENTICATED


_CLASSES: dict[grpc.StatusCode, type[StatusError]] = {
    one.code: one
    for one in (
        CancelledError,
        UnknownError,
        InvalidArgumentError,
        DeadlineExceededError,
        NotFoundError,
        AlreadyExistsError,
        PermissionDeniedError,
        ResourceExhaustedError,
        FailedPreconditionError,
        AbortedError,
        OutOfRangeError,
        UnimplementedError,
        InternalError,
        UnavailableError,
        DataLossError,
        UnauthenticatedError,
    )
}


def status_error(
    code: grpc.StatusCode, message: str, metadata: Sequence[tuple[str, str | bytes]] = ()
) -> StatusError:
    """The exception for a status that a client received; details that cannot be read are left out."""
    found = dict(metadata)
    raw = found.get(DETAILS)
    details = _unpacked(raw) if isinstance(raw, bytes) else ()
    return _CLASSES.get(code, UnknownError)(message, details=details, metadata=found)


def of_rpc_error(error: grpc.RpcError) -> StatusError:
    """The exception for what grpc's own client raises."""
    trailing: Any = (
        error.trailing_metadata()
    )  # of two kinds, one for code that waits and one for code that awaits
    metadata = [(str(key), value) for key, value in trailing or ()]
    return status_error(error.code(), error.details() or "", metadata)


def of_another_package(error: BaseException) -> StatusError | None:
    """The status that a client of another generated package raised, as one of ours; None if it is none."""
    code = getattr(error, "code", None)
    if not isinstance(code, grpc.StatusCode) or not is_failure(error, "CallFailed"):
        return None
    message, details = getattr(error, "message", ""), getattr(error, "details", ())
    return _CLASSES.get(code, UnknownError)(str(message), details=tuple(details))


def packed(error: StatusError) -> tuple[tuple[str, str | bytes], ...]:
    """The trailing metadata by which a server sends the details of an error; empty if it has none."""
    further = tuple((key, value) for key, value in error.metadata.items() if not key.startswith("grpc-"))
    if not error.details:
        return further
    from google.rpc import status_pb2  # type: ignore[import-untyped, unused-ignore]

    status = status_pb2.Status(code=error.code.value[0], message=error.message)
    for detail in error.details:
        one = any_pb2.Any()
        one.Pack(detail)
        status.details.append(one)
    written = status.SerializeToString()
    if len(written) > LARGEST:
        _LOG.warning(
            "the details of an error have %s bytes, and are left out: no client would read them", len(written)
        )
        return further
    return (*further, (DETAILS, written))


def _unpacked(raw: bytes) -> tuple[Message, ...]:
    from google.protobuf import descriptor_pool, message_factory
    from google.protobuf.message import DecodeError
    from google.rpc import status_pb2  # type: ignore[import-untyped, unused-ignore]

    import_module("google.rpc.error_details_pb2")  # makes its messages known to the pool
    try:
        status = status_pb2.Status.FromString(raw)
    except DecodeError:
        return ()
    found: list[Message] = []
    for one in status.details:
        name = one.type_url.rpartition("/")[2]
        try:
            kind = message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(name))
            found.append(kind.FromString(one.value))
        except (KeyError, DecodeError):
            found.append(one)
    return tuple(found)
