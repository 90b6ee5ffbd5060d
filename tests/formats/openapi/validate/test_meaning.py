"""Meaning: variants of each rule beyond its own example, those that fire and those that must not."""

from __future__ import annotations

import pytest

HEAD = "info: {title: Orders, version: 1.0.0}\n"
DONE = 'responses: {"204": {description: Done}}'
ID = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"


def schemas(text, version="3.0.3"):
    return f"openapi: {version}\npaths: {{}}\ncomponents: {{schemas: {{{text}}}}}"


def filled(text):
    return text.replace("<done>", DONE).replace("<id>", ID)


def pointers(found, rule):
    return [finding.place.pointer for finding in found if finding.rule == rule]


FIRES = {
    "the same id in a callback": (
        "operation-id-duplicate",
        "openapi: 3.0.3\npaths: {/a: {post: {operationId: a, <done>, callbacks: {c: {'{$url}': {post: {operationId: a, <done>}}}}}}}",
        ["/paths/~1a/post/callbacks/c/{$url}/post/operationId"],
    ),
    "the same id in a webhook": (
        "operation-id-duplicate",
        "openapi: 3.1.0\npaths: {/a: {post: {operationId: a, <done>}}}\nwebhooks: {w: {post: {operationId: a, <done>}}}",
        ["/webhooks/w/post/operationId"],
    ),
    "the same parameter behind a reference": (
        "parameter-duplicate",
        (
            "openapi: 3.0.3\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/p'},"
            " {name: p, in: query, schema: {}}], <done>}}}\ncomponents: {parameters: {p: {name: p, in: query, schema: {}}}}"
        ),
        ["/paths/~1a/get/parameters/1"],
    ),
    "a header in two spellings": (
        "parameter-duplicate",
        (
            "openapi: 3.0.3\npaths: {/a: {get: {parameters: [{name: X-A, in: header, schema: {}},"
            " {name: x-a, in: header, schema: {}}], <done>}}}"
        ),
        ["/paths/~1a/get/parameters/1"],
    ),
    "a path parameter of the path item, at every operation": (
        "path-parameter-undeclared",
        "openapi: 3.0.3\npaths: {'/a/{id}': {get: {<done>}, put: {<done>}}}",
        ["/paths/~1a~1{id}/get", "/paths/~1a~1{id}/put"],
    ),
    "a response where a schema belongs": (
        "reference-wrong-kind",
        (
            "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: {$ref: '#/components/responses/R'}},"
            " responses: {R: {description: A}}}"
        ),
        ["/components/schemas/A/$ref"],
    ),
    "three references in a circle": (
        "reference-circular",
        schemas(
            "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {$ref: '#/components/schemas/A'}"
        ),
        [f"/components/schemas/{name}/$ref" for name in "ABC"],
    ),
    "a required name that no part declares": (
        "required-undeclared",
        schemas("A: {allOf: [{$ref: '#/components/schemas/B'}], required: [a, b]}, B: {properties: {a: {}}}"),
        ["/components/schemas/A/required"],
    ),
    "an equal bound that is exclusive": (
        "bounds-contradict",
        schemas("A: {minimum: 1, maximum: 1, exclusiveMaximum: true}"),
        ["/components/schemas/A/minimum"],
    ),
    "an exclusive bound of 3.1": (
        "bounds-contradict",
        schemas("A: {exclusiveMinimum: 1, maximum: 1}", "3.1.0"),
        ["/components/schemas/A/exclusiveMinimum"],
    ),
    "more items than there may be": (
        "bounds-contradict",
        schemas("A: {type: array, items: {}, minItems: 3, maxItems: 2}"),
        ["/components/schemas/A/minItems"],
    ),
    "a pattern as the name of properties": (
        "pattern-invalid",
        schemas("A: {patternProperties: {'(': {}}}", "3.1.0"),
        ["/components/schemas/A/patternProperties/("],
    ),
    "a contradiction behind a reference": (
        "schema-unsatisfiable",
        schemas("A: {allOf: [{$ref: '#/components/schemas/B'}, {type: integer}]}, B: {type: string}"),
        ["/components/schemas/A"],
    ),
    "an object that needs itself": (
        "schema-unsatisfiable",
        schemas(
            "A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}, required: [b]},"
            " B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}, required: [a]}"
        ),
        ["/components/schemas/A", "/components/schemas/B"],
    ),
    "a pattern that is too long": (
        "schema-unsatisfiable",
        schemas("A: {type: string, pattern: '^a{3}$', maxLength: 2}"),
        ["/components/schemas/A"],
    ),
    "a mapping to a name that is none": (
        "discriminator-mapping-unresolved",
        schemas(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {b: C}}},"
            " B: {properties: {k: {}}, required: [k]}"
        ),
        ["/components/schemas/A/discriminator/mapping/b"],
    ),
    "a scope of another scheme": (
        "security-scope-undefined",
        (
            "swagger: '2.0'\npaths: {}\nsecurity: [{a: [x]}]\nsecurityDefinitions: {a: {type: oauth2, flow: implicit,"
            " authorizationUrl: 'https://example.com', scopes: {y: Y}}}"
        ),
        ["/security/0/a/0"],
    ),
    "a callback key that is no expression": (
        "runtime-expression-invalid",
        "openapi: 3.0.3\npaths: {}\ncomponents: {callbacks: {c: {'$request.cookie.a': {post: {<done>}}}}}",
        ["/components/callbacks/c/$request.cookie.a"],
    ),
    "a link to a reference of no operation": (
        "link-operation-unknown",
        "openapi: 3.0.3\npaths: {}\ncomponents: {links: {l: {operationRef: '#/info'}}}",
        ["/components/links/l/operationRef"],
    ),
    "a body in DELETE of Swagger": (
        "request-body-without-meaning",
        "swagger: '2.0'\npaths: {/a: {delete: {parameters: [{name: b, in: body, schema: {}}], <done>}}}",
        ["/paths/~1a/delete/parameters/0"],
    ),
    "a body in two lists of Swagger": (
        "body-parameter-repeated",
        (
            "swagger: '2.0'\npaths: {/a: {parameters: [{name: a, in: body, schema: {}}],"
            " post: {parameters: [{name: b, in: body, schema: {}}], <done>}}}"
        ),
        ["/paths/~1a/parameters/0"],
    ),
    "a port that is no number": (
        "server-url-malformed",
        "openapi: 3.0.3\npaths: {}\nservers: [{url: 'https://example.com:port'}]",
        ["/servers/0/url"],
    ),
    "a media type without a type": (
        "media-type-invalid",
        "openapi: 3.0.3\npaths: {}\ncomponents: {responses: {R: {description: A, content: {'*': {}}}}}",
        ["/components/responses/R/content/*"],
    ),
    "a parameter beside a reference, taken by its path": (
        "path-parameter-undeclared",
        ("openapi: 3.0.3\npaths: {'/a/{x}': {$ref: '#/paths/~1b'}, /b: {get: {<done>}}}"),
        ["/paths/~1b/get"],
    ),
    "a parameter that one of two paths does not have": (
        "path-parameter-unused",
        "openapi: 3.1.0\npaths: {/b: {$ref: '#/paths/~1a~1{id}'}, '/a/{id}': {<id>, get: {<done>}}}",
        ["/paths/~1a~1{id}/parameters/0"],
    ),
    "a query string behind a reference, beside a query": (
        "querystring-not-alone",
        (
            "openapi: 3.2.0\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/Q'},"
            " {name: l, in: query, schema: {}}], <done>}}}\n"
            "components: {parameters: {Q: {name: q, in: querystring, content: {a/b: {}}}}}"
        ),
        ["/paths/~1a/get/parameters/0"],
    ),
    "two query strings in two lists": (
        "querystring-not-alone",
        (
            "openapi: 3.2.0\npaths: {/a: {parameters: [{name: q, in: querystring, content: {a/b: {}}}],"
            " get: {parameters: [{name: r, in: querystring, content: {a/b: {}}}], <done>}}}"
        ),
        ["/paths/~1a/get/parameters/0"],
    ),
    "a dynamic reference to nothing": (
        "reference-unresolved",
        schemas("A: {$dynamicRef: '#x'}", "3.1.0"),
        ["/components/schemas/A/$dynamicRef"],
    ),
    "a default mapping to nothing": (
        "discriminator-mapping-unresolved",
        schemas(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, defaultMapping: C}},"
            " B: {properties: {k: {}}}",
            "3.2.0",
        ),
        ["/components/schemas/A/discriminator/defaultMapping"],
    ),
    "an id twice": (
        "schema-name-duplicate",
        schemas("A: {$id: 'https://example.com/a'}, B: {$id: 'https://example.com/a'}", "3.1.0"),
        ["/components/schemas/B/$id"],
    ),
    "a schema that is its own part": (
        "schema-recursion-endless",
        schemas("A: {allOf: [{$ref: '#/components/schemas/A'}]}"),
        ["/components/schemas/A"],
    ),
    "a list that holds itself": (
        "schema-unsatisfiable",
        schemas("A: {type: array, minItems: 1, items: {$ref: '#/components/schemas/A'}}"),
        ["/components/schemas/A"],
    ),
    "a property that is asked for and forbidden": (
        "schema-unsatisfiable",
        schemas("A: {type: object, required: [k], properties: {k: false}}", "3.1.0"),
        ["/components/schemas/A"],
    ),
    "more items than are described": (
        "schema-unsatisfiable",
        schemas("A: {type: array, minItems: 2, prefixItems: [{type: string}], items: false}", "3.1.0"),
        ["/components/schemas/A"],
    ),
    "more of a kind than there may be": (
        "schema-unsatisfiable",
        schemas("A: {type: array, contains: {}, minContains: 3, maxItems: 1}", "3.1.0"),
        ["/components/schemas/A"],
    ),
    "more properties than there are": (
        "schema-unsatisfiable",
        schemas("A: {type: object, properties: {a: {}}, additionalProperties: false, minProperties: 2}"),
        ["/components/schemas/A"],
    ),
    "the same branch twice": (
        "schema-unsatisfiable",
        schemas("A: {oneOf: [{type: string}, {type: string}]}"),
        ["/components/schemas/A"],
    ),
    "a reference and another type": (
        "schema-unsatisfiable",
        schemas("A: {$ref: '#/components/schemas/B', type: integer}, B: {type: string}", "3.1.0"),
        ["/components/schemas/A"],
    ),
    "no integer between": (
        "bounds-contradict",
        schemas(
            "A: {type: integer, minimum: 1.2, maximum: 1.8}, B: {type: integer, exclusiveMinimum: 1, exclusiveMaximum: 2}",
            "3.1.0",
        ),
        ["/components/schemas/A/minimum", "/components/schemas/B/exclusiveMinimum"],
    ),
    "an expression within a text": (
        "runtime-expression-invalid",
        (
            "openapi: 3.0.3\npaths: {/a: {get: {operationId: a, parameters: [{name: p, in: query, schema: {}}], <done>}}}\n"
            "components: {links: {l: {operationId: a, parameters: {p: 'a-{$respons.header.X}'}}}}"
        ),
        ["/components/links/l/parameters/p"],
    ),
    "an open brace in a callback": (
        "runtime-expression-invalid",
        "openapi: 3.0.3\npaths: {}\ncomponents: {callbacks: {c: {'{$request.body': {post: {<done>}}}}}",
        ["/components/callbacks/c/{$request.body"],
    ),
    "a body that is no expression": (
        "runtime-expression-invalid",
        (
            "openapi: 3.0.3\npaths: {/a: {get: {operationId: a, <done>}}}\n"
            "components: {links: {l: {operationId: a, requestBody: $request.bdy}}}"
        ),
        ["/components/links/l/requestBody"],
    ),
    "equal numbers and equal objects in an enum": (
        "enum-duplicate",
        schemas("A: {enum: [1, 1.0, {a: 1, b: 2}, {b: 2, a: 1.0}, true, '1', [1], 10, 1.0e+1]}"),
        [f"/components/schemas/A/enum/{at}" for at in (1, 3, 8)],
    ),
    "an enum of nothing in 3.1": (
        "schema-unsatisfiable",
        schemas("A: {enum: []}", "3.1.0"),
        ["/components/schemas/A/enum"],
    ),
    "an enum of nothing in Swagger": (
        "wrong-size",
        "swagger: '2.0'\npaths: {}\ndefinitions: {A: {enum: []}}",
        ["/definitions/A/enum"],
    ),
    "a body in TRACE": (
        "request-body-without-meaning",
        "openapi: 3.0.3\npaths: {/a: {trace: {requestBody: {content: {a/b: {}}}, <done>}}}",
        ["/paths/~1a/trace/requestBody"],
    ),
    "any type of one subtype": (
        "media-type-invalid",
        "openapi: 3.0.3\npaths: {}\ncomponents: {responses: {R: {description: A, content: {'*/json': {}}}}}",
        ["/components/responses/R/content/*~1json"],
    ),
    "a relative namespace": (
        "malformed-value",
        schemas("A: {xml: {namespace: orders}}", "3.1.0"),
        ["/components/schemas/A/xml/namespace"],
    ),
    "a base with a fragment": (
        "malformed-value",
        schemas("A: {$id: 'a#b'}", "3.1.0"),
        ["/components/schemas/A/$id"],
    ),
    "a null that adds to no type": (
        "keyword-ignored",
        schemas("A: {nullable: true}"),
        ["/components/schemas/A/nullable"],
    ),
    "nullable in 3.1, whatever it says": (
        "keyword-ignored",
        schemas("A: {nullable: 'yes'}", "3.1.0"),
        ["/components/schemas/A/nullable"],
    ),
    "a dialect of a schema": (
        "schema-dialect-unknown",
        schemas("A: {$schema: 'https://example.com/mine'}", "3.1.0"),
        ["/components/schemas/A/$schema"],
    ),
}

SILENT = {
    "a path parameter shared by all operations": "openapi: 3.0.3\npaths: {'/a/{id}': {<id>, get: {<done>}, put: {<done>}}}",
    "a path parameter that an operation repeats": "openapi: 3.0.3\npaths: {'/a/{id}': {<id>, get: {<id>, <done>}}}",
    "the same name in two places": "openapi: 3.0.3\npaths: {/a: {get: {parameters: [{name: p, in: query, schema: {}},"
    " {name: p, in: cookie, schema: {}}], <done>}}}",
    "required names for a choice": schemas(
        "A: {type: object, properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b]}]}"
    ),
    "a required name that another part declares": schemas(
        "A: {allOf: [{$ref: '#/components/schemas/B'}, {required: [b]}]}, B: {properties: {b: {}}}"
    ),
    "a required name of a map": schemas(
        "A: {type: object, additionalProperties: {type: string}, required: [a]}"
    ),
    "a mixin that only requires": schemas("A: {required: [a]}"),
    "a schema that refers to itself": schemas(
        "A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}"
    ),
    "a description beside a reference": schemas(
        "A: {properties: {b: {$ref: '#/components/schemas/B', description: text}}}, B: {}"
    ),
    "keywords beside a reference in 3.1": schemas(
        "A: {$ref: '#/components/schemas/B', minLength: 1}, B: {}", "3.1.0"
    ),
    "a list of itself": schemas(
        "A: {type: object, properties: {a: {type: array, items: {$ref: '#/components/schemas/A'}}}, required: [a]}"
    ),
    "a reference into a schema": schemas(
        "A: {$ref: '#/components/schemas/B/properties/c'}, B: {properties: {c: {}}}"
    ),
    "a schema that is meant to fit nothing": schemas("A: {not: {}}"),
    "bounds that meet": schemas("A: {minimum: 1, maximum: 1, minLength: 2, maxLength: 2}"),
    "numbers and truth in an enum": schemas("A: {enum: [1, true, '1', null]}"),
    "a media type with parameters": "openapi: 3.0.3\npaths: {}\n"
    'components: {responses: {R: {description: A, content: {\'text/plain; charset="utf-8"\': {}, image/*: {}, "*/*": {}}}}}',
    "a discriminator on the base": schemas(
        "A: {discriminator: {propertyName: k}, properties: {k: {}}, required: [k]}"
    ),
    "a mapping by name": schemas(
        "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {b: B}}},"
        " B: {properties: {k: {}}, required: [k]}"
    ),
    "no security at all": "openapi: 3.0.3\npaths: {}\nsecurity: [{}]",
    "roles in 3.1": "openapi: 3.1.0\npaths: {}\nsecurity: [{k: [admin]}]\n"
    "components: {securitySchemes: {k: {type: apiKey, name: k, in: header}}}",
    "an address relative to the description": "openapi: 3.0.3\npaths: {}\nservers: [{url: /v1}, {url: ../v1}, {url: ''}]",
    "a callback address with an expression": "openapi: 3.0.3\npaths: {}\n"
    "components: {callbacks: {c: {'https://example.com?a={$request.body#/a~1b}': {post: {<done>}}}}}",
    "a link into another description": "openapi: 3.0.3\npaths: {}\n"
    "components: {links: {l: {operationRef: 'https://example.com/a.json#/paths/~1a/get'}}}",
    "a webhook with braces in its name": "openapi: 3.1.0\nwebhooks: {'{a}': {post: {<done>}}}",
    "a parameter beside a reference": (
        "openapi: 3.0.3\npaths: {'/a/{id}': {$ref: '#/components/x-items/a', <id>}}\n"
        "components: {x-items: {a: {get: {<done>}}}}"
    ),
    "an operation beside a reference to its parameters": (
        "openapi: 3.1.0\npaths: {'/a/{id}': {$ref: '#/components/pathItems/a', get: {<done>}}}\n"
        "components: {pathItems: {a: {<id>}}}"
    ),
    "an optional discriminator with a default": schemas(
        "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, defaultMapping: B}},"
        " B: {properties: {k: {}}}",
        "3.2.0",
    ),
    "the same anchor below two ids": schemas(
        "A: {$id: 'https://example.com/a', $anchor: x}, B: {$id: 'https://example.com/b', $anchor: x}",
        "3.1.0",
    ),
    "a dynamic reference": schemas("A: {$dynamicAnchor: a, items: {$dynamicRef: '#a'}}", "3.1.0"),
    "a query string of the path that the operation replaces": (
        "openapi: 3.2.0\npaths: {/a: {parameters: [{name: q, in: querystring, content: {a/b: {}}}],"
        " get: {parameters: [{name: q, in: querystring, content: {a/c: {}}}], <done>}}}"
    ),
    "an integer between": schemas(
        "A: {type: integer, minimum: 1.2, maximum: 2}, B: {type: number, minimum: 1.2, maximum: 1.8}"
    ),
    "a list that may be empty": schemas("A: {type: array, items: {$ref: '#/components/schemas/A'}}"),
    "two branches that differ": schemas("A: {oneOf: [{type: string}, {type: integer}]}"),
    "extensions everywhere": "openapi: 3.0.3\nx-a: 1\npaths: {x-a: 1, /a: {x-a: 1, get: {x-a: 1, responses:"
    " {x-a: 1, '200': {description: A, x-a: 1}}}}}\ncomponents: {x-a: 1, schemas: {A: {x-a: 1}}}",
}


@pytest.mark.parametrize("name", FIRES)
def test_fires(name, findings):
    rule, text, expected = FIRES[name]
    found = findings(HEAD + filled(text))
    assert pointers(found, rule) == expected
    assert {finding.rule for finding in found} == {rule}


@pytest.mark.parametrize("name", SILENT)
def test_silent(name, findings):
    assert findings(HEAD + filled(SILENT[name])) == []


def test_names_are_suggested(findings):
    text = "openapi: 3.0.3\npaths: {}\nsecurity: [{oath: []}]\n"
    (finding,) = findings(HEAD + text + "components: {securitySchemes: {oauth: {type: http, scheme: basic}}}")
    assert "did you mean `oauth`?" in finding.message


def test_a_pattern_says_where(findings):
    (finding,) = findings(HEAD + schemas("A: {pattern: '^(a|b$'}"))
    assert "at character 2" in finding.message


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (schemas("A: {minLength: 5, maxLength: 1}"), "warning"),
        (schemas("A: {properties: {a: {readOnly: true, writeOnly: true}}}"), "error"),
        (schemas("A: {properties: {a: {readOnly: true, writeOnly: true}}}", "3.1.0"), "warning"),
        (schemas("A: {enum: [a, a]}"), "warning"),
        ("swagger: '2.0'\npaths: {}\ndefinitions: {A: {enum: [a, a]}}", "error"),
        ("openapi: 3.0.3\npaths: {}\nservers: [{url: 'https://example.com?a=1'}]", "warning"),
        ("openapi: 3.1.0\npaths: {}\nservers: [{url: 'https://example.com?a=1'}]", "warning"),
        ("openapi: 3.2.0\npaths: {}\nservers: [{url: 'https://example.com?a=1'}]", "error"),
        ("swagger: '2.0'\npaths: {}\ndefinitions: {A: {discriminator: k}}", "error"),
        (
            "swagger: '2.0'\npaths: {}\ndefinitions: {A: {discriminator: k, properties: {k: {type: string}}}}",
            "error",
        ),
        (schemas("A: {discriminator: {propertyName: k}, properties: {k: {}}}"), "warning"),
        (schemas("A: {discriminator: {propertyName: k}, properties: {k: {}}}", "3.2.0"), "error"),
    ],
)
def test_a_version_says_how_bad_it_is(text, severity, findings):
    (finding,) = findings(HEAD + text)
    assert finding.severity == severity


def test_a_name_is_pointed_at_where_it_is_the_name_that_is_wrong(findings):
    found = findings(
        HEAD
        + "openapi: 3.0.3\nfoo:\n  bar: 1\npaths:\n  /a/{x}:\n    get:\n      <done>\n".replace(
            "<done>", DONE
        )
    )
    assert [(each.rule, each.place.line, each.place.column) for each in found] == [
        ("unknown-field", 3, 1),
        ("path-parameter-undeclared", 7, 5),
    ]
