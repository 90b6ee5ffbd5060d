"""Which rule of lint keeps an operation from which level; what is not here is worth knowing, and no more.

The criteria are those of Richardson's model (retold by Martin Fowler, and in Chris Richardson's
Microservices Patterns, chapter 3), as docs/maturity.md words them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.maturity.model import HYPERMEDIA, RESOURCES, VERBS

if TYPE_CHECKING:
    from apicontract.findings import FindingRule

BLOCKS = {
    "path-names-nothing": RESOURCES,
    "path-segment-is-verb": RESOURCES,
    "request-is-tunnel": RESOURCES,
    "action-in-body": VERBS,
    "custom-method-unsound": VERBS,
    "safe-method-with-body": VERBS,
    "read-without-content": VERBS,
    "put-without-identity": VERBS,
    "put-without-body": VERBS,
    "patch-without-body": VERBS,
    "delete-status-unusual": VERBS,
    "creation-untold": VERBS,
    "read-by-post": VERBS,
    "change-by-post": VERBS,
    "client-errors-nowhere": VERBS,
    "success-hides-failure": VERBS,
    "answer-without-links": HYPERMEDIA,
}


def of_rule(rule: FindingRule) -> str:
    """The criterion that a rule of category `maturity` is about: `V6`."""
    return next(one for one in rule.references if one.startswith("richardson:")).partition(":")[2]
