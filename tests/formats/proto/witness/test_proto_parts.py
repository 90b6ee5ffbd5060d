"""Proofs about messages of very many fields are made with a part of the message, and come out the same."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from apicontract.formats import DiffOptions
from apicontract.formats.proto.diff import diff
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.witness import parts

_CASES = sorted((Path(__file__).parents[3] / "cases" / "proto").glob("*.yaml"))


def told(old, new):
    """What a comparison says, witnesses and all."""
    return [
        (
            change.rule,
            change.level,
            change.certainty,
            change.message,
            [one.text for one in change.witnesses],
        )
        for change in diff(old, new, DiffOptions())
    ]


@pytest.mark.parametrize("file", _CASES, ids=lambda file: file.stem)
def test_a_part_proves_what_the_whole_does(file, monkeypatch):
    case = yaml.safe_load(file.read_text("utf-8"))
    sides = [from_texts(case[side]) for side in ("old", "new")]
    answers = []
    for large in (10**9, 0):
        monkeypatch.setattr(parts, "LARGE", large)
        answers.append([told(*sides), told(*reversed(sides))])
    assert answers[0] == answers[1]


def _of(fields, kind):
    body = "".join(f"  {kind} f{at} = {at};\n" for at in range(1, fields + 1))
    return from_texts({"t.proto": f'syntax = "proto3";\npackage t.v1;\nmessage M {{\n{body}}}\n'})


def test_a_part_is_what_is_written_and_what_it_may_be_read_as():
    body = {
        "old": "".join(f"optional int32 f{at} = {at};" for at in range(1, 200))
        + "optional int32 x = 300; required string r = 400;",
        "new": "".join(f"optional int32 f{at} = {at};" for at in range(1, 200))
        + "optional string y = 300; optional string x = 301; optional string z = 302 [json_name = 'x2'];",
    }
    old, new = (
        from_texts({"t.proto": f'syntax = "proto2"; package t; message M {{ {text} }}'}).messages["t.M"]
        for text in body.values()
    )
    x = next(field for field in old.fields if field.name == "x")
    found = parts.parts(parts_proof(old, new, x))
    assert found == ({"x", "r"}, {"x", "y"})


def parts_proof(old, new, field):
    from apicontract.formats.proto.witness import Proof

    return Proof(old, new, ((field, None),), ())


@pytest.mark.parametrize("now", ["string", "float", "bool"])
def test_cost_grows_with_the_fields_and_not_with_their_square(now):
    seconds = {}
    for fields in (500, 2000):
        old, new = _of(fields, "int32"), _of(fields, now)
        assert old.files
        assert new.files
        begun = time.process_time()
        changes = list(diff(old, new, DiffOptions()))
        seconds[fields] = time.process_time() - begun
        assert len(changes) == fields
        assert all(len(change.witnesses) for change in changes)
    assert seconds[2000] < 9 * seconds[500] + 0.2  # four times as many; by the square it would be sixteen
