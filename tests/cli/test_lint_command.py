"""`apicontract lint`: which rules are asked, what is waived, what fails, and both outputs."""

from __future__ import annotations

import json
import os
import typing
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from typer.testing import CliRunner

import apicontract
from apicontract import formats
from apicontract.cli.app import app
from apicontract.cli.lint import RuleSetName
from apicontract.findings import CASES, DEFAULT_SETTINGS
from apicontract.findings.choice import RULE_SETS
from apicontract.gate.linting import OWN, word_lists
from apicontract.policy.model import CaseName, Linting

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

ROOT = Path(__file__).parents[2]
LINT_RULES = [rule for rule in apicontract.rules() if getattr(rule, "command", "") == "lint"]
ASKED = {rule.id: rule for known in formats.every() for rule in known.lint_rules()}.values()
API = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
paths:
  /Orders/:
    get:
      operationId: listOrders
      responses: {'200': {description: All of them}}
  /customer-groups:
    get:
      operationId: listGroups
      responses: {'200': {description: All of them}}
"""


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on a contract, in a folder of its own with a configuration; exit codes are checked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()  # nothing is looked for above

    def run(*arguments: str, text: str = API, config: str = "", code: int = 0) -> Result:
        Path("api.yaml").write_text(text, encoding="utf-8")
        if config:
            Path("apicontract.toml").write_text(config, encoding="utf-8")
        named = arguments if any(Path(one).exists() for one in arguments) else ("api.yaml", *arguments)
        result = CliRunner().invoke(app, ["lint", *named])
        assert result.exit_code == code, result.output
        return result

    return run


def told(result: Result) -> dict:
    value = json.loads(result.stdout)
    shape = json.loads((ROOT / "apicontract/reports/schemas/lint-1.json").read_text())
    errors = [error.message for error in jsonschema_rs.validator_for(shape).iter_errors(value)]
    assert errors == []
    return value


def found(result: Result) -> dict[str, str]:
    """The rules that fired, with the severity of the last that did."""
    return {one["id"]: one["severity"] for each in told(result)["contracts"] for one in each["findings"]}


def asked(result: Result) -> set[str]:
    return set(told(result)["rules"])


def test_recommended_is_the_default(lint: Callable[..., Result]) -> None:
    value = told(lint("-f", "json"))
    assert value["set"] == "recommended"
    assert set(value["rules"]) == {rule.id for rule in LINT_RULES if str(rule.tier) != "all"}
    assert value["contracts"][0]["contract"] == "api.yaml"
    first = next(one for one in value["contracts"][0]["findings"] if one["id"] == "path-trailing-slash")
    assert (first["file"], first["line"], first["pointer"]) == ("api.yaml", 5, "/paths/~1Orders~1")
    counted = [one["severity"] for one in value["contracts"][0]["findings"]]
    assert value["summary"] == {
        "waived": 0,
        "fixable": 0,
        "fixable_unsafe": 1,
        **{name: counted.count(name) for name in ("error", "warning", "info")},
    }


def test_sets_hold_each_other(lint: Callable[..., Result]) -> None:
    minimal, recommended, every = (
        asked(lint("--rules", name, "-f", "json")) for name in ("minimal", "recommended", "all")
    )
    assert minimal < recommended < every == {rule.id for rule in LINT_RULES}


@pytest.mark.parametrize("name", ["zalando", "aip"])
def test_presets_follow_references(lint: Callable[..., Result], name: str) -> None:
    rules = asked(lint("--rules", name, "-f", "json"))
    assert rules == {rule.id for rule in ASKED if any(it.startswith(f"{name}:") for it in rule.references)}


def test_presets_bring_their_styles(lint: Callable[..., Result]) -> None:
    """The same path is right by one guideline and wrong by the other."""
    zalando = lint("--rules", "zalando", "-f", "json", "--select", "path-segment-case").stdout
    aip = lint("--rules", "aip", "-f", "json", "--select", "path-segment-case").stdout
    assert "`customer-groups`" not in zalando
    assert "`customer-groups`" in aip


def test_select_alone_takes_the_place_of_the_set(lint: Callable[..., Result]) -> None:
    result = lint("--select", "path-trailing-slash", "-f", "json")
    assert told(result)["set"] is None
    assert asked(result) == {"path-trailing-slash"}
    assert found(result) == {"path-trailing-slash": "warning"}


def test_select_with_a_set_adds(lint: Callable[..., Result]) -> None:
    taste = next(rule.id for rule in LINT_RULES if str(rule.tier) == "all")
    minimal = asked(lint("--rules", "minimal", "-f", "json"))
    assert asked(lint("--rules", "minimal", "--select", taste, "-f", "json")) == {*minimal, taste}


def test_words_are_ids_globs_and_categories(lint: Callable[..., Result]) -> None:
    rules = asked(lint("--select", "security, path-*", "--ignore", "path-trailing-slash", "-f", "json"))
    assert rules == {
        rule.id
        for rule in LINT_RULES
        if (rule.category == "security" or rule.id.startswith("path-")) and rule.id != "path-trailing-slash"
    }


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_unknown_rules_suggest_the_nearest(lint: Callable[..., Result], option: str) -> None:
    result = lint(option, "path-trailing-slsh", code=2)
    assert "did you mean path-trailing-slash" in result.stderr
    assert result.stdout == ""
    assert "`apicontract rules` lists them" in lint(option, "xyzzy", code=2).stderr


def test_rules_of_other_commands_are_none_of_lint(lint: Callable[..., Result]) -> None:
    assert "no rule of lint" in lint("--select", "operation-removed", code=2).stderr


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)], ids=str
)
def test_fail_on(lint: Callable[..., Result], fail_on: str, code: int) -> None:
    lint("--select", "path-trailing-slash", "--fail-on", fail_on, code=code)


def test_nothing_to_say(lint: Callable[..., Result]) -> None:
    text = API.replace("/Orders/", "/orders")
    result = lint("--select", "path-trailing-slash", "--fail-on", "info", text=text)
    assert result.stdout == "api.yaml: nothing found\n1 rule\n"


def test_text(lint: Callable[..., Result]) -> None:
    lines = lint("--select", "path-trailing-slash").stdout.splitlines()
    assert lines[0] == "api.yaml:5:5: warning path-trailing-slash [fixable, unsafe]"
    assert lines[-3:] == [
        "api.yaml: 1 warning",
        "1 rule",
        "1 fixable with --fix --unsafe-fixes, which may break clients",
    ]
    assert lint("--select", "path-trailing-slash", "-q").stdout.splitlines() == lines[-3:]


@pytest.mark.parametrize(
    "fmt", ["concise", "jsonl", "markdown", "html", "sarif", "junit", "github", "gitlab"]
)
def test_every_report_names_the_place_and_the_rule(lint: Callable[..., Result], fmt: str) -> None:
    written = lint("--select", "path-trailing-slash", "-f", fmt).stdout
    assert "path-trailing-slash" in written
    assert "api.yaml" in written
    nothing = lint("--select", "path-says-api", "-f", fmt).stdout
    assert "path-trailing-slash" not in nothing


def test_sarif_leads_to_the_page_of_the_rule(lint: Callable[..., Result]) -> None:
    run = json.loads(lint("--select", "path-trailing-slash", "-f", "sarif").stdout)["runs"][0]
    [rule] = run["tool"]["driver"]["rules"]
    assert rule["helpUri"].endswith("docs/rules/lint.md#path-trailing-slash")
    [result] = run["results"]
    assert result["level"] == "warning"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 5


def test_severities_are_the_configurations(lint: Callable[..., Result]) -> None:
    config = 'rules = { "path-trailing-slash" = "error" }'
    assert found(lint("-f", "json", config=config, code=1))["path-trailing-slash"] == "error"
    config = 'rules = { "path-*" = "off" }'
    assert not any(rule.startswith("path-") for rule in found(lint("-f", "json", config=config)))


def test_rules_are_the_configurations_unless_the_command_names_some(lint: Callable[..., Result]) -> None:
    config = '[lint]\nrules = "minimal"\nselect = ["path-trailing-slash"]\nignore = ["naming"]\n'
    minimal = {rule.id for rule in LINT_RULES if str(rule.tier) == "minimal" and rule.category != "naming"}
    assert asked(lint("-f", "json", config=config)) == {*minimal, "path-trailing-slash"}
    naming = {rule.id for rule in LINT_RULES if rule.category == "naming"}
    assert asked(lint("-f", "json", "--rules", "all")) == {rule.id for rule in LINT_RULES} - naming


@pytest.mark.parametrize(
    ("config", "place", "hint"),
    [
        ('[lint]\nselect = ["path-trailing-slsh"]', "2:11", "path-trailing-slash"),
        ('[lint]\nignore = ["security", "nameing"]', "2:23", "naming"),
        ('[lint]\nrules = "recomended"', "2:9", "recommended"),
        ('[lint]\npath-case = "kebap-case"', "2:13", "kebab-case"),
        ('[lint]\nwords = { uncountables = ["staff"] }', "2:", "uncountable"),
        ('[lint]\nselekt = ["security"]', "2:1", "select"),
        ('rules = { "path-trailing-slash" = "major" }', "1:", "warning"),
    ],
)
def test_mistakes_in_the_configuration(
    lint: Callable[..., Result], config: str, place: str, hint: str
) -> None:
    said = lint(config=config, code=2).stderr
    assert f"apicontract.toml:{place}" in said
    assert hint in said


def test_styles_bounds_and_words_are_the_configurations(lint: Callable[..., Result]) -> None:
    text = API.replace("/Orders/", "/a-b/{a}/c-d/{c}/e-f/{e}/g-h/{g}/k-l")
    rules = ("--select", "path-segment-case,path-too-deep,path-says-api", "-f", "json")
    assert set(found(lint(*rules, text=text))) == {"path-too-deep"}
    config = '[lint]\npath-case = "snake_case"\nmax-path-depth = 100\n'
    assert set(found(lint(*rules, text=text, config=config))) == {"path-segment-case"}
    config = '[lint]\npath-case = "kebab-case"\nmax-path-depth = 100\n'
    assert found(lint(*rules, text=text, config=config)) == {}


def test_words_are_the_configurations(lint: Callable[..., Result]) -> None:
    one = "get: {parameters: [{name: id, in: path, required: true, schema: {}}], responses: {'200': {description: One}}}"
    items = f"  /plankton/{{id}}:\n    {one}\n  /plankton:\n"
    text = API.replace("  /customer-groups:\n", items).replace(
        "    get:\n      operationId: listGroups", "    post:"
    )
    text = text.replace("    post:\n      responses: {'200'", "    post:\n      responses: {'201'")
    rules = ("--select", "collection-singular", "-f", "json")
    assert set(found(lint(*rules, text=text))) == {"collection-singular"}
    assert found(lint(*rules, text=text, config='[lint.words]\nuncountable = ["plankton"]\n')) == {}


def test_excluded_contracts_are_named_and_not_linted(lint: Callable[..., Result]) -> None:
    Path("vendored").mkdir()
    Path("vendored/api.yaml").write_text(API, encoding="utf-8")
    config = '[lint]\nexclude = ["vendored/**"]'
    value = told(lint(".", "--fail-on", "never", "-f", "json", config=config))
    assert [one["contract"] for one in value["contracts"]] == ["api.yaml"]
    assert [os.path.normpath(one) for one in value["excluded"]] == [str(Path("vendored/api.yaml"))]
    assert "excluded" in lint(".", "--fail-on", "never", "-q").stdout


def test_protos_that_do_not_compile_are_not_judged(lint: Callable[..., Result]) -> None:
    Path("a.proto").write_text(
        'syntax = "proto3";\npackage a.v1;\nmessage A { B b = 1; }\n', encoding="utf-8"
    )
    assert "a.proto:3:13" in lint("a.proto", code=2).stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [("openapi: 3.1.0\n\tx", "api.yaml:2:1"), ("just: data", "none"), ("", "empty")],
)
def test_what_cannot_be_read_is_2(lint: Callable[..., Result], text: str, says: str) -> None:
    result = lint(text=text, code=2)
    assert says in result.stderr
    assert result.stdout == ""


def test_the_rest_is_linted_where_one_cannot_be_read(lint: Callable[..., Result]) -> None:
    Path("api.yaml").write_text(API, encoding="utf-8")
    result = lint("api.yaml", "missing.yaml", "--select", "path-trailing-slash", code=2)
    assert "missing.yaml" in result.stderr
    assert "api.yaml: 1 warning" in result.stdout


def test_each_file_is_linted_once(lint: Callable[..., Result]) -> None:
    lint()
    assert len(told(lint("api.yaml", ".", "./api.yaml", "-f", "json"))["contracts"]) == 1


def test_output_goes_to_a_file(lint: Callable[..., Result]) -> None:
    result = lint("--select", "path-trailing-slash", "-f", "json", "-o", "lint.json")
    assert json.loads(Path("lint.json").read_text())["summary"]["warning"] == 1
    assert result.stdout == ""
    assert "api.yaml: 1 warning" in result.stderr


def test_a_note_beside_the_thing_waives(lint: Callable[..., Result]) -> None:
    text = API.replace(
        "  /Orders/:\n",
        "  /Orders/:\n    x-apicontract-ignore: {rule: path-trailing-slash, reason: agreed}\n",
    )
    result = lint("--select", "path-trailing-slash", "--fail-on", "info", text=text)
    assert result.stdout == "api.yaml: nothing found; 1 waived\n1 rule\n"
    assert "waived: agreed (api.yaml:5:" in lint("--select", "path-trailing-slash", "-v", text=text).stdout
    value = told(lint("--select", "path-trailing-slash", "-f", "json", text=text))
    assert value["summary"] == {
        "error": 0, "warning": 0, "info": 0, "waived": 1, "fixable": 0, "fixable_unsafe": 0,
    }  # fmt: skip
    [one] = value["contracts"][0]["findings"]
    assert one["waiver"]["kind"] == "ignore"


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("{rule: path-trailing-slash, reason: agreed, until: '2000-01-01'}", "suppression-expired"),
        ("{rule: path-trailing-slash}", "ignore-malformed"),
        ("{rule: path-trailing-slsh, reason: agreed}", "ignore-malformed"),
    ],
)
def test_a_note_that_holds_no_more_is_said(lint: Callable[..., Result], note: str, rule: str) -> None:
    text = API.replace("  /Orders/:\n", f"  /Orders/:\n    x-apicontract-ignore: {note}\n")
    rules = found(lint("--select", "path-trailing-slash", "-f", "json", "--fail-on", "never", text=text))
    assert set(rules) == {"path-trailing-slash", rule}


def test_a_note_that_waives_nothing_is_said_where_its_rule_was_asked(lint: Callable[..., Result]) -> None:
    text = API.replace("/Orders/:\n", "/orders:\n    x-apicontract-ignore: {rule: %s, reason: agreed}\n")
    ours, elsewhere = text % "path-trailing-slash", text % "operation-removed"
    asking, other = ("--select", "path-trailing-slash"), ("--select", "security")
    assert set(found(lint(*asking, "-f", "json", text=ours))) == {"suppression-unused"}
    assert "suppression-unused" not in found(lint(*other, "-f", "json", text=ours))
    assert found(lint(*asking, "-f", "json", text=elsewhere)) == {}  # the gate's, who knows if it waives


SUPPRESSED = '[[suppressions]]\nrule = "path-trailing-slash"\nreason = "agreed"\n'


@pytest.mark.parametrize(
    ("more", "waived"),
    [
        ("", 1),
        ('contract = "api.yaml"', 1),
        ('contract = "other.yaml"', 0),
        ('pointer = "/paths/**"', 1),
        ('pointer = "/components/**"', 0),
        ("until = 2000-01-01", 0),
        ("until = 2999-01-01", 1),
        ('except = [{ contract = "api.yaml" }]', 0),
    ],
)
def test_suppressions_of_the_configuration(lint: Callable[..., Result], more: str, waived: int) -> None:
    asking = ("--select", "path-trailing-slash", "--fail-on", "never", "-f", "json")
    value = told(lint(*asking, config=SUPPRESSED + more))
    assert value["summary"]["waived"] == waived
    assert value["summary"]["warning"] >= 1 - waived
    assert [one["id"] for one in value["findings"]] == (["suppression-expired"] if "2000" in more else [])


def test_a_suppression_that_waives_nothing(lint: Callable[..., Result]) -> None:
    """It is said of a contract that was linted, or after all of them were; and not of rules not asked."""
    text = API.replace("/Orders/", "/orders")

    def about(*arguments: str, more: str = "") -> list[str]:
        config = f"{SUPPRESSED}{more}"
        value = told(lint(*arguments, "-f", "json", "--fail-on", "never", text=text, config=config))
        return [one["id"] for one in value["findings"]]

    asking = ("--select", "path-trailing-slash")
    assert about("api.yaml", *asking) == []
    assert about(".", *asking) == ["suppression-unused"]
    assert about("api.yaml", *asking, more='contract = "api.yaml"') == ["suppression-unused"]
    assert about(".", "--select", "security") == []


def test_explain_and_rules_tell_of_lint(tmp_path: Path) -> None:
    text = CliRunner().invoke(app, ["explain", "path-trailing-slash"]).stdout
    assert "reported by lint; design, set" in text
    assert "zalando:136" in text
    listed = json.loads(CliRunner().invoke(app, ["rules", "-f", "json"]).stdout)["rules"]
    [one] = [rule for rule in listed if rule["id"] == "path-trailing-slash"]
    assert (one["command"], one["category"]) == ("lint", "design")
    assert "zalando:136" in one["references"]
    assert one["set"] in ("minimal", "recommended", "all")


def test_one_word_for_one_thing() -> None:
    """What is written down in several places, for shells, for the configuration, for people, is the same."""
    fields = Linting.__annotations__
    assert {one.value for one in RuleSetName} == set(RULE_SETS)
    assert set(typing.get_args(CaseName)) == {"", *CASES}
    config = Linting()
    assert all(getattr(config, name) == getattr(DEFAULT_SETTINGS, name) for name in OWN)
    assert "rules" in fields
    page = (ROOT / "docs/lint.md").read_text(encoding="utf-8")
    assert [name for name in (*word_lists(), *RULE_SETS) if f"`{name}`" not in page] == []


def test_the_library_raises_what_the_command_says(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(API, encoding="utf-8")
    run = apicontract.lint_all(str(path), select=["path-trailing-slash"], folder=str(tmp_path))
    assert run.count(apicontract.Severity.WARNING) == 1
    with pytest.raises(apicontract.UnknownRuleError) as error:
        apicontract.lint_all(str(path), ignore=["path-trailing-slsh"], folder=str(tmp_path))
    assert "path-trailing-slash" in error.value.near
    with pytest.raises(KeyError):
        apicontract.lint_all(str(path), rules="strict", folder=str(tmp_path))
    with pytest.raises(apicontract.ContractError):
        apicontract.lint_all(str(tmp_path / "none.yaml"), folder=str(tmp_path))
