"""Random schemas and random values over a small world, so that values often meet schemas."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("a", "b", "ab", "x")
WORDS = ("", "a", "b", "ab", "aab", "x1")
NUMBERS = (-1, 0, 0.5, 1, 2, 3, 6)

scalars = st.one_of(st.none(), st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(WORDS))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from((*NAMES, "extra")), inner, max_size=3)
    ),
    max_leaves=6,
)

_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
_small = st.integers(0, 3)
_plain = {
    "type": st.one_of(
        st.sampled_from(["null", "boolean", "number", "integer", "string", "array", "object"]),
        st.lists(
            st.sampled_from(["null", "integer", "string", "array", "object"]),
            min_size=1,
            max_size=3,
            unique=True,
        ),
    ),
    "enum": st.lists(values, min_size=1, max_size=3),
    "const": values,
    "minimum": st.sampled_from(NUMBERS),
    "exclusiveMaximum": st.sampled_from(NUMBERS),
    "multipleOf": st.sampled_from([0.5, 1, 2, 3]),
    "minLength": _small,
    "maxLength": _small,
    "pattern": st.sampled_from(["^a", "b$", "^[ab]*$", "a.b?", "^(ab|x)+$", "\\d"]),
    "minItems": _small,
    "maxItems": _small,
    "uniqueItems": st.just(True),
    "minProperties": _small,
    "maxProperties": _small,
    "required": _names,
    "dependentRequired": st.dictionaries(st.sampled_from(NAMES), _names, max_size=2),
}


def _deeper(inner):
    by_name = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=2)
    listed = st.lists(inner, min_size=1, max_size=3)
    nested = {
        "properties": by_name,
        "additionalProperties": inner,
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b"]), inner, min_size=1, max_size=2),
        "propertyNames": st.sampled_from([{"maxLength": 1}, {"enum": ["a", "x"]}, {"pattern": "^a"}]),
        "dependentSchemas": by_name,
        "unevaluatedProperties": inner,
        "items": inner,
        "prefixItems": listed,
        "contains": inner,
        "unevaluatedItems": inner,
        "allOf": listed,
        "anyOf": listed,
        "oneOf": listed,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
    }
    keywords = _plain | nested
    return st.lists(st.sampled_from(sorted(keywords)), min_size=1, max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
    )


_leaves = st.one_of(
    st.booleans(),
    st.lists(st.sampled_from(sorted(_plain)), min_size=0, max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: _plain[name] for name in names})
    ),
)
schemas = st.recursive(_leaves, _deeper, max_leaves=6)
