"""Structure, in words: each mistake is said once, at its place, as a person would."""

from __future__ import annotations

import pytest

import apicontract

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
            ("reference-siblings-ignored", f"{A}/name", "`name` beside `$ref` is ignored in OpenAPI 3.1"),
        ],
    ),
    "a field beside a reference of 3.2": (
        (
            "openapi: 3.2.0\npaths: {}\ncomponents: {parameters: {a: {$ref: '#/components/parameters/b', foo: 1},"
            " b: {name: b, in: query, schema: {}}}}"
        ),
        [("reference-siblings-ignored", f"{A}/foo", "`foo` beside `$ref` is ignored in OpenAPI 3.2")],
    ),
    "a parameter of 3.2 without a place": (
        PARAMETER.replace("3.0.3", "3.2.0") % "{name: a, required: false, style: form, schema: {}}",
        [("missing-field", A, "the parameter lacks `in`")],
    ),
    "an example twice in 3.2": (
        PARAMETER.replace("3.0.3", "3.2.0")
        % "{name: a, in: query, schema: {}, example: 1, examples: {a: {value: 1}}}",
        [("fields-exclude-each-other", A, "`example` and `examples` exclude each other")],
    ),
    "one bad status and no other": (
        "openapi: 3.1.0\npaths: {/a: {get: {responses: {'2': {description: A}}}}}",
        [("status-code-invalid", "/paths/~1a/get/responses/2", "`2` is no status code")],
    ),
    "a map where a schema belongs": (
        SCHEMA_31 % "{$ref: '#/components/schemas'}",
        [("reference-wrong-kind", f"{S}/$ref", "leads to a map of schema objects")],
    ),
    "the properties where a schema belongs": (
        SCHEMA % "{$ref: '#/components/schemas/B/properties'}, B: {properties: {type: {}}}",
        [("reference-wrong-kind", f"{S}/$ref", "leads to a map of schema objects")],
    ),
    "an empty name": (
        SCHEMA_31 % "{properties: {'': {type: strng}, minLength: {type: string}}}",
        [("value-not-allowed", f"{S}/properties//type", '`type` of the schema is "strng"')],
    ),
    "an empty name beside one that is alike": (
        SCHEMA_31 % "{properties: {'': {type: strng}, type: {type: string}}}",
        [("value-not-allowed", f"{S}/properties//type", '`type` of the schema is "strng"')],
    ),
    "a path item with a reference of 3.1": (
        (
            "openapi: 3.1.0\npaths: {/a: {$ref: '#/paths/~1b', foo: 1, get: {responses: {'204': {description: A}}}},"
            " /b: {post: {responses: {'204': {description: A}}}}}"
        ),
        [("unknown-field", "/paths/~1a/foo", "`foo`")],
    ),
    "a discriminator of 3.0 with a misspelt field": (
        SCHEMA % "{discriminator: {propertyName: k, mappings: {}}, properties: {k: {}}, required: [k]}",
        [("unknown-field", f"{S}/discriminator/mappings", "`mappings` is no field of the discriminator")],
    ),
    "a method with a field of its own": (
        "openapi: 3.2.0\npaths: {/a: {additionalOperations: {QUERY: {responses: {'204': {description: A}}}}}}",
        [("unknown-field", "/paths/~1a/additionalOperations/QUERY", "`QUERY` has a field of its own")],
    ),
    "a link of 3.0 to nothing": (
        "openapi: 3.0.3\npaths: {}\ncomponents: {links: {a: {description: A}}}",
        [("missing-field", "/components/links/a", "the link lacks `operationId` or `operationRef`")],
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


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0", "3.2.0"])
def test_addresses_are_addresses_in_every_version(version, findings):
    field = "swagger" if version == "2.0" else "openapi"
    text = (
        f"{field}: '{version}'\ninfo: {{title: T, version: '1', termsOfService: a b, contact: {{url: a b, email: a}},"
        " license: {name: A, url: a b}}\nexternalDocs: {url: a b}\npaths: {}\n"
    )
    flow = "authorizationUrl: a b, tokenUrl: a b, scopes: {}"
    if version == "2.0":
        text += f"securityDefinitions: {{a: {{type: oauth2, flow: accessCode, {flow}}}}}"
    else:
        text += (
            f"components: {{securitySchemes: {{a: {{type: oauth2, flows: {{authorizationCode: {{{flow}, refreshUrl: a b}}}}}},"
            " b: {type: openIdConnect, openIdConnectUrl: a b}}, examples: {e: {externalValue: a b}},"
            " schemas: {S: {xml: {namespace: a b}}}}"
        )
    found = findings(text)
    assert {(finding.rule, finding.severity.value) for finding in found} == {("malformed-value", "error")}
    assert [finding.message.split("`")[1] for finding in found] == [
        *([] if version == "2.0" else ["termsOfService"]),
        *("url", "email", "url", "url"),
        *(
            ["authorizationUrl", "tokenUrl"]
            if version == "2.0"
            else [
                "authorizationUrl",
                "tokenUrl",
                "refreshUrl",
                "openIdConnectUrl",
                "externalValue",
                "namespace",
            ]
        ),
    ]


def test_half_of_a_character_is_said_where_it_stands(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        '{"openapi": "3.0.3", "info": {"title": "T", "version": "1"},\n "paths": {}, "\\ud800": 1}'
    )
    (finding,) = apicontract.validate(path).findings
    assert (finding.rule, finding.place.line, finding.place.column) == ("malformed-value", 2, 25)


def test_what_an_alias_repeats_is_reported_once(findings):
    (finding,) = findings(
        HEAD
        + "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n"
        + "    A: {properties: {x: &x {type: strng}, y: *x}}\n    B: {properties: {z: *x}}\n"
    )
    assert finding.place.pointer == "/components/schemas/A/properties/x/type"


def test_one_run_finds_everything(findings):
    found = findings(HEAD + "openapi: 3.0.3\nfoo: 1\npaths: {a: {}}\ntags: {}\nservers: [{}]")
    assert {finding.rule for finding in found} == {
        "unknown-field",
        "path-without-slash",
        "wrong-type",
        "missing-field",
    }
