"""Rules on services and their HTTP rules."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.proto.validate.rules.texts import orders

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_HTTP = "google/api/annotations.proto"
_FIELDS = "string id = 1;\n  Address address = 2;\n  repeated string tags = 3;"
_ADDRESS = "message Address {\n  string city = 1;\n}"


def _rule(rule: str, *, fields: str = _FIELDS, further: str = "") -> str:
    """A service with one call, its HTTP rule, and what the request holds."""
    parts = [
        (
            "service Orders {\n  rpc UpdateOrder(UpdateOrderRequest) returns (UpdateOrderResponse) {\n"
            f"    option (google.api.http) = {{\n      {rule}\n    }};\n  }}\n}}"
        ),
        f"message UpdateOrderRequest {{\n  {fields}\n}}",
        "message UpdateOrderResponse {\n  string id = 1;\n}",
        _ADDRESS if "Address" in fields else "",
        further,
    ]
    return orders("\n\n".join(filter(None, parts)), imports=_HTTP)


def _two(first: str, second: str) -> str:
    """A service with two calls, each with a route."""
    calls = "\n".join(
        f'  rpc {name}({name}Request) returns ({name}Response) {{\n    option (google.api.http).get = "{path}";\n  }}'
        for name, path in (("GetOrder", first), ("FindOrder", second))
    )
    messages = "\n".join(
        f"message {name}Request {{\n  string id = 1;\n}}\nmessage {name}Response {{}}"
        for name in ("GetOrder", "FindOrder")
    )
    return orders(f"service Orders {{\n{calls}\n}}\n\n{messages}", imports=_HTTP)


_GOOD = _rule('patch: "/v1/orders/{id}" body: "*"')

RULES = (
    FindingRule(
        "rpc-type-shared",
        "Several calls share a request, or a response that is no thing of its own.",
        _WARNING,
        "What one call needs, the others get as well: none can change alone. A thing that several calls return"
        " (`GetOrder` and `CreateOrder` return `Order`) and messages made for all, such as `google.protobuf.Empty`, are no finding.",
        "Give each call a request and a response of its own: `GetOrderRequest`, `GetOrderResponse`.",
        orders(
            "service Orders {\n  rpc GetOrder(OrderRequest) returns (Order);\n  rpc CancelOrder(OrderRequest) returns (Order);\n}\n\n"
            "message OrderRequest {}\n\nmessage Order {}"
        ),
        orders(
            "service Orders {\n  rpc GetOrder(GetOrderRequest) returns (Order);\n"
            "  rpc CancelOrder(CancelOrderRequest) returns (Order);\n}\n\n"
            "message GetOrderRequest {}\n\nmessage CancelOrderRequest {}\n\nmessage Order {}"
        ),
    ),
    FindingRule(
        "rpc-name-collision",
        "Two calls of a service differ in case or underscores alone.",
        _WARNING,
        "Generators write both in the style of their language, and then there are two functions of one name.",
        "Rename one of them in the next major version.",
        orders(
            "service Orders {\n  rpc GetOrder(GetOrderRequest) returns (Order);\n"
            "  rpc getOrder(FindOrderRequest) returns (Order);\n}\n\n"
            "message GetOrderRequest {}\n\nmessage FindOrderRequest {}\n\nmessage Order {}"
        ),
        orders(
            "service Orders {\n  rpc GetOrder(GetOrderRequest) returns (Order);\n"
            "  rpc FindOrder(FindOrderRequest) returns (Order);\n}\n\n"
            "message GetOrderRequest {}\n\nmessage FindOrderRequest {}\n\nmessage Order {}"
        ),
    ),
    FindingRule(
        "http-rule-without-pattern",
        "An HTTP rule has no verb and path.",
        _ERROR,
        "Nothing can be served by it.",
        'Name the verb and the path, as `get: "/v1/orders/{id}"`.',
        _rule('body: "*"'),
        _GOOD,
    ),
    FindingRule(
        "http-path-malformed",
        "The path of an HTTP rule is no path template.",
        _ERROR,
        "Gateways refuse to start with it.",
        "Write `/v1/orders/{id}` or `/v1/{name=orders/*}:cancel`: a slash first, braces in pairs, `**` once.",
        _rule('patch: "/v1/orders/{id" body: "*"'),
        _GOOD,
    ),
    FindingRule(
        "http-path-wildcard-not-last",
        "The path of an HTTP rule has `**` before its end.",
        _WARNING,
        "The definition of HTTP rules (google/api/http.proto) allows `**` as the last segment only; some gateways go beyond"
        " that, others refuse the path or match less than is meant.",
        "Put `*` for each segment, or move what follows in front.",
        _rule('patch: "/v1/{id=orders/**}/state" body: "*"'),
        _rule('patch: "/v1/{id=orders/*}/state" body: "*"'),
    ),
    FindingRule(
        "http-path-field-unknown",
        "A variable in a path is no field of the request.",
        _ERROR,
        "Gateways refuse to start with it, or the value goes nowhere.",
        "Name a field of the request message, with dots for fields of its messages.",
        _rule('patch: "/v1/orders/{order_id}" body: "*"'),
        _GOOD,
    ),
    FindingRule(
        "http-path-field-not-bindable",
        "A variable in a path is a list, a map or a message.",
        _ERROR,
        "A path holds one text, which cannot be made into such a value; of the well-known types with a text form,"
        " some gateways know what to do (a warning).",
        "Bind a scalar field, or a scalar field of the message: `{address.city}`.",
        _rule('patch: "/v1/orders/{address}" body: "*"'),
        _rule('patch: "/v1/orders/{address.city}" body: "*"'),
    ),
    FindingRule(
        "http-path-field-repeated",
        "A path has the same variable twice.",
        _ERROR,
        "One field cannot hold two values.",
        "Bind two fields, or write the second place as `*`.",
        _rule('patch: "/v1/orders/{id}/again/{id}" body: "*"'),
        _GOOD,
    ),
    FindingRule(
        "http-body-field-unknown",
        "The body of an HTTP rule is no field of the message.",
        _ERROR,
        "Gateways refuse to start with it. `body` names a field of the request, `response_body` one of the response.",
        "Name a field of the message itself, or `*` for all that is not in the path.",
        _rule('patch: "/v1/orders/{id}" body: "adress"', fields="string id = 1;\n  Address address = 2;"),
        _rule('patch: "/v1/orders/{id}" body: "address"', fields="string id = 1;\n  Address address = 2;"),
    ),
    FindingRule(
        "http-body-field-in-path",
        "One field is bound to the path and is the body as well.",
        _WARNING,
        "The two values may differ, and which of them counts depends on the gateway.",
        "Take another field as the body, or `*`.",
        _rule('patch: "/v1/orders/{id}" body: "id"', fields="string id = 1;"),
        _rule('patch: "/v1/orders/{id}" body: "*"', fields="string id = 1;"),
    ),
    FindingRule(
        "http-body-missing",
        "A POST, PUT or PATCH has no body, though the request has more fields than the path.",
        _WARNING,
        "What is not in the path goes into the query: it ends up in logs and caches, and its length is limited (AIP-127).",
        'Write `body: "*"`, or name the field that is the body.',
        _rule('patch: "/v1/orders/{id}"'),
        _GOOD,
        references=("aip:127", "aip:133", "aip:134"),
    ),
    FindingRule(
        "http-body-not-allowed",
        "A GET, HEAD or DELETE has a body.",
        _ERROR,
        "Many clients cannot send one, and proxies drop it (RFC 9110, 9.3.1). For DELETE it is a warning.",
        "Leave the body out: the fields go into the query. If they are too much for that, make it a POST with a verb of its own.",
        _rule('get: "/v1/orders/{id}" body: "*"'),
        _rule('get: "/v1/orders/{id}"'),
        references=("aip:127", "aip:131", "aip:132", "aip:135"),
    ),
    FindingRule(
        "http-query-field-not-expressible",
        "A field of the request goes into the query, where it cannot be written.",
        _WARNING,
        "A query holds scalars, lists of scalars and the scalars of single messages; maps, lists of messages and free JSON are"
        " out of reach for REST clients.",
        "Send the field in a body, or make it scalar.",
        _rule('get: "/v1/orders/{id}"', fields="string id = 1;\n  repeated Address addresses = 2;"),
        _rule('get: "/v1/orders/{id}"', fields="string id = 1;\n  Address address = 2;"),
    ),
    FindingRule(
        "http-bindings-nested",
        "An additional binding has additional bindings itself.",
        _ERROR,
        "They may be one deep only (google/api/http.proto); what stands deeper is not served.",
        "Write all additional bindings beside each other.",
        _rule(
            'patch: "/v1/orders/{id}" body: "*"\n      additional_bindings {\n        put: "/v1/orders/{id}" body: "*"\n'
            '        additional_bindings { post: "/v1/orders/{id}" body: "*" }\n      }'
        ),
        _rule(
            'patch: "/v1/orders/{id}" body: "*"\n      additional_bindings { put: "/v1/orders/{id}" body: "*" }\n'
            '      additional_bindings { post: "/v1/orders/{id}" body: "*" }'
        ),
    ),
    FindingRule(
        "http-route-taken",
        "Two calls have the same verb and path, whatever their variables are called.",
        _ERROR,
        "Only one of the two can answer. Between packages, which may run on different servers, it is a warning.",
        "Give one of them a path of its own.",
        _two("/v1/orders/{id}", "/v1/{id=orders/*}"),
        _two("/v1/orders/{id}", "/v1/orders/{id}:find"),
    ),
    FindingRule(
        "http-routes-overlap",
        "Some requests match the routes of two calls.",
        _WARNING,
        "Which call answers depends on the gateway and the order in which the routes were added. Where one route is a special"
        " case of the other, most gateways take the special one, and it is a remark only.",
        "Change a literal part of one of the two.",
        _two("/v1/{id=*/open}", "/v1/{id=orders/*}"),
        _two("/v1/{id=carts/open}", "/v1/{id=orders/*}"),
    ),
)
