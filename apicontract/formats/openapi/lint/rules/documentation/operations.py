"""What the contract tells about each operation: its name, its tags, its purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import remedies
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described, operated
from apicontract.sources.alterations import Drop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.walk import Node


def _text(node: Node, field: str) -> str:
    value = node.fields.get(field)
    return value.strip() if isinstance(value, str) else ""


def _title(node: Node, facts: Facts) -> str:
    endpoint = facts.by_operation.get(id(node))
    return endpoint.title if endpoint is not None else f"the {node.key.upper()} of a callback or webhook"


def _undocumented(node: Node, facts: Facts) -> Iterator[Problem]:
    if not _text(node, "summary") and not _text(node, "description"):
        yield Problem(node.place(), f"nothing says what {_title(node, facts)} does")


def _no_summary(node: Node, facts: Facts) -> Iterator[Problem]:
    if not _text(node, "summary") and _text(node, "description"):
        yield Problem(node.place(), f"{_title(node, facts)} has a description and no summary")


def _no_description(node: Node, facts: Facts) -> Iterator[Problem]:
    if not _text(node, "description") and _text(node, "summary"):
        yield Problem(node.place(), f"{_title(node, facts)} has a summary and no description")


def _repeated(node: Node, _: Facts) -> Iterator[Problem]:
    summary, description = _text(node, "summary"), _text(node, "description")
    if summary and summary.rstrip(".").casefold() == description.rstrip(".").casefold():
        place = node.place("description")
        yield Problem(place, "the description says what the summary says", remedy=(Drop(place),))


def _long(node: Node, facts: Facts) -> Iterator[Problem]:
    length, most = len(_text(node, "summary")), facts.settings.max_summary_length
    if length > most:
        yield Problem(node.place("summary"), f"the summary has {length} characters, and lists show {most}")


def _no_id(_: Node, facts: Facts) -> Iterator[Problem]:
    silent = [endpoint for endpoint in facts.endpoints if not _text(endpoint.node, "operationId")]
    names = remedies.operation_ids(facts) if silent else {}
    for endpoint in silent:
        node = endpoint.node
        remedy = remedies.called(node, names.get(id(node)))
        yield Problem(node.place(), f"{endpoint.title} has no operationId", remedy=remedy)


def _untagged(node: Node, facts: Facts) -> Iterator[Problem]:
    """No tag, in a contract that uses tags, or that is too long to do without."""
    endpoint = facts.by_operation.get(id(node))
    if endpoint is not None and not node.fields.get("tags"):
        yield Problem(node.place(), f"{endpoint.title} has no tag")


def _undeclared(node: Node, facts: Facts) -> Iterator[Problem]:
    tags = node.fields.get("tags")
    for at, tag in enumerate(tags if isinstance(tags, list) else ()):
        if isinstance(tag, str) and tag not in facts.tags:
            remedy = remedies.tag_declared(tag, facts)
            yield Problem(node.place("tags", at), f"the tag `{tag}` is not declared", remedy=remedy)


def _several(node: Node, facts: Facts) -> Iterator[Problem]:
    tags = node.fields.get("tags")
    if isinstance(tags, list) and len(tags) > 1:
        yield Problem(node.place("tags"), f"{_title(node, facts)} has {len(tags)} tags")


def _tagged(tags: str) -> str:
    return described(
        f"paths: {{/orders: {{put: {{{tags}responses: {{'204': {{description: Done}}}}}}}}}}\n"
        "tags: [{name: orders}, {name: stock}]"
    )


RULES = (
    LintRule(
        FindingRule(
            "operation-undocumented",
            "Nothing says what an operation does.",
            Severity.WARNING,
            "The path says which thing is meant, not what happens to it, when, and what else changes.",
            "Write a `summary` of one line, and a `description` where more is to be known.",
            operated("tags: []", method="put"),
            operated("summary: Places an order.\ndescription: Charges nothing yet.", method="put"),
            category="documentation",
            references=("zalando:101", "spectral:operation-description", "redocly:operation-summary"),
        ),
        ("operation",),
        _undocumented,
    ),
    LintRule(
        FindingRule(
            "operation-without-summary",
            "An operation has a description and no summary.",
            Severity.INFO,
            "Lists, menus and changelogs show the summary; without one they show the path.",
            "Say in one line what it does.",
            operated("description: Places an order."),
            operated("summary: Places an order.\ndescription: Charges nothing yet."),
            category="documentation",
            tier=Tier.ALL,
            references=("redocly:operation-summary",),
        ),
        ("operation",),
        _no_summary,
    ),
    LintRule(
        FindingRule(
            "operation-without-description",
            "An operation has a summary and no description.",
            Severity.INFO,
            "What must hold before, what changes besides, and what may go wrong does not fit into one line.",
            "Describe it.",
            operated("summary: Places an order."),
            operated("summary: Places an order.\ndescription: Charges nothing yet."),
            category="documentation",
            tier=Tier.ALL,
            references=("spectral:operation-description", "redocly:operation-description"),
        ),
        ("operation",),
        _no_description,
    ),
    LintRule(
        FindingRule(
            "description-repeats-summary",
            "The description of an operation says what its summary says.",
            Severity.INFO,
            "Readers who open it learn nothing, and stop opening others.",
            "Say more, or leave it out.",
            operated("summary: Places an order\ndescription: Places an order."),
            operated("summary: Places an order\ndescription: Charges nothing yet."),
            fix=Fix.SAFE,
            mends="Takes the description out.",
            category="documentation",
            tier=Tier.ALL,
            references=("zalando:101",),
        ),
        ("operation",),
        _repeated,
        having=("summary",),
    ),
    LintRule(
        FindingRule(
            "summary-too-long",
            "The summary of an operation is too long for a list.",
            Severity.INFO,
            "Lists cut it off, usually before the word that matters.",
            "Say it in one short line; the rest belongs into the description.",
            operated(f"summary: Places an order{' for the customer who is logged in' * 4}."),
            operated("summary: Places an order for the customer who is logged in."),
            category="documentation",
            tier=Tier.ALL,
            references=("vacuum:operation-summary-length",),
        ),
        ("operation",),
        _long,
        having=("summary",),
    ),
    LintRule(
        FindingRule(
            "operation-id-missing",
            "An operation has no operationId.",
            Severity.WARNING,
            "Generated code names its method after the path, and renames it when the path changes; links and "
            "workflows cannot refer to it.",
            "Give it one: a verb and a thing, `placeOrder`.",
            operated("summary: Place an order"),
            operated("summary: Place an order\noperationId: place"),
            fix=Fix.UNSAFE,
            mends="Makes one of method and path (`getOrdersByOrderId`), in the style of the others, if it "
            "is not taken.",
            category="documentation",
            references=(
                "spectral:operation-operationId",
                "redocly:operation-operationId",
                "vacuum:operation-operationId",
            ),
        ),
        ("document",),
        _no_id,
    ),
    LintRule(
        FindingRule(
            "operation-untagged",
            "An operation has no tag.",
            Severity.INFO,
            "Documentation and generated clients put all of these into one heap called `default`.",
            "Give it the tag of the thing that it is about.",
            _tagged(""),
            _tagged("tags: [orders], "),
            category="documentation",
            references=("spectral:operation-tags",),
        ),
        ("operation",),
        _untagged,
    ),
    LintRule(
        FindingRule(
            "tag-undeclared",
            "An operation has a tag that is not declared.",
            Severity.INFO,
            "It has no description and no place in the order of chapters; a misspelt one makes a chapter of its own.",
            "Declare it in `tags`, or correct its name.",
            _tagged("tags: [order], "),
            _tagged("tags: [orders], "),
            fix=Fix.SAFE,
            mends="Declares the tag as the last one, unless it looks like a misspelt one of those that are "
            "declared.",
            category="documentation",
            references=("spectral:operation-tag-defined", "redocly:operation-tag-defined"),
        ),
        ("operation",),
        _undeclared,
        having=("tags",),
    ),
    LintRule(
        FindingRule(
            "operation-several-tags",
            "An operation has several tags.",
            Severity.INFO,
            "It appears in several chapters, and generated clients have its method several times.",
            "Give it the one that it is about.",
            _tagged("tags: [orders, stock], "),
            _tagged("tags: [orders], "),
            category="documentation",
            tier=Tier.ALL,
            references=("spectral:operation-singular-tag", "redocly:operation-singular-tag"),
        ),
        ("operation",),
        _several,
        having=("tags",),
    ),
)
