"""The shape of a rule's row, and the small protos of its example.

A row says what the rule's change is on wire, in JSON and for code; `tests/formats/proto/diff/test_proto_change_rules.py`
executes the example and finds the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.changes import Direction, Example, Level, Rule, Surface

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVELS = {"M": Level.MAJOR, "m": Level.MINOR, "-": Level.NONE}
_SURFACES = (Surface.WIRE, Surface.JSON, Surface.SOURCE)
_SAFE = "Nothing to do."
NEW_FIELD = (
    "Add a field with a new number instead, deprecate this one, and remove it with the next major version."
)
_NEW_MAJOR = "Make the change in a package of a new major version, and serve the old one beside it."
_CODE = "Do it with a new major version, or tell those who generate code what to replace."
PROTO3 = 'syntax = "proto3";\npackage acme.orders.v1;\n'
PROTO2 = 'syntax = "proto2";\npackage acme.orders.v1;\n'
EDITION = 'edition = "2023";\npackage acme.orders.v1;\n'
EDITION_2024 = 'edition = "2024";\npackage acme.orders.v1;\n'


@dataclass(frozen=True, slots=True)
class Row:
    """A rule and its example.

    effects: a letter each for wire, json and source: `M` major, `m` minor, `-` none.
    head: what the example's files start with.
    """

    id: str
    title: str
    why: str
    effects: str
    old: str
    new: str
    advice: str = ""
    head: str = PROTO3

    @property
    def levels(self) -> Mapping[Surface, Level]:
        """The level on each surface."""
        return dict(zip(_SURFACES, (_LEVELS[letter] for letter in self.effects), strict=True))


def rule(row: Row) -> Rule:
    """The rule that a row stands for."""
    levels = row.levels
    broken = tuple(surface for surface, level in levels.items() if level is Level.MAJOR)
    level = max(Level.PATCH, *levels.values())
    advice = row.advice
    if not advice:
        advice = _SAFE if not broken else _CODE if broken == (Surface.SOURCE,) else _NEW_MAJOR
    example = Example(_written(row.head, row.old), _written(row.head, row.new))
    return Rule(row.id, row.title, row.why, advice, level, broken, Direction.NONE, example)


def _written(head: str, text: str) -> str:
    """The text of an example; several files are parted by lines like `// acme/orders/v1/a.proto`."""
    if text.startswith("// ") and text.split("\n", 1)[0].endswith(".proto"):
        return text
    return f"{head}{text}\n"


def example_files(text: str) -> dict[str, str]:
    """The files of an example, by import path."""
    files: dict[str, list[str]] = {}
    name = "acme/orders/v1/orders.proto"
    for line in text.splitlines():
        if line.startswith("// ") and line.endswith(".proto"):
            name = line.removeprefix("// ")
            continue
        files.setdefault(name, []).append(line)
    return {path: "\n".join(lines) + "\n" for path, lines in files.items()}


def message(*lines: str, name: str = "Order") -> str:
    """A message with these lines in it."""
    inner = "".join(f"  {line}\n" for line in lines)
    return f"message {name} {{\n{inner}}}"


def enum(*lines: str, name: str = "State", hold: str = "") -> str:
    """An enum with these lines in it, and a message that holds it."""
    inner = "".join(f"  {line}\n" for line in lines)
    return f"enum {name} {{\n{inner}}}\nmessage Order {{\n  {hold}{name} state = 1;\n}}"


def service(*lines: str, name: str = "Orders") -> str:
    """A service with these lines in it, and two messages for it."""
    inner = "".join(f"  {line}\n" for line in lines)
    return f"message Ask {{\n  string id = 1;\n}}\nmessage Answer {{\n  string text = 1;\n}}\nservice {name} {{\n{inner}}}"
