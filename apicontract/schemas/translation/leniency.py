"""What a lenient receiver of responses reads past: values that an open list does not name, and new names.

A reading of schemas as written, chosen by the caller; the containment and the independent check of
witnesses use the same one. It only ever accepts more: below `not` and `if`, and what may be contained a
number of times at most, schemas are read as written, and of alternatives that are read leniently any may
fit, since lists of values are often what tells them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from apicontract.records import dataclass

if TYPE_CHECKING:
    from apicontract.schemas.handles import Json

MARK = "x-extensible-enum"
_CLOSED = ("additionalProperties", "unevaluatedProperties")
_TYPES: dict[type, str] = {bool: "boolean", str: "string", dict: "object", list: "array", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Leniency:
    """What the receiver reads past.

    open_enums: lists of values that hold more than they name: `none`, those `marked` with
    `x-extensible-enum`, `all`. tolerant: names that a closed object does not declare are passed over.
    """

    open_enums: Literal["none", "marked", "all"] = "none"
    tolerant: bool = False

    def opened(self, value: dict[str, Json]) -> dict[str, Json]:
        """The schema object as this receiver reads it; the very same one where it reads what is written."""
        if "enum" not in value and not self.tolerant:
            return value
        enum = value.get("enum")
        opens = isinstance(enum, list) and (
            self.open_enums == "all" or (self.open_enums == "marked" and value.get(MARK, False) is not False)
        )
        closed = [key for key in _CLOSED if value.get(key) is False] if self.tolerant else []
        if not opens and not closed:
            return value
        kept = {key: item for key, item in value.items() if key not in closed}
        if opens and isinstance(enum, list):
            del kept["enum"]
            types: list[Json] = [*sorted({_TYPES.get(type(item), "number") for item in enum})]
            kept.setdefault("type", types)
        return kept
