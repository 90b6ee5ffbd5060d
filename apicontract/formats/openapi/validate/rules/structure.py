"""Rules on structure: what the official meta-schemas ask of every object."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described, operated, schemed

_ERROR = Severity.ERROR

RULES = (
    FindingRule(
        "missing-field",
        "A required field is missing.",
        _ERROR,
        "Tools rely on required fields; without them many refuse to read the description.",
        "Add the field.",
        operated('responses: {"204": {}}'),
        operated('responses: {"204": {description: Done}}'),
    ),
    FindingRule(
        "unknown-field",
        "An object has a field that its kind does not know in this version of OpenAPI.",
        _ERROR,
        "Unknown fields are ignored at best, so what they say does not hold; often it is a typing mistake.",
        "Correct the name, take the field out, or start it with `x-` if it is an extension.",
        operated("sumary: Place an order"),
        operated("summary: Place an order"),
    ),
    FindingRule(
        "wrong-type",
        "A field holds another type of value than it must.",
        _ERROR,
        "Readers of the description cannot use the value, or read it as something it does not mean.",
        "Write a value of the right type; in YAML, quote numbers, dates and `true` where text is meant.",
        operated("summary: [Place an order]"),
        operated("summary: Place an order"),
    ),
    FindingRule(
        "value-not-allowed",
        "A field holds a value that is not among those allowed.",
        _ERROR,
        "The field knows a fixed list of values; nothing can be made of another one.",
        "Use one of the allowed values.",
        schemed("Order: {type: strng}"),
        schemed("Order: {type: string}"),
    ),
    FindingRule(
        "malformed-value",
        "A value is not of the form that it must have.",
        _ERROR,
        "Addresses, hosts and the like are read by tools, which fail on malformed ones.",
        "Write it in the form the message names.",
        described("host: http://example.com\npaths: {}", "2.0"),
        described("host: example.com\npaths: {}", "2.0"),
    ),
    FindingRule(
        "fields-exclude-each-other",
        "An object has two fields of which only one may be there.",
        _ERROR,
        "The two would say the same thing twice, and readers differ in which one they believe.",
        "Keep one of the two.",
        operated("parameters: [{name: a, in: query, schema: {}, example: 1, examples: {one: {value: 1}}}]"),
        operated("parameters: [{name: a, in: query, schema: {}, example: 1}]"),
    ),
    FindingRule(
        "wrong-size",
        "A list or an object has too few or too many entries.",
        _ERROR,
        "An empty list of required names or of choices means nothing, or that nothing is possible.",
        "Add the entries that are needed, or leave the field out.",
        schemed("Order: {type: string, enum: []}"),
        schemed("Order: {type: string, enum: [open]}"),
    ),
    FindingRule(
        "number-out-of-range",
        "A number lies outside what its field allows.",
        _ERROR,
        "A negative length or a step of zero describes no value.",
        "Write a number in the range that the message names.",
        schemed("Order: {type: string, minLength: -1}"),
        schemed("Order: {type: string, minLength: 1}"),
    ),
    FindingRule(
        "duplicate-entry",
        "A list that must hold each entry once holds one twice.",
        _ERROR,
        "The repetition says nothing, and some readers refuse it.",
        "Take the repeated entry out.",
        schemed("Order: {type: object, properties: {id: {}}, required: [id, id]}"),
        schemed("Order: {type: object, properties: {id: {}}, required: [id]}"),
    ),
    FindingRule(
        "component-name-invalid",
        "The name of a component has characters that names may not have.",
        _ERROR,
        "Components are referred to by URLs; names may have letters, digits, `.`, `-` and `_` only.",
        "Rename the component and the references to it.",
        schemed('"Open order": {type: object}'),
        schemed("Open-order: {type: object}"),
    ),
    FindingRule(
        "schema-dialect-unknown",
        "A schema says that it is written in a dialect of JSON Schema that is not known.",
        _ERROR,
        "Nobody can tell what its keywords mean, so neither the schema nor values can be checked.",
        "Name a published dialect (https://json-schema.org/draft/2020-12/schema), or leave the field out.",
        described("jsonSchemaDialect: https://example.com/dialect\npaths: {}", "3.1.0"),
        described("jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema\npaths: {}", "3.1.0"),
    ),
)
