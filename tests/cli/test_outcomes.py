"""Every exit code, what stands on which stream, and what a person is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import apicontract
from apicontract.cli.app import app

if TYPE_CHECKING:
    from click.testing import Result

_EXAMPLES = Path(__file__).parents[2] / "examples"
_OLD, _NEW = str(_EXAMPLES / "orders-v1.yaml"), str(_EXAMPLES / "orders-v2.yaml")

_HEAD = "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\npaths:\n"
_OPERATION = "{responses: {'204': {description: done}}}"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def contract(tmp_path: Path):
    """A writer of small contracts: a name and the operations under `/things`."""

    def write(name: str, *methods: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        operations = ", ".join(f"{method}: {_OPERATION}" for method in methods)
        path.write_text(f"{_HEAD}  /things: {{{operations}}}\n", encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("fail_on", "code"), [("major", 1), ("minor", 1), ("patch", 1), ("never", 0)], ids=str
)
def test_a_break_fails_from_its_level_down(contract, fail_on: str, code: int) -> None:
    result = run(
        "diff", contract("old.yaml", "get", "put"), contract("new.yaml", "get"), "--fail-on", fail_on
    )
    assert result.exit_code == code
    assert "operation-removed" in result.stdout
    assert "Required bump: major" in result.stdout


@pytest.mark.parametrize(
    ("fail_on", "code"), [("major", 0), ("minor", 1), ("patch", 1), ("never", 0)], ids=str
)
def test_an_addition_fails_only_when_minors_do(contract, fail_on: str, code: int) -> None:
    result = run(
        "diff", contract("old.yaml", "get"), contract("new.yaml", "get", "put"), "--fail-on", fail_on
    )
    assert result.exit_code == code


def test_the_same_contract_passes_every_gate() -> None:
    result = run("diff", _OLD, _OLD, "--fail-on", "patch")
    assert result.exit_code == 0
    assert "Required bump: none" in result.stdout


def test_patches_are_counted_and_listed_when_asked_for() -> None:
    short, long = run("diff", _OLD, _NEW).stdout, run("diff", _OLD, _NEW, "-v").stdout
    assert "patch changes not listed; -v lists them all" in short
    assert "api-documentation-changed" not in short
    assert "api-documentation-changed" in long


def test_the_json_is_one_value_whatever_else_is_asked_for() -> None:
    for flags in (["-q"], ["-v"], ["--fail-on", "never"]):
        assert json.loads(run("diff", _OLD, _NEW, "--format", "json", *flags).stdout)["version"] == 1


def test_quiet_is_the_verdict_alone() -> None:
    result = run("diff", _OLD, _NEW, "--quiet")
    assert result.exit_code == 1
    assert result.stdout.startswith("Required bump: major")
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr == ""


def test_validate_passes_a_valid_contract() -> None:
    result = run("validate", _OLD)
    assert (result.exit_code, result.stdout) == (0, f"{_OLD}: valid\n")


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("never", 0)], ids=str)
def test_validate_fails_on_errors(tmp_path: Path, fail_on: str, code: int) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("openapi: 3.1.0\ninfo: {title: Things}\npaths: {}\n", encoding="utf-8")
    result = run("validate", str(bad), "--fail-on", fail_on)
    assert result.exit_code == code
    assert f"{bad}:2:7: error missing-field" in result.stdout
    assert "not valid: 1 error" in result.stdout


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)], ids=str)
def test_validate_fails_on_warnings_when_asked_to(tmp_path: Path, fail_on: str, code: int) -> None:
    doubtful = tmp_path / "doubtful.yaml"
    doubtful.write_text(
        f"{_HEAD}  /things: {{get: {_OPERATION}}}\n"
        "components: {schemas: {Thing: {type: object, required: [name]}}}\n",
        encoding="utf-8",
    )
    result = run("validate", str(doubtful), "--fail-on", fail_on)
    assert result.exit_code == code, result.stdout
    assert "warning required-undeclared" in result.stdout


def test_validate_reports_what_can_be_read_beside_what_cannot(tmp_path: Path) -> None:
    result = run("validate", str(tmp_path / "nowhere.yaml"), _OLD)
    assert result.exit_code == 2
    assert f"{_OLD}: valid" in result.stdout
    assert "nowhere.yaml" in result.stderr


def test_validate_names_everything_that_cannot_be_read(tmp_path: Path, contract) -> None:
    contract("fine.yaml", "get")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("openapi: [\n", encoding="utf-8")
    result = run("validate", str(tmp_path), "--format", "json")
    assert result.exit_code == 2
    assert [one["source"] for one in json.loads(result.stdout)["contracts"]] == [str(tmp_path / "fine.yaml")]
    assert "a.yaml:" in result.stderr
    assert "b.yaml:" in result.stderr


def test_validate_reports_a_contract_once_however_often_it_is_named(tmp_path: Path, contract) -> None:
    path = contract("a.yaml", "get")
    twice = f"{tmp_path}/../{tmp_path.name}/a.yaml"
    result = run("validate", path, twice, str(tmp_path), str(tmp_path / "*.yaml"))
    assert (result.exit_code, result.stdout) == (0, f"{path}: valid\n")


@pytest.mark.parametrize("command", ["diff", "validate"])
def test_a_root_that_is_no_directory_is_wrong_usage(command: str) -> None:
    result = run(command, *[_OLD] * (1 + (command == "diff")), "--root", "nowhere")
    assert result.exit_code == 2
    assert "there is no directory nowhere" in result.stderr


def test_a_version_of_two_numbers_is_helped_with(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("openapi: 3.0\npaths: {}\n", encoding="utf-8")
    assert "write `openapi: 3.0.4`" in run("validate", str(path)).stderr


def _bad_inputs() -> dict[str, bytes]:
    return {
        "empty": b"",
        "binary": b"\x00\x01\xff\xfe" * 20,
        "no contract": b"name: something else\n",
        "unclosed": b'{"openapi": "3.1.0", "info": {',
        "a tab": b"openapi: 3.1.0\ninfo:\n\ttitle: T\n",
        "a repeated key": b"openapi: 3.1.0\ninfo: {title: T, title: U}\n",
        "a version that is not": b"openapi: 9.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
        "a version that is a number": b"openapi: 3.1\ninfo: {title: T, version: '1'}\npaths: {}\n",
        "nesting without end": b"[" * 200_000,
    }


@pytest.mark.parametrize("what", _bad_inputs())
@pytest.mark.parametrize("command", ["diff", "validate"])
def test_bad_input_is_said_and_is_2(tmp_path: Path, command: str, what: str) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(_bad_inputs()[what])
    result = run(command, *([_OLD] if command == "diff" else []), str(bad))
    assert result.exit_code == 2, result.stderr
    assert result.stderr.startswith(f"apicontract: error: {bad}")
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "schema",
    [
        "{$ref: 'other.yaml#/Thing'}",
        "{$ref: '#/components/schemas/Thing'}",
        "{type: object, properties: {part: {$ref: '#/components/schemas/Part'}}}",
        "{$ref: '../../../../etc/passwd'}",
        "{$ref: 'https://api.invalid/thing.json'}",
    ],
)
def test_a_reference_that_leads_nowhere_is_said_and_is_2(tmp_path: Path, schema: str) -> None:
    old, bad = tmp_path / "old.yaml", tmp_path / "bad.yaml"
    for path, written in ((old, "{type: object, properties: {part: {type: string}}}"), (bad, schema)):
        content = f"{{application/json: {{schema: {written}}}}}"
        path.write_text(
            f"{_HEAD}  /things: {{get: {{responses: {{'200': {{description: done, content: {content}}}}}}}}}\n",
            encoding="utf-8",
        )
    result = run("diff", str(old), str(bad))
    assert result.exit_code == 2, result.output
    assert f"error: {bad}:4:" in result.stderr
    assert run("validate", str(bad)).exit_code == 1  # where every such reference is a finding


def test_a_response_that_leads_nowhere_is_said_and_is_2(tmp_path: Path, contract) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        f"{_HEAD}  /things: {{get: {{responses: {{'204': {{$ref: '#/nowhere'}}}}}}}}\n", encoding="utf-8"
    )
    result = run("diff", contract("old.yaml", "get"), str(bad))
    assert result.exit_code == 2
    assert f"error: {bad}:4:" in result.stderr


_UNTOUCHED = "components: {schemas: {Part: {type: object, properties: {next: %s}}}}\n"


@pytest.mark.parametrize("side", ["old", "new"])
@pytest.mark.parametrize(
    "schema", ["{$ref: '#/components/schemas/Nope'}", "{$ref: 'part.yaml#/Nope'}", "{$ref: 'nope.yaml'}"]
)
def test_a_reference_that_leads_nowhere_is_said_where_nothing_differs(
    tmp_path: Path, contract, side: str, schema: str
) -> None:
    whole, broken = contract("whole.yaml", "get"), contract("broken.yaml", "get")
    (tmp_path / "part.yaml").write_text("Part: {type: string}\n", encoding="utf-8")
    with Path(broken).open("a", encoding="utf-8") as file:
        file.write(_UNTOUCHED % schema)
    result = run("diff", *([broken, whole] if side == "old" else [whole, broken]))
    assert result.exit_code == 2, result.output
    assert f"error: {broken}:5:" in result.stderr


def test_data_that_looks_like_a_reference_is_data(tmp_path: Path, contract) -> None:
    both = contract("data.yaml", "get")
    with Path(both).open("a", encoding="utf-8") as file:
        file.write(_UNTOUCHED % "{type: object, default: {$ref: '#/nowhere'}, enum: [{$ref: nope.yaml}]}")
    assert run("diff", both, both).exit_code == 0


def test_what_no_reference_leads_to_is_not_read(tmp_path: Path, contract) -> None:
    both = contract("uses.yaml", "get")
    with Path(both).open("a", encoding="utf-8") as file:
        file.write(_UNTOUCHED % "{$ref: 'part.yaml#/Part'}")
    (tmp_path / "part.yaml").write_text("Part: {type: string}\n", encoding="utf-8")
    assert run("diff", both, both).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff", "-", "-"], "standard input"),
        (["diff", _OLD, _NEW, "--surfaces", "wire,wier"], "use some of wire, json, behaviour, source"),
        (["diff", _OLD, _NEW, "--path-prefix", "/v1"], "OLD=NEW"),
        (["diff", _OLD, _NEW, "--output", "/nowhere/report.txt"], "cannot write /nowhere/report.txt"),
        (["diff", str(_EXAMPLES), _NEW], "is a set of contracts"),
        (["explain", "operation-remved"], "did you mean operation-removed"),
        (["explain", "zzzzzz"], "`apicontract rules` lists them"),
        (["diff", _OLD, "https://api.invalid/openapi.yaml"], "allow"),
        (["diff", _OLD], "Missing argument"),
        (["diff", _OLD, _NEW, "--fail-on", "huge"], "'huge' is not one of"),
        (["dif", _OLD, _NEW], "Did you mean 'diff'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_said_and_is_2(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_fault_of_ours_is_3_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "something is wrong"
        raise RuntimeError(msg)

    monkeypatch.delenv("APICONTRACT_DEBUG", raising=False)
    monkeypatch.setattr(apicontract, "compare", fail)
    result = run("diff", _OLD, _NEW)
    assert result.exit_code == 3
    assert "internal error: RuntimeError: something is wrong" in result.stderr
    assert "Traceback" not in result.output
    monkeypatch.setenv("APICONTRACT_DEBUG", "1")
    again = run("diff", _OLD, _NEW)
    assert again.exit_code == 3
    assert "Traceback" in again.stderr


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(apicontract, "compare", interrupt)
    assert run("diff", _OLD, _NEW).exit_code == 130


def test_output_is_a_whole_file_and_nothing_on_stdout(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("what stood there before", encoding="utf-8")
    result = run("diff", _OLD, _NEW, "--format", "json", "--output", str(report))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Required bump: major" in result.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["level"] == "major"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_file_that_may_not_be_written_is_left_alone(tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "kept.txt"
    target.write_text("kept", encoding="utf-8")
    monkeypatch.setattr("os.access", lambda *_: False)
    result = run("validate", _OLD, "-o", str(target))
    assert (result.exit_code, target.read_text(encoding="utf-8")) == (2, "kept")
    assert "it may not be written" in result.stderr


def test_a_dash_is_no_file_to_write_to() -> None:
    result = run("validate", _OLD, "-o", "-")
    assert result.exit_code == 2
    assert "leave --output out" in result.stderr


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("what stood there before", encoding="utf-8")
    result = run("diff", _OLD, str(tmp_path / "nowhere.yaml"), "--output", str(report))
    assert result.exit_code == 2
    assert report.read_text(encoding="utf-8") == "what stood there before"


def test_sets_are_paired_by_path(tmp_path: Path, contract) -> None:
    contract("old/a.yaml", "get")
    contract("old/deep/b.yaml", "get", "put")
    contract("new/a.yaml", "get")
    contract("new/deep/b.yaml", "get")
    for directory in ("old", "new"):
        (tmp_path / directory / "part.yaml").write_text("type: object\n", encoding="utf-8")
    result = run("diff", str(tmp_path / "old"), str(tmp_path / "new"), "--format", "json")
    assert result.exit_code == 1
    value = json.loads(result.stdout)
    assert [(one["new"]["source"], one["level"]) for one in value["contracts"]] == [
        (str(tmp_path / "new/a.yaml"), "none"),
        (str(tmp_path / "new/deep/b.yaml"), "major"),
    ]
    globs = run("diff", str(tmp_path / "old/*.yaml"), str(tmp_path / "new/*.yaml"))
    assert globs.exit_code == 0
    assert "1 contract compared" in globs.stdout


def test_a_contract_without_counterpart_is_removed_or_added(tmp_path: Path, contract) -> None:
    contract("old/a.yaml", "get")
    contract("new/a.yaml", "get")
    more = Path(contract("new/more.yaml", "get"))
    more.write_text(more.read_text(encoding="utf-8").replace("Things", "More"), encoding="utf-8")
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    grown, shrunk = run("diff", old, new), run("diff", new, old)
    assert grown.exit_code == 0
    assert "Required bump over all: minor" in grown.stdout
    assert shrunk.exit_code == 1
    assert "is gone, and no other contract has its name" in shrunk.stdout


def test_validate_takes_directories_and_globs(tmp_path: Path, contract) -> None:
    contract("a.yaml", "get")
    contract("deep/b.yaml", "get")
    assert run("validate", str(tmp_path)).stdout.count(": valid") == 2
    result = run("validate", str(tmp_path / "*.yaml"), "--format", "json")
    assert [one["valid"] for one in json.loads(result.stdout)["contracts"]] == [True]


def test_a_contract_from_standard_input() -> None:
    text = Path(_NEW).read_bytes()
    result = CliRunner().invoke(app, ["diff", _OLD, "-", "--quiet"], input=text)
    assert result.exit_code == 1


def test_surfaces_say_where_a_break_counts(contract) -> None:
    old, new = contract("old.yaml", "get", "put"), contract("new.yaml", "get")
    assert run("diff", old, new, "--surfaces", "behaviour").exit_code == 1
    assert run("diff", old, new, "--surfaces", "wire").exit_code == 0


def test_explain_tells_why_and_what_to_do() -> None:
    result = run("explain", "operation-removed")
    assert result.exit_code == 0
    for head in ("operation-removed", "Why it matters", "What to do", "Example: from"):
        assert head in result.stdout
    value = json.loads(run("explain", "operation-removed", "--format", "json").stdout)
    assert value["rules"][0]["id"] == "operation-removed"


def test_every_rule_can_be_explained() -> None:
    listed = json.loads(run("rules", "--format", "json").stdout)["rules"]
    assert [rule["id"] for rule in listed] == [rule.id for rule in apicontract.rules()]
    text = run("rules").stdout
    assert all(f" {rule['id']}\n" in text for rule in listed)


def test_help_shows_examples_and_exit_codes() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "apicontract diff v1.yaml v2.yaml" in result.stdout
    assert "Exit codes" in result.stdout
    for command in ("diff", "validate", "explain", "rules"):
        told = run(command, "--help")
        assert told.exit_code == 0
        assert f"apicontract {command}" in told.stdout
        assert all(len(line) <= 80 for line in told.stdout.splitlines())


def test_the_rules_that_help_names_exist() -> None:
    named = {
        line.split()[2]
        for text in (run("--help").stdout, run("explain", "--help").stdout)
        for line in text.splitlines()
        if line.split()[:2] == ["apicontract", "explain"] and len(line.split()) == 3
    }
    assert named
    assert named <= {rule.id for rule in apicontract.rules()}


def test_version() -> None:
    assert run("--version").stdout == f"apicontract {apicontract.__version__}\n"


def test_protos_are_compared_and_validated_with_include_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = 'syntax = "proto3";\npackage acme.v1;\nimport "m/money.proto";\nmessage Order { m.Money total = 1; %s id = 2; }\n'
    for side, kind in (("old", "string"), ("new", "bool")):
        (tmp_path / side).mkdir()
        (tmp_path / side / "order.proto").write_text(text % kind)
    (tmp_path / "third/m").mkdir(parents=True)
    (tmp_path / "third/m/money.proto").write_text(
        'syntax = "proto3"; package m; message Money { int64 units = 1; }'
    )
    done = run("diff", "old", "new")
    assert done.exit_code == 2
    assert "old/order.proto:3:1: the import `m/money.proto` cannot be found" in done.stderr
    done = run("diff", "old", "new", "-I", "third")
    assert done.exit_code == 1
    assert "old/order.proto:4" in done.stdout
    assert run("diff", "old", "new", "-I", "third", "--surface", "behaviour").exit_code == 0
    assert (
        run(
            "validate", "old/order.proto", "third/m/money.proto", "-I", "third", "--fail-on", "never"
        ).exit_code
        == 0
    )
    done = run("validate", "old")
    assert done.exit_code == 1
    assert "import-not-found" in done.stdout
