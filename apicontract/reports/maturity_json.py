"""Ratings by Richardson's model, for programs; `schemas/maturity-1.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.reports import json as shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.maturity import Evidence, Maturity, Next, Operation


def maturity_json(ratings: Sequence[Maturity]) -> str:
    """The ratings of one run."""
    return shapes.written({"version": shapes.VERSION, "contracts": [_contract(one) for one in ratings]})


def _contract(one: Maturity) -> dict[str, object]:
    return {
        "source": one.source,
        "format": one.format,
        "title": one.title,
        "version": one.version,
        "level": one.level,
        "reason": one.reason or None,
        "navigation_only": one.navigation_only,
        "strict_level": one.strict_level,
        "share": one.share,
        "histogram": {str(level): count for level, count in enumerate(one.histogram)},
        "operations": [_operation(operation) for operation in one.operations],
        "next": _next(one.next) if one.next is not None else None,
    }


def _operation(one: Operation) -> dict[str, object]:
    return {
        "operation": one.title,
        "method": one.method,
        "path": one.path,
        **shapes.spot(one.place),
        "level": one.level,
        "reason": one.reason or None,
        "links": one.answers.value if one.level is not None else None,
        "evidence": [_evidence(each) for each in one.evidence],
    }


def _evidence(one: Evidence) -> dict[str, object]:
    return {
        "criterion": one.criterion,
        "id": one.rule or None,
        "weight": one.weight.value,
        "blocks": one.blocks if one.weight.value == "against" else None,
        **shapes.spot(one.place),
        "message": one.message,
    }


def _next(one: Next) -> dict[str, object]:
    return {
        "level": one.level,
        "operations": one.operations,
        "changes": [
            {
                "criterion": step.criterion,
                "id": step.rule,
                "advice": step.advice,
                "count": len(step.operations),
                "operations": list(step.operations),
            }
            for step in one.steps
        ],
    }
