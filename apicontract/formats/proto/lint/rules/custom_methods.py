"""Rules on calls with HTTP routes beside the five standard methods: custom methods, batches, what has no route.

Source: AIP-122, 127, 136, 231 to 235.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import Tier
from apicontract.formats.proto.annotations import HTTP, http_bindings
from apicontract.formats.proto.elements import Method, Service
from apicontract.formats.proto.lint import cases
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.examples import GET, GET_ROUTE, NAME, library, message, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts

_BATCH = re.compile(r"Batch(Get|Create|Update|Delete)[A-Z]\w*")
_STANDARD_NAME = re.compile(r"(?:Batch)?(?:Get|List|Create|Update|Delete)(?:[A-Z]\w*)?")
_CUSTOM_VERBS = ("GET", "POST")


def _custom(method: Method, facts: Facts) -> Iterator[Problem]:
    routes = facts.routes(method)
    if not routes or _STANDARD_NAME.fullmatch(method.name):
        return
    template = routes[0].template
    if not template.verb:
        action = cases.camel(method.name)
        yield Problem(
            method.at("options", HTTP),
            f"the path of the custom method `{method.name}`, `{template.text}`, does not end in a verb such"
            f" as `:{action}`",
        )


def _custom_verb(method: Method, facts: Facts) -> Iterator[Problem]:
    routes = facts.routes(method)
    if routes and not _STANDARD_NAME.fullmatch(method.name) and routes[0].verb not in _CUSTOM_VERBS:
        yield Problem(method.at("options", HTTP), f"the custom method `{method.name}` is a {routes[0].verb}")


def _batch(method: Method, facts: Facts) -> Iterator[Problem]:
    named, routes = _BATCH.fullmatch(method.name), facts.routes(method)
    if named is None or not routes:
        return
    route, verb = routes[0], "GET" if named[1] == "Get" else "POST"
    wanted = f"batch{named[1]}"
    if route.verb != verb or not route.template.verb.startswith(wanted):
        yield Problem(
            method.at("options", HTTP),
            f"`{method.name}` is {route.verb} `{route.template.text}`, and would be a {verb} of a path that"
            f" ends in `:{wanted}`",
        )


def _unannotated(service: Service, facts: Facts) -> Iterator[Problem]:
    if not any(map(facts.routes, service.methods)):
        return
    for method in service.methods:
        if not method.client_streaming and not http_bindings(method):
            yield Problem(
                method.place, f"`{method.name}` has no HTTP rule, as others of `{service.name}` have"
            )


def _collections(method: Method, facts: Facts) -> Iterator[Problem]:
    for route in facts.routes(method):
        odd = [
            part
            for part in route.template.segments
            if part.strip("*") and not part.startswith(".") and not cases.is_camel(part)
        ]
        if odd:
            yield Problem(
                method.at("options", HTTP),
                f"`{odd[0]}` in `{route.template.text}` would be `{cases.camel(odd[0])}`",
            )


_LEND = "LendBook(LendBookRequest) returns (LendBookResponse)"
_LEND_MESSAGES = (
    message("LendBookRequest", "string name") + "\n\n" + message("LendBookResponse", "string name")
)
_BATCHES = (
    message("BatchDeleteBooksRequest", "repeated string names")
    + "\n\n"
    + message("BatchDeleteBooksResponse", "repeated string names")
)
_BATCH_CALL = "BatchDeleteBooks(BatchDeleteBooksRequest) returns (BatchDeleteBooksResponse)"
_REC, _ALL = Tier.RECOMMENDED, Tier.ALL

RULES = (
    LintRule(
        row(
            "custom-method-path",
            "The path of a custom method does not say its verb after a colon.",
            "A path without a verb is that of a resource: readers, routers and policies by path take it for one.",
            "End the path with the verb, as `/v1/{name=books/*}:lend`.",
            library((_LEND, 'post: "/v1/{name=books/*}/lend" body: "*"'), messages=_LEND_MESSAGES),
            library((_LEND, 'post: "/v1/{name=books/*}:lend" body: "*"'), messages=_LEND_MESSAGES),
            _ALL,
            "aip:136",
        ),
        Method,
        _custom,
    ),
    LintRule(
        row(
            "custom-method-verb",
            "A custom method is neither a GET nor a POST.",
            "PUT, PATCH and DELETE promise what they do to the resource at the path; an action with a name of its own"
            " does something else.",
            "Take GET for what only reads, else POST.",
            library((_LEND, 'put: "/v1/{name=books/*}:lend" body: "*"'), messages=_LEND_MESSAGES),
            library((_LEND, 'post: "/v1/{name=books/*}:lend" body: "*"'), messages=_LEND_MESSAGES),
            _ALL,
            "aip:136",
        ),
        Method,
        _custom_verb,
    ),
    LintRule(
        row(
            "batch-method-path",
            "A batch method has another route than batch methods have.",
            "Clients that know one API of this kind know where the batch of the next one is.",
            "BatchGet is a GET of the collection with `:batchGet`, the others are POST with `:batchCreate` and so on.",
            library((_BATCH_CALL, 'post: "/v1/books:delete" body: "*"'), messages=_BATCHES),
            library((_BATCH_CALL, 'post: "/v1/books:batchDelete" body: "*"'), messages=_BATCHES),
            _ALL,
            "aip:231",
            "aip:233",
            "aip:234",
            "aip:235",
        ),
        Method,
        _batch,
    ),
    LintRule(
        row(
            "http-rule-missing",
            "A call has no HTTP rule, though others of its service do.",
            "Clients that use HTTP and JSON cannot make this call, and nobody says whether that is meant.",
            "Give it a `google.api.http`; waive the rule with a reason where it is for gRPC only.",
            library((GET, GET_ROUTE), (_LEND, ""), messages=f"{NAME}\n\n{_LEND_MESSAGES}"),
            library(
                (GET, GET_ROUTE),
                (_LEND, 'post: "/v1/{name=books/*}:lend" body: "*"'),
                messages=f"{NAME}\n\n{_LEND_MESSAGES}",
            ),
            _REC,
            "aip:127",
        ),
        Service,
        _unannotated,
    ),
    LintRule(
        row(
            "http-segment-case",
            "A segment of a path is not in camelCase.",
            "Ids of collections are in camelCase in every API that follows AIP-122; JSON has its names so as well.",
            "Write `bookShelves` for `book-shelves`, with the next major version.",
            library((GET, 'get: "/v1/{name=rare-books/*}"')),
            library((GET, 'get: "/v1/{name=rareBooks/*}"')),
            _ALL,
            "aip:122",
        ),
        Method,
        _collections,
    ),
)
