"""Who answers containment questions: this library, and the ones measured beside it, in one shape.

A peer that may hang, crash or print runs in a process of its own and is ended after its time. An answer is
"yes", "no" or "unknown", a refutation may have a value that shows it. Seconds are of the processor for what runs
in this process, of the clock for what runs in its own.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import corpora

from apicontract.schemas import NOTHING, Contained, NotContained, Nothing, contains
from containment import references
from containment.random_pairs import covers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas import Json
    from containment.questions import Question

JSONSUBSCHEMA = "0.0.8"
PATIENCE = 2.0


class Answer(NamedTuple):
    """What was said, the value that shows it, and the seconds it took."""

    said: str
    witness: Json | Nothing
    seconds: float


Decider = "Callable[[Question], Answer]"


def ours(question: Question) -> Answer:
    """`apicontract.schemas.contains`, each question with nothing remembered."""
    begun = time.process_time()
    verdict = contains(
        question.sub, question.sup, dialect=question.draft, reading="literal", formats="annotate"
    )
    seconds = time.process_time() - begun
    if isinstance(verdict, NotContained):
        return Answer("no", verdict.witness.value, seconds)
    return Answer("yes" if isinstance(verdict, Contained) else "unknown", NOTHING, seconds)


def by_covers(question: Question) -> Answer:
    """`covers` of jsonschema-rs, which has no witnesses."""
    begun = time.process_time()
    said = covers(question.sub, question.sup, question.draft)
    return Answer(said, NOTHING, time.process_time() - begun)


def combined(question: Question) -> Answer:
    """`covers`, and for what it does not prove a search for a witness among values that the schemas mention."""
    begun = time.process_time()
    said = covers(question.sub, question.sup, question.draft)
    witness: Json | Nothing = NOTHING
    if said != "yes":
        witness = _searched(question)
    found = said if isinstance(witness, Nothing) else "no"
    return Answer(found, witness, time.process_time() - begun)


def _searched(question: Question) -> Json | Nothing:
    sender = references.validator(question.sub, question.draft)
    receiver = references.validator(question.sup, question.draft)
    for value in _mentioned([question.sub, question.sup]):
        if sender.is_valid(value) and not receiver.is_valid(value):
            return value
    return NOTHING


def _mentioned(schemas: Any) -> Iterator[Json]:
    """Constants, bounds and their neighbours, and small values of every type."""
    yield from (
        None,
        True,
        False,
        0,
        1,
        -1,
        0.5,
        "",
        "a",
        "abc",
        [],
        [1],
        ["a"],
        [1, 1],
        {},
        {"a": 1},
        {"a": "b"},
    )
    waiting = [schemas]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            yield from part
            waiting += part
        elif isinstance(part, dict):
            yield from part.values()
            names = part.get("properties", part.get("required", ()))
            yield from ({name: value} for name in names if isinstance(name, str) for value in (1, "a", None))
            waiting += part.values()
        elif isinstance(part, int | float) and not isinstance(part, bool) and abs(part) < 10**6:
            yield from (part + 1, part - 1, part + 0.5)
            if isinstance(part, int) and 0 <= part < 1000:  # noqa: PLR2004 - a length
                yield from ("a" * part, "a" * (part + 1), [1] * part, [1] * (part + 1))


class Worker:
    """A peer in a process of its own, asked line by line, ended when it takes longer than `patience`."""

    def __init__(self, program: str, paths: list[Path], patience: float = PATIENCE) -> None:
        self.program = program
        self.paths = paths
        self.patience = patience
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, question: Json) -> tuple[str, float]:
        """What the peer says, or "time-out", "crash"; and the seconds."""
        process = self._running()
        assert process.stdin is not None  # noqa: S101 - narrows the type
        assert process.stdout is not None  # noqa: S101 - narrows the type
        begun = time.perf_counter()
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            self.end()
            return "crash", time.perf_counter() - begun
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if ready.select(self.patience) else None
        seconds = time.perf_counter() - begun
        if not line:
            self.end()
            return "time-out" if line is None else "crash", seconds
        return json.loads(line), seconds

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            own = Path(__file__).resolve().parent.parent
            path = os.pathsep.join(map(str, [own, *self.paths]))
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", self.program],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path}, bufsize=0,
            )  # fmt: skip
            assert self.process.stdout is not None  # noqa: S101 - narrows the type
            self.process.stdout.readline()
        return self.process

    def end(self) -> None:
        """End the process; the next question starts another."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


_LOOP = """
import io, json, sys
out, sys.stdout = sys.stdout, io.StringIO()
{imports}
print("ready", file=out, flush=True)
for line in sys.stdin:
    given = json.loads(line)
    try:
        said = {call}
    except BaseException as problem:
        said = "error: " + type(problem).__name__
    print(json.dumps(said), file=out, flush=True)
"""


def jsonsubschema() -> Worker:
    """The package jsonsubschema, which answers yes or no or fails; NotAvailable if it cannot be had."""
    program = _LOOP.format(
        imports="from jsonsubschema import isSubschema", call="'yes' if isSubschema(*given[:2]) else 'no'"
    )
    return Worker(program, [corpora.installed("jsonsubschema", JSONSUBSCHEMA)])


def covers_apart() -> Worker:
    """`covers` in a process of its own: it cannot be interrupted."""
    program = _LOOP.format(
        imports="from containment.random_pairs import covers", call="covers(given[0], given[1], given[2])"
    )
    return Worker(program, [])
