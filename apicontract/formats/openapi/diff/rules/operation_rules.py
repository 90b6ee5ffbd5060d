"""The rules about operations and everything of them that is no schema: one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Example, Level, Rule, Surface
from apicontract.formats.openapi.diff.rules.documents import operation, webhook
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIRE = (Surface.WIRE,)
LOST = (Surface.BEHAVIOUR,)
CODE = (Surface.SOURCE,)
_MAJOR_ADVICE = "Make the change under a new major version, and serve the old one until its sunset."
_LOSS_ADVICE = (
    "Deprecate it first, with an `x-sunset` date, and remove it after that date or with a new major version."
)
_SAFE = "Nothing to do."
_OK = "responses: {'204': {description: done}}"


@dataclass(frozen=True, slots=True)
class Row:
    """A rule and its example; `surfaces` empty means that it breaks nothing and `level` says what it is."""

    id: str
    title: str
    why: str
    old: str
    new: str
    surfaces: tuple[Surface, ...] = ()
    level: Level = Level.MINOR
    advice: str = ""
    wrap: Callable[[str], str] = operation


def rule(row: Row) -> Rule:
    """The rule that a row stands for."""
    head = row.id.split("-", 1)[0]
    direction = (
        Direction(head)
        if head in ("request", "response") and "documentation" not in row.id
        else Direction.NONE
    )
    level = row.level
    if row.surfaces:
        level = Level.PATCH if row.surfaces == CODE else Level.MAJOR
    advice = row.advice or (
        _LOSS_ADVICE if row.surfaces == LOST else _MAJOR_ADVICE if row.surfaces else _SAFE
    )
    return Rule(
        row.id,
        row.title,
        row.why,
        advice,
        level,
        row.surfaces,
        direction,
        Example(row.wrap(row.old), row.wrap(row.new)),
    )


def _query(extra: str = "", schema: str = "{type: integer}") -> str:
    return f"parameters: [{{name: q, in: query, schema: {schema}{extra}}}], {_OK}"


def _header(extra: str = "", schema: str = "{type: string}") -> str:
    return f"parameters: [{{name: X-Event, in: header, schema: {schema}{extra}}}], {_OK}"


def _body(extra: str = "", media: str = "application/json: {schema: {type: object}}") -> str:
    return f"requestBody: {{content: {{{media}}}{extra}}}, {_OK}"


def _answer(inner: str) -> str:
    return f"responses: {{'200': {{description: found, {inner}}}}}"


_TEXT = "{type: string}"
_LIST = "{type: array, items: {type: string}}"
_FORM = "multipart/form-data: {schema: {type: object, properties: {f: {type: string}}}, encoding: {f: {%s}}}"
_URLENCODED = (
    "application/x-www-form-urlencoded: {schema: {type: object, properties: {f: {type: array, items: {type: string}}}}, "
    "encoding: {f: {%s}}}"
)
_PNG, _BOTH = "contentType: image/png", "contentType: 'image/png, image/gif'"
_REFUSED = "A request that was valid under the old contract is refused or misread under the new one."
_HEARD = "Clients still send it and are no longer heard."
_MORE = "Every request that was valid still is."
_READ = "The server sends what a client of the old contract is not prepared for."
_LESS = "The server sends less than it might have before; no client fails by that."
_GONE = "Clients that rely on it find nothing any more."
_PEOPLE = "Only people read it."

_PARAMETERS = (
    Row(
        "request-required-parameter-added",
        "A required parameter was added.",
        _REFUSED,
        _OK,
        _query(", required: true"),
        WIRE,
        advice="Make it optional, with a default that keeps the old behaviour.",
    ),
    Row("request-optional-parameter-added", "An optional parameter was added.", _MORE, _OK, _query()),
    Row("request-parameter-removed", "A parameter is gone.", _HEARD, _query(), _OK, LOST),
    Row(
        "request-parameter-became-required",
        "A parameter is required now.",
        _REFUSED,
        _query(),
        _query(", required: true"),
        WIRE,
    ),
    Row(
        "request-parameter-became-optional",
        "A parameter is optional now.",
        _MORE,
        _query(", required: true"),
        _query(),
    ),
    Row(
        "request-parameter-moved",
        "A parameter moved to another part of the request.",
        _HEARD,
        _query(),
        _query().replace("in: query", "in: header"),
        LOST,
    ),
    Row(
        "request-parameter-serialisation-changed",
        "A parameter is written in another way in the request.",
        _REFUSED,
        _query("", _LIST),
        _query(", style: pipeDelimited, explode: false", _LIST),
        WIRE,
    ),
    Row(
        "request-reserved-characters-refused",
        "Reserved characters must be escaped now.",
        _REFUSED,
        _query(", allowReserved: true", _TEXT),
        _query("", _TEXT),
        WIRE,
    ),
    Row(
        "request-reserved-characters-allowed",
        "Reserved characters need not be escaped any more.",
        _MORE,
        _query("", _TEXT),
        _query(", allowReserved: true", _TEXT),
    ),
    Row(
        "request-empty-value-refused",
        "The parameter may not be empty any more.",
        _REFUSED,
        _query(", allowEmptyValue: true"),
        _query(),
        WIRE,
    ),
    Row(
        "request-empty-value-allowed",
        "The parameter may be empty now.",
        _MORE,
        _query(),
        _query(", allowEmptyValue: true"),
    ),
    Row(
        "response-required-parameter-added",
        "A required parameter was added to a message that the server sends.",
        _MORE,
        _OK,
        _header(", required: true"),
        wrap=webhook,
    ),
    Row(
        "response-optional-parameter-added",
        "An optional parameter was added to a message that the server sends.",
        _MORE,
        _OK,
        _header(),
        wrap=webhook,
    ),
    Row(
        "response-parameter-removed",
        "A message that the server sends lost a parameter.",
        _GONE,
        _header(),
        _OK,
        LOST,
        wrap=webhook,
    ),
    Row(
        "response-parameter-became-required",
        "A parameter that the server sends is always there now.",
        _LESS,
        _header(),
        _header(", required: true"),
        wrap=webhook,
    ),
    Row(
        "response-parameter-became-optional",
        "A parameter that the server sends may be missing now.",
        _READ,
        _header(", required: true"),
        _header(),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "response-parameter-moved",
        "A parameter that the server sends moved to another part of the message.",
        _GONE,
        _header(),
        _header().replace("in: header", "in: query"),
        LOST,
        wrap=webhook,
    ),
    Row(
        "response-parameter-serialisation-changed",
        "A parameter that the server sends is written in another way.",
        _READ,
        _query("", _LIST),
        _query(", style: pipeDelimited, explode: false", _LIST),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "response-reserved-characters-refused",
        "The server escapes reserved characters now.",
        _LESS,
        _query(", allowReserved: true", _TEXT),
        _query("", _TEXT),
        wrap=webhook,
    ),
    Row(
        "response-reserved-characters-allowed",
        "The server may leave reserved characters as they are.",
        _READ,
        _query("", _TEXT),
        _query(", allowReserved: true", _TEXT),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "response-empty-value-refused",
        "The server sends the parameter with a value now.",
        _LESS,
        _query(", allowEmptyValue: true"),
        _query(),
        wrap=webhook,
    ),
    Row(
        "response-empty-value-allowed",
        "The server may send the parameter empty.",
        _READ,
        _query(),
        _query(", allowEmptyValue: true"),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "parameter-renamed",
        "A parameter whose name does not travel has another name.",
        "Generated code has the old name.",
        operation(_OK),
        operation(_OK).replace("id", "thing"),
        CODE,
        wrap=str,
    ),
    Row(
        "parameter-documentation-changed",
        "The prose of a parameter changed.",
        _PEOPLE,
        _query(),
        _query(", description: words"),
        level=Level.PATCH,
    ),
)

_BODIES = (
    Row(
        "request-required-body-added",
        "A required request body was added.",
        _REFUSED,
        _OK,
        _body(", required: true"),
        WIRE,
    ),
    Row("request-optional-body-added", "An optional request body was added.", _MORE, _OK, _body()),
    Row("request-body-dropped", "The request body is gone.", _HEARD, _body(), _OK, LOST),
    Row(
        "request-body-became-required",
        "The request body is required now.",
        _REFUSED,
        _body(),
        _body(", required: true"),
        WIRE,
    ),
    Row(
        "request-body-became-optional",
        "The request body is optional now.",
        _MORE,
        _body(", required: true"),
        _body(),
    ),
    Row(
        "response-required-body-added",
        "A message that the server sends has a body now.",
        _MORE,
        _OK,
        _body(", required: true"),
        wrap=webhook,
    ),
    Row(
        "response-optional-body-added",
        "A message that the server sends may have a body now.",
        _MORE,
        _OK,
        _body(),
        wrap=webhook,
    ),
    Row(
        "response-body-dropped",
        "A message that the server sends has no body any more.",
        _GONE,
        _body(),
        _OK,
        LOST,
        wrap=webhook,
    ),
    Row(
        "response-body-became-required",
        "A message that the server sends always has its body now.",
        _LESS,
        _body(),
        _body(", required: true"),
        wrap=webhook,
    ),
    Row(
        "response-body-became-optional",
        "A message that the server sends may come without its body.",
        _READ,
        _body(", required: true"),
        _body(),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "body-documentation-changed",
        "The prose of a request body changed.",
        _PEOPLE,
        _body(),
        _body(", description: words"),
        level=Level.PATCH,
    ),
    Row(
        "request-media-type-removed",
        "A media type is not accepted any more.",
        _REFUSED,
        _body("", "application/json: {}, text/csv: {}"),
        _body("", "application/json: {}"),
        WIRE,
    ),
    Row(
        "request-media-type-added",
        "A further media type is accepted.",
        _MORE,
        _body("", "application/json: {}"),
        _body("", "application/json: {}, text/csv: {}"),
    ),
    Row(
        "response-media-type-removed",
        "A media type can no longer be had.",
        _GONE,
        _answer("content: {application/json: {}, text/csv: {}}"),
        _answer("content: {application/json: {}}"),
        LOST,
    ),
    Row(
        "response-media-type-added",
        "A further media type can be had.",
        "A client gets it only if it asks for it.",
        _answer("content: {application/json: {}}"),
        _answer("content: {application/json: {}, text/csv: {}}"),
    ),
    Row(
        "media-type-documentation-changed",
        "Examples of a media type changed.",
        _PEOPLE,
        _answer("content: {application/json: {}}"),
        _answer("content: {application/json: {example: 1}}"),
        level=Level.PATCH,
    ),
    Row(
        "request-encoding-content-type-changed",
        "A part of the form may have other content types.",
        _REFUSED,
        _body("", _FORM % _BOTH),
        _body("", _FORM % _PNG),
        WIRE,
    ),
    Row(
        "response-encoding-content-type-changed",
        "A part of a form that the server sends may have other content types.",
        _READ,
        _body("", _FORM % _PNG),
        _body("", _FORM % _BOTH),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "request-encoding-serialisation-changed",
        "A field of the form is written in another way.",
        _REFUSED,
        _body("", _URLENCODED % "explode: true"),
        _body("", _URLENCODED % "explode: false"),
        WIRE,
    ),
    Row(
        "response-encoding-serialisation-changed",
        "A field of a form that the server sends is written in another way.",
        _READ,
        _body("", _URLENCODED % "explode: true"),
        _body("", _URLENCODED % "explode: false"),
        WIRE,
        wrap=webhook,
    ),
    Row(
        "request-xml-form-changed",
        "Elements of an XML body have other names or places.",
        _REFUSED,
        _body("", "application/xml: {schema: {type: object, xml: {name: a}}}"),
        _body("", "application/xml: {schema: {type: object, xml: {name: b}}}"),
        WIRE,
    ),
    Row(
        "response-xml-form-changed",
        "Elements of an XML answer have other names or places.",
        _READ,
        _answer("content: {application/xml: {schema: {type: object, xml: {name: a}}}}"),
        _answer("content: {application/xml: {schema: {type: object, xml: {name: b}}}}"),
        WIRE,
    ),
)

_PART = "multipart/form-data: {schema: {type: object, properties: {f: {type: string}}}, encoding: {f: {headers: {%s}}}}"
_X = "X-A: {schema: {type: string}}"
_XR = "X-A: {required: true, schema: {type: string}}"
_XE = "X-A: {explode: true, schema: {type: object}}"
_XO = "X-A: {schema: {type: object}}"
_XC = "X-A: {content: {text/plain: {}}}"

_HEADERS = (
    Row(
        "response-header-removed",
        "A response header is gone.",
        _GONE,
        _answer(f"headers: {{{_XR}}}"),
        _answer("headers: {}"),
        (Surface.WIRE, Surface.BEHAVIOUR),
        advice=_LOSS_ADVICE,
    ),
    Row(
        "response-header-added",
        "A response header was added.",
        "Clients pass over headers that they do not know.",
        _answer("headers: {}"),
        _answer(f"headers: {{{_X}}}"),
    ),
    Row(
        "response-header-became-optional",
        "A response header may be missing now.",
        _READ,
        _answer(f"headers: {{{_XR}}}"),
        _answer(f"headers: {{{_X}}}"),
        WIRE,
    ),
    Row(
        "response-header-became-required",
        "A response header is always there now.",
        _LESS,
        _answer(f"headers: {{{_X}}}"),
        _answer(f"headers: {{{_XR}}}"),
    ),
    Row(
        "response-header-serialisation-changed",
        "A response header is written in another way.",
        _READ,
        _answer(f"headers: {{{_XO}}}"),
        _answer(f"headers: {{{_XE}}}"),
        WIRE,
    ),
    Row(
        "request-header-removed",
        "A header of a part of the form is gone.",
        _MORE,
        _body("", _PART % _X),
        _body("", _PART % ""),
    ),
    Row(
        "request-header-added",
        "A part of the form must have a further header.",
        _REFUSED,
        _body("", _PART % ""),
        _body("", _PART % _XR),
        WIRE,
    ),
    Row(
        "request-header-became-required",
        "A header of a part of the form is required now.",
        _REFUSED,
        _body("", _PART % _X),
        _body("", _PART % _XR),
        WIRE,
    ),
    Row(
        "request-header-became-optional",
        "A header of a part of the form is optional now.",
        _MORE,
        _body("", _PART % _XR),
        _body("", _PART % _X),
    ),
    Row(
        "request-header-serialisation-changed",
        "A header of a part of the form is written in another way.",
        _REFUSED,
        _body("", _PART % _X),
        _body("", _PART % _XC),
        WIRE,
    ),
    Row(
        "header-documentation-changed",
        "The prose of a header changed.",
        _PEOPLE,
        _answer(f"headers: {{{_X}}}"),
        _answer("headers: {X-A: {description: words, schema: {type: string}}}"),
        level=Level.PATCH,
    ),
)

_J = "{description: x, content: {application/json: {}}}"
_RESPONSES = (
    Row(
        "response-status-added",
        "A further status may come.",
        "Clients are to treat a status they do not know by its class.",
        f"responses: {{'200': {_J}}}",
        f"responses: {{'200': {_J}, '404': {_J}}}",
    ),
    Row(
        "response-status-range-opened",
        "Any success status may come where single ones were promised.",
        _READ,
        f"responses: {{'200': {_J}}}",
        f"responses: {{2XX: {_J}}}",
        WIRE,
    ),
    Row(
        "response-success-status-removed",
        "A success status is gone.",
        _GONE,
        f"responses: {{'200': {_J}, '404': {_J}}}",
        f"responses: {{'404': {_J}}}",
        LOST,
    ),
    Row(
        "response-status-removed",
        "An error status is gone.",
        _LESS,
        f"responses: {{'200': {_J}, '404': {_J}}}",
        f"responses: {{'200': {_J}}}",
    ),
    Row(
        "request-status-added",
        "The server understands a further status of the receiver's answer.",
        _MORE,
        f"responses: {{'200': {_J}}}",
        f"responses: {{'200': {_J}, '410': {_J}}}",
        wrap=webhook,
    ),
    Row(
        "request-success-status-removed",
        "The server does not understand a success status of the receiver's answer any more.",
        _REFUSED,
        f"responses: {{'200': {_J}, '202': {_J}}}",
        f"responses: {{'200': {_J}}}",
        WIRE,
        wrap=webhook,
    ),
    Row(
        "request-status-removed",
        "The server does not understand a status of the receiver's answer any more.",
        _REFUSED,
        f"responses: {{'200': {_J}, '410': {_J}}}",
        f"responses: {{'200': {_J}}}",
        WIRE,
        wrap=webhook,
    ),
    Row(
        "response-body-removed",
        "A response has no body any more.",
        _GONE,
        _answer("content: {application/json: {}}"),
        _answer("summary: x"),
        LOST,
    ),
    Row(
        "response-body-added",
        "A response has a body now.",
        "Clients that expected none pass over it.",
        _answer("summary: x"),
        _answer("content: {application/json: {}}"),
    ),
    Row(
        "request-body-added",
        "The receiver of an event may answer with a body.",
        _MORE,
        _answer("summary: x"),
        _answer("content: {application/json: {}}"),
        wrap=webhook,
    ),
    Row(
        "response-documentation-changed",
        "The prose of a response changed.",
        _PEOPLE,
        "responses: {'204': {description: done}}",
        "responses: {'204': {description: finished}}",
        level=Level.PATCH,
    ),
    Row(
        "link-added",
        "A link was added.",
        _MORE,
        _answer("links: {}"),
        _answer("links: {self: {operationId: a}}"),
    ),
    Row(
        "link-removed",
        "A link is gone.",
        "Clients that follow it must know the way themselves.",
        _answer("links: {self: {operationId: a}}"),
        _answer("links: {}"),
    ),
    Row(
        "link-changed",
        "A link leads elsewhere.",
        "Clients that follow it get elsewhere.",
        _answer("links: {self: {operationId: a}}"),
        _answer("links: {self: {operationId: b}}"),
    ),
)

ROWS = (*_PARAMETERS, *_BODIES, *_HEADERS, *_RESPONSES)


def operation_rules() -> Iterator[Rule]:
    """Every rule about the messages of an operation."""
    yield from map(rule, ROWS)
