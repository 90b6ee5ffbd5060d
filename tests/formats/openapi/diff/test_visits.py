"""What a comparison costs where schemas lead to each other, counted in work and not in seconds."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

import apicontract
from apicontract.formats.openapi.diff import schema_changes, visits
from apicontract.formats.openapi.diff.visits import spread
from apicontract.reports.json import diff_json

if TYPE_CHECKING:
    from pathlib import Path


def ring(folder: Path, count: int) -> tuple[str, str]:
    """Operations of which each answers with a schema that leads to all; a value comes to every schema."""
    paths = {}
    for number in range(count):
        schema = {"$ref": f"#/components/schemas/S{number}"}
        answer = {"description": "ok", "content": {"application/json": {"schema": schema}}}
        paths[f"/o{number}"] = {"get": {"responses": {"200": answer}}}
    written = []
    for side, values in (("old", ["a", "b"]), ("new", ["a", "b", "c"])):
        schemas = {
            f"S{number}": {
                "type": "object",
                "properties": {
                    "next": {"$ref": f"#/components/schemas/S{(number + 1) % count}"},
                    "kind": {"type": "string", "enum": values},
                },
            }
            for number in range(count)
        }
        contract = {
            "openapi": "3.0.3",
            "info": {"title": "Ring", "version": "1.0.0"},
            "paths": paths,
            "components": {"schemas": schemas},
        }
        path = folder / f"{side}-{count}.json"
        path.write_text(json.dumps(contract), encoding="utf-8")
        written.append(str(path))
    return written[0], written[1]


def counted(monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str]) -> tuple[int, int, apicontract.Diff]:
    """How many pairs were looked at and how many proofs looked for, and the result."""
    counts = {"_look_at": 0, "lift": 0}

    def counting(name: str) -> None:
        real = getattr(schema_changes, name)

        def call(*arguments: object) -> object:
            counts[name] += 1
            return real(*arguments)

        monkeypatch.setattr(schema_changes, name, call)

    with monkeypatch.context() as patched:
        monkeypatch = patched
        for name in counts:
            counting(name)
        result = apicontract.diff(*pair)
    return counts["_look_at"], counts["lift"], result


def test_a_ring_of_schemas_costs_in_proportion_to_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in (40, 160):
        looked_at, lifted, result = counted(monkeypatch, ring(tmp_path, count))
        assert len(result.changes) == count
        readings = 4 * 2  # which of both questions matter, in either shard
        assert looked_at <= readings * (schema_changes.MAX_OTHERS + 1) * count
        assert lifted <= (schema_changes.MAX_OTHERS + 1) * count


def test_every_operation_reaches_every_change_of_a_ring(tmp_path: Path) -> None:
    result = apicontract.diff(*ring(tmp_path, 30))
    assert len(result.changes) == 30
    expected = tuple(f"GET /o{number}" for number in range(30))
    assert {change.reaches for change in result.changes} == {expected}
    assert len({id(change.reaches) for change in result.changes}) == 1  # kept once
    assert all(change.witness for change in result.changes)


def test_operations_are_those_met_without_any_limit_of_visits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ladders of components: each operation enters at one of them, and reaches those below."""
    pair = ladder(tmp_path, 24)
    bounded = apicontract.diff(*pair)
    monkeypatch.setattr(schema_changes, "MAX_OTHERS", 1_000)
    assert diff_json(apicontract.diff(*pair)) == diff_json(bounded)
    reaching = sorted(len(change.reaches) for change in bounded.changes)
    assert reaching == list(range(2, 50, 2))


def ladder(folder: Path, count: int) -> tuple[str, str]:
    written = []
    for side, most in (("old", 10), ("new", 9)):
        schemas: dict[str, object] = {}
        paths: dict[str, object] = {}
        for number in range(count):
            below = {"below": {"$ref": f"#/components/schemas/R{number + 1}"}} if number + 1 < count else {}
            own = {"size": {"type": "integer", "maximum": most}}
            schemas[f"R{number}"] = {"type": "object", "properties": own | below}
            content = {"application/json": {"schema": {"$ref": f"#/components/schemas/R{number}"}}}
            operation = {
                "requestBody": {"content": content},
                "responses": {"200": {"description": "ok", "content": content}},
            }
            paths[f"/r{number}"] = {"put": operation, "post": operation}
        contract = {
            "openapi": "3.0.3",
            "info": {"title": "Ladder", "version": "1.0.0"},
            "paths": paths,
            "components": {"schemas": schemas},
        }
        path = folder / f"{side}.json"
        path.write_text(json.dumps(contract), encoding="utf-8")
        written.append(str(path))
    return written[0], written[1]


@pytest.mark.parametrize("seed", range(60))
def test_sets_are_spread_as_by_walking_from_each_top(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311
    count = drawn.randint(1, 14)
    graph = [
        ((), [drawn.randrange(count) for _ in range(drawn.choice((0, 1, 1, 2, 3)))]) for _ in range(count)
    ]
    tops = {drawn.randrange(count): 1 << at for at in range(drawn.randint(0, 4))}
    expected: dict[int, int] = {}
    for top, operations in tops.items():
        reached, waiting = {top}, [top]
        while waiting:
            for below in graph[waiting.pop()][1]:
                if below not in reached:
                    reached.add(below)
                    waiting.append(below)
        for node in reached:
            expected[node] = expected.get(node, 0) | operations
    assert spread(graph, tops) == expected


def test_what_is_another_change_in_every_message_is_never_passed_over() -> None:
    known = visits.Visits()
    top = known.at("top", None)
    below = known.at("below", top)
    assert known.at("below", top) is below
    below.keep_apart()
    assert top.apart
    assert known.at("above", None).apart is False
    assert known.at("top", known.at("above", None)) is top
    assert known.at("above", None).apart
