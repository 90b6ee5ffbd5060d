"""The reports for people, letter for letter."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from apicontract.changes import Certainty, Change, Comparison, Diff, Direction, Level, Side, Surface, Witness
from apicontract.findings import Finding, Severity, Validation
from apicontract.reports.findings import validation_lines
from apicontract.reports.style import Style, plain, shortened
from apicontract.reports.text import conclusion, diff_lines
from apicontract.sources import Document, Place, read

_ESCAPE = "\x1b"
_OPERATIONS = ("GET /orders", "GET /orders/{id}", "POST /orders")


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(
        "openapi: 3.1.0\ninfo:\n  title: Orders\n  version: 1.2.3\n", encoding="utf-8"
    )
    return read("api.yaml").root


def _changes(document: Document) -> tuple[Change, ...]:
    title, version = Place(document, "/info/title"), Place(document, "/info/version")
    return (
        Change(
            "request-maximum-decreased",
            Level.MAJOR,
            (Surface.WIRE,),
            Certainty.WITNESSED,
            Direction.REQUEST,
            "GET /orders",
            "query parameter `limit`: its `maximum` was lowered",
            old=title,
            new=version,
            was="100",
            now="50",
            witness=Witness("parameter", 51, "GET /orders?limit=51"),
            reaches=("GET /orders",),
        ),
        Change(
            "response-property-type-changed",
            Level.MAJOR,
            (Surface.WIRE,),
            Certainty.WITNESSED,
            Direction.RESPONSE,
            "GET /orders",
            "`items[].note` in the 200 response: another type",
            old=title,
            new=version,
            was="string",
            now="string or null",
            witness=Witness(
                "response-body", {}, '200 with the body {"items": [{"note": "' + "a" * 201 + '"}]}'
            ),
            reaches=_OPERATIONS,
        ),
        Change(
            "request-pattern-changed",
            Level.MAJOR,
            (Surface.WIRE,),
            Certainty.ASSUMED,
            Direction.REQUEST,
            "POST /orders",
            "`sku` in the request body: its pattern changed",
            old=title,
            new=version,
            reaches=("POST /orders",),
        ),
        Change(
            "operation-removed",
            Level.MAJOR,
            (Surface.BEHAVIOUR,),
            Certainty.PROVED,
            Direction.NONE,
            "DELETE /orders/{id}",
            "DELETE /orders/{id} is gone",
            old=title,
            reaches=("DELETE /orders/{id}",),
            allowed="its sunset 2025-06-30 has passed",
        ),
        Change(
            "api-documentation-changed",
            Level.PATCH,
            (),
            Certainty.PROVED,
            Direction.NONE,
            "",
            "info: `description` changed",
            old=title,
            new=version,
        ),
    )


def _diff(document: Document, *, new_version: str = "1.3.0") -> Diff:
    return Diff("openapi", Side("v1.yaml", "1.2.3"), Side("v2.yaml", new_version), _changes(document))


def _text(lines: object) -> str:
    return "".join(f"{line}\n" for line in lines)  # type: ignore[attr-defined]


def test_diff(document: Document) -> None:
    assert _text(diff_lines(_diff(document), Style())) == dedent(
        """\
        v1.yaml (1.2.3) → v2.yaml (1.3.0)

        GET /orders
          major  query parameter `limit`: its `maximum` was lowered
                 was 100, now 50
                 this request was valid and is refused now: GET /orders?limit=51
                 api.yaml:3:10 → api.yaml:4:12
                 request-maximum-decreased
          major  `items[].note` in the 200 response: another type
                 was string, now string or null
                 the new server may send this, which old clients refuse: 200 with the
                 body {"items": [{"note": "aaa…(201 times)"}]}
                 reaches 3 operations
                 api.yaml:3:10 → api.yaml:4:12
                 response-property-type-changed

        POST /orders
          major  `sku` in the request body: its pattern changed
                 assumed: this could not be decided, so the careful answer counts
                 api.yaml:3:10 → api.yaml:4:12
                 request-pattern-changed

        DELETE /orders/{id}
          minor  DELETE /orders/{id} is gone
                 a break that is allowed: its sunset 2025-06-30 has passed
                 api.yaml:3:10
                 operation-removed

        1 patch change not listed; -v lists them all

        Required bump: major, from 1.2.3 to at least 2.0.0; the new contract says 1.3.0
        3 major, 1 minor, 1 patch; 4 operations reached; 1 break allowed; 1 verdict assumed
        """
    )


def test_verbose_lists_patches_and_operations(document: Document) -> None:
    text = _text(diff_lines(_diff(document), Style(), verbose=True))
    assert "reaches 3 operations\n           GET /orders, GET /orders/{id}, POST /orders\n" in text
    assert "The contract as a whole\n  patch  info: `description` changed\n" in text
    assert "not listed" not in text


@pytest.mark.parametrize(
    ("new_version", "said"),
    [
        ("2.0.0", "; the new contract says 2.0.0, which is enough"),
        ("1.2.4", "; the new contract says 1.2.4"),
        ("2024-01-31", ""),
    ],
)
def test_the_version_that_is_needed(document: Document, new_version: str, said: str) -> None:
    first = next(conclusion(_diff(document, new_version=new_version), Style()))
    assert first == f"Required bump: major, from 1.2.3 to at least 2.0.0{said}"


def test_a_version_that_is_not_semantic(document: Document) -> None:
    result = Diff("openapi", Side("a", "2024-01-31"), Side("b", ""), _changes(document))
    assert next(conclusion(result, Style())) == "Required bump: major"


def test_no_change() -> None:
    result = Diff("openapi", Side("a.yaml", "1.0.0"), Side("b.yaml", "1.0.0"), ())
    assert (
        _text(diff_lines(result, Style()))
        == "a.yaml (1.0.0) → b.yaml (1.0.0)\n\nRequired bump: none\nNo changes\n"
    )


def test_several_contracts(document: Document) -> None:
    same = Diff("openapi", Side("old/b.yaml", "1.0.0"), Side("new/b.yaml", "1.0.0"), ())
    result = Comparison((same,), removed=(Side("old/a.yaml", "1.0.0"),), added=(Side("new/c.yaml", ""),))
    assert _text(diff_lines(result, Style())) == dedent(
        """\
        major  old/a.yaml (1.0.0) is gone, and no other contract has its name
        minor  new/c.yaml is new
        1 contract without a change

        Required bump over all: major
        1 contract compared, 1 removed, 1 added
        """
    )


def test_colour_changes_nothing_but_colour(document: Document) -> None:
    import re

    coloured = _text(diff_lines(_diff(document), Style(colour=True)))
    assert _ESCAPE in coloured
    assert re.sub(rf"{_ESCAPE}\[[0-9;]*m", "", coloured) == _text(diff_lines(_diff(document), Style()))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_of_prose_is_wider_than_asked(document: Document, width: int) -> None:
    lines = list(diff_lines(_diff(document), Style(width), verbose=True))
    body = [line for line in lines if line.startswith("   ")]
    assert max(map(len, body)) <= max(width, 40)


def test_a_contract_cannot_steer_the_terminal(document: Document) -> None:
    change = _changes(document)[0]
    evil = Change(
        change.rule,
        change.level,
        change.surfaces,
        change.certainty,
        change.direction,
        "GET /\x1b[2J",
        "a name \x1b]0;title\x07 and \u202e back",
        old=change.old,
        was="\x9b31m",
        now="\r\n",
    )
    result = Diff("openapi", Side("a\x1b[1m", "1\x07"), Side("b", "1"), (evil,))
    text = _text(diff_lines(result, Style()))
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(text)
    assert "\\x1b[2J" in text


def test_plain_and_shortened() -> None:
    assert plain("a\tb\nc\x00\ud800") == "a b c\\x00\\ud800"
    assert shortened("x" * 23) == "x" * 23
    assert shortened("x" * 24 + "y") == "xxx…(24 times)y"


def test_validation(document: Document) -> None:
    findings = (
        Finding("missing-field", Severity.ERROR, Place(document, "/info"), "`info` lacks `x`", "add it"),
        Finding(
            "tag-undeclared", Severity.WARNING, Place(document, "/info/title"), "`t` is declared nowhere"
        ),
        Finding("tag-undeclared", Severity.WARNING, Place(document, "/openapi"), "`u` is declared nowhere"),
    )
    results = [Validation("openapi", "api.yaml", "1.2.3", findings), Validation("openapi", "b.yaml", "", ())]
    assert _text(validation_lines(results, Style())) == dedent(
        """\
        api.yaml:3:3: error missing-field
          `info` lacks `x`
          → add it

        api.yaml:3:10: warning tag-undeclared
          `t` is declared nowhere

        api.yaml:1:10: warning tag-undeclared
          `u` is declared nowhere

        api.yaml: not valid: 1 error, 2 warnings
        b.yaml: valid
        """
    )
