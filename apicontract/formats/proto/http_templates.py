"""Path templates of `google.api.http`: their parts, and which paths two of them both match.

Knows the grammar of google/api/http.proto ("Path template syntax") and nothing of messages: whether a
variable names a field is asked elsewhere. Templates are short; everything here is linear in them.
"""

from __future__ import annotations

import re

from apicontract.records import dataclass

_LITERAL = re.compile(r"[A-Za-z0-9\-._~!$&'()+,;@:%]+")
_FIELD_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
ONE, REST = "*", "**"
_LONGEST = 100  # segments; the longest of public APIs have 20


class MalformedTemplate(ValueError):  # noqa: N818  # the name says what happened
    """A text that is no path template; the message says why, as the rest of a sentence."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a template: the field path it binds, and the segments it captures (`*` if none given)."""

    field: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A path template.

    segments: what each segment of a path must be, variables written out: a literal, `*` for one
    segment, `**` for any number. variables: in their order. verb: what follows the colon at the end.
    parts: what stands between the slashes: segments, and variables as such.
    """

    text: str
    segments: tuple[str, ...]
    variables: tuple[Variable, ...]
    verb: str
    parts: tuple[str | Variable, ...]

    @property
    def shape(self) -> tuple[tuple[str, ...], str]:
        """What decides which paths it matches: equal shapes match the same paths."""
        return self.segments, self.verb


def parse(text: str) -> Template:
    """The parts of a template; MalformedTemplate says what is wrong with it."""
    if not text.startswith("/"):
        raise MalformedTemplate("does not start with `/`")
    mark = next((mark for mark in "?#" if mark in text), "")
    if mark:
        raise MalformedTemplate(f"holds `{mark}`, but a path has neither query nor fragment")
    body, verb = _without_verb(text)
    segments: list[str] = []
    parts: list[str | Variable] = []
    for part in _parts(body[1:]) if body != "/" else ():
        if part.startswith("{"):
            variable = _variable(part)
            parts.append(variable)
            segments += variable.segments
        else:
            segments.append(_segment(part))
            parts.append(segments[-1])
    if len(segments) > _LONGEST:
        raise MalformedTemplate(f"has more than {_LONGEST} segments")
    if segments.count(REST) > 1:
        raise MalformedTemplate("has `**` twice, so that it cannot be told which of them matches what")
    variables = tuple(part for part in parts if isinstance(part, Variable))
    return Template(text, tuple(segments), variables, verb, tuple(parts))


def matched_by_both(one: Template, other: Template) -> str | None:
    """A path that both templates match, the shortest, or None if there is none."""
    if one.verb != other.verb:
        return None
    found = _common(one.segments, other.segments)
    if found is None:
        return None
    filled = "/".join("x" if segment == ONE else segment for segment in found)
    return f"/{filled}:{one.verb}" if one.verb else f"/{filled}"


def contains(wide: Template, narrow: Template) -> bool:
    """Whether every path that `narrow` matches is matched by `wide`, as far as each segment shows it."""
    return wide.verb == narrow.verb and _covers(wide.segments, narrow.segments)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...] | None:
    """The shortest sequence of literals and `*` that both match."""
    if REST in left[:1] or REST in right[:1]:
        rest, plain = (left, right) if left[:1] == (REST,) else (right, left)
        none = _common(rest[1:], plain)  # `**` matches no segment
        if none is not None or not plain:
            return none
        if plain[0] == REST:
            return _common(rest, plain[1:])
        more = _common(rest, plain[1:])
        return None if more is None else (plain[0], *more)
    if not left or not right:
        return () if left == right else None
    if left[0] != right[0] and ONE not in (left[0], right[0]):
        return None
    more = _common(left[1:], right[1:])
    return None if more is None else (right[0] if left[0] == ONE else left[0], *more)


def _covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether the segments of `narrow`, taken as they are written, fit `wide`."""
    if wide[:1] == (REST,):
        return _covers(wide[1:], narrow) or (bool(narrow) and _covers(wide, narrow[1:]))
    if not wide or not narrow:
        return wide == narrow
    return narrow[0] != REST and wide[0] in (ONE, narrow[0]) and _covers(wide[1:], narrow[1:])


def _without_verb(text: str) -> tuple[str, str]:
    """The template without its verb, and the verb; the colon stands after the last segment began."""
    last = max(text.rfind("/"), text.rfind("}"))
    colon = text.find(":", last)
    if colon < 0:
        return text, ""
    verb = text[colon + 1 :]
    if not _LITERAL.fullmatch(verb):
        raise MalformedTemplate("has a colon at its end, but no verb after it")
    return text[:colon], verb


def _parts(body: str) -> list[str]:
    """The text between the slashes that stand outside of braces."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(body):
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == "/" and depth == 0:
            parts.append(body[start:at])
            start = at + 1
        if depth not in (0, 1):
            raise MalformedTemplate("has braces that do not pair up")
    if depth:
        raise MalformedTemplate("has braces that do not pair up")
    return [*parts, body[start:]]


def _variable(part: str) -> Variable:
    if not part.endswith("}"):
        raise MalformedTemplate(f"has text after a variable in one segment: `{part}`")
    field, equals, pattern = part[1:-1].partition("=")
    if not _FIELD_PATH.fullmatch(field):
        raise MalformedTemplate(f"has a variable that is no field path: `{part}`")
    segments = pattern.split("/") if equals else [ONE]
    return Variable(field, tuple(_segment(segment) for segment in segments))


def _segment(segment: str) -> str:
    if not segment:
        raise MalformedTemplate("has an empty segment")
    if segment not in (ONE, REST) and not _LITERAL.fullmatch(segment):
        raise MalformedTemplate(
            f"has a segment that is neither a literal nor `*`, `**` or one `{{field}}`: `{segment}`"
        )
    return segment
