"""The rules about schemas: one for requests and one for responses from each row of `kinds.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Example, Level, Rule, Surface
from apicontract.formats.openapi.diff.rules.documents import request_body, response_body
from apicontract.formats.openapi.diff.rules.kinds import BOTH, KINDS, NARROWS, WIDENS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHY = {
    (
        Direction.REQUEST,
        True,
    ): "A request that was valid under the old contract can be refused under the new one.",
    (Direction.REQUEST, False): "Every request that was valid still is.",
    (
        Direction.RESPONSE,
        True,
    ): "The server may now send what a client of the old contract was promised never to get.",
    (Direction.RESPONSE, False): "Everything the server may send now, it might have sent before.",
}
_LOSS = {
    Direction.REQUEST: "Clients still send it and are no longer heard: nothing is refused, and nothing happens.",
    Direction.RESPONSE: "Clients that read it find nothing any more, although what they get is still valid.",
}
_ADVICE = {
    (
        Direction.REQUEST,
        True,
    ): "Go on accepting what was accepted, or make the change under a new major version.",
    (
        Direction.RESPONSE,
        True,
    ): "Go on sending only what was promised, or make the change under a new major version.",
}
_LOSS_ADVICE = (
    "Deprecate it first, with an `x-sunset` date, and remove it after that date or with a new major version."
)
_SAFE = "Nothing to do."


def schema_rules() -> Iterator[Rule]:
    """Every rule about schemas, requests first."""
    for direction in (Direction.REQUEST, Direction.RESPONSE):
        for name, kind in KINDS.items():
            yield _rule(direction, name, kind)


def _rule(direction: Direction, name: str, kind: Kind) -> Rule:
    breaking = kind.effect in (BOTH, NARROWS if direction is Direction.REQUEST else WIDENS)
    lost = direction in kind.loss
    surfaces: tuple[Surface, ...] = ()
    if breaking or lost:
        level, surfaces = Level.MAJOR, (Surface.WIRE if breaking else Surface.BEHAVIOUR,)
    else:
        level = max(kind.harmless, Level.MINOR if kind.effect in (NARROWS, WIDENS) else Level.PATCH)
    phrase = kind.phrase.replace("`{name}`", "a value" if name.startswith(("enum", "ext")) else "…").replace(
        "{name}", "…"
    )
    wrap = request_body if direction is Direction.REQUEST else response_body
    return Rule(
        f"{direction}-{name}",
        f"In a {direction}: {phrase}.",
        _LOSS[direction] if lost and not breaking else _WHY[direction, breaking],
        _LOSS_ADVICE if lost else _ADVICE.get((direction, breaking), _SAFE),
        level,
        surfaces,
        direction,
        Example(wrap(_as_property(kind.old)), wrap(_as_property(kind.new))),
    )


def _as_property(schema: str) -> str:
    """Object schemas are the body; anything else is one property of it."""
    if "type: object" in schema or "$ref" in schema or schema == "false":
        return schema
    return f"{{type: object, properties: {{a: {schema}}}}}"
