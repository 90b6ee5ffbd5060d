"""Rules on values: defaults, enums and examples against the schemas they belong to."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import operated, schemed

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES = (
    FindingRule(
        "default-mismatch",
        "A default does not fit its own schema.",
        _ERROR,
        "Whoever leaves the value out gets one that is not allowed.",
        "Correct the default or the schema.",
        schemed("Order: {type: integer, default: many}"),
        schemed("Order: {type: integer, default: 10}"),
    ),
    FindingRule(
        "enum-value-mismatch",
        "A value of an enum does not fit the rest of the schema.",
        _WARNING,
        "The value can never be sent, though it is listed.",
        "Take the value out, or correct the schema.",
        schemed("Order: {type: string, enum: [open, 1]}"),
        schemed("Order: {type: string, enum: [open, '1']}"),
    ),
    FindingRule(
        "const-mismatch",
        "A constant does not fit the rest of the schema.",
        _WARNING,
        "No value at all can fit.",
        "Correct the constant or the schema.",
        schemed("Order: {type: string, const: 1}", "3.1.0"),
        schemed("Order: {type: string, const: '1'}", "3.1.0"),
    ),
    FindingRule(
        "example-mismatch",
        "An example does not fit its schema.",
        _WARNING,
        "Readers copy examples, and mock servers answer with them.",
        "Correct the example or the schema.",
        operated("requestBody: {content: {application/json: {schema: {type: object}, example: [1]}}}"),
        operated("requestBody: {content: {application/json: {schema: {type: object}, example: {id: 1}}}}"),
    ),
)
