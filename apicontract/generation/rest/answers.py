"""What an operation may answer: which statuses are results, which are errors, and how each body is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi import media_types
from apicontract.generation import names
from apicontract.generation.components import MOST
from apicontract.generation.models import annotation, union_of
from apicontract.generation.rest.plan import AnswerPlan, ErrorPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.openapi.model import Media, Operation, Response
    from apicontract.generation.schemas import Schemas

# RFC 9110 section 15 and the IANA registry; http.HTTPStatus has other names in other versions.
_PHRASES = {
    "300": "MultipleChoices", "301": "MovedPermanently", "302": "Found", "303": "SeeOther",
    "304": "NotModified",
    "305": "UseProxy", "307": "TemporaryRedirect", "308": "PermanentRedirect", "400": "BadRequest",
    "401": "Unauthorized", "402": "PaymentRequired", "403": "Forbidden", "404": "NotFound",
    "405": "MethodNotAllowed", "406": "NotAcceptable", "407": "ProxyAuthenticationRequired",
    "408": "RequestTimeout", "409": "Conflict", "410": "Gone", "411": "LengthRequired",
    "412": "PreconditionFailed", "413": "ContentTooLarge", "414": "UriTooLong", "415": "UnsupportedMediaType",
    "416": "RangeNotSatisfiable", "417": "ExpectationFailed", "418": "Teapot", "421": "MisdirectedRequest",
    "422": "UnprocessableContent", "423": "Locked", "424": "FailedDependency", "425": "TooEarly",
    "426": "UpgradeRequired", "428": "PreconditionRequired", "429": "TooManyRequests",
    "431": "RequestHeaderFieldsTooLarge", "451": "UnavailableForLegalReasons", "500": "InternalServerError",
    "501": "NotImplementedByServer", "502": "BadGateway", "503": "ServiceUnavailable",
    "504": "GatewayTimeout",
    "505": "HttpVersionNotSupported", "507": "InsufficientStorage", "508": "LoopDetected",
    "511": "NetworkAuthenticationRequired", "default": "DefaultError", "3XX": "Redirection",
    "4XX": "ClientError", "5XX": "ServerError",
}  # fmt: skip
_STREAMS = {
    "text/event-stream": "events", "application/jsonl": "lines", "application/x-ndjson": "lines",
    "application/x-jsonlines": "lines", "application/json-lines": "lines", "application/jsonlines": "lines",
    "application/json-seq": "lines", "application/stream+json": "lines",
}  # fmt: skip


class Errors:
    """Collects the exceptions of a contract: one per status, whose value is of any type documented for it."""

    def __init__(self) -> None:
        self._types: dict[str, dict[str, None]] = {}

    def of(self, status: str, type_: str) -> str:
        """The class for a status; `type_` is the type of a value it may have, or empty."""
        known = self._types.setdefault(status, {})
        if type_:
            known[type_] = None
        return class_of(status)

    def plans(self) -> tuple[ErrorPlan, ...]:
        """The exceptions, by status."""
        made = []
        for status, types in sorted(self._types.items()):
            text = union_of([*sorted(types), "None"]) if len(types) <= MOST else "Any"
            made.append(ErrorPlan(class_of(status), status, text))
        return tuple(made)


def class_of(status: str) -> str:
    """The name of the exception for a status: `NotFound`."""
    return _PHRASES.get(status, f"Status{names.pascal(status)}")


def answers_of(operation: Operation, schemas: Schemas, errors: Errors, hint: str) -> tuple[AnswerPlan, ...]:
    """Every documented answer. `default` is a result only where no status of success is documented."""
    good = [status for status in operation.responses if status.startswith("2")]
    if not good and "default" in operation.responses:
        good = ["default"]
    found: list[AnswerPlan] = []
    for status, response in operation.responses.items():
        if status.startswith("1"):
            continue
        name = hint + ("Response" if status in good and len(good) == 1 else names.pascal(status))
        for media, kind, type_ in _contents(operation, response, schemas, name):
            error = (
                ""
                if status in good
                else errors.of(status, type_ if kind in ("json", "text", "bytes") else "")
            )
            text = response.node.fields.get("description")
            found.append(AnswerPlan(status, media, kind, type_, error, text if isinstance(text, str) else ""))
    return tuple(found)


def _contents(
    operation: Operation, response: Response, schemas: Schemas, hint: str
) -> Iterator[tuple[str, str, str]]:
    if not response.content or operation.method == "HEAD" or response.status in ("204", "205", "304"):
        yield "", "none", "None"
        return
    for name, media in response.content.items():
        kind = _kind(name, media, schemas, hint)
        schema = media.item_schema if kind in ("events", "lines") and media.item_schema else media.schema
        type_ = {"text": "str", "bytes": "bytes", "events": "ServerEvent"}.get(kind, "Any")
        if kind in ("json", "lines") and schema is not None:
            type_ = annotation(schemas.convert(schema, hint, "out"))
        yield name, kind, type_


def _kind(name: str, media: Media, schemas: Schemas, hint: str) -> str:
    base = name.partition(";")[0]
    if base in _STREAMS:
        return _STREAMS[base]
    converted = schemas.convert(media.schema, hint, "out") if media.schema is not None else {}
    if annotation(converted) == "bytes":
        return "bytes"
    if media_types.is_json(name) or (
        name in (media_types.UNSPECIFIED, media_types.ANY) and media.schema is not None
    ):
        return "json"
    return "text" if base.startswith("text/") or media_types.is_xml(name) else "bytes"


def result_of(answers: tuple[AnswerPlan, ...]) -> str:
    """The type of what calling the operation gives; empty if all it has is streams."""
    types = [one.annotation for one in answers if not one.error and one.kind not in ("events", "lines")]
    if not types:
        return "" if any(not one.error for one in answers) else "None"
    return union_of(types)


def streams_of(answers: tuple[AnswerPlan, ...]) -> Mapping[str, str]:
    """The streams it offers: `events`, `lines` and `bytes`, with the type of what comes."""
    found: dict[str, str] = {}
    for one in answers:
        if not one.error and one.kind in ("events", "lines", "bytes"):
            found.setdefault(one.kind, one.annotation)
    return found
