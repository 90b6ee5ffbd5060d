"""Level 3 of Richardson's model: an answer says what is possible next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint.links import served, shows_nothing
from apicontract.formats.openapi.lint.lint_rule import Problem
from apicontract.formats.openapi.lint.rules.maturity.rule import criterion
from apicontract.formats.openapi.validate.rules.documents import operated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Endpoint, Facts
    from apicontract.formats.openapi.lint.links import Links


def _success(endpoint: Endpoint) -> tuple[str, str]:
    return "responses", next(iter(endpoint.successes()), "")


def _no_links(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if endpoint.successes() and not shows_nothing(endpoint, facts) and not served(endpoint, facts):
        text = f"the answer of {endpoint.title} leads nowhere: it has no link"
        yield Problem(endpoint.node.place(*_success(endpoint)), text)


def _plain_type(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = served(endpoint, facts)
    if facts.series != "2.0" and found and not any(one.criterion in {"H1", "H3"} for one in found):
        text = f"{endpoint.title} answers with links in a type that does not say so"
        yield Problem(endpoint.node.place(*_success(endpoint)), text)


def unsaid(found: list[Links]) -> list[Links]:
    """The links among them of which nobody says the relations."""
    return [one for one in found if not one.relations and not one.acting]


def _navigation(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = served(endpoint, facts)
    named = [one for one in found if one.relations or one.acting]
    if named and not any(one.is_action(facts.settings) for one in found):
        listed = ", ".join(sorted({f"`{relation}`" for one in named for relation in one.relations})[:5])
        text = f"the links of {endpoint.title} are for navigation only: {listed}"
        yield Problem(endpoint.node.place(*_success(endpoint)), text)


def _unsaid(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    found = served(endpoint, facts)
    silent = unsaid(found)
    if silent and len(silent) == len(found):
        text = f"{endpoint.title} answers with {silent[0].what}, and nothing says with which relations"
        yield Problem(endpoint.node.place(*_success(endpoint)), text)


def _described_only(endpoint: Endpoint, facts: Facts) -> Iterator[Problem]:
    if served(endpoint, facts):
        return
    for status, response in endpoint.successes().items():
        for link in response.all("links"):
            text = f"the link `{link.key}` of {endpoint.title} is described here, and not in what is served"
            yield Problem(endpoint.node.place("responses", status), text)
            return


_PATH = "/orders/{id}"
_ID = "parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]"
_URI = "{type: string, format: uri, maxLength: 200, example: 'https://shop.acme.io/orders'}"


def _answer(properties: str, *, media: str = "application/json", more: str = "") -> str:
    schema = f"{{type: object, properties: {{paid: {{type: boolean}}{properties}}}}}"
    content = f"content: {{{media}: {{schema: {schema}, example: {{paid: true}}}}}}"
    return operated(
        f'{_ID}\noperationId: readOrder\nresponses: {{"200": {{description: It, {content}{more}}}}}',
        path=_PATH,
        method="get",
    )


def _linked(*relations: str) -> str:
    link = f"{{type: object, properties: {{href: {_URI}}}}}"
    held = ", ".join(f"{relation}: {link}" for relation in relations)
    return f", _links: {{type: object, properties: {{{held}}}}}"


def _header(text: str) -> str:
    return (
        f", headers: {{Link: {{description: {text}, schema: {{type: string, maxLength: 999, example: ''}}}}}}"
    )


_LINK = ", links: {same: {description: The same again, operationId: readOrder, parameters: {id: $request.path.id}}}"

RULES = (
    criterion(
        "H1",
        "hypermedia-type-missing",
        "Links are served in a media type that has none.",
        "In `application/json` a link is a property like any other: no client finds it without code for this API.",
        "Serve a hypermedia type: HAL (`application/hal+json`), JSON:API, Siren, Collection+JSON.",
        _plain_type,
        bad=_answer(_linked("self", "cancel")),
        good=_answer(_linked("self", "cancel"), media="application/hal+json"),
        references=("zalando:162",),
    ),
    criterion(
        "H2",
        "answer-without-links",
        "An answer leads nowhere.",
        "Which addresses there are, and what is possible in which state, each client has in its own code; it breaks "
        "when either changes.",
        "Serve links to the thing itself, to what belongs to it, and to the actions that are possible now.",
        _no_links,
        bad=_answer(""),
        good=_answer(_linked("self", "cancel"), media="application/hal+json"),
        references=("zalando:162", "zalando:163"),
    ),
    criterion(
        "H2",
        "links-only-for-navigation",
        "The links lead to the thing itself and to other pages, but to no action.",
        "Clients still decide by themselves what may be done next, by rules that only the server knows.",
        "Serve a link for each action that is possible in the present state, and leave it out otherwise.",
        _navigation,
        bad=_answer(_linked("self"), media="application/hal+json"),
        good=_answer(_linked("self", "cancel"), media="application/hal+json"),
        references=("zalando:163",),
    ),
    criterion(
        "H3",
        "link-relations-unsaid",
        "There are links, and nothing says with which relations.",
        "A client follows a relation; without its name a link is only an address.",
        "List the relations: as an `enum` of `rel`, as properties, in the description or example of the header.",
        _unsaid,
        bad=_answer("", more=_header("Where to go")),
        good=_answer("", more=_header('"To cancel it: rel=\\"cancel\\""')),
        references=("rfc:8288#3.3", "iana:link-relations"),
    ),
    criterion(
        "H5",
        "links-described-not-served",
        "A link is described in the contract, and not served.",
        "OpenAPI's `links` help generators and tests; whoever reads an answer does not see them.",
        "Serve the link as well, in the body or in a `Link` header.",
        _described_only,
        bad=_answer("", more=_LINK),
        good=_answer(""),
        references=("oas:3.1.1#link-object",),
    ),
)
