"""Rules on schemas: what their keywords say to each other."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import schemed

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


def _branches(discriminator: str, cat: str) -> str:
    return schemed(
        f"Pet: {{oneOf: [{{$ref: '#/components/schemas/Cat'}}], discriminator: {discriminator}}}\nCat: {cat}"
    )


_CAT = "{type: object, properties: {kind: {type: string}}, required: [kind]}"

RULES = (
    FindingRule(
        "required-undeclared",
        "A schema requires a property that it declares nowhere.",
        _WARNING,
        "It is legal, but often a typing mistake: senders must send something that is not described.",
        "Declare the property, or correct the name.",
        schemed("Order: {type: object, properties: {id: {type: string}}, required: [id, totl]}"),
        schemed("Order: {type: object, properties: {id: {type: string}}, required: [id]}"),
    ),
    FindingRule(
        "discriminator-property-undeclared",
        "A branch does not declare the property by which branches are told apart.",
        _WARNING,
        "Messages of that branch need not say what they are, so readers cannot choose.",
        "Declare the property in every branch, and require it.",
        _branches("{propertyName: kind}", "{type: object, properties: {name: {type: string}}}"),
        _branches("{propertyName: kind}", _CAT),
    ),
    FindingRule(
        "discriminator-property-optional",
        "A branch does not require the property by which branches are told apart.",
        _WARNING,
        "A message without it fits no branch for sure; the specification asks for it to be required.",
        "Add it to `required`.",
        _branches("{propertyName: kind}", "{type: object, properties: {kind: {type: string}}}"),
        _branches("{propertyName: kind}", _CAT),
    ),
    FindingRule(
        "discriminator-mapping-unresolved",
        "A discriminator maps a value to a schema that does not exist.",
        _ERROR,
        "Messages with that value cannot be read.",
        "Name an existing schema, by name or by reference.",
        _branches("{propertyName: kind, mapping: {cat: '#/components/schemas/Kat'}}", _CAT),
        _branches("{propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}", _CAT),
    ),
    FindingRule(
        "pattern-invalid",
        "A pattern is no regular expression of ECMA-262.",
        _ERROR,
        "Validators refuse it, or ignore it and let everything pass.",
        "Correct it at the place that the message names.",
        schemed("Order: {type: string, pattern: '^[A-Z'}"),
        schemed("Order: {type: string, pattern: '^[A-Z]'}"),
    ),
    FindingRule(
        "pattern-not-portable",
        "A pattern is legal, but not every engine accepts it.",
        _WARNING,
        "ECMA-262 keeps old forms in an annex (a `-` after a class); engines in Unicode mode refuse them.",
        "Write it in a plainer form; escape a `-` or `]` that stands for itself.",
        schemed("Order: {type: string, pattern: '^[\\w-.]+$'}"),
        schemed("Order: {type: string, pattern: '^[\\w.-]+$'}"),
    ),
    FindingRule(
        "bounds-contradict",
        "A lower bound is above the upper bound.",
        _WARNING,
        "No value of the type can fit: legal, but never meant.",
        "Correct one of the two bounds.",
        schemed("Order: {type: integer, minimum: 10, maximum: 1}"),
        schemed("Order: {type: integer, minimum: 1, maximum: 10}"),
    ),
    FindingRule(
        "exclusive-without-bound",
        "A bound is called exclusive, but there is no bound.",
        _ERROR,
        "The flag does nothing alone; before OpenAPI 3.1 it says how `minimum` or `maximum` is meant.",
        "Add the bound, or take the flag out.",
        schemed("Order: {type: integer, exclusiveMinimum: true}"),
        schemed("Order: {type: integer, minimum: 0, exclusiveMinimum: true}"),
    ),
    FindingRule(
        "schema-unsatisfiable",
        "No value can fit a schema.",
        _WARNING,
        "Every message with it is wrong, whatever it says.",
        "Loosen what contradicts, or write `not: {}` (`false` in OpenAPI 3.1) if nothing shall fit.",
        schemed("Order: {allOf: [{type: string}, {type: integer}]}"),
        schemed("Order: {allOf: [{type: string}, {minLength: 1}]}"),
    ),
    FindingRule(
        "schema-recursion-endless",
        "A schema applies itself to the same value.",
        _WARNING,
        "Validators never come to an end with it; JSON Schema leaves open what it means. Often a base lists "
        "its heirs in `oneOf`, and every heir has the base in `allOf`.",
        "Take the list of heirs out of the base and put it into a schema of its own.",
        schemed(
            "Pet: {type: object, oneOf: [{$ref: '#/components/schemas/Cat'}]}\n"
            "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}"
        ),
        schemed(
            "Pet: {type: object}\nCat: {allOf: [{$ref: '#/components/schemas/Pet'}]}\n"
            "AnyPet: {oneOf: [{$ref: '#/components/schemas/Cat'}]}"
        ),
    ),
    FindingRule(
        "enum-duplicate",
        "An enum lists the same value twice.",
        _WARNING,
        "The repetition says nothing, and generated code gets two constants of one name.",
        "Take the repeated value out.",
        schemed("Order: {type: string, enum: [open, closed, open]}"),
        schemed("Order: {type: string, enum: [open, closed]}"),
    ),
    FindingRule(
        "array-without-items",
        "An array does not say what its items are.",
        _ERROR,
        "Before OpenAPI 3.1 `items` must be there if the type is array.",
        "Add `items`; `items: {}` if anything may stand in it.",
        schemed("Orders: {type: array}"),
        schemed("Orders: {type: array, items: {type: string}}"),
    ),
    FindingRule(
        "read-only-and-write-only",
        "A property is both readOnly and writeOnly.",
        _ERROR,
        "It could be neither sent nor received.",
        "Keep one of the two.",
        schemed("Order: {type: object, properties: {id: {readOnly: true, writeOnly: true}}}"),
        schemed("Order: {type: object, properties: {id: {readOnly: true}}}"),
    ),
    FindingRule(
        "keyword-ignored",
        "A schema uses a keyword that has no meaning in its version of OpenAPI.",
        _WARNING,
        "`nullable` needs a `type` beside it in OpenAPI 3.0, and was replaced by the type `null` in 3.1.",
        "Write `type: [string, 'null']`.",
        schemed("Order: {type: string, nullable: true}", "3.1.0"),
        schemed("Order: {type: [string, 'null']}", "3.1.0"),
    ),
)
