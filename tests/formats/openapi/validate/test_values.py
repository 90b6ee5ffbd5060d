"""Values against schemas: which dialect, who sends, and where the example stands."""

from __future__ import annotations

import pytest

HEAD = "info: {title: Orders, version: 1.0.0}\n"
ORDER = (
    "Order: {type: object, required: [id, secret], properties: {id: {type: string, readOnly: true}, "
    "secret: {type: string, writeOnly: true}}}"
)


def schema(text, version="3.0.3"):
    return f"openapi: {version}\npaths: {{}}\ncomponents: {{schemas: {{A: {text}}}}}"


def message(kind, content):
    return f"openapi: 3.0.3\npaths: {{}}\ncomponents: {{schemas: {{{ORDER}}}, {kind}: {{a: {{{content}}}}}}}"


BODY = "content: {application/json: {schema: {$ref: '#/components/schemas/Order'}, example: %s}}"
FIRES = {
    "null where it is not allowed": (schema("{type: string, default: null}"), "default-mismatch", "default"),
    "null beside an enum": (
        schema("{type: string, nullable: true, enum: [a], default: null}"),
        "default-mismatch",
        'is null, and must be "a"',
    ),
    "an exclusive bound of draft 4": (
        schema("{type: integer, minimum: 1, exclusiveMinimum: true, default: 1}"),
        "default-mismatch",
        "is 1, and must be more than 1",
    ),
    "beyond int32": (
        schema("{type: integer, format: int32, default: 2147483648}"),
        "default-mismatch",
        "at most",
    ),
    "no date": (
        schema("{type: string, format: date, default: '2024-02-30'}"),
        "default-mismatch",
        "no valid date",
    ),
    "no base64": (schema("{type: string, format: byte, default: '%'}"), "default-mismatch", "no valid byte"),
    "a default of an enum": (schema("{enum: [a, b], default: c}"), "default-mismatch", 'one of "a", "b"'),
    "a default behind allOf": (
        schema("{allOf: [{$ref: '#/components/schemas/B'}], default: 1}, B: {type: string}"),
        "default-mismatch",
        "must be a string, but is 1",
    ),
    "a tuple of 3.1": (
        schema("{prefixItems: [{type: string}], items: false, examples: [[1], [a]]}", "3.1.0"),
        "example-mismatch",
        "must be a string, but is 1",
    ),
    "an enum against its pattern": (
        schema("{pattern: '^a', enum: [a, b]}"),
        "enum-value-mismatch",
        "does not match",
    ),
    "a parameter": (
        "openapi: 3.0.3\npaths: {}\ncomponents: {parameters: {p: {name: p, in: query, schema: {type: integer}, example: a}}}",
        "example-mismatch",
        "must be an integer",
    ),
    "a header": (
        "openapi: 3.0.3\npaths: {}\ncomponents: {headers: {h: {schema: {type: integer}, examples: {e: {value: a}}}}}",
        "example-mismatch",
        "the example `e`",
    ),
    "a referenced example": (
        (
            "openapi: 3.0.3\npaths: {}\ncomponents: {examples: {a: {value: 1}}, requestBodies: {b: {content:"
            " {application/json: {schema: {type: string}, examples: {e: {$ref: '#/components/examples/a'}}}}}}}"
        ),
        "example-mismatch",
        "the example `e`",
    ),
    "a request without what the client sends": (
        message("requestBodies", BODY % "{}"),
        "example-mismatch",
        "`secret` is missing",
    ),
    "a response without what the server sends": (
        message("responses", "description: A, " + BODY % "{}"),
        "example-mismatch",
        "`id` is missing",
    ),
    "deep inside": (
        schema(
            "{type: object, properties: {a: {type: array, items: {type: integer}}}, example: {a: [1, b]}}"
        ),
        "example-mismatch",
        "at `a.1`: must be an integer",
    ),
    "a parameter of Swagger": (
        "swagger: '2.0'\npaths: {}\nparameters: {p: {name: p, in: query, type: integer, default: a}}",
        "default-mismatch",
        "must be an integer",
    ),
    "a response of Swagger": (
        (
            "swagger: '2.0'\npaths: {}\nresponses: {r: {description: A, schema: {type: integer},"
            " examples: {application/json: a, text/plain: a}}}"
        ),
        "example-mismatch",
        "must be an integer",
    ),
    "a data value of 3.2": (
        (
            "openapi: 3.2.0\npaths: {}\ncomponents: {parameters: {p: {name: p, in: query, schema: {type: integer},"
            " examples: {e: {dataValue: a}}}}}"
        ),
        "example-mismatch",
        "must be an integer",
    ),
}
SILENT = {
    "null that is allowed": schema("{type: string, nullable: true, default: null}"),
    "null in an enum": schema("{type: string, nullable: true, enum: [a, null], default: null}"),
    "null by the type of 3.1": schema("{type: [string, 'null'], default: null}", "3.1.0"),
    "null by an extension of Swagger": (
        "swagger: '2.0'\npaths: {}\ndefinitions: {A: {type: string, x-nullable: true, example: null}}"
    ),
    "a whole number as a float": schema("{type: integer, default: 1.0}"),
    "a large number": schema("{type: integer, default: 123456789012345678901234567890}"),
    "an empty address": schema("{type: string, format: uri, default: ''}"),
    "a format of our own": schema("{type: string, format: order-number, default: a}"),
    "a request without what the server sends": message("requestBodies", BODY % "{secret: a}"),
    "a response without what the client sends": message("responses", "description: A, " + BODY % "{id: a}"),
    "text that is no JSON": message(
        "requestBodies", "content: {application/xml: {schema: {type: object}, example: '<order/>'}}"
    ),
    "a schema that refers to itself": schema(
        "{type: object, properties: {a: {$ref: '#/components/schemas/A'}}, example: {a: {a: {}}}}"
    ),
    "a pattern that cannot be run": schema("{type: string, pattern: '^[\\w-.]+$', example: '!'}"),
}


@pytest.mark.parametrize("name", FIRES)
def test_fires(name, findings):
    text, rule, part = FIRES[name]
    (finding,) = findings(HEAD + text)
    assert finding.rule == rule
    assert part in finding.message


@pytest.mark.parametrize("name", SILENT)
def test_silent(name, findings):
    assert [each for each in findings(HEAD + SILENT[name]) if each.rule != "pattern-not-portable"] == []


def test_a_value_with_several_problems_is_one_finding(findings):
    text = "{type: object, properties: {a: {}, b: {}}, required: [a, b], example: {}}"
    (finding,) = findings(HEAD + schema(text))
    assert finding.message == "the example does not fit its schema: `a` is missing (and 1 more)"


def test_a_bad_value_does_not_hide_others(findings):
    found = findings(
        HEAD + schema("{type: string, default: 1}, B: {type: integer, default: a}, C: {default: x}")
    )
    assert [finding.place.pointer for finding in found] == [
        "/components/schemas/A/default",
        "/components/schemas/B/default",
    ]
