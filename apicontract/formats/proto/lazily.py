"""An attribute that is worked out when it is first asked for, and then kept.

As `functools.cached_property`, whose lock before Python 3.12 costs more than most answers here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

Owner = TypeVar("Owner")
Answer = TypeVar("Answer")


class lazily(Generic[Owner, Answer]):  # noqa: N801  # used as a decorator
    """The decorator; the instance needs a `__dict__`, where the answer is kept under the method's name."""

    def __init__(self, method: Callable[[Owner], Answer]) -> None:
        self._method = method
        self._name = method.__name__
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Owner]) -> Self: ...
    @overload
    def __get__(self, instance: Owner, owner: type[Owner]) -> Answer: ...
    def __get__(self, instance: Owner | None, owner: type[Owner]) -> Self | Answer:
        """The answer; called only as long as there is none."""
        if instance is None:
            return self
        answer = instance.__dict__[self._name] = self._method(instance)
        return answer
