"""Where a change is said to be, and through which operation it is shown."""

from __future__ import annotations

import pytest

import apicontract

_HEAD = "openapi: 3.0.3\ninfo: {title: Things, version: 1.0.0}\n"


def contract(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def body(schema, direction):
    content = f"content: {{application/json: {{schema: {schema}}}}}"
    if direction == "request":
        return (
            f"{_HEAD}paths: {{/things: {{put: {{requestBody: {{required: true, {content}}}, "
            "responses: {'204': {description: done}}}}}\n"
        )
    return f"{_HEAD}paths: {{/things: {{get: {{responses: {{'200': {{description: done, {content}}}}}}}}}}}\n"


def changes(tmp_path, old, new):
    return list(
        apicontract.diff(contract(tmp_path, "a.yaml", old), contract(tmp_path, "b.yaml", new)).changes
    )


@pytest.mark.parametrize(
    ("direction", "old", "new"),
    [
        ("request", "{type: string, nullable: true}", "{type: string}"),
        ("response", "{type: string}", "{type: string, nullable: true}"),
    ],
)
def test_null_is_spoken_of_where_nullable_stands(tmp_path, direction, old, new):
    [change] = changes(tmp_path, body(old, direction), body(new, direction))
    assert change.rule.endswith("nullable")
    said = [place.pointer.rpartition("/")[2] for place in (change.old, change.new)]
    assert said == (["nullable", "schema"] if direction == "request" else ["schema", "nullable"])


@pytest.mark.parametrize("direction", ["request", "response"])
def test_the_part_that_refuses_is_where_it_is(tmp_path, direction):
    wide = "{allOf: [{type: object, nullable: true}, {nullable: true, type: object}]}"
    narrow = "{allOf: [{type: object, nullable: true}, {description: x, type: object}]}"
    pair = (wide, narrow) if direction == "request" else (narrow, wide)
    found = changes(tmp_path, *(body(schema, direction) for schema in pair))
    change = next(change for change in found if change.level is apicontract.Level.MAJOR)
    refusing = change.new if direction == "request" else change.old
    assert "/allOf/1" in refusing.pointer
    assert change.was == change.now or {change.was, change.now} == {"", "true"}


def test_an_operation_that_shows_the_change_is_chosen(tmp_path):
    """In the first another alternative takes a `name` that is null, in the second nothing does."""
    cover = "{properties: {name: {type: string, nullable: true}, age: {type: integer}}}"
    answer = "get: {responses: {'200': {description: d, content: {application/json: {schema: %s}}}}}"
    user = "{$ref: '#/components/schemas/User'}"
    texts = [
        f"{_HEAD}paths:\n"
        f"  /any: {{{answer % f'{{anyOf: [{user}, {cover}]}}'}}}\n"
        f"  /one: {{{answer % user}}}\n"
        f"components: {{schemas: {{User: {{required: [name], properties: {{name: {name}, age: {age}}}}}}}}}\n"
        for name, age in (
            ("{type: string}", "{type: integer}"),
            ("{type: string, nullable: true}", "{type: number}"),
        )
    ]
    found = changes(tmp_path, *texts)
    change = next(change for change in found if change.rule == "response-became-nullable")
    assert change.reaches == ("GET /any", "GET /one")
    assert change.operation == "GET /one"
    assert change.witness is not None
    assert change.witness.value == {"name": None}


def test_a_form_of_swagger_is_pointed_at_where_it_asks_for_more(tmp_path):
    field = "{name: x, in: formData, type: string}"
    text = (
        "swagger: '2.0'\ninfo: {title: Things, version: 1.0.0}\nconsumes: [multipart/form-data]\n"
        "paths: {/things: {post: {parameters: [%s], responses: {'204': {description: done}}}}}\n"
    )
    more = f"{field}, {{name: z, in: formData, type: string, required: true}}"
    found = changes(tmp_path, text % field, text % more)
    assert {change.new.pointer for change in found} == {
        "/paths/~1things/post/parameters/1",
        "/paths/~1things/post/parameters/1/required",
    }
