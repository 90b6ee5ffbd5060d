"""From an error of jsonschema-rs to what a person needs to hear: the nearest branch, the wrong value.

`oneOf` and `anyOf` are never reported as such: the branch that the value was meant for is found,
and what is wrong in it is said. Used for meta-schemas (structure) and for values (defaults,
examples). Knows the errors and the value, not OpenAPI.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jsonschema_rs import ValidationErrorKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema_rs import ValidationError

    from apicontract.sources import Json

_TELLING = frozenset({"type", "in", "scheme"})  # fields whose value says which branch is meant
_EXCLUSIVE = frozenset({"schema", "content", "operationId", "operationRef"})  # one of two, by `oneOf`
_ARTICLES = {"array": "a list", "object": "an object", "integer": "an integer", "null": "null"}
_SHOWN = 60  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value: the sort of mistake, where below the value, and in words.

    sort: `missing`, `unknown`, `type`, `choice`, `format`, `exclusive`, `size`, `range`,
    `name`, `duplicate`, `ambiguous`, `gave-up` (nothing is known to be wrong) or `other`.
    name: the field it is about (`missing`, `unknown`), or the format.
    choices: what would be allowed, for `choice`.
    """

    sort: str
    path: tuple[str, ...]
    message: str
    name: str = ""
    choices: tuple[str, ...] = ()


def explain(errors: Iterable[ValidationError], value: Json) -> list[Problem]:
    """The problems behind errors of one run over `value`, each once, in the order of the errors."""
    found: dict[tuple[str, tuple[str, ...], str], Problem] = {}
    for error in errors:
        for problem in _problems(error, value):
            found.setdefault((problem.sort, problem.path, problem.name or problem.message), problem)
    return _without_echoes(list(found.values()))


def _without_echoes(problems: list[Problem]) -> list[Problem]:
    """Leaves out what only follows from another problem at the same place, above all from a wrong type."""
    typed_wrong = {problem.path for problem in problems if problem.sort == "type"}
    clear = {problem.path for problem in problems if problem.sort != "ambiguous"}
    return [
        problem
        for problem in problems
        if problem.sort in {"type", "unknown"}
        or not (problem.path in typed_wrong or (problem.sort == "ambiguous" and problem.path in clear))
    ]


def shown(value: object) -> str:
    """A value as JSON, shortened to what fits into a sentence."""
    try:
        text = (
            str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
        )
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def listed(names: Iterable[str], word: str = "or") -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return (
        quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {word} {quoted[-1]}" if quoted else ""
    )


def typed(names: Iterable[str]) -> str:
    """`a string or a list`."""
    return " or ".join(_ARTICLES.get(name, f"a {name}") for name in names)


def _problems(error: ValidationError, value: Json) -> Iterator[Problem]:
    path, held = _located(error.instance_path, value, error)
    kind = error.kind
    if isinstance(kind, (Kind.OneOfNotValid, Kind.AnyOf)):
        yield from _branches(kind.context, path, held, value)
    elif isinstance(kind, Kind.OneOfMultipleValid):
        yield _several(kind.context, path, held)
    elif isinstance(kind, Kind.PropertyNames):
        yield from _names(kind.error, path)
    elif isinstance(kind, (Kind.AdditionalProperties, Kind.UnevaluatedProperties)):
        for name in kind.unexpected:
            yield Problem("unknown", (*path, name), f"`{name}` is not allowed here", name)
    else:
        yield _single(error, path, held)


def _single(error: ValidationError, path: tuple[str, ...], held: Json) -> Problem:  # noqa: PLR0911
    kind = error.kind
    if isinstance(kind, Kind.Required):
        return Problem("missing", path, f"`{kind.property}` is missing", kind.property)
    if isinstance(kind, Kind.Type):
        return Problem(
            "type", path, f"must be {typed(kind.types)}, but is {_what(held)}", choices=tuple(kind.types)
        )
    if isinstance(kind, Kind.Enum):
        return _choice(path, held, [shown(option) for option in kind.options])
    if isinstance(kind, Kind.Constant):
        return _choice(path, held, [shown(kind.expected_value)])
    if isinstance(kind, Kind.Format):
        return Problem("format", path, f"is {shown(held)}, which is no valid {kind.format}", kind.format)
    if isinstance(kind, Kind.Pattern):
        return Problem("format", path, f"is {shown(held)}, which does not match `{kind.pattern}`")
    if isinstance(kind, Kind.Not):
        return _excluded(kind.schema, path, held)
    if isinstance(kind, Kind.FalseSchema):
        return Problem(
            "unknown", path, f"`{path[-1] if path else ''}` is not allowed here", path[-1] if path else ""
        )
    if isinstance(kind, (Kind.BacktrackLimitExceeded, Kind.RegexEngineFailure)):
        return Problem("gave-up", path, "could not be matched in reasonable time")
    if isinstance(kind, Kind.UniqueItems):
        return Problem("duplicate", path, "has the same entry twice")
    return _limit(error, path, held)


_LIMITS: dict[type, tuple[str, str]] = {
    Kind.MinItems: ("size", "has {held} entries, and needs at least {limit}"),
    Kind.MaxItems: ("size", "has {held} entries, and may have at most {limit}"),
    Kind.MinProperties: ("size", "has {held} entries, and needs at least {limit}"),
    Kind.MaxProperties: ("size", "has {held} entries, and may have at most {limit}"),
    Kind.MinLength: ("size", "is {held} characters long, and must be at least {limit}"),
    Kind.MaxLength: ("size", "is {held} characters long, and may be at most {limit}"),
    Kind.Minimum: ("range", "is {held}, and must be at least {limit}"),
    Kind.Maximum: ("range", "is {held}, and must be at most {limit}"),
    Kind.ExclusiveMinimum: ("range", "is {held}, and must be more than {limit}"),
    Kind.ExclusiveMaximum: ("range", "is {held}, and must be less than {limit}"),
}


def _limit(error: ValidationError, path: tuple[str, ...], held: Json) -> Problem:
    for kind, (sort, text) in _LIMITS.items():
        if isinstance(error.kind, kind):
            measured = len(held) if isinstance(held, (list, dict, str)) else shown(held)
            return Problem(sort, path, text.format(held=measured, limit=getattr(error.kind, "limit", "")))
    message = error.message
    return Problem("other", path, message if len(message) <= 3 * _SHOWN else message[: 3 * _SHOWN] + "…")


def _choice(path: tuple[str, ...], held: Json, options: list[str]) -> Problem:
    allowed = options[0] if len(options) == 1 else f"one of {', '.join(options)}"
    return Problem("choice", path, f"is {shown(held)}, and must be {allowed}", choices=tuple(options))


def _branches(
    branches: list[list[ValidationError]], path: tuple[str, ...], held: Json, value: Json
) -> Iterator[Problem]:
    """What is wrong in the branch that the value was most likely meant for."""
    explained = [explain(branch, value) for branch in branches]
    depth = len(path)
    missing = [_only_missing(problems, path) for problems in explained]
    if all(missing):
        names = dict.fromkeys(name for name in missing if name != "$ref")
        if len(names) > 1:
            yield Problem("missing", path, f"{listed(names)} is missing", " or ".join(names))
            return
    wrong = [
        [each for each in problems if each.sort == "type" and each.path == path] for problems in explained
    ]
    if all(wrong):
        types = dict.fromkeys(name for problems in wrong for each in problems for name in each.choices)
        yield Problem("type", path, f"must be {typed(types)}, but is {_what(held)}", choices=tuple(types))
        return
    telling = [_telling(problems, depth) for problems in explained]
    first = telling[0][0] if telling and telling[0] else None
    if first is not None and all(
        [(each.sort, each.path) for each in tells] == [("choice", first.path)] for tells in telling
    ):
        options = dict.fromkeys(option for tells in telling for each in tells for option in each.choices)
        _, said = _located(list(first.path), value)
        yield _choice(first.path, said, list(options))
        return
    yield from min(explained, key=lambda problems: _distance(problems, path, held))


def _distance(problems: list[Problem], path: tuple[str, ...], held: Json) -> tuple[int, ...]:
    """How far a value is from a branch: by its type, by what it says it is, by what it lacks."""
    depth = len(path)
    here = [problem for problem in problems if problem.path == path]
    refers = isinstance(held, dict) and "$ref" in held
    return (
        any(problem.sort == "type" for problem in here),
        any(problem.sort == "missing" and problem.name == "$ref" for problem in here),
        refers and any(problem.sort == "unknown" and problem.name == "$ref" for problem in problems),
        len(_telling(problems, depth)),
        sum(problem.sort == "missing" for problem in here),
        -max((len(problem.path) for problem in problems), default=depth),
        len(problems),
    )


def _telling(problems: list[Problem], depth: int) -> list[Problem]:
    """Where a value says by one of its fields that it is not meant for a branch."""
    return [
        problem
        for problem in problems
        if problem.sort in {"choice", "format"}
        and len(problem.path) == depth + 1
        and problem.path[-1] in _TELLING
    ]


def _only_missing(problems: list[Problem], path: tuple[str, ...]) -> str:
    """The name of the one missing field that keeps a value from fitting a branch; empty if there is more."""
    missing = [problem.name for problem in problems if problem.sort == "missing" and problem.path == path]
    others = [problem for problem in problems if problem.sort not in {"missing", "unknown"}]
    return missing[0] if len(missing) == 1 and not others else ""


def _several(branches: list[list[ValidationError]], path: tuple[str, ...], held: Json) -> Problem:
    names = sorted(_EXCLUSIVE & held.keys()) if isinstance(held, dict) else []
    if len(names) > 1 and not any(branches):
        return Problem("exclusive", path, f"{listed(names, 'and')} exclude each other", " ".join(names))
    fits = sum(not branch for branch in branches)
    return Problem("ambiguous", path, f"fits {fits} of the alternatives at once, and must fit exactly one")


def _names(error: ValidationError, path: tuple[str, ...]) -> Iterator[Problem]:
    name = str(error.instance)
    pattern = error.kind.pattern if isinstance(error.kind, Kind.Pattern) else ""
    because = f": it must match `{pattern}`" if pattern else ""
    yield Problem("name", (*path, name), f"`{name}` is not allowed as a name{because}", name)


def _excluded(schema: object, path: tuple[str, ...], held: Json) -> Problem:
    required = schema.get("required") if isinstance(schema, dict) else None
    if isinstance(required, list) and required:
        if not isinstance(held, dict):
            return Problem("type", path, f"must be an object, but is {_what(held)}", choices=("object",))
        names = [str(name) for name in required]
        if len(names) == 1:
            return Problem("unknown", (*path, names[0]), f"`{names[0]}` is not allowed here", names[0])
        return Problem(
            "exclusive", path, f"{listed(names, 'and')} exclude each other", " ".join(sorted(names))
        )
    return Problem("other", path, f"{shown(held)} is what it must not be")


def _what(held: Json) -> str:
    if isinstance(held, dict):
        return "an object"
    if isinstance(held, list):
        return "a list"
    if held is None:
        return "null"
    return f"the string {shown(held)}" if isinstance(held, str) else shown(held)


def _located(
    path: Iterable[str | int], value: Json, error: ValidationError | None = None
) -> tuple[tuple[str, ...], Json]:
    """An instance path as tokens (a numeric key of an object comes as a number), and what is there.

    The path of an error leaves empty names out: they are put in again where they must have been.
    """
    steps = list(path)
    tokens: list[str] = []
    held = value
    unnamed = False
    for step in steps:
        held, token = _below(held, step)
        unnamed = unnamed or token is None
        tokens.append(str(step) if token is None else token)
    if error is not None and (unnamed or _has_unnamed(value, steps)):
        for candidate, found in _ways(value, steps):
            if found == error.instance:
                return candidate, found
    return tuple(tokens), held


def _below(held: Json, step: str | int) -> tuple[Json, str | None]:
    """What a step leads to, and its name; None if it leads nowhere."""
    token = str(step)
    if isinstance(held, dict):
        if token not in held and isinstance(step, int):
            token = next((key for key in held if key.isdigit() and int(key) == step), token)
        return (held[token], token) if token in held else (None, None)
    if isinstance(held, list) and token.isdigit() and int(token) < len(held):
        return held[int(token)], token
    return None, None


def _has_unnamed(value: Json, steps: list[str | int]) -> bool:
    """Whether an object on the way has an empty name."""
    held = value
    for step in steps:
        if isinstance(held, dict) and "" in held:
            return True
        held, _ = _below(held, step)
    return isinstance(held, dict) and "" in held


def _ways(value: Json, steps: list[str | int]) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every way of those steps with empty names between them, the fewest first."""
    waiting: deque[tuple[tuple[str, ...], Json, int]] = deque([((), value, 0)])
    while waiting:
        tokens, held, at = waiting.popleft()
        if at == len(steps):
            yield tokens, held
        else:
            below, token = _below(held, steps[at])
            if token is not None:
                waiting.append(((*tokens, token), below, at + 1))
        if isinstance(held, dict) and "" in held:
            waiting.append(((*tokens, ""), held[""], at))
