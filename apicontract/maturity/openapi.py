"""The evidence of an OpenAPI contract: what the rules find, and what speaks for each operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Finding
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.facts import Facts
from apicontract.formats.openapi.lint.links import served, shows_nothing
from apicontract.formats.openapi.lint.rated import GRAPHQL, is_graphql, why_unrated
from apicontract.maturity.criteria import BLOCKS, of_rule
from apicontract.maturity.model import Answers, Evidence, Operation, Weight
from apicontract.maturity.rating import Subject, level_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apicontract.findings import LintSettings
    from apicontract.formats.openapi.lint.facts import Endpoint
    from apicontract.formats.openapi.lint.links import Links
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Place

    #: What policy makes of a finding: whether it counts, is waived, or is turned off.
    Judge = Callable[[Finding], Weight | None]

_RULES = tuple(rule for rule in LINT_RULES if rule.rule.category == "maturity")


class OpenApiEvidence:
    """A contract with what the rules of maturity find in it, before policy and rating."""

    def __init__(self, contract: OpenApi, settings: LintSettings) -> None:
        self._facts = Facts(contract, settings)
        self._found = [(endpoint, tuple(self._findings(endpoint))) for endpoint in self._facts.endpoints]
        graphql = any(is_graphql(endpoint, self._facts) for endpoint in self._facts.endpoints)
        self.subject = Subject(
            contract.source, contract.format, contract.title, contract.version, GRAPHQL if graphql else ""
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that the rules find, for policy."""
        return tuple(finding for _, findings in self._found for finding in findings)

    def operations(self, judge: Judge) -> Iterator[Operation]:
        """Every operation with its level."""
        for endpoint, findings in self._found:
            yield self._operation(endpoint, findings, judge)

    def _findings(self, endpoint: Endpoint) -> Iterator[Finding]:
        for rule in _RULES:
            for problem in rule.check(endpoint.node, self._facts):
                advice = problem.advice or rule.rule.advice
                yield Finding(rule.rule.id, rule.rule.severity, problem.place, problem.message, advice)

    def _operation(self, endpoint: Endpoint, findings: tuple[Finding, ...], judge: Judge) -> Operation:
        place = endpoint.node.place()
        method = endpoint.method.upper()
        unrated = why_unrated(endpoint, self._facts)
        if unrated:
            return Operation(endpoint.title, method, endpoint.path, place, None, unrated, Answers.UNKNOWN, ())
        links = served(endpoint, self._facts)
        answers = self._answers(endpoint, links)
        evidence = [
            *of_findings(findings, judge),
            *self._merits(endpoint, links, {finding.rule for finding in findings}),
        ]
        level = level_of(evidence, answers)
        return Operation(
            endpoint.title, method, endpoint.path, place, level, _said_of(answers), answers, tuple(evidence)
        )

    def _answers(self, endpoint: Endpoint, links: list[Links]) -> Answers:
        if any(one.is_action(self._facts.settings) for one in links):
            return Answers.ACTIONS
        if links:
            return Answers.NAVIGATION
        if not endpoint.successes():
            redirect = any(status.startswith("3") for status in endpoint.responses)
            return Answers.EMPTY if redirect else Answers.UNKNOWN
        return {"": Answers.NONE, "empty": Answers.EMPTY, "unknown": Answers.UNKNOWN}[
            shows_nothing(endpoint, self._facts)
        ]

    def _merits(self, endpoint: Endpoint, links: list[Links], against: set[str]) -> Iterator[Evidence]:
        """What speaks for an operation, by criterion."""
        node = endpoint.node
        if not against & {"path-names-nothing", "path-segment-is-verb", "request-is-tunnel"}:
            named = [part for part in addresses.resources(endpoint.path) if not addresses.is_variable(part)]
            text = f"names {_listed(named)}" if named else "identifies a thing"
            yield _merit("R1", f"its path {text}", node.place())
        custom = addresses.custom_method(endpoint.path)
        if custom and "custom-method-unsound" not in against:
            yield _merit("R2", f"`:{custom}` is a custom method of what stands before it", node.place())
        yield from self._of_method(endpoint, against)
        failures = [status for status in endpoint.responses if status.startswith("4")]
        if failures:
            text = f"describes {', '.join(failures)}"
            yield _merit("V7", text, node.place("responses", failures[0]))
        for one in links:
            leading = sorted(one.leads_on(self._facts.settings))
            to = f" to {_listed(leading)}" if leading else (" of actions" if one.acting else "")
            text = one.what if one.criterion == "H1" else f"serves links{to} in {one.what}"
            yield _merit(one.criterion, text, one.node.place(*one.tokens))
        for status, response in endpoint.successes().items():
            for link in response.all("links")[:1]:
                text = f"describes the link `{link.key}`, which is not served"
                yield _merit("H5", text, node.place("responses", status), Weight.NOTE)

    def _of_method(self, endpoint: Endpoint, against: set[str]) -> Iterator[Evidence]:
        node, answers = endpoint.node, endpoint.successes()
        if endpoint.method == "get" and not against & {"safe-method-with-body", "read-without-content"}:
            if any(self._facts.bodies(one) for one in answers.values()):
                yield _merit("V1", "reads: content in its answer, and no body", node.place())
        elif endpoint.method == "put" and endpoint.body is not None and "put-without-identity" not in against:
            yield _merit("V2", "stores what it carries at the address it is sent to", node.place())
        elif (
            endpoint.method == "patch" and endpoint.body is not None and "patch-format-unsaid" not in against
        ):
            yield _merit("V3", "says in which format its changes are", node.place())
        elif endpoint.method == "delete" and (done := answers.keys() & {"200", "202", "204"}):
            yield _merit("V4", f"answers {', '.join(sorted(done))}", node.place())
        elif endpoint.method == "post":
            for status in ("201", "202"):
                headers = answers[status].all("headers") if status in answers else ()
                if any(header.key.lower() == "location" for header in headers):
                    at = node.place("responses", status)
                    yield _merit("V5", f"answers {status} with `Location`", at)
                    yield _merit("H4", "`Location` is a link, if a weak one", at, Weight.NOTE)


def of_findings(findings: tuple[Finding, ...], judge: Judge) -> Iterator[Evidence]:
    """What rules found, as evidence; what policy turns off is none."""
    by_id = {rule.rule.id: rule.rule for rule in _RULES}
    for finding in findings:
        weight = judge(finding)
        if weight is None:
            continue
        blocks = BLOCKS.get(finding.rule)
        if weight is Weight.AGAINST and blocks is None:
            weight = Weight.NOTE
        criterion = of_rule(by_id[finding.rule])
        yield Evidence(
            criterion, finding.rule, weight, finding.message, finding.place, blocks, finding.advice
        )


def _merit(criterion: str, message: str, place: Place, weight: Weight = Weight.FOR) -> Evidence:
    return Evidence(criterion, "", weight, message, place)


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown  # noqa: PLR2004


def _said_of(answers: Answers) -> str:
    return {
        Answers.EMPTY: "its answers have no place for links",
        Answers.UNKNOWN: "its answers are not described: whether they have links is unknown",
    }.get(answers, "")
