"""From an answer to what it leads to: by the contract's links, and by links that the answer itself serves.

A link of the contract says where the values for another operation are: in what was asked and answered, by
runtime expressions (OpenAPI 3.1.1, 4.7.11). Sends nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..http.links import link_of
from ..http.messages import Response
from ..http.parameters import header_text
from ..values import plain

if TYPE_CHECKING:
    from ..http.links import Link
    from ..http.messages import Request
    from .operations import Operation

T = TypeVar("T")
_EXPRESSION = re.compile(r"\$(?:url$|method$|statusCode$|(?:request|response)\.(?:header|query|path|body))")
_EMBEDDED = re.compile(r"\{(\$[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Exchange(Generic[T]):
    """One call: what was asked, and what came. `response` is None where a fallback gave the result."""

    operation: Operation[T]
    values: Mapping[str, object]
    body: object
    request: Request
    result: T
    response: Response | None

    @property
    def answered(self) -> object:
        """The body of the answer as JSON has it; where it is none, or a fallback came, the result."""
        response = self.response
        if response is not None and response.body and response.media_type.endswith("json"):
            return json.loads(response.body)
        return plain(self.result)

    def value(self, expression: str) -> object:
        """What a runtime expression stands for. LookupError if there is nothing."""
        if expression == "$method":
            return self.operation.method
        if expression in ("$url", "$statusCode"):
            response = self._known(expression)
            return response.url if expression == "$url" else response.status
        source, _, rest = expression.partition(".")
        place, _, name = rest.partition(".")
        whole, _, pointer = rest.partition("#")
        if whole == "body":
            body = plain(self.body) if source == "$request" else self.answered
            return _pointed(body, pointer, expression)
        if source == "$request":
            return self._asked(place, name, expression)
        found = self._known(expression).headers.get(name) if place == "header" else None
        if found is None:
            raise _nothing(expression)
        return found

    def _known(self, expression: str) -> Response:
        if self.response is None:
            raise _nothing(expression)
        return self.response

    def _asked(self, place: str, name: str, expression: str) -> object:
        if place == "header":
            sent = [value for known, value in self.request.headers if known.lower() == name.lower()]
            if sent:
                return sent[0]
        for parameter in self.operation.parameters:
            value = self.values.get(parameter.python)
            if (parameter.place, parameter.name) == (place, name) and value is not None:
                return plain(value)
        raise _nothing(expression)


@dataclass(frozen=True, slots=True)
class LinkTo:
    """A link of the contract: which answers have it, and what it gives to the operation it leads to.

    statuses: codes, ranges, `default`. parameters: by Python name, constants or expressions; `body` the
    same, and None for none. required: the parameters among them without which there is no call.
    """

    name: str
    statuses: Sequence[str]
    parameters: Mapping[str, object] = field(default_factory=dict)
    body: object = None
    required: Sequence[str] = ()

    def given(
        self, exchange: Exchange[Any], others: Mapping[str, object], body: object = None
    ) -> tuple[dict[str, object], object]:
        """The values of the linked operation's parameters, and its body.

        others, body: what the caller gives. A value that is not there is not passed on (OpenAPI 3.1.1,
        4.8.20.3). LookupError where it must be, or where the answer has no such link.
        """
        if not self._belongs(exchange):
            said = f"{', '.join(self.statuses)}; this answer has {_status(exchange)}"
            raise LookupError(f"the link {self.name!r} belongs to answers of status {said}")
        values = dict(others)
        for name, source in self.parameters.items():
            try:
                values[name] = _resolved(source, exchange)
            except LookupError as error:
                if name in self.required:
                    raise self._broken(error) from None
        if self.body is None:
            return values, body
        try:
            return values, _resolved(self.body, exchange)
        except LookupError as error:
            raise self._broken(error) from None

    def offered(self, exchange: Exchange[Any]) -> bool:
        """Whether the answer has this link, with all that it needs."""
        try:
            self.given(exchange, {})
        except LookupError:
            return False
        return True

    def _broken(self, error: LookupError) -> LookupError:
        return LookupError(f"the link {self.name!r} cannot be followed: {error}")

    def _belongs(self, exchange: Exchange[Any]) -> bool:
        if exchange.response is None:
            return True  # a fallback stands in for whichever answer would have come
        answer = exchange.operation.answer(exchange.response.status, exchange.response.media_type)
        return answer is not None and answer.status in self.statuses


def _status(exchange: Exchange[Any]) -> str:
    return str(exchange.response.status) if exchange.response is not None else "none"


def _resolved(source: object, exchange: Exchange[Any]) -> object:
    """What a constant, an expression, or a text with expressions in braces comes to. LookupError."""
    if isinstance(source, str):
        if _EXPRESSION.match(source):
            return exchange.value(source)
        return _EMBEDDED.sub(lambda found: header_text(exchange.value(found[1])), source)
    if isinstance(source, Mapping):
        return {name: _resolved(value, exchange) for name, value in source.items()}
    if isinstance(source, list):
        return [_resolved(value, exchange) for value in source]
    return source


def _pointed(value: object, pointer: str, expression: str) -> object:
    """What a JSON pointer (RFC 6901) leads to."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise _nothing(expression)
    if value is None:
        raise _nothing(expression)
    return value


def _nothing(expression: str) -> LookupError:
    return LookupError(f"there is nothing at {expression}")


def link_in(resource: object, relation: str) -> tuple[Link, str]:
    """The link of a relation in a model, a JSON value, an answer, or a result with links; where it stood.

    LookupError, with the relations that there are, if there is none.
    """
    held = getattr(resource, "exchange", resource)
    answer = held.response if isinstance(held, Exchange) else held
    if isinstance(answer, Response):
        body = json.loads(answer.body) if answer.media_type.endswith("json") and answer.body else None
        return link_of(relation, body, answer.headers), answer.url
    return link_of(relation, plain(held.result if isinstance(held, Exchange) else resource)), ""


def operation_of(method: Callable[..., Any]) -> Operation[Any]:
    """The operation of a client's method, such as `client.orders.get_order`. TypeError for anything else."""
    table: Mapping[str, Callable[[], Operation[Any]]] = getattr(
        type(getattr(method, "__self__", None)), "operations_by_name", {}
    )
    made = table.get(getattr(method, "__name__", ""))
    if made is None:
        raise TypeError(f"{method!r} is no method of a client that is an operation")
    return made()
