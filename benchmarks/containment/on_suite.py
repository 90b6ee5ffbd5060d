"""The public suite asked of this library and of its peers, in one run: the table and what was promised."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import corpora

from apicontract.schemas import Nothing
from containment import deciders, references
from containment.deciders import Answer, Worker
from containment.questions import KINDS, Question, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SAMPLE = 4000


@dataclass(slots=True)
class Score:
    """How one decider did: answers by kind of question, witnesses, seconds."""

    name: str
    asked: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    refuted: int = 0
    shown: int = 0
    false_witnesses: int = 0
    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def take(self, question: Question, answer: Answer) -> None:
        """Count one answer."""
        self.asked += 1
        self.seconds.append(answer.seconds)
        if answer.said not in {"yes", "no"}:
            self.open[question.kind] += 1
            self.failures[answer.said] += 1
            return
        is_right = (answer.said == "yes") == question.contained
        (self.right if is_right else self.wrong)[question.kind] += 1
        if answer.said == "no":
            self.refuted += 1
            if not isinstance(answer.witness, Nothing):
                holds = shows(question, answer)
                self.shown += holds
                self.false_witnesses += not holds

    @property
    def decided(self) -> float:
        """The share of questions answered, right or wrong."""
        return 1 - self.open.total() / max(self.asked, 1)


def shows(question: Question, answer: Answer) -> bool:
    """Whether the witness is valid under the one schema and not under the other, by the draft's own validator."""
    sender, receiver = (references.validator(s, question.draft) for s in (question.sub, question.sup))
    return sender.is_valid(answer.witness) and not receiver.is_valid(answer.witness)


def scores() -> Iterator[Score | str]:
    """The score of each decider; a text for one that cannot be had. NotAvailable if the suite cannot."""
    asked = list(questions())
    yield scored("apicontract", asked, deciders.ours)
    yield scored("`covers` of jsonschema-rs", asked, deciders.by_covers)
    yield scored("`covers` and a search for witnesses", asked, deciders.combined)
    step = max(len(asked) // SAMPLE, 1)
    try:
        worker = deciders.jsonsubschema()
    except corpora.NotAvailable as reason:
        yield f"jsonsubschema left out: {reason}"
        return
    yield scored(f"jsonsubschema {deciders.JSONSUBSCHEMA}", asked[::step], _by(worker))
    worker.end()


def scored(name: str, asked: Iterable[Question], decide: Callable[[Question], Answer]) -> Score:
    """The score of one decider."""
    score = Score(name)
    for question in asked:
        score.take(question, decide(question))
    return score


def _by(worker: Worker) -> Callable[[Question], Answer]:
    def decide(question: Question) -> Answer:
        said, seconds = worker.ask([question.sub, question.sup])
        return Answer(said, deciders.NOTHING, seconds)

    return decide


def section() -> tuple[list[str], bool]:
    """The lines of the page, and whether what was promised holds."""
    found = list(scores())
    ours = found[0]
    assert isinstance(ours, Score)  # noqa: S101 - the first one is always to be had
    promised = promises(ours)
    lines = [
        f"{ours.asked:,} questions whose answers are known, from the schemas and values of the JSON-Schema-Test-Suite",
        "(drafts 4, 7, 2019-09 and 2020-12; 4.26.0 of `jsonschema` carries it). *equal*: a schema and each of 12 or 13",
        "rewritings of it, both ways. *subset*: S ∧ R in S, S in S ∨ R. *told apart*: two schemas of one file, and a value",
        "is of the first only. *value in*, *value out*: the constant of one value in a schema, or in its negation.",
        "Cells are right / **wrong** / undecided. Schemas are read literally, formats are annotations. Every witness was",
        "checked with the draft's own validator. jsonsubschema was asked an even sample, 2 s for each question. Times are",
        "of the processor; jsonsubschema's, which runs in a process of its own, of the clock.",
        "",
        "| | " + " | ".join(KINDS) + " | decided | wrong | witnesses | median | slowest |",
        "|---|" + "---|" * (len(KINDS) + 5),
        *(_row(score) for score in found if isinstance(score, Score)),
        "",
        *(score for score in found if isinstance(score, str)),
        *(
            _failures(score)
            for score in found
            if isinstance(score, Score) and score.failures.keys() - {"unknown"}
        ),
        "",
        *(f"- {text}: {'yes' if holds else '**no**'}" for text, holds in promised.items()),
    ]
    return lines, all(promised.values())


def promises(score: Score) -> dict[str, bool]:
    """What was promised of our own answers, and whether it holds."""
    return {
        "no wrong answer": not score.wrong,
        "at least 99 % decided": score.decided >= 0.99,  # noqa: PLR2004
        "every refutation has a verified witness": score.shown == score.refuted,
        "median under 1 ms": statistics.median(score.seconds) < 1e-3,  # noqa: PLR2004
        "slowest under 0.5 s": max(score.seconds) < 0.5,  # noqa: PLR2004
    }


def _row(score: Score) -> str:
    cells = [f"{score.right[k]:,} / {_bold(score.wrong[k])} / {score.open[k]:,}" for k in KINDS]
    shown = f"{score.shown / score.refuted:.1%} of {score.refuted:,}" if score.refuted else "–"
    return (
        f"| {score.name} | {' | '.join(cells)} | {score.decided:.1%} | {_bold(score.wrong.total())} | {shown} "
        f"| {statistics.median(score.seconds) * 1e3:.2f} ms | {max(score.seconds):.2f} s |"
    )


def _bold(count: int) -> str:
    return f"**{count:,}**" if count else "0"


def _failures(score: Score) -> str:
    listed = ", ".join(
        f"{name.removeprefix('error: ')} {count:,}" for name, count in score.failures.most_common(8)
    )
    return f"What kept {score.name} from answering: {listed}."
