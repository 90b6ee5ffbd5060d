"""`apicontract lint --fix`, `--unsafe-fixes` and `--diff`: what is written, what is shown, what is refused."""

from __future__ import annotations

import errno
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from typer.testing import CliRunner

import apicontract
from apicontract.cli import output
from apicontract.cli.app import app
from apicontract.findings import Fix
from apicontract.formats.openapi.lint import remedies
from apicontract.gate import fixing

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

ROOT = Path(__file__).parents[2]
API = """\
# Orders of the shop
openapi: 3.1.0
info: {title: Orders, version: 1.0.0, license: {name: MIT}}  # ours
paths:
  /orders/:
    get:
      summary: List orders
      description: List orders.
      responses:
        "200": {description: All, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
components:
  schemas:
    Order: {type: object, properties: {paid: {type: boolean}}}
    # kept by hand
    Old:
      type: object
"""
SAFE = (
    API.replace("      description: List orders.\n", "")
    .replace("{name: MIT}", "{name: MIT, identifier: MIT}")
    .replace("    Old:\n      type: object\n", "")
)
UNSAFE = SAFE.replace("/orders/:", "/orders:").replace(
    "      summary: List orders\n", "      summary: List orders\n      operationId: getOrders\n"
)
QUIET = ("--rules", "all", "-q")


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command in a folder with a contract; exit codes are checked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()  # nothing is looked for above
    Path("api.yaml").write_text(API)

    def run(*arguments: str, code: int = 0, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(app, ["lint", *arguments], input=stdin)
        assert result.exit_code == code, result.output
        return result

    return run


def files(folder: str = ".") -> set[str]:
    return {path.name for path in Path(folder).iterdir()} - {".git"}


def test_fix_writes_what_is_safe(lint: Callable[..., Result]) -> None:
    result = lint("api.yaml", "--fix", *QUIET)
    assert Path("api.yaml").read_text() == SAFE
    assert "fixed 3 findings in api.yaml\n" in result.stdout
    assert (
        "  1 component-unused\n  1 description-repeats-summary\n  1 license-without-terms\n" in result.stdout
    )
    assert "api.yaml: as a change, the fixes are patch" in result.stdout
    assert "fixable with --fix --unsafe-fixes" in result.stdout
    assert "nothing to fix" in lint("api.yaml", "--fix", *QUIET).stdout
    assert Path("api.yaml").read_text() == SAFE
    assert files() == {"api.yaml"}


def test_unsafe_fixes_are_written_when_asked_for_and_say_what_they_are(lint: Callable[..., Result]) -> None:
    result = lint("api.yaml", "--fix", "--unsafe-fixes", *QUIET)
    assert Path("api.yaml").read_text() == UNSAFE
    assert "api.yaml: as a change, the fixes are major" in result.stdout
    assert "nothing to fix" in lint("api.yaml", "--fix", "--unsafe-fixes", *QUIET).stdout


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_patch_is_what_fix_writes(lint: Callable[..., Result], ends: str, mark: str) -> None:
    given = (mark + API).replace("\n", ends).removesuffix(ends).encode()
    Path("api.yaml").write_bytes(given)
    result = lint("api.yaml", "--diff", "--rules", "all", code=1)
    assert Path("api.yaml").read_bytes() == given
    assert "would fix 3 findings in api.yaml" in result.stderr
    lint("api.yaml", "--diff", "--rules", "all", "--output", "fix.patch", code=1)
    assert Path("fix.patch").read_bytes().decode() == result.stdout_bytes.decode()
    lint("api.yaml", "--fix", *QUIET)
    fixed = Path("api.yaml").read_bytes()
    assert fixed == (mark + SAFE).replace("\n", ends).encode().removesuffix(ends.encode())
    Path("api.yaml").write_bytes(given)
    Path(".git").rmdir()
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply", "--whitespace=nowarn", "fix.patch"], check=True)
    assert Path("api.yaml").read_bytes() == fixed
    assert lint("api.yaml", "--diff", "--rules", "all").stdout == ""


def test_findings_say_whether_they_can_be_fixed(lint: Callable[..., Result]) -> None:
    result = lint("api.yaml", "--rules", "all")
    assert " component-unused [fixable]\n" in result.stdout
    assert "path-trailing-slash [fixable, unsafe]" in result.stdout
    assert "3 fixable with --fix, 2 more with --fix --unsafe-fixes, which may break clients" in result.stdout


def test_json(lint: Callable[..., Result]) -> None:
    shape = json.loads((ROOT / "apicontract/reports/schemas/lint-1.json").read_text())
    valid = jsonschema_rs.validator_for(shape).is_valid
    before = json.loads(lint("api.yaml", "--rules", "all", "-f", "json").stdout)
    assert valid(before)
    fixes = {one["id"]: one["fix"] for one in before["contracts"][0]["findings"]}
    assert (fixes["component-unused"], fixes["path-trailing-slash"]) == ("safe", "unsafe")
    assert fixes["property-undocumented"] is None
    assert (before["summary"]["fixable"], before["summary"]["fixable_unsafe"]) == (3, 2)
    assert before["fixed"] is None
    after = json.loads(lint("api.yaml", "--rules", "all", "-f", "json", "--fix").stdout)
    assert valid(after)
    assert after["fixed"] == {
        "findings": 3,
        "rules": {"component-unused": 1, "description-repeats-summary": 1, "license-without-terms": 1},
        "files": ["api.yaml"],
        "levels": {"api.yaml": "patch"},
        "unwritable": 0,
        "refused": {},
    }
    assert after["summary"]["fixable"] == 0


def test_the_other_reports_say_it_too(lint: Callable[..., Result]) -> None:
    lines = lint("api.yaml", "--rules", "all", "-f", "concise").stdout.splitlines()
    [line] = [line for line in lines if " component-unused: " in line]
    assert line.endswith("[fixable]")
    [line] = [line for line in lines if " path-trailing-slash: " in line]
    assert line.endswith("[fixable, unsafe]")
    assert not any(line.endswith("]") for line in lines if " property-undocumented: " in line)
    items = [
        json.loads(line) for line in lint("api.yaml", "--rules", "all", "-f", "jsonl").stdout.splitlines()
    ]
    fixes = {item["id"]: item["fix"] for item in items if item["type"] == "finding"}
    assert (fixes["component-unused"], fixes["path-trailing-slash"]) == ("safe", "unsafe")
    assert fixes["property-undocumented"] is None


def test_explain_says_what_a_fix_does() -> None:
    result = CliRunner().invoke(app, ["explain", "path-trailing-slash"])
    assert "What --fix --unsafe-fixes does\n  Takes the slash away" in result.stdout
    listed = json.loads(CliRunner().invoke(app, ["rules", "--format", "json"]).stdout)["rules"]
    fixes = {rule["id"]: rule["fix"] for rule in listed if "fix" in rule}
    assert fixes["component-unused"]["safety"] == "safe"
    assert fixes["component-unused"]["does"].startswith("Takes the component out")
    assert fixes["path-too-deep"] is None


def test_sarif_has_the_replacements(lint: Callable[..., Result]) -> None:
    run = json.loads(lint("api.yaml", "--rules", "all", "-f", "sarif").stdout)["runs"][0]
    by_rule = {one["ruleId"]: one for one in run["results"]}
    assert "fixes" not in by_rule["property-undocumented"]
    [fix] = by_rule["license-without-terms"]["fixes"]
    [change] = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "api.yaml"
    [replacement] = change["replacements"]
    assert replacement["insertedContent"] == {"text": ", identifier: MIT"}
    region = replacement["deletedRegion"]
    assert (region["startLine"], region["startColumn"]) == (region["endLine"], region["endColumn"])
    assert API.splitlines()[2][: region["startColumn"] - 1].endswith("{name: MIT")
    assert fix["description"]["text"].startswith("Of a licence")


def test_what_is_waived_or_off_or_not_asked_stays(lint: Callable[..., Result]) -> None:
    text = API.replace(
        "    Old:\n", "    Old:\n      x-apicontract-ignore: {rule: component-unused, reason: soon}\n"
    )
    Path("api.yaml").write_text(text)
    Path("apicontract.toml").write_text('[rules]\n"license-without-terms" = "off"\n')
    lint("api.yaml", "--fix", *QUIET, "--ignore", "description-repeats-summary")
    assert Path("api.yaml").read_text() == text


@pytest.mark.parametrize("source", ["-", "git:HEAD:api.yaml", "https://example.com/api.yaml"])
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_what_is_no_file_is_refused(lint: Callable[..., Result], source: str, option: str) -> None:
    result = lint(source, option, "--allow-remote", code=2, stdin=API)
    assert "cannot be fixed" in result.stderr
    assert "name the file in the working tree" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes goes with --fix"),
        (("--diff", "--format", "json"), "--diff prints a patch"),
        (("--diff", "--report", "sarif=a.sarif"), "--diff prints a patch"),
    ],
)
def test_options_that_make_no_sense(lint: Callable[..., Result], options: tuple[str, ...], said: str) -> None:
    assert said in lint("api.yaml", *options, code=2).stderr
    assert Path("api.yaml").read_text() == API


SHARED = """\
Order:
  type: object
  properties:
    colour: {type: string, example: blue}  # shown
"""


def shared(folder: str, title: str) -> None:
    Path(folder).mkdir(exist_ok=True)
    Path(f"{folder}/{title}.yaml").write_text(
        API.replace('"#/components/schemas/Order"', "common.yaml#/Order").replace(
            "title: Orders", f"title: {title}"
        )
    )
    Path(f"{folder}/common.yaml").write_text(SHARED)


def test_a_file_that_several_contracts_share_is_fixed_once(lint: Callable[..., Result]) -> None:
    shared("apis", "one")
    shared("apis", "two")
    result = lint("apis", "--fix", *QUIET)
    assert Path("apis/common.yaml").read_text() == SHARED.replace("example: blue", "examples: [blue]")
    assert "  1 example-field-outdated\n" in result.stdout
    assert "  4 component-unused\n" in result.stdout
    assert Path("apis/one.yaml").read_text() == Path("apis/two.yaml").read_text().replace("two", "one")


def test_what_is_vendored_is_left(lint: Callable[..., Result]) -> None:
    shared("apis", "one")
    Path("apicontract.toml").write_text('[lint]\nexclude = ["apis/common.yaml"]\n')
    lint("apis/one.yaml", "--fix", *QUIET)
    assert Path("apis/common.yaml").read_text() == SHARED


def test_what_another_file_may_refer_to_is_not_taken_away(lint: Callable[..., Result]) -> None:
    Path("an api.yaml").write_text(API)
    Path("other.yaml").write_text("Order: {$ref: './an%20api.yaml#/components/schemas/Old'}\n")
    lint("an api.yaml", "--fix", *QUIET)
    assert "    Old:\n" in Path("an api.yaml").read_text()
    Path("other.yaml").write_text("Order: {$ref: 'my-api.yaml#/components/schemas/Old'}\n")
    assert "component-unused" in lint("api.yaml", "--diff", "--rules", "all", code=1).stderr
    Path("other.yaml").write_text("Order: {$ref: 'api.yaml#/components/schemas/Old'}\n")
    lint("api.yaml", "--fix", "--unsafe-fixes", *QUIET)
    assert "    Old:\n" in Path("api.yaml").read_text()
    assert "/orders/:" in Path("api.yaml").read_text()
    assert "identifier: MIT" in Path("api.yaml").read_text()


def test_all_files_are_written_or_none(lint: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    shared("apis", "one")
    before = Path("apis/one.yaml").read_text()
    staged = output._staged

    def full(target: Path, content: bytes) -> Path:
        if target.name == "one.yaml":  # the second of the two
            raise OSError(errno.ENOSPC, "No space left on device")
        return staged(target, content)

    monkeypatch.setattr(output, "_staged", full)
    assert "No space left" in lint("apis/one.yaml", "--fix", *QUIET, code=2).stderr
    assert Path("apis/one.yaml").read_text() == before
    assert Path("apis/common.yaml").read_text() == SHARED
    assert files("apis") == {"one.yaml", "common.yaml"}


def test_a_file_that_changed_meanwhile_is_not_overwritten(
    lint: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = fixing.fix_all

    def slow(*arguments: object, **options: object) -> object:
        result = made(*arguments, **options)  # type: ignore[arg-type]
        Path("api.yaml").write_text(API + "# new\n")
        return result

    monkeypatch.setattr(fixing, "fix_all", slow)
    assert "has changed while it was read" in lint("api.yaml", "--fix", *QUIET, code=2).stderr
    assert Path("api.yaml").read_text() == API + "# new\n"


def test_a_fix_that_only_calls_itself_safe_is_left_out(
    lint: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        fixing._Work, "_wanted", property(lambda _: {Fix.SAFE, Fix.UNSAFE}, lambda *_: None), raising=False
    )
    monkeypatch.setattr(fixing, "_is_unsafe", lambda _: False)
    result = lint("api.yaml", "--fix", *QUIET)
    written = Path("api.yaml").read_text()
    assert "/orders/:" in written  # another path is a break
    assert "Old:" not in written  # the others are made
    assert (
        "1 could not be fixed: the contract would be invalid, or changed for those who use it: "
        "1 path-trailing-slash" in result.stdout.replace("\n", " ")
    )
    assert json.loads(lint("api.yaml", "--fix", *QUIET, "--format", "json").stdout)["fixed"]["refused"] == {
        "path-trailing-slash": 1
    }


def test_what_would_make_a_contract_invalid_is_left_out_and_the_rest_is_made(
    lint: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remedies, "_fits", lambda *_: True)
    wrong = "      parameters: [{name: user_uuid, in: query, schema: {type: string, default: abc}}]\n"
    text = API.replace("      responses:\n", wrong + "      responses:\n")
    Path("api.yaml").write_text(text)
    result = lint("api.yaml", "--fix", "--unsafe-fixes", *QUIET)
    assert "1 could not be fixed: the contract would be invalid" in result.stdout
    assert Path("api.yaml").read_text() == UNSAFE.replace("      responses:\n", wrong + "      responses:\n")


SWAGGER = """\
swagger: "2.0"
info: {title: T, version: 1.0.0}
paths:
  /a:
    get: {responses: {200: {description: d, schema: {$ref: '#/definitions/A'}}}}
    post: {parameters: [{name: b, in: body, schema: {$ref: '#/definitions/A'}}], responses: {200: {description: d}}}
definitions:
  A: {type: object, properties: {password: {type: string}, user_uuid: {type: string, default: abc}}}
"""


def test_a_rule_that_has_no_remedy_for_a_place_says_so(lint: Callable[..., Result]) -> None:
    Path("api.yaml").write_text(SWAGGER)
    assert "fixable" not in lint("api.yaml", "--select", "secret-readable").stdout
    assert lint("api.yaml", "--rules", "all", "-q", "--fix", "--unsafe-fixes").exit_code == 0
    written = Path("api.yaml").read_text()
    assert "writeOnly" not in written
    assert "format: uuid" not in written
    assert "could not be fixed" not in lint("api.yaml", "--fix", "--unsafe-fixes", *QUIET).stdout


def test_what_cannot_be_written_alone_is_said(lint: Callable[..., Result]) -> None:
    text = API.replace("{name: MIT}", "&mit {name: MIT}").replace("paths:", "x-terms: *mit\npaths:", 1)
    Path("api.yaml").write_text(text)
    result = lint("api.yaml", "--fix", *QUIET)
    assert "1 could not be fixed without changing something else" in result.stdout
    assert "&mit {name: MIT}}" in Path("api.yaml").read_text()
    assert "Old" not in Path("api.yaml").read_text()


def test_fixed_without_the_command(lint: Callable[..., Result]) -> None:
    assert lint is not None
    result = apicontract.fix_all("api.yaml", rules="all")
    assert [(file.name, file.old, file.new) for file in result.files] == [
        ("api.yaml", API.encode(), SAFE.encode())
    ]
    assert Path("api.yaml").read_text() == API


def test_unreadable_contracts_are_said_and_the_rest_is_fixed(lint: Callable[..., Result]) -> None:
    Path("bad.yaml").write_text("openapi: 3.1.0\n  paths: {\n")
    result = lint("api.yaml", "bad.yaml", "--fix", *QUIET, code=2)
    assert "bad.yaml:" in result.stderr
    assert Path("api.yaml").read_text() == SAFE


@pytest.mark.parametrize(
    "options",
    [
        ("--fix", "-o", "api.yaml"),
        ("-o", "./api.yaml"),
        ("--report", "json=api.yaml"),
        ("--diff", "-o", "api.yaml"),
    ],
)
def test_a_report_never_replaces_what_is_linted(
    lint: Callable[..., Result], options: tuple[str, ...]
) -> None:
    result = lint(".", *options, code=2)
    assert "api.yaml is linted itself" in result.stderr or "api.yaml is a contract" in result.stderr
    assert Path("api.yaml").read_text() == API


def test_nothing_is_fixed_where_the_report_cannot_be_written(lint: Callable[..., Result]) -> None:
    result = lint("api.yaml", "--fix", "-o", "missing/report.txt", code=2)
    assert "cannot write missing/report.txt" in result.stderr
    assert Path("api.yaml").read_text() == API
    assert files() == {"api.yaml"}


def test_drops_of_what_is_shared_by_aliases_settle(lint: Callable[..., Result]) -> None:
    text = """\
openapi: 3.1.0
info: {title: T, version: 1.0.0}
x-op: &op
  summary: S
  description: S
paths:
  /a:
    get:
      <<: *op
      operationId: a
      responses: {"204": {description: d}}
    post:
      <<: [*op]
      operationId: b
      responses: {"204": {description: d}}
  /c: &c
    get: {operationId: x, summary: T, description: T, responses: {"204": {description: d}}}
  /d: *c
"""
    Path("api.yaml").write_text(text)
    result = lint("api.yaml", "--fix", "--unsafe-fixes", *QUIET)
    assert "could not be fixed without changing something else" in result.stdout
