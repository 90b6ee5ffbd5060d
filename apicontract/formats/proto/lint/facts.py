"""What several rules of lint need to know of a protobuf contract, worked out once.

Packages with their files, comments of elements, HTTP routes, and what a call means by its name: `GetOrder`
is the standard method Get of an Order (AIP-131 to 135). Judges nothing.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import http_bindings
from apicontract.formats.proto.comments import Comments, may_ignore
from apicontract.formats.proto.http_templates import MalformedTemplate, parse
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apicontract.findings import Finding, LintSettings
    from apicontract.formats.proto.elements import Element, Method
    from apicontract.formats.proto.http_templates import Template
    from apicontract.formats.proto.model import File, Proto

_STANDARD = re.compile(r"(Get|List|Create|Update|Delete)([A-Z]\w*)")
_OF_OTHERS = "google.iam."  # GetIamPolicy and its like are methods of a service that others define
OPERATION = "google.longrunning.Operation"


@dataclass(frozen=True, eq=False)
class Package:
    """A package of the contract: its name, empty if it has none, and its own files, in order."""

    name: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP route of a call whose path can be read: `number` is 0 for the first, as in annotations."""

    verb: str
    template: Template
    body: str
    number: int


@dataclass(frozen=True, slots=True)
class Standard:
    """What a call is by its name: `verb` of the five, the rest of the name, its first HTTP route."""

    verb: str
    noun: str
    route: Route


class Facts:
    """A contract that is linted, and the team's settings; imports from outside are looked up, not judged."""

    def __init__(self, contract: Proto, settings: LintSettings) -> None:
        self.contract = contract
        self.settings = settings
        self.files = tuple(contract.own_files)
        self._comments: Comments | None = None
        self._routes: dict[str, tuple[Route, ...]] = {}
        self._ignoring: dict[str, bool] = {}

    @cached_property
    def packages(self) -> dict[str, Package]:
        """The packages of the contract's own files, by name."""
        files: dict[str, list[File]] = {}
        for file in self.files:
            files.setdefault(file.package, []).append(file)
        return {name: Package(name, tuple(held)) for name, held in files.items()}

    @cached_property
    def by_directory(self) -> dict[str, list[File]]:
        """The contract's own files by the directory they are imported from, in order."""
        found: dict[str, list[File]] = {}
        for file in self.files:
            found.setdefault(file.name.rpartition("/")[0], []).append(file)
        return found

    @cached_property
    def calls_by_message(self) -> dict[str, list[Method]]:
        """The calls that take or return a message, by its full name; one that does both is there twice."""
        found: dict[str, list[Method]] = {}
        for method in self._methods():
            found.setdefault(method.request_type, []).append(method)
            found.setdefault(method.response_type, []).append(method)
        return found

    @cached_property
    def got(self) -> frozenset[str]:
        """The full names of messages that a standard Get of them returns."""
        standards = ((method, self.standard(method)) for method in self._methods())
        return frozenset(
            method.response_type
            for method, standard in standards
            if standard is not None
            and standard.verb == "Get"
            and method.response_type.rpartition(".")[2] == standard.noun
        )

    @cached_property
    def requested(self) -> frozenset[str]:
        """The full names of the requests of calls that have an HTTP route."""
        return frozenset(method.request_type for method in self._methods() if self.routes(method))

    def _methods(self) -> Iterator[Method]:
        for file in self.files:
            for service in file.services:
                yield from service.methods

    def comments(self, file: File) -> Comments:
        """The comments of a file; those of the file asked for last are kept."""
        if self._comments is None or self._comments.file is not file:
            self._comments = Comments(file)
        return self._comments

    def comment(self, element: Element) -> str | None:
        """What the comment above an element says, without directives to tools; empty if nothing.

        None of a file whose descriptor brings no comments, so that nobody knows.
        """
        comments = self.comments(element.file)
        return comments.text(element.pointer) if comments.are_known else None

    def routes(self, method: Method) -> tuple[Route, ...]:
        """The HTTP routes of a call, the first of them first; those that are malformed are left out."""
        found = self._routes.get(method.full_name)
        if found is None:
            found = self._routes[method.full_name] = tuple(_routes(method))
        return found

    def standard(self, method: Method) -> Standard | None:
        """Which standard method a call is by its name, if it has an HTTP route and is not of IAM."""
        named = _STANDARD.fullmatch(method.name)
        if named is None or method.request_type.startswith(_OF_OTHERS):
            return None
        routes = self.routes(method)
        return Standard(named[1], named[2], routes[0]) if routes else None

    def without_ignored(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings without those that a comment `buf:lint:ignore` in their files covers."""
        from apicontract.formats.proto.lint.catalogue import names_of_buf

        names, kept = names_of_buf(), []
        for finding in findings:
            file = self.contract.files.get(finding.place.document.uri)
            if (
                file is None
                or not self._may_ignore(file)
                or not self.comments(file).ignores(finding.place.pointer, names.get(finding.rule, ()))
            ):
                kept.append(finding)
        return kept

    def _may_ignore(self, file: File) -> bool:
        found = self._ignoring.get(file.name)
        if found is None:
            found = self._ignoring[file.name] = may_ignore(file)
        return found


def _routes(method: Method) -> Iterator[Route]:
    for binding in http_bindings(method):
        if binding.verb and binding.path:
            try:
                template = parse(binding.path)
            except MalformedTemplate:  # which validation tells
                continue
            yield Route(binding.verb, template, binding.body, binding.number)
