"""Checks values against the contract's own schemas, with jsonschema-rs.

Also tells what a text in a parameter may stand for: `7` is a number where the schema has numbers.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Literal

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Direction = Literal["in", "out"]
_SHOWN = 20
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,999})", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,999})(\.[0-9]{1,999})?([eE][+-]?[0-9]{1,4})?", re.ASCII)
_DEEPEST = 32
MISSING = object()


class Checks:
    """The schemas of a contract, read when first needed from the package's `contract.json`."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._forms: dict[tuple[str, ...], Forms] = {}
        self._validators: dict[tuple[str, ...], jsonschema_rs.Draft202012Validator] = {}

    @cached_property
    def _read(self) -> dict[str, dict[str, dict[str, Json]]]:
        text = resources.files(self._package).joinpath("contract.json").read_bytes()
        found: dict[str, dict[str, dict[str, Json]]] = json.loads(text)
        return found

    @cached_property
    def _registries(self) -> dict[Direction, jsonschema_rs.Registry]:
        schemas = self._read["schemas"]
        return {
            direction: jsonschema_rs.Registry(
                [(f"urn:apicontract:{direction}", {"$defs": schemas[direction]})]
            )
            for direction in ("in", "out")
        }

    @cached_property
    def _document(self) -> Json:
        text = resources.files(self._package).joinpath("openapi.json").read_bytes()
        found: Json = json.loads(text)
        return found

    @property
    def document(self) -> Json:
        """The contract itself."""
        document: Json = self._document
        return document

    def schema(self, operation: str, *place: str) -> Json:
        """The schema at a place of an operation (`parameters`, `query limit`); true if there is none."""
        found: Json = self._read["operations"].get(operation)
        for step in place:
            found = found.get(step, True) if isinstance(found, dict) else True
        return found

    def problems(
        self, direction: Direction, value: object, operation: str, *place: str
    ) -> list[dict[str, str]]:
        """What is wrong with a value by the schema at a place: at most twenty places in it, with words."""
        key = (direction, operation, *place)
        validator = self._validators.get(key)
        if validator is None:
            found = self.schema(operation, *place)
            schema = found if isinstance(found, (dict, bool)) else True
            validator = self._validators[key] = jsonschema_rs.Draft202012Validator(
                schema, registry=self._registries[direction], validate_formats=True
            )
        try:
            if validator.is_valid(value):
                return []
            return [
                {"at": _pointer(error.instance_path), "problem": error.message[:300]}
                for error, _ in zip(validator.iter_errors(value), range(_SHOWN), strict=False)
            ]
        except ValueError as error:
            return [{"at": "", "problem": f"this cannot be checked: {error}"[:300]}]

    def forms(self, operation: str, *place: str) -> Forms:
        """What a text at this place may stand for."""
        known = self._forms.get((operation, *place))
        if known is None:
            known = self._forms[(operation, *place)] = self._formed(operation, *place)
        return known

    def _formed(self, operation: str, *place: str) -> Forms:
        return Forms(self._read["schemas"]["in"], self.schema(operation, *place))


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


class Forms:
    """What a schema lets a text stand for."""

    def __init__(self, definitions: Mapping[str, Json], schema: Json) -> None:
        self._definitions = definitions
        self.schemas = [one for one in self._all(schema, 0) if isinstance(one, dict)]

    def _all(self, schema: Json, depth: int) -> Iterator[Json]:
        """The schema and what it is composed of."""
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield from self._all(self._definitions.get(reference.rpartition("/")[2]), depth + 1)
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = schema.get(keyword)
            for branch in branches if isinstance(branches, list) else ():
                yield from self._all(branch, depth + 1)

    @cached_property
    def types(self) -> frozenset[str]:
        """JSON types that it speaks of; empty if of none."""
        found: set[str] = set()
        for schema in self.schemas:
            said = schema.get("type")
            found |= (
                {said}
                if isinstance(said, str)
                else {str(one) for one in said}
                if isinstance(said, list)
                else set()
            )
            if said is None:
                found |= {kind for kind in _IMPLIED if any(word in schema for word in _IMPLIED[kind])}
                listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
                found |= {_type_of(one) for one in listed} if isinstance(listed, list) else set()
        return frozenset(found)

    @cached_property
    def kind(self) -> Literal["array", "object", "single"]:
        """How its text is cut."""
        if "array" in self.types:
            return "array"
        return "object" if "object" in self.types else "single"

    @cached_property
    def items(self) -> Forms:
        """The same for the items of an array."""
        return self._inner(one.get("items") for one in self.schemas)

    def member(self, name: str) -> Forms:
        """The same for a member of an object."""
        found = []
        for schema in self.schemas:
            properties = schema.get("properties")
            if isinstance(properties, dict) and name in properties:
                found.append(properties[name])
            elif isinstance(schema.get("additionalProperties"), dict):
                found.append(schema["additionalProperties"])
        return self._inner(iter(found))

    @cached_property
    def default(self) -> object:
        """The value that stands for one that was not sent; MISSING if there is none."""
        for schema in self.schemas:
            if "default" in schema:
                return schema["default"]
        return MISSING

    @cached_property
    def names(self) -> frozenset[str]:
        """Members of an object that it names."""
        found: set[str] = set()
        for schema in self.schemas:
            properties = schema.get("properties")
            found |= set(properties) if isinstance(properties, dict) else set()
        return frozenset(found)

    def value(self, text: str) -> Json:
        """What a text is: a number, a truth value or null where the schema has such, else the text."""
        types = self.types
        if "integer" in types and _INTEGER.fullmatch(text):
            return int(text)
        if ("number" in types or "integer" in types) and _NUMBER.fullmatch(text):
            number = float(text)
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        if not text and "null" in types and "string" not in types:
            return None
        return text

    def _inner(self, schemas: Iterator[Json]) -> Forms:
        listed: list[Json] = [one for one in schemas if isinstance(one, dict)]
        return Forms(self._definitions, {"allOf": listed})


_IMPLIED = {"array": ("items", "prefixItems"), "object": ("properties", "additionalProperties")}


def _type_of(value: Json) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]
