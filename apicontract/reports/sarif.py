"""The report as SARIF 2.1.0, which code scanning services read: rules with help, results with fingerprints.

By https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; sections are named where they decide.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from apicontract import __version__
from apicontract.findings import Fix, Severity
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.findings import Remedy
    from apicontract.reports.model import Item, Report, RuleText, Spot

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_HOME = "https://github.com/apicontract/apicontract"
_FINGERPRINT = "apicontract/v1"  # section 3.27.17: a name with a version of how it is computed


def sarif_json(report: Report) -> str:
    """One log with one run; what is waived is there as suppressed."""
    rules = {name: at for at, name in enumerate(report.rules)}
    run: dict[str, object] = {
        "tool": {
            "driver": {
                "name": "apicontract",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": _HOME,
                "rules": [_rule(rule) for rule in report.rules.values()],
            }
        },
        "automationDetails": {"id": f"apicontract/{report.command}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the checkout."}}},
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": [_note(one) for one in report.notes]}
        ],
        "results": [_result(item, rules, report) for item in report.every()],
        "properties": {"passed": report.passed, "level": report.level, "profile": plain(report.profile)},
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _rule(rule: RuleText) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {
            "text": f"{rule.title} {rule.why} {rule.advice}",
            "markdown": f"**{rule.title}**\n\n{rule.why}\n\n*What to do:* {rule.advice}",
        },
        "helpUri": rule.page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["api", "contract"]},
    }


def _note(note: str) -> dict[str, object]:
    return {"level": "note", "message": {"text": plain(note)}}


def _result(item: Item, rules: Mapping[str, int], report: Report) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": item.rule,
        **({"ruleIndex": rules[item.rule]} if item.rule in rules else {}),
        "level": _LEVELS[item.severity],
        "message": {"text": plain(item.told)},
        "partialFingerprints": {_FINGERPRINT: f"{plain(item.contract)}:{item.fingerprint}"},
        "properties": {
            "contract": plain(item.contract),
            "level": item.level,
            "question": item.question,
            "surfaces": list(item.surfaces),
            "certainty": item.certainty,
            "reaches": [plain(operation) for operation in item.reaches],
        },
    }
    if item.spot.file:
        result["locations"] = [_location(item.spot, item)]
    if item.before:
        related = _location(item.before)
        result["relatedLocations"] = [
            {**related, "id": 0, "message": {"text": f"before: {plain(item.before.shown)}"}}
        ]
    if item.remedy is not None and not item.waiver:
        fix = _fix(item, item.remedy, report.rules)
        result.update({"fixes": [fix]} if fix else {})
    if item.waiver:
        in_source = item.waiver.kind == "ignore"
        result["suppressions"] = [
            {"kind": "inSource" if in_source else "external", "justification": plain(item.waived)}
        ]
    return result


def _fix(item: Item, remedy: Remedy, rules: Mapping[str, RuleText]) -> dict[str, object] | None:
    """What would be replaced (section 3.55), and whether that is safe; None if it cannot be told."""
    replacements = [
        {
            "deletedRegion": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
            "insertedContent": {"text": text},
        }
        for start, end, text in remedy.edits()
    ]
    if not replacements:
        return None
    told = rules[item.rule].mends if item.rule in rules else ""
    careful = " Not safe for every client: look at it." if remedy.fix is Fix.UNSAFE else ""
    change = {"artifactLocation": _artifact(item.spot.file), "replacements": replacements}
    if remedy.document.name != item.spot.shown:
        change["artifactLocation"] = _artifact(remedy.document.name)
    return {"description": {"text": f"{told}{careful}"}, "artifactChanges": [change]}


def _location(spot: Spot, item: Item | None = None) -> dict[str, object]:
    region = {"startLine": spot.line, "startColumn": max(spot.column, 1)} if spot.line else {"startLine": 1}
    physical: dict[str, object] = {"artifactLocation": _artifact(spot.file), "region": region}
    location: dict[str, object] = {"physicalLocation": physical}
    if item is not None and item.pointer:
        name = plain(item.operation or item.pointer)
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": plain(item.pointer)}]
    return location


def _artifact(file: str) -> dict[str, object]:
    """A relative reference (RFC 3986) below the checkout, or an absolute one as it is."""
    path = file.replace(os.sep, "/").encode("utf-8", "backslashreplace")
    if file.startswith(("http://", "https://")):
        return {"uri": quote(path, safe="/:?=&%#~@!$,;+")}
    if file.startswith("/"):
        return {"uri": "file://" + quote(path)}
    relative = quote(path.removeprefix(b"./"))
    return {"uri": relative, "uriBaseId": "SRCROOT"}
