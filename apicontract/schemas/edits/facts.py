"""What differs between two schemas without changing any set of values: members, defaults, prose.

A declared property that disappears is a loss even where the payload would still be accepted; who
bears it is decided by the caller, who knows the direction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.edits.blame import hidden
from apicontract.schemas.edits.edit import Edit, Spot
from apicontract.schemas.edits.kinds import MISSING, said_alike
from apicontract.schemas.edits.view import View, child, follow, mapping, view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.schemas.handles import Flow, Json, Schema

_PROSE = ("title", "description", "$comment", "example", "examples", "externalDocs")
_CONTENT = ("contentEncoding", "contentMediaType", "contentSchema")
_SWITCHES = {"deprecated": "deprecated", "readOnly": "read-only", "writeOnly": "write-only"}
_BRANCHING = ("anyOf", "oneOf", "if", "then", "else", "dependentSchemas")
_DEPTH = 8
_OWN = "x-apicontract-"  # notes to this program, which say nothing to a client


@dataclass(frozen=True, slots=True)
class Members:
    """The properties that one side declares and the other does not, with where they are written."""

    removed: dict[str, Schema]
    added: dict[str, Schema]


def members(
    views: tuple[View, View],
    pair: tuple[Schema, Schema],
    flow: Flow,
    equivalent: Callable[[Schema, Schema], bool],
) -> Members:
    """Added and removed properties; those that were only moved between branches are neither."""
    old, new = views
    removed = {name: found for name, found in old.properties.items() if name not in new.properties}
    added = {name: found for name, found in new.properties.items() if name not in old.properties}
    if not removed and not added:
        return Members({}, {})
    if removed:
        elsewhere = _declared(pair[1])
        removed = {
            name: found
            for name, found in removed.items()
            if name not in elsewhere and not hidden(found, flow)
        }
    if added:
        elsewhere = _declared(pair[0])
        added = {
            name: found for name, found in added.items() if name not in elsewhere and not hidden(found, flow)
        }
    elsewhere_too = (*_BRANCHING, "patternProperties")  # a pattern may speak of the very name
    branching = any(any(key in mapping(c.value) for key in elsewhere_too) for v in views for c in v.conjuncts)
    if (removed or added) and branching and equivalent(*pair):
        return Members({}, {})
    return Members({n: f[0] for n, f in removed.items()}, {n: f[0] for n, f in added.items()})


def _declared(schema: Schema, depth: int = 0) -> set[str]:
    """Every property name that any applicator of the object declares."""
    seen = view(schema)
    names = set(seen.properties)
    for conjunct in seen.conjuncts:
        for keyword in ("$dynamicRef", "$recursiveRef"):
            goal = follow(conjunct, keyword) if depth < _DEPTH else None
            names |= _declared(goal, depth + 1) if goal is not None else set()
    if depth >= _DEPTH:
        return names
    for conjunct in seen.conjuncts:
        value = mapping(conjunct.value)
        for keyword in ("anyOf", "oneOf"):
            listed = value.get(keyword)
            for index in range(len(listed) if isinstance(listed, list) else 0):
                names |= _declared(child(conjunct, keyword, index), depth + 1)
        for keyword in ("if", "then", "else"):
            if keyword in value:
                names |= _declared(child(conjunct, keyword), depth + 1)
        for name in mapping(value.get("dependentSchemas")):
            names |= _declared(child(conjunct, "dependentSchemas", name), depth + 1)
    return names


def without_effect(views: tuple[View, View], pair: tuple[Schema, Schema]) -> Iterator[Edit]:
    """Edits that change no set of values: defaults, switches, prose, extensions."""
    yield from _default(views, pair)
    for keyword, noun in _SWITCHES.items():
        was, now = (_first(v, keyword)[1] is True for v in views)
        if was != now:
            yield _edit(f"{noun}-{'added' if now else 'removed'}", keyword, views, pair)
    content = next((key for key in _CONTENT if _content(views[0], key) != _content(views[1], key)), None)
    if content is not None:
        yield _edit("content-encoding-changed", content, views, pair)
    if xml_form(_first(views[0], "xml")[1]) != xml_form(_first(views[1], "xml")[1]):
        yield _edit("xml-changed", "xml", views, pair)
    yield from _extensions(views, pair)
    changed = [key for key in _PROSE if _first(views[0], key)[1] != _first(views[1], key)[1]]
    if changed:
        yield _edit("schema-documentation-changed", changed[0], views, pair, name=", ".join(changed))


def xml_form(value: object) -> dict[str, Json]:
    """An `xml` object in the words of OpenAPI 3.2, without what is the default (OAS 3.2, 4.25).

    Anything but an object says nothing. A prefix is left out where there is a namespace: documents may
    choose any.
    """
    form: dict[str, Json] = {
        key: said
        for key, said in (value if isinstance(value, dict) else {}).items()
        if said not in (None, False, "")
    }
    for older, kind in (("attribute", "attribute"), ("wrapped", "element")):
        if form.pop(older, None) is True:
            form.setdefault("nodeType", kind)
    if "namespace" in form:
        form.pop("prefix", None)
    return form


def _content(view_: View, keyword: str) -> object:
    """What is said of the content; `format: byte` of OpenAPI 3.0 is base64."""
    said = _first(view_, keyword)[1]
    if keyword == "contentEncoding" and said is MISSING and _first(view_, "format")[1] == "byte":
        return "base64"
    return said


def _default(views: tuple[View, View], pair: tuple[Schema, Schema]) -> Iterator[Edit]:
    was, now = _first(views[0], "default")[1], _first(views[1], "default")[1]
    if said_alike(was, now):
        return
    verb = "added" if was is MISSING else "removed" if now is MISSING else "changed"
    yield _edit(f"default-{verb}", "default", views, pair)


def _extensions(views: tuple[View, View], pair: tuple[Schema, Schema]) -> Iterator[Edit]:
    names = dict.fromkeys(
        key
        for v in views
        for c in v.conjuncts
        for key in mapping(c.value)
        if isinstance(key, str) and key[:2] == "x-" and not key.startswith(_OWN)
    )
    for name in names:
        was, now = _first(views[0], name)[1], _first(views[1], name)[1]
        if was == now:
            continue
        if name == "x-extensible-enum" and (isinstance(was, list) or isinstance(now, list)):
            yield from _extensible(was, now, views, pair)
        else:
            yield _edit("schema-extension-changed", name, views, pair, name=name)


def _extensible(
    was: object, now: object, views: tuple[View, View], pair: tuple[Schema, Schema]
) -> Iterator[Edit]:
    before = was if isinstance(was, list) else []
    after = now if isinstance(now, list) else []
    for value in before:
        if value not in after:
            yield _edit("extensible-enum-value-removed", "x-extensible-enum", views, pair, name=str(value))
    for value in after:
        if value not in before:
            yield _edit("extensible-enum-value-added", "x-extensible-enum", views, pair, name=str(value))


def _first(view_: View, keyword: str) -> tuple[Schema | None, Json | object]:
    """The last conjunct that has the keyword says what it is: a `$ref`'s sibling speaks over its target."""
    found = view_.values(keyword)
    return found[-1] if found else (None, MISSING)


def _edit(
    kind: str, keyword: str, views: tuple[View, View], pair: tuple[Schema, Schema], name: str = ""
) -> Edit:
    spots, values = [], []
    for one, whole in zip(views, pair, strict=True):
        at, value = _first(one, keyword)
        spots.append(Spot.of(whole) if at is None else Spot.of(at, keyword))
        values.append(value)
    return Edit(kind, name, spots[0], spots[1], values[0], values[1])  # type: ignore[arg-type]
