"""What the dialects differ in, as a table: which keywords each knows, and how it reads them.

Sources: the JSON Schema drafts 4, 6, 7, 2019-09, 2020-12; OpenAPI 2.0 "Schema Object", 3.0 "Schema
Object" (draft Wright 00 with its own subset), 3.1 and 3.2 (2020-12 plus the base vocabulary).
"""

from __future__ import annotations

from apicontract.records import dataclass

_COMMON = frozenset(
    [
        "$ref",
        "type",
        "enum",
        "allOf",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "format",
        "items",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxProperties",
        "minProperties",
        "required",
        "properties",
        "additionalProperties",
    ]
)
_DRAFT4 = _COMMON | frozenset(
    ["anyOf", "oneOf", "not", "patternProperties", "additionalItems", "dependencies"]
)
_DRAFT6 = _DRAFT4 | frozenset(["const", "contains", "propertyNames"])
_DRAFT7 = _DRAFT6 | frozenset(["if", "then", "else"])
# `dependencies` was split in 2019-09 and may still be read (2019-09 validation, appendix A): validators do,
# and whoever writes it means it.
_2019 = _DRAFT7 | frozenset(
    [
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedItems",
        "unevaluatedProperties",
        "minContains",
        "maxContains",
        "$recursiveRef",
    ]
)
_2020 = (_2019 - {"additionalItems", "$recursiveRef"}) | {"prefixItems", "$dynamicRef"}
_OPENAPI_3_0 = _COMMON | frozenset(["anyOf", "oneOf", "not", "nullable", "discriminator"])


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one vocabulary reads a schema object.

    lone_ref: `$ref` hides its siblings. flags: exclusive bounds are booleans beside the bound.
    tuples: `items` may be a list, with `additionalItems`. seen_by_contains: what `contains` matches
    counts as evaluated for `unevaluatedItems`. files: the type `file` is a string.
    """

    keywords: frozenset[str]
    lone_ref: bool = False
    flags: bool = False
    tuples: bool = False
    seen_by_contains: bool = False
    files: bool = False


TABLE: dict[str, Dialect] = {
    "draft4": Dialect(_DRAFT4, lone_ref=True, flags=True, tuples=True),
    "draft6": Dialect(_DRAFT6, lone_ref=True, tuples=True),
    "draft7": Dialect(_DRAFT7, lone_ref=True, tuples=True),
    "2019-09": Dialect(_2019, tuples=True),
    "2020-12": Dialect(_2020, seen_by_contains=True),
    "openapi-2.0": Dialect(_COMMON, lone_ref=True, flags=True, files=True),
    "openapi-3.0": Dialect(_OPENAPI_3_0, lone_ref=True, flags=True),
    "openapi-3.1": Dialect(_2020 | {"discriminator"}, seen_by_contains=True),
    "openapi-3.2": Dialect(_2020 | {"discriminator"}, seen_by_contains=True),
}
