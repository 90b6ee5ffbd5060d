"""Frozen dataclasses that take a quarter of the time to make: start-up is made of little else.

`dataclass` here is that of the standard library, seen from outside: fields, `replace`, matching, equality
by value, order of arguments, FrozenInstanceError. Only the methods are made otherwise. The library
compiles six texts for each class; here one is compiled, `__init__`, and the others are shared closures.
What is not frozen, or asks for more than fields with defaults, is left to the library.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from functools import partial

    def dataclass(cls=None, /, **asked):  # noqa: ANN001, ANN003, ANN201  # typed above
        """As `dataclasses.dataclass`, with any of its arguments."""
        return partial(_made, asked=asked) if cls is None else _made(cls, asked)


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["dataclass"]

_KNOWN = {"frozen", "slots", "eq", "repr"}
_OTHERWISE = ("__init__", "__eq__", "__hash__", "__setattr__", "__delattr__", "__getstate__", "__setstate__")


def _made(cls: type, asked: Mapping[str, bool]) -> type:
    plain = (
        asked.get("frozen") and asked.keys() <= _KNOWN and not any(it in cls.__dict__ for it in _OTHERWISE)
    )
    if not plain or any(_is_the_librarys(base) for base in cls.__bases__):
        return dataclasses.dataclass(**asked)(cls)
    slots = asked.get("slots", False)
    cls.__doc__ = cls.__doc__ or cls.__name__  # the library would write its arguments there, which takes long
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    fields = dataclasses.fields(made)
    names = tuple(one.name for one in fields)
    if any(not one.init or one.kw_only for one in fields) or "InitVar" in str(cls.__annotations__):
        return dataclasses.dataclass(**asked)(cls)
    methods = [_init(made, fields, slots=slots), *_frozen(made, names)]
    if slots:
        methods += _pickled(names)
    if asked.get("eq", True):
        methods += _compared([one.name for one in fields if one.compare], fields)
    if asked.get("repr", True) and "__repr__" not in cls.__dict__:
        methods.append(_repr([one.name for one in fields if one.repr]))
    for method in methods:
        method.__qualname__ = f"{made.__qualname__}.{method.__name__}"
        method.__module__ = made.__module__
        setattr(made, method.__name__, method)
    return made


def _is_the_librarys(base: type) -> bool:
    """Whether it is a frozen dataclass that was not made here: it would inherit by its own rules."""
    return dataclasses.is_dataclass(base) and base.__dataclass_params__.frozen  # type: ignore[attr-defined]  # no public name


def _init(made: type, fields: Sequence[dataclasses.Field[object]], *, slots: bool) -> Callable[..., object]:
    known: dict[str, object] = {"_set": object.__setattr__, "_missing": MISSING}
    parameters, lines = ["self"], []
    for one in fields:
        name = value = one.name
        if one.default is not MISSING:
            known[f"_default_{name}"] = one.default
            parameters.append(f"{name}=_default_{name}")
        elif one.default_factory is not MISSING:
            known[f"_make_{name}"] = one.default_factory
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        else:
            parameters.append(name)
        slot = getattr(made, name, None) if slots else None
        if isinstance(slot, MemberDescriptorType):
            known[f"_set_{name}"] = slot.__set__
            lines.append(f" _set_{name}(self, {value})")
        else:
            lines.append(f" _set(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    text = "\n".join([f"def __init__({', '.join(parameters)}):", *(lines or [" pass"])])
    exec(text, known)  # noqa: S102  # made of names of fields; the library does the same
    init: Callable[..., object] = known["__init__"]  # type: ignore[assignment]  # what the text defines
    init.__annotations__ = {one.name: one.type for one in fields} | {"return": None}
    return init


def _frozen(made: type, names: Sequence[str]) -> tuple[Callable[..., object], ...]:
    def __setattr__(self: object, name: str, value: object) -> None:  # noqa: N807
        if type(self) is made or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        object.__setattr__(self, name, value)

    def __delattr__(self: object, name: str) -> None:  # noqa: N807
        if type(self) is made or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        object.__delattr__(self, name)

    return __setattr__, __delattr__


def _pickled(names: Sequence[str]) -> tuple[Callable[..., object], ...]:
    def __getstate__(self: object) -> list[object]:  # noqa: N807
        return [getattr(self, name) for name in names]

    def __setstate__(self: object, state: Sequence[object]) -> None:  # noqa: N807
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return __getstate__, __setstate__


def _compared(
    names: Sequence[str], fields: Sequence[dataclasses.Field[object]]
) -> tuple[Callable[..., object], ...]:
    values = _values(names)
    hashed = [one.name for one in fields if (one.compare if one.hash is None else one.hash)]
    keys = values if hashed == names else _values(hashed)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(keys(self))

    return __eq__, __hash__


def _values(names: Sequence[str]) -> Callable[[object], object]:
    """What gives the values of these attributes as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _repr(names: Sequence[str]) -> Callable[..., object]:
    from reprlib import recursive_repr

    @recursive_repr()
    def __repr__(self: object) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    return __repr__
