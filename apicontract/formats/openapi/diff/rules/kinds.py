"""Kinds of schema edits: one row each, from which a rule for requests and one for responses is made.

The phrase is what a report says of the edit; the two example schemas are executed by a test in both
directions. What an edit does to a given schema is measured by containment, not read off this table:
`effect` is what it usually does, and decides how the rule is documented.
"""

from __future__ import annotations

from apicontract.changes import Level
from apicontract.records import dataclass

NARROWS, WIDENS, BOTH, NEITHER = "narrows", "widens", "both", "neither"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of edit.

    phrase: what happened, for a report; `{name}` is the property, values or branch it is about.
    effect: what it usually does to the set of values.
    old, new: two schemas (YAML, OpenAPI 3.1) between which exactly this edit lies.
    harmless: the least level of the edit where it breaks nothing.
    loss: directions in which it takes something away although no payload is refused.
    """

    phrase: str
    effect: str
    old: str
    new: str
    harmless: Level = Level.PATCH
    loss: tuple[str, ...] = ()


def _bounds() -> dict[str, Kind]:
    """The keywords with ordered values, four edits each."""
    rows: dict[str, Kind] = {}
    for noun, keyword, of, upper, low, high in (
        ("maximum", "maximum", "{type: number, %s}", True, 5, 9),
        ("minimum", "minimum", "{type: number, %s}", False, 5, 9),
        ("max-length", "maxLength", "{type: string, %s}", True, 5, 9),
        ("min-length", "minLength", "{type: string, %s}", False, 5, 9),
        ("max-items", "maxItems", "{type: array, items: {type: string}, %s}", True, 5, 9),
        ("min-items", "minItems", "{type: array, items: {type: string}, %s}", False, 5, 9),
        (
            "max-properties",
            "maxProperties",
            "{type: object, additionalProperties: {type: string}, %s}",
            True,
            5,
            9,
        ),
        (
            "min-properties",
            "minProperties",
            "{type: object, additionalProperties: {type: string}, %s}",
            False,
            5,
            9,
        ),
    ):
        bare = (of % "").replace(", }", "}")
        less, more = of % f"{keyword}: {low}", of % f"{keyword}: {high}"
        grows, shrinks = (WIDENS, NARROWS) if upper else (NARROWS, WIDENS)
        rows[f"{noun}-increased"] = Kind(f"its `{keyword}` was raised", grows, less, more)
        rows[f"{noun}-decreased"] = Kind(f"its `{keyword}` was lowered", shrinks, more, less)
        rows[f"{noun}-added"] = Kind(f"it has a `{keyword}` now", NARROWS, bare, less)
        rows[f"{noun}-removed"] = Kind(f"its `{keyword}` is gone", WIDENS, less, bare)
    return rows


def _constraint(
    noun: str, keyword: str, bare: str, one: str, two: str, changed: str = BOTH
) -> dict[str, Kind]:
    """A keyword whose values have no order: added, removed, changed."""
    return {
        f"{noun}-added": Kind(f"it has `{keyword}` now", NARROWS, bare, one),
        f"{noun}-removed": Kind(f"its `{keyword}` is gone", WIDENS, one, bare),
        f"{noun}-changed": Kind(f"its `{keyword}` changed", changed, one, two),
    }


def _obj(inner: str) -> str:
    return f"{{type: object, {inner}}}"


_CONSTRAINTS = {
    **_constraint("const", "const", "{type: string}", "{type: string, const: a}", "{type: string, const: b}"),
    **_constraint(
        "multiple-of",
        "multipleOf",
        "{type: integer}",
        "{type: integer, multipleOf: 4}",
        "{type: integer, multipleOf: 6}",
    ),
    **_constraint(
        "pattern",
        "pattern",
        "{type: string}",
        "{type: string, pattern: '^a'}",
        "{type: string, pattern: '^b'}",
    ),
    **_constraint(
        "format", "format", "{type: string}", "{type: string, format: date}", "{type: string, format: uuid}"
    ),
    **_constraint(
        "items",
        "items",
        "{type: array, prefixItems: [{type: integer}]}",
        "{type: array, prefixItems: [{type: integer}], items: {type: string}}",
        "{type: array, items: {type: string}}",
        NARROWS,
    ),
    **_constraint(
        "prefix-items",
        "prefixItems",
        "{type: array, items: {type: string}}",
        "{type: array, prefixItems: [{type: string, maxLength: 3}], items: {type: string}}",
        "{type: array, prefixItems: [{type: string, maxLength: 3}, {type: integer}], items: {type: string}}",
        NARROWS,
    ),
    **_constraint(
        "contains",
        "contains",
        "{type: array}",
        "{type: array, contains: {const: a}}",
        "{type: array, contains: {const: b}}",
    ),
    **_constraint(
        "property-names",
        "propertyNames",
        "{type: object}",
        _obj("propertyNames: {maxLength: 3}"),
        _obj("propertyNames: {minLength: 2, maxLength: 5}"),
    ),
    **_constraint(
        "pattern-properties",
        "patternProperties",
        "{type: object}",
        _obj(
            "allOf: [{patternProperties: {'^x': {maxLength: 3}}}, {patternProperties: {'^x': {type: string}}}]"
        ),
        _obj(
            "allOf: [{patternProperties: {'^x': {maxLength: 2}}}, {patternProperties: {'^x': {type: string}}}]"
        ),
        NARROWS,
    ),
    **_constraint(
        "dependent-required",
        "dependentRequired",
        _obj("properties: {a: {type: string}, b: {type: string}, c: {type: string}}"),
        _obj(
            "properties: {a: {type: string}, b: {type: string}, c: {type: string}}, dependentRequired: {a: [b]}"
        ),
        _obj(
            "properties: {a: {type: string}, b: {type: string}, c: {type: string}}, dependentRequired: {a: [c]}"
        ),
    ),
    **_constraint(
        "dependent-schemas",
        "dependentSchemas",
        _obj("properties: {a: {type: string}, b: {type: string}, c: {type: string}}"),
        _obj(
            "properties: {a: {type: string}, b: {type: string}, c: {type: string}}, dependentSchemas: {a: {required: [b]}}"
        ),
        _obj(
            "properties: {a: {type: string}, b: {type: string}, c: {type: string}}, dependentSchemas: {a: {required: [c]}}"
        ),
    ),
    **_constraint(
        "dependencies",
        "dependencies",
        _obj("properties: {a: {type: string}, b: {type: string}, c: {type: string}}"),
        _obj("properties: {a: {type: string}, b: {type: string}, c: {type: string}}, dependencies: {a: [b]}"),
        _obj("properties: {a: {type: string}, b: {type: string}, c: {type: string}}, dependencies: {a: [c]}"),
    ),
    **_constraint(
        "not", "not", "{type: string}", "{type: string, not: {const: a}}", "{type: string, not: {const: b}}"
    ),
    **_constraint(
        "condition",
        "if",
        _obj("properties: {a: {type: string}, b: {type: string}}"),
        _obj(
            "properties: {a: {type: string}, b: {type: string}}, if: {required: [a]}, then: {required: [b]}"
        ),
        _obj(
            "properties: {a: {type: string}, b: {type: string}}, if: {required: [b]}, then: {required: [a]}"
        ),
    ),
    **_constraint(
        "unevaluated-items",
        "unevaluatedItems",
        "{type: array, prefixItems: [{type: string}]}",
        "{type: array, prefixItems: [{type: string}], unevaluatedItems: {type: string}}",
        "{type: array, prefixItems: [{type: string}], unevaluatedItems: {type: integer}}",
    ),
    "dynamic-ref-added": Kind(
        "it has a `$dynamicRef` now",
        NARROWS,
        "{$defs: {one: {$dynamicAnchor: node, type: string}}}",
        "{$dynamicRef: '#node', $defs: {one: {$dynamicAnchor: node, type: string}}}",
    ),
    "dynamic-ref-removed": Kind(
        "its `$dynamicRef` is gone",
        WIDENS,
        "{$dynamicRef: '#node', $defs: {one: {$dynamicAnchor: node, type: string}}}",
        "{$defs: {one: {$dynamicAnchor: node, type: string}}}",
    ),
    "dynamic-ref-changed": Kind(
        "what its `$dynamicRef` leads to changed",
        BOTH,
        "{$dynamicRef: '#node', $defs: {one: {$dynamicAnchor: node, type: string}}}",
        "{$dynamicRef: '#node', $defs: {one: {$dynamicAnchor: node, type: integer}}}",
    ),
}

_FURTHER = {
    "additional-properties-closed": Kind(
        "further properties are refused now",
        NARROWS,
        _obj("properties: {a: {type: string}}"),
        _obj("properties: {a: {type: string}}, additionalProperties: false"),
    ),
    "additional-properties-opened": Kind(
        "further properties are allowed now",
        WIDENS,
        _obj("properties: {a: {type: string}}, additionalProperties: false"),
        _obj("properties: {a: {type: string}}"),
    ),
    "additional-properties-narrowed": Kind(
        "what further properties may hold is narrower now",
        NARROWS,
        _obj("properties: {a: {type: string}}"),
        _obj("properties: {a: {type: string}}, additionalProperties: {type: string}"),
    ),
    "additional-properties-widened": Kind(
        "what further properties may hold is wider now",
        WIDENS,
        _obj("properties: {a: {type: string}}, additionalProperties: {type: string}"),
        _obj("properties: {a: {type: string}}"),
    ),
    "additional-properties-changed": Kind(
        "what further properties may hold is another thing now",
        BOTH,
        _obj("patternProperties: {'^x': {type: string}}, additionalProperties: false"),
        _obj("patternProperties: {'^y': {type: string}}, additionalProperties: {type: integer}"),
    ),
    "unevaluated-properties-closed": Kind(
        "properties that no branch declares are refused now",
        NARROWS,
        _obj("allOf: [{properties: {a: {type: string}}}]"),
        _obj("allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: false"),
    ),
    "unevaluated-properties-opened": Kind(
        "properties that no branch declares are allowed now",
        WIDENS,
        _obj("allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: false"),
        _obj("allOf: [{properties: {a: {type: string}}}]"),
    ),
    "unevaluated-properties-narrowed": Kind(
        "what properties that no branch declares may hold is narrower now",
        NARROWS,
        _obj("allOf: [{properties: {a: {type: string}}}]"),
        _obj("allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: {type: string}"),
    ),
    "unevaluated-properties-widened": Kind(
        "what properties that no branch declares may hold is wider now",
        WIDENS,
        _obj("allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: {type: string}"),
        _obj("allOf: [{properties: {a: {type: string}}}]"),
    ),
    "unevaluated-properties-changed": Kind(
        "what properties that no branch declares may hold is another thing now",
        BOTH,
        _obj("allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: {type: string}"),
        _obj("allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: {type: integer}"),
    ),
}

_VALUES = {
    "type-changed": Kind("its type changed", BOTH, "{type: string}", "{type: integer}"),
    "type-narrowed": Kind("its type allows less", NARROWS, "{type: [string, integer]}", "{type: string}"),
    "type-widened": Kind("its type allows more", WIDENS, "{type: string}", "{type: [string, integer]}"),
    "became-nullable": Kind("it may be null now", WIDENS, "{type: string}", "{type: [string, 'null']}"),
    "became-not-nullable": Kind(
        "it may not be null any more", NARROWS, "{type: [string, 'null']}", "{type: string}"
    ),
    "enum-added": Kind(
        "its values are a closed list now", NARROWS, "{type: string}", "{type: string, enum: [a, b]}"
    ),
    "enum-removed": Kind(
        "its values are no closed list any more", WIDENS, "{type: string, enum: [a, b]}", "{type: string}"
    ),
    "enum-value-added": Kind(
        "`{name}` is a further value", WIDENS, "{type: string, enum: [a]}", "{type: string, enum: [a, b]}"
    ),
    "enum-value-removed": Kind(
        "`{name}` is no value any more", NARROWS, "{type: string, enum: [a, b]}", "{type: string, enum: [a]}"
    ),
    "unique-items-added": Kind(
        "its items must be unique now",
        NARROWS,
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, uniqueItems: true}",
    ),
    "unique-items-removed": Kind(
        "its items need not be unique any more",
        WIDENS,
        "{type: array, items: {type: string}, uniqueItems: true}",
        "{type: array, items: {type: string}}",
    ),
    "unique-items-changed": Kind(
        "whether its items must be unique changed",
        NARROWS,
        "{type: array, items: {type: string}, uniqueItems: false}",
        "{type: array, items: {type: string}, uniqueItems: true}",
    ),
    "schema-false": Kind("it accepts nothing now", NARROWS, _obj("properties: {a: {type: string}}"), "false"),
}

_MEMBERS = {
    "property-added": Kind(
        "property `{name}` was added",
        NEITHER,
        _obj("properties: {a: {type: string}}"),
        _obj("properties: {a: {type: string}, b: {type: string}}"),
        Level.MINOR,
    ),
    "property-removed": Kind(
        "property `{name}` is gone",
        NEITHER,
        _obj("properties: {a: {type: string}, b: {type: string}}"),
        _obj("properties: {a: {type: string}}"),
        loss=("request", "response"),
    ),
    "property-changed": Kind(
        "property `{name}` is constrained in another way",
        NARROWS,
        _obj("anyOf: [{properties: {a: {type: string}}}, {required: [b]}]"),
        _obj("anyOf: [{properties: {a: {type: string}}}, {required: [b]}], properties: {a: {maxLength: 3}}"),
    ),
    "required-property-added": Kind(
        "property `{name}` was added and is required",
        NARROWS,
        _obj("properties: {a: {type: string}}"),
        _obj("properties: {a: {type: string}, b: {type: string}}, required: [b]"),
        Level.MINOR,
    ),
    "property-became-required": Kind(
        "property `{name}` is required now",
        NARROWS,
        _obj("properties: {a: {type: string}}"),
        _obj("properties: {a: {type: string}}, required: [a]"),
    ),
    "property-became-optional": Kind(
        "property `{name}` is not required any more",
        WIDENS,
        _obj("properties: {a: {type: string}}, required: [a]"),
        _obj("properties: {a: {type: string}}"),
    ),
    "read-only-added": Kind(
        "it is read-only now",
        NEITHER,
        "{type: string}",
        "{type: string, readOnly: true}",
        Level.MINOR,
        ("request",),
    ),
    "read-only-removed": Kind(
        "it is not read-only any more",
        NEITHER,
        "{type: string, readOnly: true}",
        "{type: string}",
        Level.MINOR,
    ),
    "write-only-added": Kind(
        "it is write-only now",
        NEITHER,
        "{type: string}",
        "{type: string, writeOnly: true}",
        Level.MINOR,
        ("response",),
    ),
    "write-only-removed": Kind(
        "it is not write-only any more",
        NEITHER,
        "{type: string, writeOnly: true}",
        "{type: string}",
        Level.MINOR,
    ),
}

_ALTERNATIVES = {
    "alternative-added": Kind(
        "there is a further alternative",
        WIDENS,
        "{anyOf: [{type: string, maxLength: 3}, {type: integer}]}",
        "{anyOf: [{type: string, maxLength: 3}, {type: integer}, {type: boolean}]}",
    ),
    "alternative-removed": Kind(
        "an alternative is gone",
        NARROWS,
        "{anyOf: [{type: string, maxLength: 3}, {type: integer}, {type: boolean}]}",
        "{anyOf: [{type: string, maxLength: 3}, {type: integer}]}",
    ),
    "alternatives-changed": Kind(
        "its alternatives accept other values now",
        NARROWS,
        "{anyOf: [{multipleOf: 2}, {multipleOf: 3}], type: integer}",
        "{oneOf: [{multipleOf: 2}, {multipleOf: 3}], type: integer}",
    ),
    "discriminator-changed": Kind(
        "what its discriminator selects changed",
        BOTH,
        "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], "
        "discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}}",
        "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], "
        "discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', hound: '#/components/schemas/Dog'}}}",
    ),
    "schema-changed": Kind(
        "as a whole it accepts other values now",
        WIDENS,
        "{type: array, allOf: [{items: {type: string}}, {items: {maxLength: 3}}]}",
        "{type: array, allOf: [{items: {type: string}}, {items: {maxLength: 5}}]}",
    ),
}

_WORDS = {
    "default-added": Kind(
        "it has a default now", NEITHER, "{type: string}", "{type: string, default: a}", Level.MINOR
    ),
    "default-removed": Kind(
        "its default is gone", NEITHER, "{type: string, default: a}", "{type: string}", Level.MINOR
    ),
    "default-changed": Kind(
        "its default changed",
        NEITHER,
        "{type: string, default: a}",
        "{type: string, default: b}",
        Level.MINOR,
    ),
    "deprecated-added": Kind(
        "it is deprecated", NEITHER, "{type: string}", "{type: string, deprecated: true}", Level.MINOR
    ),
    "deprecated-removed": Kind(
        "it is not deprecated any more",
        NEITHER,
        "{type: string, deprecated: true}",
        "{type: string}",
        Level.MINOR,
    ),
    "content-encoding-changed": Kind(
        "how its text is to be decoded changed",
        NEITHER,
        "{type: string, contentEncoding: base64}",
        "{type: string, contentEncoding: base32}",
        Level.MINOR,
        ("request", "response"),
    ),
    "extensible-enum-value-added": Kind(
        "`{name}` is a further known value",
        NEITHER,
        "{type: string, x-extensible-enum: [a]}",
        "{type: string, x-extensible-enum: [a, b]}",
        Level.MINOR,
    ),
    "extensible-enum-value-removed": Kind(
        "`{name}` is no known value any more",
        NEITHER,
        "{type: string, x-extensible-enum: [a, b]}",
        "{type: string, x-extensible-enum: [a]}",
        Level.MINOR,
        ("request",),
    ),
    "xml-changed": Kind("its XML form changed", NEITHER, "{type: string}", "{type: string, xml: {name: b}}"),
    "schema-extension-changed": Kind(
        "extension `{name}` changed", NEITHER, "{type: string}", "{type: string, x-a: 1}"
    ),
    "schema-documentation-changed": Kind(
        "its documentation changed ({name})", NEITHER, "{type: string}", "{type: string, description: b}"
    ),
    "schema-rewritten": Kind(
        "it is written in another way and means the same",
        NEITHER,
        "{type: object}",
        "{anyOf: [{type: object}]}",
    ),
}

KINDS: dict[str, Kind] = {
    **_VALUES,
    **_bounds(),
    **_CONSTRAINTS,
    **_MEMBERS,
    **_FURTHER,
    **_ALTERNATIVES,
    **_WORDS,
}
