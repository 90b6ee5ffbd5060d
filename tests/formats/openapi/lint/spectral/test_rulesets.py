"""Reading rulesets: what they extend, what is refused and where, and what cannot be run."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import apicontract
from apicontract.formats.openapi.lint import spectral
from apicontract.formats.openapi.lint.spectral.members import ScriptError
from apicontract.formats.openapi.lint.spectral.messages import filled
from apicontract.formats.openapi.lint.spectral.oas import RULES
from apicontract.formats.openapi.lint.spectral.paths import PathError, path
from apicontract.formats.openapi.lint.spectral.patterns import PatternError, pattern
from apicontract.formats.openapi.lint.spectral.scripts import Scope, script
from apicontract.formats.openapi.lint.spectral.values import UNDEFINED, keys_of, text, truthy
from apicontract.sources import ContractError, ReadOptions

ORDERS = "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\npaths: {}\n"


def _load(folder: Path, written: str, name: str = "r.yaml") -> spectral.Ruleset:
    (folder / name).write_text(written, encoding="utf-8")
    return spectral.load(str(folder / name), ReadOptions())


def _found(folder: Path, ruleset: spectral.Ruleset, contract: str = ORDERS) -> list[tuple[str, str]]:
    file = folder / "api.yaml"
    file.write_text(contract, encoding="utf-8")
    wanted = frozenset(rule.id for rule in spectral.rules_of([ruleset]))
    return [
        (one.rule.removeprefix("spectral:"), one.severity.value)
        for one in spectral.lint(apicontract.load(file), [ruleset], wanted)
    ]


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("extends: https://x.example/r.yaml\n", 1, "not fetched from the network"),
        ("extends: ['@acme/ruleset']\n", 1, "is no file"),
        ("extends: ./gone.yaml\n", 1, "there is no file"),
        ("extends: [[spectral:oas, some]]\n", 1, "names no ruleset"),
        ("extends: spectral:oass\n", 1, "no ruleset `spectral:oass`"),
        ("{}\n", 1, "asks for nothing"),
        ("formats: [oas3]\n", 1, "asks for nothing"),
        ("rules:\n  a: {given: [], then: {function: truthy}}\n", 2, "`given` is a path"),
        ("rules:\n  a: {given: $, message: 5, then: {function: truthy}}\n", 2, "`message` is a text"),
        ("rules:\n  a: {given: $, resolved: 'no', then: {function: truthy}}\n", 2, "is true or false"),
        ("rules:\n  a: {given: $, then: {field: 5, function: truthy}}\n", 2, "`field` is a text"),
        (
            "rules:\n  a: {given: $, then: {function: schema, functionOptions: {\nschema: {type: nope}}}}\n",
            3,
            "no schema that can be run",
        ),
        (
            "rules:\n  a: {given: $, then: {function: schema, functionOptions: {schema: {$ref: b.json}}}}\n",
            2,
            "no schema that can be run",
        ),
        ("rules:\n  a: off\n", 2, "no rule `a` to change"),
        ("rules:\n  a: {given: $, then: {function: truhty}}\n", 2, "there is no function `truhty`"),
        ("rules:\n  a: {given: $, then: {function: pattern}}\n", 2, "needs `functionOptions`"),
        (
            "rules:\n  a: {given: $, then: {function: pattern, functionOptions: {match: '['}}}\n",
            2,
            "no pattern",
        ),
        (
            "rules:\n  a: {given: $, then: {function: truthy, functionOptions: {x: 1}}}\n",
            2,
            "takes no options",
        ),
        (
            "rules:\n  a: {given: $, then: {function: casing, functionOptions: {type: shout}}}\n",
            2,
            "options of `casing`",
        ),
        ("rules:\n  a: {given: '$.x[', then: {function: truthy}}\n", 2, "nothing between the brackets"),
        ("rules:\n  a: {given: '$..[?(alert(1))]', then: {function: truthy}}\n", 2, "there is no `alert`"),
        ("rules:\n  a: {given: '#Gone', then: {function: truthy}}\n", 2, "no alias `Gone`"),
        (
            "aliases: {A: ['#A']}\nrules:\n  a: {given: '#A', then: {function: truthy}}\n",
            3,
            "leads back to itself",
        ),
        ("rules:\n  a: {given: $, then: {function: truthy}, severity: loud}\n", 2, "no severity"),
        ("rules:\n  a: {given: $}\n", 2, "has no `then`"),
        ("rules:\n  a: {given: $, then: {function: truthy}, formats: [oas4]}\n", 2, "no format `oas4`"),
        ("rulez: {}\n", 1, "no `rulez`"),
        ("except: {}\nrules: {}\n", 1, "no `except`"),
        ("overrides: [{rules: {}}]\n", 1, "names `files`"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(tmp_path: Path, written: str, line: int, said: str):
    with pytest.raises(ContractError, match=r".") as caught:
        _load(tmp_path, written)
    assert said in caught.value.message
    assert caught.value.line == line


def test_javascript_is_refused(tmp_path: Path):
    with pytest.raises(ContractError, match="JavaScript"):
        spectral.load(str(tmp_path / ".spectral.js"), ReadOptions())


def test_own_functions_are_named_with_their_rules(tmp_path: Path):
    ruleset = _load(tmp_path, "functions: [mine]\nrules:\n  a:\n    given: $\n    then: {function: mine}\n")
    (found,) = spectral.unsupported([ruleset], frozenset({spectral.UNSUPPORTED}))
    assert "`a` needs the function `mine`" in found.message
    assert found.place.line == 4


def test_extends_chains_and_circles(tmp_path: Path):
    (tmp_path / "b.yaml").write_text("rules: {}\n", encoding="utf-8")
    _load(tmp_path, "extends: b.yaml\nrules: {a: {given: $, then: {function: falsy}}}\n", "a.yaml")
    chained = _load(
        tmp_path,
        "extends: [a.yaml]\nrules: {b: {given: $.info, then: {function: falsy}}, a: error}\n",
        "b.yaml",
    )
    assert sorted(_found(tmp_path, chained)) == [("a", "error"), ("b", "warning")]


@pytest.mark.parametrize(
    ("how", "expected"), [("all", {"one", "two"}), ("recommended", {"one"}), ("off", set())]
)
def test_how_much_of_an_extended_ruleset(tmp_path: Path, how: str, expected: set[str]):
    rule = "given: $, then: {function: falsy}"
    _load(tmp_path, f"rules: {{one: {{{rule}}}, two: {{{rule}, recommended: false}}}}\n", "base.yaml")
    assert {
        rule for rule, _ in _found(tmp_path, _load(tmp_path, f"extends: [[base.yaml, {how}]]\n"))
    } == expected


def test_a_ruleset_for_another_format_says_nothing_of_openapi(tmp_path: Path):
    ruleset = _load(
        tmp_path,
        "extends: [spectral:oas, spectral:asyncapi]\nrules: {asyncapi-tags: off, info-contact: off}\n",
    )
    assert "info-contact" not in {rule for rule, _ in _found(tmp_path, ruleset)}


def test_overrides_are_for_their_files(tmp_path: Path):
    rule = "rules: {a: {given: $.info, then: {function: falsy}}}\n"
    for files, expected in (
        ("api.yaml", "error"),
        ("other.yaml", "warning"),
        ("api.yaml#/info", "error"),
        ("api.yaml#/paths", "warning"),
    ):
        written = f"{rule}overrides: [{{files: ['{files}'], rules: {{a: error}}}}]\n"
        assert _found(tmp_path, _load(tmp_path, written)) == [("a", expected)], files


def test_all_rules_of_spectral_oas_can_be_extended(tmp_path: Path):
    ruleset = _load(tmp_path, "extends: [[spectral:oas, all]]\n")
    assert set(ruleset.rules) == set(RULES)
    assert len(RULES) == 57


@pytest.mark.parametrize(
    ("written", "value", "holds"),
    [
        ("@.a === 1 && !@.b", {"a": 1}, True),
        ("@.a == '1'", {"a": 1}, True),
        ("@.a === '1'", {"a": 1}, False),
        ("@.a.b.c", {"a": {}}, False),
        ("@.a in ['x', 'y']", {"a": "y"}, True),
        ("@.list.includes('x') ? @.list.length > 1 : false", {"list": ["x", "y"]}, True),
        ("typeof @.a === 'string' && /^a\\/b$/i.test(@.a)", {"a": "A/B"}, True),
        ("@.a !== void 0", {"a": None}, True),
        ("@.a !== undefined", {}, False),
        ("Object.keys(@).length === 2", {"a": 1, "b": 2}, True),
        ("@.constructor.name === 'Object'", {}, True),
        ("@['x-y'].startsWith('a') || @.n * 2 >= 4", {"x-y": "b", "n": 2}, True),
        ("@.a.nothing()", {"a": "x"}, False),
        ("@property === 'me' && @.a", {"a": 1}, True),
    ],
)
def test_filters(written: str, value: object, holds: bool):
    scope = Scope(value, lambda held: held)
    scope.property = "me"
    assert script(written).holds(scope) is holds


@pytest.mark.parametrize("written", ["@.a &&", "(@.a", "window.x", "@.a => 1", "!" * 500 + "@", "(" * 500])
def test_what_is_no_filter(written: str):
    with pytest.raises(ScriptError):
        script(written)


@pytest.mark.parametrize("written", ["x", "$.", "$[", "$['a", "$.a[?(@.b]", "$^.a", "$.a b"])
def test_what_is_no_path(written: str):
    with pytest.raises(PathError):
        path(written)


def test_hostile_patterns_end():
    start = time.process_time()
    assert not pattern("^(a+)+$").found_in("a" * 5000 + "b")
    with pytest.raises(PatternError, match="too many steps"):
        pattern(r"^(a|aa)+\1$").found_in("a" * 80 + "b")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("written", "subject", "found"),
    [
        ("{}", "/a/{}", True),
        ("/ABC/i", "xabc", True),
        ("^a$", "a\n", False),
        ("[^]", "\n", True),
        ("[]", "x", False),
        (r"\d", "٣", False),
        (r"[\w-]+\/", "é/", False),
        ("(?<!x)y", "xy", False),
        ("[[&&]", "&", True),
    ],
)
def test_patterns_are_those_of_javascript(written: str, subject: str, found: bool):
    assert pattern(written).found_in(subject) is found


def test_values_as_javascript_has_them():
    assert [text(one) for one in (1.0, 1e21, 0.1, None, UNDEFINED, [1, [None, 2]], {})] == [
        "1",
        "1e+21",
        "0.1",
        "null",
        "undefined",
        "1,,2",
        "[object Object]",
    ]
    assert [truthy(one) for one in ([], {}, "", 0, "0", None, UNDEFINED)] == [
        True,
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert keys_of("a[0].b['c.d']") == ("a", "0", "b", "c.d")


def test_placeholders():
    values = {"property": "name", "value": {"a": 1}, "error": "e", "path": "#/a", "description": None}
    assert filled("{{property}} {{value}} {{gone}}|", values) == "name [object Object] |"
    assert (
        filled('#{{print("property")}}is #{{print("value")}} #{{property.toUpperCase() + "!"}}', values)
        == '"name" property is Object{} NAME!'
    )


@pytest.mark.parametrize(
    "holders", ["x: {one: %s, two: %s}", "x: {two: %s, one: %s}", "x-one: {held: %s}\nx-two: {two: %s}"]
)
def test_a_filter_that_looks_far_up_meets_every_holder(tmp_path: Path, holders: str):
    given = "given: '$..[?(@parentProperty === \"two\")]'"
    ruleset = _load(tmp_path, f"rules: {{a: {{{given}, then: {{function: falsy}}}}}}\n")
    reference = "{$ref: '#/x-target'}"
    contract = ORDERS + "x-target: {deep: {a: 1}}\n" + holders % (reference, reference) + "\n"
    assert _found(tmp_path, ruleset, contract) == [("a", "warning")]


def test_a_field_that_is_a_reference_is_what_it_refers_to(tmp_path: Path):
    ruleset = _load(tmp_path, "rules: {a: {given: $, then: {field: x-a, function: falsy}}}\n")
    file = tmp_path / "api.yaml"
    file.write_text(ORDERS + "x-a: {$ref: '#/x-b'}\nx-b: {c: 1}\n", encoding="utf-8")
    (found,) = spectral.lint(apicontract.load(file), [ruleset], frozenset({"spectral:a"}))
    assert found.place.pointer == "/x-b"


def test_hostile_contracts_end(tmp_path: Path):
    """Long chains of references, chains that fork at every step, deep nesting, numbers that are too large."""
    ruleset = _load(
        tmp_path,
        "extends: [[spectral:oas, all]]\nrules: {a: {given: '$.components.schemas[f0,deep].properties', then: {function: schema, functionOptions: {schema: {maxProperties: 1}}}}}\n",
    )
    chain = {f"c{n}": {"$ref": f"#/components/schemas/c{n + 1}"} for n in range(3000)} | {
        "c3000": {"type": "string"}
    }
    fork = {
        f"f{n}": {
            "type": "object",
            "nullable": True,
            "properties": {side: {"$ref": f"#/components/schemas/f{n + 1}"} for side in "ab"},
        }
        for n in range(60)
    } | {"f60": {"nullable": True}}
    deep: dict = {"type": "integer"}
    for _ in range(200):
        deep = {"type": "object", "properties": {"x": deep}}
    media = {
        f"m/{name}": {"schema": {"$ref": f"#/components/schemas/{name}"}, "example": value}
        for name, value in (("c0", 3), ("f0", {"a": {"b": 1}}), ("deep", {"x": 1}), ("big", 10**400))
    }
    contract = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "d", "content": media}}}}},
        "components": {"schemas": {**chain, **fork, "deep": deep, "big": {"type": "integer", "maximum": 1}}},
    }
    start = time.process_time()
    found = _found(tmp_path, ruleset, json.dumps(contract))
    assert time.process_time() - start < 20
    assert {rule for rule, _ in found} >= {"a", "oas3-valid-media-example"}


def test_references_into_other_files(tmp_path: Path):
    (tmp_path / "parts.yaml").write_text(
        "Order: {type: object, properties: {id: {type: string, example: 3}}}\n", encoding="utf-8"
    )
    ruleset = _load(
        tmp_path,
        "extends: spectral:oas\nrules: {a: {given: '$.components.schemas[*].properties', then: {function: falsy}}}\n",
    )
    contract = ORDERS + "components: {schemas: {Order: {$ref: 'parts.yaml#/Order'}}}\n"
    file = tmp_path / "api.yaml"
    file.write_text(contract, encoding="utf-8")
    wanted = frozenset({"spectral:a", "spectral:oas3-valid-schema-example"})
    found = spectral.lint(apicontract.load(file), [ruleset], wanted)
    places = {(one.rule, Path(one.place.file).name, one.place.pointer) for one in found}
    assert places == {
        ("spectral:a", "parts.yaml", "/Order/properties"),
        ("spectral:oas3-valid-schema-example", "parts.yaml", "/Order/properties/id/example"),
    }
