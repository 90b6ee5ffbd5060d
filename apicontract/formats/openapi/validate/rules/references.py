"""Rules on references."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.openapi.validate.rules.documents import described, schemed

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


def _joined(beside: str) -> str:
    return described(
        f"""
        paths:
          /orders:
            $ref: '#/paths/~1sales'
            {beside}
          /sales:
            get: {{responses: {{'204': {{description: Done}}}}}}
        """
    )


RULES = (
    FindingRule(
        "reference-unresolved",
        "A `$ref` leads nowhere.",
        _ERROR,
        "What stands there is unknown: clients cannot be generated and messages cannot be checked.",
        "Correct the pointer or the file name, or add what it refers to.",
        schemed("Order: {$ref: '#/components/schemas/Ordr'}"),
        schemed("Order: {$ref: '#/components/schemas/Base'}\nBase: {type: object}"),
    ),
    FindingRule(
        "reference-wrong-kind",
        "A `$ref` leads to an object of another kind than the one it stands for.",
        _ERROR,
        "A response cannot be used where a schema is needed; what readers make of it is their guess.",
        "Refer to an object of the kind that belongs there.",
        schemed("Order: {$ref: '#/info'}"),
        schemed("Order: {$ref: '#/components/schemas/Base'}\nBase: {type: object}"),
    ),
    FindingRule(
        "reference-circular",
        "References lead in a circle and never to an object.",
        _ERROR,
        "There is nothing at the end of the circle, and careless readers never come back.",
        "Let one of them be the object itself.",
        schemed("Order: {$ref: '#/components/schemas/Base'}\nBase: {$ref: '#/components/schemas/Order'}"),
        schemed("Order: {$ref: '#/components/schemas/Base'}\nBase: {type: object}"),
    ),
    FindingRule(
        "reference-siblings-ignored",
        "Fields stand beside a `$ref`, where this version of OpenAPI ignores them.",
        _WARNING,
        "Whoever wrote `nullable: true` or a description there meant something that does not hold.",
        "Put the reference into `allOf` and the fields beside it; OpenAPI 3.1 applies them as they are.",
        schemed(
            "Order: {type: object, properties: {base: {$ref: '#/components/schemas/Base', nullable: true}}}\n"
            "Base: {type: object}"
        ),
        schemed(
            "Order: {type: object, properties: {base: {allOf: [{$ref: '#/components/schemas/Base'}]}}}\n"
            "Base: {type: object}"
        ),
    ),
    FindingRule(
        "schema-name-duplicate",
        "Two schemas have the same `$id` or the same anchor.",
        _WARNING,
        "JSON Schema leaves open which of the two a reference by that name leads to.",
        "Give each schema a name of its own.",
        schemed("Order: {$anchor: order}\nBase: {$anchor: order}", "3.1.0"),
        schemed("Order: {$anchor: order}\nBase: {$anchor: base}", "3.1.0"),
    ),
    FindingRule(
        "path-item-field-repeated",
        "A path item has a field that what its `$ref` leads to has as well.",
        _WARNING,
        "OpenAPI leaves open which of the two holds, and tools differ.",
        "Keep one of the two.",
        _joined("get: {responses: {'204': {description: Mine}}}"),
        _joined("put: {responses: {'204': {description: Mine}}}"),
    ),
)
