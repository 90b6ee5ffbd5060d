"""Rules on the five standard methods with HTTP routes: verb, path, body, what comes in and goes out.

A call is judged by its name: whoever calls one `GetBook` says that it is a Get.
Source: AIP-122, 131 to 135, 161.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Tier
from apicontract.formats.proto.annotations import HTTP
from apicontract.formats.proto.elements import Method
from apicontract.formats.proto.lint import cases
from apicontract.formats.proto.lint.facts import OPERATION
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.calls import EMPTY
from apicontract.formats.proto.lint.rules.examples import GET, GET_ROUTE, NAME, library, message, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts, Standard

_VERBS = {"Get": "GET", "List": "GET", "Create": "POST", "Update": "PATCH", "Delete": "DELETE"}
_NUMBERS = {"Get": "131", "List": "132", "Create": "133", "Update": "134", "Delete": "135"}
_ALL_FIVE = ("aip:131", "aip:132", "aip:133", "aip:134", "aip:135")
_OF_COLLECTIONS = ("List", "Create")
MASK = "google.protobuf.FieldMask"


def _verb(method: Method, facts: Facts) -> Iterator[Problem]:
    standard = facts.standard(method)
    if standard is None:
        return
    wanted = _VERBS[standard.verb]
    if standard.route.verb != wanted:
        yield Problem(
            method.at("options", HTTP),
            f"`{method.name}` is a {standard.route.verb}; by AIP-{_NUMBERS[standard.verb]} it would be a {wanted}",
        )


def _path(method: Method, facts: Facts) -> Iterator[Problem]:
    standard = facts.standard(method)
    if standard is None:
        return
    template = standard.route.template
    place, shown = method.at("options", HTTP), f"the path of `{method.name}`, `{template.text}`,"
    ends = template.text.endswith("}")
    if template.verb:
        yield Problem(place, f"{shown} has a verb, `:{template.verb}`, as only custom methods have")
    elif standard.verb in _OF_COLLECTIONS and ends:
        yield Problem(place, f"{shown} ends with a variable, though it is about a collection")
    elif standard.verb not in _OF_COLLECTIONS and not ends and not _is_single(standard):
        yield Problem(place, f"{shown} does not end with the name of the resource")


def _is_single(standard: Standard) -> bool:
    """Whether the path ends with what there is one of, such as `/settings` of `GetSettings` (AIP-156)."""
    return standard.route.template.segments[-1:] == (cases.camel(standard.noun),)


def _variables(method: Method, facts: Facts) -> Iterator[Problem]:
    standard = facts.standard(method)
    if standard is None:
        return
    found = [variable.field for variable in standard.route.template.variables]
    wanted = {
        "Get": "name",
        "Delete": "name",
        "Update": f"{cases.lower_snake(standard.noun)}.name",
    }.get(standard.verb, "parent")
    if found == [wanted] or (not found and standard.verb in _OF_COLLECTIONS):
        return
    listed = ", ".join(f"`{name}`" for name in found) or "none"
    yield Problem(
        method.at("options", HTTP),
        f"the variables in the path of `{method.name}` are {listed}, and would be `{wanted}` alone",
    )


def _response(method: Method, facts: Facts) -> Iterator[Problem]:
    standard = facts.standard(method)
    if standard is None or method.response_type == OPERATION:
        return
    short = method.response_type.rpartition(".")[2]
    wanted = f"{method.name}Response" if standard.verb == "List" else standard.noun
    if short == wanted or (standard.verb == "Delete" and method.response_type == EMPTY):
        return
    yield Problem(
        method.at("output_type"),
        f"`{method.name}` returns `{method.response_type}`; by AIP-{_NUMBERS[standard.verb]} it would"
        f" return `{'google.protobuf.Empty' if standard.verb == 'Delete' else wanted}`",
    )


def _body(method: Method, facts: Facts) -> Iterator[Problem]:
    standard = facts.standard(method)
    if standard is None or standard.verb not in ("Create", "Update") or not standard.route.body:
        return
    request, body = method.request, standard.route.body
    field = request.by_name.get(body) if request is not None else None
    if field is None or field.type_name.rpartition(".")[2] != standard.noun:
        yield Problem(
            method.at("options", HTTP),
            f"the body of `{method.name}` is `{body}` and would be the field that holds the `{standard.noun}`",
        )


def _create_id(method: Method, facts: Facts) -> Iterator[Problem]:
    standard = facts.standard(method)
    request = method.request
    if standard is None or standard.verb != "Create" or request is None:
        return
    wanted = f"{cases.lower_snake(standard.noun)}_id"
    if wanted not in request.by_name:
        yield Problem(request.place, f"`{request.full_name}` has no field `{wanted}`")


def _mask(method: Method, facts: Facts) -> Iterator[Problem]:
    standard, request = facts.standard(method), method.request
    if standard is None or standard.verb != "Update" or request is None or standard.route.verb != "PATCH":
        return
    if not any(field.type_name == MASK for field in request.fields):
        yield Problem(request.place, f"`{request.full_name}` of a PATCH has no `{MASK}`")


_LIST = "ListBooks(ListBooksRequest) returns (ListBooksResponse)"
_CREATE = "CreateBook(CreateBookRequest) returns (Book)"
_UPDATE = "UpdateBook(UpdateBookRequest) returns (Book)"
_UPDATE_REQUEST = message("UpdateBookRequest", "Book book", f"{MASK} update_mask")
_IMPORT_MASK = "google/protobuf/field_mask.proto"
_CREATE_REQUEST = message("CreateBookRequest", "string parent", "Book book", "string book_id")
_CREATE_ROUTE = 'post: "/v1/{parent=shelves/*}/books" body: "book"'
_GOOD = library((GET, GET_ROUTE))
_GOOD_CREATE = library((_CREATE, _CREATE_ROUTE), messages=_CREATE_REQUEST)


_REC, _ALL = Tier.RECOMMENDED, Tier.ALL

RULES = (
    LintRule(
        row(
            "standard-method-verb",
            "A standard method has another HTTP verb than its name says.",
            "Caches, proxies and retries go by the verb: a Get that is a POST is never cached, a Delete that is a POST"
            " is not repeated after a broken connection.",
            "Get and List are GET, Create is POST, Update is PATCH, Delete is DELETE.",
            library((GET, 'post: "/v1/{name=books/*}" body: "*"')),
            _GOOD,
            _REC,
            *_ALL_FIVE,
        ),
        Method,
        _verb,
    ),
    LintRule(
        row(
            "standard-method-path",
            "The path of a standard method does not fit what it does.",
            "Get, Update and Delete are about one resource, whose name ends the path; List and Create are about a"
            " collection, whose id ends it. Clients and generators of other tools build on that.",
            'Write `get: "/v1/{name=books/*}"` and `post: "/v1/books"`.',
            library((GET, 'get: "/v1/{name=books/*}/details"')),
            _GOOD,
            _REC,
            *_ALL_FIVE,
        ),
        Method,
        _path,
    ),
    LintRule(
        row(
            "standard-method-variable",
            "The path of a standard method binds other fields than `name` or `parent`.",
            "With one field for the whole name of a resource, clients hand on names and need not know how they are made.",
            "Bind `name`, of an Update that of the resource (`{book.name=books/*}`), of List and Create `parent`.",
            library((GET, 'get: "/v1/books/{book}"'), messages=message("GetBookRequest", "string book")),
            _GOOD,
            _ALL,
            "aip:122",
            *_ALL_FIVE,
        ),
        Method,
        _variables,
    ),
    LintRule(
        row(
            "standard-method-response",
            "A standard method does not return what its name says.",
            "Who has got the resource of a Get can send it to the Update. Guidelines disagree: buf asks for a response of"
            " its own for each call.",
            "Return the resource itself, a List `ListBooksResponse`, a Delete `google.protobuf.Empty`.",
            library(
                ("GetBook(GetBookRequest) returns (Volume)", GET_ROUTE),
                messages=f"{NAME}\n\n{message('Volume', 'string name')}",
            ),
            library((GET, GET_ROUTE), messages=f"{NAME}\n\n{message('Volume', 'string name')}"),
            _ALL,
            *_ALL_FIVE,
        ),
        Method,
        _response,
    ),
    LintRule(
        row(
            "standard-method-body",
            "The body of a Create or Update is not the resource.",
            "The JSON that a Get returns can then not be sent back as it is.",
            'Write `body: "book"`, the field that holds the resource; the rest goes into the query.',
            library((_CREATE, _CREATE_ROUTE.replace('"book"', '"*"')), messages=_CREATE_REQUEST),
            _GOOD_CREATE,
            _ALL,
            "aip:133",
            "aip:134",
        ),
        Method,
        _body,
    ),
    LintRule(
        row(
            "create-id-missing",
            "A Create does not let the client choose the id.",
            "With an id of its own choice a client can repeat the call after a broken connection, and names are the same"
            " in every environment.",
            "Add `string book_id`; the server may still choose where it is empty.",
            library(
                (_CREATE, _CREATE_ROUTE), messages=message("CreateBookRequest", "string parent", "Book book")
            ),
            _GOOD_CREATE,
            _ALL,
            "aip:133",
        ),
        Method,
        _create_id,
    ),
    LintRule(
        row(
            "update-mask-missing",
            "A PATCH does not say which fields are meant.",
            "In proto3 a field that is zero and one that was not sent look the same: without a mask the server either"
            " clears what an old client does not know, or never lets anything become zero.",
            "Add `google.protobuf.FieldMask update_mask` to the request.",
            library(
                (_UPDATE, 'patch: "/v1/{book.name=books/*}" body: "book"'),
                messages=message("UpdateBookRequest", "Book book"),
            ),
            library(
                (_UPDATE, 'patch: "/v1/{book.name=books/*}" body: "book"'),
                messages=_UPDATE_REQUEST,
                imports=_IMPORT_MASK,
            ),
            _REC,
            "aip:134",
            "aip:161",
        ),
        Method,
        _mask,
    ),
)
