"""Rules on lists: that they come in pages, and what a page holds. Source: AIP-132 and 158."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.elements import Cardinality, Method
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.examples import library, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.elements import Field, Message
    from apicontract.formats.proto.lint.facts import Facts

_ASKED = (("page_size", "max_results"), ("page_token",))  # max_results is what older APIs call it
_ANSWERED = "next_page_token"


def _list(method: Method, facts: Facts) -> tuple[Message, Message] | None:
    """Request and response of a standard List."""
    standard, request, response = facts.standard(method), method.request, method.response
    if standard is None or standard.verb != "List" or request is None or response is None:
        return None
    return request, response


def _unpaged(method: Method, facts: Facts) -> Iterator[Problem]:
    listed = _list(method, facts)
    if listed is None or method.server_streaming:
        return
    request, response = listed
    missing = [
        f"`{names[0]}` in the request"
        for names in _ASKED
        if not any(name in request.by_name for name in names)
    ]
    if _ANSWERED not in response.by_name:
        missing.append(f"`{_ANSWERED}` in the response")
    if missing:
        yield Problem(
            method.place, f"`{method.name}` comes without pages: there is no {', no '.join(missing)}"
        )


def _items(response: Message) -> list[Field]:
    return [field for field in response.fields if field.cardinality is Cardinality.REPEATED]


def _itemless(method: Method, facts: Facts) -> Iterator[Problem]:
    listed = _list(method, facts)
    if listed is not None and not any(
        field.cardinality in (Cardinality.REPEATED, Cardinality.MAP) for field in listed[1].fields
    ):
        yield Problem(
            method.at("output_type"), f"`{method.name}` answers with no list: `{listed[1].full_name}`"
        )


def _items_late(method: Method, facts: Facts) -> Iterator[Problem]:
    listed = _list(method, facts)
    items = _items(listed[1]) if listed is not None else []
    if items and items[0].number != 1:
        yield Problem(
            items[0].place, f"`{items[0].name}` of `{method.response_type}` has the number {items[0].number}"
        )


_CALL = ("ListBooks(ListBooksRequest) returns (ListBooksResponse)", 'get: "/v1/books"')
_REQUEST = message("ListBooksRequest", "int32 page_size", "string page_token")
_RESPONSE = message("ListBooksResponse", "repeated Book books", "string next_page_token")
_GOOD = library(_CALL, messages=f"{_REQUEST}\n\n{_RESPONSE}")

RULES = (
    LintRule(
        FindingRule(
            "list-not-paged",
            "A List does not come in pages.",
            Severity.WARNING,
            "The list grows with the data until it is too large for a message; paging that is added then is a break,"
            " since old clients would take the first page for all.",
            "Add `int32 page_size` and `string page_token` to the request, `string next_page_token` to the response.",
            library(
                _CALL,
                messages=f"message ListBooksRequest {{}}\n\n{message('ListBooksResponse', 'repeated Book books')}",
            ),
            _GOOD,
            references=("aip:158", "aip:132"),
        ),
        Method,
        _unpaged,
    ),
    LintRule(
        FindingRule(
            "list-without-items",
            "A List answers with no list.",
            Severity.WARNING,
            "The response of a List has one repeated field with what was asked for; generated iterators look for it.",
            "Put the things into a repeated field, or give the call another name.",
            library(
                _CALL,
                messages=f"{_REQUEST}\n\n{message('ListBooksResponse', 'string books', 'string next_page_token')}",
            ),
            _GOOD,
            references=("aip:132", "aip:158"),
        ),
        Method,
        _itemless,
    ),
    LintRule(
        FindingRule(
            "list-items-not-first",
            "The things in the response of a List do not have the number 1.",
            Severity.INFO,
            "Generated clients iterate over the first repeated field of a page.",
            "Give the repeated field the number 1.",
            library(
                _CALL,
                messages=f"{_REQUEST}\n\n{message('ListBooksResponse', 'string next_page_token', 'repeated Book books')}",
            ),
            _GOOD,
            tier=Tier.ALL,
            references=("aip:158",),
        ),
        Method,
        _items_late,
    ),
)
