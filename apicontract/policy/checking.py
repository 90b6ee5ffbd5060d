"""Whether what a file says fits the configuration's model, and if not, where, and what would.

The model itself (`model.py`) is the only table: its types say what is valid here too.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec.inspect as types

from apicontract.policy.json_schema import choices
from apicontract.policy.model import PATTERNS, Exemption, Settings, Suppression
from apicontract.sources import ContractError, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.sources import Document, Json

Wrong = tuple[str, str] | None


def check(value: Json, document: Document, pointer: str) -> None:
    """ContractError, with place and the nearest valid word, unless `value` fits the model."""
    _check(value, types.type_info(Settings), document, pointer)
    _patterns(value, document, pointer)


def _patterns(value: Json, document: Document, pointer: str) -> None:
    """A waiver without a pattern would waive everything: the line that says what may be forgotten."""
    listed = value.get("suppressions") if isinstance(value, dict) else None
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        at = join(pointer, "suppressions", str(number))
        _one_pattern(entry, Suppression, "a suppression", document, at)
        exceptions = entry.get("except") if isinstance(entry, dict) else None
        for index, each in enumerate(exceptions if isinstance(exceptions, list) else ()):
            _one_pattern(each, Exemption, "an exception", document, join(at, "except", str(index)))


def _one_pattern(entry: Json, model: type, what: str, document: Document, pointer: str) -> None:
    known = [name for name in PATTERNS if name in model.__struct_fields__]  # type: ignore[attr-defined]
    if isinstance(entry, dict) and not any(entry.get(name) for name in known):
        hint = f'give one of {", ".join(f"`{name}`" for name in known)}; rule = "*" is every rule'
        raise problem(
            document, pointer, f"{what} needs a pattern: without one it would match everything", hint
        )


def problem(
    document: Document, pointer: str, message: str, hint: str = "", *, key: bool = False
) -> ContractError:
    """The error about what stands at `pointer`, or about its key."""
    spot = document.position(pointer, key=key)
    return ContractError(message, file=document.name, line=spot.line, column=spot.column, hint=hint)


def nearest(word: str, known: Iterable[str], *, else_list: bool = True) -> str:
    """A hint: the known words most like `word`, or all of them where none is."""
    known = list(known)
    near = get_close_matches(word, known, n=2) or get_close_matches(word.lower(), known, n=2)
    if near:
        return f"did you mean {' or '.join(f'`{one}`' for one in near)}?"
    return f"known are {', '.join(f'`{one}`' for one in known)}" if else_list else ""


def _check(value: Json, kind: types.Type, document: Document, pointer: str) -> None:
    if isinstance(kind, types.Metadata):
        kind = kind.type
    match kind:
        case types.StructType():
            _struct(value, kind, document, pointer)
        case types.VarTupleType():
            if not isinstance(value, list):
                raise problem(document, pointer, f"`{_name(pointer)}` is a list", "write it in brackets: […]")
            if kind.min_length and len(value) < kind.min_length:
                raise problem(document, pointer, f"`{_name(pointer)}` must not be empty")
            for index, item in enumerate(value):
                _check(item, kind.item_type, document, join(pointer, str(index)))
        case types.DictType():
            for key, item in _table(value, document, pointer).items():
                _check(item, kind.value_type, document, join(pointer, key))
        case types.UnionType():
            _check(value, _alternative(value, kind, document, pointer), document, pointer)
        case _:
            _scalar(value, kind, document, pointer)


def _alternative(value: Json, kind: types.UnionType, document: Document, pointer: str) -> types.Type:
    """That of several kinds which a value is meant to be. ContractError if it can be none of them."""
    kinds = [one for one in kind.types if not isinstance(one, types.NoneType)]
    if len(kinds) == 1:
        return kinds[0]
    for one in kinds:
        if isinstance(value, _VALUES[type(one)]) and not (
            isinstance(value, bool) and not isinstance(one, types.BoolType)
        ):
            return one
    said = [_choices_said(one) for one in kinds]
    raise problem(document, pointer, f"`{_name(pointer)}` is {' or '.join(said)}, and this is `{value}`")


def _choices_said(kind: types.Type) -> str:
    if isinstance(kind, types.LiteralType):
        return ", ".join(f'"{one}"' for one in kind.values)
    return _WORDS[type(kind)]


def _table(value: Json, document: Document, pointer: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise problem(document, pointer, f"`{_name(pointer)}` is a table", "write it as [table] or {…}")
    return value


def _struct(value: Json, kind: types.StructType, document: Document, pointer: str) -> None:
    fields = {field.encode_name: field for field in kind.fields}
    for key, item in _table(value, document, pointer).items():
        if key not in fields:
            where = f" in `{_name(pointer)}`" if _name(pointer) else ""
            message = f"there is no key `{key}`{where}"
            raise problem(document, join(pointer, key), message, nearest(key, fields), key=True)
        _check(item, fields[key].type, document, join(pointer, key))
    for name, field in fields.items():
        if field.required and name not in value:  # type: ignore[operator]  # _table has seen to it
            raise problem(document, pointer, f"`{name}` is missing", _said(field.type))


def _scalar(value: Json, kind: types.Type, document: Document, pointer: str) -> None:
    wrong = _SCALARS[type(kind)](value, kind, _name(pointer))
    if wrong is not None:
        raise problem(document, pointer, *wrong)


def _choice(value: Json, kind: types.LiteralType, name: str) -> Wrong:
    if value in kind.values and not isinstance(value, bool):
        return None
    if name == "schema":
        return f"this apicontract knows `schema = 1`, and this is `{value}`", "upgrade apicontract"
    return f"`{value}` is no value of `{name}`", nearest(str(value), map(str, choices(kind.values)))


def _truth(value: Json, _: types.BoolType, name: str) -> Wrong:
    return None if isinstance(value, bool) else (f"`{name}` is true or false, and this is `{value}`", "")


def _whole_number(value: Json, kind: types.IntType, name: str) -> Wrong:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"`{name}` is a whole number, and this is `{value}`", ""
    low, high = kind.ge, kind.le
    if (low is not None and value < low) or (high is not None and value > high):
        return f"`{name}` is {value}, and must be between {low} and {high}", ""
    return None


def _number(value: Json, _: types.FloatType, name: str) -> Wrong:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"`{name}` is a number, and this is `{value}`", ""
    return None


def _day(value: Json, _: types.DateType, name: str) -> Wrong:
    if isinstance(value, str) and _is_date(value):
        return None
    return f"`{name}` is a day, and this is `{value}`", "write 2026-12-31"


def _text(value: Json, kind: types.StrType, name: str) -> Wrong:
    if not isinstance(value, str):
        return f"`{name}` is a text, and this is `{value}`", "write it in quotes"
    if kind.min_length and len(value.strip()) < kind.min_length:
        return f"`{name}` must not be empty", ""
    if kind.pattern and not re.search(kind.pattern, value):
        words = re.findall(r"[a-z]{2,}", kind.pattern)
        return f"`{value}` is no value of `{name}`", nearest(value.partition("=")[0], words)
    return None


# What is wrong with a value of each kind, and what to do; None if nothing is.
_SCALARS: dict[type, Callable[[Json, Any, str], Wrong]] = {
    types.LiteralType: _choice,
    types.BoolType: _truth,
    types.IntType: _whole_number,
    types.FloatType: _number,
    types.AnyType: lambda *_: None,
    types.DateType: _day,
    types.StrType: _text,
}


# What values of each kind look like, for keys that take several.
_VALUES: dict[type, type | tuple[type, ...]] = {
    types.BoolType: bool,
    types.StrType: str,
    types.LiteralType: str,
    types.FloatType: (int, float),
    types.StructType: dict,
}
_WORDS: dict[type, str] = {
    types.BoolType: "true or false",
    types.StrType: "a text",
    types.FloatType: "a number",
    types.StructType: "a table",
}


def _is_date(text: str) -> bool:
    import datetime as dt

    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _name(pointer: str) -> str:
    """The key that a pointer ends in; the list's for one of its items."""
    names = [token for token in pointer.split("/")[1:] if not token.isdigit()]
    return names[-1] if names and pointer != "/tool/apicontract" else ""


def _said(kind: types.Type) -> str:
    return (
        str((kind.extra_json_schema or {}).get("description", "")) if isinstance(kind, types.Metadata) else ""
    )
