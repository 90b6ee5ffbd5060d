"""Level 2 of Richardson's model: failures are described, by the statuses that HTTP has for them, in one form."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.lint_rule import Problem
from apicontract.formats.openapi.lint.rated import why_unrated
from apicontract.formats.openapi.lint.rules.maturity.rule import criterion
from apicontract.formats.openapi.validate.rules.documents import described, operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.walk import Node

_PROBLEM = "application/problem+json"
_KNOWN = frozenset(
    {_PROBLEM, "application/problem+xml", "application/vnd.api+json"}
)  # RFC 9457; JSON:API has its own


def describes_failure(endpoint: Endpoint) -> bool:
    """Whether a 4xx is described, or all that is no success."""
    return any(
        status.startswith("4") or (status == "default" and len(endpoint.responses) > 1)
        for status in endpoint.responses
    )


def _answers(endpoint: Endpoint, *statuses: str) -> bool:
    wanted = {*statuses, "4XX", "4xx", "default"}
    return any(status in wanted for status in endpoint.responses)


def _anywhere(facts: Facts) -> bool:
    """Whether any rated operation describes a failure of the client."""
    return any(describes_failure(one) for one in facts.endpoints if not why_unrated(one, facts))


def _none_anywhere(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.responses and not facts.once(_anywhere):
        text = f"{endpoint.title} describes no 4xx, nor does any other operation"
        yield Problem(endpoint.node.place("responses"), text)


def _no_failure(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.responses and not describes_failure(endpoint) and facts.once(_anywhere):
        yield Problem(endpoint.node.place("responses"), f"{endpoint.title} describes no 4xx")


def _not_found(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    if (
        describes_failure(endpoint)
        and addresses.has_variable(endpoint.path)
        and not _answers(endpoint, "404", "410")
    ):
        yield Problem(endpoint.node.place("responses"), f"{endpoint.title} describes no 404")


def _refusal(endpoint: Endpoint, _: Facts) -> Iterator[Problem]:
    secured = bool(endpoint.security) and all(endpoint.security)
    if secured and describes_failure(endpoint) and not _answers(endpoint, "401", "403"):
        yield Problem(
            endpoint.node.place("responses"), f"{endpoint.title} needs rights, and describes no 401 or 403"
        )


def _errors(endpoint: Endpoint, facts: Facts) -> Iterator[tuple[str, str, Node]]:
    for status, response in endpoint.responses.items():
        if status.startswith(("4", "5")) or (status == "default" and len(endpoint.responses) > 1):
            for media, schema in facts.bodies(response):
                yield status, media, schema


def _usual_form(facts: Facts) -> frozenset[str]:
    """The names of the properties that most error answers have."""
    every = (one for endpoint in facts.endpoints for one in _errors(endpoint, facts))
    forms = Counter(frozenset(facts.properties(schema)) for _, _, schema in every)
    return forms.most_common(1)[0][0] if forms else frozenset()


def _differs(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    usual = facts.once(_usual_form)
    for status, media, schema in _errors(endpoint, facts):
        form = frozenset(facts.properties(schema))
        problem = media == _PROBLEM and {"title", "status"} <= form
        if form and len(usual & form) * 2 < len(usual) and not problem:
            text = f"the {status} of {endpoint.title} has another form than most errors (not {_listed(usual - form)})"
            yield Problem(endpoint.node.place("responses", status), text)
            return


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)[:3])


def _no_problem_type(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = [(status, media) for status, media, _ in _errors(endpoint, facts)]
    if found and all(media and media not in _KNOWN for _, media in found):
        status, media = found[0]
        yield Problem(
            endpoint.node.place("responses", status), f"the {status} of {endpoint.title} is `{media}`"
        )


_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]"


def _statuses(*statuses: str, path: str = "/orders", more: str = "") -> str:
    listed = ", ".join(f'"{status}": {{description: So it is}}' for status in statuses)
    known = f"{_ID}, " if "{" in path else ""
    return described(f"{more}paths:\n  {path}: {{{known}delete: {{responses: {{{listed}}}}}}}")


_SECURED = """
security: [{login: []}]
components: {securitySchemes: {login: {type: openIdConnect, openIdConnectUrl: "https://id.acme-shop.com/oidc"}}}
""".lstrip()


def _silent(status: str) -> str:
    told = 'delete: {responses: {"204": {description: Done}, "409": {description: In use}}}'
    asked = f'delete: {{responses: {{"204": {{description: Done}}{status}}}}}'
    return described(f"paths:\n  /orders: {{{told}}}\n  /drafts: {{{asked}}}")


def _formed(name: str) -> str:
    def error(called: str, text: str) -> str:
        schema = f"{{type: object, properties: {{{called}: {{type: string, maxLength: 99}}}}}}"
        content = f"{{application/json: {{schema: {schema}, example: {{{called}: {text}}}}}}}"
        return f'"409": {{description: In use, content: {content}}}'

    def deleting(called: str, text: str) -> str:
        return f'delete: {{responses: {{"204": {{description: Done}}, {error(called, text)}}}}}'

    paths = [f"/{at}: {{{deleting('reason', 'busy')}}}" for at in ("orders", "drafts")]
    return described("paths:\n  " + "\n  ".join([*paths, f"/parcels: {{{deleting(name, 'busy')}}}"]))


def _typed(media: str) -> str:
    schema = "{type: object, properties: {title: {type: string, maxLength: 99}, status: {type: integer, format: int32}}}"
    content = f"{{{media}: {{schema: {schema}, example: {{title: In use, status: 409}}}}}}"
    return operated(
        f'responses: {{"204": {{description: Done}}, "409": {{description: In use, content: {content}}}}}',
        method="delete",
    )


RULES = (
    criterion(
        "V7",
        "client-errors-nowhere",
        "No operation describes how a request can be wrong.",
        "As far as the contract shows, the API knows no status but success: whether a failure is a status or a text "
        "in a 200, nobody can tell.",
        "Describe the 4xx answers: 400 or 422, 404 for what may not be there, 401 and 403, 409.",
        _none_anywhere,
        bad=_statuses("204"),
        good=_statuses("204", "409"),
        references=("rfc:9110#15.5", "zalando:151"),
    ),
    criterion(
        "V7",
        "operation-without-client-error",
        "An operation describes no 4xx, though others do.",
        "Its clients learn in production how a request can be wrong.",
        "Describe at least one; 404 for a path with an id.",
        _no_failure,
        bad=_silent(""),
        good=_silent(', "409": {description: In use}'),
        references=("rfc:9110#15.5", "zalando:151"),
    ),
    criterion(
        "V7",
        "item-without-not-found",
        "An operation on one thing describes no 404.",
        "What is asked for may be gone; clients that do not expect it fail.",
        "Describe 404, or 410 if it is known that it was there.",
        _not_found,
        bad=_statuses("204", "409", path="/orders/{id}"),
        good=_statuses("204", "404", path="/orders/{id}"),
        references=("rfc:9110#15.5.5", "zalando:151"),
    ),
    criterion(
        "V7",
        "secured-without-refusal",
        "An operation that needs rights describes neither 401 nor 403.",
        "Tokens expire: clients must know that answer to fetch a new one and try again.",
        "Describe 401 where the caller is unknown, and 403 where the rights are missing.",
        _refusal,
        bad=_statuses("204", "409", more=_SECURED),
        good=_statuses("204", "401", more=_SECURED),
        references=("rfc:9110#15.5.2", "rfc:9110#15.5.4"),
    ),
    criterion(
        "V9",
        "error-schemas-differ",
        "An error has another form than the others.",
        "Each form is code of its own in each client, and the one that nobody expects is shown as `undefined`.",
        "Use one schema for all errors, best that of `application/problem+json`.",
        _differs,
        bad=_formed("cause"),
        good=_formed("reason"),
        references=("rfc:9457", "zalando:176"),
    ),
    criterion(
        "V9",
        "error-media-type-unusual",
        "Errors are in a form of the house.",
        "Gateways, libraries and clients know `application/problem+json`: with it an error is shown and logged without "
        "code for this API.",
        "Answer failures in `application/problem+json` (RFC 9457); properties of your own may be added.",
        _no_problem_type,
        bad=_typed("application/json"),
        good=_typed("application/problem+json"),
        references=("rfc:9457", "zalando:176"),
    ),
)
