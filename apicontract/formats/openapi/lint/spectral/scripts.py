"""The expressions in filters of paths: `?(@ && @.type === 'array' && @property !== 'x')`.

A parser for the part of JavaScript that Spectral's own parser of them takes, which gives a function, and
what can be said of it beforehand: which keys a value must have for it to hold. Nothing is evaluated by
Python itself. An expression that fails on a value (a member of undefined) does not hold for it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from apicontract.formats.openapi.lint.spectral.members import ScriptError, called, member
from apicontract.formats.openapi.lint.spectral.patterns import PatternError, expression
from apicontract.formats.openapi.lint.spectral.values import (
    UNDEFINED,
    kind,
    loosely_equal,
    number,
    strictly_equal,
    text,
    truthy,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<name>[@A-Za-z_$][\w$]*|@)|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\?|~=|[-+*/%<>!?:.,()\[\]])"""
    r"""|(?P<end>$))"""
)
_REGEX = re.compile(r"\s*/((?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([a-z]*)")
_BINARY = {
    "||": 1, "??": 1, "&&": 2, "==": 6, "!=": 6, "===": 6, "!==": 6,
    "<": 7, ">": 7, "<=": 7, ">=": 7, "in": 7, "~=": 7, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
}  # fmt: skip
_UNARY = frozenset({"!", "-", "+", "void", "typeof"})
_CONSTANTS = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": UNDEFINED,
    "NaN": math.nan,
    "Infinity": math.inf,
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}
_DEEPEST = 200
_NO_KEYS = frozenset({"@", "@property", "length", "constructor"})  # what is there without being a key


class Scope:
    """What an expression is asked about; one is used for all nodes of a run, and changed.

    resolve: what a value is once a reference is followed.
    """

    __slots__ = ("parent", "parent_property", "path", "property", "resolve", "root", "value")

    def __init__(self, root: object, resolve: Callable[[object], object]) -> None:
        self.root = root
        self.resolve = resolve
        self.value: object = root
        self.property: object = None
        self.parent: object = UNDEFINED
        self.parent_property: object = UNDEFINED
        self.path: Callable[[], str] = lambda: "$"


@dataclass(frozen=True, slots=True)
class Expression:
    """One filter: whether it `holds`.

    triggers: groups of keys; it can only hold for an object that has one of each group. named: it can
    only hold for a member of that name. equal: keys with texts; where a key has another text, it cannot
    hold. ancestors: how many levels above the value it looks at.
    """

    run: Callable[[Scope], object]
    triggers: tuple[frozenset[str], ...] = ()
    named: str | None = None
    equal: tuple[tuple[str, str], ...] = ()
    ancestors: int = 0

    def holds(self, scope: Scope) -> bool:
        """Whether it does for what the scope says."""
        try:
            return truthy(self.run(scope))
        except (ScriptError, PatternError):
            return False


class _Part(NamedTuple):
    """A part of an expression: a function, and, if it is `@.key`, the key; `@property` is `"@property"`."""

    run: Callable[[Scope], object]
    key: str | None = None
    literal: object = UNDEFINED
    triggers: tuple[frozenset[str], ...] = ()
    named: str | None = None
    equal: tuple[tuple[str, str], ...] = ()


def script(written: str) -> Expression:
    """The expression that a text is. ScriptError, with a reason, if it is none that is supported."""
    parser = _Parser(written)
    part = _condition(parser.whole())
    ancestors = 2 if "@parentProperty" in written else 1
    return Expression(part.run, part.triggers, part.named, part.equal, ancestors)


def _condition(part: _Part) -> _Part:
    """The part as a condition: `@.key` holds only where the key is."""
    if part.key is not None and part.key not in _NO_KEYS and not part.triggers:
        return part._replace(triggers=(frozenset({part.key}),))
    return part


_SHORT: dict[str, Callable[[object], bool]] = {
    "@string": lambda value: kind(value) == "string",
    "@number": lambda value: kind(value) == "number",
    "@boolean": lambda value: kind(value) == "boolean",
    "@scalar": lambda value: not isinstance(value, dict | list),
    "@array": lambda value: isinstance(value, list),
    "@null": lambda value: value is None,
    "@object": lambda value: isinstance(value, dict | list),
    "@integer": lambda value: kind(value) == "number" and number(value).is_integer(),
}
_ABOUT: dict[str, Callable[[Scope], object]] = {
    "@": lambda scope: scope.value,
    "@root": lambda scope: scope.root,
    "@path": lambda scope: scope.path(),
    "@property": lambda scope: scope.property,
    "@parent": lambda scope: scope.parent,
    "@parentProperty": lambda scope: scope.parent_property,
}


@dataclass(slots=True)
class _Parser:
    """Precedence climbing over one text."""

    written: str
    at: int = 0
    depth: int = 0
    _ahead: tuple[str, str, int] = field(default=("", "", 0))

    def whole(self) -> _Part:
        part = self.ternary()
        if self.peek()[0] != "end":
            raise ScriptError(f"`{self.peek()[1]}` is not expected there")
        return part

    def peek(self) -> tuple[str, str, int]:
        match = _TOKEN.match(self.written, self.at)
        if match is None or match.lastgroup is None:
            raise ScriptError(f"`{self.written[self.at :].strip()[:20]}` is not understood")
        return match.lastgroup, match.group(match.lastgroup), match.end()

    def take(self, sign: str) -> None:
        sort, word, end = self.peek()
        if word != sign or sort == "string":
            raise ScriptError(f"`{sign}` is missing")
        self.at = end

    def accept(self, sign: str) -> bool:
        sort, word, end = self.peek()
        if word == sign and sort == "sign":
            self.at = end
            return True
        return False

    def ternary(self) -> _Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ScriptError("it is nested too deeply")
        test = self.binary(1)
        if self.accept("?"):
            yes = self.ternary().run
            self.take(":")
            no = self.ternary().run
            asked = test.run
            test = _Part(lambda scope: yes(scope) if truthy(asked(scope)) else no(scope))
        self.depth -= 1
        return test

    def binary(self, least: int) -> _Part:
        left = self.unary()
        while True:
            sort, word, end = self.peek()
            power = _BINARY.get(word, 0) if sort in ("sign", "name") else 0
            if power < least:
                return left
            self.at = end
            left = _joined(word, left, self.binary(power + 1))

    def unary(self) -> _Part:
        sort, word, end = self.peek()
        if word in _UNARY and sort in ("sign", "name"):
            self.at = end
            self.depth += 1
            if self.depth > _DEEPEST:
                raise ScriptError("it is nested too deeply")
            inner = self.unary().run
            self.depth -= 1
            if word == "void":
                return _Part(lambda _: UNDEFINED, literal="void")
            return _Part(_unary(word, inner))
        return self.postfix(self.primary())

    def postfix(self, part: _Part) -> _Part:
        while True:
            if self.accept("."):
                sort, name, end = self.peek()
                if sort != "name":
                    raise ScriptError("a name is missing behind the dot")
                self.at = end
                part = self.member(part, _Part(lambda _, name=name: name, literal=name))  # type: ignore[misc]
            elif self.accept("["):
                inner = self.ternary()
                self.take("]")
                part = self.member(part, inner)
            else:
                return part

    def member(self, of: _Part, name: _Part) -> _Part:
        held, key = of.run, name.run
        if self.accept("("):
            given = self.arguments(")")
            return _Part(lambda scope: called(held(scope), key(scope), [one(scope) for one in given]))
        direct = name.literal if of.key == "@" and isinstance(name.literal, str) else None
        return _Part(lambda scope: scope.resolve(member(held(scope), key(scope))), key=direct)

    def arguments(self, closing: str) -> list[Callable[[Scope], object]]:
        given: list[Callable[[Scope], object]] = []
        if self.accept(closing):
            return given
        while True:
            given.append(self.ternary().run)
            if self.accept(closing):
                return given
            self.take(",")

    def primary(self) -> _Part:
        regex = _REGEX.match(self.written, self.at)
        if regex is not None:
            self.at = regex.end()
            try:
                pattern = expression(regex[1], regex[2])
            except PatternError as error:
                raise ScriptError(str(error)) from None
            return _Part(lambda _: pattern)
        sort, word, end = self.peek()
        self.at = end
        if sort == "number":
            value: object = float(word) if not word.isdigit() else int(word)
            return _Part(lambda _: value, literal=value)
        if sort == "string":
            plain = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), word[1:-1])
            return _Part(lambda _: plain, literal=plain)
        if sort == "name":
            return self.named(word)
        if word == "(":
            inner = self.ternary()
            self.take(")")
            return inner
        if word == "[":
            items = self.arguments("]")
            return _Part(lambda scope: [one(scope) for one in items])
        raise ScriptError(f"`{word or 'its end'}` is not expected there")

    def named(self, word: str) -> _Part:
        if word in _ABOUT:
            return _Part(_ABOUT[word], key=word if word in ("@", "@property") else None)
        if word in _SHORT:
            if self.accept("("):
                self.take(")")
            test = _SHORT[word]
            return _Part(lambda scope: test(scope.value))
        if word in _CONSTANTS:
            constant = _CONSTANTS[word]
            return _Part(lambda _: constant, literal="void" if constant is UNDEFINED else constant)
        if word in ("Object", "Array", "Number", "String", "Boolean", "parseInt", "parseFloat"):
            if self.accept("("):
                given = self.arguments(")")
                return _Part(lambda scope: called(UNDEFINED, word, [one(scope) for one in given]))
            self.take(".")
            name = self.peek()[1]
            self.at = self.peek()[2]
            self.take("(")
            given = self.arguments(")")
            return _Part(lambda scope: called(UNDEFINED, f"{word}.{name}", [one(scope) for one in given]))
        raise ScriptError(f"there is no `{word}`")


def _unary(sign: str, inner: Callable[[Scope], object]) -> Callable[[Scope], object]:
    if sign == "!":
        return lambda scope: not truthy(inner(scope))
    if sign == "-":
        return lambda scope: -number(inner(scope))
    if sign == "+":
        return lambda scope: number(inner(scope))
    return lambda scope: kind(inner(scope))


def _joined(sign: str, left: _Part, right: _Part) -> _Part:
    one, other = left.run, right.run
    if sign == "&&":
        both = (_condition(left), _condition(right))
        triggers = (*both[0].triggers, *both[1].triggers)
        named = both[0].named or both[1].named
        return _Part(
            lambda scope: other(scope) if truthy(held := one(scope)) else held,
            None,
            UNDEFINED,
            triggers,
            named,
            (*both[0].equal, *both[1].equal),
        )
    if sign == "||":
        either = (_condition(left), _condition(right))
        groups: tuple[frozenset[str], ...] = ()
        if either[0].triggers and either[1].triggers:
            groups = (either[0].triggers[0] | either[1].triggers[0],)
        return _Part(lambda scope: held if truthy(held := one(scope)) else other(scope), triggers=groups)
    if sign == "??":
        return _Part(
            lambda scope: other(scope) if (held := one(scope)) is None or held is UNDEFINED else held
        )
    test = _TESTS[sign]
    return _Part(lambda scope: test(one(scope), other(scope)), None, UNDEFINED, *_known(sign, left, right))


_Known = tuple[tuple[frozenset[str], ...], str | None, tuple[tuple[str, str], ...]]


def _known(sign: str, left: _Part, right: _Part) -> _Known:
    """What must be so where a comparison holds: a key is there, the member has a name, a key has a text."""
    if left.key is None:
        left, right = right, left
    key, literal = left.key, right.literal
    if key is None or (key in _NO_KEYS and key != "@property") or literal is UNDEFINED:
        return (), None, ()
    same = sign in ("==", "===")
    told = isinstance(literal, str) and literal != "void"
    if key == "@property":
        return (), literal if same and told else None, ()  # type: ignore[return-value]  # a text if it is told
    there = sign in ("!==", "!=") if literal == "void" else literal is not None and same
    equal = ((key, literal),) if same and told else ()
    return ((frozenset({key}),) if there else ()), None, equal  # type: ignore[return-value]  # as above


def _less(one: object, other: object) -> bool | None:
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    a, b = number(one), number(other)
    return None if math.isnan(a) or math.isnan(b) else a < b


def _plus(one: object, other: object) -> object:
    if isinstance(one, str | dict | list) or isinstance(other, str | dict | list):
        return text(one) + text(other)
    return number(one) + number(other)


def _among(one: object, other: object) -> object:
    return called(other, "includes", [one])


def _matches(one: object, other: object) -> bool:
    if not isinstance(other, str):
        raise ScriptError("behind `~=` stands a text")
    return expression(other, "").found_in(text(one))


def _divided(one: object, other: object) -> float:
    a, b = number(one), number(other)
    return a / b if b else math.nan if not a or math.isnan(a) else math.copysign(math.inf, a)


_TESTS: dict[str, Callable[[object, object], object]] = {
    "===": strictly_equal,
    "!==": lambda one, other: not strictly_equal(one, other),
    "==": loosely_equal,
    "!=": lambda one, other: not loosely_equal(one, other),
    "<": lambda one, other: _less(one, other) is True,
    ">": lambda one, other: _less(other, one) is True,
    "<=": lambda one, other: _less(other, one) is False,
    ">=": lambda one, other: _less(one, other) is False,
    "in": _among,
    "~=": _matches,
    "+": _plus,
    "-": lambda one, other: number(one) - number(other),
    "*": lambda one, other: number(one) * number(other),
    "/": _divided,
    "%": lambda one, other: math.fmod(number(one), number(other)) if number(other) else math.nan,
}
