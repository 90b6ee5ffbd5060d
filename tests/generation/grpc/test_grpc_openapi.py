"""The REST face of a gRPC contract: valid OpenAPI that says what proto JSON and the routes mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import apicontract
from apicontract.formats.proto import FORMAT
from apicontract.formats.proto.load import from_texts
from apicontract.generation.grpc.openapi import as_yaml, rest_face
from apicontract.sources import ReadOptions

EXAMPLES = Path(__file__).parents[3] / "examples"

TEXT = """
syntax = "proto3";
package acme.library.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/wrappers.proto";

// A library.
service Library {
  // One book.
  //
  // With all its pages.
  rpc GetBook(GetBookRequest) returns (Book) {
    option (google.api.http) = {
      get: "/v1/{name=shelves/*/books/*}"
      additional_bindings { get: "/v1/{name=archive/**}" }
    };
  }
  rpc UpdateBook(UpdateBookRequest) returns (Book) {
    option (google.api.http) = { patch: "/v1/{book.name=shelves/*/books/*}" body: "book" };
  }
  rpc ReadBook(GetBookRequest) returns (stream Page) { option (google.api.http).get = "/v1/pages"; }
  rpc WriteBook(stream Page) returns (Book) { option (google.api.http) = { post: "/v1/pages" body: "*" }; }
  rpc Hidden(Page) returns (Page);
}
message GetBookRequest { string name = 1; Filter filter = 2; repeated int32 pages = 3; int64 since = 4 [deprecated = true]; }
message Filter { string author = 1; Filter inner = 2; }
message UpdateBookRequest { Book book = 1 [(google.api.field_behavior) = REQUIRED]; google.protobuf.FieldMask update_mask = 2; }
message Book {
  string name = 1 [(google.api.field_behavior) = OUTPUT_ONLY];
  string book_title = 2 [(google.api.field_behavior) = REQUIRED];
  map<string, Page> pages = 3;
  oneof price { int64 cents = 4; google.protobuf.StringValue free_text = 5; }
  bytes cover = 6;
  Kind kind = 7;
  google.protobuf.Duration loan = 8;
  Book sequel = 9;
}
message Page { float width = 1; uint32 number = 2; }
enum Kind { KIND_UNSPECIFIED = 0; KIND_NOVEL = 1; }
"""


@pytest.fixture(scope="module")
def face():
    return rest_face(from_texts({"acme/library/v1/library.proto": TEXT}), ["acme.library.v1"])


def test_it_is_a_valid_contract(face, tmp_path) -> None:
    assert _errors(face.document, tmp_path) == []


def _errors(document, folder: Path) -> list[str]:
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), "utf-8")
    return [str(one) for one in apicontract.validate(str(path)).findings if str(one.severity) == "error"]


def test_paths_and_parameters(face) -> None:
    assert list(face.document["paths"]) == [
        "/v1/archive/{archive}",
        "/v1/pages",
        "/v1/shelves/{shelf}/books/{book}",
    ]
    book = face.document["paths"]["/v1/shelves/{shelf}/books/{book}"]
    names = [(one["in"], one["name"]) for one in book["get"]["parameters"]]
    assert names == [
        ("path", "shelf"),
        ("path", "book"),
        ("query", "pages"),
        ("query", "since"),
        ("query", "filter.author"),
    ]
    assert book["get"]["parameters"][3]["deprecated"] is True
    assert book["get"]["summary"] == "One book."
    assert book["get"]["description"] == "One book.\n\nWith all its pages."
    assert book["patch"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Book"
    }
    assert [one["name"] for one in book["patch"]["parameters"]] == ["shelf", "book", "updateMask"]
    assert book["get"]["operationId"] != face.document["paths"]["/v1/archive/{archive}"]["get"]["operationId"]


def test_messages_as_proto_json_has_them(face) -> None:
    book = face.document["components"]["schemas"]["Book"]
    assert book["required"] == ["bookTitle"]
    assert book["properties"]["name"] == {"type": "string", "readOnly": True}
    assert book["properties"]["pages"]["additionalProperties"] == {"$ref": "#/components/schemas/Page"}
    assert book["properties"]["cents"]["type"] == "string"
    assert book["properties"]["freeText"] == {"type": ["string", "null"]}
    assert book["properties"]["cover"] == {"type": "string", "contentEncoding": "base64"}
    assert book["properties"]["sequel"] == {"$ref": "#/components/schemas/Book"}
    assert book["allOf"] == [{"not": {"required": ["cents", "freeText"]}}]
    assert face.document["components"]["schemas"]["Kind"]["enum"] == ["KIND_UNSPECIFIED", "KIND_NOVEL"]
    assert face.document["components"]["schemas"]["Page"]["properties"]["number"]["minimum"] == 0


def test_a_stream_of_answers_is_an_array_and_what_has_no_face_is_named(face) -> None:
    pages = face.document["paths"]["/v1/pages"]
    assert set(pages) == {"get"}
    assert pages["get"]["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "array"
    assert dict(face.left_out) == {
        "acme.library.v1.Library.WriteBook": "its client sends a stream",
        "acme.library.v1.Library.Hidden": "it has no HTTP route",
    }


ODD = """
syntax = "proto3";
package acme.odd.v1;
import "google/api/annotations.proto";
import "google/api/httpbody.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto";
message Book {
  string name = 1; double weight = 2; google.protobuf.FloatValue width = 3; google.protobuf.Value free = 4;
  repeated string tags = 5; Book sequel = 6; google.api.HttpBody file = 7; google.protobuf.Struct more = 8;
}
service Books {
  rpc Upload(google.api.HttpBody) returns (google.api.HttpBody) { option (google.api.http) = { post: "/v1/raw" body: "*" }; }
  rpc Attach(Book) returns (Book) { option (google.api.http) = { put: "/v1/{name}/file" body: "file" response_body: "file" }; }
  rpc Follow(Book) returns (stream google.api.HttpBody) { option (google.api.http).get = "/v1/follow/{name}"; }
  rpc Anything(Book) returns (Book) { option (google.api.http).get = "/v1/*/x/**"; }
  rpc Look(Book) returns (Book) { option (google.api.http) = { custom { kind: "HEAD" path: "/v1/head/{name}" } }; }
  rpc One(Book) returns (Book) { option (google.api.http).get = "/v1/{name=a/*/b/**}"; }
  rpc Other(Book) returns (Book) { option (google.api.http).delete = "/v1/a/{name}/b/{sequel.name=**}"; }
  rpc Third(Book) returns (Book) { option (google.api.http).get = "/v1/a/{sequel.name}/b/{name}"; }
  rpc Crossed(Book) returns (Book) { option (google.api.http).get = "/v2/{name=shelves/*}/x/{sequel.name=shelves/*}"; }
  rpc NoField(Book) returns (Book) { option (google.api.http).get = "/v1/bad/{nope}"; }
  rpc Many(Book) returns (Book) { option (google.api.http).get = "/v1/bad/{tags}"; }
  rpc Whole(Book) returns (Book) { option (google.api.http).get = "/v1/bad/{sequel}"; }
  rpc Twice(Book) returns (Book) { option (google.api.http).get = "/v1/bad/{name}/{name}"; }
  rpc NoBody(Book) returns (Book) { option (google.api.http) = { post: "/v1/bad" body: "nope" }; }
  rpc GetBody(Book) returns (Book) { option (google.api.http) = { get: "/v1/bad" body: "*" }; }
  rpc Both(Book) returns (Book) { option (google.api.http) = { post: "/v1/bad/{name}" body: "name" }; }
  rpc NoAnswer(Book) returns (Book) { option (google.api.http) = { get: "/v1/bad" response_body: "nope" }; }
}
"""


@pytest.fixture(scope="module")
def odd():
    return rest_face(from_texts({"acme/odd/v1/odd.proto": ODD}), ["acme.odd.v1"])


def test_what_no_server_of_rest_can_have_is_named_and_the_rest_is_valid(odd, tmp_path) -> None:
    assert _errors(odd.document, tmp_path) == []
    assert {name.rpartition(".")[2]: why for name, why in odd.left_out} == {
        "Third": "GET /v1/a/{a}/b/{b} is another method's",
        "NoField": "`{nope}` is no field of the request, in `/v1/bad/{nope}`",
        "Many": "`{tags}` is a field of many values, in `/v1/bad/{tags}`",
        "Whole": "`{sequel}` is a message, in `/v1/bad/{sequel}`",
        "Twice": "`{name}` stands there twice, in `/v1/bad/{name}/{name}`",
        "NoBody": "its body `nope` is no field of the request, in `/v1/bad`",
        "GetBody": "GET has no body, in `/v1/bad`",
        "Both": "`name` is in the path and the body, in `/v1/bad/{name}`",
        "NoAnswer": "its response body `nope` is no field of the response, in `/v1/bad`",
    }


def test_a_body_of_any_type_is_the_bytes_themselves(odd) -> None:
    paths = odd.document["paths"]
    raw = {"*/*": {}}
    for operation in (paths["/v1/raw"]["post"], paths["/v1/{name}/file"]["put"]):
        assert operation["requestBody"]["content"] == raw
        assert operation["responses"]["200"]["content"] == raw
    assert paths["/v1/follow/{name}"]["get"]["responses"]["200"]["content"] == raw


def test_wildcards_are_parameters_and_paths_of_one_shape_are_one_path(odd) -> None:
    paths = odd.document["paths"]
    anything = paths["/v1/{segment}/x/{segment_2}"]["get"]["parameters"]
    assert [(one["name"], one.get("description")) for one in anything[:2]] == [
        ("segment", "Any segment."),
        ("segment_2", "Any number of segments."),
    ]
    assert set(paths["/v1/a/{a}/b/{b}"]) == {"get", "delete"}
    assert [one["name"] for one in paths["/v1/a/{a}/b/{b}"]["delete"]["parameters"][:2]] == ["a", "b"]
    crossed = paths["/v2/shelves/{shelf}/x/shelves/{shelf_2}"]["get"]["parameters"]
    assert [(one["name"], one["description"].split("`")[1]) for one in crossed[:2]] == [
        ("shelf", "name"),
        ("shelf_2", "sequel.name"),
    ]


def test_numbers_that_are_none_are_texts_and_a_head_has_no_body(odd) -> None:
    book = odd.document["components"]["schemas"]["Book"]["properties"]
    words = {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}
    assert book["weight"] == {"anyOf": [{"type": "number", "format": "double"}, words]}
    assert book["width"] == {"anyOf": [{"type": ["number", "null"], "format": "float"}, words]}
    head = odd.document["paths"]["/v1/head/{name}"]["head"]
    assert [one["content"] for one in head["responses"].values() if "content" in one] == []


def test_what_no_query_can_hold_is_not_in_one(odd) -> None:
    named = {one["name"] for one in odd.document["paths"]["/v1/head/{name}"]["head"]["parameters"]}
    assert {"weight", "tags", "sequel.weight"} <= named
    assert not [one for one in named if "free" in one or "more" in one]


def test_the_yaml_has_no_anchors(odd) -> None:
    text = as_yaml(odd.document)
    assert yaml.safe_load(text) == odd.document
    assert not [line for line in text.splitlines() if "&id" in line or "*id" in line]


def test_versions_follow_the_package() -> None:
    def version(package: str) -> str:
        text = TEXT.replace("acme.library.v1", package)
        return rest_face(from_texts({"x.proto": text}), [package]).document["info"]["version"]

    assert version("acme.library.v2") == "2.0.0"
    assert version("acme.library.v1beta1").startswith("1.0.0-")
    assert version("acme.library") == "0.0.0"


@pytest.mark.parametrize("folder", ["protos-v1", "protos-v2", "clinic-protos"])
def test_the_examples_have_one(folder: str, tmp_path: Path) -> None:
    [contract] = FORMAT.find([str(EXAMPLES / folder)], ReadOptions(), print).values()
    document = rest_face(contract, contract.unit.packages).document
    assert document["paths"]
    assert _errors(document, tmp_path) == []
