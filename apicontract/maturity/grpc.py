"""The evidence of gRPC with `google.api.http`: its methods are rated through the routes they are given.

Transcoding fixes what a route cannot say: statuses follow from google.rpc.Code, JSON is plain. So only
paths, methods, bodies and names are looked at, and fields that hold links. A method without a route is
RPC by design. Sources: google/api/http.proto, AIP-127, AIP-130 to AIP-136.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import Finding
from apicontract.formats.openapi.lint import addresses, resources
from apicontract.formats.openapi.lint.catalogue import LINT_RULES
from apicontract.formats.openapi.lint.words import snake
from apicontract.formats.proto.annotations import http_bindings
from apicontract.formats.proto.http_templates import MalformedTemplate, parse
from apicontract.maturity.model import Answers, Evidence, Operation, Weight
from apicontract.maturity.openapi import of_findings
from apicontract.maturity.rating import Subject, level_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import LintSettings
    from apicontract.formats.proto.annotations import Binding
    from apicontract.formats.proto.elements import Message, Method
    from apicontract.formats.proto.model import Proto
    from apicontract.maturity.openapi import Judge

_RPC = "gRPC without `google.api.http`: RPC by design, not rated"
_WELL_KNOWN = "google.protobuf."
_LINKS = frozenset({"_links", "links", "link", "actions"})
_TARGETS = frozenset({"href", "url", "uri"})
_RELATIONS = frozenset({"rel", "relation", "name", "method"})
_RULES = {rule.rule.id: rule.rule for rule in LINT_RULES if rule.rule.category == "maturity"}


class Route:
    """One method by one of its routes; `path` has its variables unnamed."""

    def __init__(self, method: Method, binding: Binding) -> None:
        self.method = method
        self.verb = binding.verb.upper()
        self.body = binding.body
        self.path = plain(binding.path)
        self.title = f"{self.verb} {binding.path}"


class GrpcEvidence:
    """A contract of protos with what its routes show, before policy and rating."""

    def __init__(self, contract: Proto, settings: LintSettings) -> None:
        self._settings = settings
        methods = [
            method for file in contract.own_files for service in file.services for method in service.methods
        ]
        bound = [(method, http_bindings(method)) for method in methods]
        self._bare = [method for method, bindings in bound if not bindings]
        self._routes = [Route(method, binding) for method, bindings in bound for binding in bindings]
        self._by_path: dict[str, set[str]] = {}
        self._below: dict[str, set[str]] = {}
        for route in self._routes:
            self._by_path.setdefault(route.path, set()).add(route.verb.lower())
            for at, sign in enumerate(route.path):
                if sign in "/:" and at:
                    self._below.setdefault(route.path[:at], set()).add(route.verb.lower())
        self._found = [(route, tuple(self._findings(route))) for route in self._routes]
        unrated = _RPC if methods and not self._routes else ""
        self.subject = Subject(contract.source, contract.format, contract.title, contract.version, unrated)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is found, for policy."""
        return tuple(finding for _, findings in self._found for finding in findings)

    def operations(self, judge: Judge) -> Iterator[Operation]:
        """Every route with its level, then the methods that have none."""
        for route, findings in self._found:
            evidence = [*of_findings(findings, judge), *self._merits(route, {one.rule for one in findings})]
            answers = _answers(route.method)
            level = level_of(evidence, answers)
            reason = "its answers have no place for links" if answers is Answers.EMPTY else ""
            place = route.method.place
            yield Operation(
                route.title, route.verb, route.path, place, level, reason, answers, tuple(evidence)
            )
        for method in self._bare:
            yield Operation(method.path, "RPC", method.path, method.place, None, _RPC, Answers.UNKNOWN, ())

    def _findings(self, route: Route) -> Iterator[Finding]:
        for rule_id, message in self._problems(route):
            rule = _RULES[rule_id]
            yield Finding(rule_id, rule.severity, route.method.place, message, rule.advice)

    def _problems(self, route: Route) -> Iterator[tuple[str, str]]:
        """The rule and the words of everything against a route."""
        settings, title = self._settings, route.title
        if resources.names_nothing(route.path, settings):
            yield "path-names-nothing", f"{title} names no thing that it is about"
        methods = self._by_path.get(route.path, set())
        action = resources.action_in(route.path, methods, self._below.get(route.path, set()), settings)
        if action is not None and action.late:
            yield "action-as-sub-resource", f"{title} ends in an action: `{action.segment}`"
        elif action is not None:
            yield "path-segment-is-verb", f"{title} names an action, not a thing: `{action.segment}`"
        fault = resources.custom_method_fault(route.path, settings)
        if fault:
            yield "custom-method-unsound", f"the custom method of {title} {fault}"
        custom = addresses.custom_method(route.path)
        if route.verb == "GET" and route.body:
            yield "safe-method-with-body", f"{title} has a body, which HTTP gives no meaning"
        if route.verb == "PUT" and not addresses.has_variable(route.path):
            yield "put-without-identity", f"what {title} replaces is named by its body"
        name = (route.method.name,)
        if route.verb == "POST" and not custom:
            verb = resources.begins_with(name, settings.reading_verbs)
            if verb:
                yield "read-by-post", f"{title} reads, by its own name (`{verb}`), and is a POST"
        if route.verb in {"GET", "POST"} and not custom:
            verb = resources.begins_with(name, settings.changing_verbs)
            if verb:
                yield "change-by-post", f"{title} changes, by its own name (`{verb}`), and is a {route.verb}"
        if _answers(route.method) is Answers.NONE:
            yield "answer-without-links", f"the answer of {title} leads nowhere: it has no link"

    def _merits(self, route: Route, against: set[str]) -> Iterator[Evidence]:
        place = route.method.place
        if not against & {"path-names-nothing", "path-segment-is-verb"}:
            named = [part for part in addresses.resources(route.path) if not addresses.has_variable(part)]
            text = (
                f"its path names {', '.join(f'`{one}`' for one in named[:4])}"
                if named
                else "it names a thing"
            )
            yield Evidence("R1", "", Weight.FOR, text, place)
        custom = addresses.custom_method(route.path)
        if custom and "custom-method-unsound" not in against:
            text = f"`:{custom}` is a custom method of what stands before it"
            yield Evidence("R2", "", Weight.FOR, text, place)
        text = "its failures have the statuses that belong to google.rpc.Code"
        yield Evidence("V7", "", Weight.FOR, text, place)
        if _answers(route.method) is Answers.NAVIGATION:
            yield Evidence("H2", "", Weight.FOR, "its answer has a field of links", place)


def plain(template: str) -> str:
    """A path template with its variables unnamed: `/v1/{name=shelves/*}:move` is `/v1/shelves/{}:move`."""
    try:
        found = parse(template)
    except MalformedTemplate:  # validation says so
        return template
    path = "/" + "/".join("{}" if part in {"*", "**"} else part for part in found.segments)
    return f"{path}:{found.verb}" if found.verb else path


def _answers(method: Method) -> Answers:
    answer = method.response
    if answer is None:
        return Answers.UNKNOWN
    if answer.full_name == "google.protobuf.Empty":
        return Answers.EMPTY
    if answer.full_name == "google.api.HttpBody":
        return Answers.UNKNOWN
    messages = [answer]
    messages += [
        one
        for field in answer.fields
        if (one := field.type_message) is not None and not one.full_name.startswith(_WELL_KNOWN)
    ]
    return Answers.NAVIGATION if any(map(_has_links, messages)) else Answers.NONE


def _has_links(message: Message) -> bool:
    for field in message.fields:
        held = field.type_message
        if held is not None and snake(field.name) in _LINKS:
            names = {snake(one.name) for one in held.fields}
            if names & _TARGETS and names & _RELATIONS:
                return True
    return False
