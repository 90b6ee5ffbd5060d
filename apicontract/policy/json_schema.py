"""The JSON Schema of the configuration, made from its model."""

from __future__ import annotations

import json
from typing import get_args, get_type_hints

import msgspec

from apicontract.policy import model

ID = "https://github.com/apicontract/apicontract/blob/main/docs/configuration-1.json"


def schema_text() -> str:
    """The schema as it is published: two spaces, a line feed at its end."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, object]:
    """The schema as plain values. Values of one key stand in the order in which the model has them."""
    made = msgspec.json.schema(model.Settings)
    _in_order(made, {frozenset(map(str, values)): values for values in _choices()})
    for kind in (model.Suppression, model.Exemption):
        _with_a_pattern(made["$defs"][kind.__name__], kind)
    root = made["$defs"].pop("Settings")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ID}
    return {**head, **root, "title": "apicontract.toml, schema 1", "$defs": made["$defs"]}


def _with_a_pattern(described: dict[str, object], kind: type[msgspec.Struct]) -> None:
    """A waiver, or an exception of one, needs a pattern, which is no empty text."""
    names = [name for name in model.PATTERNS if name in kind.__struct_fields__]
    described["anyOf"] = [{"required": [name], "properties": {name: {"minLength": 1}}} for name in names]


def choices(values: tuple[object, ...]) -> tuple[object, ...]:
    """The values of a choice in the order in which the model has them; msgspec sorts them."""
    return next((each for each in _choices() if set(each) == set(values)), values)


def _choices() -> list[tuple[object, ...]]:
    structs = [
        each for each in vars(model).values() if isinstance(each, type) and issubclass(each, msgspec.Struct)
    ]
    pending: list[object] = [
        hint for struct in structs if struct is not msgspec.Struct for hint in get_type_hints(struct).values()
    ]
    found = []
    while pending:
        kind = pending.pop()
        arguments = get_args(kind)
        if arguments and all(isinstance(each, str | int) for each in arguments):
            found.append(arguments)
        pending += [each for each in arguments if not isinstance(each, str | int)]
    return found


def _in_order(value: object, orders: dict[frozenset[str], tuple[object, ...]]) -> None:
    if isinstance(value, dict):
        listed = value.get("enum")
        if isinstance(listed, list):
            value["enum"] = list(orders.get(frozenset(map(str, listed)), tuple(listed)))
        for item in value.values():
            _in_order(item, orders)
    elif isinstance(value, list):
        for item in value:
            _in_order(item, orders)
