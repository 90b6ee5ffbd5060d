"""What it does to messages if one type takes the place of another: a verdict without a report.

Used where a field or RPC refers to another type than before although both types exist; the differences of
types that were only renamed are reported once, at their own declarations. A pair that is under question is
taken to hold, so recursion ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.diff.effects import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.formats.proto.diff.difference import Context, Difference
    from apicontract.formats.proto.elements import Enum, Message

_NOTHING = Verdict()


class Structure:
    """Verdicts on pairs of types, each worked out once.

    messages, enums: the comparers; they are handed in, as they ask here in turn.
    """

    def __init__(
        self,
        messages: Callable[[Context, Message, Message], Iterable[Difference]],
        enums: Callable[[Context, Enum, Enum], Iterable[Difference]],
    ) -> None:
        self._messages = messages
        self._enums = enums
        self._known: dict[tuple[str, str], Verdict] = {}
        self._open: list[tuple[str, str]] = []  # pairs under question, outermost first
        self._leaned = 0  # the outermost of them that an answer since then has leaned on

    def of_messages(self, context: Context, old: Message | None, new: Message | None) -> Verdict:
        """What becomes of messages of one type, read as the other; unknown types are alike."""
        if old is None or new is None:
            return _NOTHING
        return self._judge((old.full_name, new.full_name), self._messages(context, old, new))

    def of_enums(self, context: Context, old: Enum | None, new: Enum | None) -> Verdict:
        """The same for values of enums."""
        if old is None or new is None:
            return _NOTHING
        return self._judge((old.full_name, new.full_name), self._enums(context, old, new))

    def _judge(self, key: tuple[str, str], found: Iterable[Difference]) -> Verdict:
        """The verdict; one that leaned on a pair under question is not kept: that may turn out worse."""
        if key in self._known:
            return self._known[key]
        if key in self._open:
            self._leaned = min(self._leaned, self._open.index(key))
            return _NOTHING
        depth, before = len(self._open), self._leaned
        self._open.append(key)
        self._leaned = depth
        verdict = _NOTHING
        for difference in found:
            verdict |= difference.verdict
        self._open.pop()
        if self._leaned == depth:
            self._known[key] = verdict
        self._leaned = min(before, self._leaned) if depth else 0
        return verdict
