"""Why one schema is not contained in another: the edits to blame, each with a value that shows it.

Follows a comparison down to the parts that fail by themselves. A value that shows a part's failure is
lifted to a value of the whole where a schema can say so. Knows no message and no level.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.schemas.edits.compare import Comparer, Comparison, Step
from apicontract.schemas.handles import unescape
from apicontract.schemas.verdicts import Contained, NotContained, Unknown

if TYPE_CHECKING:
    from apicontract.schemas.edits.assembly import Assembly
    from apicontract.schemas.edits.edit import Edit, Spot
    from apicontract.schemas.handles import Flow, Json, Schema
    from apicontract.schemas.session import Session

_MAX_PAIRS = 2_000


@dataclass(frozen=True, slots=True)
class Cause:
    """One edit from the sender's schema to the receiver's that alone makes the receiver refuse something.

    kind, name: what happened, as in `Edit`. sub, sup: pointers to where it stands on either side.
    verdict: a refutation whose witness is a value of the whole schema, or of the part at `path` if `lifted`
    is false; Unknown if this edit could not be judged. path: the way to the part, by property, `[]`, `{}`.
    """

    kind: str
    name: str
    path: str
    sub: str
    sup: str
    verdict: NotContained | Unknown
    lifted: bool


def causes(sessions: tuple[Session, Session], sub: Schema, sup: Schema, flow: Flow) -> tuple[Cause, ...]:
    """The causes in the order of `sup`'s document; empty if contained.

    sessions: the one that decides, and a literal one that tells a rewriting from a loss.
    """
    whole = sessions[0].contains(sub, sup, flow=flow)
    if isinstance(whole, Contained):
        return ()
    comparer = Comparer(*sessions, lambda _one, _other: False)
    found: dict[tuple[str, str, str, str], tuple[tuple[int, ...], Cause]] = {}
    waiting: list[tuple[Comparison, str, tuple[Step, ...]]] = [(comparer.compare(sub, sup, flow), "", ())]
    seen: set[int] = set()
    while waiting and len(seen) < _MAX_PAIRS:
        comparison, path, steps = waiting.pop()
        if id(comparison) in seen:
            continue
        seen.add(id(comparison))
        for edit in comparison.edits:
            if edit.narrows is not None:
                key = (edit.kind, edit.name, edit.old.pointer, edit.new.pointer)
                if key not in found:
                    cause = _cause(comparer, (sub, sup), flow, edit, path, steps)
                    found[key] = _position(edit.new), cause
        for step in reversed(comparison.steps):
            if step.narrows:
                below = comparer.compare(step.part.old, step.part.new, flow)
                waiting.append((below, path_below(path, step.part.label), (*steps, step)))
    if not found:
        return (Cause("schema-changed", "", "", sub.pointer, sup.pointer, whole, lifted=True),)
    return tuple(cause for _, cause in sorted(found.values(), key=itemgetter(0)))


def _position(spot: Spot) -> tuple[int, ...]:
    """Where a spot stands in its document, level by level; nothing if that cannot be told."""
    try:
        _, root, value = spot.scope.resolve("#", spot.pointer)
    except LookupError:
        return ()
    numbers: list[int] = []
    for token in spot.pointer.removeprefix(root).split("/")[1:]:
        name = unescape(token)
        if isinstance(value, dict) and name in value:
            numbers.append(list(value).index(name))
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            numbers.append(int(name))
            value = value[int(name)]
        else:
            break
    return tuple(numbers)


def _cause(
    comparer: Comparer,
    pair: tuple[Schema, Schema],
    flow: Flow,
    edit: Edit,
    path: str,
    steps: tuple[Step, ...],
) -> Cause:
    verdict = edit.narrows
    assert verdict is not None  # noqa: S101 - narrows the type: the caller has just looked
    lifted = False
    if isinstance(verdict, NotContained) and not steps:  # it may be a value of one branch only
        value = verdict.witness.value
        lifted = refused(comparer, value, pair[1], flow) and not refused(comparer, value, pair[0], flow)
    elif isinstance(verdict, NotContained):
        whole = lift(comparer.assembly, steps, verdict.witness.value)
        if whole is not None:
            found = comparer.contains(pair[0], whole, flow)
            if isinstance(found, NotContained) and refused(comparer, found.witness.value, pair[1], flow):
                verdict, lifted = found, True
    return Cause(edit.kind, edit.name, path, edit.old.pointer, edit.new.pointer, verdict, lifted)


def lift(assembly: Assembly, steps: tuple[Step, ...], value: Json) -> Schema | None:
    """The schema of all values but those with `value` at the end of the steps; None if none can say that."""
    inner: Json = {"not": {"const": value}}
    for step in reversed(steps):
        if step.part.wrap is None:
            return None
        inner = step.part.wrap(inner)
    return assembly.schema(inner)


def refused(comparer: Comparer, value: Json, receiver: Schema, flow: Flow) -> bool:
    """Whether the receiver does not accept the value."""
    verdict = comparer.contains(comparer.assembly.schema({"const": value}), receiver, flow)
    return not isinstance(verdict, Contained)


def path_below(path: str, label: tuple[str, ...]) -> str:
    """How a reader would name a part: `items[].price`; branches have no name of their own."""
    kind = label[0]
    if kind == "properties":
        return f"{path}.{label[1]}" if path else label[1]
    if kind == "items":
        return f"{path}[]"
    if kind == "prefixItems":
        return f"{path}[{label[1]}]"
    if kind == "additionalProperties":
        return f"{path}{{}}"
    return f"{path}{{{label[1]}}}" if kind == "patternProperties" else path
