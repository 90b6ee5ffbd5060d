"""Where a value stands in a YAML text, found by reading only the part that holds it.

Block collections are split by indentation without parsing, and checked against the parsed value: the
keys found must be the keys that are there. The small part that is left is composed by libyaml, whose
marks are exact. Where anything does not agree, the whole text is composed instead: slow and right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from apicontract.sources.documents import Span
from apicontract.sources.pointers import Json, split

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCK = 1 << 12  # characters between two counts of bytes
_SMALL = 20_000  # bytes: composing that much is cheaper than splitting it
_KEY = re.compile(
    rb"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'"""
    rb"""|([^\s#&*!|>%@`"'\[\]{},?-][^\n]*?|[-?][^\s][^\n]*?))[ \t]*:(?=[ \t\r\n]|$)"""
)
_REST = re.compile(rb"[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")
_BLANK = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_INDENT = re.compile(rb" *")


@dataclass(frozen=True, slots=True)
class _Region:
    """Bytes start:end of the text hold one value; its first line begins `indent` columns in.

    dash: where a `-` of a sequence stands on the first line, to be read as a space; -1 if none does.
    """

    start: int
    end: int
    indent: int
    dash: int = -1


class _Part:
    """A part of the text, composed: it begins at `at`; `node` is None if it is no YAML alone."""

    __slots__ = ("_before", "_text", "at", "node")

    def __init__(self, text: bytes, at: int, dash: int = -1) -> None:
        if dash >= 0:
            text = text[: dash - at] + b" " + text[dash - at + 1 :]
        self.at = at
        self.node = _compose(text)
        self._text = text
        self._before: list[int] | None = None  # the bytes before each block of characters

    def byte(self, index: int) -> int:
        """Where in the whole text the character `index` of the part begins."""
        if self._text.isascii():
            return self.at + index
        text = self._text.decode("utf-8")
        if self._before is None:
            blocks = (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))
            self._before = [0, *accumulate(len(block.encode()) for block in blocks)]
        block = index // _BLOCK
        return self.at + self._before[block] + len(text[block * _BLOCK : index].encode())

    def end(self, node: Any) -> int:
        """Where in the part what a node says ends: a block has its last line, without what follows it."""
        import yaml

        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(node, yaml.MappingNode) else last
        end: int = node.end_mark.index
        if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
            text = self._text.decode("utf-8")
            end = len(text[:end].rstrip())
        return end


class YamlLocator:
    """Finds (line, column) of pointers in one YAML text, and the bytes of what they lead to."""

    def __init__(self, text: bytes, value: Json) -> None:
        self._text = text
        self._value = value
        self._splits: dict[tuple[int, int], dict[str, _Region] | None] = {}
        self._parts: dict[tuple[int, int], _Part] = {}
        self._whole: _Part | None = None

    def offset(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """(line, column) of the value or key at `pointer`, from 1."""
        part, (key_node, node), _ = self._found(split(pointer))
        if node is None:
            return 1, 1
        mark = (key_node if key else node).start_mark
        return self._text.count(b"\n", 0, part.at) + mark.line + 1, mark.column + 1

    def span(self, pointer: str) -> Span | None:
        """Where the value at `pointer` is written; None if there is none, or it is an alias or merged."""
        part, (key_node, node), complete = self._found(split(pointer))
        return _span(part, key_node, node) if complete and node is not None else None

    def spans_below(self, pointer: str) -> list[Span]:
        """Of each member or item of the container at `pointer`, in their order."""
        import yaml

        part, (_, node), complete = self._found(split(pointer))
        if not complete or not isinstance(node, yaml.CollectionNode):
            return []
        pairs = node.value if isinstance(node, yaml.MappingNode) else [(one, one) for one in node.value]
        return [_span(part, *pair) for pair in pairs]

    def _found(self, tokens: Sequence[str]) -> tuple[_Part, tuple[Any, Any], bool]:
        """The part in which the tokens lead somewhere, the nodes of key and value; whether all of them do."""
        if self._whole is None:
            found = self._narrowed(tokens)
            if found is not None:
                return found[0], found[1], True
            self._whole = _Part(self._text, 0)
        return self._whole, *_walk(self._whole.node, tokens)

    def _narrowed(self, tokens: Sequence[str]) -> tuple[_Part, tuple[Any, Any]] | None:
        start = _BLANK.match(self._text).end()  # type: ignore[union-attr]
        if self._text.startswith((b"---", b"%"), start) or self._value is None:
            return None
        region = _Region(start, len(self._text), len(_INDENT.match(self._text, start).group()))  # type: ignore[union-attr]
        value: Json = self._value
        depth = 0
        while depth < len(tokens) and region.end - region.start > _SMALL and isinstance(value, dict | list):
            children = self._children(region, value)
            if children is None:
                break
            below = children.get(tokens[depth])
            if below is None:
                return None
            item = isinstance(value, list)
            value = value[tokens[depth]] if isinstance(value, dict) else value[int(tokens[depth])]
            inside = self._inside(below, value, item=item) if depth + 1 < len(tokens) else None
            if inside is None:
                return self._composed(below, tokens[depth + item :])
            region = inside
            depth += 1
        return self._composed(region, tokens[depth:])

    def _composed(self, region: _Region, tokens: Sequence[str]) -> tuple[_Part, tuple[Any, Any]] | None:
        """The nodes of `tokens` in a part; a member's part is a mapping of one, an item's is the item."""
        part = self._parts.get((region.start, region.end))
        if part is None:
            piece = self._text[region.start : region.end]
            part = self._parts[region.start, region.end] = _Part(piece, region.start, region.dash)
        if part.node is None:
            return None
        nodes, complete = _walk(part.node, tokens)
        return (part, nodes) if complete else None

    def _children(self, region: _Region, value: dict[str, Json] | list[Json]) -> dict[str, _Region] | None:
        at = (region.start, region.indent)
        if at not in self._splits:
            self._splits[at] = self._split(region, value)
        return self._splits[at]

    def _split(self, region: _Region, value: dict[str, Json] | list[Json]) -> dict[str, _Region] | None:
        """The regions of all children, key and all; None if they are not those of `value`."""
        lead = b"-(?=[ \\t\\r\\n])" if isinstance(value, list) else b"(?=[^ \\t\\r\\n#])(?!-[ \\t\\r\\n])"
        starts = []
        if region.dash >= 0:
            starts.append(region.start)
        pattern = re.compile(b"^ {%d}%s" % (region.indent, lead), re.MULTILINE)
        starts += [
            m.start() for m in pattern.finditer(self._text, max(region.start, region.dash + 1), region.end)
        ]
        starts = sorted(set(starts))
        names: list[str] = []
        for start in starts:
            if isinstance(value, list):
                names.append(str(len(names)))
                continue
            name = self._key_at(start, region)
            if name is None:
                return None
            names.append(name)
        if names != (list(value) if isinstance(value, dict) else [str(i) for i in range(len(value))]):
            return None
        ends = [*starts[1:], region.end]
        regions = {}
        for name, start, end in zip(names, starts, ends, strict=True):
            dash = (
                start + region.indent
                if isinstance(value, list)
                else (region.dash if start == region.start else -1)
            )
            regions[name] = _Region(start, end, region.indent, dash)
        return regions

    def _key_at(self, start: int, region: _Region) -> str | None:
        match = _KEY.match(self._text, start + region.indent)
        if match is None:
            return None
        if match.group(3) is not None:
            return match.group(3).decode("utf-8", "replace").rstrip()
        if match.group(2) is not None:
            return match.group(2).decode("utf-8", "replace").replace("''", "'")
        raw = match.group(1)
        return None if b"\\" in raw else raw.decode("utf-8", "replace")

    def _inside(self, child: _Region, value: Json, *, item: bool) -> _Region | None:
        """The region of a child's block value, without its key; None if it is no block below."""
        if not isinstance(value, dict | list):
            return None
        text = self._text
        if item:
            after = child.dash + 1
            rest = _REST.match(text, after)
            if rest is None:
                column = len(_INDENT.match(text, after).group()) + after - child.start  # type: ignore[union-attr]
                return _Region(child.start, child.end, column, child.dash)
            return self._below(rest.end(), child.end)
        key = _KEY.match(text, child.start + child.indent)
        rest = _REST.match(text, key.end()) if key else None
        return self._below(rest.end(), child.end) if rest else None

    def _below(self, start: int, end: int) -> _Region | None:
        start = _BLANK.match(self._text, start).end()  # type: ignore[union-attr]
        if start >= end:
            return None
        return _Region(start, end, len(_INDENT.match(self._text, start).group()))  # type: ignore[union-attr]


def _compose(text: bytes) -> Any:
    import yaml

    try:
        return yaml.compose(text.decode("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        return None


def _walk(node: Any, tokens: Sequence[str]) -> tuple[tuple[Any, Any], bool]:
    """((node of the key, of the value) as far as the tokens lead; whether that is all the way)."""
    import yaml

    if node is None:
        return (None, None), False
    at = key_at = node
    for token in tokens:
        below = None
        if isinstance(at, yaml.MappingNode):
            below = _member(at, token)
        elif isinstance(at, yaml.SequenceNode) and token.isdigit() and int(token) < len(at.value):
            below = (at.value[int(token)], at.value[int(token)])
        if below is None:
            return (key_at, at), False
        key_at, at = below
    return (key_at, at), True


def _span(part: _Part, key: Any, node: Any) -> Span:
    """The bytes of a node and of its key; an item is its own key."""
    import yaml

    block = not node.flow_style if isinstance(node, yaml.CollectionNode) else node.style in {"|", ">"}
    start = part.byte(node.start_mark.index)
    key_start, key_end = (key.start_mark.index, key.end_mark.index) if key is not node else (0, 0)
    span = (part.byte(key_start), part.byte(key_end)) if key is not node else (start, start)
    return Span(*span, start, part.byte(part.end(node)), block)


def _member(node: Any, token: str) -> tuple[Any, Any] | None:
    """(key node, value node) of a mapping's member, looked for in what it merges as well."""
    import yaml

    merged: list[Any] = []
    for key, value in node.value:
        if key.value == token and isinstance(key, yaml.ScalarNode):
            return key, value
        if key.value == "<<":
            merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
    for source in merged:
        if isinstance(source, yaml.MappingNode):
            found = _member(source, token)
            if found is not None:
                return found
    return None
