"""Rules of Swagger 2.0 alone."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described, operated

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_BODY = "{name: order, in: body, schema: {type: object}}"
_FIELD = "{name: note, in: formData, type: string}"

_PRODUCED = (
    "produces: [application/json]\n"
    "responses: {'200': {description: Done, schema: {}, examples: {<type>: text}}}"
)
_READ_ONLY = "type: object, properties: {id: {type: string, readOnly: true}}"
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
    FindingRule(
        "form-parameter-consumes",
        "An operation has form fields, but does not consume a form.",
        _WARNING,
        "Form fields are used only if the content is a form, so these are never sent.",
        "Add `application/x-www-form-urlencoded` or `multipart/form-data` to `consumes`.",
        operated(f"consumes: [application/json]\nparameters: [{_FIELD}]", "2.0"),
        operated(f"consumes: [multipart/form-data]\nparameters: [{_FIELD}]", "2.0"),
    ),
    FindingRule(
        "example-not-produced",
        "An example is of a media type that its operation does not produce.",
        _WARNING,
        "Nobody will ever see an answer like it.",
        "Use a media type of `produces`, or add that of the example.",
        operated(_PRODUCED.replace("<type>", "text/plain"), "2.0"),
        operated(_PRODUCED.replace("<type>", "application/json"), "2.0"),
    ),
    FindingRule(
        "read-only-required",
        "A property is both readOnly and required.",
        _WARNING,
        "In Swagger 2.0 what is required must be sent, and what is readOnly should not be in `required`.",
        "Take the property out of `required`.",
        described(f"paths: {{}}\ndefinitions: {{Order: {{{_READ_ONLY}, required: [id]}}}}", "2.0"),
        described(f"paths: {{}}\ndefinitions: {{Order: {{{_READ_ONLY}}}}}", "2.0"),
    ),
)
