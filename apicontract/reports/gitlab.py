"""The report as GitLab's code quality artifact reads it: what does not count is left out.

By https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from apicontract.findings import Severity
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from apicontract.reports.model import Item, Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab_json(report: Report) -> str:
    """A list of one object for each thing that counts; fingerprints are unique in it, and stay the same."""
    seen = Counter[str]()
    entries = [_entry(item, seen) for item in report.every() if not item.waiver and item.spot.file]
    return msgspec.json.format(msgspec.json.encode(entries), indent=2).decode() + "\n"


def _entry(item: Item, seen: Counter[str]) -> dict[str, object]:
    mark = f"{item.contract}\n{item.rule}\n{item.fingerprint}"
    seen[mark] += 1
    text = f"{mark}\n{seen[mark]}".encode("utf-8", "surrogatepass")
    return {
        "description": plain(item.told),
        "check_name": item.rule,
        "fingerprint": hashlib.sha256(text).hexdigest(),
        "severity": _SEVERITIES[item.severity],
        "location": {"path": plain(item.spot.file), "lines": {"begin": max(item.spot.line, 1)}},
    }
