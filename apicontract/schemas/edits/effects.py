"""From blame to edits: what each refused part of a schema is called, and what it does.

Takes the failures found both ways between two schemas and says them as edits: one edit for one
thing that happened, however many failures show it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.edits.blame import GROUPS, Blame, Failure
from apicontract.schemas.edits.edit import Edit, Spot
from apicontract.schemas.edits.kinds import MISSING, Missing, guess, name_edit, said_alike
from apicontract.schemas.edits.pairing import pair
from apicontract.schemas.edits.view import View, mapping, settle
from apicontract.schemas.verdicts import Contained, NotContained, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.edits.blame import Refusal
    from apicontract.schemas.edits.compare import Comparer
    from apicontract.schemas.edits.facts import Members
    from apicontract.schemas.handles import Json, Schema

_TYPES = ("null", "boolean", "number", "string", "array", "object")
_LISTED = ("enum", "const")
_BESIDE_TYPE = frozenset(
    ("type", "nullable", "format", "title", "description", "example", "default", "items", "properties")
)


class _Both(NamedTuple):
    """The failure of one group and name, there (old in new) and back (new in old)."""

    there: Failure | None
    back: Failure | None

    @property
    def narrows(self) -> Refusal | None:
        return self.there.refusal if self.there else None

    @property
    def widens(self) -> Refusal | None:
        return self.back.refusal if self.back else None


def edits_of(
    comparer: Comparer,
    views: tuple[View, View],
    pair: tuple[Schema, Schema],
    there: Blame,
    back: Blame,
    members: Members,
) -> Iterator[Edit]:
    """Every edit of the pair that changes, or may change, the set of values; and its members."""
    failures: dict[tuple[str, str], _Both] = {}
    for failure in there.failures:
        failures[failure.group, failure.name] = _Both(failure, None)
    for failure in back.failures:
        key = (failure.group, failure.name)
        failures[key] = _Both(failures[key].there if key in failures else None, failure)
    say = _Sayer(comparer, views, pair, there, back, members, failures)
    yield from say.types()
    yield from say.listed()
    yield from say.simple()
    yield from say.required()
    yield from say.alternations()
    yield from say.structure()
    yield from say.members_edits()


class _Sayer:
    """Says the failures of one pair as edits."""

    def __init__(
        self,
        comparer: Comparer,
        views: tuple[View, View],
        pair: tuple[Schema, Schema],
        there: Blame,
        back: Blame,
        members: Members,
        failures: dict[tuple[str, str], _Both],
    ) -> None:
        self.comparer = comparer
        self.views = views
        self.pair = pair
        self.blames = (there, back)
        self.members = members
        self.failures = failures
        self.member_refusals: dict[str, _Both] = {}

    def _spot(self, side: int, keyword: str, failure: Failure | None) -> Spot:
        """Where one side says the keyword: in the schema object that refuses, if it does."""
        if failure is not None and keyword in mapping(failure.receiver.value):
            return Spot.of(failure.receiver, keyword)
        found = self.views[side].values(keyword)
        return Spot.of(found[0][0], keyword) if found else Spot.of(self.pair[side])

    def _written(self, side: int, group: str) -> Json | Missing:
        """What one side says in a keyword group: the value of its one keyword, or all of them by name."""
        said: dict[str, Json] = {}
        for keyword in GROUPS.get(group, (group,)):
            for _, value in self.views[side].values(keyword):
                said.setdefault(keyword, value)
        if not said:
            return MISSING
        return next(iter(said.values())) if len(said) == 1 else said

    def _keyword(self, side: int, group: str) -> str:
        return next((k for k in GROUPS.get(group, (group,)) if self.views[side].values(k)), group)

    def _edit(self, kind: str, group: str, both: _Both, name: str = "") -> Edit:
        return Edit(
            kind,
            name,
            self._spot(0, self._keyword(0, group), both.back),
            self._spot(1, self._keyword(1, group), both.there),
            self._written(0, group),
            self._written(1, group),
            both.narrows,
            both.widens,
        )

    def types(self) -> Iterator[Edit]:
        """One edit for the types; a difference by null alone is spoken of as such."""
        both = self.failures.get(("type", ""), _Both(None, None))
        whole = self.failures.get(("false", ""))
        if whole:
            yield self._edit("schema-false", "type", whole)
        if both == (None, None):
            return
        if any(isinstance(r, Unknown) for r in (both.narrows, both.widens)):
            yield self._edit("type-changed", "type", both)
            return
        lost, gained = self._type_change()
        if lost | gained == {"null"}:
            said = repr(self._written(0, "nullable")) != repr(self._written(1, "nullable"))
            group = "nullable" if said else "type"
            yield self._edit("became-not-nullable" if lost else "became-nullable", group, both)
        else:
            verb = "changed" if both.there and both.back else "narrowed" if both.there else "widened"
            yield self._edit(f"type-{verb}", "type", both)

    def _type_change(self) -> tuple[set[str], set[str]]:
        before, after = (self._types(schema) for schema in self.pair)
        return before - after, after - before

    def _types(self, schema: Schema) -> set[str]:
        plain = _named(schema)
        if plain is not None:
            return plain
        assembly, session = self.comparer.assembly, self.comparer.session
        return {
            name
            for name in _TYPES
            if session.is_empty(assembly.all_of((schema, assembly.schema({"type": name})))) is not True
        }

    def listed(self) -> Iterator[Edit]:
        """`enum` and `const`: values that went and values that came, each in one edit."""
        there = next((b for g in _LISTED if (b := self.failures.get((g, ""))) and b.there), None)
        back = next((b for g in _LISTED if (b := self.failures.get((g, ""))) and b.back), None)
        both = _Both(there.there if there else None, back.back if back else None)
        before, after = self._values(0), self._values(1)
        group = "const" if not any(self.views[side].values("enum") for side in (0, 1)) else "enum"
        if before is None and after is None:
            return
        if before is None or after is None:
            yield self._edit(f"{group}-{'added' if before is None else 'removed'}", self._group(group), both)
            return
        if group == "const":
            if before != after:
                yield self._edit("const-changed", "const", both)
            return
        lost = [value for key, value in before.items() if key not in after]
        gained = [value for key, value in after.items() if key not in before]
        if lost:
            name = _spelt(lost)
            yield self._edit("enum-value-removed", self._group("enum"), _Both(both.there, None), name)
        if gained:
            name = _spelt(gained)
            yield self._edit("enum-value-added", self._group("enum"), _Both(None, both.back), name)

    def _group(self, group: str) -> str:
        return group if any(self.views[side].values(group) for side in (0, 1)) else "const"

    def _values(self, side: int) -> dict[str, Json] | None:
        """The listed values by a key that tells `1` from `true`; None if values are not listed."""
        for keyword in _LISTED:
            for _, value in self.views[side].values(keyword):
                values = value if keyword == "enum" and isinstance(value, list) else [value]
                return {repr(item): item for item in values}
        return None

    def simple(self) -> Iterator[Edit]:
        """Keyword groups that stand alone, also where an edit of them has no effect."""
        for group in GROUPS:
            if group in _LISTED:
                continue
            both = self.failures.get((group, ""), _Both(None, None))
            was, now = self._written(0, group), self._written(1, group)
            if both == (None, None) and (
                said_alike(was, now) or (MISSING in (was, now) and _neutral(group, was, now))
            ):
                continue
            yield self._named(group, both, was, now)

    def _named(
        self, group: str, both: _Both, was: Json | Missing, now: Json | Missing, name: str = ""
    ) -> Edit:
        both = _trusted(both, group, was, now)
        kind = name_edit(group, was, now, narrows=both.there is not None, widens=both.back is not None)
        return self._edit(kind, group, both, name)

    def required(self) -> Iterator[Edit]:
        """Names that must be there now, or need not be any more; a removed property is spoken of once."""
        for (group, name), both in self.failures.items():
            if group != "required":
                continue
            if name in self.members.removed and both.back:
                self.member_refusals[name] = both
            elif name in self.members.added and both.there:
                yield self._member("required-property-added", name, 1, both)
            elif both.there is None and both.back is None:
                continue
            else:
                yield self._member(
                    "property-became-required" if both.there else "property-became-optional", name, 1, both
                )

    def _member(self, kind: str, name: str, side: int, both: _Both) -> Edit:
        spots = []
        for index in (0, 1):
            found = self.views[index].properties.get(name)
            spots.append(Spot.of(found[0]) if found else Spot.of(self.pair[index]))
        value = self.views[side].properties.get(name)
        shown = value[0].value if value else MISSING
        was, now = (shown, MISSING) if side == 0 else (MISSING, MISSING)
        return Edit(kind, name, spots[0], spots[1], was, now, both.narrows, both.widens)

    def alternations(self) -> Iterator[Edit]:
        """Branches of `oneOf` and `anyOf` that came or went, each; what happened to them all, once."""
        together: dict[tuple[str, str], _Both] = {}
        for (group, name), found in self.failures.items():
            if group not in ("anyOf", "oneOf"):
                continue
            for both in (_Both(found.there, None), _Both(None, found.back)):
                if both == (None, None):
                    continue
                kind = self._alternation_kind(both, name)
                if kind in ("alternative-added", "alternative-removed"):
                    yield self._edit(kind, group, both, name)
                else:
                    known = together.get((group, kind), _Both(None, None))
                    together[group, kind] = _Both(known.there or both.there, known.back or both.back)
        for (group, kind), both in together.items():
            yield self._edit(kind, group, both)

    def _alternation_kind(self, both: _Both, name: str) -> str:
        if any(isinstance(r, Unknown) for r in (both.narrows, both.widens)):
            return "alternatives-changed"
        lost, gained = self._type_change()
        if lost | gained == {"null"}:
            return "became-not-nullable" if lost else "became-nullable"
        tags = [[mapping(c.value).get("discriminator") for c in v.conjuncts] for v in self.views]
        tags = [[tag for tag in found if tag] for found in tags]
        if tags[0] and tags[1] and tags[0] != tags[1]:
            return "discriminator-changed"
        if name and name not in self._paired(0 if both.there else 1):
            return "alternative-removed" if both.there else "alternative-added"
        return "alternatives-changed"

    def _paired(self, side: int) -> set[str]:
        """The positions of the branches of one side that have a counterpart on the other."""
        before, after = (next((b for _, _, b in v.alternations()), ()) for v in self.views)
        return {str(positions[side]) for positions in pair(before, after)}

    def structure(self) -> Iterator[Edit]:
        """Arrays, further names, unevaluated members, and what no smaller part explains."""
        for (group, name), both in self.failures.items():
            if group in ("items", "additionalItems", "prefixItems"):
                keyword = "prefixItems" if group == "prefixItems" else group
                yield self._named(group, both, self._written(0, keyword), self._written(1, keyword), name)
            elif group == "patternProperties":
                was, now = self._pattern(0, name), self._pattern(1, name)
                yield self._named(group, both, was, now, name)
            elif group in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"):
                yield from self._further(group, both)
            elif group == "schema":
                yield self._edit("schema-changed", "schema", both)
            elif group == "properties":
                self.member_refusals[name] = both
                if name not in self.members.removed and name not in self.members.added:
                    yield self._member("property-changed", name, 1, both)

    def _pattern(self, side: int, pattern: str) -> Json | Missing:
        for _, patterns in self.views[side].values("patternProperties"):
            if pattern in mapping(patterns):
                return mapping(patterns)[pattern]
        return MISSING

    def _further(self, group: str, both: _Both) -> Iterator[Edit]:
        """Where further names are ruled alike on both sides, a member that came or went is the cause."""
        was, now = self._written(0, group), self._written(1, group)
        if said_alike(was, now) and (self.members.removed or self.members.added):
            found = False
            for names, blame, is_there in (
                (self.members.removed, self.blames[0], True),
                (self.members.added, self.blames[1], False),
            ):
                for name in names:
                    refusal = self._sends(blame, name)
                    if refusal is not None:
                        found = True
                        failure = Failure(group, name, blame.receiver, refusal)
                        known = self.member_refusals.get(name, _Both(None, None))
                        self.member_refusals[name] = (
                            known._replace(there=failure) if is_there else known._replace(back=failure)
                        )
            if found:
                return
        yield self._named(group, both, was, now)

    def _sends(self, blame: Blame, name: str) -> Refusal | None:
        part = self.comparer.assembly.schema({"properties": {name: False}})
        verdict = self.comparer.session.contains(blame.sender, part, flow=blame.flow)
        return None if isinstance(verdict, Contained) else verdict

    def members_edits(self) -> Iterator[Edit]:
        """Properties that came or went; said once, with what that does on the wire."""
        for name in self.members.removed:
            yield self._member("property-removed", name, 0, self.member_refusals.get(name, _Both(None, None)))
        required = {
            name for (group, name), both in self.failures.items() if group == "required" and both.there
        }
        for name in self.members.added:
            if name not in required:
                yield self._member(
                    "property-added", name, 1, self.member_refusals.get(name, _Both(None, None))
                )


def _neutral(group: str, was: Json | Missing, now: Json | Missing) -> bool:
    """A lower bound of 0 and `uniqueItems: false` say nothing."""
    value = now if was is MISSING else was
    return (group.startswith("min") and group != "minimum" and value == 0) or (
        group == "uniqueItems" and value is False
    )


def _trusted(both: _Both, group: str, was: Json | Missing, now: Json | Missing) -> _Both:
    """Unknown verdicts read by the conservative effect of the edit; refutations stand."""
    if isinstance(both.narrows, NotContained | None) and isinstance(both.widens, NotContained | None):
        return both
    narrows, widens = guess(group, was, now)
    there = both.there if isinstance(both.narrows, NotContained) or narrows else None
    back = both.back if isinstance(both.widens, NotContained) or widens else None
    return _Both(there, back)


def _named(schema: Schema) -> set[str] | None:
    """The types of a schema that says them in one word and nothing that could rule one out; else None."""
    settled = settle(schema)
    value = settled.value
    if (
        not isinstance(value, dict)
        or not value.keys() <= _BESIDE_TYPE
        or not isinstance(value.get("type"), str)
    ):
        return None
    types = {"number" if value["type"] == "integer" else str(value["type"])}
    if value.get("nullable") is True and settled.scope.dialect == "openapi-3.0":
        types.add("null")
    return types


def _spelt(values: list[Json]) -> str:
    """Values for people: texts as they are if all are texts, else as JSON spells them."""
    if all(isinstance(value, str) for value in values):
        return ", ".join(map(str, values))
    return ", ".join(json.dumps(value, ensure_ascii=False, default=str) for value in values)
