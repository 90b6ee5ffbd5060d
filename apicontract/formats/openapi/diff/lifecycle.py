"""The life of an element: deprecation, sunset, stability; the same for operations, parameters, headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.promises import STABILITY

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Node


def compare_deprecation(at: At, old: Node, new: Node) -> None:
    """`deprecated` and `x-sunset`; a sunset that moves is told, whether it may is policy."""
    was, now = (node.fields.get("deprecated") is True for node in (old, new))
    if was != now:
        rule, verb = ("deprecated", "deprecated") if now else ("reactivated", "not deprecated any more")
        at.report(
            rule,
            Level.MINOR,
            f"{at.label}: it is {verb}",
            old.spot("deprecated"),
            new.spot("deprecated"),
            direction=Direction.NONE,
        )
    before, after = (node.fields.get("x-sunset") for node in (old, new))
    if before != after:
        at.report(
            "sunset-changed",
            Level.MINOR,
            f"{at.label}: its sunset changed",
            old.spot("x-sunset"),
            new.spot("x-sunset"),
            was=before,
            now=after,
            direction=Direction.NONE,
        )


def compare_stability(at: At, old: Node, new: Node) -> None:
    """`x-stability-level`; without one an element is stable. A level that falls takes back a promise."""
    ranks = [_rank(node) for node in (old, new)]
    if ranks[0] == ranks[1]:
        return
    falls = ranks[1] < ranks[0]
    at.report(
        "stability-decreased" if falls else "stability-increased",
        Level.MAJOR if falls else Level.MINOR,
        f"{at.label}: its stability level changed",
        old.spot("x-stability-level"),
        new.spot("x-stability-level"),
        surfaces=(Surface.BEHAVIOUR,) if falls else (),
        was=STABILITY[ranks[0]],
        now=STABILITY[ranks[1]],
        direction=Direction.NONE,
    )


def _rank(node: Node) -> int:
    level = node.fields.get("x-stability-level")
    return STABILITY.index(level) if isinstance(level, str) and level in STABILITY else len(STABILITY) - 1
