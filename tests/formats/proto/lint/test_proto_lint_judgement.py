"""What rules of lint for protos must leave alone, and what they must not overlook, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import apicontract
from apicontract.findings import DEFAULT_SETTINGS
from apicontract.formats.proto import FORMAT
from apicontract.formats.proto.lint import cases
from apicontract.formats.proto.lint.rules.examples import library, message
from apicontract.formats.proto.validate.rules.texts import edition, files, orders, proto2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apicontract.findings import Finding

MASK = "google/protobuf/field_mask.proto"


def get(route: str, name: str = "GetBook", fields: str = "string name") -> str:
    return library(
        (f"{name}({name}Request) returns (Book)", route), messages=message(f"{name}Request", fields)
    )


@pytest.mark.parametrize(
    ("rule", "text", "count"),
    [
        ("standard-method-path", get('get: "/v1/{name=shelves/*}/settings"', "GetSettings"), 0),  # a singleton
        ("standard-method-path", get('get: "/v1/{name=shelves/*}/setting"', "GetSettings"), 1),
        ("standard-method-path", get('get: "/v1/{name=books/*}:get"'), 1),
        ("standard-method-path", get('post: "/v1/books/{name}" body: "*"', "CreateBook"), 1),
        ("standard-method-verb", get('get: "/v1/getaways"', "Getaway"), 0),  # no word begins after Get
        ("standard-method-verb", get("", "GetBook"), 0),  # without a route
        ("standard-method-verb", get('put: "/v1/{name=books/*}" body: "*"', "UpdateBook"), 1),
        ("update-mask-missing", get('put: "/v1/{name=books/*}" body: "*"', "UpdateBook"), 0),  # all is replaced
        ("custom-method-path", get('post: "/v1/{name=books/*}:lend" body: "*"', "LendBook"), 0),
        ("custom-method-path", get('get: "/v1/{name=books/*}"'), 0),
        ("batch-method-path", get('get: "/v1/books:batchGetHistory"', "BatchGetBooks"), 0),
        ("batch-method-path", get('post: "/v1/books:batchGet" body: "*"', "BatchGetBooks"), 1),
        ("http-segment-case", get('get: "/v1/{name=books/*}/.well-known/keys"'), 0),
        ("list-not-paged", get('get: "/v1/books"', "ListBooks", "int32 max_results"), 1),  # and no token
        ("duration-as-number", orders("message A {\n  int64 price_micros = 1;\n}"), 0),
        ("duration-as-number", orders("message A {\n  string wait_seconds = 1;\n}"), 0),
        ("time-as-scalar", orders("message A {\n  string daytime = 1;\n  bool over_time = 2;\n}"), 0),
        ("time-as-scalar", orders("message A {\n  string start_time = 1;\n  repeated int64 end_time = 2;\n}"), 2),
        ("standard-field-type", orders("message A {\n  repeated string etag = 1;\n}"), 1),
        ("standard-field-type", orders("message A {\n  string update_mask = 1;\n}"), 1),
        ("field-name-suffix", orders("message A {\n  string owner_display_name = 1;\n}"), 0),
        ("count-name", orders("message A {\n  string num_plate = 1;\n}"), 0),
        ("field-name-preposition", orders("message A {\n  string order_by = 1;\n  string format = 2;\n}"), 0),
        ("field-name-case", proto2("message A {\n  extensions 100 to 200;\n}\nextend A {\n  optional int32 inNer = 100;\n}"), 1),
        ("field-name-case", orders("message A {\n  map<string, string> good = 1;\n}"), 0),
        ("field-name-case", edition("message A {\n  string bad_ = 1;\n  string a__b = 2;\n  string _c = 3;\n}"), 3),
        ("message-name-case", orders("message A {\n  map<string, string> some_words = 1;\n}"), 0),  # SomeWordsEntry
        ("oneof-name-case", orders("message A {\n  optional string Upper = 1;\n}"), 0),  # its oneof is nobody's
        ("oneof-uncommented", orders("message A {\n  optional string a = 1;\n}"), 0),
        ("enum-value-prefix-missing", orders("enum HTTPStatus {\n  HTTP_STATUS_UNSPECIFIED = 0;\n}"), 0),
        ("enum-value-prefix-missing", orders("enum OAuth2Kind {\n  O_AUTH2_KIND_UNSPECIFIED = 0;\n}"), 0),
        ("rpc-request-name", orders("service S {\n  rpc getIt(GetItRequest) returns (R);\n}\nmessage GetItRequest {}\nmessage R {}"), 0),
        ("rpc-request-name", orders("service S {\n  rpc getIt(FindItRequest) returns (R);\n}\nmessage FindItRequest {}\nmessage R {}"), 1),
        ("rpc-request-name", orders("service S {\n  rpc Do(SDoRequest) returns (R);\n}\nmessage SDoRequest {}\nmessage R {}"), 0),
        ("rpc-message-not-unique", orders("service S {\n  rpc Do(R) returns (R);\n}\nmessage R {}"), 1),
        ("message-uncommented", orders("message A {} // behind"), 1),
        ("message-uncommented", orders("// apart\n\nmessage A {}"), 1),
        ("message-uncommented", orders("//\nmessage A {}"), 1),
        ("message-uncommented", orders("/* above */ message A {}"), 0),
        ("go-package-differs", files(acme__a=orders('option go_package = "x";\nmessage A {}'), acme__b=orders("message B {}")), 2),
        ("go-package-differs", files(acme__a=orders("message A {}"), acme__b=orders("message B {}")), 0),
        ("java-multiple-files-differs", files(acme__a=orders("option java_multiple_files = false;\nmessage A {}"), acme__b=orders("message B {}")), 2),
        ("go-package-differs", files(a=orders('option go_package = "x";', package="a"), b=orders('option go_package = "y";', package="b")), 0),
        ("package-version-not-last", orders("message A {}", package="acme.v1.orders"), 1),
        ("package-version-not-last", orders("message A {}", package="acme.orders"), 0),  # which validation tells
    ],
)  # fmt: skip
def test_judgement(rule: str, text: str, count: int, linted: Callable[..., list[Finding]]) -> None:
    assert len(linted(text, {rule})) == count


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("OrderLine", "ORDER_LINE"),
        ("HTTPServer", "HTTP_SERVER"),
        ("V1Beta", "V1_BETA"),
        ("OAuth2Kind", "O_AUTH2_KIND"),
        ("A1B2c", "A1B2C"),
        ("ABC", "ABC"),
        ("snake_Kind", "SNAKE_KIND"),
        ("", ""),
    ],
)
def test_words_are_those_of_buf(name: str, snake: str) -> None:
    """As the corpus test shows of the enums with these names."""
    assert cases.upper_snake(name) == snake


def test_a_descriptor_without_comments_is_not_blamed_for_them(tmp_path: Path) -> None:
    from google.protobuf import descriptor_pb2

    made = descriptor_pb2.FileDescriptorSet()
    file = made.file.add(name="acme/a/v1/a.proto", package="acme.a.v1", syntax="proto3")
    file.message_type.add(name="bad_name")
    path = tmp_path / "set.binpb"
    path.write_bytes(made.SerializeToString())
    wanted = {rule.id for rule in FORMAT.lint_rules() if rule.command == "lint"}
    found = {one.rule for one in FORMAT.lint(apicontract.load(path), wanted, DEFAULT_SETTINGS)}
    assert "message-name-case" in found
    assert not any(rule.endswith("-uncommented") for rule in found)


def test_findings_come_in_the_order_of_files_and_lines(linted: Callable[..., list[Finding]]) -> None:
    text = files(
        acme__b=orders("message bad {\n  string Bad = 1;\n}\nmessage worse {}"),
        acme__a=orders("enum bad_Enum {\n  Z = 0;\n}"),
    )
    places = [(one.place.document.uri, one.place.line, one.place.column) for one in linted(text)]
    assert places == sorted(places)
    assert {path for path, _, _ in places} == {"acme/a.proto", "acme/b.proto"}
