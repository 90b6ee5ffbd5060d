"""GitHub's components at two releases: every changed one decided both ways, every witness confirmed."""

from __future__ import annotations

import json

import corpora
import pytest

from apicontract.schemas import PlainScope, Schema, Session

PAIRS = [
    ("10.0.0", "14.0.0"),
    ("14.0.0", "18.0.0"),
    ("18.0.0", "20.0.0"),
    ("20.0.0", "22.0.0"),
    ("22.0.0", "23.0.2"),
]


def _contract(version):
    try:
        path = corpora.github(version, "api.github.com")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.corpus
@pytest.mark.parametrize("old_version, new_version", PAIRS)
@pytest.mark.parametrize("flow", ["request", "response"])
def test_changed_components_are_decided(old_version, new_version, flow):
    old, new = _contract(old_version), _contract(new_version)
    sides = [
        (document["components"]["schemas"], PlainScope(document, "openapi-3.0")) for document in (old, new)
    ]
    session = Session()
    shared = [name for name in sides[0][0] if name in sides[1][0]]
    for name in shared:
        one, other = (Schema(parts[name], scope, f"/components/schemas/{name}") for parts, scope in sides)
        session.contains(one, other, flow=flow)
        session.contains(other, one, flow=flow)
    counts = session.statistics
    assert counts.questions == 2 * len(shared)
    assert counts.unverified == 0
    assert counts.refuted > 0
    assert counts.unknown.total() <= counts.questions * 0.03, counts.unknown
