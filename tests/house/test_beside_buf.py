"""The comparison with buf finds what both say of one element, and owns up to what has no reason."""

from __future__ import annotations

import pytest
from buf import corpus
from buf.corpus import Told
from buf.tool import Report

from apicontract.changes import Level

FILE = "t/v1/a.proto"


def change(rule, message, *, wire=Level.MAJOR, source=Level.MAJOR, old=FILE, new=FILE, was=""):
    effects = {"wire": wire, "json": wire, "source": source}
    return Told(rule, message, effects, old, new, was, ())


@pytest.mark.parametrize(
    ("rule", "message", "ours"),
    [
        (
            "FIELD_NO_DELETE",
            'Previously present field "2" with name "b" on message "A.M" was deleted.',
            change("field-removed", "field `M.b` is gone; neither its number nor its name is reserved"),
        ),
        (
            "FIELD_SAME_NAME",
            'Field "1" on message "M" changed name from "old" to "new".',
            change("field-renamed", "field `M.old` is called `new`"),
        ),
        (
            "FIELD_SAME_JSON_NAME",
            'Field "1" with name "new" on message "M" changed option "json_name" from "old" to "new".',
            change("field-renamed", "field `M.old` is called `new`"),
        ),
        (
            "ENUM_VALUE_NO_DELETE",
            'Previously present enum value "6" on enum "E" was deleted.',
            change("enum-value-removed", "enum `E`: value `SIX` is gone and not reserved", was="SIX = 6"),
        ),
        (
            "RPC_NO_DELETE",
            'Previously present RPC "Get" on service "S" was deleted.',
            change("rpc-removed", "method `Get` is gone; calls of it fail with UNIMPLEMENTED"),
        ),
        (
            "FILE_SAME_GO_PACKAGE",
            'File option "go_package" changed from "a" to "b".',
            change("file-go-package-changed", f"file `{FILE}`: `go_package` changed, which Go code sees"),
        ),
        (
            "MESSAGE_NO_DELETE",
            'Previously present message "Out.In" was deleted from file.',
            change("message-removed", "message `t.v1.Out` is gone", new=""),
        ),
        (
            "FIELD_SAME_TYPE",
            'Field "1" with name "e" on message "M" changed type from "t.v1.E" to "t.v1.F".',
            change("enum-renamed", "enum `t.v1.E` is called `t.v1.F`"),
        ),
    ],
)
def test_a_report_finds_the_change_of_the_same_element(rule, message, ours, tmp_path):
    other = change("field-removed", "field `Other.b` is gone; neither its number nor its name is reserved")
    reports = [Report(rule, FILE, 1, message)]
    (found,) = corpus.matched(reports, [other, ours], tmp_path)
    assert found.changes == (ours,)
    (elsewhere,) = corpus.matched(
        [report._replace(path="t/v1/b.proto") for report in reports],
        [other, ours._replace(rule="field-removed")],
        tmp_path,
    )
    assert elsewhere.changes == ()


def test_a_file_that_is_gone_is_found_with_its_package_and_with_what_it_held(tmp_path):
    (tmp_path / "t/v1").mkdir(parents=True)
    (tmp_path / FILE).write_text("package t.v1;", encoding="utf-8")
    reports = [Report("FILE_NO_DELETE", "", 0, f'Previously present file "{FILE}" was deleted.')]
    held = change("service-removed", "service `t.v1.S` is gone", new="")
    package = change("package-removed", "package `t.v1` is gone, with all its types", new="")
    (found,) = corpus.matched(reports, [held, package], tmp_path)
    assert {one.rule for one in found.changes} == {held.rule, package.rule}


def test_a_group_without_a_reason_is_not_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "categories", lambda: {"RPC_NO_DELETE": frozenset({"FILE"})})
    report = Report("RPC_NO_DELETE", FILE, 1, 'Previously present RPC "Get" on service "S" was deleted.')
    same = change("rpc-removed", "method `Get` is gone; calls of it fail with UNIMPLEMENTED")
    assert corpus.section([report], [same], tmp_path)[1]
    assert not corpus.section([report], [], tmp_path)[1]
    assert not corpus.section([], [change("never-heard-of", "field `M.x` is odd")], tmp_path)[1]
