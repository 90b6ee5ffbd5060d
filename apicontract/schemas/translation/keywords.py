"""The keywords that speak of a value itself: types, bounds, members, items, listed values.

Every keyword is read only if the dialect has it, and a malformed value of a keyword says nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from apicontract.schemas.search.meeting import Nought
from apicontract.schemas.sets import numbers
from apicontract.schemas.sets.formats import NUMBER_FORMATS, STRING_FORMATS
from apicontract.schemas.sets.literals import literals
from apicontract.schemas.sets.nodes import Arrays, Atom, Counted, Members, Node, Objects, Type
from apicontract.schemas.sets.numbers import INTEGERS, Numbers, exact
from apicontract.schemas.sets.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas.handles import Json
    from apicontract.schemas.translation.dialects import Dialect
    from apicontract.schemas.translation.translate import Place, Translator

_TYPES = {
    "null": Type.NULL,
    "boolean": Type.BOOLEAN,
    "number": Type.NUMBER,
    "integer": Type.NUMBER,
    "string": Type.STRING,
    "array": Type.ARRAY,
    "object": Type.OBJECT,
}
_NUMBER_WORDS = ("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "format")
_STRING_WORDS = ("maxLength", "minLength", "pattern", "format")
_ARRAY_WORDS = frozenset(
    [
        "items",
        "prefixItems",
        "additionalItems",
        "contains",
        "minContains",
        "maxContains",
        "maxItems",
        "minItems",
        "uniqueItems",
    ]
)
_OBJECT_WORDS = frozenset(
    [
        "properties",
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "maxProperties",
        "minProperties",
        "required",
    ]
)
_MAX_PATTERNS = 6


def base(translator: Translator, value: dict[str, Json], place: Place, dialect: Dialect) -> Node:
    """What the keywords of this schema object, applicators apart, say of a value."""
    pool = translator.pool
    present = value.keys() & dialect.keywords
    form = format_of(value, dialect)
    if form is not None and "format" not in value:
        value, present = {**value, "format": form}, present | {"format"}
    if not translator.formats:
        present.discard("format")
    rows = list(pool.whole_atoms)
    if not present.isdisjoint(_NUMBER_WORDS):
        rows[Type.NUMBER] = _alone(_numbers(value, present))
    if not present.isdisjoint(_STRING_WORDS):
        rows[Type.STRING] = _alone(_strings(value, present))
    if not present.isdisjoint(_ARRAY_WORDS):
        rows[Type.ARRAY] = _alone(_arrays(translator, value, place, present, dialect))
    if not present.isdisjoint(_OBJECT_WORDS):
        rows[Type.OBJECT] = _alone(_objects(translator, value, place, present))
    if "type" in present and isinstance(value["type"], str | list):
        _keep_types(translator, rows, value["type"], dialect, nullable=_nullable(value, dialect))
    if "enum" in present or "const" in present:
        return _listed(translator, rows, value, present, dialect)
    return pool.base(tuple(rows))


def _alone(atom: Atom) -> tuple[Atom, ...]:
    return () if atom is None else (atom,)


def _nullable(value: dict[str, Json], dialect: Dialect) -> bool:
    return "nullable" in dialect.keywords and value.get("nullable") is True


def _keep_types(
    translator: Translator, rows: list[tuple[Atom, ...]], named: Json, dialect: Dialect, *, nullable: bool
) -> None:
    """Empties the rows of the types that are not named."""
    names = {name for name in (named if isinstance(named, list) else [named]) if isinstance(name, str)}
    if "file" in names and dialect.files:
        names.add("string")
    if nullable:
        names.add("null")
    wanted = [_TYPES[name] for name in names if name in _TYPES]
    kept = {kind: rows[kind] for kind in wanted}
    rows[:] = [()] * len(rows)
    for kind, row in kept.items():
        rows[kind] = row
    if "integer" in names and "number" not in names:
        met = [translator.engine.meeting.meet(atom, INTEGERS) for atom in rows[Type.NUMBER]]
        rows[Type.NUMBER] = tuple(atom for atom in met if not isinstance(atom, Nought))


def _listed(
    translator: Translator,
    rows: list[tuple[Atom, ...]],
    value: dict[str, Json],
    present: Iterable[str],
    dialect: Dialect,
) -> Node:
    """`enum` and `const` beside the other keywords; `nullable` adds null even if unlisted."""
    pool = translator.pool
    limits = []
    if "enum" in present and isinstance(value["enum"], list):
        given = value["enum"]
        limits.append(
            literals(pool, [*given, None] if _nullable(value, dialect) and "type" in value else given)
        )
    if "const" in present:
        limits.append(literals(pool, [value["const"]]))
    meeting = translator.engine.meeting
    for limit in limits:
        for kind in (Type.NULL, Type.BOOLEAN, Type.NUMBER, Type.STRING):
            if kind is Type.BOOLEAN:
                rows[kind] = tuple(atom for atom in rows[kind] if atom in limit.atoms[kind])
                continue
            met = [meeting.meet(a, b) for a in rows[kind] for b in limit.atoms[kind]]
            rows[kind] = tuple(atom for atom in met if not isinstance(atom, Nought))
        for kind in (Type.ARRAY, Type.OBJECT):
            if not limit.atoms[kind]:
                rows[kind] = ()
            elif rows[kind] == pool.whole_atoms[kind]:
                rows[kind] = limit.atoms[kind]
    return pool.all_of((pool.base(tuple(rows)), *(limit for limit in limits if limit.mask >> Type.ARRAY)))


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _count(value: dict[str, Json], keyword: str) -> int | None:
    """A non-negative integer bound; 2.0 counts as 2."""
    found = value.get(keyword)
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        return None
    number = exact(found)
    return number if isinstance(number, int) and number >= 0 else None


def _numbers(value: dict[str, Json], present: Iterable[str]) -> Numbers | None:
    given = {k: exact(value[k]) for k in _NUMBER_WORDS if k in present and _is_number(value[k])}  # type: ignore[arg-type]
    found: Numbers | None = Numbers()
    sides = (
        Numbers(
            low=given.get("minimum"), low_open=value.get("exclusiveMinimum") is True and "minimum" in given
        ),
        Numbers(
            high=given.get("maximum"), high_open=value.get("exclusiveMaximum") is True and "maximum" in given
        ),
        Numbers(low=given.get("exclusiveMinimum"), low_open="exclusiveMinimum" in given),
        Numbers(high=given.get("exclusiveMaximum"), high_open="exclusiveMaximum" in given),
        Numbers(step=given["multipleOf"] if given.get("multipleOf", 0) > 0 else None),
        NUMBER_FORMATS.get(str(value["format"]), Numbers()) if "format" in present else Numbers(),
    )
    for side in sides:
        if found is not None:
            found = numbers.meet(found, side)
    return found


def format_of(value: dict[str, Json], dialect: Dialect) -> Json:
    """The format; base64 content of OpenAPI 3.1 is what `format: byte` was in 3.0 (OAS 3.1.0, 4.8.24.4.1)."""
    if (
        "discriminator" in dialect.keywords
        and "format" not in value
        and value.get("contentEncoding") == "base64"
    ):
        return "byte"
    return value.get("format")


def _strings(value: dict[str, Json], present: Iterable[str]) -> Strings | None:
    least = _count(value, "minLength") or 0 if "minLength" in present else 0
    most = _count(value, "maxLength") if "maxLength" in present else None
    pattern, form = value.get("pattern"), value.get("format")
    if most is not None and least > most:
        return None
    return Strings(
        least,
        most,
        matching=frozenset((pattern,)) if "pattern" in present and isinstance(pattern, str) else frozenset(),
        formats=frozenset((form,))
        if "format" in present and isinstance(form, str) and form in STRING_FORMATS
        else frozenset(),
    )


def _arrays(
    translator: Translator, value: dict[str, Json], place: Place, present: Iterable[str], dialect: Dialect
) -> Arrays | None:
    prefix, rest = item_schemas(translator, value, place, present, dialect)
    counted: frozenset[Counted] = frozenset()
    if "contains" in present:
        least = _count(value, "minContains") if "minContains" in present else 1
        most = _count(value, "maxContains") if "maxContains" in present else None
        node = translator.below(value["contains"], place if most is None else place.strict(), "contains")
        counted = frozenset((Counted(node, 1 if least is None else least, most),))
    return translator.engine.meeting.settle_array(
        Arrays(
            prefix,
            rest,
            (_count(value, "minItems") or 0) if "minItems" in present else 0,
            _count(value, "maxItems") if "maxItems" in present else None,
            counted,
            True if value.get("uniqueItems") is True and "uniqueItems" in present else None,
        ),
    )


def item_schemas(
    translator: Translator, value: dict[str, Json], place: Place, present: Iterable[str], dialect: Dialect
) -> tuple[tuple[Node, ...], Node]:
    """The positional schemas and the schema of all further items, in the dialect's own words."""
    everything = translator.pool.everything
    items = value.get("items") if "items" in present else None
    listed = value.get("prefixItems") if "prefixItems" in present else None
    keyword, further = "prefixItems", "items"
    if dialect.tuples and isinstance(items, list):
        listed, keyword, further = items, "items", "additionalItems"
        items = value.get("additionalItems") if "additionalItems" in present else None
    prefix = tuple(
        translator.below(item, place, keyword, str(i))
        for i, item in enumerate(listed if isinstance(listed, list) else ())
    )
    if items is None or isinstance(items, list):
        return prefix, everything
    return prefix, translator.below(items, place, further)


def _objects(
    translator: Translator, value: dict[str, Json], place: Place, present: Iterable[str]
) -> Objects | Atom:
    pool = translator.pool
    hidden = place.context.hidden
    given = value.get("properties") if "properties" in present else None
    declared = {
        name: translator.below(sub, place, "properties", name)
        for name, sub in (given.items() if isinstance(given, dict) else ())
    }
    if isinstance(given, dict):
        for name, node in declared.items():
            translator.prefer(name, node, given[name])
    for name in hidden & declared.keys() if place.context.sent else hidden:
        declared[name] = pool.nothing if place.context.sent else pool.everything
    required = value.get("required") if "required" in present else None
    names = (
        frozenset(n for n in required if isinstance(n, str)) if isinstance(required, list) else frozenset()
    )
    others = _others(translator, value, place, present)
    if others is None:
        return Objects(Members({}), ((pool.everything, pool.opaque("many name patterns", id(value))),))
    found = Objects(
        Members({}),
        others,
        names - hidden,
        (_count(value, "minProperties") or 0) if "minProperties" in present else 0,
        _count(value, "maxProperties") if "maxProperties" in present else None,
        # what is hidden is not sent, but a sender that declares it has properties of its own all the same
        frozenset(declared) if place.context.sent else frozenset(declared) - hidden,
    )
    if "patternProperties" in present or "propertyNames" in present:
        declared = _with_patterns(translator, declared, value, place, present, hidden)
    return translator.engine.meeting.settle_object(found._replace(named=Members(declared)))


def _with_patterns(
    translator: Translator,
    declared: dict[str, Node],
    value: dict[str, Json],
    place: Place,
    present: Iterable[str],
    hidden: frozenset[str],
) -> dict[str, Node]:
    """Declared members narrowed by the patterns they match and by `propertyNames`."""
    pool, holds = translator.pool, translator.engine.evaluation.holds
    patterns = value.get("patternProperties") if "patternProperties" in present else None
    rules = [
        (matching(translator, pattern), translator.below(sub, place, "patternProperties", pattern))
        for pattern, sub in (patterns.items() if isinstance(patterns, dict) else ())
    ]
    if "propertyNames" in present:
        allowed = translator.below(value["propertyNames"], place, "propertyNames")
        rules.append((pool.negation(allowed), pool.nothing))
    narrowed = {}
    for name, node in declared.items():
        parts = [node]
        for names, values in rules:
            within = holds(names, name)
            if within and not (name in hidden and not place.context.sent):
                parts.append(values)
            elif within is None:
                parts.append(
                    pool.opaque("a property name and a pattern that is not regular", (name, names, values))
                )
        narrowed[name] = pool.all_of(parts)
    return narrowed


def matching(translator: Translator, pattern: str) -> Node:
    """The names that an ECMA-262 pattern matches anywhere."""
    return translator.pool.single(Type.STRING, Strings(matching=frozenset((pattern,))))


def _others(
    translator: Translator, value: dict[str, Json], place: Place, present: Iterable[str]
) -> tuple[tuple[Node, Node], ...] | None:
    """The partition of undeclared names by the patterns they match; None if there are too many patterns."""
    pool = translator.pool
    rest = pool.everything
    if "additionalProperties" in present:
        rest = translator.below(value["additionalProperties"], place, "additionalProperties")
    patterns = value.get("patternProperties") if "patternProperties" in present else None
    listed = list(patterns.items()) if isinstance(patterns, dict) else []
    if len(listed) > _MAX_PATTERNS:
        return None
    cells: list[tuple[tuple[Node, ...], tuple[Node, ...]]] = [((), ())]
    for pattern, sub in listed:
        names = matching(translator, pattern)
        node = translator.below(sub, place, "patternProperties", pattern)
        cells = [
            cell
            for regions, values in cells
            for cell in (((*regions, names), (*values, node)), ((*regions, pool.negation(names)), values))
        ]
    if "propertyNames" in present:
        allowed = translator.below(value["propertyNames"], place, "propertyNames")
        cells = [
            cell
            for regions, values in cells
            for cell in (
                ((*regions, allowed), values),
                ((*regions, pool.negation(allowed)), (pool.nothing,)),
            )
        ]
    found = [(pool.all_of(regions), pool.all_of(values or (rest,))) for regions, values in cells]
    kept = tuple((names, values) for names, values in found if names is not pool.nothing)
    return kept or ((pool.everything, pool.nothing),)


def dependents(translator: Translator, value: dict[str, Json], place: Place, dialect: Dialect) -> list[Node]:
    """`dependentRequired`, `dependentSchemas` and the older `dependencies`, as "absent, or all of this"."""
    found = []
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        given = value.get(keyword)
        if keyword in dialect.keywords and isinstance(given, dict):
            for name, wanted in given.items():
                if isinstance(wanted, list):
                    names = frozenset(n for n in wanted if isinstance(n, str)) | {name}
                    found.append(_absent_or(translator, name, requiring(translator, names)))
                else:
                    node = translator.beside(wanted, place, keyword, name)
                    present = requiring(translator, frozenset((name,)))
                    found.append(_absent_or(translator, name, translator.pool.all_of((present, node))))
    return found


def requiring(translator: Translator, names: frozenset[str]) -> Node:
    """Objects with these members, and every value of another type."""
    pool = translator.pool
    return pool.narrowed(Type.OBJECT, Objects(Members({}), ((pool.everything, pool.everything),), names))


def absent(translator: Translator, name: str) -> Node:
    """Objects without this member, and every value of another type."""
    pool = translator.pool
    members = Members({name: pool.nothing})
    return pool.narrowed(Type.OBJECT, Objects(members, ((pool.everything, pool.everything),)))


def _absent_or(translator: Translator, name: str, then: Node) -> Node:
    return translator.pool.any_of((absent(translator, name), then))
