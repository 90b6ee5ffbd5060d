"""What a `$ref` leads to: files, escapes, `$id`, anchors, circles; and where it may not lead."""

from __future__ import annotations

import json
import os

import pytest

from apicontract.sources import ContractError, ReadOptions, UnresolvedReference, read


def library(folder, options=None, /, **files):
    for name, value in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        text = value if isinstance(value, str) else json.dumps(value)
        path.write_text(text, encoding="utf-8")
    return read(str(folder / next(iter(files)).replace("__", "/").replace("_", ".")), options)


def led(found, ref, pointer=""):
    target = found.resolve(ref, document=found.root, pointer=pointer)
    return target.document.name.rsplit("/", 1)[-1], target.pointer, target.value


@pytest.mark.parametrize(
    ("ref", "pointer"),
    [
        ("#/paths/~1a~1{id}/get", "/paths/~1a~1{id}/get"),
        ("#/paths/~1a~1%7Bid%7D/get", "/paths/~1a~1{id}/get"),
        ("#/a%25b", "/a%b"),
        ("#/t~0t", "/t~0t"),
        ("#/t~01t", "/t~01t"),
        ("#/list/1", "/list/1"),
        ("#/caf%C3%A9", "/café"),
        ("#/", "/"),
        ("#", ""),
    ],
)
def test_escapes_in_fragments(tmp_path, ref, pointer):
    root = {"paths": {"/a/{id}": {"get": 1}}, "a%b": 2, "t~t": 3, "t~1t": 4, "list": [5, 6], "café": 7, "": 8}
    assert led(library(tmp_path, a_json=root), ref)[1] == pointer


@pytest.mark.parametrize(
    "ref", ["#/list/01", "#/list/-1", "#/list/+1", "#/list/2", "#/list/٣", "#/lis", "#/x/y", "#nothing"]
)
def test_what_is_not_there(tmp_path, ref):
    found = library(tmp_path, a_json={"list": [5, 6, 7, 8][:2], "x": 1, "$ref": ref})
    with pytest.raises(UnresolvedReference) as caught:
        led(found, ref)
    assert caught.value.line == 1
    assert ref in str(caught.value)


def test_a_name_that_is_nearly_right_is_suggested(tmp_path):
    with pytest.raises(UnresolvedReference) as caught:
        led(library(tmp_path, a_json={"schemas": {"Order": {}}}), "#/schemas/Ordre")
    assert caught.value.hint == "did you mean `#/schemas/Order`?"


def test_files_relative_to_where_the_reference_stands(tmp_path):
    found = library(
        tmp_path,
        api__v1__root_json={},
        api__v1__parts__a_yaml="b: {$ref: '../../common/b.json#/B'}\n",
        api__common__b_json={"B": {"$ref": "../v1/parts/c%20c.yaml"}},
    )
    (tmp_path / "api/v1/parts/c c.yaml").write_text("type: string\n", encoding="utf-8")
    with pytest.raises(UnresolvedReference, match="leaves the allowed root"):
        found.follow("parts/a.yaml#/b", document=found.root)
    wide = read(str(tmp_path / "api/v1/root.json"), ReadOptions(root=str(tmp_path)))
    target = wide.follow("parts/a.yaml#/b", document=wide.root)
    assert target.value == {"type": "string"}
    assert [document.syntax for document in wide.documents()] == ["json", "yaml", "json", "yaml"]


def test_the_repository_is_the_root_if_there_is_one(tmp_path):
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text("a: 1\n", encoding="utf-8")
    found = library(tmp_path / "repo", api__a_json={}, common_json={"a": 1})
    assert led(found, "../common.json")[2] == {"a": 1}
    with pytest.raises(UnresolvedReference, match="leaves the allowed root") as caught:
        led(found, "../../outside.yaml")
    assert "--root" in caught.value.hint


def test_a_symbolic_link_does_not_lead_out(tmp_path):
    (tmp_path / "secret.yaml").write_text("a: 1\n", encoding="utf-8")
    found = library(tmp_path / "api", a_json={})
    (tmp_path / "api/link.yaml").symlink_to("../secret.yaml")
    with pytest.raises(UnresolvedReference, match="leaves the allowed root"):
        led(found, "link.yaml")


@pytest.mark.parametrize(
    "ref",
    [
        "http://api.invalid/a.json",
        "https://api.invalid/a.json#/a",
        "//api.invalid/a.json",
        "file:///etc/passwd",
        "ftp://api.invalid/a",
        "/etc/hostname",
        "../../../../../../../etc/hostname",
        "..%2F..%2F..%2F..%2F..%2F..%2Fetc%2Fhostname",
    ],
)
def test_nothing_outside_is_read_unasked(tmp_path, ref):
    with pytest.raises(UnresolvedReference):
        led(library(tmp_path, a_json={}), ref)


def test_circles(tmp_path):
    root = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": {"$ref": "#/b"}, "d": {"e": {"$ref": "#/d"}}}
    found = library(tmp_path, a_json=root)
    with pytest.raises(UnresolvedReference, match="back to itself"):
        found.follow("#/a", document=found.root)
    assert found.follow("#/d/e", document=found.root).pointer == "/d"


NAMED = {
    "Order": {
        "$id": "https://api.example/schemas/order",
        "$anchor": "order",
        "$defs": {"Id": {"$anchor": "id"}},
    },
    "Item": {"$id": "https://api.example/schemas/item", "$defs": {"Id": {"$anchor": "id", "type": "string"}}},
    "Node": {"$dynamicAnchor": "node"},
}


@pytest.mark.parametrize(
    ("ref", "pointer", "goal"),
    [
        ("https://api.example/schemas/order", "", "/Order"),
        ("https://api.example/schemas/order#/$defs/Id", "", "/Order/$defs/Id"),
        ("https://api.example/schemas/item#id", "", "/Item/$defs/Id"),
        ("item", "/Order/properties/item", "/Item"),
        ("item#id", "/Order", "/Item/$defs/Id"),
        ("#id", "/Order/$defs", "/Order/$defs/Id"),
        ("#id", "/Item/$defs", "/Item/$defs/Id"),
        ("#/$defs/Id", "/Item/properties/id", "/Item/$defs/Id"),
        ("#node", "", "/Node"),
        ("#/Order", "", "/Order"),
    ],
)
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_names_within_a_document(tmp_path, suffix, ref, pointer, goal):
    assert led(library(tmp_path, **{f"a_{suffix}": NAMED}), ref, pointer)[1] == goal


def test_an_anchor_in_another_file(tmp_path):
    found = library(tmp_path, a_json={}, b_yaml="x: {$anchor: here, type: string}\n")
    assert led(found, "b.yaml#here") == ("b.yaml", "/x", {"$anchor": "here", "type": "string"})
    with pytest.raises(UnresolvedReference, match="nothing is named `there`"):
        led(found, "b.yaml#there")


def test_a_file_that_cannot_be_read_is_said_where_it_is_referred_to(tmp_path):
    found = library(tmp_path, a_json='{"a":\n {"$ref": "b.yaml"}}', b_yaml="")
    with pytest.raises(UnresolvedReference, match="empty") as caught:
        led(found, "b.yaml", "/a")
    assert (caught.value.line, caught.value.file) == (2, str(tmp_path / "a.json"))


def test_a_mistake_in_the_other_file_is_said_there(tmp_path):
    found = library(tmp_path, a_json={"$ref": "b.yaml"}, b_yaml="a: 1\nb: [\n")
    with pytest.raises(ContractError, match=r"b\.yaml") as caught:
        led(found, "b.yaml")
    assert caught.value.line == 3


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.yaml").write_text("a: {$ref: pipe}\n", encoding="utf-8")
    library = read(str(tmp_path / "a.yaml"))
    with pytest.raises(UnresolvedReference, match="pipe is no regular file"):
        library.resolve("pipe", document=library.root, pointer="/a")
