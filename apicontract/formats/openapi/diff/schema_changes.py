"""Edits of schemas as changes of the contract: who sends, who receives, and what that breaks.

A request is judged old in new, a response new in old; the edits come from the schemas room without
direction, and get direction, level, message and witness here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Direction, Level, Surface, Witness
from apicontract.formats.openapi.diff.context import At, Context, shown
from apicontract.formats.openapi.diff.recorder import Found
from apicontract.formats.openapi.diff.rules.kinds import KINDS
from apicontract.formats.openapi.scopes import place_of
from apicontract.schemas import NotContained, Schema
from apicontract.schemas.edits import MISSING
from apicontract.schemas.edits.explain import lift, path_below, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.schemas import Flow
    from apicontract.schemas.edits import Comparison, Edit, Missing, Step
    from apicontract.sources import Json, Place

# Members that a branch gained or lost are spoken of only where the whole did not have them beside it.
_MEMBER_SIDE = {"property-removed": 1, "property-added": 0, "required-property-added": 0}
_MAX_PAIRS = 5_000


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a message that has a schema.

    at: where; kind: what a witness of it is (`request-body`, `parameter`, …);
    render: how a value there looks on the wire; old, new: where a change shows that stands in no document.
    """

    at: At
    kind: str
    render: Callable[[Json], str]
    old: Place
    new: Place


@dataclass(frozen=True, slots=True)
class _Visit:
    """A pair of schemas on the way from the site: which of its verdicts matter, and how to get there."""

    comparison: Comparison
    narrows: bool
    widens: bool
    path: str
    steps: tuple[Step, ...]
    beside: tuple[frozenset[str], frozenset[str]]


def compare_schemas(site: Site, old: Schema | None, new: Schema | None) -> None:
    """Record every change between the schemas of a site; no schema at all accepts everything."""
    context = site.at.context
    if old is None and new is None:
        return
    if old is not None and new is not None and context.sameness.same_schema(old, new):
        return
    anything = context.comparer.assembly.schema(True)  # noqa: FBT003  # the schema `true`
    one, two = old or anything, new or anything
    flow: Flow = "request" if site.at.from_client else "response"
    whole = context.comparer.compare(one, two, flow)
    pending = [_Visit(whole, narrows=True, widens=True, path="", steps=(), beside=(frozenset(), frozenset()))]
    seen: set[tuple[int, bool, bool]] = set()
    while pending and len(seen) < _MAX_PAIRS:
        visit = pending.pop()
        key = (id(visit.comparison), visit.narrows, visit.widens)
        if key in seen:
            continue
        seen.add(key)
        for edit in visit.comparison.edits:
            side = _MEMBER_SIDE.get(edit.kind)
            if side is None or edit.name not in visit.beside[side]:
                _record(site, (one, two), visit, edit)
        for step in reversed(visit.comparison.steps):
            part = step.part
            below = context.comparer.compare(part.old, part.new, flow)
            pending.append(
                _Visit(
                    below,
                    visit.narrows and step.narrows,
                    visit.widens and step.widens,
                    path_below(visit.path, part.label),
                    (*visit.steps, step),
                    part.beside,
                )
            )


def _record(site: Site, pair: tuple[Schema, Schema], visit: _Visit, edit: Edit) -> None:
    direction = site.at.direction
    narrows = edit.narrows if visit.narrows else None
    widens = edit.widens if visit.widens else None
    breaks, harmless = (narrows, widens) if direction is Direction.REQUEST else (widens, narrows)
    lost = direction in KINDS[edit.kind].loss
    surfaces: tuple[Surface, ...] = ()
    if breaks is not None:
        surfaces = (Surface.WIRE, Surface.BEHAVIOUR) if lost else (Surface.WIRE,)
    elif lost:
        surfaces = (Surface.BEHAVIOUR,)
    level = (
        Level.MAJOR if surfaces else max(KINDS[edit.kind].harmless, Level.MINOR if harmless else Level.PATCH)
    )
    if edit.kind.startswith("default-") and site.at.context.options.strict:
        level, surfaces = Level.MAJOR, (Surface.BEHAVIOUR,)
    assumed = breaks is not None and not isinstance(breaks, NotContained)
    was, now = _said(edit.was), _said(edit.now)
    if was == now:  # the same is said in other places: where is shown by the positions
        was = now = ""
    direct = whole = None
    if isinstance(breaks, NotContained):
        direct = _witness(site, partial(_direct, site, pair, visit, breaks))
        whole = _witness(site, partial(_whole, site, pair))
    context = site.at.context
    context.recorder.add(
        Found(
            f"{direction}-{edit.kind}",
            level,
            _message(site, visit, edit),
            place_of(edit.old.scope, edit.old.pointer) or site.old,
            place_of(edit.new.scope, edit.new.pointer) or site.new,
            kind=edit.kind,
            name=edit.name,
            surfaces=surfaces,
            certainty=Certainty.ASSUMED if assumed else Certainty.PROVED,
            direction=direction,
            was=was,
            now=now,
            allowed=_allowance(context, edit),
            witness=direct,
            fallback=whole,
        ),
        site.at.operation,
    )


def _allowance(context: Context, edit: Edit) -> str:
    """A removed property may go if it was deprecated and its sunset has passed."""
    from apicontract.formats.openapi.model import Node

    place = place_of(edit.old.scope, edit.old.pointer)
    if edit.kind != "property-removed" or place is None or edit.was is MISSING:
        return ""
    return context.allowance(Node(place.document, place.pointer, edit.was))


def _message(site: Site, visit: _Visit, edit: Edit) -> str:
    where = f"`{visit.path}` in {site.at.label}" if visit.path else site.at.label
    phrase = KINDS[edit.kind].phrase.replace("{name}", edit.name)
    return f"{where}: {phrase}"


def _said(value: Json | Missing) -> str:
    return "" if value is MISSING else shown(value)


def _witness(site: Site, make_value: Callable[[], Json | Missing]) -> Callable[[], Witness | None]:
    def make() -> Witness | None:
        value = make_value()
        return None if value is MISSING else Witness(site.kind, value, site.render(value))

    return make


def _direct(site: Site, pair: tuple[Schema, Schema], visit: _Visit, refusal: NotContained) -> Json | Missing:
    """A whole message that shows this very break: the refused value at the end of the path, little else."""
    if not visit.steps:
        return refusal.witness.value
    comparer = site.at.context.comparer
    flow, sender, receiver = _ends(site, pair)
    lifted = lift(comparer.assembly, visit.steps, refusal.witness.value)
    if lifted is not None:
        verdict = comparer.contains(sender, lifted, flow)
        if isinstance(verdict, NotContained) and refused(comparer, verdict.witness.value, receiver, flow):
            return verdict.witness.value
    return MISSING


def _whole(site: Site, pair: tuple[Schema, Schema]) -> Json | Missing:
    """Any message that was fine before, or could not come before."""
    flow, sender, receiver = _ends(site, pair)
    verdict = site.at.context.comparer.contains(sender, receiver, flow)
    return verdict.witness.value if isinstance(verdict, NotContained) else MISSING


def _ends(site: Site, pair: tuple[Schema, Schema]) -> tuple[Flow, Schema, Schema]:
    """The flow, its sender and its receiver."""
    return ("request", *pair) if site.at.from_client else ("response", *pair[::-1])
