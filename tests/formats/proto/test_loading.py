"""Where protos come from: layouts on disk, include folders, buf's configuration, git, sets, standard input."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys

import pytest

import apicontract
from apicontract import ContractError, ReadOptions
from apicontract.formats.proto.compiling.descriptor_sets import framed
from apicontract.formats.proto.load import from_texts

ORDERS = """syntax = "proto3";
package acme.orders.v1;
import "acme/common/v1/money.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
message Order { acme.common.v1.Money total = 1; google.protobuf.Timestamp at = 2; }
service Orders {
  rpc Get(Order) returns (Order) { option (google.api.http) = { get: "/v1/orders" }; }
}
"""
MONEY = 'syntax = "proto3";\npackage acme.common.v1;\nmessage Money { int64 units = 1; }\n'
TREE = {"acme/orders/v1/orders.proto": ORDERS, "acme/common/v1/money.proto": MONEY}


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "t")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "t@example.org")


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def git(*arguments):
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def own(contract):
    assert not [mistake for mistake in contract.mistakes if not mistake.is_warning]
    return list(contract.own)


@pytest.mark.parametrize("spec", [".", "proto", "proto/acme", "proto/acme/", "proto/**/*.proto", "./proto"])
def test_folders_and_globs_are_one_contract_with_its_import_paths(tmp_path, spec):
    write(tmp_path / "proto", TREE)
    contract = apicontract.load(spec)
    assert own(contract) == sorted(TREE)
    assert contract.files["acme/orders/v1/orders.proto"].document.name == "proto/acme/orders/v1/orders.proto"


@pytest.mark.parametrize(
    "spec", ["proto/acme/orders/v1/orders.proto", "proto/acme/orders", "proto/acme/orders/v1"]
)
def test_what_is_imported_is_found_in_the_folders_around(tmp_path, spec):
    write(tmp_path / "proto", TREE)
    git("init", "-q", ".")
    contract = apicontract.load(spec)
    assert own(contract) == ["acme/orders/v1/orders.proto"]
    assert not contract.files["acme/common/v1/money.proto"].is_own
    assert (contract.title, contract.version) == ("acme.orders.v1", "v1")


def test_a_package_that_repeats_its_folders_tells_the_root_without_a_repository(tmp_path):
    write(tmp_path / "any", TREE)
    assert own(apicontract.load("any/acme/orders/v1/orders.proto")) == ["acme/orders/v1/orders.proto"]


def test_files_that_say_nothing_of_their_root_are_known_by_their_path_below_the_folder(tmp_path):
    write(tmp_path / "x", {"b/one.proto": 'syntax = "proto3";', "two.proto": 'syntax = "proto3";'})
    assert own(apicontract.load("x")) == ["b/one.proto", "two.proto"]


def test_several_roots_in_one_folder(tmp_path):
    write(tmp_path / "services/orders", {"acme/orders/v1/orders.proto": ORDERS})
    write(tmp_path / "shared/protos", {"acme/common/v1/money.proto": MONEY})
    assert own(apicontract.load(".")) == sorted(TREE)


def test_include_folders(tmp_path):
    write(tmp_path / "mine", {"orders.proto": ORDERS.replace("package acme.orders.v1;", "package orders;")})
    write(tmp_path / "third party/é", {"acme/common/v1/money.proto": MONEY})
    with pytest.raises(
        ContractError, match=r"mine/orders\.proto:3:1: the import `acme/common/v1/money"
    ) as raised:
        _ = apicontract.load("mine").files
    assert "-I" in raised.value.hint
    options = ReadOptions(includes=("third party/é",))
    contract = apicontract.load("mine", options=options)
    assert own(contract) == ["orders.proto"]
    assert (
        contract.files["acme/common/v1/money.proto"].document.name
        == "third party/é/acme/common/v1/money.proto"
    )
    with pytest.raises(ContractError, match="no folder"):
        apicontract.load("mine", options=ReadOptions(includes=("nowhere",)))


def test_an_include_folder_is_the_root_of_what_is_below_it(tmp_path):
    write(tmp_path / "a/b", {"x/y.proto": 'syntax = "proto3"; package p;'})
    assert own(apicontract.load("a", options=ReadOptions(includes=("a/b",)))) == ["x/y.proto"]
    assert own(apicontract.load("a", options=ReadOptions(includes=("a/b/x",)))) == ["y.proto"]


def test_own_files_come_before_included_ones_of_the_same_path(tmp_path):
    write(tmp_path / "old", TREE)
    write(tmp_path / "new", {**TREE, "acme/common/v1/money.proto": MONEY.replace("units", "amount")})
    contract = apicontract.load("new", options=ReadOptions(includes=("old", "new")))
    assert contract.messages["acme.common.v1.Money"].fields[0].name == "amount"


BUF = {
    "v2": {
        "buf.yaml": "version: v2\nmodules:\n  - path: proto\n    excludes: [proto/internal]\n  - path: vendor\n"
    },
    "work": {
        "buf.work.yaml": "version: v1\ndirectories: [proto, vendor]\n",
        "proto/buf.yaml": "version: v1\nbuild:\n  excludes: [internal]\n",
    },
    "v1beta1": {
        "buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\n  excludes: [proto/internal]\n"
    },
    "two modules": {
        "proto/buf.yaml": "version: v1\nbuild: {excludes: [internal]}\n",
        "vendor/buf.yaml": "version: v1\n",
    },
}


@pytest.mark.parametrize("config", BUF)
def test_buf_says_which_files_and_below_which_folders(tmp_path, config):
    write(
        tmp_path,
        {
            **BUF[config],
            "proto/acme/orders/v1/orders.proto": ORDERS,
            "vendor/acme/common/v1/money.proto": MONEY,
        },
    )
    write(tmp_path, {"proto/internal/acme/orders/v1/orders.proto": "broken", "stray/broken.proto": "broken"})
    assert own(apicontract.load(".")) == sorted(TREE)


def test_buf_above_the_folder_that_is_named(tmp_path):
    write(tmp_path / "repo", {"buf.yaml": "version: v2\nmodules: [{path: proto}, {path: vendor}]\n"})
    write(tmp_path / "repo", {"proto/orders.proto": ORDERS, "vendor/acme/common/v1/money.proto": MONEY})
    git("init", "-q", "repo")
    assert own(apicontract.load("repo/proto")) == ["orders.proto"]


def test_a_dependency_of_bufs_registry_is_named_where_its_file_is_missing(tmp_path):
    write(tmp_path, {"buf.yaml": "version: v2\ndeps: [buf.build/acme/common]\n", "o.proto": ORDERS})
    with pytest.raises(ContractError) as raised:
        _ = apicontract.load(".").files
    assert "buf export buf.build/acme/common" in raised.value.hint


@pytest.mark.parametrize(
    "text, says",
    [
        ("modules: [", "buf.yaml:"),
        ("- a\n", "no configuration of buf"),
        ("version: v2\nmodules: [{path: ../..}]", "leads out of"),
    ],
)
def test_a_broken_configuration_of_buf_is_said_with_its_file(tmp_path, text, says):
    write(tmp_path, {"buf.yaml": text, "o.proto": MONEY})
    with pytest.raises(ContractError, match=says) as raised:
        apicontract.load(".")
    assert raised.value.file.endswith("buf.yaml")


def test_git_reads_the_revision_and_not_the_working_tree(tmp_path):
    git("init", "-q", "-b", "main", ".")
    write(tmp_path / "proto", TREE)
    git("add", ".")
    git("commit", "-qm", "one")
    write(
        tmp_path / "proto", {"acme/common/v1/money.proto": MONEY.replace("units", "amount"), "new.proto": "x"}
    )
    for spec in ("git:main:proto", "git:HEAD:.", "git:main:proto/acme/"):
        contract = apicontract.load(spec)
        assert own(contract) == sorted(TREE)
        assert contract.messages["acme.common.v1.Money"].fields[0].name == "units"
    money = contract.messages["acme.common.v1.Money"]
    assert money.place.file == "git:main:proto/acme/common/v1/money.proto"
    assert (money.place.line, money.place.column) == (3, 1)
    one = apicontract.load("git:main:proto/acme/orders/v1/orders.proto")
    assert own(one) == ["acme/orders/v1/orders.proto"]
    included = apicontract.load(
        "git:main:proto/acme/orders/v1/orders.proto", options=ReadOptions(includes=("proto",))
    )
    assert included.messages["acme.common.v1.Money"].fields[0].name == "units"


def test_descriptor_sets_with_and_without_imports(tmp_path):
    write(tmp_path / "proto", TREE)
    parts = apicontract.load("proto").unit.compiled.parts
    whole = b"".join(framed(part) for part in parts.values())
    bare = b"".join(framed(parts[name]) for name in TREE)
    image = framed(parts["acme/orders/v1/orders.proto"]) + framed(
        parts["acme/common/v1/money.proto"] + b"\xd2\xf6\x03\x02\x08\x01"  # buf_extension { is_import: true }
    )
    write(
        tmp_path,
        {"whole.binpb": whole, "bare.pb": bare, "packed.binpb.gz": gzip.compress(whole), "any.name": whole},
    )
    for name in ("whole.binpb", "bare.pb", "packed.binpb.gz", "any.name"):
        contract = apicontract.load(name)
        assert own(contract) == sorted(TREE), name
        message = contract.messages["acme.orders.v1.Order"]
        assert (message.place.file, message.place.line) == ("acme/orders/v1/orders.proto", 6)
        assert contract.title == "acme"
    write(tmp_path, {"image.binpb": image})
    assert own(apicontract.load("image.binpb")) == ["acme/orders/v1/orders.proto"]


@pytest.mark.parametrize("text", [MONEY.encode(), b"\xef\xbb\xbf" + MONEY.replace("\n", "\r\n").encode()])
def test_standard_input_is_taken_as_text_or_set(monkeypatch, text):
    part = from_texts({"m.proto": text}).unit.compiled.parts["m.proto"]
    for data in (text, framed(part)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
        contract = apicontract.load("-")
        assert contract.messages["acme.common.v1.Money"].place.line == 3


def test_a_text_of_another_suffix_is_known_by_what_it_says(tmp_path):
    write(tmp_path, {"money.txt": MONEY})
    assert own(apicontract.load("money.txt")) == ["money.txt.proto"]


def test_a_folder_with_protos_and_openapi_holds_both(tmp_path):
    write(
        tmp_path,
        {"m.proto": MONEY, "api.yaml": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"},
    )
    assert {contract.format for contract in apicontract.find(".").values()} == {"proto", "openapi"}
    with pytest.raises(ContractError, match="2 contracts here"):
        apicontract.load(".")


def test_odd_bytes_and_names_are_read(tmp_path):
    files = {
        "with space/ü.proto": b"\xef\xbb\xbf"
        + 'syntax = "proto3"; message Ü_ {}'.encode().replace("Ü_".encode(), b"U"),
        "a:b=c.proto": 'syntax = "proto3";\r\nimport "with space/ü.proto"; message C { U u = 1; }\r\n',
        "odd/import.proto": "syntax = 'proto3';import /* c */\n'a:b=c.proto'\n;message O { C c = 1; }",
    }
    write(tmp_path / "x", files)
    contract = apicontract.load("x")
    assert own(contract) == sorted(files)
    second = files["a:b=c.proto"].split("\n")[1]
    place = contract.messages["C"].place
    assert (place.line, place.column) == (2, second.index("message") + 1)


def test_a_link_that_leaves_the_root_is_not_read(tmp_path):
    write(
        tmp_path, {"secret.proto": 'syntax = "proto3"; message Secret {}', "x/a.proto": 'syntax = "proto3";'}
    )
    (tmp_path / "x/link.proto").symlink_to(tmp_path / "secret.proto")
    (tmp_path / "x/inside.proto").symlink_to(tmp_path / "x/a.proto")
    assert own(apicontract.load("x")) == ["a.proto", "inside.proto"]


@pytest.mark.parametrize(
    "path", ["../secret.proto", "/etc/passwd", "a//b.proto", "./a.proto", "a\\\\b.proto", ""]
)
def test_an_import_may_not_lead_out(tmp_path, path):
    write(tmp_path, {"secret.proto": 'syntax = "proto3"; message Secret {}'})
    write(tmp_path / "x", {"a.proto": f'syntax = "proto3"; import "{path}"; message A {{ Secret s = 1; }}'})
    with pytest.raises(ContractError, match=r"^x/a\.proto:1:"):
        _ = apicontract.load("x").files


def test_nothing_to_read(tmp_path):
    write(tmp_path, {"readme.txt": "nothing"})
    for spec in (".", "*.txt", "none/*.proto"):
        with pytest.raises(ContractError, match="no contract of a known format"):
            apicontract.load(spec)
    with pytest.raises(ContractError, match="no such file"):
        apicontract.load("gone.proto")
    with pytest.raises(ContractError, match="no such file"):
        apicontract.load("gone.binpb")


def test_too_large_a_file_is_refused(tmp_path):
    write(tmp_path, {"a.proto": 'syntax = "proto3";' + " " * 1000})
    with pytest.raises(ContractError, match="more than 100 bytes"):
        apicontract.load("a.proto", options=ReadOptions(max_bytes=100))


HOLDER = 'syntax = "proto3";\npackage acme.v1;\nimport "held.proto";\nmessage Holder { Held held = 1; }\n'
HELD = 'syntax = "proto3";\npackage acme.v1;\nmessage Held { int32 x = 1; }\n'


def sides(tmp_path, old, new):
    write(tmp_path / "old", old)
    write(tmp_path / "new", new)
    return [apicontract.load(f"{side}/holder.proto") for side in ("old", "new")]


@pytest.mark.parametrize("before", ["", "// Holds.\n"])
def test_what_an_import_of_the_named_file_holds_is_compared(tmp_path, before):
    old, new = sides(
        tmp_path,
        {"holder.proto": before + HOLDER, "held.proto": HELD},
        {"holder.proto": HOLDER, "held.proto": HELD.replace("int32", "string")},
    )
    found = [change for change in apicontract.diff(old, new).changes if change.rule == "field-type-changed"]
    assert [str(change.level) for change in found] == ["major"]


def test_imports_that_are_the_same_are_no_part_of_a_named_file(tmp_path):
    changed = HOLDER.replace("= 1", "= 2")
    old, new = sides(
        tmp_path, {"holder.proto": HOLDER, "held.proto": HELD}, {"holder.proto": changed, "held.proto": HELD}
    )
    assert {change.rule for change in apicontract.diff(old, new).changes} == {"field-renumbered"}


def test_a_named_file_whose_import_is_missing_is_not_called_unchanged(tmp_path):
    old, new = sides(tmp_path, {"holder.proto": HOLDER}, {"holder.proto": HOLDER})
    with pytest.raises(ContractError, match=r"held\.proto` cannot be found"):
        list(apicontract.diff(old, new))
