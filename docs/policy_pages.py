"""The generated pages about policy: the configuration's keys, the profiles, the rules of the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import msgspec.inspect as types

from apicontract.policy import PROFILES
from apicontract.policy.json_schema import choices, schema_text
from apicontract.policy.model import Settings
from apicontract.policy.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent


def pages(environment: Environment) -> Iterator[tuple[Path, str]]:
    """Each page, and the JSON Schema, with the text it should have."""
    configuration = environment.get_template("configuration.md.j2").render(tables=list(_tables()))
    yield ROOT / "docs/configuration.md", configuration
    profiles = list(PROFILES.values())
    yield ROOT / "docs/profiles.md", environment.get_template("profiles.md.j2").render(profiles=profiles)
    rules = sorted(RULES, key=lambda rule: rule.id)
    yield ROOT / "docs/rules/gate.md", environment.get_template("gate.md.j2").render(rules=rules)
    for place in ("docs/configuration-1.json", "apicontract/policy/configuration-1.json"):
        yield ROOT / place, schema_text()


def _tables() -> Iterator[dict[str, object]]:
    """Every table of the file, the root first: its name, what it is for, and its keys."""
    pending = [("", types.type_info(Settings), False)]
    seen = set()
    while pending:
        name, kind, many = pending.pop(0)
        assert isinstance(kind, types.StructType)  # noqa: S101  # only such are put there
        if kind.cls in seen:
            continue
        seen.add(kind.cls)
        rows = []
        for field in kind.fields:
            inner = _plain(field.type)
            below = f"{name}.{field.encode_name}" if name else field.encode_name
            if isinstance(inner, types.StructType):
                pending.append((below, inner, False))
            elif isinstance(inner, types.VarTupleType) and isinstance(
                _plain(inner.item_type), types.StructType
            ):
                pending.append((below, _plain(inner.item_type), True))
            elif isinstance(inner, types.DictType) and isinstance(inner.value_type, types.StructType):
                pending.append((f'{below}."…"', inner.value_type, False))
            elif isinstance(inner, types.UnionType):
                pending += [(below, one, False) for one in inner.types if isinstance(one, types.StructType)]
            rows.append(
                {
                    "key": field.encode_name,
                    "type": _type(inner),
                    "default": _default(field),
                    "text": _text(field),
                }
            )
        yield {"name": name, "many": many, "text": kind.cls.__doc__, "rows": rows}


_KINDS = {
    "StrType": "text",
    "IntType": "number",
    "FloatType": "number",
    "BoolType": "`true`, `false`",
    "DateType": "day",
    "AnyType": "anything",
}


def _plain(kind: types.Type) -> types.Type:
    return kind.type if isinstance(kind, types.Metadata) else kind


def _type(kind: types.Type) -> str:
    """What a key holds, in a few words."""
    kind = _plain(kind)
    match kind:
        case types.LiteralType(values=values):
            return ", ".join(f"`{json.dumps(value)}`" for value in choices(values))
        case types.VarTupleType(item_type=item):
            return f"list of {_type(item)}"
        case types.DictType(value_type=value):
            return f"table of {_type(value)}"
        case types.UnionType(types=kinds):
            return ", ".join(_type(one) for one in kinds if not isinstance(one, types.NoneType))
        case types.StructType():
            return "table"
        case _:
            return _KINDS[type(kind).__name__]


def _default(field: types.Field) -> str:
    if field.required:
        return "required"
    if field.default in (types.NODEFAULT, None) or isinstance(_plain(field.type), types.StructType):
        return ""
    value = msgspec.to_builtins(field.default)
    return "" if value in ("", {}, (), []) else f"`{json.dumps(value)}`"


def _text(field: types.Field) -> str:
    kind = field.type
    extra = kind.extra_json_schema if isinstance(kind, types.Metadata) else None
    return str((extra or {}).get("description", "As at the top, for these contracts only."))
