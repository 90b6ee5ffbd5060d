"""No schema, however hostile, hangs, overflows or exhausts memory: an answer, or unknown with a reason."""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hostile import SCHEMAS, choices

from apicontract.schemas import (
    Budget,
    Contained,
    PlainScope,
    Schema,
    Session,
    Unknown,
    contains,
)

S = {"type": "string"}
_UNIT = 1 if sys.platform == "darwin" else 1024  # what `ru_maxrss` counts in


@pytest.fixture(scope="module")
def apart():
    """A process of its own: what other tests needed before must not count."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


def _asked(name, reading):
    """(seconds of processor time, verdict) of each question, and the most memory the process ever had, in bytes."""
    [(sub, sup)] = [(sub, sup) for known, sub, sup in SCHEMAS if known == name]
    pairs = ((sub, sup), (sup, sub), (sub, {"not": sup}))
    found = []
    for one, other in pairs if reading == "literal" else pairs[:1]:
        begun = time.process_time()
        verdict = contains(one, other, reading=reading)
        reason = verdict.reason if isinstance(verdict, Unknown) else ""
        found.append((time.process_time() - begun, type(verdict).__name__, reason))
    return found, _most()


def _most():
    """The most memory this process ever had, in bytes.

    Linux carries what `getrusage` says over from the process that started this one, so it is asked elsewhere.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [one for one in status.read_text().splitlines() if one.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


@pytest.mark.parametrize("name", [name for name, _, _ in SCHEMAS])
@pytest.mark.parametrize("reading", ["literal", "contract"])
def test_hostile_schemas_end_soon_and_small(apart, name, reading):
    """Seconds of processor time: under 1 on a quiet machine; the bound leaves room for a busy one."""
    answers, most = apart.submit(_asked, name, reading).result()
    for seconds, verdict, reason in answers:
        assert seconds < 4
        assert verdict in ("Contained", "NotContained", "Unknown")
        assert verdict != "Unknown" or reason
    assert most < 500e6


def test_steps_are_bounded_whatever_is_asked():
    for name, sub, sup in SCHEMAS:
        session = Session(reading="literal", budget=Budget(steps=300))
        session.contains(Schema(sub, PlainScope(sub)), Schema(sup, PlainScope(sup)))
        assert session.statistics.steps < 300 + 5000, name


def test_values_are_bounded_in_parts():
    cube = {
        "type": "array",
        "minItems": 900,
        "items": {"type": "array", "minItems": 900, "items": {"type": "array"}},
    }
    assert contains(cube, False) == Unknown("a value of more than 100,000 parts")
    assert contains({"type": "array", "minItems": 900}, False).witness.value == [None] * 900


def test_a_large_example_is_not_shown_a_thousand_times():
    line = {
        "type": "object",
        "properties": {"a": {"type": "array", "example": [0] * 50_000}},
        "required": ["a"],
    }
    lines = {"type": "array", "items": line}
    assert contains(lines, lines | {"maxItems": 1000}) == Unknown("a value of more than 100,000 parts")
    assert contains(line, False).witness.value == {"a": [0] * 50_000}


def test_common_bounds_are_within_what_is_shown():
    assert len(contains(S, S | {"maxLength": 65_536}).witness.value) == 65_537
    assert len(contains(S | {"pattern": "^[a-z]+$"}, S | {"maxLength": 65_536}).witness.value) == 65_537
    line = {"type": "object", "properties": {"a": S}, "required": ["a"]}
    lines = {"type": "array", "items": line}
    assert contains(lines, lines | {"maxItems": 1000}).witness.value == [{"a": ""}] * 1001
    assert len(contains({"type": "object"}, {"type": "object", "maxProperties": 1000}).witness.value) == 1001


def test_the_budget_is_counted_in_steps():
    sub, sup = choices(30), {"minProperties": 30}
    verdict = contains(sub, sup, reading="literal", budget=Budget(steps=500))
    assert verdict == Unknown("more than 500 steps")


def test_a_question_that_ran_out_leaves_the_session_usable():
    session = Session(budget=Budget(steps=500))
    hard = choices(30)
    scope = PlainScope(hard)
    easy = {"type": "integer"}
    assert isinstance(session.contains(Schema(hard, scope), Schema({"minProperties": 30}, scope)), Unknown)
    assert session.contains(Schema(easy, scope), Schema({"type": "number"}, scope)) == Contained()
    assert session.statistics.questions == 2
    assert session.statistics.unknown == {"more than 500 steps": 1}


def test_a_back_reference_is_unknown_not_wrong():
    assert isinstance(contains({"pattern": "^(a|b)\\1"}, {"pattern": "^c"}), Unknown)
    assert contains({"pattern": "^(a|b)\\1"}, {"pattern": "^(a|b)\\1"}) == Contained()


def test_look_around_is_decided():
    assert contains({"pattern": "^(?=a)[ab]"}, {"pattern": "^a"}) == Contained()
    assert contains({"pattern": "^(?!a)", "type": "string"}, {"pattern": "^[^b]"}).witness.value == ""
    assert contains({"pattern": "^(?!a)", "type": "string"}, {"maxLength": 2}).witness.value
