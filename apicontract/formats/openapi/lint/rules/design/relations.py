"""How things relate: what a client must ask for one by one, and what one update hides (Richardson's cautions)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node

_SEVERAL = 2


def _only_ids(node: Node, facts: Facts) -> Iterator[Problem]:
    """A thing that names others by their ids only, though each of them must be fetched by a call of its own."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method != "get" or not addresses.collection(endpoint.path):
        return
    asked = {snake(str(parameter.fields.get("name"))) for parameter in endpoint.parameters}
    if asked & facts.settings.embedding_parameters:
        return
    own = snake(addresses.resources(endpoint.path)[-2]) if len(addresses.resources(endpoint.path)) > 1 else ""
    things = facts.things - {own}
    for status, response in endpoint.successes().items():
        for _, schema in facts.bodies(response):
            properties = {snake(name) for name in facts.properties(schema)}
            related = sorted(name for name in properties if _related(name, things, properties))
            if len(related) >= _SEVERAL:
                named = ", ".join(f"`{name}`" for name in related[:4])
                at = node.place("responses", status)
                yield Problem(
                    at, f"{endpoint.title} names others only by id ({named}): one more call for each"
                )
                return


def _related(name: str, things: frozenset[str], beside: set[str]) -> bool:
    """Whether a property is the id of a thing with its own path that is not embedded beside it."""
    head, _, tail = name.rpartition("_")
    if tail not in {"id", "ids"} or not head or head in beside or f"{head}s" in beside:
        return False
    last = head.rpartition("_")[2]
    singular = (head, last)
    plurals = {form for one in singular for form in (one, f"{one}s", f"{one}es", f"{one[:-1]}ies")}
    return bool(plurals & things)


def _hidden_transitions(node: Node, facts: Facts) -> Iterator[Problem]:
    """An update of a whole thing that also moves it from state to state, with no operation for the moves."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is None or endpoint.method not in {"put", "patch"} or not addresses.collection(endpoint.path):
        return
    below = addresses.shape(endpoint.path)
    if facts.methods_below.get(below, set()) & {"post", "put"}:
        return
    for _, schema in facts.bodies(endpoint.body):
        for name, held in facts.properties(schema).items():
            states = held.followed().fields.get("enum")
            if (
                snake(name) in facts.settings.status_names
                and isinstance(states, list)
                and len(states) >= _SEVERAL
            ):
                listed = ", ".join(map(str, states[:4]))
                yield Problem(node.place(), f"every move between {listed} is one {endpoint.title}")
                return


_GET_ORDER = """
paths:
  /orders/{{id}}:
    get:
      parameters:
      - {{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}
      {more}responses:
        "200":
          description: The order
          content:
            application/json:
              schema: {{type: object, properties: {{customerId: {uuid}, addressId: {uuid}}}}}
  /customers/{{id}}: {other}
  /addresses/{{id}}: {other}
"""
_OTHER = (
    "{get: {parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}], "
    'responses: {"204": {description: Nothing}}}}'
)
_UUID = "{type: string, format: uuid}"
_EXPAND = "- {name: expand, in: query, schema: {type: string, enum: [customer, address]}}\n      "
_PATCH_ORDER = """
paths:
  /orders/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}]
    patch:
      requestBody:
        content:
          application/merge-patch+json:
            schema: {{type: object, properties: {{{states}paid: {{type: boolean}}}}}}
      responses: {{"204": {{description: Done}}}}
  /orders/{{id}}:cancel:
    parameters: [{{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}]
    {method}: {{responses: {{"204": {{description: Done}}}}}}
"""

RULES = (
    LintRule(
        FindingRule(
            "relations-only-by-id",
            "A thing names others by id, and they must be fetched one by one.",
            Severity.INFO,
            "A page that shows an order with its customer and address needs three calls, and a list of them a "
            "hundred.",
            "Offer `expand` or `include`, embed what is nearly always needed, or let several ids be asked for at "
            "once.",
            described(_GET_ORDER.format(more="", uuid=_UUID, other=_OTHER)),
            described(_GET_ORDER.format(more=_EXPAND, uuid=_UUID, other=_OTHER)),
            category="design",
            tier=Tier.ALL,
            references=("zalando:157", "zalando:158"),
        ),
        ("operation",),
        _only_ids,
    ),
    LintRule(
        FindingRule(
            "transitions-hidden-in-update",
            "An update also moves the thing from state to state.",
            Severity.INFO,
            "The business operation is only a changed field: who may do it, what it costs and what goes wrong "
            "cannot be described, and a client cannot learn which moves are possible now.",
            "Give the moves operations of their own: `POST /orders/{id}:cancel`, or a sub-resource such as "
            "`/orders/{id}/cancellation`.",
            described(
                _PATCH_ORDER.format(
                    states="status: {type: string, enum: [OPEN, CANCELLED]}, ", method="delete"
                )
            ),
            described(
                _PATCH_ORDER.format(states="status: {type: string, enum: [OPEN, CANCELLED]}, ", method="post")
            ),
            category="design",
            tier=Tier.ALL,
            references=("aip:136", "aip:216"),
        ),
        ("operation",),
        _hidden_transitions,
    ),
)
