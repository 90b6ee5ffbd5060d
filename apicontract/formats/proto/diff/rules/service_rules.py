"""The rules about services, their methods and HTTP routes, files and packages: one row each."""

from __future__ import annotations

from apicontract.formats.proto.diff.files import LANGUAGES
from apicontract.formats.proto.diff.rules.rows import PROTO3, Row, message, service

_GET, _LIST = "rpc Get(Ask) returns (Answer);", "rpc List(Ask) returns (Answer);"
_ONE = service(_GET)
_CALLS = "Calls of old clients fail with UNIMPLEMENTED."
_REST = "Requests of old REST clients fail, or mean something else."
_HTTP = 'import "google/api/annotations.proto";\n'
_SERVE = "Serve the old one beside the new one until no client is left that calls it."


def _method(*options: str, ask: str = "Ask", answer: str = "Answer") -> str:
    return service(f"rpc Get({ask}) returns ({answer}) {{", *(f"  option {one};" for one in options), "}")


def _route(rule: str) -> str:
    return _HTTP + _method(f"(google.api.http) = {{ {rule} }}")


SERVICES = (
    Row(
        "service-added",
        "A service was added.",
        "Nobody calls it yet.",
        "mmm",
        _ONE,
        _ONE + f"\nservice Stock {{\n  {_GET}\n}}",
    ),
    Row(
        "service-removed",
        "A service is gone.",
        _CALLS,
        "MMM",
        _ONE + "\nservice Stock {\n  rpc Count(Ask) returns (Answer);\n}",
        _ONE,
        _SERVE,
    ),
    Row(
        "service-renamed",
        "A service, or its package, has another name.",
        "The name is part of the path of every call. " + _CALLS,
        "MMM",
        _ONE,
        service(_GET, name="Sales"),
        _SERVE,
    ),
    Row(
        "service-deprecated",
        "A service is deprecated.",
        "It works, and compilers warn.",
        "mmm",
        _ONE,
        service("option deprecated = true;", _GET),
    ),
    Row(
        "service-reactivated",
        "A service is not deprecated any more.",
        "It stays.",
        "mmm",
        service("option deprecated = true;", _GET),
        _ONE,
    ),
    Row(
        "service-option-changed",
        "An option of a service changed that changes neither bytes nor code.",
        "Only tools that look for it notice.",
        "---",
        'import "google/api/client.proto";\n' + _ONE,
        'import "google/api/client.proto";\n'
        + service('option (google.api.default_host) = "acme.example";', _GET),
    ),
    Row("rpc-added", "A method was added.", "Nobody calls it yet.", "mmm", _ONE, service(_GET, _LIST)),
    Row("rpc-removed", "A method is gone.", _CALLS, "MMM", service(_GET, _LIST), _ONE, _SERVE),
    Row(
        "rpc-renamed",
        "A method has another name.",
        "The name is part of the path of every call. " + _CALLS,
        "MMM",
        _ONE,
        service("rpc Fetch(Ask) returns (Answer);"),
        _SERVE,
    ),
    Row(
        "rpc-request-type-changed",
        "A method takes another message, and the old type still exists.",
        "What differs between the two types is what breaks; code sees another type in any case.",
        "MMM",
        _ONE + "\n" + message("int32 id = 1;", name="Query"),
        _method(ask="Query") + "\n" + message("int32 id = 1;", name="Query"),
    ),
    Row(
        "rpc-response-type-changed",
        "A method answers with another message, and the old type still exists.",
        "What differs between the two types is what breaks; code sees another type in any case.",
        "MMM",
        _ONE + "\n" + message("int32 text = 1;", name="Result"),
        _method(answer="Result") + "\n" + message("int32 text = 1;", name="Result"),
    ),
    Row(
        "rpc-client-streaming-changed",
        "The client sends a stream instead of one message, or the other way round.",
        "All but one message are ignored without an error, or the call fails; code differs.",
        "MMM",
        _ONE,
        service("rpc Get(stream Ask) returns (Answer);"),
        "Add a method that streams.",
    ),
    Row(
        "rpc-server-streaming-changed",
        "The server answers with a stream instead of one message, or the other way round.",
        "An old caller gets nothing where the stream is empty, and hangs where there are two answers; code differs.",
        "MMM",
        _ONE,
        service("rpc Get(Ask) returns (stream Answer);"),
        "Add a method that streams.",
    ),
    Row(
        "rpc-idempotency-weakened",
        "A method promises less: it may have side effects, or may not be repeated.",
        "Clients that retry it or call it by GET should not, and GET is refused by Connect servers.",
        "MM-",
        _method("idempotency_level = NO_SIDE_EFFECTS"),
        _ONE,
    ),
    Row(
        "rpc-idempotency-strengthened",
        "A method promises more: it may be repeated, or has no side effects.",
        "Whoever calls it still can.",
        "mm-",
        _ONE,
        _method("idempotency_level = IDEMPOTENT"),
    ),
    Row(
        "rpc-deprecated",
        "A method is deprecated.",
        "It works, and compilers warn.",
        "mmm",
        _ONE,
        _method("deprecated = true"),
    ),
    Row(
        "rpc-reactivated",
        "A method is not deprecated any more.",
        "It stays.",
        "mmm",
        _method("deprecated = true"),
        _ONE,
    ),
    Row(
        "rpc-option-changed",
        "An option of a method changed that changes neither bytes nor code.",
        "Only tools that look for it notice.",
        "---",
        'import "google/api/client.proto";\n' + _ONE,
        'import "google/api/client.proto";\n' + _method('(google.api.method_signature) = "id"'),
    ),
)

ROUTES = (
    Row(
        "http-route-added",
        "A method has a further HTTP route.",
        "Nobody calls it yet.",
        "-m-",
        _HTTP + _ONE,
        _route('get: "/v1/orders/{id}"'),
    ),
    Row(
        "http-route-removed",
        "A method lost an HTTP route.",
        _REST,
        "-M-",
        _route('get: "/v1/orders/{id}"'),
        _HTTP + _ONE,
        "Keep the old route as an additional binding.",
    ),
    Row(
        "http-route-changed",
        "A method has another HTTP verb or path.",
        _REST,
        "-M-",
        _route('get: "/v1/orders/{id}"'),
        _route('get: "/v1/sales/{id}"'),
        "Keep the old route as an additional binding.",
    ),
    Row(
        "http-route-widened",
        "The path of an HTTP route matches more.",
        "Every URL of before still leads to the method.",
        "-m-",
        _route('get: "/v1/{id=orders/*}"'),
        _route('get: "/v1/{id=orders/**}"'),
    ),
    Row(
        "http-variable-changed",
        "The variables of an HTTP path stand for other fields.",
        _REST,
        "-M-",
        _HTTP
        + message("string id = 1;", "string name = 2;", name="Query")
        + '\nservice Orders {\n  rpc Get(Query) returns (Query) {\n    option (google.api.http) = { get: "/v1/orders/{id}" };\n  }\n}',
        _HTTP
        + message("string id = 1;", "string name = 2;", name="Query")
        + '\nservice Orders {\n  rpc Get(Query) returns (Query) {\n    option (google.api.http) = { get: "/v1/orders/{name}" };\n  }\n}',
        "Keep the field, or add a route.",
    ),
    Row(
        "http-body-changed",
        "The body of an HTTP request is another part of the message.",
        _REST,
        "-M-",
        _route('post: "/v1/orders" body: "*"'),
        _route('post: "/v1/orders" body: "id"'),
        "Add a route.",
    ),
    Row(
        "http-response-body-changed",
        "The body of an HTTP response is another part of the message.",
        "Old REST clients read something else.",
        "-M-",
        _route('get: "/v1/orders/{id}"'),
        _route('get: "/v1/orders/{id}" response_body: "text"'),
        "Add a route.",
    ),
)

_ORDER = message("string id = 1;")
_VALUES = {
    "optimize_for": "LITE_RUNTIME",
    "java_multiple_files": "true",
    "java_generic_services": "true",
    "java_string_check_utf8": "true",
    "cc_generic_services": "true",
    "cc_enable_arenas": "false",
    "py_generic_services": "true",
}


def _file_option(option: str, language: str) -> Row:
    value = _VALUES.get(option, '"Other"' if option != "go_package" else '"acme.example/other"')
    word = option.replace("_", "-")
    return Row(
        f"file-{word}-changed",
        f"The file option `{option}` changed.",
        f"Generated {language} code has other names or another shape; no other language notices.",
        "--M",
        _ORDER,
        f"option {option} = {value};\n{_ORDER}",
    )


def _files(**texts: str) -> str:
    return "\n".join(f"// acme/orders/v1/{name}.proto\n{PROTO3}{text}" for name, text in texts.items())


FILES = (
    Row(
        "package-renamed",
        "A package has another name.",
        "Bytes carry no type names, except type URLs of `Any` and names of extensions in JSON; code has it everywhere. Services are told apart.",
        "--M",
        _ORDER,
        f'// acme/orders/v1/orders.proto\nsyntax = "proto3";\npackage acme.orders.v2;\n{_ORDER}\n',
    ),
    Row(
        "package-added",
        "A package was added.",
        "Nobody uses it yet. Its types are not listed one by one.",
        "--m",
        _files(a=message("string id = 1;", name="A")),
        _files(a=message("string id = 1;", name="A"))
        + f'\n// acme/stock/v1/b.proto\nsyntax = "proto3";\npackage acme.stock.v1;\n{message("int32 count = 1;", name="B")}',
    ),
    Row(
        "package-removed",
        "A package is gone, with all its types.",
        "Code that uses them does not compile. Its services are told apart, and its types not one by one.",
        "--M",
        _files(a=message("string id = 1;", name="A"))
        + f'\n// acme/stock/v1/b.proto\nsyntax = "proto3";\npackage acme.stock.v1;\n{message("int32 count = 1;", name="B")}',
        _files(a=message("string id = 1;", name="A")),
    ),
    Row(
        "syntax-changed",
        "A file is written in another syntax or edition.",
        "By itself it changes nothing; what it implies for presence, enums and strings is told apart.",
        "---",
        f'// acme/orders/v1/orders.proto\nsyntax = "proto3";\npackage acme.orders.v1;\n{message("optional int32 count = 1;")}\n',
        f'// acme/orders/v1/orders.proto\nedition = "2023";\npackage acme.orders.v1;\n{message("int32 count = 1;")}\n',
    ),
    Row(
        "comments-changed",
        "Only comments or the layout of a file changed.",
        "People read them, programs do not.",
        "---",
        f"// An order.\n{_ORDER}",
        f"// What somebody ordered.\n{_ORDER}",
    ),
    Row(
        "file-added",
        "A file was added.",
        "Nobody imports it yet.",
        "---",
        _files(a=message("string id = 1;", name="A")),
        _files(a=message("string id = 1;", name="A"), b=message("int32 count = 1;", name="B")),
    ),
    Row(
        "file-removed",
        "A file is gone.",
        "What was in it is told apart; `--per-file` makes it a break, as those who import it do not compile.",
        "---",
        _files(a=message("string id = 1;", name="A"), b=message("int32 count = 1;", name="B")),
        _files(a=message("string id = 1;", name="A")),
    ),
    Row(
        "file-moved",
        "A file has another path.",
        "Seen only where files are imported; `--per-file` makes it a break.",
        "---",
        _files(a=message("string id = 1;", name="A")),
        _files(b=message("string id = 1;", name="A")),
    ),
    Row(
        "file-deprecated",
        "A file is deprecated.",
        "It works, and compilers warn.",
        "mmm",
        _ORDER,
        f"option deprecated = true;\n{_ORDER}",
    ),
    Row(
        "file-reactivated",
        "A file is not deprecated any more.",
        "It stays.",
        "mmm",
        f"option deprecated = true;\n{_ORDER}",
        _ORDER,
    ),
    Row(
        "file-option-changed",
        "An option of a file changed that changes neither bytes nor code.",
        "Only tools that look for it notice.",
        "---",
        _ORDER,
        f"option java_generate_equals_and_hash = true;\n{_ORDER}",
    ),
    Row(
        "public-import-removed",
        "A file does not pass on another one any more to those who import it.",
        "What used its types without importing them does not compile.",
        "--M",
        _files(
            a=message("string id = 1;", name="A"),
            b='import public "acme/orders/v1/a.proto";\n' + message("A a = 1;", name="B"),
        ),
        _files(
            a=message("string id = 1;", name="A"),
            b='import "acme/orders/v1/a.proto";\n' + message("A a = 1;", name="B"),
        ),
        "Keep `import public`.",
    ),
    Row(
        "public-import-added",
        "A file passes on another one to those who import it.",
        "Nobody relied on it yet.",
        "--m",
        _files(
            a=message("string id = 1;", name="A"),
            b='import "acme/orders/v1/a.proto";\n' + message("A a = 1;", name="B"),
        ),
        _files(
            a=message("string id = 1;", name="A"),
            b='import public "acme/orders/v1/a.proto";\n' + message("A a = 1;", name="B"),
        ),
    ),
    *(_file_option(option, language) for option, language in LANGUAGES.items()),
)
