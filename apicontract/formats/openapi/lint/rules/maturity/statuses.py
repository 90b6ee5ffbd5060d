"""Level 2 of Richardson's model: the status says how it went."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import Tier
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import Problem
from apicontract.formats.openapi.lint.rules.maturity.rule import criterion
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node

_DELETED = frozenset({"200", "202", "204", "2XX", "default"})
_CREATED = frozenset({"201", "202", "204", "2XX", "default"})
_A_REASON = re.compile(
    r"already|exist|updat|replac|upsert|instead|because|idempot|unchanged|not (?:stored|created|kept)|match|"
    r"calculat|preview|nothing",
    re.IGNORECASE,
)
_WRAPPED = frozenset({"code", "data", "payload", "result", "results"})
_OF_THINGS_TOO = frozenset({"error", "error_message", "errors"})
_PLACES = frozenset({"location", "operation-location", "content-location", "link"})
_PLACE_NAMES = frozenset(
    {
        "_links",
        "href",
        "id",
        "job_id",
        "links",
        "location",
        "name",
        "operation_id",
        "self",
        "status_url",
        "task_id",
        "uri",
        "url",
    }
)


def _delete_status(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    answers = endpoint.successes()
    if endpoint.method == "delete" and answers and not _DELETED & answers.keys():
        status = next(iter(answers))
        text = f"{endpoint.title} answers {status}, and neither 200, 202 nor 204"
        yield Problem(endpoint.node.place("responses", status), text)


def _creates(endpoint: Endpoint, facts: Facts) -> bool:
    """Whether it is a POST to a collection: one whose items have a path."""
    if endpoint.method != "post" or ":" in endpoint.path or endpoint.path.endswith("}"):
        return False
    return f"{addresses.shape(endpoint.path).rstrip('/')}/{{}}" in facts.by_path


def _plain_answers(endpoint: Endpoint, facts: Facts) -> dict[str, Node]:
    """The answers of a creation that says neither that, nor why not."""
    answers = endpoint.successes()
    if not _creates(endpoint, facts) or _CREATED & answers.keys() or "303" in endpoint.responses:
        return {}
    said = " ".join(one.text("description") for one in answers.values())
    return {} if _A_REASON.search(said) else answers


def _created(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    answers = _plain_answers(endpoint, facts)
    if answers and any(facts.bodies(answer) for answer in answers.values()):
        status = next(iter(answers))
        text = f"{endpoint.title} answers {status} with what it created, and does not say why it is not 201"
        yield Problem(endpoint.node.place("responses", status), text)


def _untold(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    answers = _plain_answers(endpoint, facts)
    if answers and not any(facts.bodies(answer) for answer in answers.values()):
        status = next(iter(answers))
        text = f"{endpoint.title} answers {status} and nothing else: neither what was created nor where it is"
        yield Problem(endpoint.node.place("responses", status), text)


def _headers(response: Node) -> set[str]:
    return {header.key.lower() for header in response.all("headers")}


def _not_located(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    answer = endpoint.responses.get("201")
    if (
        endpoint.method == "post"
        and answer is not None
        and not _headers(answer) & {"location", "content-location"}
    ):
        text = f"{endpoint.title} does not say where what it created is"
        yield Problem(endpoint.node.place("responses", "201"), text)


def _no_place(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    """Deferred completion without a place to ask for the result: no header, and no id or address in the body."""
    answer = endpoint.responses.get("202")
    if answer is None or endpoint.method == "get" or _headers(answer) & _PLACES:
        return
    if any(_PLACE_NAMES & set(map(snake, facts.properties(schema))) for _, schema in facts.bodies(answer)):
        return
    text = f"{endpoint.title} is accepted, and nothing says where to ask for the result"
    yield Problem(endpoint.node.place("responses", "202"), text)


def _hidden(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    """An envelope that tells failure from success in a 2xx, and no 4xx that would."""
    if any(status.startswith("4") or status == "default" for status in endpoint.responses):
        return
    for status, response in endpoint.successes().items():
        for _, schema in facts.bodies(response):
            names = {snake(name): name for name in facts.properties(schema)}
            wrapped = bool(_WRAPPED & names.keys())  # else the error may be a part of the thing
            found = [
                name
                for called, name in names.items()
                if called in facts.settings.envelope_names and (wrapped or called not in _OF_THINGS_TOO)
            ]
            if found:
                text = f"{endpoint.title} answers {status} also when it failed: only `{found[0]}` tells"
                yield Problem(endpoint.node.place("responses", status), text)
                return


_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]"
_THING = "{type: object, properties: {paid: {type: boolean}}}"


def _deleting(status: str) -> str:
    return described(
        f'paths:\n  /orders/{{id}}: {{{_ID}, delete: {{responses: {{"{status}": {{description: Done}}}}}}}}'
    )


def _creating(description: str, *, content: bool = True) -> str:
    shown = f", content: {{application/json: {{schema: {_THING}, example: {{paid: true}}}}}}"
    sent = f"requestBody: {{content: {{application/json: {{schema: {_THING}}}}}}}"
    post = f'post: {{{sent}, responses: {{"200": {{description: {description}{shown if content else ""}}}}}}}'
    item = f'{{{_ID}, delete: {{responses: {{"204": {{description: Done}}}}}}}}'
    return described(f"paths:\n  /orders: {{{post}}}\n  /orders/{{id}}: {item}")


def _located(status: str, headers: str) -> str:
    return operated(f'responses: {{"{status}": {{description: Noted{headers}}}}}')


_LOCATION = ", headers: {Location: {description: Where it is, schema: {type: string, format: uri, example: /orders/1}}}"


def _enveloped(name: str) -> str:
    schema = f"{{type: object, properties: {{{name}: {{type: boolean}}}}}}"
    content = f"content: {{application/json: {{schema: {schema}, example: {{{name}: true}}}}}}"
    return operated(f'responses: {{"200": {{description: It, {content}}}}}')


RULES = (
    criterion(
        "V4",
        "delete-status-unusual",
        "A DELETE answers neither 200, 202 nor 204.",
        "These three say that it is gone, or will be; clients take others for something else.",
        "Answer 204, 202 if it is done later, or 200 with a representation of the outcome.",
        _delete_status,
        bad=_deleting("201"),
        good=_deleting("204"),
        tier=Tier.RECOMMENDED,
        references=("rfc:9110#9.3.5", "zalando:148"),
    ),
    criterion(
        "V5",
        "creation-status-unusual",
        "A POST to a collection does not say that it created something.",
        "Clients, proxies and monitoring cannot tell a creation from a read; 200 says that the answer is the result, "
        "not that there is a new thing.",
        "Answer 201 with `Location`, 202 with a place to ask, or say in the description why it is 200.",
        _created,
        bad=_creating("The order"),
        good=_creating("The order that exists already"),
        references=("rfc:9110#9.3.3", "rfc:9110#15.3.2"),
    ),
    criterion(
        "V5",
        "creation-untold",
        "A POST to a collection answers 200 and nothing else.",
        "Whoever sent it knows neither whether there is a new thing, nor which, nor where.",
        "Answer 201 with `Location`, or 202 with a place to ask.",
        _untold,
        bad=_creating("Done", content=False),
        good=_creating("The order exists already", content=False),
        references=("rfc:9110#9.3.3", "rfc:9110#15.3.2"),
    ),
    criterion(
        "V5",
        "creation-without-location",
        "A 201 does not say where the new thing is.",
        "Clients put its address together by themselves, and break when it changes.",
        "Send `Location`: it is also the least that hypermedia asks for.",
        _not_located,
        bad=_located("201", ""),
        good=_located("201", _LOCATION),
        references=("richardson:H4", "rfc:9110#15.3.2"),
    ),
    criterion(
        "V5",
        "acceptance-without-place",
        "A 202 does not say where to ask for the result.",
        "The request is accepted, and whoever sent it never learns how it went.",
        "Send `Location`, or the id or address of a thing that tells the state of the work.",
        _no_place,
        bad=_located("202", ""),
        good=_located("202", _LOCATION),
        references=("rfc:9110#15.3.3", "zalando:253", "aip:151"),
    ),
    criterion(
        "V8",
        "success-hides-failure",
        "An answer says 2xx and, inside, that it failed.",
        "Caches keep the failure, monitoring counts a success, and each client needs code of its own to see it.",
        "Answer 4xx or 5xx with `application/problem+json`, and leave the flag out.",
        _hidden,
        bad=_enveloped("success"),
        good=_enveloped("paid"),
        tier=Tier.RECOMMENDED,
        references=("rfc:9110#15", "zalando:176"),
    ),
)
