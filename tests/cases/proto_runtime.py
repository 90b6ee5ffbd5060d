"""Random messages of two contracts, written by the one and read by the other: what the protobuf runtime says.

Shares no code with the product but for what compiles the protos. A message says the same to both sides if every
field it sets is set with the same value: by number, and by name where both contracts have the same names; in
JSON if the reader writes the same JSON again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

from apicontract.formats.proto.model import Proto

_INTS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
_RANGES = {
    5: "int32", 15: "int32", 17: "int32", 3: "int64", 16: "int64", 18: "int64",
    13: "uint32", 7: "uint32", 4: "uint64", 6: "uint64",
}  # fmt: skip
_DOUBLE, _FLOAT, _BOOL, _STRING, _BYTES, _ENUM = 1, 2, 8, 9, 12, 14


@dataclass
class Side:
    """One contract in the runtime, and the message that is looked at."""

    contract: Proto
    message: str
    pool: DescriptorPool = field(default_factory=DescriptorPool)

    @cached_property
    def type(self) -> Any:
        files = self.contract.files
        done: set[str] = set()

        def add(name: str) -> None:
            if name not in done:
                done.add(name)
                for imported in files[name].imports:
                    add(imported)
                self.pool.AddSerializedFile(files[name].proto.SerializeToString())

        for name in files:
            add(name)
        return GetMessageClass(self.pool.FindMessageTypeByName(self.message))

    @cached_property
    def names(self) -> frozenset[str]:
        found, waiting, seen = set(), [self.type.DESCRIPTOR], set()
        while waiting:
            one = waiting.pop()
            if one.full_name not in seen:
                seen.add(one.full_name)
                for each in _all_fields(one):
                    found.add(_key(each))
                    if each.message_type:
                        waiting.append(each.message_type)
                    if each.enum_type:
                        found |= {value.name for value in each.enum_type.values}
        return frozenset(found)

    def messages(self) -> st.SearchStrategy[Any]:
        return _contents(self.type.DESCRIPTOR, 3).map(self._made)

    def _made(self, contents: dict[str, Any]) -> Any:
        message = self.type()
        _fill(message, contents)
        return message


def _all_fields(descriptor: Any) -> list[Any]:
    return [*descriptor.fields, *descriptor.file.pool.FindAllExtensions(descriptor)]


def _key(each: Any) -> str:
    return f"[{each.full_name}]" if each.is_extension else each.name


def _contents(descriptor: Any, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    special = _SPECIAL.get(descriptor.full_name)
    if special is not None:
        return special
    required = {each.name: _values(each, depth) for each in descriptor.fields if each.is_required}
    optional = {
        _key(each): _values(each, depth)
        for each in _all_fields(descriptor)
        if not each.is_required and (depth or each.message_type is None)
    }
    return st.fixed_dictionaries(required, optional=optional)


def _values(each: Any, depth: int) -> st.SearchStrategy[Any]:
    if each.message_type is not None and each.message_type.GetOptions().map_entry:
        key, value = (each.message_type.fields_by_name[name] for name in ("key", "value"))
        return st.dictionaries(_one(key, depth), _one(value, depth - 1), max_size=3)
    one = _one(each, depth - 1)
    return st.lists(one, max_size=3) if each.is_repeated else one


def _one(each: Any, depth: int) -> st.SearchStrategy[Any]:
    if each.message_type is not None:
        return st.deferred(lambda: _contents(each.message_type, max(depth, 0)))
    if each.type in _RANGES:
        low, high = _INTS[_RANGES[each.type]]
        edges = [value for value in (0, 1, 5, -1, 2**31, 2**32, 2**40, low, high) if low <= value <= high]
        return st.sampled_from(edges) | st.integers(low, high)
    if each.type == _ENUM:
        listed = st.sampled_from([value.number for value in each.enum_type.values])
        return listed if each.enum_type.is_closed else listed | st.integers(*_INTS["int32"])
    width = 32 if each.type == _FLOAT else 64
    return {
        _DOUBLE: st.floats(width=width, allow_nan=False, allow_infinity=False),
        _FLOAT: st.floats(width=32, allow_nan=False, allow_infinity=False),
        _BOOL: st.booleans(),
        _STRING: st.text(max_size=6),
        _BYTES: st.binary(max_size=6),
    }[each.type]


_SPECIAL: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "google.protobuf.Timestamp": st.fixed_dictionaries(
        {"seconds": st.integers(-62135596800, 253402300799), "nanos": st.integers(0, 999_999_999)}
    ),
    "google.protobuf.Duration": st.fixed_dictionaries(
        {"seconds": st.integers(0, 315_576_000_000), "nanos": st.integers(0, 999_999_999)}
    ),
    "google.protobuf.Value": st.one_of(
        st.fixed_dictionaries({"string_value": st.text(max_size=4)}),
        st.fixed_dictionaries({"bool_value": st.booleans()}),
        st.fixed_dictionaries({"number_value": st.integers(-9, 9).map(float)}),
    ),
}
_SPECIAL["google.protobuf.Struct"] = st.fixed_dictionaries(
    {"fields": st.dictionaries(st.text(max_size=3), _SPECIAL["google.protobuf.Value"], max_size=2)}
)


def _fill(message: Any, contents: dict[str, Any]) -> None:
    for name, value in contents.items():
        each = next(one for one in _all_fields(message.DESCRIPTOR) if _key(one) == name)
        held = message.Extensions[each] if each.is_extension else getattr(message, name)
        if each.message_type is None:
            if each.is_repeated:
                held.extend(value)
            elif each.is_extension:
                message.Extensions[each] = value
            else:
                setattr(message, name, value)
        elif each.message_type.GetOptions().map_entry:
            inner = each.message_type.fields_by_name["value"].message_type is not None
            for key, one in value.items():
                if inner:
                    _fill(held[key], one)
                else:
                    held[key] = one
        elif each.is_repeated:
            for one in value:
                _fill(held.add(), one)
        else:
            held.SetInParent()
            _fill(held, value)


def _said(message: Any, *, by_name: bool) -> dict[Any, list[Any]]:
    found = {}
    for each, value in message.ListFields():
        if each.message_type is not None and each.message_type.GetOptions().map_entry:
            parts = each.message_type.fields_by_number
            values = [
                (None, {
                    (part.name if by_name else number): [_told(part, one, by_name=by_name)]
                    for number, part, one in ((1, parts[1], key), (2, parts[2], held))
                    if one or part.message_type is not None
                })
                for key, held in value.items()
            ]  # fmt: skip
            values.sort(key=repr)
        else:
            values = [_told(each, one, by_name=by_name) for one in (value if each.is_repeated else [value])]
        found[_key(each) if by_name else each.number] = values
    return found


def _told(each: Any, value: Any, *, by_name: bool) -> Any:
    if each.message_type is not None:
        return value.SerializePartialToString(deterministic=True), _said(value, by_name=by_name)
    if each.enum_type is not None and by_name and value in each.enum_type.values_by_number:
        return each.enum_type.values_by_number[value].name
    return value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        wrote, read = one[1], other[1]
        if None in (one[0], other[0]):  # entries of a map: a zero is as good as none
            wrote, read = (
                {key: held for key, held in said.items() if any(isinstance(v, tuple) or v for v in held)}
                for said in (wrote, read)
            )
        return _alike(wrote, read)
    if isinstance(one, tuple) or isinstance(other, tuple):
        whole, plain = (one, other) if isinstance(one, tuple) else (other, one)
        return bool(whole[0] == plain)
    if isinstance(one, str) != isinstance(other, str) and isinstance(one, str | bytes):
        texts = (value.encode() if isinstance(value, str) else value for value in (one, other))
        return len(set(texts)) == 1
    return bool(one == other)


def _alike(wrote: dict[Any, list[Any]], read: dict[Any, list[Any]]) -> bool:
    if wrote.keys() != read.keys():
        return False
    return all(_all_same(values, read[key]) for key, values in wrote.items())


def _all_same(values: list[Any], others: list[Any]) -> bool:
    if len(values) != len(others):
        return False
    if any(
        isinstance(value, tuple) and value[0] is None for value in (*values, *others)
    ):  # a map has no order
        values, others = (sorted(each, key=lambda value: repr(value[1])) for each in (values, others))
    return all(_same(one, other) for one, other in zip(values, others, strict=True))


def _absent_alike(message: Any, got: Any) -> bool:
    """Whether what is set nowhere is taken for the same."""
    for each in message.DESCRIPTOR.fields:
        other = got.DESCRIPTOR.fields_by_number.get(each.number)
        plain = other is not None and not (each.is_repeated or other.is_repeated)
        if not plain or each.message_type is not None or other.message_type is not None:
            continue
        seen = getattr(message, each.name), getattr(got, other.name)
        unset = all(
            held.number not in {f.number for f, _ in one.ListFields()}
            for held, one in ((each, message), (other, got))
        )
        if unset and any(seen) and seen[0] != seen[1]:
            return False
    return True


@dataclass
class Pair:
    """Two versions of one message."""

    old: Side
    new: Side

    @cached_property
    def by_name(self) -> bool:
        """Whether names tell the same on both sides, so that they have to agree as well."""
        return self.old.names == self.new.names

    def on_wire(self, message: Any, reader: Side) -> Any:
        """What the reader got if it is what was said; else None."""
        got = reader.type()
        try:
            got.ParseFromString(message.SerializeToString())
        except DecodeError:
            return None
        if not got.IsInitialized() or not _absent_alike(message, got):
            return None
        keys = (False, True) if self.by_name else (False,)
        alike = all(_alike(_said(message, by_name=key), _said(got, by_name=key)) for key in keys)
        return got if alike else None

    def in_json(self, message: Any, reader: Side) -> Any:
        writer = self.old if reader is self.new else self.new
        got = reader.type()
        text = json_format.MessageToJson(message, descriptor_pool=writer.pool)
        try:
            json_format.Parse(text, got, ignore_unknown_fields=True, descriptor_pool=reader.pool)
        except json_format.ParseError:
            return None
        if not got.IsInitialized() or not self._same_tree(message, got, writer, reader, text):
            return None
        return got

    def _same_tree(self, message: Any, got: Any, writer: Side, reader: Side, text: str) -> bool:
        again = json_format.MessageToJson(got, descriptor_pool=reader.pool)
        if json.loads(text) != json.loads(again):
            return False
        zeros = [
            json_format.MessageToDict(
                one, always_print_fields_with_no_presence=True, descriptor_pool=side.pool
            )
            for one, side in ((message, writer), (got, reader))
        ]
        plain = [key for key in zeros[0].keys() & zeros[1].keys() if not isinstance(zeros[1][key], dict)]
        if any(zeros[0][key] != zeros[1][key] for key in plain):
            return False
        if not _absent_alike(message, got) and self.by_name:
            return False
        kinds = [{each.json_name: each.type for each in one.DESCRIPTOR.fields} for one in (message, got)]
        base64 = [key for key in kinds[0] if {kinds[0][key], kinds[1].get(key)} == {_STRING, _BYTES}]
        return not any(key in zeros[0] and zeros[0][key] for key in base64)


def reader_of(pair: Pair, surface: str) -> Any:
    """What reads on that surface."""
    return pair.on_wire if surface == "wire" else pair.in_json


def forth_breaks(pair: Pair, surface: str, message: Any) -> bool:
    """Whether an old message, or what a new writer makes of it, is lost on the way."""
    read = reader_of(pair, surface)
    got = read(message, pair.new)
    return got is None or read(got, pair.old) is None


def back_breaks(pair: Pair, surface: str, message: Any) -> bool:
    """Whether a new message says something else to an old reader."""
    return reader_of(pair, surface)(message, pair.old) is None
