"""The run of some rules over one contract: paths taken, functions asked, results put into words."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from apicontract.formats.openapi.lint.spectral.functions.examples import Examples
from apicontract.formats.openapi.lint.spectral.merging import resolved
from apicontract.formats.openapi.lint.spectral.messages import filled
from apicontract.formats.openapi.lint.spectral.model import OFF, Context, Result, Rule, Then
from apicontract.formats.openapi.lint.spectral.paths import Path, path
from apicontract.formats.openapi.lint.spectral.resolving import Documents, Held, pointer_of
from apicontract.formats.openapi.lint.spectral.values import UNDEFINED, dotted, is_number, keys_of
from apicontract.formats.openapi.lint.spectral.walk import Match, Node, Walk
from apicontract.sources import Place, UnresolvedReference, join, split
from apicontract.sources.pointers import token_escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from apicontract.formats.openapi.load import OpenApi

_STACK = 400_000  # frames of Python, which lie on the heap: references may lead far
_PLAIN = "-_.!~*'()"  # what a fragment of a URI holds as it is
_KINDS: tuple[tuple[type, str], ...] = ((bool, "boolean"), (str, "string"), (dict, "object"), (list, "array"))


class Said(NamedTuple):
    """One result: the rule's name, Spectral's severity, where, and what."""

    rule: str
    severity: int
    place: Place
    message: str


def formats_of(contract: OpenApi) -> frozenset[str]:
    """The formats that a contract has, as rulesets name them."""
    version = contract.specification
    if version == "2.0":
        return frozenset({"oas2"})
    found = re.fullmatch(r"3\.([012])(?:\.\d*)?", version)
    return frozenset({"oas3", f"oas3_{found[1]}"}) if found else frozenset({"oas3"})


def findings(
    contract: OpenApi, rules: Sequence[Rule], known: frozenset[str], *, references: bool
) -> list[Said]:
    """What rules find in a contract.

    known: the formats that the ruleset speaks of; others are not looked for, as Spectral has it.
    references: whether those that lead nowhere are said.
    """
    run = _Run(contract, known)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _STACK))
    try:
        run.rules([rule for rule in rules if rule.formats is None or rule.formats & run.formats])
        if references:
            run.references()
    finally:
        sys.setrecursionlimit(limit)
    return run.found


class _Run:
    def __init__(self, contract: OpenApi, known: frozenset[str]) -> None:
        self.contract = contract
        self.documents = Documents(contract)
        self.formats = formats_of(contract) & known
        self.found: list[Said] = []
        self._examples: Examples | None = None
        self._contexts: dict[int, Context] = {}

    def rules(self, rules: Sequence[Rule]) -> None:
        for whole in (True, False):
            by_path: dict[str, list[Rule]] = {}
            for rule in rules:
                if rule.resolved is whole:
                    for written in self._paths(rule):
                        by_path.setdefault(written, []).append(rule)
            paths = [path(written) for written in by_path]
            asking = list(by_path.values())
            for group in _groups(paths):
                walk = Walk([paths[at] for at in group], self.documents, resolved=whole)
                walk.run(self._asker([asking[at] for at in group]))
        if self._examples is not None:
            self._examples.run()

    def _paths(self, rule: Rule) -> Iterator[str]:
        for written in rule.given:
            yield from dict.fromkeys(resolved(written, rule.aliases, self.formats))

    def _asker(self, asking: list[list[Rule]]) -> Callable[[int, Match], None]:
        def ask(number: int, match: Match) -> None:
            for rule in asking[number]:
                for then in rule.then:
                    self._ask(rule, then, match)

        return ask

    def _ask(self, rule: Rule, then: Then, match: Match) -> None:
        node = match.node
        value: object = str(node.key) if match.keyed else node.value
        if then.field is None or not isinstance(value, dict | list):
            self._call(rule, then, node, value, ())
        elif then.field == "@key":
            names = list(value) if isinstance(value, dict) else [str(at) for at in range(len(value))]
            for name in names or [None]:
                self._call(
                    rule, then, node, UNDEFINED if name is None else name, () if name is None else (name,)
                )
        elif then.field.startswith("$"):
            self._below(rule, then, node)
        else:
            keys = keys_of(then.field)
            held = self.documents.get(value, node.document, keys, resolved=rule.resolved)
            self._call(rule, then, node, held, keys)

    def _below(self, rule: Rule, then: Then, node: Node) -> None:
        """A field that is a path of its own, from the value on."""
        met: list[bool] = []

        def ask(_: int, match: Match) -> None:
            met.append(True)
            inner = match.node
            value: object = str(inner.key) if match.keyed else inner.value
            self._call(rule, then, inner, value, ())

        Walk([path(then.field or "$")], self.documents, resolved=rule.resolved).run(ask, node)
        if not met:
            self._call(rule, then, node, UNDEFINED, ())

    def _call(self, rule: Rule, then: Then, node: Node, value: object, keys: tuple[str, ...]) -> None:
        kinds = then.function.kinds
        if kinds and _kind(value) not in kinds:
            return
        if then.function.name == "oasExample" and self._examples is None:
            self._examples = Examples(self.documents, self.formats)
        context = self._contexts.get(id(then))
        if context is None:
            context = self._contexts[id(then)] = Context(
                self.documents, self.formats, rule.resolved, node, keys, self.contract, self._examples
            )
        context.node, context.keys = node, keys  # one for all calls: results are taken at once
        if then.function.name == "oasExample":  # but for those
            context.report = lambda result: self._say(rule, node, keys, result)
        for result in then.function.run(value, then.options, context):
            self._say(rule, node, keys, result)

    def _say(self, rule: Rule, node: Node, keys: tuple[str, ...], result: Result) -> None:
        if result.absolute:
            root = self.documents.root
            start, keys = Held(root.value, root, ""), ()
        else:
            start = _start(node)
        found = self.documents.locate(start, (*keys, *result.keys), resolved=rule.resolved)
        place = result.place or found.place
        severity = _severity(rule, place)
        if severity == OFF:
            return
        at = tuple(split(place.pointer))
        lost = (
            ()
            if not (keys + result.keys) or _is_end(node, found.missing, (*keys, *result.keys))
            else found.missing
        )
        missing = (*at, *lost)
        shown = dotted(missing[len(at) - 1 :]) if lost else at[-1] if at else ""
        values: dict[str, object] = {
            "property": shown,
            "error": result.message,
            "path": "".join(["#", *(f"/{quote(token_escape(one), safe=_PLAIN)}" for one in at)]),
            "description": rule.description if rule.description is not None else None,
            "value": found.value,
        }
        message = values["error"] = filled(result.message, values)
        if rule.message is not None:
            message = filled(rule.message, values)
        elif rule.description is not None:
            message = rule.description
        self.found.append(Said(rule.name, severity, place, str(message).strip()))

    def references(self) -> None:
        """What Spectral's resolver says of references that lead nowhere."""
        if all(self.documents.leads(ref, document) is not None for document, ref in self.documents.texts()):
            return
        for document, way, value in self.documents.references():
            if self.documents.followed(value, document) is None:
                ref = str(value["$ref"])
                if ref.startswith("#") and _circular(self.documents, ref, document):
                    continue
                place = Place(document, join(pointer_of(way), "$ref"))
                self.found.append(Said("invalid-ref", 0, place, f"'{ref}' does not exist"))


def _circular(documents: Documents, ref: str, document: object) -> bool:
    """Whether a reference leads somewhere, if only in a circle."""
    try:
        documents.library.resolve(ref, document=document)  # type: ignore[arg-type]
    except UnresolvedReference:
        return False
    return True


def _start(node: Node) -> Held:
    """Where the results about a node stand: a reference with siblings is a place of its own."""
    if not node.beside or node.holder is None:
        return node.place()
    holder = node.holder.place()
    return Held(node.value, holder.document, join(holder.pointer, str(node.key)))


def _is_end(node: Node, missing: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    """Whether what is missing would stand right behind the first reference: then Spectral forgets it."""
    if node.base is None or node.holder is None or node.beside or missing != keys:
        return False
    above = node.holder
    while above.holder is not None:
        if above.base is not None:
            return False
        above = above.holder
    return True


def _severity(rule: Rule, place: Place) -> int:
    """The rule's severity at a place: that of the longest pointer of an override above it."""
    chosen, longest = rule.severity, -1
    for _, pointer, severity in rule.by_pointer:
        if len(pointer) >= longest and f"{place.pointer}/".startswith(f"{pointer}/"):
            chosen, longest = severity, len(pointer)
    return chosen


def _kind(value: object) -> str:
    for sort, name in _KINDS:
        if isinstance(value, sort):
            return name
    return "number" if is_number(value) else "null" if value is None else "undefined"


def _groups(paths: Sequence[Path]) -> Iterable[list[int]]:
    """The paths that can be taken together: those that look as far up."""
    by_reach: dict[int, list[int]] = {}
    for number, one in enumerate(paths):
        by_reach.setdefault(one.ancestors, []).append(number)
    return by_reach.values()


__all__ = ["Said", "findings", "formats_of"]
