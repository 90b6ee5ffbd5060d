"""`unevaluatedProperties` and `unevaluatedItems`, by cases over the applicators beside them.

What an applicator evaluates depends on which of its branches hold. More evaluated members make the
keyword only weaker, so a value is accepted if in some case - a choice of branches that hold - it is
accepted with what those branches evaluate; that a branch not chosen might hold too needs no saying.
Source: JSON Schema 2020-12 core, section 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.sets.nodes import Arrays, Members, Node, Objects, Type
from apicontract.schemas.translation import keywords
from apicontract.schemas.translation.dialects import TABLE, Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.schemas.handles import Json
    from apicontract.schemas.translation.translate import Place, Translator

_MAX_CASES = 64
_MAX_DEPTH = 30
_MAX_PATTERNS = 6


class TooManyCasesError(Exception):
    """More cases than are worth listing."""


@dataclass(frozen=True, slots=True)
class Case:
    """If `condition` holds, these members and items are evaluated.

    names, patterns: members by name and by set of names; every_member: all of them. width: leading items;
    every_item: all of them; items: those that are values of one of these nodes.
    """

    condition: Node
    names: frozenset[str] = frozenset()
    patterns: frozenset[Node] = frozenset()
    every_member: bool = False
    width: int = 0
    every_item: bool = False
    items: frozenset[Node] = frozenset()

    def evaluates(self) -> bool:
        """Whether the case evaluates anything."""
        return bool(
            self.names or self.patterns or self.every_member or self.width or self.every_item or self.items
        )


def with_unevaluated(
    translator: Translator, node: Node, value: dict[str, Json], place: Place, dialect: Dialect
) -> Node:
    """`node`, the schema without these keywords, restricted by them."""
    present = value.keys() & dialect.keywords
    pool = translator.pool
    parts = [node]
    try:
        cases = _cases(translator, value, place, 0, own=True)
    except TooManyCasesError:
        reason = "unevaluated members or items beside many alternatives"
        return pool.all_of((node, pool.opaque(reason, (id(place.scope), place.pointer))))
    if "unevaluatedProperties" in present:
        rest = translator.below(value["unevaluatedProperties"], place, "unevaluatedProperties")
        parts.append(pool.any_of(pool.all_of((c.condition, _members(translator, c, rest))) for c in cases))
    if "unevaluatedItems" in present:
        rest = translator.below(value["unevaluatedItems"], place, "unevaluatedItems")
        parts.append(pool.any_of(pool.all_of((c.condition, _items(translator, c, rest))) for c in cases))
    return pool.all_of(parts)


def _members(translator: Translator, case: Case, rest: Node) -> Node:
    pool = translator.pool
    if case.every_member:
        return pool.everything
    if len(case.patterns) > _MAX_PATTERNS:
        return pool.opaque("many name patterns", tuple(sorted(case.patterns)))
    outside = pool.all_of(pool.negation(names) for names in case.patterns)
    others: tuple[tuple[Node, Node], ...] = ((outside, rest),)
    if case.patterns:
        others = ((pool.any_of(case.patterns), pool.everything), *others)
    named = {}
    for name in sorted(case.names):
        named[name] = pool.everything
    return pool.narrowed(Type.OBJECT, Objects(Members(named), others))


def _items(translator: Translator, case: Case, rest: Node) -> Node:
    pool = translator.pool
    if case.every_item:
        return pool.everything
    array = Arrays((pool.everything,) * case.width, pool.any_of((rest, *case.items)))
    settled = translator.engine.meeting.settle_array(array)
    return pool.narrowed(Type.ARRAY, *(() if settled is None else (settled,)))


def _cases(translator: Translator, value: Json, place: Place, depth: int, *, own: bool = False) -> list[Case]:
    """The cases of one schema; `own`: its unevaluated keywords are the ones being worked out."""
    nothing = Case(translator.pool.everything)
    if not isinstance(value, dict):
        return [nothing]
    if depth > _MAX_DEPTH:
        raise TooManyCasesError
    translator.engine.meter.step()
    dialect = TABLE[place.scope.dialect]
    found = [_direct(translator, value, place, dialect, own=own)]
    for options in _options(translator, value, place, depth, dialect):
        worthy = list(dict.fromkeys(case for case in options if case.evaluates()))
        if worthy:
            found = list(dict.fromkeys(_both(translator, a, b) for a in found for b in (nothing, *worthy)))
        if len(found) > _MAX_CASES:
            raise TooManyCasesError
    return found


def _both(translator: Translator, a: Case, b: Case) -> Case:
    return Case(
        translator.pool.all_of((a.condition, b.condition)),
        a.names | b.names,
        a.patterns | b.patterns,
        a.every_member or b.every_member,
        max(a.width, b.width),
        a.every_item or b.every_item,
        a.items | b.items,
    )


def _direct(
    translator: Translator, value: dict[str, Json], place: Place, dialect: Dialect, *, own: bool
) -> Case:
    """What the keywords beside the applicators evaluate."""
    present = value.keys() & dialect.keywords
    properties = value.get("properties") if "properties" in present else None
    patterns = value.get("patternProperties") if "patternProperties" in present else None
    listed = dialect.tuples and isinstance(value.get("items"), list)
    positions = value.get("items" if listed else "prefixItems")
    further = "additionalItems" if listed else "items"
    inner = not own
    contains = "contains" in present and dialect.seen_by_contains
    return Case(
        translator.pool.everything,
        frozenset(properties) if isinstance(properties, dict) else frozenset(),
        frozenset(keywords.matching(translator, p) for p in (patterns if isinstance(patterns, dict) else ())),
        "additionalProperties" in present or (inner and "unevaluatedProperties" in present),
        len(positions) if isinstance(positions, list) and (listed or "prefixItems" in present) else 0,
        further in present or (inner and "unevaluatedItems" in present),
        frozenset((translator.anew(value["contains"], place, "contains"),)) if contains else frozenset(),
    )


def _options(
    translator: Translator, value: dict[str, Json], place: Place, depth: int, dialect: Dialect
) -> Iterable[list[Case]]:
    """Per applicator that may hold, its cases; those of one anyOf are separate, for they add up."""
    pool, known = translator.pool, dialect.keywords
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if keyword in value and keyword in known:
            yield _referred(translator, value[keyword], place, depth, dynamic=keyword != "$ref")

    def branch(sub: Json, keyword: str, token: str | None = None) -> list[Case]:
        node = translator.beside(sub, place, keyword, token)
        inner = _cases(translator, sub, place.below(keyword, token), depth + 1)
        return [_both(translator, Case(node), case) for case in inner]

    for keyword in ("allOf", "anyOf", "oneOf"):
        listed = value.get(keyword)
        if keyword in known and isinstance(listed, list):
            branches = [branch(sub, keyword, str(i)) for i, sub in enumerate(listed)]
            if keyword == "oneOf":
                yield [case for cases in branches for case in cases]
            else:
                yield from branches
    if "if" in value and "if" in known:
        condition = branch(value["if"], "if")
        then = branch(value.get("then", True), "then")
        denied = Case(pool.negation(translator.beside(value["if"], place.strict(), "if")))
        other = branch(value.get("else", True), "else")
        yield [_both(translator, a, b) for a in condition for b in then] + [
            _both(translator, denied, case) for case in other
        ]
    for keyword in ("dependentSchemas", "dependencies"):
        given = value.get(keyword)
        if keyword in known and isinstance(given, dict):
            for name, sub in given.items():
                if not isinstance(sub, list):
                    present = Case(
                        pool.all_of(
                            (pool.types((Type.OBJECT,)), keywords.requiring(translator, frozenset((name,))))
                        )
                    )
                    yield [_both(translator, present, case) for case in branch(sub, keyword, name)]


def _referred(translator: Translator, ref: Json, place: Place, depth: int, *, dynamic: bool) -> list[Case]:
    found = translator.resolved(ref, place, dynamic=dynamic)
    if found is None:
        return []
    value, target = found
    return _cases(translator, value, target, depth + 1)
