"""Whether a value fits a plain schema, with a memory: each schema looks at each part of a value once.

For schemas that `crowding` finds; jsonschema-rs, which is faster and says more, runs all others. Single
keywords are still left to it: here is only how schemas are put together (2020-12, core, section 10 and 11).
A schema that applies itself to the same value without end is taken to hold there.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import jsonschema_rs

from apicontract.formats.openapi.validate.explain import Problem, explain, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.sources import Json

    Formats = dict[str, Callable[..., bool]]

_STACK = 400_000  # frames of Python, which lie on the heap
# Keywords that hold schemas, or count what fits one.
_TOGETHER = frozenset(
    [
        *("$ref", "$defs", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"),
        *(
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "unevaluatedProperties",
        ),
        *("items", "prefixItems", "contains", "minContains", "maxContains", "unevaluatedItems"),
    ]
)
_MOST = 50  # problems of one value that are told apart; reports show the first and the number


class Fitting:
    """Asks about values; remembers by the identity of schema and value, so both must outlive it."""

    def __init__(self, definitions: dict[str, Json], formats: Formats) -> None:
        self._definitions = definitions
        self._formats = formats
        self._known: dict[tuple[int, int], bool] = {}
        self._single: dict[int, jsonschema_rs.Validator | None] = {}
        self._patterns: dict[str, jsonschema_rs.Validator] = {}
        self._told: set[tuple[int, int, tuple[str, ...]]] = set()
        self._kept: list[Json] = []  # what was made here, so that no identity is used twice

    def problems(self, schema: Json, value: Json) -> list[Problem]:
        """What keeps a value from fitting; nothing if it fits."""
        with _deep():
            self._told.clear()
            found: dict[tuple[str, tuple[str, ...], str], Problem] = {}
            for problem in self._problems(schema, value, ()):
                found.setdefault((problem.sort, problem.path, problem.message), problem)
                if len(found) >= _MOST:
                    break
            return list(found.values())

    def _fits(self, schema: Json, value: Json) -> bool:
        if not isinstance(schema, dict):
            return schema is not False
        key = (id(schema), id(value))
        known = self._known.get(key)
        if known is None:
            self._known[key] = True  # while it is being found out
            known = self._known[key] = self._found_to_fit(schema, value)
        return known

    def _found_to_fit(self, schema: dict[str, Json], value: Json) -> bool:
        """The same where it is not known yet. Loops, not `all`: calls within those are counted twice."""
        if not self._single_fits(schema, value):
            return False
        for part in self._joined(schema):
            if not self._fits(part, value):
                return False
        if not (self._chosen(schema, value) and self._contained(schema, value)):
            return False
        for part, item, _ in (*self._within(schema, value), *self._left_over(schema, value)):
            if not self._fits(part, item):
                return False
        return True

    def _single_fits(self, schema: dict[str, Json], value: Json) -> bool:
        validator = self._validator(schema)
        try:
            return validator is None or validator.is_valid(value)
        except (ValueError, OverflowError, RecursionError):
            return True

    def _validator(self, schema: dict[str, Json]) -> jsonschema_rs.Validator | None:
        """The keywords of a schema that hold no schemas, made ready."""
        if id(schema) not in self._single:
            alone = {name: held for name, held in schema.items() if name not in _TOGETHER}
            self._single[id(schema)] = (
                jsonschema_rs.Draft202012Validator(alone, formats=self._formats, validate_formats=True)
                if alone
                else None
            )
        return self._single[id(schema)]

    def _joined(self, schema: dict[str, Json]) -> list[Json]:
        """The schemas that must all hold for the same value."""
        parts = list(_listed(schema.get("allOf")))
        ref = schema.get("$ref")
        if isinstance(ref, str):
            parts.append(self._definitions[ref.rpartition("/")[2]])
        return parts

    def _chosen(self, schema: dict[str, Json], value: Json) -> bool:
        """Whether the branches hold as they must."""
        if "anyOf" in schema and not any(self._fits(part, value) for part in _listed(schema["anyOf"])):
            return False
        if "oneOf" in schema and sum(self._fits(part, value) for part in _listed(schema["oneOf"])) != 1:
            return False
        if "not" in schema and self._fits(schema["not"], value):
            return False
        return all(self._fits(part, value) for part in self._conditional(schema, value))

    def _conditional(self, schema: dict[str, Json], value: Json) -> Iterator[Json]:
        if "if" in schema:
            yield schema.get("then" if self._fits(schema["if"], value) else "else", True)
        dependent = schema.get("dependentSchemas")
        if isinstance(value, dict) and isinstance(dependent, dict):
            yield from (part for name, part in dependent.items() if name in value)

    def _within(self, schema: dict[str, Json], value: Json) -> Iterator[tuple[Json, Json, str]]:
        """(schema, member or item, its name) of everything in a value that this schema itself speaks of."""
        if isinstance(value, dict):
            yield from ((part, value[name], name) for part, name in self._members(schema, value))
            if "propertyNames" in schema:
                for name in value:
                    self._kept.append(name)
                    yield schema["propertyNames"], name, name
        elif isinstance(value, list):
            first = _listed(schema.get("prefixItems"))
            for at, item in enumerate(value):
                if at < len(first):
                    yield first[at], item, str(at)
                elif "items" in schema:
                    yield schema["items"], item, str(at)

    def _members(self, schema: dict[str, Json], value: dict[str, Json]) -> Iterator[tuple[Json, str]]:
        known, patterned = schema.get("properties"), schema.get("patternProperties")
        for name in value:
            spoken_of = False
            if isinstance(known, dict) and name in known:
                spoken_of = True
                yield known[name], name
            for pattern, part in patterned.items() if isinstance(patterned, dict) else ():
                if self._matches(pattern, name):
                    spoken_of = True
                    yield part, name
            if not spoken_of and "additionalProperties" in schema:
                yield schema["additionalProperties"], name

    def _matches(self, pattern: str, name: str) -> bool:
        if pattern not in self._patterns:
            self._patterns[pattern] = jsonschema_rs.Draft202012Validator({"pattern": pattern})
        return self._patterns[pattern].is_valid(name)

    def _contained(self, schema: dict[str, Json], value: Json) -> bool:
        if "contains" not in schema or not isinstance(value, list):
            return True
        count = sum(self._fits(schema["contains"], item) for item in value)
        least, most = schema.get("minContains", 1), schema.get("maxContains")
        return (not isinstance(least, int) or count >= least) and (not isinstance(most, int) or count <= most)

    def _left_over(self, schema: dict[str, Json], value: Json) -> Iterator[tuple[Json, Json, str]]:
        """(schema, member or item, its name) of what no part of the schema has spoken of."""
        if isinstance(value, dict) and "unevaluatedProperties" in schema:
            seen = self._seen(schema, value, set())
            yield from (
                (schema["unevaluatedProperties"], held, name)
                for name, held in value.items()
                if name not in seen
            )
        elif isinstance(value, list) and "unevaluatedItems" in schema:
            seen = self._seen(schema, value, set())
            yield from (
                (schema["unevaluatedItems"], item, str(at))
                for at, item in enumerate(value)
                if str(at) not in seen
            )

    def _seen(self, schema: Json, value: Json, done: set[int]) -> set[str]:
        """The members or items that a schema and those of its parts that hold speak of."""
        if not isinstance(schema, dict) or id(schema) in done:
            return set()
        done.add(id(schema))
        if isinstance(value, dict):  # `propertyNames` speaks of names, not of members
            names = {name for _, name in self._members(schema, value)}
        else:
            names = {name for _, _, name in self._within(schema, value)}
        if isinstance(value, list) and "contains" in schema:
            names |= {str(at) for at, item in enumerate(value) if self._fits(schema["contains"], item)}
        branches = [*_listed(schema.get("anyOf")), *_listed(schema.get("oneOf")), schema.get("if", False)]
        parts = [*self._joined(schema), *self._conditional(schema, value)]
        for part in (*parts, *(part for part in branches if self._fits(part, value))):
            names |= self._seen(part, value, done)
        return names

    def _problems(self, schema: Json, value: Json, path: tuple[str, ...]) -> Iterator[Problem]:
        """What is wrong, wherever it is first met; each schema speaks once of each place."""
        if self._fits(schema, value) or (id(schema), id(value), path) in self._told:
            return
        self._told.add((id(schema), id(value), path))
        if not isinstance(schema, dict):
            name = path[-1] if path else ""
            yield Problem("unknown", path, f"`{name}` is not allowed here", name)
            return
        validator = self._validator(schema)
        if validator is not None:
            for each in explain(validator.iter_errors(value), value):
                yield Problem(each.sort, (*path, *each.path), each.message, each.name, each.choices)
        for part in (*self._joined(schema), *self._conditional(schema, value)):
            yield from self._problems(part, value, path)
        yield from self._of_branches(schema, value, path)
        for part, item, name in (*self._within(schema, value), *self._left_over(schema, value)):
            yield from self._problems(part, item, (*path, name))
        if not self._contained(schema, value):
            yield Problem("other", path, "has too few or too many items of the kind that must be among them")

    def _of_branches(self, schema: dict[str, Json], value: Json, path: tuple[str, ...]) -> Iterator[Problem]:
        for keyword in ("anyOf", "oneOf"):
            branches = _listed(schema.get(keyword))
            fits = sum(self._fits(part, value) for part in branches)
            if branches and not fits:
                nearest = min(branches, key=lambda part: self._distance(part, value, set()))
                yield from self._problems(nearest, value, path)
            elif keyword == "oneOf" and fits > 1:
                said = f"fits {fits} of the alternatives at once, and must fit exactly one"
                yield Problem("ambiguous", path, said)
        if "not" in schema and self._fits(schema["not"], value):
            yield Problem("other", path, f"{shown(value)} is what it must not be")

    def _distance(self, schema: Json, value: Json, done: set[int]) -> int:
        """How many schemas do not hold for the value itself, of those that all must."""
        if not isinstance(schema, dict) or id(schema) in done:
            return int(schema is False)
        done.add(id(schema))
        here = 0 if self._single_fits(schema, value) else 1
        return here + sum(self._distance(part, value, done) for part in self._joined(schema))


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


@contextmanager
def _deep() -> Iterator[None]:
    """Room on the stack for schemas that lead far."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
