"""Every field of the OpenAPI object model is classified by a rule, or waived with a reason.

The fields are read from the official meta-schemas, so that a new version of OpenAPI fails this test
until somebody has decided what a change of each new field means.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from apicontract.formats.openapi.diff.rules import CATALOGUE

PROSE = "api-documentation-changed"
# Objects that are followed or built on, field by field; a name in lower case joins the versions' spellings.
NAMES = {
    "headerparametersubschema": "parameter",
    "queryparametersubschema": "parameter",
    "pathparametersubschema": "parameter",
    "bodyparameter": "parameter",
    "formdataparametersubschema": "parameter",
    "primitivesitems": "parameter",
    "externaldocumentation": "externaldocs",
    "apikeysecurityscheme": "securityscheme",
    "httpsecurityscheme": "securityscheme",
    "oauth2securityscheme": "securityscheme",
    "openidconnectsecurityscheme": "securityscheme",
    "basicauthenticationsecurity": "securityscheme",
    "apikeysecurity": "securityscheme",
    "oauth2implicitsecurity": "securityscheme",
    "oauth2passwordsecurity": "securityscheme",
    "oauth2applicationsecurity": "securityscheme",
    "oauth2accesscodesecurity": "securityscheme",
    "implicitoauthflow": "oauthflow",
    "passwordoauthflow": "oauthflow",
    "clientcredentialsflow": "oauthflow",
    "authorizationcodeoauthflow": "oauthflow",
    "jsonreference": "reference",
    "parameterlocation": "parameter",
    "fileschema": "schema",
}
SCHEMA_RULES = {
    "type": "request-type-changed", "enum": "request-enum-value-removed", "const": "request-const-changed",
    "format": "request-format-changed", "multipleOf": "request-multiple-of-changed",
    "maximum": "request-maximum-decreased", "exclusiveMaximum": "request-maximum-decreased",
    "minimum": "request-minimum-increased", "exclusiveMinimum": "request-minimum-increased",
    "maxLength": "request-max-length-decreased", "minLength": "request-min-length-increased",
    "pattern": "request-pattern-changed", "maxItems": "request-max-items-decreased",
    "minItems": "request-min-items-increased", "uniqueItems": "request-unique-items-added",
    "maxProperties": "request-max-properties-decreased", "minProperties": "request-min-properties-increased",
    "required": "request-property-became-required", "not": "request-not-changed",
    "allOf": "request-schema-rewritten", "oneOf": "request-alternatives-changed", "anyOf": "request-alternative-removed",
    "items": "request-items-changed", "properties": "request-property-removed",
    "additionalProperties": "request-additional-properties-closed", "default": "request-default-changed",
    "nullable": "response-became-nullable", "discriminator": "request-discriminator-changed",
    "readOnly": "request-read-only-added", "writeOnly": "response-write-only-added",
    "deprecated": "request-deprecated-added", "xml": "request-xml-changed",
    "title": "request-schema-documentation-changed", "description": "request-schema-documentation-changed",
    "example": "request-schema-documentation-changed", "examples": "request-schema-documentation-changed",
    "externalDocs": "request-schema-documentation-changed",
}  # fmt: skip
FOLLOWED = "WAIVED: references are followed; what they lead to is compared"
HOLDER = "WAIVED: a holder; each thing in it is compared where it is used"
VERSION = "WAIVED: the declared version is what the gate judges, not a change of the contract"
CLASSIFIED = {
    "schema": {**SCHEMA_RULES, "$ref": FOLLOWED},
    "root": {
        "openapi": "openapi-version-changed", "swagger": "openapi-version-changed", "info": PROSE, "externalDocs": PROSE,
        "servers": "server-removed", "host": "server-url-changed", "basePath": "server-url-changed", "schemes": "server-removed",
        "consumes": "request-media-type-removed", "produces": "response-media-type-removed", "paths": "operation-removed",
        "webhooks": "webhook-removed", "components": HOLDER, "definitions": HOLDER, "parameters": HOLDER, "responses": HOLDER,
        "securityDefinitions": "security-scheme-changed", "security": "security-alternative-removed", "tags": "tag-changed",
        "jsonSchemaDialect": "WAIVED: it says how schemas read; the schemas are compared under what each side says",
        "$self": "WAIVED: it says where the document is; references that go by it are followed",
    },
    "info": {**dict.fromkeys(("title", "summary", "description", "termsOfService", "contact", "license"), PROSE), "version": VERSION},
    "contact": dict.fromkeys(("name", "url", "email"), PROSE),
    "license": dict.fromkeys(("name", "url", "identifier"), PROSE),
    "externaldocs": dict.fromkeys(("description", "url"), "operation-documentation-changed"),
    "tag": dict.fromkeys(("name", "summary", "description", "externalDocs", "parent", "kind"), "tag-changed"),
    "server": {"url": "server-url-changed", "description": "server-documentation-changed",
               "name": "server-documentation-changed", "variables": "server-variable-value-removed"},
    "servervariable": {"enum": "server-variable-value-removed", "default": "server-variable-default-changed",
                       "description": "WAIVED: prose of a variable is read by the one who edits it"},
    "components": dict.fromkeys(
        ("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks",
         "pathItems", "mediaTypes"), HOLDER),
    "pathitem": {
        **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query", "additionalOperations"), "operation-removed"),
        "$ref": FOLLOWED, "summary": "path-documentation-changed", "description": "path-documentation-changed",
        "servers": "server-removed", "parameters": "request-parameter-removed",
    },
    "operation": {
        "tags": "operation-documentation-changed", "summary": "operation-documentation-changed",
        "description": "operation-documentation-changed", "externalDocs": "operation-documentation-changed",
        "operationId": "operation-id-changed", "parameters": "request-parameter-removed", "requestBody": "request-body-dropped",
        "responses": "response-status-removed", "callbacks": "callback-removed", "deprecated": "deprecated",
        "security": "security-alternative-removed", "servers": "server-removed", "produces": "response-media-type-removed",
        "consumes": "request-media-type-removed", "schemes": "server-removed",
    },
    "parameter": {
        **SCHEMA_RULES,
        "name": "parameter-renamed", "in": "request-parameter-moved", "description": "parameter-documentation-changed",
        "required": "request-parameter-became-required", "deprecated": "deprecated",
        "allowEmptyValue": "request-empty-value-refused", "style": "request-parameter-serialisation-changed",
        "explode": "request-parameter-serialisation-changed", "allowReserved": "request-reserved-characters-refused",
        "schema": "request-type-changed", "content": "request-parameter-serialisation-changed",
        "collectionFormat": "request-parameter-serialisation-changed",
        "example": "parameter-documentation-changed", "examples": "parameter-documentation-changed",
    },
    "header": {
        **SCHEMA_RULES,
        "description": "header-documentation-changed", "required": "response-header-became-optional", "deprecated": "deprecated",
        "style": "WAIVED: a header has the one style `simple`", "explode": "response-header-serialisation-changed",
        "schema": "response-type-changed", "content": "response-header-serialisation-changed",
        "example": "header-documentation-changed", "examples": "header-documentation-changed",
        "allowEmptyValue": "WAIVED: means nothing for a header (OAS 3.0.3, 4.7.21)",
        "allowReserved": "WAIVED: means nothing for a header (OAS 3.0.3, 4.7.21)",
        "collectionFormat": "WAIVED: headers of Swagger 2.0 are read as lists separated by commas",
    },
    "requestbody": {"description": "body-documentation-changed", "content": "request-media-type-removed",
                    "required": "request-body-became-required"},
    "mediatype": {
        "schema": "request-type-changed", "itemSchema": "request-type-changed",
        "example": "media-type-documentation-changed", "examples": "media-type-documentation-changed",
        "encoding": "request-encoding-content-type-changed", "prefixEncoding": "request-encoding-serialisation-changed",
        "itemEncoding": "request-encoding-serialisation-changed", "description": "media-type-documentation-changed",
    },
    "encoding": {
        "contentType": "request-encoding-content-type-changed", "headers": "request-header-added",
        "style": "request-encoding-serialisation-changed", "explode": "request-encoding-serialisation-changed",
        "allowReserved": "request-encoding-serialisation-changed",
        "encoding": "WAIVED: nested encodings are compared as part of the outer one's text",
        "prefixEncoding": "WAIVED: nested encodings are compared as part of the outer one's text",
        "itemEncoding": "WAIVED: nested encodings are compared as part of the outer one's text",
    },
    "responses": {"default": "response-status-removed"},
    "response": {
        "description": "response-documentation-changed", "summary": "response-documentation-changed",
        "headers": "response-header-removed", "content": "response-media-type-removed", "links": "link-removed",
        "schema": "response-type-changed", "examples": "response-documentation-changed",
    },
    "example": dict.fromkeys(("summary", "description", "value", "externalValue", "dataValue", "serializedValue"),
                             "media-type-documentation-changed"),
    "examples": dict.fromkeys(("example", "examples"), "media-type-documentation-changed"),
    "link": dict.fromkeys(("operationRef", "operationId", "parameters", "requestBody", "description", "server", "body"), "link-changed"),
    "discriminator": dict.fromkeys(("propertyName", "mapping"), "request-discriminator-changed"),
    "xml": dict.fromkeys(("name", "namespace", "prefix", "attribute", "wrapped"), "request-xml-form-changed"),
    "reference": {"$ref": FOLLOWED, "summary": "WAIVED: prose of a reference", "description": "WAIVED: prose of a reference"},
    "securityscheme": {
        **dict.fromkeys(("type", "name", "in", "scheme", "openIdConnectUrl"), "security-scheme-changed"),
        "description": "security-scheme-documentation-changed", "bearerFormat": "security-scheme-documentation-changed",
        "flows": "oauth-flow-removed", "flow": "oauth-flow-removed", "scopes": "oauth-scope-removed",
        "authorizationUrl": "oauth-url-changed", "tokenUrl": "oauth-url-changed", "deprecated": "deprecated",
    },
    "oauthflows": dict.fromkeys(
        ("implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"), "oauth-flow-removed"),
    "oauthflow": {"authorizationUrl": "oauth-url-changed", "tokenUrl": "oauth-url-changed", "refreshUrl": "oauth-url-changed",
                  "scopes": "oauth-scope-removed"},
}  # fmt: skip


def fields():
    spec = find_spec("openapi_spec_validator")
    folder = Path(spec.origin).parent / "resources" / "schemas"
    for version in ("v2.0", "v3.0", "v3.1", "v3.2"):
        meta = json.loads((folder / version / "schema.json").read_text(encoding="utf-8"))
        objects = {**meta.get("definitions", {}), **meta.get("$defs", {}), "root": meta}
        for name, schema in objects.items():
            plain = name.lower().replace("-", "")
            for field in own_fields(schema):
                yield version, NAMES.get(plain, plain), field


def own_fields(schema):
    parts = [schema, *schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]
    parts += list(schema.get("dependentSchemas", {}).values())
    return dict.fromkeys(
        name for part in parts if isinstance(part, dict) for name in part.get("properties") or {}
    )


ALL = sorted({(name, field) for _, name, field in fields()})


@pytest.mark.parametrize(("name", "field"), ALL, ids=[f"{name}.{field}" for name, field in ALL])
def test_every_field_is_classified_or_waived(name, field):
    decided = CLASSIFIED.get(name, {}).get(field)
    assert decided, f"what does a change of `{field}` of a {name} mean?"
    assert decided.startswith("WAIVED: ") or decided in CATALOGUE


def test_the_audit_names_no_field_that_does_not_exist():
    known = set(ALL)
    beyond = {(name, field) for name, listed in CLASSIFIED.items() for field in listed} - known
    assert beyond <= {("schema", "const"), ("parameter", "const"), ("header", "const")} | {
        (name, field) for name in ("schema", "parameter", "header") for field in SCHEMA_RULES
    } | {("link", "body"), ("mediatype", "description")}, beyond
