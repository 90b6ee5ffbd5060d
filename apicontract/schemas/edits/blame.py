"""Why a schema is not contained in another: the parts of the receiver that refuse.

A schema object is the conjunction of its keyword groups, so a sender is contained in it exactly if
it is contained in each group alone. Asking group by group therefore finds the blame without guesses;
`anyOf` and `oneOf` are asked branch by branch of the sender. Knows no direction: old and new are
whatever the caller makes sender and receiver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.edits.alignment import prefix, tail
from apicontract.schemas.edits.view import REF_HIDES_SIBLINGS, View, child, mapping, view
from apicontract.schemas.translation.discriminator import branch_tags
from apicontract.schemas.translation.leniency import MARK
from apicontract.schemas.translation.translate import Context, Place
from apicontract.schemas.verdicts import Contained, NotContained, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas.edits.alignment import Label, Part
    from apicontract.schemas.edits.assembly import Assembly
    from apicontract.schemas.handles import Flow, Json, Schema
    from apicontract.schemas.session import Session

Refusal = NotContained | Unknown

# Keywords that constrain together, in the order in which a reader would look at them.
GROUPS: dict[str, tuple[str, ...]] = {
    "const": ("const",),
    "enum": ("enum",),
    "format": ("format",),
    "multipleOf": ("multipleOf",),
    "minimum": ("minimum", "exclusiveMinimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "minLength": ("minLength",),
    "maxLength": ("maxLength",),
    "pattern": ("pattern",),
    "minItems": ("minItems",),
    "maxItems": ("maxItems",),
    "uniqueItems": ("uniqueItems",),
    "contains": ("contains", "minContains", "maxContains"),
    "minProperties": ("minProperties",),
    "maxProperties": ("maxProperties",),
    "propertyNames": ("propertyNames",),
    "dependentRequired": ("dependentRequired",),
    "dependentSchemas": ("dependentSchemas",),
    "dependencies": ("dependencies",),
    "not": ("not",),
    "if": ("if", "then", "else"),
    "$dynamicRef": ("$dynamicRef",),
    "$recursiveRef": ("$recursiveRef",),
}
_WITH_SCHEMAS = frozenset(
    {
        "contains",
        "propertyNames",
        "dependentSchemas",
        "dependencies",
        "not",
        "if",
        "$dynamicRef",
        "$recursiveRef",
    }
)
_ENTANGLING = frozenset(
    {
        "anyOf",
        "oneOf",
        "not",
        "if",
        "enum",
        "const",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "patternProperties",
        "unevaluatedProperties",
        "$dynamicRef",
        "$recursiveRef",
        "discriminator",
    }
)
_WHOLE = ("unevaluatedProperties", "unevaluatedItems")


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of the receiver that refuses some value of the sender.

    group: the keyword (group) to blame: a key of GROUPS, `type`, `properties`, `required`,
    `additionalProperties`, `patternProperties`, `items`, `anyOf`, `oneOf`, `unevaluated…`, `false`
    or `schema` where nothing smaller than the whole fails.
    name: the property, pattern or branch (a position among the sender's branches) within the group.
    receiver: the schema object in which the group is written.
    """

    group: str
    name: str
    receiver: Schema
    refusal: Refusal


def _beside(group: str, value: dict[str, Json]) -> tuple[str, ...]:
    """Keywords that a group is not understood without: `nullable` adds to a list, a mark opens it."""
    if group != "enum":
        return ()
    return ("type", "nullable", MARK) if value.get("nullable") is True else (MARK,)


class Blame:
    """One sender against one receiver; `failures` and `children` are filled by `run`."""

    def __init__(
        self,
        session: Session,
        assembly: Assembly,
        sender: Schema,
        receiver: Schema,
        flow: Flow,
        parts: dict[Label, Part],
    ) -> None:
        self.session = session
        self.assembly = assembly
        self.sender = sender
        self.flow = flow
        self.parts = parts
        self.receiver = receiver
        self.views: tuple[View, View] = (view(sender), view(receiver))
        self.failures: list[Failure] = []
        self.children: set[Label] = set()

    def run(self, *, forward: bool) -> None:
        """Find all blame; `forward` says that the sender is the old side of `parts`."""
        self.forward = forward
        theirs = self.views[1]
        if theirs.refused:
            self._fail("false", "", self.receiver, self._ask(False))  # noqa: FBT003  # the schema `false`
        self._types(theirs)
        for conjunct in theirs.conjuncts:
            before = len(self.failures) + len(self.children)
            self._groups(conjunct)
            self._patterns(conjunct)
            self._additional(conjunct)
            self._alternation(conjunct)
            if before == len(self.failures) + len(self.children):
                self._unevaluated(conjunct)
        self._properties(theirs)
        self._required(theirs)
        self._items(theirs)
        if not self.failures and not self.children:
            self._fail(
                "schema", "", self.receiver, self.session.contains(self.sender, self.receiver, flow=self.flow)
            )

    def _ask(self, part: Json | Schema) -> Refusal | None:
        """None if the sender is contained in `part`."""
        receiver = self.assembly.schema(part) if isinstance(part, dict | bool) else part
        verdict = self.session.contains(self.sender, receiver, flow=self.flow)  # type: ignore[arg-type]
        return None if isinstance(verdict, Contained) else verdict

    def _fail(self, group: str, name: str, receiver: Schema, verdict: Refusal | Contained | None) -> None:
        if verdict is not None and not isinstance(verdict, Contained):
            self.failures.append(Failure(group, name, receiver, verdict))

    def _child_fails(self, label: Label) -> bool:
        """Whether the part of that label exists and fails on its own; it is then noted."""
        part = self.parts.get(label)
        if part is None:
            return False
        sender, receiver = (part.old, part.new) if self.forward else (part.new, part.old)
        if sender == self.sender and receiver == self.receiver:
            return False
        if isinstance(self.session.contains(sender, receiver, flow=self.flow), Contained):
            return False
        self.children.add(label)
        return True

    def _written_alike(self, conjunct: Schema, keys: tuple[str, ...]) -> bool:
        """Whether the sender is bound by the same words, so that "unknown" is no reason to blame them."""
        value = mapping(conjunct.value)
        return any(
            mapping(mine.value).get(keys[0]) == value.get(keys[0])
            and all(mapping(mine.value).get(key) == value.get(key) for key in keys)
            and mine.scope.dialect == conjunct.scope.dialect
            for mine in self.views[0].conjuncts
        )

    def _types(self, theirs: View) -> None:
        """Types first: what is of a refused type is not held against the other keywords as well."""
        refused: list[Schema] = []
        for conjunct, _ in theirs.values("type"):
            if self._written_alike(conjunct, ("type", "nullable")):
                continue
            part = conjunct.only(("type", "nullable"))
            refusal = self._ask(part)
            if refusal is None:
                continue
            self._fail("type", "", conjunct, refusal)
            refused.append(part)
        if refused:
            self.sender = self.assembly.all_of((self.sender, *refused))

    def _groups(self, conjunct: Schema) -> None:
        value = mapping(conjunct.value)
        for group, keys in GROUPS.items():
            if not any(key in value for key in keys):
                continue
            if group not in _WITH_SCHEMAS and "nullable" not in value and self._written_alike(conjunct, keys):
                continue
            refusal = self._ask(conjunct.only((*keys, *_beside(group, value))))
            if refusal is None or (isinstance(refusal, Unknown) and self._written_alike(conjunct, keys)):
                continue
            self._fail(group, "", conjunct, refusal)

    def _properties(self, theirs: View) -> None:
        names = [name for name, found in theirs.properties.items() if self._in_doubt(name, found)]
        if all(_tells_members_apart(side) for side in self.views):
            # then a member refused on its own is refused in the object, whatever stands beside it
            names = [name for name in names if not self._child_fails(("properties", name))]
        if not names or self._ask(self._declared(theirs, names)) is None:
            return
        for name in names:
            refusal = self._ask(self._declared(theirs, [name]))
            if refusal is not None and not self._child_fails(("properties", name)):
                if name in self.views[0].properties and isinstance(refusal, Unknown):
                    continue
                self._fail("properties", name, theirs.properties[name][0], refusal)

    def _in_doubt(self, name: str, found: tuple[Schema, ...]) -> bool:
        """Whether the property must be asked about: not if it is hidden, or holds no more than it may."""
        if self._hidden(found):
            return False
        if name not in self.views[0].properties:
            return True
        part = self.parts.get(("properties", name))
        if part is None:
            return False
        sender, receiver = (part.old, part.new) if self.forward else (part.new, part.old)
        return not isinstance(self.session.contains(sender, receiver, flow=self.flow), Contained)

    def _declared(self, theirs: View, names: list[str]) -> Json:
        ref = self.assembly.ref
        return {"properties": {name: ref(self.assembly.all_of(theirs.properties[name])) for name in names}}

    def _hidden(self, schemas: tuple[Schema, ...]) -> bool:
        """Whether the receiver ignores the property in this flow (readOnly, writeOnly)."""
        return hidden(schemas, self.flow)

    def _required(self, theirs: View) -> None:
        mine = self.views[0].required()
        required = {
            name: at
            for name, at in theirs.required().items()
            if not self._hidden(theirs.properties.get(name, ()))
            and (name not in mine or self._hidden(self.views[0].properties.get(name, ())))
        }
        if not required or self._ask({"required": list(required)}) is None:
            return
        for name, conjunct in required.items():
            self._fail("required", name, conjunct, self._ask({"required": [name]}))

    def _patterns(self, conjunct: Schema) -> None:
        for pattern in mapping(mapping(conjunct.value).get("patternProperties")):
            schema = child(conjunct, "patternProperties", pattern)
            refusal = self._ask({"patternProperties": {pattern: self.assembly.ref(schema)}})
            if refusal is not None and not self._child_fails(("patternProperties", pattern)):
                if isinstance(refusal, Unknown) and self._written_alike(conjunct, ("patternProperties",)):
                    continue
                self._fail("patternProperties", pattern, conjunct, refusal)

    def _additional(self, conjunct: Schema) -> None:
        value = mapping(conjunct.value)
        if "additionalProperties" not in value or value["additionalProperties"] in (True, {}):
            return
        rest = child(conjunct, "additionalProperties")
        refusal = self._ask(
            {
                "properties": dict.fromkeys(mapping(value.get("properties")), True),
                "patternProperties": dict.fromkeys(mapping(value.get("patternProperties")), True),
                "additionalProperties": self.assembly.ref(rest),
            }
        )
        if refusal is None or self._child_fails(("additionalProperties",)):
            return
        self._fail("additionalProperties", "", conjunct, refusal)

    def _items(self, theirs: View) -> None:
        first = prefix(theirs)
        for index, schema in enumerate(first):
            refusal = self._ask({"prefixItems": [True] * index + [self.assembly.ref(schema)]})
            if refusal is not None and not self._child_fails(("prefixItems", str(index))):
                self._fail("prefixItems", str(index), schema, refusal)
        rest = tail(theirs)
        if rest is None:
            return
        conjunct, keyword, schema = rest
        part: dict[str, Json] = {"items": self.assembly.ref(schema)}
        if first:
            part["prefixItems"] = [True] * len(first)
        refusal = self._ask(part)
        if refusal is not None and not self._child_fails(("items",)):
            self._fail(keyword, "", conjunct, refusal)

    def _alternation(self, conjunct: Schema) -> None:
        for keyword in ("anyOf", "oneOf"):
            branches = mapping(conjunct.value).get(keyword)
            if not isinstance(branches, list):
                continue
            part = conjunct.only((keyword, "discriminator"))
            refusal = self._ask(part)
            if refusal is None or (
                isinstance(refusal, Unknown) and self._written_alike(conjunct, (keyword,))
            ):
                continue
            found = len(self.failures) + len(self.children)
            for name, verdict in self._branches(part, refusal):
                self._fail(keyword, name, conjunct, verdict)
            if found == len(self.failures) + len(self.children):
                self._fail(keyword, "", conjunct, refusal)

    def _branches(self, part: Schema, refusal: Refusal) -> Iterator[tuple[str, Refusal]]:
        """The sender's branches that `part` refuses and that no pair of branches explains."""
        mine = next(self.views[0].alternations(), None)
        if mine is None:
            if not any(self._child_fails(label) for label in self.parts if label[0] == "branch"):
                yield "", refusal
            return
        owner, keyword, branches = mine
        rest = [other for other in self.views[0].conjuncts if other != owner]
        beside = owner.only(
            tuple(key for key in mapping(owner.value) if key not in (keyword, "$ref", "allOf"))
        )
        tags = self._tags(owner, keyword)
        for index, branch in enumerate(branches):
            sender = self.assembly.all_of((branch, beside, *tags.get(index, ()), *rest))
            verdict = self.session.contains(sender, part, flow=self.flow)
            if isinstance(verdict, Contained):
                continue
            side = 1 if self.forward else 2
            labels = [label for label in self.parts if label[0] == "branch" and label[side] == str(index)]
            if not any(self._child_fails(label) for label in labels):
                yield str(index), verdict

    def _tags(self, owner: Schema, keyword: str) -> dict[int, tuple[Schema]]:
        """By branch, the schema of the tags that select it; none for a branch that fixes others itself."""
        value = mapping(owner.value)
        listed, place = value[keyword], Place(owner.scope, owner.pointer, Context())
        found = branch_tags(listed, value.get("discriminator"), place) if isinstance(listed, list) else None
        if found is None:
            return {}
        name, words = found
        made = {
            index: self.assembly.schema({"properties": {name: {"enum": [*sorted(own)]}}})
            for index, own in enumerate(words)
        }
        return {
            index: (tag,)
            for index, tag in made.items()
            if not self._never(self.assembly.all_of((child(owner, keyword, index), tag)))
        }

    def _never(self, schema: Schema) -> bool:
        """Whether no value at all is accepted."""
        return isinstance(
            self.session.contains(schema, self.assembly.schema(False), flow=self.flow),  # noqa: FBT003
            Contained,
        )

    def _unevaluated(self, conjunct: Schema) -> None:
        """A conjunct of which every group agrees fails only by what it says of unevaluated members."""
        for keyword in _WHOLE:
            if keyword in mapping(conjunct.value):
                refusal = self._ask(conjunct)
                if not (isinstance(refusal, Unknown) and self._written_alike(conjunct, (keyword,))):
                    self._fail(keyword, "", conjunct, refusal)
                return


def _tells_members_apart(side: View) -> bool:
    """Whether every conjunct speaks of each member of an object on its own."""
    return all(_ENTANGLING.isdisjoint(mapping(conjunct.value)) for conjunct in side.conjuncts)


def hidden(schemas: tuple[Schema, ...], flow: Flow) -> bool:
    """Whether a property of these schemas is not part of the message that flows (OAS 3.0.3, 4.7.24.2)."""
    keyword = {"request": "readOnly", "response": "writeOnly"}.get(flow or "")
    if keyword is None:
        return False
    return any(
        mapping(conjunct.value).get(keyword) is True
        for schema in schemas
        for conjunct in (
            *view(schema).conjuncts,
            *(() if schema.scope.dialect in REF_HIDES_SIBLINGS else (schema,)),
        )
    )
