"""Rules of Swagger 2.0 alone."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import operated

_ERROR = Severity.ERROR
_BODY = "{name: order, in: body, schema: {type: object}}"
_FIELD = "{name: note, in: formData, type: string}"

RULES = (
    FindingRule(
        "body-parameter-repeated",
        "An operation has more than one body parameter.",
        _ERROR,
        "A request has one body.",
        "Merge them into one schema.",
        operated(f"parameters: [{_BODY}, {_BODY.replace('order', 'note')}]", "2.0"),
        operated(f"parameters: [{_BODY}]", "2.0"),
    ),
    FindingRule(
        "body-and-form-data",
        "An operation has both a body parameter and form fields.",
        _ERROR,
        "A request has one body: it is either a document or a form.",
        "Use one of the two.",
        operated(f"parameters: [{_BODY}, {_FIELD}]", "2.0"),
        operated(f"parameters: [{_FIELD}]", "2.0"),
    ),
    FindingRule(
        "file-parameter-consumes",
        "An operation takes a file, but does not consume a form.",
        _ERROR,
        "Files are sent in `multipart/form-data` or `application/x-www-form-urlencoded` only.",
        "Add `consumes: [multipart/form-data]`.",
        operated("consumes: [application/json]\nparameters: [{name: file, in: formData, type: file}]", "2.0"),
        operated(
            "consumes: [multipart/form-data]\nparameters: [{name: file, in: formData, type: file}]", "2.0"
        ),
    ),
)
