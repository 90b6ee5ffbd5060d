"""Every remedy: the finding is gone, nothing else is worse, and what is safe is at most a patch.

Each rule's bad example is mended as it is written, and as JSON and YAML in other styles; the judge is our
own comparison, read strictly.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest
import yaml

from apicontract.changes import Level
from apicontract.findings import Fix, Severity
from apicontract.formats import DiffOptions
from apicontract.formats.openapi import FORMAT
from apicontract.formats.openapi.lint import lint
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.load import load
from apicontract.formats.openapi.validate import validate
from apicontract.formats.openapi.validate.rules.documents import described, operated, schemed
from apicontract.sources import read
from apicontract.sources.rewriting import rewritable
from openapi.validate.mutations import mutate

from .conftest import ALL_IDS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from apicontract.formats.openapi.load import OpenApi

FIXABLE = [rule.rule for rule in LINT_RULES if rule.rule.fix is not Fix.NONE]
SAFE = [rule.id for rule in FIXABLE if rule.fix is Fix.SAFE]
STRICT = DiffOptions(strict=True)
ROUNDS = 20

_LOGIN = (
    "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Login'}}}}\n"
    "responses: {'200': {description: Done, content: {application/json: "
    "{schema: {$ref: '#/components/schemas/Login'}}}}}"
)
#: Where the bad example shows a case that calls for a person.
EXAMPLES = {
    "license-without-terms": described("paths: {}").replace(
        "version: 1.0.0", "version: 1.0.0, license: {name: MIT}"
    ),
    "version-not-semantic": described("paths: {}").replace("1.0.0", "'v1.2'"),
    "secret-readable": operated(_LOGIN)
    + "\ncomponents: {schemas: {Login: {type: object, properties: {password: {type: string}}}}}",
    "tag-undeclared": operated("tags: [orders]") + "\ntags: [{name: stock}]",
}
STYLES: dict[str, Callable[[str], tuple[str, str]]] = {
    "as-written": lambda text: ("a.yaml", text),
    "json": lambda text: ("a.json", json.dumps(yaml.safe_load(text), indent=2)),
    "tight": lambda text: ("a.json", json.dumps(yaml.safe_load(text), separators=(",", ":"))),
    "block": lambda text: ("a.yaml", yaml.safe_dump(yaml.safe_load(text), sort_keys=False)),
    "crlf": lambda text: (
        "a.yaml",
        yaml.safe_dump(yaml.safe_load(text), sort_keys=False).replace("\n", "\r\n"),
    ),
}


def contract(folder: Path, name: str, text: str) -> OpenApi:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return load(read(str(folder / name)))


def mended(folder: Path, name: str, text: str, rules: set[str], fixes: set[Fix]) -> tuple[str, int]:
    """The text once all that the rules know to mend is mended, and how much that was."""
    count = 0
    for _ in range(ROUNDS):
        given = contract(folder, name, text)
        remedies = [found.remedy for found in lint(given, rules) if found.remedy is not None]
        groups = [remedy.alterations for remedy in remedies if remedy.fix in fixes]
        if not groups:
            return text, count
        new, made = rewritable(given.library.root, groups)
        assert new is not None, groups
        text, count = new.decode(), count + len(made)
    raise AssertionError(f"does not settle: {text}")


def errors(given: OpenApi) -> Counter[str]:
    from collections import Counter

    return Counter(found.rule for found in validate(given) if found.severity is Severity.ERROR)


def levels(old: OpenApi, new: OpenApi) -> Level:
    return max((change.level for change in FORMAT.diff(old, new, STRICT)), default=Level.NONE)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("rule", FIXABLE, ids=[rule.id for rule in FIXABLE])
def test_the_finding_is_gone_and_nothing_is_worse(rule, style: str, tmp_path: Path) -> None:
    name, text = STYLES[style](EXAMPLES.get(rule.id, rule.bad))
    old = contract(tmp_path, f"old-{name}", text)
    before = lint(old, ALL_IDS)
    concerned = [found for found in before if found.rule == rule.id]
    assert concerned
    assert all(found.remedy is not None for found in concerned)
    new_text, count = mended(tmp_path, name, text, {rule.id}, {Fix.SAFE, Fix.UNSAFE})
    assert count >= len(concerned)
    new = contract(tmp_path, name, new_text)
    assert lint(new, {rule.id}) == []
    assert errors(new) <= errors(old)
    if all(found.remedy.fix is Fix.SAFE for found in concerned):
        assert levels(old, new) <= Level.PATCH
        assert levels(new, old) <= Level.PATCH
    if style == "crlf":
        assert new_text.count("\n") == new_text.count("\r\n")


@pytest.mark.parametrize("rule", [one.rule for one in LINT_RULES], ids=lambda rule: rule.id)
def test_only_rules_that_say_so_know_a_remedy(rule, tmp_path: Path) -> None:
    found = lint(contract(tmp_path, "a.yaml", rule.bad), {rule.id})
    for one in found:
        if rule.fix is Fix.NONE:
            assert one.remedy is None
        elif one.remedy is not None:
            assert one.remedy.fix in (rule.fix, Fix.SAFE)
            assert len({id(each.place.document) for each in one.remedy.alterations}) == 1


def test_rules_with_a_remedy_say_what_it_does() -> None:
    assert all(bool(rule.rule.mends) == (rule.rule.fix is not Fix.NONE) for rule in LINT_RULES)
    assert all(rule.mends.endswith(".") for rule in FIXABLE)


def test_there_are_many() -> None:
    assert len(FIXABLE) >= 20
    assert len(SAFE) >= 8


#: What the contracts of the random test are made of: parts that have much to mend.
PARTS = {
    "paths": [
        ("/orders/", {"get": {"summary": "List", "description": "list.", "tags": ["orders", "Stock"]}}),
        ("/orders", {"delete": {"tags": ["stock"]}}),
        ("//stock/{id}", {"get": {"tags": ["b"]}}),
        ("/a", {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Login"}}}}}}),
        ("/b", {"get": {"parameters": [{"name": "createdAt", "in": "query", "schema": {"type": "string"}}]}}),
    ],
    "schemas": [
        ("Login", {"type": "object", "properties": {"password": {"type": "string"}, "userUuid": {"type": "string"}}}),
        ("Used", {"type": "string", "format": "string", "example": "string"}),
        ("Unused", {"$ref": "#/components/schemas/Used"}),
        ("Other", {"type": "object", "example": {"a": "b: c"}, "properties": {"at": {"type": "string", "format": "datetime"}}}),
        ("Dull", {"type": "array", "items": {"type": "string"}, "example": ["a", "b"]}),
    ],
    "tags": ["stock", "orders", "Zebra", "apple", "unused"],
}  # fmt: skip


def _made_up(rng: Random) -> dict:
    def some(what: str) -> list:
        return rng.sample(PARTS[what], rng.randrange(1, len(PARTS[what]) + 1))

    paths = {
        path: {
            method: {**operation, "responses": {"204": {"description": "Done"}}}
            for method, operation in item.items()
        }
        for path, item in some("paths")
    }
    schemas = dict(PARTS["schemas"][:1] + PARTS["schemas"][1:2] + some("schemas"))
    return {
        "openapi": rng.choice(["3.0.3", "3.1.0", "3.1.0"]),
        "info": {"title": "A", "version": "1.0.0", "license": {"name": rng.choice(["MIT", "Ours"])}},
        "servers": [{"url": rng.choice(["http://api.acme-shop.com/", "https://api.acme-shop.com"])}],
        "tags": [{"name": name} for name in some("tags")],
        "paths": json.loads(json.dumps(paths)),
        "components": {"schemas": json.loads(json.dumps(schemas))},
    }


@pytest.mark.parametrize("seed", range(40))
def test_safe_is_a_patch_at_most_whatever_the_contract(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)  # noqa: S311
    value = _made_up(rng)
    if seed % 2:
        value = mutate(value, rng)
        if not isinstance(value, dict):
            return
    name, text = STYLES[rng.choice(["json", "tight", "block", "crlf"])](json.dumps(value))
    try:
        old = contract(tmp_path, f"old-{name}", text)
    except Exception:  # a mistake that makes it no contract at all
        return
    given = set(ALL_IDS)
    new_text, _ = mended(tmp_path, name, text, given, {Fix.SAFE})
    new = contract(tmp_path, name, new_text)
    assert errors(new) <= errors(old)
    assert levels(old, new) <= Level.PATCH, new_text
    again, count = mended(tmp_path, name, new_text, given, {Fix.SAFE})
    assert (again, count) == (new_text, 0)
    unsafe_text, _ = mended(tmp_path, name, text, given, {Fix.SAFE, Fix.UNSAFE})
    assert errors(contract(tmp_path, name, unsafe_text)) <= errors(old)


def test_a_date_is_meant_as_it_is_shown(tmp_path: Path) -> None:
    text = schemed(
        "A: {type: object, properties: {startDate: {type: string, example: '2024-01-01T00:00:00Z'}, "
        "endDate: {type: string}, updatedAt: {type: string, example: yesterday}}}"
    )
    new, count = mended(tmp_path, "a.yaml", text, {"date-without-format"}, {Fix.UNSAFE})
    assert count == 2
    assert "startDate: {type: string, format: date-time, example" in new
    assert "endDate: {type: string, format: date}" in new
    assert "updatedAt: {type: string, example: yesterday}" in new


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("tag-undeclared", operated("tags: [order]") + "\ntags: [{name: orders}]"),  # a slip of the pen
        ("path-trailing-slash", described("paths: {/a/: {}, /a: {}}")),
        ("path-trailing-slash", described("paths: {'/a{b}/': {}, /c: {$ref: '#/paths/~1a%7Bb%7D~1'}, '/a{c}': {}}")),
        ("path-trailing-slash", described("paths: {/a/: {}, /b: {$ref: '#/paths/~1a~1'}}")),
        ("version-not-semantic", described("paths: {}").replace("1.0.0", "'2026-11'")),
        ("license-without-terms", described("paths: {}").replace("1.0.0", "1.0.0, license: {name: Ours}")),
        ("uuid-not-promised", described("paths: {}\ncomponents: {schemas: {A: {type: object, properties: {userUuid: {$ref: '#/components/schemas/B'}}}, B: {type: string}}}")),
        ("example-field-outdated", schemed("A: {type: string, example: a, examples: [b]}", "3.1.0")),
    ],
)  # fmt: skip
def test_where_someone_must_decide_there_is_no_remedy(rule: str, text: str, tmp_path: Path) -> None:
    found = lint(contract(tmp_path, "a.yaml", text), {rule})
    assert found
    assert [one.remedy for one in found] == [None] * len(found)
