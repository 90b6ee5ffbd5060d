"""The syntax tree of a regular expression. Values only: it knows neither the text nor the automata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from apicontract.schemas.regex.charset import Charset


@dataclass(frozen=True, slots=True)
class Chars:
    """One code point out of a set; `unknown` names a property of Unicode whose set is not known here."""

    charset: Charset
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; the empty sequence is the empty word."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`least` to `most` times; None is without end."""

    part: Tree
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The start or the end of the word."""

    at: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Boundary:
    r"""Between a word character and another or none (`\b`); with `negated` any other place (`\B`)."""

    negated: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A condition on what comes next (`ahead`) or came before; with `negated` it must not hold."""

    body: Tree
    ahead: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Irregular:
    """What no finite automaton decides here; `what` names it for people."""

    what: str


Tree = Chars | Sequence | Choice | Repeat | Anchor | Boundary | Look | Irregular
EMPTY = Sequence(())
