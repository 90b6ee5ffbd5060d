"""What a rule must find beyond its example, and what it must leave alone: one line each, with the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apicontract.findings import LintSettings
from apicontract.formats.openapi.validate.rules.documents import described, operated, schemed

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.findings import Finding


def swagger(rest: str) -> str:
    return described(rest, "2.0")


def paths(*lines: str) -> str:
    return described("paths:\n" + "\n".join(f"  {line}" for line in lines))


def taken(schema: str, version: str = "3.0.3", *, path: str = "/orders") -> str:
    return operated(
        f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}", version, path=path
    )


def given(schema: str, version: str = "3.0.3", *, method: str = "get", more: str = "") -> str:
    body = f"{{description: Orders, {more}content: {{application/json: {{schema: {schema}}}}}}}"
    return operated(f"responses: {{'200': {body}}}", version, method=method)


def item(name: str, schema: str, path: str) -> str:
    parameter = f"{{name: {name}, in: path, required: true, schema: {schema}}}"
    return f"{path}: {{get: {{parameters: [{parameter}], responses: {{'204': {{description: Done}}}}}}}}"


DONE = "responses: {'204': {description: Done}}"
KEY = "{key: {type: apiKey, in: header, name: Key}}"
ONE = "{type: object, properties: {a: {$ref: '#/components/schemas/B/properties/c'}}}"
ORDER = (
    "/orders: {put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}, "
    + DONE
    + "}}"
)

CASES: list[tuple[str, str, int]] = [
    # servers: 2.0 has schemes, host and base path
    ("server-not-https", swagger("host: api.acme.com\nschemes: [http, https]\npaths: {}"), 1),
    ("server-not-https", swagger("host: api.acme.com\nschemes: [https]\npaths: {}"), 0),
    ("server-not-https", swagger("host: localhost:8080\nschemes: [http]\npaths: {}"), 0),
    ("server-not-https", described("servers: [{url: 'http://10.0.0.7/v1'}, {url: /v1}]\npaths: {}"), 0),
    ("server-trailing-slash", swagger("basePath: /v1/\npaths: {}"), 1),
    ("server-trailing-slash", described("servers: [{url: /}]\npaths: {}"), 0),
    ("server-placeholder", described("servers: [{url: 'https://notexample.com'}]\npaths: {}"), 0),
    ("server-only-local", described("servers: [{url: 'http://localhost'}, {url: 'https://a.com'}]\npaths: {}"), 0),
    # security
    ("operation-without-security", operated("security: [{}]"), 0),
    ("operation-without-security", paths("/a: {get: {security: [], " + DONE + "}, put: {" + DONE + "}}"), 1),
    ("operation-without-security", paths("/a: {get: {" + DONE + "}, put: {" + DONE + "}}"), 1),
    ("write-operation-public", operated("security: []", path="/login"), 0),
    ("write-operation-public", operated("security: []\noperationId: resetPassword", path="/users"), 0),
    ("write-operation-public", operated("security: []", method="get"), 0),
    ("write-operation-public", operated("security: [{}, {key: []}]"), 1),
    ("basic-authentication", swagger("paths: {}\nsecurityDefinitions: {b: {type: basic}}"), 1),
    ("basic-authentication", described("paths: {}\ncomponents: {securitySchemes: {b: {type: http, scheme: Basic}}}"), 1),
    ("oauth-flow-outdated", swagger("paths: {}\nsecurityDefinitions: {o: {type: oauth2, flow: password, tokenUrl: 'https://a.com', scopes: {}}}"), 1),
    ("oauth-flow-outdated", swagger("paths: {}\nsecurityDefinitions: {o: {type: oauth2, flow: accessCode, tokenUrl: 'https://a.com', authorizationUrl: 'https://a.com', scopes: {}}}"), 0),
    ("credential-in-url", paths(item("session_id", "{type: string}", "/sessions/{session_id}")), 0),
    ("credential-in-url", paths(item("token", "{type: string}", "/invitations/{token}")), 1),
    ("credential-in-url", operated("parameters: [{name: page_token, in: query, schema: {type: string}}]", method="get"), 0),
    ("credential-in-url", operated("parameters: [{name: apiKey, in: query, schema: {type: string}}]", method="get"), 1),
    ("secret-readable", taken("{type: object, properties: {password: {type: string}}}"), 0),
    ("secret-readable", given("{type: object, properties: {password: {type: boolean}}}"), 0),
    ("secret-readable", given("{type: object, properties: {user: {type: object, properties: {Password: {type: [string, 'null']}}}}}", "3.1.0"), 1),
    ("error-shows-internals", given("{type: object, properties: {stack: {type: string}}}"), 0),
    ("text-runs-script", operated("description: The scripted evaluation (retrieval) of `medieval(x)`."), 0),
    ("text-runs-script", operated("description: '[x](javascript:alert(1))'"), 1),
    ("uuid-not-promised", schemed("A: {type: object, properties: {guid: {type: string, pattern: '^a'}}}"), 0),
    ("uuid-not-promised", schemed("A: {type: object, properties: {guid: {type: integer}, uuid: {type: string}}}"), 2),
    ("uuid-not-promised", swagger("paths: {/a: {get: {parameters: [{name: uuid, in: query, type: string}], " + DONE + "}}}"), 1),
    # bounds: only what clients send, and only the first of what is shared
    ("input-array-unbounded", given("{type: array, items: {type: string}}"), 0),
    ("input-array-unbounded", taken("{type: [array, 'null'], items: {type: string}}", "3.1.0"), 1),
    ("input-array-unbounded", taken("{type: array, readOnly: true, items: {type: string}}"), 0),
    ("input-array-unbounded", operated("callbacks: {done: {'{$request.body#/u}': {post: {requestBody: {content: {application/json: {schema: {type: array, items: {type: string}}}}}, " + DONE + "}}}}"), 0),
    ("input-array-unbounded", operated("callbacks: {done: {'{$request.body#/u}': {post: {responses: {'200': {description: Seen, content: {application/json: {schema: {type: array, items: {type: string}}}}}}}}}}"), 1),
    ("input-array-unbounded", swagger("paths: {/a: {post: {parameters: [{name: b, in: body, schema: {type: array, items: {type: string}}}], " + DONE + "}}}"), 1),
    ("input-string-unbounded", taken("{type: string, format: date}"), 0),
    ("input-string-unbounded", taken("{type: string, format: colour}"), 1),
    ("input-number-unbounded", taken("{type: integer, enum: [1, 2]}"), 0),
    ("input-number-unbounded", taken("{type: integer, exclusiveMinimum: 0, exclusiveMaximum: 9}", "3.1.0"), 0),
    ("input-object-open", taken("{type: object, properties: {a: {type: string}}, allOf: [{type: object}]}"), 0),
    # paths: a word is no number, and a UUID no word
    ("paths-ambiguous", paths(item("id", "{type: integer}", "/orders/{id}/lines"), item("year", "{type: string}", "/orders/archive/{year}")), 0),
    ("paths-ambiguous", paths(item("id", "{type: string, format: uuid}", "/orders/{id}/lines"), item("year", "{type: string}", "/orders/archive/{year}")), 0),
    ("paths-ambiguous", paths(item("id", "{type: string, enum: [archive]}", "/orders/{id}/lines"), item("year", "{type: string}", "/orders/archive/{year}")), 1),
    ("paths-ambiguous", paths(item("id", "{type: string}", "/orders/{id}"), "/orders/archive: {get: {" + DONE + "}}"), 0),
    ("paths-ambiguous", paths(item("id", "{type: string}", "/orders/{id}/lines"), item("year", "{type: string}", "/orders/archive/{year}").replace("get:", "put:")), 0),
    ("path-variable-renamed", paths(item("id", "{type: string}", "/orders/{id}"), item("id", "{type: string}", "/lines/{id}")), 0),
    ("path-too-deep", paths("/a/b/c/d/e/f/g: {get: {" + DONE + "}}"), 0),
    ("collection-singular", paths("/me: {get: {" + DONE + "}}", item("id", "{type: string}", "/me/{id}")), 0),
    ("collection-singular", paths("/codes-of-conduct: {post: {responses: {'201': {description: There}}}}", item("id", "{type: string}", "/codes-of-conduct/{id}")), 0),
    ("path-has-extension", paths("/openapi.json: {get: {" + DONE + "}}", "/v1.2/orders: {get: {" + DONE + "}}"), 0),
    # answers
    ("success-undescribed", operated("responses: {default: {description: All}}"), 1),
    ("success-undescribed", operated("responses: {2XX: {description: All}}"), 0),
    ("success-undescribed", operated("responses: {'302': {description: Elsewhere}}"), 0),
    ("body-forbidden", swagger("paths: {/a: {get: {responses: {'204': {description: Done, schema: {type: string}}}}}}"), 1),
    ("success-without-schema", swagger("paths: {/a: {get: {responses: {'200': {description: Done}}}}}"), 1),
    ("success-without-schema", operated("responses: {'200': {description: Done}}"), 0),
    ("success-without-schema", operated("responses: {'200': {description: A file, content: {image/png: {}}}}", method="get"), 0),
    ("success-without-schema", operated("responses: {'200': {description: Done, content: {application/hal+json: {}}}}"), 1),
    # values
    ("date-without-format", schemed("A: {type: object, properties: {format: {type: string}, at: {type: string}, lookAt: {type: object}}}"), 0),
    ("date-without-format", schemed("A: {type: object, properties: {createdAt: {type: [string, 'null']}}}", "3.1.0"), 1),
    ("date-without-format", schemed("A: {allOf: [{type: object, properties: {created_at: {type: string, format: date}}}, {type: object, properties: {created_at: {type: string}}}]}"), 0),
    ("date-without-format", swagger("paths: {/a: {get: {parameters: [{name: start_date, in: query, type: string}], " + DONE + "}}}"), 1),
    ("money-as-float", schemed("A: {type: object, properties: {price: {type: integer}, priceless: {type: number}}}"), 0),
    ("money-as-float", schemed("A: {type: object, properties: {unit_price: {$ref: '#/components/schemas/B'}}}\nB: {type: number}"), 1),
    ("boolean-nullable", schemed("A: {type: object, properties: {a: {type: [boolean, 'null']}}}", "3.1.0"), 1),
    ("boolean-nullable", schemed("A: {type: object, properties: {a: {$ref: '#/components/schemas/B'}}}\nB: {type: boolean, nullable: true}"), 1),
    ("null-and-absent", schemed("A: {type: object, properties: {a: {anyOf: [{type: string}, {type: 'null'}]}}}", "3.1.0"), 1),
    ("schema-says-nothing", schemed("A: {type: object, properties: {a: {enum: [1]}, b: {oneOf: [{type: string}]}}}"), 0),
    ("schema-says-nothing", schemed("A: {allOf: [{type: object, properties: {a: {}}}, {type: object, properties: {a: {type: string}}}]}"), 0),
    ("schema-says-nothing", schemed("A: {type: object, properties: {a: true}}", "3.1.0"), 0),
    ("integer-beyond-double", schemed("A: {type: object, properties: {a: {type: integer, maximum: 5}, b: {type: string, format: int64}}}"), 0),
    ("format-misspelt", schemed("A: {type: string, format: integer}"), 0),
    ("format-misspelt", schemed("A: {type: integer, format: long}\nB: {type: string, format: string}"), 2),
    ("format-misspelt", schemed("A: {type: integer, format: timestamp}"), 0),
    ("schema-named-after-language", schemed("Optional: {type: string}\nOptionalItem: {type: string}\nOrderList: {type: string}"), 1),
    ("duration-without-unit", schemed("A: {type: object, properties: {timeout: {type: integer, description: In seconds.}, ttl: {type: string}}}"), 0),
    ("duration-without-unit", schemed("A: {type: object, properties: {timeout: {type: integer, description: How long it takes.}}}"), 1),
    ("parameter-nested", operated("parameters: [{name: ids, in: query, schema: {type: array, items: {type: string}}}]", method="get"), 0),
    # components: whatever leads to them uses them
    # what a body picks, over its alternatives; procedures with a dot; actions behind a hash
    ("request-is-tunnel", operated("requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {action: {type: string, enum: [bookSlot]}}}, {type: object, properties: {action: {type: string, enum: [listDoctors]}}}]}}}}", path="/messages"), 1),
    ("request-is-tunnel", operated("requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {action: {const: bookSlot}}}, {type: object, properties: {action: {const: listDoctors}}}]}}}}", "3.1.0", path="/messages"), 1),
    ("request-is-tunnel", operated("requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {action: {type: string, enum: [morning]}}}, {type: object, properties: {action: {type: string, enum: [evening]}}}]}}}}", path="/messages"), 0),
    ("path-segment-is-verb", operated("summary: Say", path="/api/chat.postMessage"), 1),
    ("path-segment-is-verb", operated("summary: Read", path="/api/users.list", method="get"), 1),
    ("path-segment-is-verb", operated("summary: Read", path="/reports/orders.csv", method="get"), 0),
    ("path-names-nothing", operated("summary: Run", path="/#Action=RunInstances"), 1),
    ("component-unused", paths(ORDER % "A") + f"components: {{schemas: {{A: {ONE}, B: {{type: object, properties: {{c: {{$ref: '#/components/schemas/D'}}}}}}, D: {{type: string}}}}}}\n", 0),
    ("component-unused", paths(ORDER % "A") + f"components: {{schemas: {{A: {{type: string}}, B: {ONE}, C: {{$ref: '#/components/schemas/B'}}}}}}\n", 2),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {type: object, discriminator: {propertyName: kind}, required: [kind], properties: {kind: {type: string}}}, B: {allOf: [{$ref: '#/components/schemas/A'}]}}}\n", 0),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {type: object, x-more: [{$ref: '#/components/schemas/B'}]}, B: {type: string}}}\n", 0),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {oneOf: [{type: object}], discriminator: {propertyName: k, mapping: {b: B, c: '#/components/schemas/C'}}}, B: {type: object}, C: {type: object}, D: {type: object}}}\n", 1),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {type: object, example: {b: [{$ref: '#/components/examples/B'}]}}}, examples: {B: {value: 1}, C: {value: {$ref: '#/components/examples/C'}}}}\n", 1),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {type: object, discriminator: {propertyName: kind}, required: [kind], properties: {kind: {type: string}}}, B: {allOf: [{$ref: '#/components/schemas/A'}]}, C: {allOf: [{$ref: '#/components/schemas/B'}]}, D: {allOf: [{$ref: '#/components/schemas/C'}]}}}\n", 0),
    ("component-unused", swagger("paths: {/a: {get: {responses: {200: {description: d, schema: {$ref: '#/definitions/A'}}}}}}\ndefinitions: {A: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string}}}, B: {allOf: [{$ref: '#/definitions/A'}]}, C: {allOf: [{$ref: '#/definitions/B'}]}}"), 0),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {type: object, properties: {kind: {type: string}}}, B: {allOf: [{$ref: '#/components/schemas/A'}]}, C: {allOf: [{$ref: '#/components/schemas/B'}]}}}\n", 2),
    ("component-unused", paths(ORDER % "A") + "components: {schemas: {A: {type: object, properties: {a: {$dynamicRef: '#node'}}}, B: {$dynamicAnchor: node, type: string}, C: {$dynamicAnchor: other, type: string}}}\n", 1),
    ("component-unused", operated("responses: {'200': {description: d, links: {l: {operationRef: '#/components/pathItems/P/get'}, m: {operationId: getQ}}}}", "3.1.0") + "components: {pathItems: {P: {get: {" + DONE + "}}, Q: {get: {operationId: getQ, " + DONE + "}}, R: {get: {operationId: getR, " + DONE + "}}}}\n", 1),
    ("component-unused", operated("security: [{'#/components/securitySchemes/key': []}]", "3.2.0") + f"components: {{securitySchemes: {KEY}}}\n", 0),
    ("component-unused", operated("security: [{'#/components/securitySchemes/other': []}]", "3.2.0") + f"components: {{securitySchemes: {KEY}}}\n", 1),
    ("component-unused", schemed("A: {type: string}"), 0),
    ("component-unused", operated("security: [{key: []}]") + f"components: {{securitySchemes: {KEY}}}\n", 0),
    ("component-unused", operated("security: []") + f"components: {{securitySchemes: {KEY}}}\n", 1),
    ("component-unused", swagger("paths: {/a: {get: {" + DONE + "}}}\ndefinitions: {A: {type: string}}"), 1),
    # resilience
    ("list-without-paging", given("{type: array, maxItems: 9, items: {type: string}}"), 0),
    ("list-without-paging", given("{type: object, properties: {tags: {type: array, items: {type: string}}}}"), 0),
    ("list-without-paging", given("{type: object, properties: {orders: {type: array, items: {type: string}}}}"), 1),
    ("list-without-paging", given("{type: array, items: {type: string}}", method="post"), 0),
    ("retry-after-missing", operated("responses: {'204': {description: Done}, '503': {$ref: '#/components/responses/Down'}}") + "components: {responses: {Down: {description: Down, headers: {retry-after: {schema: {type: string}}}}}}\n", 0),
    ("charge-not-repeatable", taken("{type: object, required: [id], properties: {id: {type: string}}}", path="/payments"), 0),
    ("charge-not-repeatable", operated("summary: Pays", path="/payments"), 0),
    ("call-unguarded", operated("x-apicontract-calls: [{operation: a#b, timeout: 2s}]\nresponses: {'202': {description: Later}}"), 0),
    ("call-unguarded", operated("x-apicontract-calls: [a#b, {operation: a#c, timeout: 2s}]"), 2),
    # versions
    ("version-disagrees", described("servers: [{url: 'https://a.com/v1'}]\npaths: {}").replace("1.0.0", "0.3.0"), 0),
    ("version-not-semantic", described("paths: {}").replace("1.0.0", "1.0.0-beta.1+7"), 0),
    ("version-not-semantic", described("paths: {}").replace("1.0.0", "'1.0'"), 1),
    ("version-not-first", paths("/api/v1/orders: {get: {" + DONE + "}}"), 0),
    ("version-not-in-url", described("servers: [{url: /}]\npaths: {/a: {get: {" + DONE + "}}}"), 0),
    ("version-minor-in-url", paths("/v1beta1/orders: {get: {" + DONE + "}}", "/videos/v2ray: {get: {" + DONE + "}}"), 0),
    ("deprecated-without-successor", schemed("A: {type: object, properties: {deprecated: {type: boolean}}}"), 0),
    ("deprecated-without-successor", operated("deprecated: false"), 0),
    ("enum-closed", taken("{type: string, enum: [A, B]}"), 0),
    ("answer-closed", taken("{type: object, additionalProperties: false}"), 0),
    # documentation and examples
    ("text-still-to-write", operated("description: A todo list for tests."), 0),
    ("text-still-to-write", operated("description: 'Places an order. TODO: say when.'"), 1),
    ("parameter-undocumented", operated("parameters: [{name: a, in: query, schema: {type: string, description: What it is.}}]", method="get"), 0),
    ("example-shows-secret", schemed("A: {type: string, example: AKIAIOSFODNN7EXAMPLE}\nB: {type: string, example: AKIA2QX7R4Z9LMNB3KTD}"), 1),
    ("example-shows-secret", given("{type: string}").replace("schema:", "example: {a: [{b: AKIA2QX7R4Z9LMNB3KTD}]}, schema:"), 1),
    ("example-shows-person", schemed("A: {type: string, example: 'git@github.com:a/b.git'}"), 0),
    ("example-says-nothing", schemed("A: {type: object, example: {a: string, b: blue}}"), 0),
    ("operation-id-not-url-safe", operated("operationId: orders/place"), 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "text", "count"), CASES, ids=[f"{at}-{rule}" for at, (rule, _, _) in enumerate(CASES)]
)
def test_truth(rule: str, text: str, count: int, linted: Callable[..., list[Finding]]) -> None:
    found = linted(text, {rule})
    assert len(found) == count, [finding.message for finding in found]


SETTINGS: list[tuple[str, LintSettings, str, int]] = [
    ("property-case", LintSettings(property_case="snake_case"), "A: {type: object, properties: {paidAt: {type: string}}}", 1),
    ("property-case", LintSettings(property_case="camelCase"), "A: {type: object, properties: {paidAt: {type: string}}}", 0),
    ("property-case", LintSettings(), "A: {type: object, properties: {paidAt: {type: string}}}", 0),
    ("property-case", LintSettings(), "A: {type: object, properties: {paidAt: {type: string}, sent_at: {type: string}}}", 0),
    ("property-case", LintSettings(property_case="snake_case"), "A: {type: object, properties: {_links: {type: string}, 'a[b]': {type: string}}}", 0),
    ("enum-value-case", LintSettings(enum_case="UPPER_SNAKE_CASE"), "A: {type: string, enum: [OPEN, closed]}", 1),
    ("money-as-float", LintSettings(money_words=frozenset({"betrag"})), "A: {type: object, properties: {gesamtBetrag: {type: number}, price: {type: number}}}", 1),
    ("secret-not-marked", LintSettings(secret_names=frozenset()), "A: {type: string}", 0),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "settings", "schemas", "count"), SETTINGS)
def test_settings_decide(
    rule: str, settings: LintSettings, schemas: str, count: int, linted: Callable[..., list[Finding]]
) -> None:
    assert len(linted(schemed(schemas), {rule}, settings)) == count


def test_an_unknown_style_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        ValueError, match="property_case: there is no style `snakecase`; did you mean snake_case"
    ):
        LintSettings(property_case="snakecase")


def test_places_are_those_of_what_is_meant(linted: Callable[..., list[Finding]]) -> None:
    [finding] = linted(schemed("A: {type: object, properties: {price: {type: number}}}"), {"money-as-float"})
    assert finding.place.pointer == "/components/schemas/A/properties/price"
    assert (finding.place.line, finding.place.column > 1) == (6, True)
