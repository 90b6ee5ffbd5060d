"""Path templates of `google.api.http`: their parts, and which paths two of them both match.

Knows the grammar of google/api/http.proto ("Path template syntax") and nothing of messages: whether a
variable names a field is asked elsewhere. Templates are short; everything here is linear in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

_LITERAL = re.compile(r"[A-Za-z0-9\-._~!$&'()+,;@:%]+")
_FIELD_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_ONE, _REST = "*", "**"


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
    """

    text: str
    segments: tuple[str, ...]
    variables: tuple[Variable, ...]
    verb: str

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
    variables: list[Variable] = []
    for part in _parts(body[1:]) if body != "/" else ():
        if part.startswith("{"):
            variable = _variable(part)
            variables.append(variable)
            segments += variable.segments
        else:
            segments.append(_segment(part))
    if _REST in segments[:-1]:
        raise MalformedTemplate("has `**` before its end, where it could match anything")
    return Template(text, tuple(segments), tuple(variables), verb)


def matched_by_both(one: Template, other: Template) -> str | None:
    """A path that both templates match, or None if there is none."""
    if one.verb != other.verb:
        return None
    path: list[str] = []
    for left, right in zip_longest(one.segments, other.segments):
        if left is None or right is None:
            if _REST not in (left, right):
                return None
            continue  # `**` matches no segment as well
        if _REST in (left, right):
            longer = other.segments if left == _REST else one.segments
            path += (each.replace(_REST, _ONE) for each in longer[len(path) :])
            break
        if left != right and _ONE not in (left, right):
            return None
        path.append(right if left == _ONE else left)
    filled = "/".join("x" if segment == _ONE else segment for segment in path)
    return f"/{filled}:{one.verb}" if one.verb else f"/{filled}"


def contains(wide: Template, narrow: Template) -> bool:
    """Whether every path that `narrow` matches is matched by `wide`."""
    if wide.verb != narrow.verb:
        return False
    for at, segment in enumerate(wide.segments):
        if segment == _REST:
            return True
        if at == len(narrow.segments) or narrow.segments[at] == _REST:
            return False
        if segment not in (_ONE, narrow.segments[at]):
            return False
    return len(wide.segments) == len(narrow.segments)


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
    segments = pattern.split("/") if equals else [_ONE]
    return Variable(field, tuple(_segment(segment) for segment in segments))


def _segment(segment: str) -> str:
    if not segment:
        raise MalformedTemplate("has an empty segment")
    if segment not in (_ONE, _REST) and not _LITERAL.fullmatch(segment):
        raise MalformedTemplate(
            f"has a segment that is neither a literal nor `*`, `**` or one `{{field}}`: `{segment}`"
        )
    return segment
