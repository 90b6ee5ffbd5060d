"""The report as JUnit XML: a suite for each contract, a case for each thing said, a failure if it fails.

There is no official schema; the elements are those of the Ant task, which every reader knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from apicontract.findings import Severity
from apicontract.reports.escaping import xml_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.reports.model import Item, Report


def junit_xml(report: Report) -> str:
    """The document. A contract of which nothing is said is a case that passes; what is waived is skipped."""
    root = Element("testsuites", name="API contracts")
    every = 0
    failed = 0
    suites = [(one.name, one.items, one.steps, one.passed) for one in report.contracts]
    if report.items:
        suites.append(("policy", report.items, (), report.passed))
    for name, items, steps, passed in suites:
        suite = _suite(root, name, items, steps, passed=passed)
        every += int(suite.get("tests", "0"))
        failed += int(suite.get("failures", "0"))
    root.set("tests", str(every))
    root.set("failures", str(failed))
    root.set("errors", "0")
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, name: str, items: Sequence[Item], steps: Sequence[str], *, passed: bool) -> Element:
    shown = xml_text(name)
    failing = (
        [] if passed else [item for item in items if item.severity is Severity.ERROR and not item.waiver]
    )
    skipped = sum(item.waiver is not None for item in items)
    suite = SubElement(
        root,
        "testsuite",
        name=shown,
        tests=str(max(len(items), 1)),
        failures=str(len(failing)),
        errors="0",
        skipped=str(skipped),
    )
    for item in items:
        _case(suite, shown, item, fails=item in failing)
    if not items:
        SubElement(suite, "testcase", classname=shown, name="contract")
    if steps:
        SubElement(suite, "system-out").text = xml_text("; ".join(steps))
    return suite


def _case(suite: Element, contract: str, item: Item, *, fails: bool) -> None:
    spot = item.spot
    name = xml_text(f"{item.rule}: {item.headline}")
    case = SubElement(suite, "testcase", classname=contract, name=name)
    if spot.line:
        case.set("file", xml_text(spot.file))
        case.set("line", str(spot.line))
    told = xml_text(item.told)
    if item.waiver:
        SubElement(case, "skipped", message=xml_text(item.waived))
    elif fails:
        failure = SubElement(case, "failure", message=xml_text(item.headline), type=item.rule)
        failure.text = f"{xml_text(spot.shown or spot.file)}:{spot.line}:{spot.column}: {told}"
    else:
        SubElement(case, "system-out").text = f"{item.severity.value} {item.level}".rstrip() + f": {told}"
