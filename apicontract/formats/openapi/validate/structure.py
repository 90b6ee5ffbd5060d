"""Structure: a contract against the official meta-schemas, said in the words of OpenAPI.

Runs the meta-schemas over the entry document, over objects that stand outside it, and over the
Schema Objects of OpenAPI 3.1 and later in their dialect. Whether names, references and values fit
each other is not its business: see `meaning`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.objectmodel import object_types
from apicontract.formats.openapi.validate import metaschemas
from apicontract.formats.openapi.validate.explain import Problem, explain, shown
from apicontract.formats.openapi.validate.meaning import addresses
from apicontract.formats.openapi.validate.wording import worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node
    from apicontract.sources import Json

_RULES = {
    "missing": "missing-field",
    "unknown": "unknown-field",
    "type": "wrong-type",
    "choice": "value-not-allowed",
    "format": "malformed-value",
    "exclusive": "fields-exclude-each-other",
    "size": "wrong-size",
    "range": "number-out-of-range",
    "name": "component-name-invalid",
    "duplicate": "duplicate-entry",
}
# (sort, kind of object, field): a mistake with a rule of its own. The kind is that of the innermost
# object on the way to the mistake; the field is the step below it.
_SPECIAL = {
    ("name", "path-item", "additionalOperations"): "unknown-field",
    ("missing", "parameter", "required"): "path-parameter-optional",
    ("choice", "parameter", "required"): "path-parameter-optional",
    ("unknown", "paths", ""): "path-without-slash",
    ("unknown", "responses", ""): "status-code-invalid",
    ("missing", "responses", "default"): "response-missing",
    ("size", "responses", ""): "response-missing",
    ("exclusive", "responses", ""): "response-missing",
    ("other", "responses", ""): "response-missing",
}
# Rules that several parts of the meta-schema find at one place.
_ONCE = frozenset(_SPECIAL.values())
# Mistakes that a check of meaning says better.
_SAID_ELSEWHERE = {
    ("duplicate", "document", "tags"),
    ("duplicate", "path-item", "parameters"),
    ("duplicate", "operation", "parameters"),
}
# Fields that the meta-schemas know only beside certain others.
_KNOWN_WHEN = frozenset(
    field
    for kind in ("parameter", "header", "media-type", "security-scheme", "encoding")
    for field in object_types("3.2")[kind].fields
)
# The field that says what else an object needs, and what it needs anyway.
_NEEDED_ALWAYS = {"parameter": ("in", "name", "schema or content"), "security-scheme": ("type",)}
_DEEPEST = "the meta-schema cannot follow so many levels"


def check_structure(view: View) -> Iterator[Finding]:
    """Every place where the contract is not shaped as its version of OpenAPI says."""
    validator = metaschemas.document_validator(view.series)
    yield from _run(validator, view.root, view)
    for kind, nodes in view.walk.nodes.items():
        for node in nodes:
            if node.parent is None and node is not view.root:
                alone = metaschemas.object_validator(view.series, kind)
                if alone is not None and not _plain_reference(node, view):
                    yield from _run(alone, node, view)
    if view.series in metaschemas.DEFAULT_DIALECT:
        yield from _schemas(view)


def _schemas(view: View) -> Iterator[Finding]:
    """Schema Objects in the dialect they are written in (3.1.1, section 4.8.24.1)."""
    written = view.root.fields.get("jsonSchemaDialect")
    default = metaschemas.DEFAULT_DIALECT[view.series]
    if isinstance(written, str):
        if metaschemas.known_dialect(written):
            default = written
        else:
            yield _unknown_dialect(view, view.root, "jsonSchemaDialect", written)
    for node in view.nodes("schema"):
        if (node.parent is not None and node.parent.kind == "schema") or not isinstance(node.value, dict):
            continue
        dialect = node.value.get("$schema", default)
        validator = metaschemas.dialect_validator(dialect) if isinstance(dialect, str) else None
        if validator is None:
            yield _unknown_dialect(view, node, "$schema", dialect)
        else:
            yield from _run(validator, node, view)


def _unknown_dialect(view: View, node: Node, field: str, written: Json) -> Finding:
    return view.finding(
        "schema-dialect-unknown",
        node,
        field,
        message=f"`{field}` names a dialect that is not known: {shown(written)}",
    )


def _run(validator: jsonschema_rs.Validator, node: Node, view: View) -> Iterator[Finding]:
    try:
        if validator.is_valid(node.value):
            return
        problems = explain(validator.iter_errors(node.value), node.value)
    except (ValueError, RecursionError, OverflowError) as error:
        broken = _half_characters(node.value) if isinstance(error, UnicodeError) else ()
        text = "half of a character (a lone surrogate) stands here" if broken else f"{error}: {_DEEPEST}"
        yield view.finding(
            "malformed-value", node, *broken, message=f"the structure could not be checked: {text}"
        )
        return
    told: set[tuple[str, str]] = set()
    for problem in [problem for problem in problems if not _echo(problem, problems, node)] or problems:
        for finding in _finding(problem, node, view):
            if finding.rule not in _ONCE or (finding.rule, finding.place.pointer) not in told:
                told.add((finding.rule, finding.place.pointer))
                yield finding


def _half_characters(value: Json) -> tuple[str, ...]:
    """The way to the first text that is no Unicode, a name or a value."""
    waiting: list[tuple[tuple[str, ...], Json]] = [((), value)]
    while waiting:
        path, held = waiting.pop()
        if isinstance(held, str) and not _whole(held):
            return path
        members = (
            held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
        )
        below = [((*path, str(name)), item) for name, item in members]
        for way, _ in below:
            if not _whole(way[-1]):
                return way
        waiting += reversed(below)
    return ()


def _whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _echo(problem: Problem, problems: list[Problem], start: Node) -> bool:
    """Whether a problem only follows from another one, which decides what part of the meta-schema applies."""
    if problem.sort == "unknown":
        return problem.name in _KNOWN_WHEN and any(_explains(other, problem) for other in problems)
    inner, rest = _innermost(start, problem.path)
    if inner.kind == "responses" and not rest and problem.sort != "unknown":
        return any(other.sort == "unknown" and other.path[:-1] == problem.path for other in problems)
    if problem.sort not in {"missing", "choice"}:
        return False
    telling, *others = _NEEDED_ALWAYS.get(inner.kind, ("",))
    holder = problem.path[: len(problem.path) - len(rest)]
    lacking = {other.name for other in problems if other.sort == "missing" and other.path == holder}
    if problem.sort == "choice":
        return telling in lacking and rest in {("required",), ("style",)}
    return telling in lacking and problem.name != telling and problem.name not in others


def _explains(other: Problem, unknown: Problem) -> bool:
    """Whether a field counts as unknown because of another problem in it or in what makes it known."""
    holder = unknown.path[:-1]
    below = other.path[: len(unknown.path)] == unknown.path
    here = other.path == holder and other.sort in {"missing", "exclusive"}
    telling = other.path[:-1] == holder and other.path[-1:] in {("type",), ("in",), ("scheme",)}
    return other.sort != "unknown" and (below or here or telling)


def _finding(problem: Problem, start: Node, view: View) -> Iterator[Finding]:
    steps = len(problem.path) - (problem.sort in {"unknown", "name"})  # these are about a name in an object
    node, rest = _innermost(start, problem.path[:steps])
    rest += problem.path[steps:]
    field = _field(problem, rest)
    key = (problem.sort, node.kind, field)
    if key in _SAID_ELSEWHERE or (problem.sort == "format" and problem.name == "regex"):
        return
    if problem.name in addresses.FORMATS and field in addresses.FIELDS.get(node.kind, {}):
        return
    rule = _SPECIAL.get(key) or _RULES.get(problem.sort, "malformed-value")
    if rule == "unknown-field" and node.kind == "components" and len(rest) > 1:
        rule = "component-name-invalid"
    message, advice = worded(problem, node, rest, view)
    yield view.finding_at(rule, start.place(*problem.path), message, advice)


def _innermost(start: Node, path: tuple[str, ...]) -> tuple[Node, tuple[str, ...]]:
    """The last object on a path, and the steps from it to the end of the path."""
    node, rest = start, path
    while rest:
        child = next((each for each in node.children if rest[: len(each.tokens)] == each.tokens), None)
        if child is None or not isinstance(child.value, dict):
            break
        node, rest = child, rest[len(child.tokens) :]
    return node, rest


def _field(problem: Problem, rest: tuple[str, ...]) -> str:
    if problem.sort == "unknown":
        return ""
    return problem.name if problem.sort == "missing" else (rest[0] if rest else "")


def _plain_reference(node: Node, view: View) -> bool:
    """Whether a reference stands in an object's place; from 3.1 on a schema with `$ref` is still a schema."""
    return node.reference is not None and (
        node.kind != "schema" or view.series not in metaschemas.DEFAULT_DIALECT
    )
