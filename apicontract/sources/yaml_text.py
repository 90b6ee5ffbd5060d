"""YAML 1.2 (core schema) as contracts use it: parsed at Rust speed where that is exact, else event by event.

The fast parser is trusted only with texts in which nothing can go wrong in silence. Everything else,
and every mistake, goes through the events of libyaml and a constructor of our own: keys twice, huge
numbers, merge keys, tags, anchors that grow without end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from apicontract.sources.errors import ContractError
from apicontract.sources.json_text import number, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.sources.pointers import Json

# What the fast parser reads in another way than the core schema of YAML 1.2 does, or not at all.
_DOUBTFUL = re.compile(
    rb"<<|\.(?:inf|nan|Inf|NaN|INF|NAN)\b|[ \[,{:]!|^!|^%|^---|^\.\.\."
    rb"|[ \t:\[,{-][-+]?[0-9][0-9]*_|[ \t:\[,{][-+]?0[0-9xob]|[ \t:\[,{]\+[0-9.]|[ \t:\[,{]-?\.[0-9]"
    rb"|[ \t:\[,{-][-+]?[0-9]+\.(?![0-9])|(?:^|[ \t\[,{:?-])[&*][^ \t\r\n&*]"
    rb"|[ \t:\[,{-][-+]?[0-9.]+[eE][-+]?[0-9]{3,}(?![^ \t\r\n,\]}])",
    re.MULTILINE,
)
_MANY_DIGITS = re.compile(rb"[0-9.]{16,}")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TAG = "tag:yaml.org,2002:"
_ADVICE = {
    "cannot start any token": (
        "this character cannot start anything in YAML",
        "put the text in quotes",
    ),
    "found a tab character where an indentation space is expected": (
        "a tab stands in the indentation",
        "use spaces",
    ),
    "mapping values are not allowed here": (
        "a `:` starts a value where none can stand",
        "check the indentation, or put a text that holds `: ` in quotes",
    ),
    "did not find expected key": (
        "a key is missing or indented in another way",
        "align it with its siblings",
    ),
    "did not find expected ',' or '}'": (
        "a `{` is never closed",
        "close it, or put a comma between its members",
    ),
    "did not find expected ',' or ']'": (
        "a `[` is never closed",
        "close it, or put a comma between its elements",
    ),
    "found unexpected end of stream": ("a quote or bracket is never closed", "close it"),
}


def parse(text: bytes, name: str, *, max_depth: int, max_nodes: int) -> Json:
    """The value of a YAML text; ContractError with the place of the first mistake."""
    if not _DOUBTFUL.search(text) and not _has_long_number(text):
        value = _fast(text)
        if value is not None:
            return value
    try:
        return _Events(text, name, max_depth, max_nodes).run()
    except RecursionError:
        raise ContractError(
            "values are nested too deeply", file=name, hint="no contract needs that"
        ) from None


def _has_long_number(text: bytes) -> bool:
    """Whether some number may have more digits than a float keeps; digits within words do not count."""
    for match in _MANY_DIGITS.finditer(text):
        before = text[max(match.start() - 2, 0) : match.start()]
        if before[-1:] in b":[, \t\r\n" or (before[-1:] in b"+-" and before[:1] in b":[, \t\r\n"):
            return True
    return False


def _fast(text: bytes) -> Json:
    """The value, or None where the fast parser has anything to say against the text."""
    import msgspec
    from ryaml import loads  # type: ignore[attr-defined]  # its stub leaves the name out

    try:
        value = loads(text.decode("utf-8"))
        if not isinstance(value, dict | list):
            return None
        written = msgspec.json.encode(value)  # number keys become texts,
        decoded: Json = msgspec.json.decode(written)
        if len(msgspec.json.encode(decoded)) != len(written):  # and two of them may become the same
            return None
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError):
        return None
    return decoded


class _Events:
    """Builds the value from libyaml's events, with bounds and places."""

    def __init__(self, text: bytes, name: str, max_depth: int, max_nodes: int) -> None:
        self._text = text
        self._name = name
        self._max_depth = max_depth
        self._left = max_nodes
        self._anchors: dict[str, tuple[Json, int] | None] = {}

    def run(self) -> Json:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            events: Iterator[Any] = iter(yaml.parse(self._text.decode("utf-8"), Loader=loader))
            return self._document(events)
        except yaml.MarkedYAMLError as error:
            problem = str(error.problem or error)
            said, hint = next(
                (row for known, row in _ADVICE.items() if known in problem), (problem, "YAML 1.2 is expected")
            )
            mark = error.problem_mark or error.context_mark
            if "end of stream" in problem and error.context_mark is not None:
                mark = error.context_mark  # where the quote that is never closed was opened
            if "cannot start any token" in problem and self._character(mark) == "\t":
                said, hint = "a tab stands where spaces must", "indent with spaces"
            self._fail(said, mark, hint)
        except yaml.YAMLError as error:
            raise ContractError(f"this is no YAML: {error}", file=self._name) from None

    def _character(self, mark: Any) -> str:
        lines = self._text.decode("utf-8").splitlines()
        return lines[mark.line][mark.column : mark.column + 1] if mark and mark.line < len(lines) else ""

    def _fail(self, message: str, mark: Any, hint: str) -> NoReturn:
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
        raise ContractError(message, file=self._name, line=line, column=column, hint=hint) from None

    def _document(self, events: Iterator[Any]) -> Json:
        import yaml

        value: Json = None
        seen = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    self._fail(
                        "a second document starts here", event.start_mark, "one file holds one contract"
                    )
                value, _ = self._value(next(events), events, 0)
        return value

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Json, int]:
        """The value that starts with `event`, and how many nodes it has with its aliases written out."""
        import yaml

        if depth > self._max_depth:
            self._fail("values are nested too deeply", event.start_mark, f"the limit is {self._max_depth}")
        if isinstance(event, yaml.AliasEvent):
            known = self._anchors.get(event.anchor or "")
            if known is None:
                inside = event.anchor in self._anchors
                said = (
                    f"`*{event.anchor}` stands inside what it names"
                    if inside
                    else f"nothing is named `&{event.anchor}`"
                )
                self._fail(said, event.start_mark, "name it with `&` before it is used")
            self._spend(known[1], event)
            return known
        anchor = event.anchor
        if anchor:
            self._anchors[anchor] = None
        made: tuple[Json, int]
        if isinstance(event, yaml.ScalarEvent):
            self._spend(1, event)
            made = self._scalar(event), 1
        elif isinstance(event, yaml.SequenceStartEvent):
            made = self._sequence(event, events, depth)
        else:
            made = self._mapping(event, events, depth)
        if anchor:
            self._anchors[anchor] = made
        return made

    def _spend(self, count: int, event: Any) -> None:
        self._left -= count
        if self._left < 0:
            self._fail("aliases make this document too large", event.start_mark, "write out less by `*`")

    def _sequence(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Json, int]:
        import yaml

        self._collection_tag(event, "seq")
        items: list[Json] = []
        size = 1
        while not isinstance(below := next(events), yaml.SequenceEndEvent):
            item, count = self._value(below, events, depth + 1)
            items.append(item)
            size += count
        return items, size

    def _mapping(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Json, int]:
        import yaml

        self._collection_tag(event, "map")
        members: dict[str, Json] = {}
        merged: list[Json] = []
        size = 1
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            name, merges = self._key(key)
            value, count = self._value(next(events), events, depth + 1)
            size += count
            if merges:
                merged += value if isinstance(value, list) else [value]
                if not all(isinstance(source, dict) for source in merged):
                    self._fail(
                        "`<<` merges what is no mapping",
                        key.start_mark,
                        "give it a mapping, or a list of them",
                    )
                continue
            if name in members:
                self._fail(
                    f"the key `{name}` stands twice in one mapping",
                    key.start_mark,
                    "remove or rename one of the two",
                )
            members[name] = value
        for source in merged:
            for name, value in source.items() if isinstance(source, dict) else ():
                members.setdefault(name, value)
        return members, size

    def _key(self, event: Any) -> tuple[str, bool]:
        """The key as text, and whether it is the merge key; numbers are keys by what is written."""
        import yaml

        if isinstance(event, yaml.AliasEvent):
            known = self._anchors.get(event.anchor or "")
            if known is not None and isinstance(known[0], str):
                return known[0], False
        if not isinstance(event, yaml.ScalarEvent):
            self._fail("a key is no text", event.start_mark, "keys of a contract are texts")
        if event.value == "<<" and not event.style and event.tag is None:
            return "<<", True
        value = self._scalar(event)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        if isinstance(value, str):
            return value, False
        if not isinstance(value, int) or isinstance(value, bool):
            said = f"the key `{event.value}` is no text"
            self._fail(said, event.start_mark, f'write it in quotes: "{event.value}"')
        return str(event.value), False

    def _collection_tag(self, event: Any, kind: str) -> None:
        if event.tag not in (None, "!", f"{_TAG}{kind}"):
            self._fail(f"the tag `{event.tag}` has no meaning in a contract", event.start_mark, "remove it")

    def _scalar(self, event: Any) -> Json:
        written: str = event.value
        tag = event.tag
        if tag in ("!", f"{_TAG}str") or (tag is None and event.style):
            return written
        if tag is not None and tag.removeprefix(_TAG) not in ("int", "float", "bool", "null"):
            self._fail(f"the tag `{tag}` has no meaning in a contract", event.start_mark, "remove it")
        if _NO_NUMBER.fullmatch(written):
            self._fail(f"`{written}` is no JSON value", event.start_mark, "put it in quotes if it is a text")
        return plain(written)


def plain(written: str) -> Json:
    """An unquoted scalar by the core schema of YAML 1.2.2, section 10.3.2."""
    if written in _WORDS:
        return _WORDS[written]
    if not (written[0].isdigit() or written[0] in "+-."):
        return written
    if _INT.fullmatch(written):
        return whole(written)
    if _OCTAL.fullmatch(written) or _HEX.fullmatch(written):
        return int(written, 0)
    return number(written) if _FLOAT.fullmatch(written) else written
