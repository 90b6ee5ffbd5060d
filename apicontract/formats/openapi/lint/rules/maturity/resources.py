"""Level 1 of Richardson's model: each thing has an address of its own, and the address is no action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint import resources as paths
from apicontract.formats.openapi.lint.lint_rule import Problem
from apicontract.formats.openapi.lint.rules.maturity.rule import criterion
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

_ARGUMENTS = frozenset({"args", "arguments", "data", "params", "parameters", "payload"})
_PATCH_DOCUMENTS = ("json-patch", "scim")


def _names_nothing(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if paths.names_nothing(endpoint.path, facts.settings):
        yield Problem(endpoint.node.place(), f"{endpoint.title} names no thing that it is about")


def _action(endpoint: Endpoint, facts: Facts) -> paths.Action | None:
    shape = addresses.shape(endpoint.path)
    methods = facts.by_path.get(shape, {})
    return paths.action_in(endpoint.path, methods, facts.methods_below.get(shape, set()), facts.settings)


def _verb(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = facts.about(_action, endpoint)
    if found is not None and not found.late:
        text = f"{endpoint.title} names an action, not a thing: `{found.segment}` is what a method should say"
        yield Problem(endpoint.node.place(), text)


def _late(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = facts.about(_action, endpoint)
    if found is not None and found.late:
        head = endpoint.path.rpartition("/")[0]
        text = f"{endpoint.title} ends in an action: `{found.segment}`"
        advice = f"Write `{head}:{found.segment}` (AIP-136), or make the outcome a thing below `{head}`."
        yield Problem(endpoint.node.place(), text, advice)


def _custom(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    fault = paths.custom_method_fault(endpoint.path, facts.settings)
    if fault:
        yield Problem(endpoint.node.place(), f"the custom method of {endpoint.title} {fault}")


def picker(endpoint: Endpoint, facts: Facts) -> tuple[Node, str, bool] | None:
    """R3: the property or parameter that picks what happens, how to call it, and whether it is a tunnel.

    It is none (but an action that a POST names, level 1) where the path names the thing that is acted on,
    and the values are verbs for it.
    """
    if endpoint.method in {"delete", "head"}:
        return None
    nameless = paths.names_nothing(endpoint.path, facts.settings)
    for node, name, where, beside, listed in _inputs(endpoint, facts):
        called = snake(name)
        known = called in facts.settings.action_parameters
        if not known and (where != "property" or called in facts.settings.status_names):
            continue
        if not known and not paths.are_only_actions(listed, facts.settings):
            continue
        actions = paths.are_actions(listed, facts.settings)
        if called == "jsonrpc" or (called == "method" and where == "property" and _ARGUMENTS & beside):
            return node, f"{where} `{name}`", True
        if (nameless or actions) and (endpoint.method != "get" or nameless):
            several = paths.of_several_things(listed, facts.settings)
            return node, f"{where} `{name}`", nameless or several
    return None


def _listed(node: Node, facts: Facts) -> list[Json]:
    """The values that a schema or parameter lists, by `enum` or as a `const`."""
    shape = facts.shape(node).fields
    values = shape.get("enum", [shape["const"]] if "const" in shape else None)
    return values if isinstance(values, list) else []


def _inputs(endpoint: Endpoint, facts: Facts) -> Iterator[tuple[Node, str, str, frozenset[str], list[Json]]]:
    """Parameters and properties of the body: the node, its name, what it is, the names beside it, its values.

    The values of a property are those of all alternatives of the body: each may list one alone.
    """
    for parameter in endpoint.parameters:
        if parameter.text("in") in {"query", "header", "formData", "path"}:
            where = f"{parameter.text('in')} parameter"
            yield parameter, parameter.text("name"), where, frozenset(), _listed(parameter, facts)
    for media, schema in facts.bodies(endpoint.body):
        if any(one in media for one in _PATCH_DOCUMENTS):
            continue
        branches = [schema, *(one.followed() for field in ("oneOf", "anyOf") for one in schema.all(field))]
        values: dict[str, list[Json]] = {}
        for branch in branches:
            for name, held in facts.properties(branch).items():
                known = values.setdefault(name, [])
                known += [value for value in _listed(held, facts) if value not in known]
        for branch in branches:
            properties = facts.properties(branch)
            beside = frozenset(map(snake, properties))
            yield from ((held, name, "property", beside, values[name]) for name, held in properties.items())


def _tunnel(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = facts.about(picker, endpoint)
    if found is not None and found[2]:
        yield Problem(found[0].place(), f"the {found[1]} picks what {endpoint.title} does: it is a tunnel")


def _in_body(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = facts.about(picker, endpoint)
    if found is not None and not found[2]:
        yield Problem(found[0].place(), f"{endpoint.title} is told what to do by the {found[1]}")


def _identity(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    """R4, but for creations: what they refer to is no identity of theirs."""
    shape = addresses.shape(endpoint.path)
    if endpoint.method != "post" or addresses.has_variable(endpoint.path) or f"{shape}/{{}}" in facts.by_path:
        return
    for _, schema in facts.bodies(endpoint.body):
        for name in sorted(facts.required(schema)):
            head, _, tail = snake(name).rpartition("_")
            if tail == "id" and head and {head, f"{head}s", f"{head}es", f"{head[:-1]}ies"} & facts.things:
                text = f"{endpoint.title} is told by `{name}` in its body which thing is meant, though that has a path"
                yield Problem(endpoint.node.place("requestBody"), text)
                return


_DONE = 'responses: {"204": {description: Done}}'
_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]"
_ORDER_ID = "parameters: [{name: orderId, in: path, required: true, schema: {type: string, format: uuid}}]"


def _post(path: str, *, body: str = "", parameters: str = "") -> str:
    sent = f"requestBody: {{content: {{application/json: {{schema: {body}}}}}}}, " if body else ""
    return described(f"paths:\n  {path}:\n    {parameters or 'x-shop: true'}\n    post: {{{sent}{_DONE}}}")


def _acting(*values: str, name: str = "action", path: str = "/orders/{id}") -> str:
    schema = f"{{type: object, properties: {{{name}: {{type: string, enum: [{', '.join(values)}]}}}}}}"
    return _post(path, body=schema, parameters=_ID if "{" in path else "")


def _identified(path: str, held: str) -> str:
    body = f"{{type: object, required: [{held}], properties: {{{held}: {{type: string, format: uuid}}}}}}"
    one = f"/orders/{{orderId}}: {{{_ORDER_ID}, get: {{{_DONE}}}}}"
    sent = f"requestBody: {{content: {{application/json: {{schema: {body}}}}}}}"
    return described(f"paths:\n  {one}\n  {path}: {{post: {{{sent}, {_DONE}}}}}")


RULES = (
    criterion(
        "R1",
        "path-names-nothing",
        "A path names no thing.",
        "Everything goes through one door: caches, logs, limits and permissions by address see one address, and "
        "only the body tells what was meant.",
        "Give each kind of thing a path: `/appointments`, and each single one `/appointments/{id}`.",
        _names_nothing,
        bad=_post("/rpc"),
        good=_post("/orders"),
        tier=Tier.RECOMMENDED,
    ),
    criterion(
        "R2",
        "path-segment-is-verb",
        "A segment of a path is an action.",
        "HTTP's methods say what is done; a verb in the path says it again, or says otherwise, and each further "
        "action is a further address to learn.",
        "Name the thing, and let the method say what happens to it; what no method fits is a custom method "
        "(`/orders/{id}:cancel`) or a thing of its own (`/cancellations`).",
        _verb,
        bad=_post("/createOrder"),
        good=_post("/orders"),
        tier=Tier.RECOMMENDED,
        references=("zalando:138", "zalando:141", "aip:131"),
    ),
    criterion(
        "R2",
        "action-as-sub-resource",
        "An action stands below the thing it acts on, like a thing.",
        "Readers and tools take it for a thing that can be read, and `cancel` for the id of one.",
        "Write it as a custom method (`/orders/{id}:cancel`), or make a thing of it "
        "(`/orders/{id}/cancellation`).",
        _late,
        bad=_post("/orders/{id}/cancel", parameters=_ID),
        good=_post("/orders/{id}:cancel", parameters=_ID),
        references=("aip:136", "zalando:138"),
    ),
    criterion(
        "R2",
        "custom-method-unsound",
        "A custom method repeats a standard one, or is no verb.",
        "There are two ways to do one thing, with two sets of permissions and answers; or what looks like an action "
        "is a thing.",
        "Use GET, POST, PATCH, PUT or DELETE for what they are for; let a verb follow the colon.",
        _custom,
        bad=_post("/orders/{id}:update", parameters=_ID),
        good=_post("/orders/{id}:cancel", parameters=_ID),
        tier=Tier.RECOMMENDED,
        references=("aip:136",),
    ),
    criterion(
        "R3",
        "request-is-tunnel",
        "A property or parameter picks what happens.",
        "HTTP is only the tunnel: no cache, no permission by address, no status code and no documentation of one "
        "action can be told from another.",
        "Make an operation of each value, at the path of the thing it acts on.",
        _tunnel,
        bad=_acting("bookSlot", "listDoctors", path="/desks"),
        good=_acting("morning", "evening", path="/desks"),
        tier=Tier.RECOMMENDED,
    ),
    criterion(
        "R3",
        "action-in-body",
        "A POST to a thing names the action in its body.",
        "The thing has an address and its actions have none: each of them has its own rights, failures and answers, "
        "and one operation describes them all.",
        "Use the method that means it, or a custom method for each value: `POST /orders/{id}:cancel`.",
        _in_body,
        bad=_acting("approve", "cancel"),
        good=_acting("morning", "evening"),
        tier=Tier.RECOMMENDED,
        references=("aip:136",),
    ),
    criterion(
        "R4",
        "identity-in-body",
        "The body says which thing is meant, though it has a path.",
        "The address of what changes is known to nobody on the way: neither caches nor permissions nor logs.",
        "Send the request to the path of the thing: `POST /orders/{orderId}:cancel`.",
        _identity,
        bad=_identified("/cancellations", "orderId"),
        good=_identified("/cancellations", "customerId"),
    ),
)
