"""Calls that take long, or wait for other services: what happens when those are slow or gone.

`x-apicontract-calls` on an operation lists what it calls before it answers:
`[{operation: payments#charge, timeout: 2s, fallback: queue the charge}]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import words
from apicontract.formats.openapi.validate.rules.documents import operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_CALLS = "x-apicontract-calls"


def _unguarded(node: Node, _: Facts) -> Iterator[Problem]:
    """A call to another service that nothing ends in time, and nothing replaces."""
    calls = node.fields.get(_CALLS)
    responses = node.only("responses")
    deferred = responses is not None and "202" in responses.fields
    for at, call in enumerate(calls if isinstance(calls, list) else ()):
        fields = call if isinstance(call, dict) else {"operation": call}
        name = fields.get("operation")
        lacking = [field for field in ("timeout", "fallback") if not fields.get(field)]
        if "timeout" in lacking or (lacking and not deferred):
            absent = " and no ".join(lacking)
            yield Problem(
                node.place(_CALLS, at), f"the call to {name} has no {absent}: it waits, and fails, with it"
            )


def _lengthy(node: Node, facts: Facts) -> Iterator[Problem]:
    """Work that takes long by its name, and that the client must wait for."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method != "post" or "202" in endpoint.responses:
        return
    parts = addresses.segments(endpoint.path)
    last = (addresses.custom_method(endpoint.path) or parts[-1]) if parts else ""
    if words(last) and words(last)[0] in facts.settings.lengthy_words:
        yield Problem(node.place("responses"), f"a client of {endpoint.title} waits until all of it is done")


def _batch(node: Node, facts: Facts) -> Iterator[Problem]:
    """Several things changed by one call, and no word on what happens when some of them fail."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method == "get":
        return
    parts = addresses.segments(endpoint.path)
    last = (addresses.custom_method(endpoint.path) or parts[-1]) if parts else ""
    if set(words(last)) & {"batch", "bulk"} and not {"207", "202"} & endpoint.responses.keys():
        yield Problem(
            node.place("responses"), f"nothing says what {endpoint.title} answers when some of it fails"
        )


def _calling(call: str) -> str:
    return operated(f"{_CALLS}: [{call}]")


_ANSWERS = 'responses: {{"204": {{description: Done}}{}}}'

RULES = (
    LintRule(
        FindingRule(
            "call-unguarded",
            "An operation waits for another service, with no end and no way out.",
            Severity.WARNING,
            "It is up only when all that it calls is up, and as slow as the slowest of them.",
            "Give each call a `timeout` and a `fallback`, or answer 202 and do the work later.",
            _calling("{operation: payments#charge}"),
            _calling("{operation: payments#charge, timeout: 2s, fallback: the order stays open}"),
            category="resilience",
        ),
        ("operation",),
        _unguarded,
        having=(_CALLS,),
    ),
    LintRule(
        FindingRule(
            "lengthy-work-synchronous",
            "A client must wait for work that takes long.",
            Severity.INFO,
            "Proxies give up after half a minute; the client repeats the call, and the work is done twice.",
            "Answer 202 with the address of a job, and let the client ask it.",
            operated(_ANSWERS.format(""), path="/orders:export"),
            operated(_ANSWERS.format(", '202': {description: Begun}"), path="/orders:export"),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:253", "aip:151", "rfc:9110#15.3.3"),
        ),
        ("operation",),
        _lengthy,
    ),
    LintRule(
        FindingRule(
            "batch-without-parts",
            "Nothing says what is answered when a part of a batch fails.",
            Severity.INFO,
            "Clients repeat the whole batch, or believe that all of it is done.",
            "Answer 207 with a status for each part, or 202 with the address of a job.",
            operated(_ANSWERS.format(""), path="/orders/batch"),
            operated(_ANSWERS.format(", '207': {description: One status for each}"), path="/orders/batch"),
            category="resilience",
            tier=Tier.ALL,
            references=("zalando:152", "rfc:4918#11.1"),
        ),
        ("operation",),
        _batch,
    ),
)
