"""Rules on parameters, headers and media types."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described, operated

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


def _queried(other: str) -> str:
    return described(
        f"""
        paths:
          /orders:
            parameters: [{{name: all, in: querystring, content: {{application/json: {{}}}}}}]
            get: {{parameters: [{other}], responses: {{"204": {{description: Done}}}}}}
        """,
        "3.2.0",
    )


RULES = (
    FindingRule(
        "parameter-duplicate",
        "Two parameters of one list have the same name and place.",
        _ERROR,
        "One of the two is ignored, and readers differ in which one.",
        "Keep one; for several values of one name, use one parameter of type array.",
        operated(
            "parameters: [{name: page, in: query, schema: {type: integer}},"
            " {name: page, in: query, schema: {type: string}}]"
        ),
        operated(
            "parameters: [{name: page, in: query, schema: {type: integer}},"
            " {name: page, in: header, schema: {type: string}}]"
        ),
    ),
    FindingRule(
        "header-parameter-ignored",
        "A parameter describes a header that OpenAPI describes elsewhere.",
        _WARNING,
        "`Accept`, `Content-Type` and `Authorization` given as parameters are ignored.",
        "Say it with the media types of bodies and responses, and with security schemes.",
        operated("parameters: [{name: Authorization, in: header, schema: {type: string}}]"),
        operated("parameters: [{name: X-Trace, in: header, schema: {type: string}}]"),
    ),
    FindingRule(
        "header-name-invalid",
        "The name of a header has characters that header names cannot have.",
        _ERROR,
        "No HTTP message can carry such a header (RFC 9110, section 5.1).",
        "Use letters, digits and hyphens.",
        operated("parameters: [{name: X Trace, in: header, schema: {type: string}}]"),
        operated("parameters: [{name: X-Trace, in: header, schema: {type: string}}]"),
    ),
    FindingRule(
        "media-type-invalid",
        "The key of a body is no media type.",
        _ERROR,
        "Content is found by `Content-Type`, which has the form `type/subtype` (RFC 9110, section 8.3.1).",
        "Write a media type or range, such as `application/json` or `image/*`.",
        operated("requestBody: {content: {json: {schema: {type: object}}}}"),
        operated("requestBody: {content: {application/json: {schema: {type: object}}}}"),
    ),
    FindingRule(
        "encoding-property-unknown",
        "An encoding is given for a property that the schema does not declare.",
        _WARNING,
        "The encoding is ignored; often the property was renamed.",
        "Name a property of the schema, or take the encoding out.",
        operated(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {}}},"
            " encoding: {fil: {contentType: image/png}}}}}"
        ),
        operated(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {}}},"
            " encoding: {file: {contentType: image/png}}}}}"
        ),
    ),
    FindingRule(
        "querystring-not-alone",
        "A parameter is the whole query string, and another one is in the query too.",
        _ERROR,
        "The query string is described twice, in ways that do not fit together.",
        "Keep the one parameter `in: querystring`, or describe the query by parameters `in: query`.",
        _queried("{name: page, in: query, schema: {type: integer}}"),
        _queried("{name: page, in: header, schema: {type: integer}}"),
    ),
    FindingRule(
        "parameter-field-ignored",
        "A parameter has a field that only query parameters have.",
        _WARNING,
        "The field says nothing there; later versions of OpenAPI refuse it.",
        "Take it out.",
        operated("parameters: [{name: page, in: header, allowReserved: true, schema: {type: string}}]"),
        operated("parameters: [{name: page, in: query, allowReserved: true, schema: {type: string}}]"),
    ),
)
