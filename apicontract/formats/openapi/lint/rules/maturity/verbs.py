"""Level 2 of Richardson's model: methods mean what HTTP says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Tier
from apicontract.formats.openapi.lint import addresses, resources
from apicontract.formats.openapi.lint.lint_rule import Problem
from apicontract.formats.openapi.lint.rules.maturity.rule import criterion
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts

_PATCHES = ("patch", "scim", "vnd.api+json", "json-seq")  # SCIM (RFC 7644) and JSON:API define their own
_BODILESS = frozenset({"204", "205"})


def _safe_with_body(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    if endpoint.method in {"get", "head"} and endpoint.body is not None:
        yield Problem(endpoint.node.place(), f"{endpoint.title} has a body, which HTTP gives no meaning")


def _reads_nothing(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    answers = endpoint.successes()
    if endpoint.method == "get" and answers and set(answers) <= _BODILESS:
        only = next(iter(answers))
        text = f"{endpoint.title} answers {only} only: what it reads has no representation"
        yield Problem(endpoint.node.place("responses", only), text)


def _unidentified(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    """A PUT on a collection whose items have paths, with the item's id in the body."""
    shape = addresses.shape(endpoint.path)
    if endpoint.method != "put" or addresses.collection(endpoint.path):
        return
    if f"{shape}/{{}}" not in facts.by_path:
        return
    for _, schema in facts.bodies(endpoint.body):
        names = {snake(name): name for name in facts.properties(schema)}
        found = names.get("id") or names.get("uuid")
        if found:
            yield Problem(
                endpoint.node.place(), f"what {endpoint.title} replaces is named by `{found}` in the body"
            )
            return


def exists_or_not(endpoint: Endpoint, facts: Facts) -> bool:
    """Whether all that a PUT says is that a thing be there: it can be asked for, removed, or listed."""
    there = facts.by_path.get(addresses.shape(endpoint.path), {})
    parts = addresses.segments(endpoint.path)
    return bool({"get", "delete", "head"} & there.keys()) or bool(parts and addresses.is_variable(parts[-1]))


def _puts_nothing(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.method == "put" and endpoint.body is None and not exists_or_not(endpoint, facts):
        yield Problem(endpoint.node.place(), f"{endpoint.title} has no body: there is nothing to put there")


def _format_unsaid(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.method != "patch" or endpoint.body is None:
        return
    consumed = endpoint.node.fields.get("consumes", facts.root.fields.get("consumes"))
    media = [one.key for one in endpoint.body.all("content")]
    if facts.series == "2.0":
        media = [one for one in consumed if isinstance(one, str)] if isinstance(consumed, list) else []
    if media and not any(known in one.lower() for one in media for known in _PATCHES):
        yield Problem(
            endpoint.node.place(), f"{endpoint.title} takes `{media[0]}`, which is no format of changes"
        )


def _patches_nothing(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    if endpoint.method == "patch" and endpoint.body is None:
        yield Problem(endpoint.node.place(), f"{endpoint.title} has no body: nothing says what changes")


def _names(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.node.text("operationId"), endpoint.node.text("summary")


def _read_by_post(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.method != "post" or addresses.custom_method(endpoint.path):
        return
    if any(status in endpoint.responses for status in ("201", "202")):
        return  # something came to be: the list, report or search that is asked for is a thing
    verb = resources.begins_with(_names(endpoint), facts.settings.reading_verbs)
    if verb:
        yield Problem(
            endpoint.node.place(), f"{endpoint.title} reads, by its own name (`{verb}`), and is a POST"
        )


def _change_by_post(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.method not in {"get", "post"} or addresses.custom_method(endpoint.path):
        return
    verb = resources.begins_with(_names(endpoint), facts.settings.changing_verbs)
    shape = addresses.shape(endpoint.path)
    if endpoint.method == "post" and {"put", "patch", "delete"} & facts.by_path.get(shape, {}).keys():
        return  # the proper method is there; this one is for clients that cannot send it
    if verb:
        right = "DELETE" if verb in {"delete", "remove"} else "PUT or PATCH"
        text = f"{endpoint.title} is a {right}, by its own name (`{verb}`)"
        yield Problem(endpoint.node.place(), text)


_DONE = 'responses: {"204": {description: Done}}'
_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]"
_ORDER = "{type: object, properties: {paid: {type: boolean}}}"
_SENT = f"requestBody: {{content: {{application/json: {{schema: {_ORDER}}}}}}}"

_QUESTION = "requestBody: {content: {text/plain: {schema: {type: string, maxLength: 99}, example: paid}}}"


def _put(held: str) -> str:
    body = f"{{type: object, properties: {{{held}: {{type: string, format: uuid}}}}}}"
    put = f"put: {{requestBody: {{content: {{application/json: {{schema: {body}}}}}}}, {_DONE}}}"
    return described(f"paths:\n  /orders: {{{put}}}\n  /orders/{{id}}: {{{_ID}, delete: {{{_DONE}}}}}")


def _patch(media: str) -> str:
    sent = f"requestBody: {{content: {{{media}: {{schema: {_ORDER}}}}}}}"
    return described(f"paths:\n  /orders/{{id}}: {{{_ID}, patch: {{{sent}, {_DONE}}}}}")


def _bodied(method: str, body: str) -> str:
    return described(f"paths:\n  /orders/{{id}}/state: {{{_ID}, {method}: {{{body}{_DONE}}}}}")


def _answering(status: str) -> str:
    content = f", content: {{application/json: {{schema: {_ORDER}, example: {{paid: true}}}}}}"
    return operated(
        f'responses: {{"{status}": {{description: It{content if status == "200" else ""}}}}}', method="get"
    )


RULES = (
    criterion(
        "V1",
        "safe-method-with-body",
        "A GET or HEAD has a body.",
        "HTTP gives it no meaning: caches ignore it, proxies and clients drop it, and some servers refuse it.",
        "Put what is asked for into the query, or make the search a custom method: `POST /orders:search`.",
        _safe_with_body,
        bad=operated(_QUESTION, "3.1.1", method="get"),
        good=operated("", "3.1.1", method="get"),
        tier=Tier.RECOMMENDED,
        references=("rfc:9110#9.3.1", "zalando:148"),
    ),
    criterion(
        "V1",
        "read-without-content",
        "A GET answers without content.",
        "The method transfers a representation; a status alone tells only that the address exists.",
        "Answer 200 with a representation; HEAD asks whether something is there.",
        _reads_nothing,
        bad=_answering("204"),
        good=_answering("200"),
        references=("rfc:9110#9.3.1",),
    ),
    criterion(
        "V2",
        "put-without-identity",
        "A PUT is told by its body what to replace.",
        "PUT replaces what its address names. Sent to a collection it says: these are all of them.",
        "Send it to the item: `PUT /orders/{id}`.",
        _unidentified,
        bad=_put("id"),
        good=_put("customerId"),
        tier=Tier.RECOMMENDED,
        references=("rfc:9110#9.3.4", "zalando:148"),
    ),
    criterion(
        "V2",
        "put-without-body",
        "A PUT has no body.",
        "PUT stores what it carries. Without a body it is an action in disguise, but where all that it says is "
        "that a thing be there.",
        "Give it the representation to store, or make the action a custom method.",
        _puts_nothing,
        bad=_bodied("put", ""),
        good=_bodied("put", f"{_SENT}, "),
        references=("rfc:9110#9.3.4",),
    ),
    criterion(
        "V3",
        "patch-format-unsaid",
        "A PATCH does not say in which format changes are written.",
        "In plain JSON nobody can tell whether an absent property is kept or removed, and what null does.",
        "Take `application/merge-patch+json` (RFC 7396) or `application/json-patch+json` (RFC 6902).",
        _format_unsaid,
        bad=_patch("application/json"),
        good=_patch("application/merge-patch+json"),
        references=("rfc:5789#2", "rfc:7396", "zalando:148"),
    ),
    criterion(
        "V3",
        "patch-without-body",
        "A PATCH has no body.",
        "PATCH applies the changes that it carries; without any it is an action in disguise.",
        "Give it the changes, or make the action a custom method.",
        _patches_nothing,
        bad=_bodied("patch", ""),
        good=_bodied("patch", f"{_SENT.replace('application/json', 'application/merge-patch+json')}, "),
        tier=Tier.RECOMMENDED,
        references=("rfc:5789#2",),
    ),
    criterion(
        "V6",
        "read-by-post",
        "What only reads is a POST.",
        "Nothing may cache it, repeat it after a failure or link to it, and every reader needs the right to write.",
        "Make it a GET with its criteria in the query, or a custom method: `POST /orders:search`.",
        _read_by_post,
        bad=operated(f"operationId: listOrders\n{_SENT}\n{_DONE}"),
        good=operated(f"operationId: placeOrders\n{_SENT}\n{_DONE}"),
        tier=Tier.RECOMMENDED,
        references=("rfc:9110#9.2.1", "zalando:148"),
    ),
    criterion(
        "V10",
        "change-by-post",
        "What updates or deletes is a POST or a GET.",
        "It cannot be repeated after a failure without asking what happened; as a GET, a crawler or a cache runs "
        "it.",
        "Use PUT or PATCH for updates and DELETE for removal.",
        _change_by_post,
        bad=operated(f"operationId: deleteOrder\n{_SENT}\n{_DONE}"),
        good=operated(f"operationId: placeOrder\n{_SENT}\n{_DONE}"),
        tier=Tier.RECOMMENDED,
        references=("rfc:9110#9.2.2", "zalando:148"),
    ),
)
