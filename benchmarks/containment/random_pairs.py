"""Hunts for wrong answers: random pairs of schemas, and whether what was said of them holds.

    python benchmarks/hunt.py [--pairs N] [--seconds S] [--seed N]

Of a pair that is called contained no tried value may be valid under the first and invalid under the second;
of a pair that is called refuted the witness must be; `covers` of jsonschema-rs may not say the opposite; the
contract reading may only contain more than the literal one, and what it adds must rest on names that only
the receiver declares.
"""

from __future__ import annotations

import copy
import itertools
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import jsonschema_rs

from apicontract.schemas import DIALECTS, Contained, NotContained, PlainScope, Schema, Session, Unknown
from containment import references, sendable
from containment.random_schemas import NAMES, Kin, Maker, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.schemas import Flow, Json, Verdict

TRIED = 24
_SLOW = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the way it is asked."""

    sub: Json
    sup: Json
    dialect: str
    formats: Literal["assert", "annotate"] = "annotate"
    flow: Flow = None
    sup_dialect: str = ""
    pointer: str = ""

    @property
    def other(self) -> str:
        """The dialect of `sup`."""
        return self.sup_dialect or self.dialect

    def handles(self) -> tuple[Schema, Schema]:
        """Both sides for a session."""
        found = []
        for value, dialect in ((self.sub, self.dialect), (self.sup, self.other)):
            part: Any = value
            for token in self.pointer.split("/")[1:]:
                part = part[token]
            found.append(Schema(part, PlainScope(value, dialect), self.pointer))
        return found[0], found[1]

    def plain(self) -> tuple[Json, Json]:
        """Both sides as one schema each: what the pointer leads to, with the document around it."""
        if not self.pointer:
            return self.sub, self.sup
        target = {"$ref": f"#{self.pointer}"}
        return {**self.sub, "allOf": [target]}, {**self.sup, "allOf": [target]}  # type: ignore[dict-item]


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that does not hold, and what shows it."""

    pair: Pair
    reading: str
    verdict: Verdict
    why: str
    value: Json = None


@dataclass(slots=True)
class Tally:
    """What was asked and answered; `wrong` should stay empty, `noted` is what was slow or not confirmed."""

    pairs: int = 0
    values: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    unverified: int = 0
    slowest: float = 0.0
    wrong: list[Wrong] = field(default_factory=list)
    noted: list[Wrong] = field(default_factory=list)


def pairs(seed: int) -> Iterator[tuple[Pair, list[Json]]]:
    """Endless random pairs with values to try on them."""
    chance = random.Random(seed)
    while True:
        if chance.random() < 0.1:
            yield tagged(chance)
            continue
        dialect = chance.choice(DIALECTS)
        flow: Flow = None
        if dialect.startswith("openapi") and chance.random() < 0.5:
            flow = chance.choice(["request", "response"])
        maker = Maker(chance, dialect, marks=flow is not None)
        formats: Literal["assert", "annotate"] = "assert" if chance.random() < 0.3 else "annotate"
        sub = maker.schema()
        sup = Kin(maker).relative(sub)
        if chance.random() < 0.5:
            sub, sup = sup, sub
        other = ""
        if chance.random() < 0.1:
            other = chance.choice(DIALECTS)
            sup = Maker(chance, other, marks=flow is not None).schema()
        pair = Pair(sub, sup, dialect, formats, flow, other)
        yield pair, Values(chance, maker, sub, sup).some(TRIED, sub, sup)


def judge(pair: Pair, tried: list[Json], tally: Tally) -> None:
    """Ask in both readings and hold the answers against the values."""
    formats = pair.formats == "assert"
    try:
        sub, sup = pair.plain()
        sender = references.validator(sub, pair.dialect, formats=formats, flow=pair.flow)
        receiver = references.validator(sup, pair.other, formats=formats, flow=pair.flow, sent=False)
    except ValueError as problem:
        tally.reasons[f"unread: {str(problem)[:60]}"] += 1
        return
    if not any(map(sender.is_valid, tried)) and len(tried) < tally.pairs % 100:
        return
    tally.pairs += 1
    literal, contract = (_asked(pair, reading, tally) for reading in ("literal", "contract"))
    shown = [value for value in tried if sender.is_valid(value) and not receiver.is_valid(value)]
    tally.values += len(tried)
    found = tally.wrong
    if shown and isinstance(literal, Contained):
        found.append(
            Wrong(pair, "literal", literal, "a value is of the first and not of the second", shown[0])
        )
    if pair.flow is None and not pair.pointer and sendable.readable(pair.sub) and sendable.readable(pair.sup):
        tally.compared[f"contract reading of a {type(contract).__name__}"] += 1
        sent = [value for value in shown if sendable.may_be_sent(value, pair.sub, pair.sup)]
        if sent and isinstance(contract, Contained):
            found.append(Wrong(pair, "contract", contract, "a value that may be sent is refused", sent[0]))
        if isinstance(contract, NotContained) and not sendable.may_be_sent(
            contract.witness.value, pair.sub, pair.sup
        ):
            found.append(Wrong(pair, "contract", contract, "the witness is not sent", contract.witness.value))
    for reading, verdict in (("literal", literal), ("contract", contract)):
        if isinstance(verdict, NotContained):
            value = verdict.witness.value
            if not sender.is_valid(value) or receiver.is_valid(value):
                found.append(Wrong(pair, reading, verdict, "the witness shows nothing", value))
    if isinstance(contract, NotContained) and isinstance(literal, Contained):
        found.append(
            Wrong(pair, "literal", literal, "refuted in the narrower reading", contract.witness.value)
        )
    if isinstance(literal, Contained) and isinstance(contract, Unknown):
        tally.reasons["contract unknown where literal is contained"] += 1
    if pair.flow is None and not formats and pair.dialect == pair.other and not pair.pointer:
        _beside_covers(pair, literal, tally)


def _asked(pair: Pair, reading: str, tally: Tally) -> Verdict:
    session = Session(reading=reading, formats=pair.formats)  # type: ignore[arg-type]
    begun = time.process_time()
    verdict = session.contains(*pair.handles(), flow=pair.flow)
    seconds = time.process_time() - begun
    tally.slowest = max(tally.slowest, seconds)
    tally.unverified += session.statistics.unverified
    if seconds > _SLOW or isinstance(verdict, Unknown):
        tally.noted.append(
            Wrong(pair, reading, verdict, f"{seconds:.1f} s, {session.statistics.steps} steps")
        )
    tally.answers[type(verdict).__name__] += 1
    if isinstance(verdict, Unknown):
        tally.reasons[verdict.reason] += 1
    return verdict


def _beside_covers(pair: Pair, literal: Verdict, tally: Tally) -> None:
    known = covers(pair.sub, pair.sup, pair.dialect)
    tally.compared[f"{type(literal).__name__} / {known}"] += 1
    if (known, type(literal)) in {("no", Contained), ("yes", NotContained)}:
        value = literal.witness.value if isinstance(literal, NotContained) else None
        tally.wrong.append(Wrong(pair, "literal", literal, f"covers says {known}", value))


def covers(sub: Json, sup: Json, dialect: str) -> str:
    """What jsonschema-rs says: yes, no or unknown."""
    read = references.plain(sub, dialect), references.plain(sup, dialect)
    draft = references.CANONICAL[references.DRAFTS[dialect]]
    try:
        one, other = (jsonschema_rs.canonicalize(part, draft=draft, validate_formats=False) for part in read)
        return str(other.covers(one))
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return "unknown"


def tagged(chance: random.Random) -> tuple[Pair, list[Json]]:
    """A pair of unions with a discriminator, and objects that its tags select."""
    dialect = chance.choice(["openapi-3.0", "openapi-3.1", "openapi-3.2"])
    documents = [_tagged_document(chance, Maker(chance, dialect)) for _ in range(2)]
    if chance.random() < 0.7:
        documents[1] = copy.deepcopy(documents[0])
        _retouched(chance, Maker(chance, dialect), documents[1]["components"]["schemas"])
    maker = Maker(chance, dialect)
    parts = [part for document in documents for part in document["components"]["schemas"].values()]
    tried = []
    for value in Values(chance, maker, *parts).some(TRIED, *parts):
        made = value if isinstance(value, dict) else {}
        kind = {"kind": chance.choice(_TAGS)} if chance.random() < 0.85 else {}
        tried.append(kind | {name: item for name, item in made.items() if name != "kind"})
    return Pair(documents[0], documents[1], dialect, pointer="/components/schemas/X"), tried


_TAGS = ("A", "B", "one", "two", "other")


def _tagged_document(chance: random.Random, maker: Maker) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name in ("A", "B"):
        kind = (
            {"type": "string"}
            if chance.random() < 0.7
            else {"type": "string", "enum": [chance.choice(_TAGS)]}
        )
        members = {"kind": kind, chance.choice(NAMES): maker.leaf()}
        parts[name] = {"type": "object", "properties": members, "required": ["kind"]}
        if chance.random() < 0.2:
            parts[name]["additionalProperties"] = False
        if chance.random() < 0.2:
            del parts[name]["required"]
    discriminator: dict[str, Any] = {"propertyName": "kind"}
    if chance.random() < 0.7:
        goals = ["#/components/schemas/A", "#/components/schemas/B", "A", "B"]
        discriminator["mapping"] = {
            tag: chance.choice(goals) for tag in chance.sample(_TAGS, chance.randint(1, 3))
        }
    listed = [{"$ref": f"#/components/schemas/{name}"} for name in parts]
    parts["X"] = {chance.choice(["oneOf", "oneOf", "anyOf"]): listed, "discriminator": discriminator}
    return {"components": {"schemas": parts}}


def _retouched(chance: random.Random, maker: Maker, parts: dict[str, Any]) -> None:
    """One change to the union or to a branch."""
    kind = chance.random()
    if kind < 0.3:
        other = _tagged_document(chance, maker)["components"]["schemas"]["X"]
        parts["X"]["discriminator"] = other["discriminator"]
    elif kind < 0.4:
        del parts["X"]["discriminator"]
    else:
        branch = parts[chance.choice("AB")]
        branch["properties"][chance.choice(NAMES)] = maker.leaf()


def hunt(seed: int, count: int, seconds: float = float("inf")) -> Tally:
    """Judge `count` pairs of a seed, or as many as `seconds` allow."""
    tally = Tally()
    end = time.monotonic() + seconds
    for pair, tried in pairs(seed):
        if tally.pairs >= count or time.monotonic() > end:
            break
        judge(pair, tried, tally)
    return tally


def section(count: int = 100_000, seed: int = 1) -> tuple[list[str], bool]:
    """The lines of the page, and whether no answer was wrong."""
    tally = hunt(seed, count)
    answers, compared = tally.answers, tally.compared
    agreed = {
        said: compared[f"{said[0]} / {said[1]}"]
        for said in itertools.product(_ANSWERS, ("yes", "no", "unknown"))
    }
    lines = [
        f"{tally.pairs:,} pairs of random schemas in every dialect (seed {seed}; relatives of each other by one change or in",
        "other words, with references, discriminators, formats and directions), each asked in both readings and held against",
        f"{tally.values:,} values made to tell them apart, by the draft's own validator and a second reading of OpenAPI:",
        "",
        "| contained | refuted | unknown | unverified | slowest | wrong |",
        "|---|---|---|---|---|---|",
        f"| {answers['Contained']:,} | {answers['NotContained']:,} | {answers['Unknown']:,} | {tally.unverified} | {tally.slowest:.2f} s | {len(tally.wrong)} |",
        "",
        *(f"- unknown: {reason}, {times}" for reason, times in tally.reasons.most_common(6)),
        f"- no answer contained with a counterexample, no witness that fails: {'**no**' if tally.wrong else 'yes'}",
        "",
        "The same pairs by `covers` of jsonschema-rs, where both read the same (literally, formats as annotations):",
        "",
        "| | `covers` yes | no | unknown |",
        "|---|---|---|---|",
        *(
            f"| {name} | {' | '.join(f'{agreed[said, known]:,}' for known in ('yes', 'no', 'unknown'))} |"
            for said, name in _ANSWERS.items()
        ),
    ]
    return lines, not tally.wrong


_ANSWERS = {"Contained": "contained", "NotContained": "refuted", "Unknown": "unknown"}
