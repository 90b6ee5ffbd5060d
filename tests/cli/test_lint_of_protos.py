"""`apicontract lint` of protos: sets, waivers in comments, settings, what is excluded, reports."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from typer.testing import CliRunner

import apicontract
from apicontract.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

ROOT = Path(__file__).parents[2]
ORDERS = """\
syntax = "proto3";
package acme.orders.v1;

import "google/protobuf/empty.proto";

// Orders.
service Orders {
  // Cancels an order.
  rpc CancelOrder(CancelOrderRequest) returns (google.protobuf.Empty);
}

{above}
message CancelOrderRequest {
  string orderId = 1;
  string oldId = 2;
}

enum State {
  STATE_NONE = 0;
}
"""


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command in a folder of protos with a configuration; exit codes are checked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()  # nothing is looked for above

    def run(*arguments: str, above: str = "", config: str = "", code: int = 0) -> Result:
        path = Path("acme/orders/v1/orders.proto")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ORDERS.replace("{above}", above), encoding="utf-8")
        if config:
            Path("apicontract.toml").write_text(config, encoding="utf-8")
        result = CliRunner().invoke(app, ["lint", ".", "--fail-on", "never", *arguments])
        assert result.exit_code == code, result.output
        return result

    return run


def told(result: Result) -> dict:
    value = json.loads(result.stdout)
    shape = json.loads((ROOT / "apicontract/reports/schemas/lint-1.json").read_text())
    assert [error.message for error in jsonschema_rs.validator_for(shape).iter_errors(value)] == []
    return value


def found(result: Result) -> list[tuple[str, int]]:
    """The rules that fired and what they fired on is not waived, with their lines."""
    return [
        (one["id"], one["line"])
        for each in told(result)["contracts"]
        for one in each["findings"]
        if one["waiver"] is None
    ]


def test_places_are_those_of_the_names(lint: Callable[..., Result]) -> None:
    assert found(lint("--select", "field-name-case", "-f", "json")) == [
        ("field-name-case", 14),
        ("field-name-case", 15),
    ]


def test_the_set_of_buf_asks_rules_of_validation_too_and_the_others_do_not(
    lint: Callable[..., Result],
) -> None:
    rules = {name: set(told(lint("--rules", name, "-f", "json"))["rules"]) for name in ("buf", "all", "aip")}
    assert {"field-name-case", "import-unused", "service-suffix-missing"} <= rules["buf"]
    assert "field-uncommented" not in rules["buf"]
    assert "rpc-streams-requests" not in rules["buf"]
    assert "stable-package-imports-unstable" not in rules["buf"]
    assert {"field-uncommented", "service-suffix-missing"} <= rules["all"]
    assert "import-unused" not in rules["all"]
    assert "import-unused" in set(told(lint("--select", "import-unused", "-f", "json"))["rules"])
    assert {"list-not-paged", "http-body-missing"} <= rules["aip"]


@pytest.mark.parametrize(
    "comment",
    [
        '// apicontract:ignore field-name-case reason="Old clients." until=2999-01-01',
        "// apicontract:ignore field-name-case Old clients. until 2999-01-01",
        "// apicontract:ignore field-name-case Old clients., until 2999-01-01.",
        "/* A message.\n * apicontract:ignore field-name-case Old clients. until 2999-01-01\n */",
    ],
)
def test_a_comment_waives_with_reason_and_day(lint: Callable[..., Result], comment: str) -> None:
    value = told(lint("--select", "field-name-case", "-f", "json", above=comment))
    waivers = [one["waiver"] for one in value["contracts"][0]["findings"]]
    assert [(one["reason"].rstrip(".,"), one["until"]) for one in waivers] == [
        ("Old clients", "2999-01-01")
    ] * 2
    assert value["summary"]["waived"] == 2


def test_a_waiver_needs_a_reason_a_day_that_has_not_passed_and_something_to_waive(
    lint: Callable[..., Result],
) -> None:
    def rules(above: str, select: str = "field-name-case") -> set[str]:
        return {rule for rule, _ in found(lint("--select", select, "-f", "json", above=above))}

    assert rules("// apicontract:ignore field-name-case") == {"field-name-case", "ignore-malformed"}
    assert rules("// apicontract:ignore field-name-case Once. until 2020-01-01") == {
        "field-name-case",
        "suppression-expired",
    }
    assert rules("// apicontract:ignore rpc-name-case Never.", "rpc-name-case") == {"suppression-unused"}
    assert rules("// apicontract:ignore field-nam-case Typo.") == {"field-name-case", "ignore-malformed"}


@pytest.mark.parametrize(
    ("comment", "fires"),
    [
        ("// buf:lint:ignore FIELD_LOWER_SNAKE_CASE", False),
        ("// A message.\n// buf:lint:ignore FIELD_LOWER_SNAKE_CASE since it is old", False),
        ("// buf:lint:ignore MESSAGE_PASCAL_CASE", True),
        ("// Never write buf:lint:ignore FIELD_LOWER_SNAKE_CASE", True),
        ("// buf:lint:ignore FIELD_LOWER_SNAKE_CASE\n", True),  # an empty line between: detached
    ],
)
def test_what_buf_is_told_to_ignore_is_ignored(
    lint: Callable[..., Result], comment: str, *, fires: bool
) -> None:
    assert bool(found(lint("--select", "field-name-case", "-f", "json", above=comment))) is fires


def test_buf_ignores_findings_of_validation_that_lint_asks_for(lint: Callable[..., Result]) -> None:
    value = lint("--select", "package-in-several-directories,package-unversioned", "-f", "json")
    assert found(value) == []
    Path("other").mkdir()
    text = 'syntax = "proto3";\n{above}package acme.other;\nmessage Other {}\n'
    Path("other/other.proto").write_text(text.replace("{above}", ""), encoding="utf-8")
    assert found(lint("--select", "package-unversioned", "-f", "json")) == [("package-unversioned", 2)]
    ignored = text.replace("{above}", "// buf:lint:ignore PACKAGE_VERSION_SUFFIX\n")
    Path("other/other.proto").write_text(ignored, encoding="utf-8")
    assert found(lint("--select", "package-unversioned", "-f", "json")) == []


def test_directives_are_no_comments(lint: Callable[..., Result]) -> None:
    lines = "// buf:lint:ignore FIELD_LOWER_SNAKE_CASE\n// apicontract:ignore field-name-case Old."
    assert found(lint("--select", "message-uncommented", "-f", "json", above=lines)) == [
        ("message-uncommented", 14)
    ]
    assert found(lint("--select", "message-uncommented", "-f", "json", above=f"{lines}\n// Cancels.")) == []


def test_suffixes_and_empty_are_settings(lint: Callable[..., Result]) -> None:
    select = "enum-zero-suffix-missing,service-suffix-missing,rpc-response-name"
    asked = {"enum-zero-suffix-missing", "service-suffix-missing", "rpc-response-name"}
    assert {rule for rule, _ in found(lint("--select", select, "-f", "json"))} == asked
    config = '[lint]\nenum-zero-suffix = "_NONE"\nservice-suffix = "Orders"\nempty-messages = true\n'
    assert found(lint("--select", select, "-f", "json", config=config)) == []


def test_severities_are_the_configurations_and_files_can_be_excluded(lint: Callable[..., Result]) -> None:
    config = '[rules]\n"field-name-case" = "error"\n'
    value = told(lint("--select", "field-name-case", "-f", "json", config=config))
    assert {one["severity"] for one in value["contracts"][0]["findings"]} == {"error"}
    Path("vendored").mkdir()
    bad = 'syntax = "proto3";\npackage vendored;\nmessage bad {}\n'
    Path("vendored/bad.proto").write_text(bad, encoding="utf-8")
    both = "field-name-case,message-name-case"
    assert ("message-name-case", 3) in found(lint("--select", both, "-f", "json"))
    config = '[lint]\nexclude = ["vendored/**"]\n'
    assert {rule for rule, _ in found(lint("--select", both, "-f", "json", config=config))} == {
        "field-name-case"
    }


def test_reports_lead_to_the_page_of_the_rule(lint: Callable[..., Result]) -> None:
    run = json.loads(lint("--select", "field-name-case", "-f", "sarif").stdout)["runs"][0]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["helpUri"].endswith("docs/rules/proto-lint.md#field-name-case")
    page = (ROOT / "docs/rules/proto-lint.md").read_text(encoding="utf-8")
    assert "\n## field-name-case\n" in page


def test_a_proto_that_does_not_compile_is_an_error_with_its_place(lint: Callable[..., Result]) -> None:
    Path("acme/orders/v1").mkdir(parents=True, exist_ok=True)
    broken = 'syntax = "proto3";\npackage acme.orders.v1;\nmessage A { Missing a = 1; }\n'
    Path("acme/orders/v1/broken.proto").write_text(broken, encoding="utf-8")
    assert f"acme{os.sep}orders{os.sep}v1{os.sep}broken.proto:3:13" in lint(code=2).stderr


def test_the_public_function_lints_protos(lint: Callable[..., Result], tmp_path: Path) -> None:
    lint()
    result = apicontract.lint(tmp_path)
    assert result.format == "proto"
    assert {finding.rule for finding in result.findings} >= {"field-name-case"}
    assert "import-unused" not in {finding.rule for finding in result.findings}
