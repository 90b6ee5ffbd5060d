"""Responses: status keys matched by meaning, then their bodies, headers and links.

`404`, `4XX` and `default` are sets of statuses, and the most specific key of the receiver answers for
each key of the sender (OAS 3.1.0, 4.8.16).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi import media_types
from apicontract.formats.openapi.diff.contents import compare_content
from apicontract.formats.openapi.diff.headers import compare_headers
from apicontract.formats.openapi.diff.prose import compare_prose

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Node, Response
    from apicontract.sources import Json

    _Responses = dict[str, Response]


def compare_responses(
    at: At, operations: tuple[Node, Node], responses: tuple[_Responses, _Responses]
) -> None:
    """Compare all responses, by status, of two operations; `at` flows the way the responses do."""
    before, after = responses
    for status, response in after.items():
        if status not in before:
            _added(at, status, response, before, operations[0])
    for status, response in before.items():
        if status not in after:
            _removed(at, status, response, after, operations[1])
    for status in after | before:
        pair = [media_types.closest_status(list(side), status) for side in (before, after)]
        if pair[0] is not None and pair[1] is not None:
            _both(at.labelled(_label(status)), before[pair[0]], after[pair[1]])


def _label(status: str) -> str:
    return "the default response" if status == "default" else f"the {status} response"


def _added(at: At, status: str, response: Response, known: _Responses, old: Node) -> None:
    """A status that the receiver did not know; a whole range of successes it cannot have been ready for."""
    covered = media_types.closest_status(list(known), status) is not None
    opened = not covered and status == "2XX" and any(map(media_types.is_success, known))
    strict = at.context.options.strict and not covered
    breaks = not at.from_client and (opened or strict)
    if covered:
        return
    at.report(
        f"{at.direction}-status-{'range-opened' if opened else 'added'}",
        Level.MAJOR if breaks else Level.MINOR,
        f"{_label(status)} was added",
        old.spot("responses"),
        response.node,
        name=status,
        surfaces=(Surface.WIRE,) if breaks else (),
    )


def _removed(at: At, status: str, response: Response, left: _Responses, new: Node) -> None:
    """A success that can no longer come is lost to the client; of errors there may be fewer."""
    if media_types.closest_status(list(left), status) is not None:
        return
    within = any(media_types.status_covers(status, other) for other in left)
    success = media_types.is_success(status)
    breaks = not within and (success or at.from_client)
    at.report(
        f"{at.direction}-{'success-' if success else ''}status-removed",
        Level.MAJOR if breaks else Level.MINOR,
        f"{_label(status)} is gone",
        response.node,
        new.spot("responses"),
        name=status,
        surfaces=((Surface.WIRE,) if at.from_client else (Surface.BEHAVIOUR,)) if breaks else (),
    )


def _both(at: At, old: Response, new: Response) -> None:
    if at.context.sameness.same(old.node.value, new.node.value) and old.content.keys() == new.content.keys():
        return
    status = f"{new.status} with the body" if new.status != "default" else "a response with the body"
    if old.content and not new.content and not at.from_client:
        at.report(
            f"{at.direction}-body-removed",
            Level.MAJOR,
            f"{at.label}: it has no body any more",
            old.node,
            new.node,
            surfaces=(Surface.BEHAVIOUR,),
        )
    elif new.content and not old.content:
        at.report(
            f"{at.direction}-body-added", Level.MINOR, f"{at.label}: it has a body now", old.node, new.node
        )
    else:
        compare_content(at, f"{at.direction}-body", old.content, new.content, (old.node, new.node), status)
    compare_headers(at, old.headers, new.headers, (old.node, new.node))
    _links(at, old, new)
    compare_prose(
        at, "response-documentation-changed", old.node, new.node, ("description", "summary", "examples")
    )


def _links(at: At, old: Response, new: Response) -> None:
    for name in old.links | new.links:
        before, after = old.links.get(name), new.links.get(name)
        if before and after and at.context.sameness.same(before.value, after.value):
            continue
        if before and after and _without_prose(before) == _without_prose(after):
            compare_prose(at, "response-documentation-changed", before, after, ("description",))
            continue
        verb = "added" if before is None else "removed" if after is None else "changed"
        at.report(
            f"link-{verb}",
            Level.MINOR,
            f"{at.label}: link `{name}` was {verb}",
            before or old.node,
            after or new.node,
            name=name,
            direction=Direction.NONE,
        )


def _without_prose(link: Node) -> dict[str, Json]:
    return {key: value for key, value in link.fields.items() if key != "description"}
