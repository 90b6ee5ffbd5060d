"""What the contract tells about the API as a whole: purpose, people, licence, tags."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Fix, Severity, Tier
from apicontract.formats.openapi.lint import remedies
from apicontract.formats.openapi.lint.lint_rule import LintRule, Problem
from apicontract.formats.openapi.validate.rules.documents import described
from apicontract.sources.alterations import Drop, Reorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.openapi.lint.facts import Facts
    from apicontract.formats.openapi.lint.lint_rule import Check
    from apicontract.formats.openapi.walk import Node

_AUDIENCES = frozenset(
    {
        "component-internal",
        "business-unit-internal",
        "company-internal",
        "external-partner",
        "external-public",
    }
)


def _lacking(field: str, message: str) -> Check:
    """A check that a field is there and not empty."""

    def check(node: Node, _: Facts) -> Iterator[Problem]:
        value = node.fields.get(field)
        if not value or (isinstance(value, str) and not value.strip()):
            yield Problem(node.place(), message)

    return check


def _contact(node: Node, _: Facts) -> Iterator[Problem]:
    lacking = [field for field in ("name", "url", "email") if not node.fields.get(field)]
    if lacking:
        yield Problem(node.place(), f"the contact has no {' and no '.join(lacking)}")


def _license(node: Node, facts: Facts) -> Iterator[Problem]:
    if not node.fields.get("url") and not node.fields.get("identifier"):
        remedy = remedies.terms(node, facts)
        yield Problem(node.place(), "nothing says where the terms of the licence stand", remedy=remedy)


def _audience(node: Node, _: Facts) -> Iterator[Problem]:
    if node.text("x-audience") not in _AUDIENCES:
        yield Problem(node.place(), "nothing says for whom the API is (`x-audience`)")


def _names(facts: Facts) -> list[str]:
    return [tag.fields["name"] for tag in facts.root.all("tags") if isinstance(tag.fields.get("name"), str)]  # type: ignore[misc]


def _unsorted(node: Node, facts: Facts) -> Iterator[Problem]:
    names = _names(facts)
    for at, (one, following) in enumerate(pairwise(names)):
        if one.casefold() > following.casefold():
            order = tuple(sorted(range(len(names)), key=lambda index: names[index].casefold()))
            told = f"the tag `{following}` stands after `{one}`"
            whole = len(names) == len(node.all("tags"))
            remedy = (Reorder(node.place("tags"), order),) if whole else ()
            yield Problem(node.place("tags", at + 1), told, remedy=remedy)
            return


def _used(facts: Facts) -> set[str]:
    found: set[str] = set()
    for node in facts.nodes("operation"):
        tags = node.fields.get("tags")
        found.update(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else None
    return found


def _unused(node: Node, facts: Facts) -> Iterator[Problem]:
    """Tags that no operation has; a parent of others (3.2) groups them, and redoc's groups name tags too."""
    used = _used(facts)
    for tag in node.all("tags"):
        name = tag.fields.get("name")
        parent = any(other.fields.get("parent") == name for other in node.all("tags"))
        if isinstance(name, str) and name not in used and not parent and not tag.fields.get("x-displayName"):
            remedy = (Drop(tag.place(), prune=True),)
            yield Problem(tag.place(), f"no operation has the tag `{name}`", remedy=remedy)


def _informed(more: str, beside: str = "") -> str:
    return described("paths: {}" + beside).replace("version: 1.0.0", f"version: 1.0.0{more}")


_TAGGED = (
    "paths: {{/orders: {{put: {{tags: [{}], responses: {{'204': {{description: Done}}}}}}}}}}\ntags: [{}]"
)


def _tagged(tags: str, used: str = "orders, stock") -> str:
    return described(_TAGGED.format(used, tags))


def _plain_rule(  # noqa: PLR0913
    rule_id: str, title: str, why: str, advice: str, examples: tuple[str, str], check: Check,
    references: tuple[str, ...], *, kind: str = "info", tier: Tier = Tier.ALL, fix: Fix = Fix.NONE, mends: str = "",
) -> LintRule:  # fmt: skip
    """A rule of this module: each is an INFO on one object."""
    rule = FindingRule(
        rule_id, title, Severity.INFO, why, advice, *examples, category="documentation", tier=tier, fix=fix,
        mends=mends, references=references,
    )  # fmt: skip
    return LintRule(rule, (kind,), check)


RULES = (
    _plain_rule(
        "info-without-description",
        "Nothing says what the API is for.",
        "Whoever finds it cannot tell whether it is the one they look for.",
        "Describe in a few sentences what it does, for whom, and how to begin.",
        (_informed(""), _informed(", description: Takes orders of the shop and follows them to the door.")),
        _lacking("description", "nothing says what the API is for"),
        ("zalando:218", "spectral:info-description", "redocly:info-description"),
        tier=Tier.RECOMMENDED,
    ),
    _plain_rule(
        "info-without-contact",
        "Nothing says whom to ask.",
        "Consumers who find a mistake, or need a change, ask around or give up.",
        "Name the team and its address in `contact`.",
        (
            _informed(""),
            _informed(
                ", contact: {name: Orders, url: 'https://acme-shop.com/orders', email: orders@acme-shop.com}"
            ),
        ),
        _lacking("contact", "nothing says whom to ask about the API"),
        ("zalando:218", "spectral:info-contact", "redocly:info-contact"),
        tier=Tier.RECOMMENDED,
    ),
    _plain_rule(
        "contact-incomplete",
        "The contact lacks a name, a URL or an address.",
        "One of the three is always the one that still works.",
        "Give all three.",
        (
            _informed(", contact: {name: Orders}"),
            _informed(
                ", contact: {name: Orders, url: 'https://acme-shop.com/orders', email: orders@acme-shop.com}"
            ),
        ),
        _contact,
        ("zalando:218", "spectral:contact-properties"),
        kind="contact",
    ),
    _plain_rule(
        "info-without-license",
        "Nothing says under which licence the contract may be used.",
        "Whoever generates a client and publishes it does not know whether they may.",
        "Name the licence; inside a company, say so.",
        (
            _informed(""),
            _informed(", license: {name: Apache-2.0, url: 'https://www.apache.org/licenses/LICENSE-2.0'}"),
        ),
        _lacking("license", "nothing says under which licence the contract may be used"),
        ("spectral:info-license", "redocly:info-license"),
    ),
    _plain_rule(
        "license-without-terms",
        "The licence has a name, and nothing says where its terms stand.",
        "Names of licences are not unique; the terms are what counts.",
        "Give the `url`, or from 3.1 on the SPDX `identifier`.",
        (
            _informed(", license: {name: House licence}"),
            _informed(", license: {name: House licence, url: 'https://acme-shop.com/licence'}"),
        ),
        _license,
        ("spectral:license-url", "redocly:info-license-strict"),
        kind="license",
        fix=Fix.SAFE,
        mends="Of a licence that SPDX knows, adds the `identifier`, or before 3.1 the `url` of its "
        "page there.",
    ),
    _plain_rule(
        "info-without-audience",
        "Nothing says for whom the API is.",
        "What is meant for one team and used by partners cannot be changed any more.",
        "Set `info.x-audience` to `component-internal`, `business-unit-internal`, `company-internal`, "
        "`external-partner` or `external-public`.",
        (_informed(""), _informed(", x-audience: company-internal")),
        _audience,
        ("zalando:219",),
    ),
    _plain_rule(
        "info-without-id",
        "The API has no id of its own.",
        "Titles change; catalogues then take the same API for another one.",
        "Set `info.x-api-id` to a UUID, and never change it.",
        (_informed(""), _informed(", x-api-id: d0184f38-b98d-11e7-9c56-68f728c1ba70")),
        _lacking("x-api-id", "the API has no id of its own (`x-api-id`)"),
        ("zalando:215",),
    ),
    _plain_rule(
        "tag-without-description",
        "A tag has no description.",
        "It is the heading of a chapter of the documentation, and the chapter begins with nothing.",
        "Say in a sentence what the operations of the tag have in common.",
        (
            _tagged("{name: orders}", "orders"),
            _tagged("{name: orders, description: All about orders}", "orders"),
        ),
        lambda node, facts: _lacking(
            "description", f"nothing says what the tag `{node.fields.get('name')}` is about"
        )(node, facts),
        ("spectral:tag-description", "redocly:tag-description"),
        kind="tag",
    ),
    _plain_rule(
        "tags-unsorted",
        "The tags are not in alphabetical order.",
        "In a long list nobody finds a name, and two people add the same one at two places.",
        "Sort them by name.",
        (_tagged("{name: stock}, {name: orders}"), _tagged("{name: orders}, {name: stock}")),
        _unsorted,
        ("spectral:openapi-tags-alphabetical", "redocly:tags-alphabetical"),
        kind="document",
        fix=Fix.SAFE,
        mends="Sorts the tags, each with its comments.",
    ),
    _plain_rule(
        "tag-unused",
        "No operation has a tag that is declared.",
        "The documentation has an empty chapter; often the tag was renamed in one place only.",
        "Take it out, or give it to its operations.",
        (_tagged("{name: orders}, {name: stock}", "orders"), _tagged("{name: orders}", "orders")),
        _unused,
        (),
        kind="document",
        fix=Fix.UNSAFE,
        mends="Takes the tag out.",
    ),
)
