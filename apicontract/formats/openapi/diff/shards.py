"""A large comparison in two shards, so that two processes can share it.

A contract is dealt to its shards by what differs in it, never by how many processes there are, and each
shard asks its questions in a session of its own. So what is found, and what proves it, is the same to the
byte whoever does the work. A worker that fails is of no account: its shard is then done here.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import zip_longest
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from apicontract.changes import Level
from apicontract.formats.openapi.diff.recorder import Found, key_of
from apicontract.formats.openapi.diff.visits import Visits
from apicontract.formats.openapi.diff.workers import Lost, Worker, can_fork
from apicontract.records import dataclass
from apicontract.sources import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Self

    from apicontract.changes import Witness
    from apicontract.formats.openapi.diff.context import Context
    from apicontract.formats.openapi.diff.recorder import Key, Recorder
    from apicontract.formats.openapi.diff.visits import Graph
    from apicontract.formats.openapi.diff.workers import Receive, Send
    from apicontract.schemas.edits import Comparer
    from apicontract.sources import Document

    Unit = Callable[[Context], None]
    # With the operation: a change met; the key of one noted before; the number of a pair of schemas below
    # which everything was met before; a level of stability promised.
    Note = tuple[Found | Key | int | str, str]
    Notes = tuple[list[list[Note]], Graph]

_SHARDS = 2
_WORTH = 128  # units that differ, from which on a further process is worth its start


@contextmanager
def recorded(
    context: Context, units: Sequence[Unit], comparer: Callable[[], Comparer], recorder: Recorder
) -> Iterator[Callable[[Sequence[Found]], None]]:
    """Everything that the units find is noted in the recorder, in their order.

    While it is open the proofs can be made. Gives what makes those of many changes, in whatever process.
    comparer: makes one that remembers nothing.
    """
    if len(units) < _WORTH:
        for unit in units:
            unit(context)
        recorder.spread(context.visits.graph())
        yield lambda _: None
        return
    shards = [Shard(context, units[start::_SHARDS], comparer) for start in range(_SHARDS)]
    with ExitStack() as stack:
        doers: list[Shard | Elsewhere] = list(shards)
        if context.options.processes > 1 and can_fork():
            documents = [*context.old.contract.library.documents(), *context.new.contract.library.documents()]
            doers[1:] = [stack.enter_context(Elsewhere(shard, documents)) for shard in shards[1:]]
        _record([doer.notes() for doer in doers], recorder)
        yield _prove


def _record(found: Sequence[Notes], recorder: Recorder) -> None:
    """Note in the recorder what the shards found, in the order of all units."""
    tops: list[dict[int, int]] = [{} for _ in found]
    for units in zip_longest(*(notes for notes, _ in found), fillvalue=()):
        for below, unit in zip(tops, units, strict=True):
            for what, operation in unit:
                if isinstance(what, Found):
                    recorder.add(what, operation)
                elif isinstance(what, str):
                    recorder.promise(operation, what)
                elif isinstance(what, int):
                    below[what] = below.get(what, 0) | recorder.bit(operation)
                else:
                    recorder.reach(what, recorder.bit(operation))
    for below, (_, graph) in zip(tops, found, strict=True):
        recorder.spread(graph, below)


def _prove(changes: Sequence[Found]) -> None:
    """Make the proof of each change; every shard makes its own, in the order of the changes."""
    proofs = [change.witness for change in changes if isinstance(change.witness, Proof)]
    doers = sorted({proof.doer for proof in proofs}, key=lambda doer: isinstance(doer, Shard))
    for doer in doers:  # those elsewhere are told what to do before something is done here
        doer.prove([proof.number for proof in proofs if proof.doer is doer])


@dataclass(frozen=True, slots=True)
class Proof:
    """What makes the witness of a change, where the change was found."""

    doer: Shard | Elsewhere
    number: int

    def __call__(self) -> Witness | None:
        """The witness; None if there is none."""
        return self.doer.proof(self.number)


class Log:
    """What one shard finds, unit by unit, in the place of a recorder."""

    def __init__(self, shard: Shard) -> None:
        self.notes: list[list[Note]] = []
        self.tops: set[int] = set()
        self.proofs: list[Callable[[], Witness | None]] = []
        self._shard = shard
        self._met: dict[Key, Level] = {}

    def add(self, found: Found, operation: str = "") -> None:
        """Note a change as met through `operation`; in brief if it is no break and was met before."""
        key = key_of(found)
        if found.level is not Level.MAJOR and self._met.get(key, Level.NONE) >= found.level:
            self.notes[-1].append((key, operation))
            return
        self._met[key] = max(found.level, self._met.get(key, Level.NONE))
        found.witness, found.fallback = self._numbered(found.witness), self._numbered(found.fallback)
        self.notes[-1].append((found, operation))

    def reach_below(self, top: int, operation: str) -> None:
        """Note that all that is met at the pair of schemas of that number, and below, is met through it."""
        self.tops.add(top)
        self.notes[-1].append((top, operation))

    def promise(self, operation: str, stability: str) -> None:
        """Note at which level of stability an operation had been promised."""
        self.notes[-1].append((stability, operation))

    def _numbered(self, proof: Callable[[], Witness | None] | None) -> Proof | None:
        if proof is None:
            return None
        self.proofs.append(proof)
        return Proof(self._shard, len(self.proofs) - 1)


class Shard:
    """Units of a comparison that are done one after the other, in a session of their own."""

    def __init__(self, context: Context, units: Sequence[Unit], comparer: Callable[[], Comparer]) -> None:
        self._context = context
        self._units = units
        self._comparer = comparer
        self._log = Log(self)
        self._made: dict[int, Witness | None] = {}

    def notes(self) -> Notes:
        """What is found, by unit, and what lies below the pairs of schemas that were met."""
        context = replace(self._context, comparer=self._comparer(), recorder=self._log, visits=Visits())
        for unit in self._units:
            self._log.notes.append([])
            unit(context)
        return self._log.notes, context.visits.graph() if self._log.tops else ()

    def prove(self, numbers: Sequence[int]) -> None:
        """Make these proofs, in this order."""
        for number in numbers:
            self.proof(number)

    def again(self, numbers: Sequence[int]) -> None:
        """Do all that a worker had done before it was lost, unless that is done already."""
        if not self._log.notes:
            self.notes()
        self.prove(numbers)

    def proof(self, number: int) -> Witness | None:
        """The proof of that number; made once."""
        if number not in self._made:
            self._made[number] = self._log.proofs[number]()
        return self._made[number]

    def serve(self, send: Send, receive: Receive, documents: Sequence[Document]) -> None:
        """Do in another process what is asked for in this one: the notes, then lists of proofs as they come.

        Whatever cannot be told ends it.
        """
        for reader in (self._context.old, self._context.new):
            reader.contract.library.sealed = True
        numbers = {id(document): number for number, document in enumerate(documents)}
        found, graph = self.notes()
        notes = [[(_packed(what, numbers), at) for what, at in unit] for unit in found]
        if any(reader.scopes.unresolved for reader in (self._context.old, self._context.new)):
            return
        send((notes, graph))
        while True:
            asked = receive()
            assert isinstance(asked, list)  # noqa: S101  # narrows the type: `Elsewhere` sends nothing else
            for number in asked:
                send(self.proof(number))


class Elsewhere:
    """A shard that a worker does; should that be lost, it is done here after all, in the same way."""

    def __init__(self, shard: Shard, documents: Sequence[Document]) -> None:
        self._shard = shard
        self._documents = documents
        self._asked: list[int] = []
        self._told: dict[int, Witness | None] = {}
        try:
            self._worker: Worker | None = Worker(lambda send, receive: shard.serve(send, receive, documents))
        except Lost:
            self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.stop()

    def notes(self) -> Notes:
        """What the worker found."""
        try:
            found, graph = self._receive()
        except Lost:
            return self._shard.notes()
        return [[(self._unpacked(what), operation) for what, operation in unit] for unit in found], graph

    def prove(self, numbers: Sequence[int]) -> None:
        """Have these proofs made, in this order; they are not waited for."""
        left = [number for number in numbers if number not in self._asked]
        self._asked += left
        if self._worker is not None:
            with suppress(Lost):  # it is found missing when its answer is
                self._worker.send(left)

    def proof(self, number: int) -> Witness | None:
        """The proof of that number; made once."""
        self.prove([number])
        try:
            while number not in self._told:
                self._told[self._asked[len(self._told)]] = self._receive()
        except Lost:
            self._shard.again(self._asked)
            return self._shard.proof(number)
        return self._told[number]

    def _receive(self) -> Any:
        if self._worker is None:
            raise Lost
        try:
            return self._worker.receive()
        except Lost:
            self._worker.stop()
            self._worker = None
            raise

    def _unpacked(self, what: Any) -> Found | Key | int | str:
        """A note as `_packed` packed it, with the documents of this process."""
        if not isinstance(what, list):
            return what  # type: ignore[no-any-return]
        found = Found(*what)
        found.old, found.new = (
            Place(self._documents[place[0]], *place[1:]) if place is not None else None
            for place in what[_PLACES]
        )
        if what[_WITNESS] is not None:
            found.witness = Proof(self, what[_WITNESS])
        if what[_FALLBACK] is not None:
            found.fallback = Proof(self, what[_FALLBACK])
        return found


_FIELDS = tuple(Found.__dataclass_fields__)
_TOLD = _FIELDS[: _FIELDS.index("operation")]  # what follows is the recorder's
_PLACES = slice(_TOLD.index("old"), _TOLD.index("new") + 1)
_WITNESS, _FALLBACK = _TOLD.index("witness"), _TOLD.index("fallback")
_values_of = attrgetter(*_TOLD)


def _packed(what: Found | Key | int | str, numbers: Mapping[int, int]) -> object:
    """A note in values that another process can be told; KeyError for one of another document."""
    if not isinstance(what, Found):
        return what
    values = list(_values_of(what))
    values[_PLACES] = (
        place and (numbers[id(place.document)], place.pointer, place.key) for place in (what.old, what.new)
    )
    for at in (_WITNESS, _FALLBACK):
        values[at] = values[at] and values[at].number
    return values
