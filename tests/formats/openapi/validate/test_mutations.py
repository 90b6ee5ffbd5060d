"""Validate never raises, whatever stands in a document; and says each thing once, in document order."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from apicontract.formats.openapi.order import in_document_order
from apicontract.formats.openapi.validate.rules import RULES
from apicontract.sources import read

from .mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding
    from apicontract.sources import Json

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.yaml"))
KNOWN = {rule.id for rule in RULES}
RUNS = 250


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_mistakes_never_raise(path: Path, findings_of: Callable[[Json], list[Finding]]) -> None:
    document = read(str(path)).root.value
    assert isinstance(document, dict)
    for seed in range(RUNS):
        for finding in findings_of(mutate(document, Random(seed))):  # noqa: S311  # mistakes, not secrets
            assert finding.rule in KNOWN
            assert finding.message
            assert finding.place.document is not None


@pytest.mark.parametrize("odd", [None, True, 0, -1.5, "x", [], {}, [[]], {"a": {}}, {"$ref": "#"}], ids=repr)
@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0", "3.2.0"])
def test_every_field_may_hold_anything(
    version: str, odd: Json, findings_of: Callable[[Json], list[Finding]]
) -> None:
    field = "swagger" if version == "2.0" else "openapi"
    fields = (
        "info servers paths components security tags externalDocs webhooks jsonSchemaDialect host basePath "
        "definitions parameters responses securityDefinitions consumes produces $self"
    )
    findings_of({field: version, **dict.fromkeys(fields.split(), odd)})
    findings_of({field: version, "paths": {"/a": odd, "/b": {"get": odd, "parameters": odd}}})
    findings_of(
        {field: version, "components": dict.fromkeys(("schemas", "parameters", "links", "callbacks"), odd)}
    )


def test_deep_nesting_and_cycles(findings_of: Callable[[Json], list[Finding]]) -> None:
    deep: Json = {"type": "string"}
    for _ in range(200):
        deep = {"properties": {"a": deep}}
    circle = {
        "A": {"allOf": [{"$ref": "#/components/schemas/B"}]},
        "B": {"items": {"$ref": "#/components/schemas/A"}},
    }
    schemas: Json = {
        "Deep": deep,
        **circle,
        "Self": {"$ref": "#/components/schemas/Self"},
        "Default": {"allOf": [{"$ref": "#/components/schemas/Default"}], "default": 1},
    }
    info: Json = {"title": "Orders", "version": "1"}
    for version in ("3.0.3", "3.1.0"):
        findings_of({"openapi": version, "info": info, "paths": {}, "components": {"schemas": schemas}})


def test_findings_come_once_and_in_document_order(
    tmp_path: Path, findings: Callable[[str], list[Finding]]
) -> None:
    found = findings(
        "openapi: 3.0.3\n"
        "paths:\n"
        "  /b: {get: {responses: {'20': {}}}}\n"
        "  /a: {get: {parameters: [{name: a, in: bdoy, schema: {typ: string}}], responses: {}}}\n"
        "info: {title: [Orders], version: '1', titel: x}\n"
        "tags: [{name: a}, {name: a}]\n"
    )
    pointers = [finding.place.pointer for finding in found]
    assert pointers == [
        "/paths/~1b/get/responses/20",
        "/paths/~1a/get/parameters/0/in",
        "/paths/~1a/get/parameters/0/schema/typ",
        "/paths/~1a/get/responses",
        "/info/title",
        "/info/titel",
        "/tags/1",
    ]
    assert in_document_order(found, read(str(tmp_path / "contract.yaml"))) == found
