"""Values laid over each other: defaults, profile, file, the file's part for one contract, command line.

Knows trees of plain values and who laid them; nothing of what they mean.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.sources import Place, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.sources import Document, Json

Values = dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Layer:
    """Values from one origin.

    name: `default`, `profile zalando`, `apicontract.toml`, `command line`. document, pointer: where they
    stand, if in a file. references: of dotted keys, the guideline that a profile follows.
    """

    name: str
    values: Values
    document: Document | None = None
    pointer: str = ""
    references: dict[str, str] = field(default_factory=dict)

    def origin(self, key: Sequence[str]) -> Origin:
        """Where this layer lays down the value at `key`."""
        place = None if self.document is None else Place(self.document, join(self.pointer, *key))
        return Origin(self.name, place, self.references.get(".".join(key), ""))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: a layer, its place in a file, the guideline it follows."""

    layer: str
    place: Place | None = None
    reference: str = ""

    def __str__(self) -> str:
        """`default`, `profile zalando (rule 112)`, `apicontract.toml:3:1`."""
        if self.place is not None:
            return f"{self.place.file}:{self.place.line}:{self.place.column}"
        return f"{self.layer} ({self.reference})" if self.reference else self.layer


def merged(layers: Sequence[Layer]) -> Values:
    """All layers in one tree: tables are merged key by key, anything else is replaced."""
    result: Values = {}
    for layer in layers:
        _lay(result, layer.values)
    return result


def _lay(under: Values, over: Values) -> None:
    for key, value in over.items():
        below = under.get(key)
        if isinstance(value, dict):
            target: Values = dict(below) if isinstance(below, dict) else {}
            _lay(target, value)
            under[key] = target
        else:
            under[key] = value


def topmost(layers: Sequence[Layer], key: Sequence[str]) -> Layer:
    """The layer whose value at `key` is in force; the first where none has one."""
    return next((layer for layer in reversed(layers) if _has(layer.values, key)), layers[0])


def leaves(values: Values, key: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value that is no table, with its key."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, (*key, name))
        else:
            yield (*key, name), value


def _has(values: Json, key: Sequence[str]) -> bool:
    for name in key:
        if not isinstance(values, dict) or name not in values:
            return False
        values = values[name]
    return True
