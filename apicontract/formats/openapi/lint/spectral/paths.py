"""The paths of `given`, as Spectral takes them: `$.paths[*][get,put].parameters[?(@.in=='query')]^`.

A text becomes steps, for `walk.py` to take all of them at once. Besides RFC 9535 there are `~` (the name
instead of the value), `^` (what holds it), names without quotes, and filters in JavaScript (`scripts.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from apicontract.formats.openapi.lint.spectral.members import ScriptError
from apicontract.formats.openapi.lint.spectral.scripts import Expression, script
from apicontract.records import dataclass

_NAME = re.compile(r"[^\s.\[\]~^*()'\",?:]+")
_SLICE = re.compile(r"\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?\]")
_LAST = re.compile(r"\(\s*@\.length\s*-\s*(\d+)\s*\)\s*\]")
_SHORTHAND = re.compile(r"(@[a-zA-Z]+)\(\)")


class PathError(ValueError):
    """A text that is no path; it says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: to members of these names, to a part of a list, to what fits an expression, or to all.

    deep: at any depth below.
    """

    deep: bool = False
    names: tuple[str, ...] = ()
    part: tuple[int | None, int | None, int] | None = None
    test: Expression | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A path. keyed: its names are meant. parents: how many levels above is meant."""

    written: str
    steps: tuple[Step, ...]
    keyed: bool = False
    parents: int = 0

    @property
    def ancestors(self) -> int:
        """How many levels above a node count for what it is."""
        return max([self.parents, 1, *(step.test.ancestors for step in self.steps if step.test)])


@lru_cache(maxsize=4096)
def path(written: str) -> Path:
    """The path that a text is. PathError if it is none."""
    try:
        return _Reader(written).read()
    except ScriptError as error:
        raise PathError(f"its filter is not understood: {error}") from None


class _Reader:
    def __init__(self, written: str) -> None:
        self.text = written.strip()
        self.written = written
        self.at = 0

    def read(self) -> Path:
        if not self.text.startswith("$"):
            raise PathError("a path begins with `$`")
        self.at = 1
        steps: list[Step] = []
        keyed, parents = False, 0
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter in "~^":
                keyed = keyed or letter == "~"
                parents += letter == "^" and not keyed
                self.at += 1
            elif keyed or parents:
                raise PathError("nothing can follow `~` and `^`")
            else:
                steps.append(self.step(letter))
        return Path(self.written, tuple(steps), keyed, parents)

    def step(self, letter: str) -> Step:
        deep = self.text.startswith("..", self.at)
        if deep or letter == ".":
            self.at += 2 if deep else 1
            if self.text.startswith("[", self.at):
                return self.bracket(deep=deep)
            if self.text.startswith("*", self.at):
                self.at += 1
                return Step(deep)
            short = _SHORTHAND.match(self.text, self.at)
            if short is not None:
                self.at = short.end()
                return Step(deep, test=script(f"{short[1]}"))
            name = _NAME.match(self.text, self.at)
            if name is None:
                if deep and self.at == len(self.text):
                    return Step(deep, test=script("@object"))
                raise PathError(f"a name is missing at `{self.text[self.at :][:20]}`")
            self.at = name.end()
            return Step(deep, names=(name.group(),))
        if letter == "[":
            return self.bracket(deep=False)
        raise PathError(f"`{self.text[self.at :][:20]}` is not expected there")

    def bracket(self, *, deep: bool) -> Step:
        self.at += 1
        self.space()
        if self.text.startswith("?(", self.at):
            return Step(deep, test=script(self.filter()))
        last = _LAST.match(self.text, self.at)
        if last is not None:
            self.at = last.end()
            return Step(deep, part=(-int(last[1]), None, 1))
        part = _SLICE.match(self.text, self.at)
        if part is not None:
            self.at = part.end()
            start, end, by = (int(one) if one else None for one in part.groups())
            return Step(deep, part=(start, end, by or 1))
        if self.text.startswith("*", self.at):
            self.at += 1
            self.space()
            self.close()
            return Step(deep)
        return self.names(deep=deep)

    def names(self, *, deep: bool) -> Step:
        found: list[str] = []
        while True:
            self.space()
            quote = self.text[self.at : self.at + 1]
            if quote and quote in "'\"":
                end = self.text.find(quote, self.at + 1)
                if end < 0:
                    raise PathError("a quote is not closed")
                found.append(self.text[self.at + 1 : end])
                self.at = end + 1
            else:
                name = re.compile(r"[^\],'\"\s]+").match(self.text, self.at)
                if name is None:
                    raise PathError("there is nothing between the brackets")
                found.append(name.group())
                self.at = name.end()
            self.space()
            if self.text.startswith(",", self.at):
                self.at += 1
                continue
            self.close()
            return Step(deep, names=tuple(dict.fromkeys(found)))

    def filter(self) -> str:
        """What stands in `?(…)`; the reader is behind the closing bracket then."""
        start = self.at = self.at + 2
        level, quote = 1, ""
        while self.at < len(self.text):
            letter = self.text[self.at]
            if quote:
                if letter == "\\":
                    self.at += 1
                elif letter == quote:
                    quote = ""
            elif letter in "'\"" or (letter == "/" and _may_be_regex(self.text[start : self.at])):
                quote = letter
            else:
                level += (letter == "(") - (letter == ")")
                if not level:
                    inner = self.text[start : self.at]
                    self.at += 1
                    self.space()
                    self.close()
                    return inner
            self.at += 1
        raise PathError("a filter is not closed")

    def close(self) -> None:
        if not self.text.startswith("]", self.at):
            raise PathError("a bracket is not closed")
        self.at += 1

    def space(self) -> None:
        while self.text.startswith((" ", "\t"), self.at):
            self.at += 1


def _may_be_regex(before: str) -> bool:
    """Whether a slash opens a regular expression: behind a value it divides."""
    return before.rstrip()[-1:] in ("", *"(,=!&|?:[~<>+-")
