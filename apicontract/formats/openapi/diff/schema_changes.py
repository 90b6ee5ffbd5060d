"""Edits of schemas as changes of the contract: who sends, who receives, and what that breaks.

A request is judged old in new, a response new in old; the edits come from the schemas room without
direction, and get direction, level, message and witness here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from apicontract.changes import Certainty, Direction, Level, Surface, Witness
from apicontract.formats.openapi.diff.context import At, Context, shown
from apicontract.formats.openapi.diff.inheritance import heirs, tag_properties
from apicontract.formats.openapi.diff.recorder import MAX_OTHERS, Found, key_of
from apicontract.formats.openapi.diff.rules.kinds import KINDS
from apicontract.formats.openapi.scopes import is_written, place_of
from apicontract.records import dataclass
from apicontract.schemas import NotContained, Schema
from apicontract.schemas.edits import MISSING
from apicontract.schemas.edits.explain import lift, path_below, refused
from apicontract.schemas.translation.leniency import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.formats.openapi.diff.visits import Met
    from apicontract.schemas import Flow
    from apicontract.schemas.edits import Comparer, Comparison, Edit, Missing, Step
    from apicontract.sources import Json, Place

# Members that a branch gained or lost are spoken of only where the whole did not have them beside it.
_MEMBER_SIDE = {"property-removed": 1, "property-added": 0, "required-property-added": 0}
# Pairs looked at from one message. Of schemas as they are written there are only so many; those that are put
# together of parts can lead to ever further ones.
_MAX_PAIRS, _MAX_ASSEMBLED = 20_000, 5_000
_FURTHER_NAMES = frozenset({"property-added", "required-property-added"})
# What a list that is said to be extensible must not do where it counts as closed.
_GROWS = {"request": "extensible-enum-value-removed", "response": "extensible-enum-value-added"}
_VALUES = frozenset({"enum-value-added", "enum-value-removed"})  # worth a minor also where nothing breaks


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
    """A pair of schemas on the way from the site: which of its verdicts matter, and how to get there.

    whole: the schemas of the message to which `steps` lead from the top; None within an heir of a part,
    of which no whole message is made. above: the pair from which it was come to.
    """

    comparison: Comparison
    pair: tuple[Schema, Schema]
    whole: tuple[Schema, Schema] | None
    above: Met | None = None
    narrows: bool = True
    widens: bool = True
    path: str = ""
    steps: tuple[Step, ...] = ()
    beside: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def compare_schemas(site: Site, old: Schema | None, new: Schema | None) -> None:
    """Record every change between the schemas of a site; no schema at all accepts everything."""
    context = site.at.context
    if old is None and new is None:
        return
    if old is not None and new is not None and context.sameness.same_schema(old, new):
        return
    anything = context.comparer.assembly.schema(True)  # noqa: FBT003  # the schema `true`
    pair = old or anything, new or anything
    flow = _flow(site)
    pending = [_Visit(context.comparer.compare(*pair, flow), pair, pair)]
    seen: set[tuple[int, bool, bool]] = set()
    looked_at: list[Met] = []
    assembled = 0
    while pending and len(seen) < _MAX_PAIRS and assembled < _MAX_ASSEMBLED:
        visit = pending.pop()
        met = _met(site, visit)
        key = (id(visit.comparison), visit.narrows, visit.widens)
        if key in seen:
            continue
        seen.add(key)
        if met.visits > MAX_OTHERS and not met.apart:  # there are enough messages in which it may be shown
            context.recorder.reach_below(met.number, site.at.operation)
            continue
        met.visits += 1
        assembled += not all(is_written(schema.scope) for schema in visit.pair)
        looked_at.append(met)
        pending += _look_at(site, visit, met)
    for met in looked_at if pending else ():  # what the limit cut off was not looked at from these
        met.visits -= 1


def _met(site: Site, visit: _Visit) -> Met:
    """What is known of the pair as it is read here."""
    reading = (id(visit.comparison), visit.narrows, visit.widens, visit.beside, site.at.direction)
    return site.at.context.visits.at(reading, visit.above)


def _look_at(site: Site, visit: _Visit, met: Met) -> Iterator[_Visit]:
    """Record the changes written in a pair itself; gives the pairs below, the first one last."""
    for edit in visit.comparison.edits:
        side = _MEMBER_SIDE.get(edit.kind)
        if side is None or edit.name not in visit.beside[side]:
            _note(met, site, _record(site, visit, edit))
    yield from _heirs(site, visit, met)
    comparer = site.at.context.comparer
    for step in reversed(visit.comparison.steps):
        part = step.part
        yield replace(
            visit,
            comparison=comparer.compare(part.old, part.new, _flow(site)),
            pair=(part.old, part.new),
            above=met,
            narrows=visit.narrows and step.narrows,
            widens=visit.widens and step.widens,
            path=path_below(visit.path, part.label),
            steps=(*visit.steps, step),
            beside=part.beside,
        )


def _note(met: Met, site: Site, found: Found) -> None:
    """Keep what was found at a pair; what stands in no document is another change at every site."""
    met.changes[key_of(found)] = None
    if found.old is site.old or found.new is site.new:
        met.keep_apart()


def _flow(site: Site) -> Flow:
    return "request" if site.at.from_client else "response"


def _heirs(site: Site, visit: _Visit, met: Met) -> Iterator[_Visit]:
    """The pairs of schemas for which a pair stands by its discriminator; heirs that came or went."""
    old, new = (heirs(schema) for schema in visit.pair)
    comparer = site.at.context.comparer
    for tag in old.keys() & new.keys():
        pair = old[tag], new[tag]
        if not site.at.context.sameness.same_schema(*pair):
            whole = (
                None if visit.steps else (_tagged(comparer, pair[0], tag), _tagged(comparer, pair[1], tag))
            )
            yield _Visit(comparer.compare(*pair, _flow(site)), pair, whole, met, path=visit.path)
    if not old or not new:
        return
    label = f"`{visit.path}` in {site.at.label}" if visit.path else site.at.label
    for tag in old.keys() ^ new.keys():
        gone = tag in old
        lost = gone and site.at.from_client
        places = [
            place_of(one.scope, one.pointer)
            for one in (old.get(tag, visit.pair[0]), new.get(tag, visit.pair[1]))
        ]
        found = site.at.report(
            f"{site.at.direction}-alternative-{'removed' if gone else 'added'}",
            Level.MAJOR if lost else Level.MINOR,
            f"{label}: `{tag}` {'is no kind of it any more' if gone else 'is a further kind of it'}",
            places[0] or site.old,
            places[1] or site.new,
            name=tag,
            surfaces=(Surface.BEHAVIOUR,) if lost else (),
        )
        _note(met, site, found)


def _tagged(comparer: Comparer, heir: Schema, tag: str) -> Schema:
    """The heir's messages as they are sent: with the tag that says so."""
    named: Json = {"properties": {name: {"const": tag} for name in tag_properties(heir)}}
    return comparer.assembly.all_of((heir, comparer.assembly.schema(named)))


def _record(site: Site, visit: _Visit, edit: Edit) -> Found:
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
    level, surfaces, setting = _by_options(site.at, edit, level, surfaces)
    assumed = breaks is not None and not isinstance(breaks, NotContained)
    was, now = _said(edit.was), _said(edit.now)
    if was == now:  # the same is said in other places: where is shown by the positions
        was = now = ""
    direct = whole = None
    if isinstance(breaks, NotContained) and visit.whole is not None:
        direct = _witness(site, partial(_direct, site, visit.whole, visit, breaks))
        whole = _witness(site, partial(_whole, site, visit.whole))
    context = site.at.context
    found = Found(
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
        setting=setting,
        values=tuple(None if value is MISSING else value for value in (edit.was, edit.now)),
        witness=direct,
        fallback=whole,
    )
    context.recorder.add(found, site.at.operation)
    return found


def _by_options(
    at: At, edit: Edit, level: Level, surfaces: tuple[Surface, ...]
) -> tuple[Level, tuple[Surface, ...], str]:
    """What the options make of an edit that containment alone does not judge as they do, and which does."""
    options = at.context.options
    if edit.kind.startswith("default-") and options.strict:
        return Level.MAJOR, (Surface.BEHAVIOUR,), "doubtful"
    grown = options.open_enums == "none" and edit.kind == _GROWS[str(at.direction)]
    refused = not at.from_client and options.unknown_properties == "refused" and edit.kind in _FURTHER_NAMES
    if (grown or refused) and Surface.WIRE not in surfaces:
        setting = "open-enums" if grown else "unknown-properties"
        return Level.MAJOR, (Surface.WIRE, *surfaces), "" if level is Level.MAJOR else setting
    opened = not at.from_client and edit.kind in _VALUES and _in_open_list(edit, options.open_enums)
    return (max(level, Level.MINOR) if opened else level), surfaces, ""


def _in_open_list(edit: Edit, open_enums: str) -> bool:
    """Whether a value came to, or went from, a list that holds more than it names."""
    place = place_of(edit.old.scope, edit.old.pointer)
    if open_enums != "marked" or place is None:
        return open_enums == "all"
    try:
        schema = place.document.at(place.pointer.rpartition("/")[0])
    except KeyError:
        return False
    return isinstance(schema, dict) and schema.get(MARK, False) is not False


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
    comparer = site.at.context.comparer
    flow, sender, receiver = _ends(site, pair)
    if not visit.steps:  # the value may be one of a single branch that the whole does not allow
        value = refusal.witness.value
        shows = refused(comparer, value, receiver, flow) and not refused(comparer, value, sender, flow)
        return value if shows else MISSING
    if sum(step.part.label[0] != "branch" for step in visit.steps) > comparer.session.depth:
        return MISSING  # no question about a value so deep is ever answered
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
    return (_flow(site), *pair) if site.at.from_client else (_flow(site), *pair[::-1])
