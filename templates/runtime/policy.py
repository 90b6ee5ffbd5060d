"""How much a call may cost and what happens when it fails.

Immutable values, and how a contract declares them.

Counts nothing and calls nothing; counters belong to the call or to the dependency. All times are seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar


class PolicyError(ValueError):
    """A declaration that says nothing sensible; `path` leads to it from the declaration's top."""

    def __init__(self, path: tuple[str, ...], reason: str) -> None:
        super().__init__(f"x-apicontract: {'.'.join(path)}: {reason}" if path else f"x-apicontract: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Retry:
    """Tries again, at most `attempts` in all, waiting twice as long each time, with jitter.

    `budget` is how many retries a dependency may have in a row; each answer gives back `refund` of one.
    Thus a dependency that is down sees few retries however many calls there are.
    """

    attempts: int = 3
    wait_initial: float = 0.1
    wait_max: float = 2.0
    budget: float = 10.0
    refund: float = 0.1


@dataclass(frozen=True, slots=True)
class Breaker:
    """Opens after `failures` in a row and asks again with one call after `recovery` seconds.

    Calls with the same `name` share the state; the empty name is the dependency as a whole.
    """

    failures: int = 5
    recovery: float = 30.0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bulkhead:
    """At most `limit` calls outstanding at once.

    Calls with the same `name` share the count; the empty name is the dependency as a whole.
    """

    limit: int = 100
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a failed call yields.

    The error, a `value` laid down, or the last good answer of at most `age` seconds.
    """

    kind: Literal["error", "default", "cached"] = "error"
    value: object = None
    age: float = 0.0

    @classmethod
    def error(cls) -> Fallback:
        """The failure itself."""
        return cls()

    @classmethod
    def default(cls, value: object) -> Fallback:
        """This value, in the form that the contract's JSON has."""
        return cls("default", value)

    @classmethod
    def cached(cls, age: float) -> Fallback:
        """The last good answer to the same question, if it is no older than `age` seconds."""
        return cls("cached", None, age)


class _Unset:
    """Stands for a part that is not overridden: None means that a layer is left out."""


_UNSET = _Unset()
T = TypeVar("T")


def _or(value: T | _Unset, otherwise: T) -> T:
    return otherwise if isinstance(value, _Unset) else value


@dataclass(frozen=True, slots=True)
class Policy:
    """All layers of a call.

    `timeout` bounds one attempt and `deadline` the whole; None leaves a layer out.
    """

    timeout: float = 10.0
    deadline: float = 30.0
    retry: Retry | None = field(default_factory=Retry)
    breaker: Breaker | None = field(default_factory=Breaker)
    bulkhead: Bulkhead | None = field(default_factory=Bulkhead)
    fallback: Fallback = field(default_factory=Fallback)

    def override(
        self,
        *,
        timeout: float | _Unset = _UNSET,
        deadline: float | _Unset = _UNSET,
        retry: Retry | _Unset | None = _UNSET,
        breaker: Breaker | _Unset | None = _UNSET,
        bulkhead: Bulkhead | _Unset | None = _UNSET,
        fallback: Fallback | _Unset = _UNSET,
    ) -> Policy:
        """The same policy with some layers replaced; what is not given stays."""
        return Policy(
            _or(timeout, self.timeout),
            _or(deadline, self.deadline),
            _or(retry, self.retry),
            _or(breaker, self.breaker),
            _or(bulkhead, self.bulkhead),
            _or(fallback, self.fallback),
        )

    @classmethod
    def declared(cls, *declarations: Mapping[str, object], operation: str = "") -> Policy:
        """The policy that a contract's `x-apicontract` objects declare: document, tag, operation.

        Later ones are laid over earlier ones, part by part. A breaker or bulkhead that the last declaration
        states itself is `operation`'s own, if that is given; others are the dependency's. PolicyError where
        one says nothing sensible.
        """
        policy = cls()
        for index, declaration in enumerate(declarations):
            own = operation if index == len(declarations) - 1 else ""
            policy = _laid_over(policy, declaration, own)
        return policy


_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s|m|h)?", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


def seconds(value: object, path: tuple[str, ...] = ()) -> float:
    """A duration as a contract has it: seconds, or a text such as `250ms`, `2s`, `1.5m`, `1h`."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise PolicyError(path, "a duration is a number of seconds or a text such as 250ms or 2s")
    if isinstance(value, str):
        match = _SECONDS.fullmatch(value.strip())
        if match is None:
            raise PolicyError(path, f"{value!r} is no duration; write 250ms, 2s, 1.5m or 1h")
        value = float(match[1]) * _UNITS[match[2]]
    if not 0 < value < 1e9:
        raise PolicyError(path, "a duration must be above zero and finite")
    return float(value)


def _count(value: object, path: tuple[str, ...]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PolicyError(path, "must be a whole number of at least 1")
    return value


def _amount(value: object, path: tuple[str, ...]) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        raise PolicyError(path, "must be a number of at least 0")
    return float(value)


_Reader = Callable[[object, tuple[str, ...]], float]
_LAYERS: dict[str, dict[str, _Reader]] = {
    "retry": {
        "attempts": _count,
        "wait_initial": seconds,
        "wait_max": seconds,
        "budget": _amount,
        "refund": _amount,
    },
    "breaker": {"failures": _count, "recovery": seconds},
    "bulkhead": {"limit": _count},
}


def _laid_over(policy: Policy, declaration: Mapping[str, object], own: str) -> Policy:
    for name, value in declaration.items():
        path = (name,)
        if name == "timeout":
            policy = policy.override(timeout=seconds(value, path))
        elif name == "deadline":
            policy = policy.override(deadline=seconds(value, path))
        elif name == "fallback":
            policy = policy.override(fallback=_fallback(value, path))
        elif name in _LAYERS:
            policy = _with_layer(policy, name, _parts(value, path), own)
        else:
            known = ", ".join(("timeout", "deadline", *_LAYERS, "fallback"))
            raise PolicyError(path, f"there is no such part; there are {known}")
    return policy


def _with_layer(policy: Policy, name: str, parts: dict[str, float] | None, own: str) -> Policy:
    """The policy with one layer as its `parts` say; None leaves it out."""
    if name == "retry":
        retry = policy.retry or Retry()
        return policy.override(
            retry=None
            if parts is None
            else Retry(
                int(parts.get("attempts", retry.attempts)),
                parts.get("wait_initial", retry.wait_initial),
                parts.get("wait_max", retry.wait_max),
                parts.get("budget", retry.budget),
                parts.get("refund", retry.refund),
            )
        )
    if name == "breaker":
        breaker = policy.breaker or Breaker()
        return policy.override(
            breaker=None
            if parts is None
            else Breaker(
                int(parts.get("failures", breaker.failures)), parts.get("recovery", breaker.recovery), own
            )
        )
    bulkhead = policy.bulkhead or Bulkhead()
    return policy.override(
        bulkhead=None if parts is None else Bulkhead(int(parts.get("limit", bulkhead.limit)), own)
    )


def _parts(value: object, path: tuple[str, ...]) -> dict[str, float] | None:
    """What is said of a layer; None: it is left out."""
    if value is False or value is None:
        return None
    if value is True:
        return {}
    if not isinstance(value, Mapping):
        raise PolicyError(path, "must be an object of its parts, true or false")
    readers = _LAYERS[path[0]]
    unknown = [str(part) for part in value if part not in readers]
    if unknown:
        raise PolicyError((*path, unknown[0]), f"there is no such part; there are {', '.join(readers)}")
    return {part: readers[part](what, (*path, part)) for part, what in value.items()}


def _fallback(value: object, path: tuple[str, ...]) -> Fallback:
    if value in ("error", False, None):
        return Fallback.error()
    if isinstance(value, Mapping) and len(value) == 1:
        [(kind, what)] = value.items()
        if kind == "default":
            return Fallback.default(what)
        if kind == "cached":
            age = what.get("age") if isinstance(what, Mapping) else what
            return Fallback.cached(seconds(age, (*path, "cached")))
    raise PolicyError(path, "must be `error`, {default: a value} or {cached: an age such as 5m}")
