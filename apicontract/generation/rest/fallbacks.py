"""Whether what a contract lays down as a fallback is what the operation answers, so that it can stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.generation.declared import EXTENSION, mistaken
from apicontract.generation.rest.exact import Definitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.formats.openapi.model import Node, Operation
    from apicontract.generation.rest.plan import AnswerPlan
    from apicontract.sources import Json


def check_fallback(
    nodes: Sequence[Node | None], operation: Operation, answers: tuple[AnswerPlan, ...]
) -> None:
    """ContractError, at the default, if it is none of the operation's results.

    nodes: those that may declare a policy, the outermost first.
    """
    found = _default(nodes)
    results = [one for one in answers if not one.error and one.kind == "json"]
    if found is None or not results:
        return
    node, value = found
    reasons = [_reason(operation, one, value) for one in results]
    if all(reasons):
        raise mistaken(
            node, ("fallback", "default"), f"{operation.title} does not answer like this: {reasons[0]}"
        )


def _default(nodes: Sequence[Node | None]) -> tuple[Node, Json] | None:
    """The default that holds: that of the innermost object which declares a fallback."""
    for node in reversed(nodes):
        declared = node.fields.get(EXTENSION) if node is not None else None
        fallback = declared.get("fallback") if isinstance(declared, dict) else None
        if node is not None and fallback is not None:
            return (
                (node, fallback["default"]) if isinstance(fallback, dict) and "default" in fallback else None
            )
    return None


def _reason(operation: Operation, answer: AnswerPlan, value: Json) -> str:
    """Why a value is not of an answer's schema; empty if it is."""
    import jsonschema_rs

    content = operation.responses[answer.status].content
    media = content.get(answer.media) or next(iter(content.values()))
    if media.schema is None:
        return ""
    definitions = Definitions("out")
    schema = definitions.written(media.schema)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:apicontract:out",
        "$defs": definitions.finish(),
        "allOf": [schema],
    }
    try:
        error = next(iter(jsonschema_rs.validator_for(whole).iter_errors(value)), None)
    except ValueError:  # what is wrong with the schema itself, `validate` says
        return ""
    if error is None:
        return ""
    where = "/".join(str(step) for step in error.instance_path)
    return f"{where}: {error.message[:200]}" if where else error.message[:200]
