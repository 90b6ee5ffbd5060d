"""Every case of `proto/` comes out with its truth on wire, in JSON and for code.

A case says `old`, `new` (files), `truth` per surface and `why`. `none` and `patch` are one answer. Where
`policy` is true bytes alone cannot decide. Nothing here knows how a verdict is reached; where bytes can
decide, `test_truth_is_what_the_runtime_does` asks the protobuf runtime about the truth itself.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, find, given, settings
from hypothesis.errors import NoSuchExample
from proto_runtime import Pair, Side, back_breaks, forth_breaks

from apicontract.changes import Certainty, Level, Surface, highest
from apicontract.formats import DiffOptions
from apicontract.formats.proto.diff import diff
from apicontract.formats.proto.load import from_texts

_FOLDER = Path(__file__).parent / "proto"
_CASES = {
    path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for path in sorted(_FOLDER.glob("*.yaml"))
}
_SURFACES = ("wire", "json", "source")
_SWITCHED_OFF = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
_SETTINGS = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=_SWITCHED_OFF
)
_LARGEST_FLOAT = struct.unpack("<f", bytes.fromhex("ffff7f7f"))[0]
_SEARCH = settings(
    max_examples=1500, deadline=None, database=None, derandomize=True, suppress_health_check=_SWITCHED_OFF
)


@pytest.fixture(scope="module", params=_CASES)
def name(request):
    """One case after the other for all tests, so that its contracts are compiled once."""
    return request.param


@cache
def contracts(name):
    case = _CASES[name]
    return from_texts(case["old"]), from_texts(case["new"])


def changes(name, *, reverse=False, **options):
    old, new = contracts(name)
    return list(diff(*((new, old) if reverse else (old, new)), DiffOptions(**options)))


def verdict(level):
    return "none-or-patch" if str(level) in {"none", "patch"} else str(level)


def explained(found):
    return "\n".join(f"{one.rule}: {one.message} {dict(one.effects)}" for one in found)


def test_case_is_well_formed(name):
    case = _CASES[name]
    assert case["name"] == name
    assert case["why"]
    assert set(case["truth"]) == set(_SURFACES)
    assert set(case["truth"].values()) <= {"none", "patch", "minor", "major"}


def test_truth_on_every_surface(name):
    case = _CASES[name]
    for surface in _SURFACES:
        found = changes(name, surfaces=frozenset({Surface(surface)}))
        assert verdict(highest(found)) == verdict(case["truth"][surface]), (
            f"{surface}: {case['why']}\n{explained(found)}"
        )


def test_all_surfaces_come_out_of_one_pass(name):
    found = changes(name)
    for surface in _SURFACES:
        level = max((one.effects[Surface(surface)] for one in found), default=Level.NONE)
        assert verdict(level) == verdict(_CASES[name]["truth"][surface])


def test_reverse_is_judged(name):
    assert all(one.level >= Level.PATCH for one in changes(name, reverse=True))


def test_same_contract_has_no_change(name):
    for contract in contracts(name):
        assert not list(diff(contract, contract, DiffOptions()))


def _measured(name):
    """The surfaces whose truth the runtime can be asked about."""
    case = _CASES[name]
    if isinstance(case.get("measured"), bool):
        return ("wire", "json") if case["measured"] else ()
    by_hand = [sample for side in case["samples"].values() for sample in side if sample.startswith("hex:")]
    proved = [surface for surface in ("wire", "json") if case["proof"][surface] == "encoding"]
    return () if by_hand or case["policy"] else tuple(proved)


@cache
def pair(name):
    (old, new), message = contracts(name), _CASES[name]["message"]
    return Pair(Side(old, message["old"]), Side(new, message["new"]))


def broken(strategy, breaks):
    try:
        find(strategy, breaks, settings=_SEARCH)
    except NoSuchExample:
        return False
    return True


def test_truth_is_what_the_runtime_does(name):
    """Major: an old message is lost. Less: none is. None: no new message surprises an old reader either."""
    for surface in _measured(name):
        _ask(pair(name), _CASES[name]["truth"][surface], surface)


def _ask(sides, truth, surface):
    def lost(message):
        return forth_breaks(sides, surface, message)

    def surprising(message):
        return back_breaks(sides, surface, message)

    if truth == "major":
        assert broken(sides.old.messages(), lost) or _new_default_is_refused(sides, surface), surface
        return

    @_SETTINGS
    @given(sides.old.messages())
    def nothing_is_lost(message):
        assume(surface != "json" or not _has_largest_float(message))
        assert not lost(message), surface

    nothing_is_lost()
    if truth == "none":

        @_SETTINGS
        @given(sides.new.messages())
        def nothing_surprises(message):
            assert not surprising(message), surface

        nothing_surprises()


def _has_largest_float(message):
    """Whether a field of it is the largest float: json_format writes it rounded up, beyond what a float holds."""
    return any(
        field.type == field.TYPE_FLOAT and not field.is_repeated and abs(value) == _LARGEST_FLOAT
        for field, value in message.ListFields()
    )


def _new_default_is_refused(sides, surface):
    """A new message that sets nothing is refused by an old reader: the other way to break (`required`)."""
    return back_breaks(sides, surface, sides.new.type())


def test_no_break_is_assumed(name):
    assert not [one.rule for one in changes(name) if one.certainty is Certainty.ASSUMED]


def test_break_that_bytes_decide_has_a_witness(name):
    if not _measured(name):
        return  # a break by definition or policy
    for one in changes(name):
        shown = {witness.kind for witness in one.witnesses}
        for surface, kind in ((Surface.WIRE, "bytes"), (Surface.JSON, "json-text")):
            assert (kind in shown) == (one.effects[surface] is Level.MAJOR), one.rule


def test_most_cases_are_asked_of_the_runtime():
    measured = [one for one in _CASES if _measured(one)]
    assert len(measured) >= 100
    assert len(_CASES) >= 120
