"""Lint of GitHub's own contract: what it finds is there, and what is there it finds, counted another way."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import corpora
import pytest

import apicontract
from apicontract.findings import DEFAULT_SETTINGS, Tier
from apicontract.formats.openapi.lint import findings_of, lint
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.facts import Facts

pytestmark = pytest.mark.corpus


@cache
def _path(name: str) -> Path:
    try:
        return corpora.github("23.0.2", name)
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))


@cache
def _found(name: str) -> dict[str, list[apicontract.Finding]]:
    contract = apicontract.load(_path(name))
    found = lint(contract, {rule.rule.id for rule in LINT_RULES}, DEFAULT_SETTINGS)  # type: ignore[arg-type]
    return {rule: [one for one in found if one.rule == rule] for rule in {one.rule for one in found}}


@cache
def _value(name: str) -> dict:
    return json.loads(_path(name).read_text(encoding="utf-8"))


def _at(value, pointer: str):
    for token in pointer.replace("~1", "\0").split("/")[1:]:
        name = token.replace("\0", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def test_every_place_leads_to_something():
    for findings in _found("ghes-3.18").values():
        for finding in findings[:200]:
            _at(_value("ghes-3.18"), finding.place.pointer)


def test_unused_components_are_those_that_no_reference_names():
    text = _path("ghes-3.18").read_text(encoding="utf-8")
    named = Counter(re.findall(r'"#/components/(\w+)/([^"/]+)', text))
    shelves = _value("ghes-3.18")["components"]
    unnamed = {
        f"/components/{shelf}/{name}"
        for shelf, held in shelves.items()
        for name in held
        if not named[shelf, name]
    }
    reported = {finding.place.pointer for finding in _found("ghes-3.18")["component-unused"]}
    assert unnamed <= reported
    for pointer in reported - unnamed:  # what only unused ones use
        shelf, name = pointer.split("/")[2:]
        inside = sum(
            f'"#/components/{shelf}/{name}"' in json.dumps(_at(shelves, p.removeprefix("/components")))
            for p in reported
        )
        assert inside >= named[shelf, name]


def test_undocumented_properties_are_counted_alike():
    value, count = _value("ghes-3.18"), 0
    contract = apicontract.load(_path("ghes-3.18"))
    for node in Facts(contract).nodes("schema"):  # type: ignore[arg-type]
        if node.field == "properties":
            held = _at(value, node.pointer)
            seen = held
            while "$ref" in seen and not seen.get("description"):
                seen = _at(value, seen["$ref"].removeprefix("#"))
            count += not (held.get("description") or seen.get("description"))
    assert len(_found("ghes-3.18")["property-undocumented"]) == count


def test_operations_without_429_are_counted_alike():
    methods = {"get", "put", "post", "delete", "patch"}
    operations = [
        (path, operation)
        for path, item in _value("ghes-3.18")["paths"].items()
        for method, operation in item.items()
        if method in methods
    ]
    silent = [path for path, operation in operations if not {"429", "4XX"} & operation["responses"].keys()]
    reported = len(_found("ghes-3.18")["operation-without-rate-limit"])
    assert len(silent) - 5 <= reported <= len(silent)  # the service's own state (`/meta`, …) is left out


@pytest.mark.parametrize("name", ["ghes-3.17", "ghes-3.19", "api.github.com", "ghec"])
def test_other_releases_are_linted(name: str):
    found = _found(name)
    ambiguous = [finding.message for finding in found.get("paths-ambiguous", [])]
    assert all(
        "/codespaces/{codespace_name}/" in message for message in ambiguous
    )  # numbers and words never meet
    assert len(found["date-without-format"]) > 100


def test_a_rule_finds_the_same_alone_and_among_all():
    facts = Facts(apicontract.load(_path("ghes-3.18")))  # type: ignore[arg-type]
    for rule in LINT_RULES:
        if rule.rule.tier <= Tier.RECOMMENDED:
            alone = {(one.place.pointer, one.message) for one in findings_of(facts, [rule])}
            assert alone == {
                (one.place.pointer, one.message) for one in _found("ghes-3.18").get(rule.rule.id, [])
            }
