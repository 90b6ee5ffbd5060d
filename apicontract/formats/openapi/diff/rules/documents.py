"""Small whole contracts around a fragment, for the examples of rules."""

from __future__ import annotations

_HEAD = "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\n"
_PETS = """\
components:
  schemas:
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, bark: {type: string, maxLength: 9}}}
"""
_SCHEMES = """\
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: http, scheme: basic}
"""


def operation(fragment: str) -> str:
    """`GET /things/{id}` with these fields (YAML flow mapping without its braces)."""
    schemes = _SCHEMES if "security:" in fragment else ""
    path = "  /things/{id}:\n    parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"
    return f"{_HEAD}paths:\n{path}    get: {{{fragment}}}\n{schemes}"


def webhook(fragment: str) -> str:
    """A webhook `thing` with these fields: a message that the server sends."""
    return f"{_HEAD}webhooks:\n  thing:\n    post: {{{fragment}}}\n"


def request_body(schema: str) -> str:
    """`PUT /things` whose JSON body has this schema."""
    components = _PETS if "#/components" in schema else ""
    return (
        f"{_HEAD}paths:\n  /things:\n    put:\n      requestBody:\n        required: true\n        content:\n"
        f"          application/json:\n            schema: {schema}\n"
        f"      responses: {{'204': {{description: done}}}}\n{components}"
    )


def response_body(schema: str) -> str:
    """`GET /things` whose JSON answer has this schema."""
    components = _PETS if "#/components" in schema else ""
    return (
        f"{_HEAD}paths:\n  /things:\n    get:\n      responses:\n        '200':\n          description: found\n"
        f"          content:\n            application/json:\n              schema: {schema}\n{components}"
    )


def document(fragment: str) -> str:
    """A contract with these further fields at its root, and one operation if they have none."""
    paths = (
        "" if "paths:" in fragment else "paths: {/things: {get: {responses: {'204': {description: none}}}}}\n"
    )
    head = "" if "openapi:" in fragment else "openapi: 3.1.0\n"
    info = "" if "info:" in fragment else "info: {title: Things, version: 1.0.0}\n"
    return f"{head}{info}{paths}{fragment}\n"
