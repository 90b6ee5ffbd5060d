"""Contracts of several files: what stands in another file is checked there, once."""

from __future__ import annotations

from apicontract.formats.openapi.load import load
from apicontract.formats.openapi.validate import validate
from apicontract.sources import read

ROOT = """\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    $ref: paths/orders.yaml
  /orders/{id}:
    get:
      parameters: [{$ref: "common.yaml#/parameters/id"}]
      responses:
        "200": {$ref: "common.yaml#/responses/order"}
"""
ORDERS = """\
get:
  operationId: listOrders
  parameters: [{$ref: "../common.yaml#/parameters/id"}]
  responses:
    "200": {$ref: "../common.yaml#/responses/order"}
"""
COMMON = """\
parameters:
  id: {name: id, in: path, required: true, schema: {type: string}}
responses:
  order:
    description: The order
    content:
      application/json:
        schema: {$ref: "#/schemas/order"}
        example: {id: 1}
schemas:
  order:
    type: object
    properties:
      id: {type: string}
      kind: {type: strng}
      next: {$ref: "#/schemas/missing"}
"""


def found(tmp_path, **files):
    (tmp_path / "paths").mkdir(exist_ok=True)
    for name, text in files.items():
        path = tmp_path / "paths" / "orders.yaml" if name == "orders" else tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
    contract = load(read(str(tmp_path / "root.yaml")))
    return [
        (finding.rule, finding.place.document.uri.rsplit("/", 1)[-1], finding.place.pointer)
        for finding in validate(contract)
    ]


def test_each_file_is_checked_where_it_stands(tmp_path):
    assert found(tmp_path, root=ROOT, orders=ORDERS, common=COMMON) == [
        ("path-parameter-unused", "orders.yaml", "/get/parameters/0"),
        ("example-mismatch", "common.yaml", "/responses/order/content/application~1json/example/id"),
        ("value-not-allowed", "common.yaml", "/schemas/order/properties/kind/type"),
        ("reference-unresolved", "common.yaml", "/schemas/order/properties/next/$ref"),
    ]


def test_a_file_that_is_not_there(tmp_path):
    assert found(tmp_path, root=ROOT, common=COMMON.replace("strng", "string").replace("missing", "order"))[
        0
    ] == (
        "reference-unresolved",
        "root.yaml",
        "/paths/~1orders/$ref",
    )


def test_the_place_in_a_whole_description_decides_what_an_object_is(tmp_path):
    whole = (
        "openapi: 3.0.3\ninfo: {title: C, version: '1'}\npaths: {}\ncomponents:\n"
        "  parameters: {P: {name: p, in: query, schema: {type: string}}}\n  schemas: {S: {type: object}}\n"
    )
    uses = (
        "openapi: 3.0.3\ninfo: {title: C, version: '1'}\npaths:\n  /a:\n    get:\n"
        '      parameters: [{$ref: "common.yaml#/components/schemas/S"}]\n'
        '      responses: {"200": {description: k, content: {a/b: {schema: {$ref: "common.yaml#/components/schemas/S"}},'
        ' a/c: {schema: {$ref: "common.yaml#/components/parameters/P"}}, a/d: {schema: {$ref: common.yaml}},'
        ' a/e: {schema: {$ref: "common.yaml#/info"}}}}}\n'
    )
    at = "/paths/~1a/get"
    content = f"{at}/responses/200/content"
    assert found(tmp_path, root=uses, common=whole) == [
        ("reference-wrong-kind", "root.yaml", f"{at}/parameters/0/$ref"),
        *(("reference-wrong-kind", "root.yaml", f"{content}/a~1{name}/schema/$ref") for name in "cde"),
    ]


def test_a_file_of_another_kind(tmp_path):
    broken = ROOT.replace("common.yaml#/responses/order", "common.yaml#/parameters/id")
    assert ("reference-wrong-kind", "root.yaml", "/paths/~1orders~1{id}/get/responses/200/$ref") in found(
        tmp_path, root=broken, orders=ORDERS, common=COMMON
    )
