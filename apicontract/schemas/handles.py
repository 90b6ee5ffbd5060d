"""A schema's place: its value, where it stands, and how its references are followed.

Knows the addresses of schemas (JSON Pointer, `$id`, `$anchor`) and the names of the dialects. What a
schema means is for the translation; files and networks are for whoever implements `Scope`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol, Union
from urllib.parse import unquote, urldefrag, urljoin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = Union[None, bool, int, float, Decimal, str, "list[Json]", "dict[str, Json]"]
Flow = Literal["request", "response"] | None

DIALECTS = (
    "draft4",
    "draft6",
    "draft7",
    "2019-09",
    "2020-12",
    "openapi-2.0",
    "openapi-3.0",
    "openapi-3.1",
    "openapi-3.2",
)


class Scope(Protocol):
    """Where a schema's references resolve, and which vocabulary it is written in."""

    @property
    def dialect(self) -> str:
        """One of `DIALECTS`."""
        ...

    def resolve(self, ref: str, pointer: str) -> tuple[Scope, str, Json]:
        """The target of `ref` written at `pointer`: its scope, pointer and value; LookupError if none."""
        ...


class Schema:
    """One schema at its place. Two handles are equal if they hold the same value at the same place."""

    __slots__ = ("pointer", "scope", "value")

    def __init__(self, value: Json, scope: Scope, pointer: str = "") -> None:
        self.value = value
        self.scope = scope
        self.pointer = pointer

    def __eq__(self, other: object) -> bool:
        """Same scope, same pointer, same value (the object itself, not an equal one)."""
        if not isinstance(other, Schema):
            return NotImplemented
        return (
            self.scope is other.scope
            and self.pointer == other.pointer
            and self._value_key() == other._value_key()
        )

    def __hash__(self) -> int:
        """Agrees with equality."""
        return hash((id(self.scope), self.pointer, self._value_key()))

    def _value_key(self) -> tuple[bool, object]:
        if isinstance(self.value, bool):
            return True, self.value
        return False, id(self.value)

    def __repr__(self) -> str:
        """For people reading a failed test."""
        return f"Schema({self.value!r}, pointer={self.pointer!r}, dialect={self.scope.dialect!r})"

    def only(self, keys: Iterable[str]) -> Schema:
        """The same place reduced to these keywords; a boolean schema stays as it is."""
        if not isinstance(self.value, dict):
            return self
        wanted = frozenset(keys)
        return Schema({k: v for k, v in self.value.items() if k in wanted}, self.scope, self.pointer)

    def at(self, *tokens: str | int) -> Schema:
        """The subschema at `tokens` below; KeyError or IndexError if there is none."""
        value = self.value
        pointer = self.pointer
        for token in tokens:
            value = value[token]  # type: ignore[index]
            pointer = f"{pointer}/{escape(str(token))}"
        return Schema(value, self.scope, pointer)


def escape(token: str) -> str:
    """One reference token as RFC 6901 writes it."""
    if "~" in token or "/" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def unescape(token: str) -> str:
    """The inverse of `escape`."""
    return token.replace("~1", "/").replace("~0", "~")


class PlainScope:
    """The scope of one schema given as a plain value: references inside it resolve, no others do.

    `$id` (and draft 4's `id`), `$anchor`, `$dynamicAnchor` and plain-name fragments are honoured.
    """

    def __init__(self, value: Json, dialect: str = "2020-12") -> None:
        if dialect not in DIALECTS:
            msg = f"unknown dialect {dialect!r}; known are {', '.join(DIALECTS)}"
            raise ValueError(msg)
        self.dialect = dialect
        self.value = value
        self._places: dict[str, str] | None = None
        self._bases: dict[str, str] = {}

    def resolve(self, ref: str, pointer: str) -> tuple[Scope, str, Json]:
        """The target of `ref`; LookupError if it lies outside the value or does not exist."""
        if self._places is None:
            self._places = {"": ""}
            self._index()
        base = self._base(pointer)
        absolute, fragment = urldefrag(urljoin(base, ref) if base else ref)
        if not ref.partition("#")[0]:
            absolute = base
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            place = self._places.get(f"{absolute}#{fragment}")
            tail = ""
        else:
            place = self._places.get(absolute)
            tail = fragment
        if place is None:
            msg = f"{ref} leads nowhere"
            raise LookupError(msg)
        return self, place + tail, self._at(place + tail)

    def _base(self, pointer: str) -> str:
        while True:
            if pointer in self._bases:
                return self._bases[pointer]
            if not pointer:
                return ""
            pointer = pointer.rpartition("/")[0]

    def _index(self) -> None:
        places = self._places
        assert places is not None  # noqa: S101 - narrows the type: the caller has just set it
        key = "id" if self.dialect == "draft4" else "$id"
        anchors_in_id = self.dialect in {"draft4", "draft6", "draft7"}
        for pointer, base, value in _objects(self.value):
            found = value.get(key)
            here = base
            if isinstance(found, str) and not (anchors_in_id and "$ref" in value):
                if anchors_in_id and found.startswith("#"):
                    places.setdefault(f"{base}{found}", pointer)
                else:
                    here = urldefrag(urljoin(base, found) if base else found)[0]
                    self._bases[pointer] = here
                    places.setdefault(here, pointer)
                    if anchors_in_id and "#" in found:
                        places.setdefault(found if not base else urljoin(base, found), pointer)
            for keyword in ("$anchor", "$dynamicAnchor"):
                name = value.get(keyword)
                if isinstance(name, str):
                    places.setdefault(f"{here}#{name}", pointer)

    def _at(self, pointer: str) -> Json:
        value = self.value
        for token in pointer.split("/")[1:]:
            name = unescape(token)
            if isinstance(value, dict) and name in value:
                value = value[name]
            elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            else:
                msg = f"nothing at {pointer}"
                raise LookupError(msg)
        return value


_DATA = frozenset({"enum", "const", "default", "example", "examples"})
_MAX_DEPTH = 2000


def _objects(root: Json) -> Iterator[tuple[str, str, dict[str, Json]]]:
    """Every object that may be a schema, outermost first, with the base URI of what encloses it."""
    waiting: list[tuple[str, str, Json, int, bool]] = [("", "", root, 0, True)]
    while waiting:
        pointer, base, value, depth, schema = waiting.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, dict):
            if schema:
                yield pointer, base, value
                found = value.get("$id", value.get("id"))
                if isinstance(found, str) and not found.startswith("#"):
                    base = urldefrag(urljoin(base, found) if base else found)[0]
            for name, item in value.items():
                if schema and name in _DATA:
                    continue
                names = schema and name in _MAPS
                waiting.append((f"{pointer}/{escape(name)}", base, item, depth + 1, not names))
        elif isinstance(value, list):
            waiting.extend((f"{pointer}/{i}", base, item, depth + 1, True) for i, item in enumerate(value))


_MAPS = frozenset(
    {"properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies"},
)
