"""Fingerprints: the same for the same change however the text is laid out, another for another change."""

from __future__ import annotations

import json
import random

import pytest

import apicontract
from apicontract.policy.fingerprints import finding_fingerprint, fingerprint, named_pointer
from apicontract.sources import Place

OLD = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1.0.0"},
    "paths": {
        "/a": {
            "get": {
                "parameters": [
                    {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 9}},
                    {"name": "r", "in": "query", "schema": {"enum": ["a", "b", "c", "d"]}},
                ],
                "responses": {
                    "200": {
                        "description": "d",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"x": {"type": "string"}, "y": {"type": "integer"}},
                                    "required": ["x", "y"],
                                }
                            }
                        },
                    }
                },
            }
        }
    },
}


def edited(**how):
    new = json.loads(json.dumps(OLD))
    get = new["paths"]["/a"]["get"]
    get["parameters"][0]["schema"]["maxLength"] = how.get("length", 5)
    get["parameters"][1]["schema"]["enum"] = how.get("enum", ["a", "b"])
    schema = get["responses"]["200"]["content"]["application/json"]["schema"]
    del schema["properties"]["y"]
    schema["required"] = ["x"]
    return new


def shuffled(value, seed):
    rng = random.Random(seed)  # noqa: S311  # no secret

    def walk(item):
        if isinstance(item, dict):
            keys = list(item)
            rng.shuffle(keys)
            return {key: walk(item[key]) for key in keys}
        if isinstance(item, list):
            items = [walk(each) for each in item]
            rng.shuffle(items)
            return items
        return item

    return walk(value)


@pytest.fixture
def prints(tmp_path):
    def run(old, new, indent=None):
        for name, value in (("old.json", old), ("new.json", new)):
            (tmp_path / name).write_text(json.dumps(value, indent=indent))
        changes = apicontract.diff(tmp_path / "old.json", tmp_path / "new.json").changes
        return {(change.rule, fingerprint(change)) for change in changes}

    return run


def test_every_change_has_its_own(prints):
    found = prints(OLD, edited())
    assert {rule for rule, _ in found} == {
        "request-max-length-decreased",
        "request-enum-value-removed",
        "response-property-removed",
    }
    assert len({one for _, one in found}) == 3


@pytest.mark.parametrize("seed", range(8))
def test_layout_and_order_do_not_matter(prints, seed):
    assert prints(shuffled(OLD, seed), shuffled(edited(), seed + 100), indent=seed) == prints(OLD, edited())


def test_other_values_are_another_change(prints):
    before, after = dict(prints(OLD, edited())), dict(prints(OLD, edited(length=4, enum=["a"])))
    assert before["request-max-length-decreased"] != after["request-max-length-decreased"]
    assert before["request-enum-value-removed"] != after["request-enum-value-removed"]
    assert before["response-property-removed"] == after["response-property-removed"]


def test_long_values_count_to_their_end(prints):
    long = [f"value-{number:03}" for number in range(60)]
    old = edited()
    old["paths"]["/a"]["get"]["parameters"][1]["schema"]["enum"] = long
    one, two = json.loads(json.dumps(old)), json.loads(json.dumps(old))
    one["paths"]["/a"]["get"]["parameters"][1]["schema"]["enum"] = long[:-1]
    two["paths"]["/a"]["get"]["parameters"][1]["schema"]["enum"] = long[:-2]
    assert prints(old, one) != prints(old, two)


def test_where_the_new_contract_says_it_does_not_matter(prints):
    """What is inline in the old contract may be a component of any name in the new one."""
    new = edited()
    content = new["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
    new["components"] = {"schemas": {"Answer": content["schema"]}}
    content["schema"] = {"$ref": "#/components/schemas/Answer"}
    assert (
        dict(prints(OLD, new))["response-property-removed"]
        == dict(prints(OLD, edited()))["response-property-removed"]
    )


def test_a_change_elsewhere_is_another(prints):
    moved = {**OLD, "paths": {"/b": OLD["paths"]["/a"]}}
    new = {**edited(), "paths": {"/b": edited()["paths"]["/a"]}}
    assert not {one for _, one in prints(OLD, edited())} & {one for _, one in prints(moved, new)}


def test_messages_play_no_part(prints, tmp_path):
    import dataclasses

    prints(OLD, edited())
    for change in apicontract.diff(tmp_path / "old.json", tmp_path / "new.json").changes:
        reworded = dataclasses.replace(
            change, message="other words", was="", now="", witness=None, reaches=()
        )
        assert fingerprint(reworded) == fingerprint(change)
        assert fingerprint(dataclasses.replace(change, rule="other")) != fingerprint(change)


def test_pointers_by_name(tmp_path):
    file = tmp_path / "api.json"
    file.write_text(json.dumps(OLD))
    document = apicontract.load(file).library.root
    assert named_pointer(Place(document, "/paths/~1a/get/parameters/1/schema/enum/2")) == (
        "/paths/~1a/get/parameters/[query r]/schema/enum/[c]"
    )
    assert (
        named_pointer(Place(document, "/paths/~1a/get/parameters/7/nothing"))
        == "/paths/~1a/get/parameters/7/nothing"
    )


def test_findings_have_one_too(tmp_path):
    def only(text):
        file = tmp_path / "api.yaml"
        file.write_text(text)
        return {(each.rule, finding_fingerprint(each)) for each in apicontract.validate(file).findings}

    one = only("openapi: 3.1.0\ninfo: {title: T, version: 1}\npaths: {}\n")
    assert one == only("# moved\n\npaths: {}\nopenapi: 3.1.0\ninfo:\n  version: 1\n  title: T\n")
    assert one
    assert one != only("openapi: 3.1.0\ninfo: {title: T, version: 2}\npaths: {}\n")
