"""Structure, in words: each mistake is said once, at its place, as a person would."""

from __future__ import annotations

import pytest

HEAD = "info: {title: Orders, version: 1.0.0}\n"
PARAMETER = "openapi: 3.0.3\npaths: {}\ncomponents: {parameters: {a: %s}}"
PARAMETER_31 = PARAMETER.replace("3.0.3", "3.1.0")
SCHEMA = "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: %s}}"
SCHEMA_31 = SCHEMA.replace("3.0.3", "3.1.0")
SECURITY = "openapi: %s\npaths: {}\ncomponents: {securitySchemes: {a: %s}}"
A = "/components/parameters/a"
S = "/components/schemas/A"

# document: (rule, pointer, a part of the message) of everything that is found
CASES = {
    "nothing but a version": ("openapi: 3.0.3", [("missing-field", "", "the description lacks `paths`")]),
    "neither paths nor components nor webhooks": (
        "openapi: 3.1.0",
        [("missing-field", "", "the description lacks `paths`, `components` or `webhooks`")],
    ),
    "a parameter without a schema": (
        PARAMETER % "{name: a, in: query}",
        [("missing-field", A, "the parameter lacks `schema` or `content`")],
    ),
    "a parameter with schema and content": (
        PARAMETER % "{name: a, in: query, schema: {}, content: {a/b: {}}}",
        [("fields-exclude-each-other", A, "`content` and `schema` exclude each other")],
    ),
    "a parameter somewhere else": (
        PARAMETER % "{name: a, in: body, schema: {}}",
        [
            (
                "value-not-allowed",
                f"{A}/in",
                '`in` of the parameter is "body", and must be one of "path", "query"',
            )
        ],
    ),
    "a parameter with a style of another place": (
        PARAMETER % "{name: a, in: header, style: form, schema: {}}",
        [("value-not-allowed", f"{A}/style", '`style` of the parameter is "form", and must be "simple"')],
    ),
    "a parameter without a place": (
        PARAMETER_31 % "{name: a, schema: {}}",
        [("missing-field", A, "the parameter lacks `in`")],
    ),
    "a style beside content": (
        PARAMETER_31 % "{name: a, in: query, style: form, content: {a/b: {}}}",
        [
            (
                "unknown-field",
                f"{A}/style",
                "`style` is not allowed in the parameter beside `in: query` and `content`",
            )
        ],
    ),
    "a schema inside, wrong twice": (
        PARAMETER % "{name: a, in: query, schema: {type: strng, minLength: x}}",
        [
            ("value-not-allowed", f"{A}/schema/type", '`type` of the schema is "strng"'),
            ("wrong-type", f"{A}/schema/minLength", "must be an integer, but is the string"),
        ],
    ),
    "a reference that is no text": (
        PARAMETER % "{$ref: 5}",
        [("wrong-type", f"{A}/$ref", "`$ref` of the parameter must be a string, but is 5")],
    ),
    "a field beside a reference": (
        PARAMETER_31 % "{$ref: '#/components/parameters/b', name: a}".replace("a: %s", ""),
        [
            ("reference-unresolved", f"{A}/$ref", "#/components/parameters/b"),
            ("unknown-field", f"{A}/name", "`name` is not allowed beside `$ref`"),
        ],
    ),
    "a keyword of another version": (
        SCHEMA % "{const: 1}",
        [("unknown-field", f"{S}/const", "it belongs to OpenAPI 3.1, 3.2")],
    ),
    "a misspelt keyword": (
        SCHEMA % "{type: object, propertys: {}}",
        [("unknown-field", f"{S}/propertys", "did you mean `properties`?")],
    ),
    "a list of types before 3.1": (
        SCHEMA % "{type: [string, 'null']}",
        [("wrong-type", f"{S}/type", "must be a string, but is a list")],
    ),
    "a flag of draft 4 in 3.1": (
        SCHEMA_31 % "{type: integer, minimum: 1, exclusiveMinimum: true}",
        [("wrong-type", f"{S}/exclusiveMinimum", "must be a number, but is true")],
    ),
    "no such type in 3.1": (
        SCHEMA_31 % "{properties: {a: {type: any}}}",
        [("value-not-allowed", f"{S}/properties/a/type", '"any", and must be one of "array", "boolean"')],
    ),
    "a schema that is a list": (
        SCHEMA_31 % "[]",
        [("wrong-type", S, "must be a boolean or an object, but is a list")],
    ),
    "a security scheme of no type": (
        SECURITY % ("3.0.3", "{type: basic}"),
        [
            (
                "value-not-allowed",
                "/components/securitySchemes/a/type",
                '"apiKey", "http", "oauth2", "openIdConnect"',
            )
        ],
    ),
    "a security scheme without a type": (
        SECURITY % ("3.2.0", "{name: a, in: header}"),
        [("missing-field", "/components/securitySchemes/a", "the security scheme lacks `type`")],
    ),
    "an API key without a place": (
        SECURITY % ("3.0.3", "{type: apiKey, name: a}"),
        [("missing-field", "/components/securitySchemes/a", "the security scheme lacks `in`")],
    ),
    "a bearer format for basic": (
        SECURITY % ("3.0.3", "{type: http, scheme: basic, bearerFormat: JWT}"),
        [
            (
                "unknown-field",
                "/components/securitySchemes/a/bearerFormat",
                "beside `type: http` and `scheme: basic`",
            )
        ],
    ),
    "a flow without an address": (
        SECURITY % ("3.1.0", "{type: oauth2, flows: {implicit: {scopes: {}}}}"),
        [("missing-field", "/components/securitySchemes/a/flows/implicit", "lacks `authorizationUrl`")],
    ),
    "a path that is a list": (
        "openapi: 3.0.3\npaths: {/a: []}",
        [("wrong-type", "/paths/~1a", "`/a` of the paths object must be an object, but is a list")],
    ),
    "a parameter of Swagger without a type": (
        "swagger: '2.0'\npaths: {}\nparameters: {a: {name: a, in: query}}",
        [("missing-field", "/parameters/a", "the parameter lacks `type`")],
    ),
    "a misspelt place in Swagger": (
        "swagger: '2.0'\npaths: {}\nparameters: {a: {name: a, in: qury, type: string}}",
        [("value-not-allowed", "/parameters/a/in", '"body", "header", "formData", "query", "path"')],
    ),
    "several values of one header in Swagger": (
        (
            "swagger: '2.0'\npaths: {}\n"
            "parameters: {a: {name: a, in: header, type: array, items: {type: string}, collectionFormat: multi}}"
        ),
        [("value-not-allowed", "/parameters/a/collectionFormat", '"multi", and must be one of "csv"')],
    ),
    "a scheme in the host": (
        "swagger: '2.0'\nhost: https://example.com\npaths: {}",
        [("malformed-value", "/host", "it must be a host name or address")],
    ),
    "a base path without a slash": (
        "swagger: '2.0'\nbasePath: v1\npaths: {}",
        [("malformed-value", "/basePath", "it must start with a slash")],
    ),
    "no responses but an extension": (
        "swagger: '2.0'\npaths: {/a: {get: {responses: {x-a: 1}}}}",
        [("response-missing", "/paths/~1a/get/responses", "no response is declared")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_structure(name, findings):
    text, expected = CASES[name]
    found = findings(HEAD + text)
    assert [(finding.rule, finding.place.pointer) for finding in found] == [each[:2] for each in expected]
    for finding, (_, _, part) in zip(found, expected, strict=True):
        assert part in finding.message
        assert "given schemas" not in finding.message


def test_advice_names_the_nearest_value(findings):
    (finding,) = findings(HEAD + SCHEMA % "{type: strng}")
    assert finding.advice == "did you mean `string`?"


def test_one_run_finds_everything(findings):
    found = findings(HEAD + "openapi: 3.0.3\nfoo: 1\npaths: {a: {}}\ntags: {}\nservers: [{}]")
    assert {finding.rule for finding in found} == {
        "unknown-field",
        "path-without-slash",
        "wrong-type",
        "missing-field",
    }
