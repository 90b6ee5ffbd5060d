"""What a contract consists of, read off its text: never less than what its references lead to."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scratch_repository import Scratch, contract, outcomes

from apicontract.repository.references import external

_REFERENCES = [
    ("$ref: parts/a.yaml#/x\n", {"parts/a.yaml"}),
    ("$ref: 'parts/a b.yaml#/x'\n", {"parts/a b.yaml"}),
    ('"$ref": "parts/a.yaml"\n', {"parts/a.yaml"}),
    ("'$ref' : parts/a\n", {"parts/a"}),
    ("$ref:\n  parts/a.yaml\n", {"parts/a.yaml"}),
    ("a: {$ref: parts/a.yaml, b: 1}\n", {"parts/a.yaml"}),
    ("a: [{$ref: parts/a},{$ref: parts/b}]\n", {"parts/a", "parts/b"}),
    ("$ref: parts/a,b.yaml\n", {"parts/a,b.yaml"}),
    ("$ref: parts/a%20b.yaml # why\n", {"parts/a b.yaml"}),
    ("$ref: my parts/a.yaml#/y\n", {"my parts/a.yaml"}),
    ("$ref: '#/x'\n$ref: other.json\n", {"other.json"}),
    ("mapping: {a: './a.yaml#/x', b: b.json}\n", {"./a.yaml", "b.json"}),
    ("? $ref\n: parts/a\n", {"parts/a"}),
    ("description: about $ref in general\n", set()),
    ("$ref: https://example.org/a.yaml\n", set()),
    ("$ref: '#/components/x'\n", set()),
]
_ODD = [
    "$ref: >-\n  parts/a.yaml\n",
    "$ref: |\n  parts/a.yaml\n",
    "$ref: &x parts/a\n",
    "$ref: *x\n",
    "$ref: !!str parts/a\n",
    '$ref: "parts\\/a"\n',
    '"\\u0024ref": "parts/a"\n',
    '"\\x24ref": "parts/a"\n',
]


@pytest.mark.parametrize(("text", "expected"), _REFERENCES)
def test_references_that_are_read(text, expected):
    found = external(text.encode())
    assert found is not None
    assert expected <= found
    assert found or not expected


@pytest.mark.parametrize("text", _ODD)
def test_what_is_too_odd_is_said_to_be(text):
    assert external(text.encode()) is None


@given(st.text(min_size=1), st.booleans())
def test_every_reference_of_json_is_found(name, ascii_only):
    text = json.dumps(
        {"a": {"$ref": name, "b": "$ref", "$ref2": {}}, "c": {"$ref": {}}}, ensure_ascii=ascii_only
    )
    found = external(text.encode("utf-8", "surrogatepass"), is_json=True)
    target = unquote(name.partition("#")[0].strip())
    if found is not None and target and not target.startswith(("/", "urn:")) and "://" not in target:
        assert target in found


@pytest.mark.parametrize("text", [row[0] for row in _REFERENCES[:10]] + _ODD[:6])
def test_a_part_that_changes_is_never_missed(tmp_path, text):
    """Whatever the reference looks like: if the reader follows it, a change of the part is seen."""
    repo = Scratch(tmp_path)
    part = {"x": {"type": "object", "properties": {"id": {"type": "string"}}}}
    for name in ("parts/a.yaml", "parts/a b.yaml", "parts/a", "parts/b", "parts/a,b.yaml", "my parts/a.yaml"):
        repo.write(name, json.dumps(part))
    extension = "\n".join(f"  {line}" for line in text.splitlines())
    anchor = "x-anchor: &x parts/a.yaml\n" if "*x" in text else ""
    repo.put("api.yaml", f"{anchor}{contract('1.0.0')}x-part:\n{extension}\n")
    repo.branch()
    part["x"]["type"] = "array"
    for name in ("parts/a.yaml", "parts/a b.yaml", "parts/a", "parts/a,b.yaml", "my parts/a.yaml"):
        repo.write(name, json.dumps(part))
    repo.commit()
    result = repo.check(against="main")
    assert [row[0] for row in outcomes(result)] == ["api.yaml"]
