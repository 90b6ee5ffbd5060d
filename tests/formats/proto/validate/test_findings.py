"""What validate finds, and what it leaves alone: small files with the whole of their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apicontract.formats.proto.compiling import compilation
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.validate import validate

if TYPE_CHECKING:
    from apicontract.findings import Finding

PATH = "acme/v1/a.proto"
HEAD = 'syntax = "proto3";\npackage acme.v1;\n'
HTTP = HEAD + 'import "google/api/annotations.proto";\n'
HOST = HTTP + 'import "google/api/client.proto";\n'


def found(texts: dict[str, str] | str) -> list[Finding]:
    return validate(from_texts({PATH: texts} if isinstance(texts, str) else texts))


def short(findings: list[Finding]) -> list[str]:
    return [f"{one.severity} {one.rule} {one.place.line}:{one.place.column}" for one in findings]


def call(rule: str, fields: str = "string id = 1; string name = 2;", more: str = "") -> str:
    return HTTP + (
        f"service S {{ rpc Do(Ask) returns (Answer) {{ option (google.api.http) = {{ {rule} }}; }} }}\n"
        f"message Ask {{ {fields} }}\nmessage Answer {{ string id = 1; }}\n{more}"
    )


def calls(*routes: str, head: str = HTTP, option: str = "") -> str:
    rpcs = "".join(
        f"  rpc C{at}(Q{at}) returns (R{at}) {{ option (google.api.http) = {{ {route} }}; }}\n"
        for at, route in enumerate(routes)
    )
    messages = "".join(
        f"message Q{at} {{ string id = 1; }}\nmessage R{at} {{}}\n" for at, _ in enumerate(routes)
    )
    return f"{head}service S {{\n{option}{rpcs}}}\n{messages}"


ENUMS = [
    ("enum E { E_UNSPECIFIED = 0; }", []),
    ("enum E { UNSPECIFIED = 0; }", []),
    ("enum E { E_UNKNOWN = 0; }", ["info enum-zero-value-has-meaning"]),
    ("enum E { UNDEFINED_E = 0; }", ["info enum-zero-value-has-meaning"]),
    ("enum E { E_OPEN = 0; }", ["warning enum-zero-value-has-meaning"]),
    ("enum E { option allow_alias = true; E_A = 0; E_UNSPECIFIED = 0; }", ["warning enum-alias"]),
    ("enum E { option allow_alias = true; E_UNSPECIFIED = 0; E_A = 0 [deprecated = true]; }", []),
    (
        "enum E { option allow_alias = true; E_UNSPECIFIED = 0 [deprecated = true]; E_NONE_UNSPECIFIED = 0; }",
        ["warning enum-alias"],
    ),
    ("enum E { E_UNSPECIFIED = 0; CHECK_BOX = 1; CHECKBOX = 2; }", []),
    ("enum E { E_UNSPECIFIED = 0; CHECK_BOX = 1; E_CHECK_BOX = 2; }", ["error enum-value-name-collision"]),
]


@pytest.mark.parametrize("text, expected", ENUMS, ids=[text for text, _ in ENUMS])
def test_enums(text, expected):
    assert [f"{one.severity} {one.rule}" for one in found(HEAD + text)] == expected


PROTO2 = [
    ("enum E { E_A = 1; }", ["warning enum-first-value-not-zero"]),
    ("message M { optional int32 foo_bar = 1; optional int32 fooBar = 2; }", ["warning json-name-collision"]),
    (
        "message M { option deprecated_legacy_json_field_conflicts = true; optional M ab = 1; optional M\nAb = 2; optional\nM\n_ab = 3; }",
        ["warning json-name-collision"],
    ),
    (
        "enum E { option deprecated_legacy_json_field_conflicts = true; E_UNSPECIFIED = 0; E_A = 1; A = 2; }",
        ["warning enum-value-name-collision"],
    ),
    ("enum E { E_UNSPECIFIED = 0; E_A = 1; A = 2; }", ["error enum-value-name-collision"]),
    ("message M { required int32 a = 1; required int32 b = 2; }", ["warning field-required"]),
    ("message M { optional M a = 1; }", []),
    ("message M { required N n = 1; } message N { optional M m = 1; }", ["warning field-required"]),
    ("message M { required N n = 1; } message N { required M m = 1; }", ["error message-requires-itself"]),
    (
        "message A { required M m = 1; } message M { required N n = 1; } message N { required M m = 1; }",
        ["warning field-required", "error message-requires-itself"],
    ),
    ("message M { repeated M m = 1; required int32 i = 2; }", ["warning field-required"]),
]


@pytest.mark.parametrize("text, expected", PROTO2, ids=[text for text, _ in PROTO2])
def test_proto2(text, expected):
    findings = found('syntax = "proto2";\npackage acme.v1;\n' + text)
    assert [f"{one.severity} {one.rule}" for one in findings] == expected


HTTP_RULES = [
    ('get: "/v1/{id}"', "string id = 1; string name = 2;", []),
    ('get: "/v1/{id=a/*/b/**}"', "string id = 1;", []),
    ('get: "/v1/{id}:do"', "string id = 1;", []),
    ('custom: { kind: "HEAD" path: "/v1/{id}" }', "string id = 1;", []),
    ('get: "v1/{id}"', "string id = 1;", ["error http-path-malformed"]),
    ('get: "/v1/{id}/"', "string id = 1;", ["error http-path-malformed"]),
    ('get: "/v1/{id}x"', "string id = 1;", ["error http-path-malformed"]),
    ('get: "/v1/{id}?q=1"', "string id = 1;", ["error http-path-malformed"]),
    ('get: "/v1/{id=**}/{name=**}"', "string id = 1; string name = 2;", ["error http-path-malformed"]),
    ('get: "/v1/{id.x}"', "string id = 1;", ["error http-path-field-unknown"]),
    ('get: "/v1/{ids}"', "repeated string ids = 1;", ["error http-path-field-not-bindable"]),
    ('get: "/v1/{at}"', "google.protobuf.Timestamp at = 1;", ["warning http-path-field-not-bindable"]),
    ('get: "/v1/{m}"', "map<string, string> m = 1;", ["error http-path-field-not-bindable"]),
    ('get: "/v1/a"', "map<string, string> m = 1;", ["warning http-query-field-not-expressible"]),
    ('get: "/v1/a"', "google.protobuf.Struct s = 1;", ["warning http-query-field-not-expressible"]),
    ('get: "/v1/a"', "google.protobuf.Timestamp at = 1; repeated string ids = 2;", []),
    ('get: "/v1/a"', "Answer a = 1; Ask again = 2;", []),
    ('post: "/v1/{id}"', "string id = 1;", []),
    ('post: "/v1/{id}"', "string id = 1; string name = 2;", ["warning http-body-missing"]),
    ('post: "/v1/{id}" body: "name"', "string id = 1; string name = 2;", []),
    ('post: "/v1/{id}" body: "id"', "string id = 1; string name = 2;", ["warning http-body-field-in-path"]),
    ('post: "/v1" body: "a.id"', "Answer a = 1;", ["error http-body-field-unknown"]),
    ('patch: "/v1/{a.id}" body: "a"', "Answer a = 1;", []),
    ('post: "/v1" body: "*" response_body: "id"', "string id = 1;", []),
    ('post: "/v1" body: "*" response_body: "ide"', "string id = 1;", ["error http-body-field-unknown"]),
    ('delete: "/v1/{id}" body: "*"', "string id = 1;", ["warning http-body-not-allowed"]),
    ('get: "/v1/{id}" body: "*"', "string id = 1;", ["error http-body-not-allowed"]),
    (
        'get: "/v1/{id}" additional_bindings { get: "/v1/x/{idd}" }',
        "string id = 1;",
        ["error http-path-field-unknown"],
    ),
]


@pytest.mark.parametrize(
    "rule, fields, expected", HTTP_RULES, ids=[f"{rule} {fields}" for rule, fields, _ in HTTP_RULES]
)
def test_http_rules(rule, fields, expected):
    text = call(rule, fields)
    for name in ("Timestamp", "Struct"):
        if f"google.protobuf.{name}" in fields:
            text = text.replace("service", f'import "google/protobuf/{name.lower()}.proto";\nservice', 1)
    assert [f"{one.severity} {one.rule}" for one in found(text)] == expected


ROUTES = [
    ((('get: "/v1/{id}"', 'get: "/v1/a/{id}"')), []),
    ((('get: "/v1/{id}"', 'delete: "/v1/{id}"')), []),
    ((('get: "/v1/{id}"', 'get: "/v1/{id}:x"')), []),
    ((('get: "/v1/{id}"', 'get: "/v1/{id=*}"')), ["error http-route-taken 6:3"]),
    ((('get: "/v1/{id}"', 'get: "/v1/fixed"')), ["info http-routes-overlap 6:3"]),
    ((('get: "/v1/{id=a/**}"', 'get: "/v1/a"')), []),
    ((('get: "/v1/{id=a/**}"', 'get: "/v1/a/b/c"')), ["info http-routes-overlap 6:3"]),
    ((('get: "/v1/{id=*/x}"', 'get: "/v1/{id=a/*}"')), ["warning http-routes-overlap 6:3"]),
    (
        (('get: "/v1/{id}"', 'get: "/v1/{id}"', 'get: "/v1/{id}"')),
        ["error http-route-taken 6:3", "error http-route-taken 7:3"],
    ),
    (
        (('get: "/v1/{id}" additional_bindings { get: "/v2/{id}" }', 'get: "/v2/{id}"')),
        ["error http-route-taken 6:3"],
    ),
    ((('get: "/v1/{id}" additional_bindings { get: "/v1/{id}" }',)), []),
]


@pytest.mark.parametrize("routes, expected", ROUTES, ids=[" ".join(routes) for routes, _ in ROUTES])
def test_routes(routes, expected):
    findings = short(found(calls(*routes)))
    assert [one.partition(":")[0] for one in findings] == [one.partition(":")[0] for one in expected]


def test_routes_of_two_hosts_or_packages_are_apart():
    route = 'get: "/v1/{id}"'
    one, two = "acme/v1/a.proto", "acme/v2/a.proto"
    other = HTTP.replace("acme.v1", "acme.v2")
    both = {one: calls(route), two: calls(route, head=other)}
    assert [f"{it.severity} {it.rule}" for it in found(both)] == ["warning http-route-taken"]
    hosts = [
        calls(
            route,
            head=HOST.replace("acme.v1", f"acme.{version}"),
            option=f'option (google.api.default_host) = "{version}.acme.com";\n',
        )
        for version in ("v1", "v2")
    ]
    assert found({one: hosts[0], two: hosts[1]}) == []


SERVICES = [
    ("rpc A(Q) returns (R); rpc B(Q) returns (S);", ["warning rpc-type-shared"]),
    ("rpc A(Q) returns (AnyReply); rpc B(P) returns (AnyReply);", ["warning rpc-type-shared"]),
    ("rpc A(Q) returns (R); rpc B(P) returns (R);", []),
    ("rpc A(R) returns (R);", ["warning rpc-type-shared"]),
    ("rpc A(google.protobuf.Empty) returns (R); rpc B(google.protobuf.Empty) returns (S);", []),
    ("rpc A(Q) returns (google.protobuf.Empty); rpc B(P) returns (google.protobuf.Empty);", []),
    ("rpc GetA(Q) returns (R); rpc Get_A(P) returns (S);", ["warning rpc-name-collision"]),
]


@pytest.mark.parametrize("rpcs, expected", SERVICES, ids=[rpcs for rpcs, _ in SERVICES])
def test_services(rpcs, expected):
    imported = 'import "google/protobuf/empty.proto";\n' if "Empty" in rpcs else ""
    text = f"{HEAD}{imported}service Calls {{ {rpcs} }}\n" + "".join(
        f"message {name} {{}}\n" for name in ("Q", "P", "R", "S", "AnyReply")
    )
    assert [f"{one.severity} {one.rule}" for one in found(text)] == expected


PACKAGES = [
    ("acme.v1", "acme/v1/a.proto", []),
    ("acme.v1beta1", "acme/v1beta1/a.proto", []),
    ("acme.v1p1alpha2", "acme/v1p1alpha2/a.proto", []),
    ("acme.v1.types", "acme/v1/types/a.proto", []),
    ("acme.v01", "acme/v01/a.proto", ["warning package-unversioned"]),
    ("acme.version1", "acme/version1/a.proto", ["warning package-unversioned"]),
    ("acme", "acme/a.proto", ["warning package-unversioned"]),
    ("acme.v1", "protos/acme/v1/a.proto", ["warning package-directory-mismatch"]),
    ("acme.v1", "acme/v2/a.proto", ["warning package-version-not-of-directory"]),
    ("acme.v1", "a.proto", []),
]


@pytest.mark.parametrize(
    "package, path, expected", PACKAGES, ids=[f"{name} {path}" for name, path, _ in PACKAGES]
)
def test_packages(package, path, expected):
    findings = found({path: f'syntax = "proto3";\npackage {package};\nmessage M {{}}\n'})
    assert [f"{one.severity} {one.rule}" for one in findings] == expected


def test_a_package_is_reported_once_and_each_directory_once():
    text = 'syntax = "proto3";\npackage acme;\nmessage %s {}\n'
    findings = found({f"acme/{name}.proto": text % name.upper() for name in "abc"})
    assert short(findings) == ["warning package-unversioned 2:1"]
    assert "3 files" in findings[0].message
    findings = found(
        {
            f"{'xy'[at % 2]}/{name}.proto": (text % name.upper()).replace("acme", "acme.v1")
            for at, name in enumerate("abcd")
        }
    )
    assert [one.rule for one in findings] == ["package-directory-mismatch"] * 2
    assert "`y`" in findings[0].message


def test_all_mistakes_of_all_files_in_one_run():
    findings = found(
        {
            "acme/v1/a.proto": HEAD + "message A {\n  int32 x = 1;\n  int32 y = 1;\n  Nope z = 2;\n}\n",
            "acme/v1/b.proto": HEAD + "message B {\n  int32 x 1;\n}\nmesage C {}\n",
            "acme/v1/c.proto": HEAD + 'import "acme/v1/a.proto";\nmessage C {\n  A a = 1;\n}\n',
            "acme/v1/d.proto": HEAD + "enum D {\n  D_ONE = 0;\n}\n",
        }
    )
    assert [f"{one.place.file} {one.rule} {one.place.line}:{one.place.column}" for one in findings] == [
        "acme/v1/a.proto field-number-repeated 5:13",
        "acme/v1/a.proto type-not-found 6:3",
        "acme/v1/b.proto syntax-invalid 4:11",
        "acme/v1/b.proto syntax-invalid 6:1",
        "acme/v1/d.proto enum-zero-value-has-meaning 4:3",
    ]


def test_what_follows_from_a_missing_import_is_not_said_again():
    text = HEAD + ('import "other/v1/x.proto";\nmessage A {\n  other.v1.X x = 1;\n  Typo y = 2;\n}\n')
    assert short(found(text)) == ["error import-not-found 3:1", "error type-not-found 6:3"]
    text = HEAD + 'import "acme/v1/x.proto";\nmessage A {\n  X x = 1;\n}\n'
    assert short(found(text)) == ["error import-not-found 3:1"]


def test_numbers_of_the_implementations_are_placed_each():
    text = (
        HEAD + "message A {\n  int32 x = 19000;\n  // = 19500;\n  int32 y = 19999 [deprecated = true];\n}\n"
    )
    assert short(found(text)) == [
        "error field-number-not-allowed 4:13",
        "error field-number-not-allowed 6:13",
    ]


@pytest.mark.parametrize("prefix, ending", [("", "\r\n"), ("\ufeff", "\n"), ("// ä\n", "\n")])
def test_positions_with_other_line_ends_marks_and_letters(prefix, ending):
    lines = ['syntax = "proto3";', "package acme.v1;", "/* ä */ enum D { D_ONE = 0; }", ""]
    findings = found({PATH: prefix + ending.join(lines)})
    line = 4 if prefix.startswith("//") else 3
    assert short(findings) == [f"warning enum-zero-value-has-meaning {line}:18"]


def test_imports_from_outside_are_not_judged():
    contract = from_texts(
        {PATH: HEAD + 'import "google/type/dayofweek.proto";\nmessage M { google.type.DayOfWeek d = 1; }\n'}
    )
    assert validate(contract) == []
    assert "google/type/dayofweek.proto" in contract.files


TWO_FILES = [
    ("message M {}", "message M {}", "name-declared-twice"),
    ("enum E { A_UNSPECIFIED = 0; }", "enum F { A_UNSPECIFIED = 0; }", "name-declared-twice"),
    ("service S {}", "message S {}", "name-declared-twice"),
    (
        "extend google.protobuf.FieldOptions { string one = 50001; }",
        "extend google.protobuf.FieldOptions { string two = 50001; }",
        "extension-invalid",
    ),
]


@pytest.mark.parametrize("together", [True, False], ids=["one-compiler", "two-compilers"])
@pytest.mark.parametrize("one, other, rule", TWO_FILES, ids=[f"{one} {other}" for one, other, _ in TWO_FILES])
def test_two_files_that_declare_the_same(together, one, other, rule, monkeypatch):
    if not together:
        monkeypatch.setattr(compilation, "_SHARE", 150)
    head = HEAD + 'import "google/protobuf/descriptor.proto";\n' if "extend" in one else HEAD
    padding = "// " + "x" * 150 + "\n"
    findings = found({PATH: padding + head + one, "acme/v1/b.proto": padding + head + other})
    assert [finding.rule for finding in findings] == [rule]
