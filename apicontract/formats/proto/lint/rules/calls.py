"""Rules on calls whatever they do: the names of their messages, messages of their own, streams.

Source: the rules of buf's category STANDARD and UNARY_RPC; AIP-131 to 136.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.elements import Enum, Method
from apicontract.formats.proto.lint import cases
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.validate.rules.texts import orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.formats.proto.lint.facts import Facts

EMPTY = "google.protobuf.Empty"
_MADE_FOR_CALLS = "Make a message for this call alone, even an empty one: it is what the call can grow by."


def _named(
    word: str, kind: Callable[[Method], str], part: str
) -> Callable[[Method, Facts], Iterator[Problem]]:
    """A check that a message of a call is named after the call, or after service and call."""

    def check(method: Method, facts: Facts) -> Iterator[Problem]:
        full = kind(method)
        short = full.rpartition(".")[2]
        usual = f"{method.name}{word}"
        pascal = f"{cases.pascal(method.name)}{word}"  # as buf asks for, however the call is written
        if short in (usual, f"{method.service.name}{usual}", pascal, f"{method.service.name}{pascal}"):
            return
        if full == EMPTY and facts.settings.empty_messages:
            return
        yield Problem(method.at(part), f"`{method.name}` uses `{full}`, which is not called `{pascal}`")

    return check


def _unique(method: Method, facts: Facts) -> Iterator[Problem]:
    for full in dict.fromkeys((method.request_type, method.response_type)):
        if full == EMPTY and facts.settings.empty_messages:
            continue
        using = facts.calls_by_message[full]
        if len(using) > 1:
            other = next((other for other in using if other is not method), None)
            also = f"by {len(using) - 1} more, such as `{other.name}`" if other else "as request and response"
            yield Problem(method.place, f"`{full}` is used by `{method.name}` and {also}")


def _streams(method: Method, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if method.client_streaming:
        yield Problem(method.place, f"the client streams requests to `{method.name}`")


def _streamed(method: Method, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if method.server_streaming:
        yield Problem(method.place, f"the server streams responses of `{method.name}`")


def _alias(enum: Enum, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if enum.allows_alias:
        yield Problem(
            enum.at("options", "allow_alias"), f"`{enum.full_name}` may have two names for a number"
        )


def _calls(*calls: str, messages: str = "GetOrderRequest GetOrderResponse") -> str:
    listed = "\n".join(f"  rpc {call};" for call in calls)
    declared = "\n\n".join(f"message {name} {{}}" for name in messages.split())
    return orders(f"service OrderService {{\n{listed}\n}}\n\n{declared}")


_GET = "GetOrder(GetOrderRequest) returns (GetOrderResponse)"
_GET_ITSELF = "GetOrder(GetOrderRequest) returns (Order)"
_OF_BOTH = "GetOrderRequest FindOrderRequest FindOrderResponse Order"
_GOOD = _calls(_GET)

RULES = (
    LintRule(
        FindingRule(
            "rpc-request-name",
            "The request of an RPC is not named after it.",
            Severity.WARNING,
            "A request of its own, `GetOrderRequest`, is found from the call and the call from it, and it will not be used"
            " for another call, with which it would have to stay the same.",
            _MADE_FOR_CALLS,
            _calls("GetOrder(OrderQuery) returns (GetOrderResponse)", messages="OrderQuery GetOrderResponse"),
            _GOOD,
            references=(
                "buf:RPC_REQUEST_STANDARD_NAME",
                "aip:131",
                "aip:132",
                "aip:133",
                "aip:134",
                "aip:135",
                "aip:136",
            ),
        ),
        Method,
        _named("Request", lambda method: method.request_type, "input_type"),
    ),
    LintRule(
        FindingRule(
            "rpc-response-name",
            "The response of an RPC is not named after it.",
            Severity.WARNING,
            "A response of its own can carry more than the thing itself one day. Guidelines disagree: by AIP-131 a Get"
            " returns the resource.",
            _MADE_FOR_CALLS,
            _calls("GetOrder(GetOrderRequest) returns (Order)", messages="GetOrderRequest Order"),
            _GOOD,
            tier=Tier.ALL,
            references=("buf:RPC_RESPONSE_STANDARD_NAME",),
        ),
        Method,
        _named("Response", lambda method: method.response_type, "output_type"),
    ),
    LintRule(
        FindingRule(
            "rpc-message-not-unique",
            "A message is the request or response of more than one RPC.",
            Severity.WARNING,
            "What one call needs, the others get as well. Unlike `rpc-type-shared` of validation, this one counts things"
            " that several calls return, and `google.protobuf.Empty`.",
            _MADE_FOR_CALLS,
            _calls(_GET_ITSELF, "FindOrder(FindOrderRequest) returns (Order)", messages=_OF_BOTH),
            _calls(_GET_ITSELF, "FindOrder(FindOrderRequest) returns (FindOrderResponse)", messages=_OF_BOTH),
            tier=Tier.ALL,
            references=("buf:RPC_REQUEST_RESPONSE_UNIQUE",),
        ),
        Method,
        _unique,
    ),
    LintRule(
        FindingRule(
            "rpc-streams-requests",
            "The client streams requests.",
            Severity.INFO,
            "Browsers and many gateways cannot send a stream, and a retry has to begin it anew.",
            "Send a list in one request, or call once for each.",
            _calls("GetOrder(stream GetOrderRequest) returns (GetOrderResponse)"),
            _GOOD,
            tier=Tier.ALL,
            references=("buf:RPC_NO_CLIENT_STREAMING",),
        ),
        Method,
        _streams,
    ),
    LintRule(
        FindingRule(
            "rpc-streams-responses",
            "The server streams responses.",
            Severity.INFO,
            "A stream has no address where it can be taken up again after a broken connection; proxies and gateways cut"
            " long ones.",
            "Answer in pages, or say in the comment how a stream is taken up again.",
            _calls("GetOrder(GetOrderRequest) returns (stream GetOrderResponse)"),
            _GOOD,
            tier=Tier.ALL,
            references=("buf:RPC_NO_SERVER_STREAMING",),
        ),
        Method,
        _streamed,
    ),
    LintRule(
        FindingRule(
            "enum-alias-allowed",
            "An enum may have two names for a number.",
            Severity.WARNING,
            "JSON is written with the name that stands first, whichever was meant. Unlike `enum-alias` of validation, which"
            " accepts a deprecated old name, this one asks for enums without aliases.",
            "Leave out `allow_alias`; give what is different a number of its own.",
            orders(
                "enum State {\n  option allow_alias = true;\n  STATE_UNSPECIFIED = 0;\n  STATE_SHIPPED = 1;\n"
                "  STATE_SENT = 1 [deprecated = true];\n}"
            ),
            orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_SHIPPED = 1;\n}"),
            tier=Tier.ALL,
            references=("buf:ENUM_NO_ALLOW_ALIAS",),
        ),
        Enum,
        _alias,
    ),
)
