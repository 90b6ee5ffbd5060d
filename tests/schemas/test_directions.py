"""readOnly and writeOnly by direction, and OpenAPI's discriminator."""

from __future__ import annotations

import pytest

from apicontract.schemas import Contained, NotContained, PlainScope, Schema, Session

S = {"type": "string"}
READ_ONLY = {"type": "string", "readOnly": True}
WRITE_ONLY = {"type": "string", "writeOnly": True}


def ask(sub, sup, flow, dialect="openapi-3.0", pointer="/x"):
    old, new = {"x": sub}, {"x": sup}
    if pointer != "/x":
        old, new = sub, sup
    a = Schema(_at(old, pointer), PlainScope(old, dialect), pointer)
    b = Schema(_at(new, pointer), PlainScope(new, dialect), pointer)
    return Session().contains(a, b, flow=flow)


def _at(value, pointer):
    for token in pointer.split("/")[1:]:
        value = value[token]
    return value


def an_object(properties, **more):
    return {"type": "object", "properties": properties, **more}


def test_a_client_does_not_send_read_only_properties():
    assert ask(an_object({"id": READ_ONLY}), an_object({"id": {"type": "integer"}}), "request") == Contained()
    assert isinstance(
        ask(an_object({"id": READ_ONLY}), an_object({"id": {"type": "integer"}}), "response"), NotContained
    )


def test_a_server_does_not_require_read_only_properties():
    receiver = an_object({"id": READ_ONLY}, required=["id"])
    assert ask(an_object({}), receiver, "request") == Contained()
    assert isinstance(ask(an_object({}), receiver, None), NotContained)


def test_a_server_ignores_read_only_properties_even_where_closed():
    receiver = an_object({"a": S, "id": READ_ONLY}, additionalProperties=False)
    assert ask(an_object({"a": S, "id": S}, additionalProperties=False), receiver, "request") == Contained()


def test_the_mirror_for_responses():
    receiver = an_object({"secret": WRITE_ONLY}, required=["secret"])
    assert ask(an_object({}), receiver, "response") == Contained()
    assert isinstance(ask(an_object({}), receiver, "request"), NotContained)


def test_required_in_another_branch_than_the_mark():
    receiver = {"allOf": [an_object({"id": READ_ONLY}), {"required": ["id"]}]}
    assert ask({"type": "object"}, receiver, "request") == Contained()


def test_the_mark_behind_a_reference():
    document = {"x": an_object({"id": {"$ref": "#/Id"}}, required=["id"]), "Id": READ_ONLY}
    old = {"x": {"type": "object"}}
    a = Schema(old["x"], PlainScope(old, "openapi-3.0"), "/x")
    b = Schema(document["x"], PlainScope(document, "openapi-3.0"), "/x")
    assert Session().contains(a, b, flow="request") == Contained()
    assert isinstance(Session().contains(a, b, flow="response"), NotContained)


def test_becoming_read_only_in_a_response_changes_nothing():
    assert ask(an_object({"id": S}), an_object({"id": READ_ONLY}), "response") == Contained()


def pets(mapping, **changes):
    dog = an_object({"kind": S, "bark": {"type": "string", "maxLength": 10}}, required=["kind"])
    cat = an_object({"kind": S, "meow": S}, required=["kind"])
    discriminator = {"propertyName": "kind", **({"mapping": mapping} if mapping else {})}
    return {
        "x": {"oneOf": [{"$ref": "#/Dog"}, {"$ref": "#/Cat"}], "discriminator": discriminator},
        "Dog": dog,
        "Cat": cat,
        **changes,
    }


def verdict(old, new, flow="request"):
    a = Schema(old["x"], PlainScope(old, "openapi-3.0"), "/x")
    b = Schema(new["x"], PlainScope(new, "openapi-3.0"), "/x")
    return Session().contains(a, b, flow=flow)


MAPPING = {"dog": "#/Dog", "cat": "#/Cat"}


def test_a_renamed_tag_selects_nothing():
    found = verdict(pets(MAPPING), pets({"hound": "#/Dog", "cat": "#/Cat"}))
    assert found.witness.value == {"kind": "dog"}
    assert "discriminator" in found.witness.note


def test_an_added_tag_is_wider():
    wider = pets(MAPPING | {"hound": "#/Dog"})
    assert verdict(pets(MAPPING), wider) == Contained()
    assert isinstance(verdict(wider, pets(MAPPING)), NotContained)


def test_branches_are_compared_by_tag():
    narrower = pets(
        MAPPING, Dog=an_object({"kind": S, "bark": {"type": "string", "maxLength": 5}}, required=["kind"])
    )
    assert verdict(narrower, pets(MAPPING)) == Contained()
    found = verdict(pets(MAPPING), narrower)
    assert found.witness.value == {"kind": "dog", "bark": "a" * 6}


def test_names_of_components_are_tags():
    assert isinstance(verdict(pets(None), pets(MAPPING)), NotContained)
    assert verdict(pets(None), pets(None)) == Contained()


@pytest.mark.parametrize("mapping", [None, MAPPING])
def test_a_branch_that_fixes_its_own_tag_is_taken_at_its_word(mapping):
    dog = an_object({"kind": {"type": "string", "enum": ["DOG"]}}, required=["kind"])
    found = verdict(pets(mapping, Dog=dog), pets(mapping, Dog=dog | {"required": ["kind", "name"]}))
    assert found.witness.value == {"kind": "DOG"}


def test_a_refutation_beside_hidden_properties_is_verified():
    sender = an_object({"id": READ_ONLY, "name": S}, required=["id", "name"])
    found = ask(sender, an_object({"id": READ_ONLY, "name": {"type": "integer"}}, required=["id"]), "request")
    assert found.witness.value == {"name": ""}
    document = {"x": {"allOf": [{"$ref": "#/Base"}, {"required": ["id"]}]}, "Base": sender}
    other = {
        "x": {"allOf": [{"$ref": "#/Base"}]},
        "Base": sender | {"properties": {"name": {"type": "integer"}}},
    }
    assert verdict(document, other).witness.value == {"name": ""}
