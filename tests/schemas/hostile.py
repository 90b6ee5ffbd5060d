"""Schemas made to hang or exhaust whoever decides them: (name, sub, sup)."""

from __future__ import annotations


def nested(depth, wrap):
    schema = {}
    for _ in range(depth):
        schema = wrap(schema)
    return schema


WRAPS = {
    "allOf": lambda s: {"allOf": [s]},
    "oneOf": lambda s: {"oneOf": [s, {"type": "null"}]},
    "anyOf": lambda s: {"anyOf": [s, {"maxLength": 2}]},
    "not": lambda s: {"not": s},
    "items": lambda s: {"items": s},
    "prefixItems": lambda s: {"prefixItems": [s, {"type": "null"}], "minItems": 2},
    "contains": lambda s: {"contains": s},
    "properties": lambda s: {"properties": {"a": s}},
    "patternProperties": lambda s: {"patternProperties": {"^a": s, "b$": {"type": "null"}}},
    "if": lambda s: {"if": s, "then": s, "else": {"type": "null"}},
    "if once": lambda s: {"if": s, "else": {"type": "null"}},
    "additionalProperties": lambda s: {"additionalProperties": s, "required": ["a"]},
    "dependentSchemas": lambda s: {"dependentSchemas": {"a": s}, "required": ["b"]},
    "unevaluatedProperties": lambda s: {"allOf": [s], "unevaluatedProperties": False},
    "unevaluatedItems": lambda s: {"anyOf": [s, {"prefixItems": [{}]}], "unevaluatedItems": False},
    "long arrays": lambda s: {"type": "array", "items": s, "minItems": 900},
    "wide objects": lambda s: {
        "type": "object", "properties": {f"p{i}": s for i in range(9)}, "required": [f"p{i}" for i in range(9)],
    },
}  # fmt: skip
_DEPTHS = {"if": (5, 9), "wide objects": (2, 4), "long arrays": (2, 3, 5)}


def choices(count, key="required"):
    return {"allOf": [{"anyOf": [{key: [f"a{i}"]}, {key: [f"b{i}"]}]} for i in range(count)]}


def exactly(count):
    return {"oneOf": [{"required": [f"a{i}"]} for i in range(count)]}


def tags(count, bound):
    return {
        "oneOf": [
            {"type": "object", "properties": {"k": {"const": i}, "v": {"maximum": bound}}, "required": ["k"]}
            for i in range(count)
        ]
    }


_WORD = "abcdefghijklmnopqrst"
SCHEMAS = [
    *(
        (f"{name} nested {depth} deep", nested(depth, wrap), {"type": "string"})
        for name, wrap in WRAPS.items()
        for depth in _DEPTHS.get(name, (100, 3000))
    ),
    *(
        (f"{name} nested {depth} deep beside one more", nested(depth, wrap), nested(depth + 1, wrap))
        for name, wrap in WRAPS.items()
        for depth in (_DEPTHS.get(name, (12,))[0],)
    ),
    ("2^40 products", choices(40), {"minProperties": 40}),
    ("2^40 products on both sides", choices(40), choices(41)),
    ("negated products", {"not": choices(40)}, choices(40)),
    ("products of bounds", {"allOf": [{"anyOf": [{"multipleOf": p}, {"minimum": p}]} for p in range(2, 40)]},
     {"type": "number", "multipleOf": 7}),
    ("products of patterns", {"allOf": [{"anyOf": [{"pattern": c}, {"pattern": f"^{c}"}]} for c in _WORD]},
     {"maxLength": 3}),
    ("exactly one of 60", exactly(60), {"minProperties": 1}),
    ("exactly one of 60 beside 61", exactly(60), exactly(61)),
    ("not exactly one of 60", {"not": exactly(60)}, exactly(60)),
    ("150 tagged branches", tags(150, 5), tags(150, 4)),
    ("2,000 tagged branches", tags(2000, 5), tags(2000, 4)),
    ("300 untagged branches", {"oneOf": [{"properties": {f"p{i}": {"type": "string"}}} for i in range(300)]},
     {"oneOf": [{"properties": {f"p{i}": {"type": "integer"}}} for i in range(300)]}),
    ("enum of 2,000 objects", {"enum": [{"a": i} for i in range(2000)]}, {"enum": [{"a": i} for i in range(1999)]}),
    ("enum of 50,000 numbers", {"enum": list(range(50_000))}, {"enum": list(range(49_999))}),
    ("enum of 50,000 words", {"enum": [f"w{i}" for i in range(50_000)]},
     {"enum": [f"w{i}" for i in range(49_999)], "pattern": "^w"}),
    ("enum of one deep value", {"const": nested(300, lambda v: [v])}, {"const": nested(301, lambda v: [v])}),
    ("catastrophic regex", {"pattern": "^(a+)+$"}, {"pattern": "^(a|a)*b$"}),
    ("catastrophic regex, nested", {"pattern": "^(((a*)*)*)*$"}, {"pattern": "(x+x+)+y"}),
    ("exponential automaton", {"pattern": "^(a|b)*a(a|b){18}$"}, {"pattern": "^[ab]{3}"}),
    ("regex of huge repeats", {"pattern": "^((a{1,1000}){1,1000}){1,1000}$"}, {"pattern": "^a{5,100000}$"}),
    ("look-around in look-around", {"pattern": "^(?=(?!(?=a.*b).*c)[a-z]+)(?!.*(?=zz))"}, {"pattern": "^[a-y]*$"}),
    ("back-reference", {"pattern": "^(a+)\\1+$"}, {"pattern": "^(aa)+$"}),
    ("long regex", {"pattern": "|".join(_WORD * 500)}, {"pattern": "^x"}),
    ("arrays of 10^12 items", {"minItems": 10**12}, {"minItems": 10**13}),
    ("arrays of 10^4 arrays of 10^4", {"minItems": 10**4, "items": {"type": "array", "minItems": 10**4}, "type": "array"},
     {"maxItems": 3}),
    ("strings of 10^12 characters", {"minLength": 10**12}, {"minLength": 10**13}),
    ("arrays of long strings", {"type": "array", "minItems": 9000, "items": {"type": "string", "minLength": 10**6}},
     {"maxItems": 3}),
    ("objects of 10^12 members", {"minProperties": 10**12, "type": "object"}, {"maxProperties": 10**11}),
    ("steps of 1e-300", {"multipleOf": 1e-300}, {"multipleOf": 1e300}),
    ("steps without a common multiple", {"allOf": [{"multipleOf": p} for p in range(2, 300)], "type": "number"},
     {"maximum": 10**9}),
    ("avoided steps", {"type": "integer", "not": {"anyOf": [{"multipleOf": p} for p in range(2, 60)]}},
     {"enum": [1, -1]}),
    ("numbers of 2,000 digits", {"maximum": 10**2000}, {"maximum": 10**1999}),
    ("numbers of 300 digits", {"maximum": 10**300 + 1}, {"maximum": 10**300}),
    ("pigeonholes", {"uniqueItems": True, "minItems": 60, "items": {"maximum": 70, "minimum": 1, "multipleOf": 1}},
     {"maxItems": 59}),
    ("different objects", {"uniqueItems": True, "minItems": 20, "type": "array",
                           "items": {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}}}},
     {"maxItems": 3}),
    ("many contains", {"allOf": [{"contains": {"const": i}} for i in range(12)]}, {"minItems": 12}),
    ("contains counted high", {"contains": {"type": "integer"}, "minContains": 50, "maxContains": 60},
     {"contains": {"minimum": 3}, "minContains": 40}),
    ("contains of everything", {"allOf": [{"contains": {"minimum": i}, "maxContains": i} for i in range(1, 5)]},
     {"uniqueItems": True}),
    ("many patterns", {"patternProperties": {f"^{c}": {"const": c} for c in "abcdefghijk"}}, {"maxProperties": 1}),
    ("six patterns that cross", {"patternProperties": {c: {"minimum": i} for i, c in enumerate("abcdef")}},
     {"patternProperties": {f"{c}$": {"minimum": i} for i, c in enumerate("fedcba")}}),
    ("names by name patterns", {"propertyNames": {"pattern": "^(a|b)*a(a|b){9}$"}},
     {"patternProperties": {"^(a|b)*b(a|b){9}$": False}}),
    ("long dependence", {"dependentRequired": {f"a{i}": [f"a{i + 1}"] for i in range(60)}, "required": ["a0"]},
     {"required": ["a61"]}),
    ("circular dependence", {"dependentSchemas": {f"a{i}": {"required": [f"a{(i + 1) % 40}"]} for i in range(40)}},
     {"dependentRequired": {"a0": ["a39"]}}),
    ("itself, negated", {"not": {"$ref": "#"}}, {"type": "string"}),
    ("itself, negated in a member", {"properties": {"a": {"not": {"$ref": "#"}}}}, {"properties": {"a": {"$ref": "#"}}}),
    ("itself, through oneOf", {"oneOf": [{"$ref": "#"}, {"type": "object", "properties": {"a": {"$ref": "#"}}}]},
     {"type": "object"}),
    ("itself, through unevaluated", {"properties": {"a": {"$ref": "#"}}, "allOf": [{"$ref": "#/$defs/b"}],
                                     "unevaluatedProperties": False, "$defs": {"b": {"properties": {"b": {"$ref": "#"}}}}},
     {"additionalProperties": {"type": "object"}}),
    ("references that double", {"$ref": "#/$defs/d0", "$defs": {
        f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} if i < 60 else {"type": "string"} for i in range(61)}},
     {"type": "string"}),
    ("references that double in oneOf", {"$ref": "#/$defs/d0", "$defs": {
        f"d{i}": {"oneOf": [{"$ref": f"#/$defs/d{i + 1}"}, {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}, {"maxLength": i}]}]}
        if i < 60 else {"type": "string"} for i in range(61)}},
     {"type": "string", "minLength": 1}),
    ("references that double in conditions", {"$ref": "#/$defs/d0", "$defs": {
        f"d{i}": {"if": {"$ref": f"#/$defs/d{i + 1}"}, "then": {"$ref": f"#/$defs/d{i + 1}"}, "else": {"maxLength": i}}
        if i < 60 else {"type": "string"} for i in range(61)}},
     {"type": "string", "minLength": 1}),
    ("references that double in members", {"$ref": "#/$defs/d0", "$defs": {
        f"d{i}": {"properties": {"a": {"$ref": f"#/$defs/d{i + 1}"}, "b": {"$ref": f"#/$defs/d{i + 1}"}}, "required": ["a", "b"],
                  "type": "object"} if i < 60 else {"type": "string"} for i in range(61)}},
     {"type": "object", "required": ["c"]}),
    ("unevaluated beside 2^30 cases", {"allOf": [{"anyOf": [{"properties": {f"a{i}": {}}}, {"properties": {f"b{i}": {}}}]}
                                                 for i in range(30)], "unevaluatedProperties": False},
     {"maxProperties": 3}),
]  # fmt: skip
