"""Rules on resources: that messages say that they are resources, and fields whose names they hold.

Source: AIP-122, 123, 124, 203; google/api/resource.proto, field_behavior.proto.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.annotations import (
    RESOURCE,
    field_behaviors,
    refers_to_resource,
    resource,
)
from apicontract.formats.proto.elements import Field, Message, Method
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.examples import GET, GET_ROUTE, NAME, library
from apicontract.formats.proto.validate.rules.texts import orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts

_TYPE = re.compile(r"[a-z][a-z0-9.-]*\.[a-z]+/[A-Z][A-Za-z0-9]*")
_NAMES = ("name", "resource_name")  # the second as the APIs of Google Ads have it
_REFERRING = ("name", "parent")


def _unsaid(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.full_name in facts.got and "name" in message.by_name and resource(message) is None:
        yield Problem(
            message.place, f"`{message.full_name}` is what a Get returns, and is not said to be a resource"
        )


def _type(message: Message, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    said = resource(message)
    if said is not None and not _TYPE.fullmatch(said.type):
        yield Problem(
            message.at("options", RESOURCE),
            f"the type of the resource `{message.full_name}`, `{said.type}`, is not like `example.com/{message.name}`",
        )


def _pattern(message: Message, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    said = resource(message)
    if said is not None and not said.patterns:
        yield Problem(message.at("options", RESOURCE), f"the resource `{message.full_name}` has no pattern")


def _nameless(message: Message, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    said = resource(message)
    if said is None:
        return
    names = (said.name_field,) if said.name_field else _NAMES
    if not any(name in message.by_name for name in names):
        yield Problem(message.place, f"the resource `{message.full_name}` has no field `{names[0]}`")


def _unreferred(method: Method, facts: Facts) -> Iterator[Problem]:
    request = method.request
    if facts.standard(method) is None or request is None or not request.file.is_own:
        return
    for name in _REFERRING:
        field = request.by_name.get(name)
        if field is not None and not refers_to_resource(field):
            yield Problem(field.place, f"`{field.full_name}` does not say which resource it names")


def _behaviourless(field: Field, facts: Facts) -> Iterator[Problem]:
    message = field.message
    if message is not None and message.full_name in facts.requested and not field_behaviors(field):
        yield Problem(field.place, f"`{field.full_name}` does not say whether it is required")


_RESOURCE = "google/api/resource.proto"
_BEHAVIOR = "google/api/field_behavior.proto"


def _book(option: str, field: str = "name") -> str:
    lines = f"  option (google.api.resource) = {{\n    {option}\n  }};\n" if option else ""
    return f"message Book {{\n{lines}  string {field} = 1;\n}}"


def _alone(option: str, field: str = "name") -> str:
    return orders(_book(option, field), imports=_RESOURCE, package="acme.library.v1")


_SAID = 'type: "library.example.com/Book"\n    pattern: "books/{book}"'
_PLAIN = "message Book {\n  string name = 1;\n}"
_GET = library((GET, GET_ROUTE))
_GET_IMPORTING = library((GET, GET_ROUTE), imports=_RESOURCE)
_GOOD = _alone(_SAID)
_GET_FIELDS = library((GET, GET_ROUTE), imports=_BEHAVIOR)

RULES = (
    LintRule(
        FindingRule(
            "resource-unannotated",
            "What a Get returns is not said to be a resource.",
            Severity.INFO,
            "Generators make functions from `google.api.resource` that build and take apart names; policies and other APIs"
            " refer to its type.",
            "Add `google.api.resource` with the type and the patterns of its names.",
            _GET,
            _GET_IMPORTING.replace(_PLAIN, _book(_SAID)),
            tier=Tier.ALL,
            references=("aip:123", "aip:4231"),
        ),
        Message,
        _unsaid,
    ),
    LintRule(
        FindingRule(
            "resource-type-malformed",
            "The type of a resource is not a host and a kind.",
            Severity.WARNING,
            "Types are known beyond their API: `library.example.com/Book` is one, `book` could be anybody's.",
            "Write the host of the service, a slash, and the kind in PascalCase.",
            _alone(_SAID.replace("library.example.com/Book", "book")),
            _GOOD,
            references=("aip:123",),
        ),
        Message,
        _type,
    ),
    LintRule(
        FindingRule(
            "resource-pattern-missing",
            "A resource does not say how its names are made.",
            Severity.WARNING,
            "Without a pattern nothing can be generated for its names, and nobody can check one.",
            'Add `pattern: "books/{book}"`.',
            _alone('type: "library.example.com/Book"'),
            _GOOD,
            references=("aip:123", "aip:122"),
        ),
        Message,
        _pattern,
    ),
    LintRule(
        FindingRule(
            "resource-name-missing",
            "A resource has no field for its name.",
            Severity.WARNING,
            "Who has got a resource needs its name for the next call.",
            "Add `string name`, or say with `name_field` which field it is.",
            _alone(_SAID, field="title"),
            _GOOD,
            references=("aip:122", "aip:123"),
        ),
        Message,
        _nameless,
    ),
    LintRule(
        FindingRule(
            "resource-reference-missing",
            "The `name` or `parent` of a standard method does not say which resource it names.",
            Severity.INFO,
            "Tools then cannot tell names of books from names of shelves, nor lead from one API to the other.",
            "Add `google.api.resource_reference` with the type.",
            _GET,
            _GET_IMPORTING.replace(
                NAME,
                'message GetBookRequest {\n  string name = 1 [(google.api.resource_reference).type = "library.example.com/Book"];\n}',
            ),
            tier=Tier.ALL,
            references=("aip:124", "aip:131", "aip:132", "aip:133", "aip:135"),
        ),
        Method,
        _unreferred,
    ),
    LintRule(
        FindingRule(
            "field-behavior-missing",
            "A field of the request of an HTTP call does not say whether it is required.",
            Severity.INFO,
            "There are no required fields in proto3: without `google.api.field_behavior` only the refused call tells.",
            "Add `REQUIRED`, `OPTIONAL` or what else it is.",
            _GET,
            _GET_FIELDS.replace(
                NAME,
                "message GetBookRequest {\n  string name = 1 [(google.api.field_behavior) = REQUIRED];\n}",
            ),
            tier=Tier.ALL,
            references=("aip:203",),
        ),
        Field,
        _behaviourless,
    ),
)
