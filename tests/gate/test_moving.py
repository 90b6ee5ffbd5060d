"""A protobuf package becomes the next one: beside the old one, or in its place; whole or not at all."""

from __future__ import annotations

import json
import subprocess

import pytest
from scratch_repository import Scratch, rules
from typer.testing import CliRunner

from apicontract.cli.app import app
from apicontract.gate.bump import asked_for, bumps, edits
from apicontract.gate.check import Request
from apicontract.gate.configuration import in_force
from apicontract.sources import ContractError

ORDERS = "proto/acme/orders/v1/orders.proto"
KINDS = "proto/acme/orders/v1/kinds.proto"
V2 = "proto/acme/orders/v2/orders.proto"
BILL = "proto/acme/billing/v1/bill.proto"


def orders(count="int32", *, version="v1", head="", more=""):
    return f"""\
syntax = "proto3";  // a comment that stays
package acme.orders.{version};
import "acme/orders/{version}/kinds.proto";
{head}option java_package = "com.acme.orders.{version}";
service Orders {{
  rpc Get(Order) returns (acme.orders.{version}.Order);
}}
message Order {{
  {count} count = 1;
  orders.{version}.Kind kind = 2;
{more}}}
"""


def kinds(version="v1"):
    return f'syntax = "proto3";\npackage acme.orders.{version};\nenum Kind {{ KIND_UNSPECIFIED = 0; }}\n'


def bill(version="v1", *, imported="orders"):
    return (
        f'syntax = "proto3";\npackage acme.billing.v1;\nimport "acme/orders/{version}/{imported}.proto";\n'
        f"message Bill {{ orders.{version}.{'Kind' if imported == 'kinds' else 'Order'} of = 1; }}\n"
    )


@pytest.fixture
def repo(tmp_path, monkeypatch):
    made = Scratch(tmp_path / "repo")
    made.write(ORDERS, orders())
    made.write(KINDS, kinds())
    made.put(BILL, bill(imported="kinds"))
    made.branch()
    monkeypatch.chdir(made.folder)
    return made


def texts(repo):
    return {
        path.relative_to(repo.folder).as_posix(): path.read_text()
        for path in repo.folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def run(*arguments, code=0):
    done = CliRunner().invoke(app, ["bump", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_the_next_major_is_added_and_the_old_one_is_as_it_was(repo):
    repo.write(ORDERS, orders("string"))
    assert rules(repo.check(against="main")) == ["major-not-visible"]
    run("--write")
    assert texts(repo) == {
        ORDERS: orders(),
        KINDS: kinds(),
        BILL: bill(imported="kinds"),
        ORDERS.replace("v1", "v2"): orders("string", version="v2"),
        KINDS.replace("v1", "v2"): kinds("v2"),
    }
    result = repo.check(against="main")
    assert (result.passed, rules(result)) == (True, [])
    assert "no contract changed" not in run("proto/acme/orders/v2")


def test_files_that_came_and_went_do_so_in_the_new_package_only(repo):
    repo.write(
        ORDERS, orders("string", more="  Note note = 3;\n", head='import "acme/orders/v1/note.proto";\n')
    )
    repo.write(
        "proto/acme/orders/v1/note.proto", 'syntax = "proto3";\npackage acme.orders.v1;\nmessage Note {}\n'
    )
    repo.write(BILL, bill(imported="kinds"))
    run("--write")
    found = texts(repo)
    assert found[ORDERS] == orders()
    assert "proto/acme/orders/v1/note.proto" not in found
    assert "package acme.orders.v2;" in found["proto/acme/orders/v2/note.proto"]
    assert repo.check(against="main").passed


def test_the_base_is_where_the_branch_left_it(repo):
    repo.put(ORDERS, orders("string"))
    repo.git("checkout", "-q", "main")
    repo.put(ORDERS, orders(more="  string later = 3;\n"))
    repo.git("checkout", "-q", "feature")
    run("--against", "main", "--write")
    assert texts(repo)[ORDERS] == orders()
    assert repo.check(against="main").passed


def test_with_move_the_old_one_goes_and_who_imports_it_is_edited(repo):
    repo.put(BILL, bill())
    repo.write(ORDERS, orders("string"))
    run("proto/acme/orders/v1", "--against", "HEAD", "--write", "--move")
    assert texts(repo) == {
        ORDERS.replace("v1", "v2"): orders("string", version="v2"),
        KINDS.replace("v1", "v2"): kinds("v2"),
        BILL: bill("v2"),
    }
    assert not (repo.folder / "proto/acme/orders/v1").exists()
    assert "contract-removed" in rules(repo.check(against="main"))  # before its sunset it may not go


def test_who_is_broken_by_an_import_gets_a_package_of_its_own(repo):
    repo.put(BILL, bill())
    repo.write(ORDERS, orders("string"))
    run("--against", "HEAD", "--write")
    found = texts(repo)
    assert found[BILL] == bill()
    assert found[BILL.replace("v1", "v2")] == bill("v2").replace("billing.v1", "billing.v2")
    assert repo.check(against="HEAD").passed


def test_a_version_that_is_named_moves_what_is_there(repo):
    run("proto/acme/orders/v1", "--to", "v1beta1", "--write")
    found = texts(repo)
    assert found[ORDERS] == orders()
    assert found[ORDERS.replace("v1", "v1beta1")] == orders(version="v1beta1")
    run("proto/acme/orders/v1beta1", "--to", "v2", "--move", "--write")
    assert ORDERS.replace("v1", "v2") in texts(repo)
    assert ORDERS.replace("v1", "v1beta1") not in texts(repo)
    assert "no version of a package" in run("proto/acme/orders/v1", "--to", "2.0.0", code=2)
    assert "one contract" in run("--to", "v2", code=2)


def test_packages_of_one_version_move_together(tmp_path, monkeypatch):
    repo = Scratch(tmp_path)
    files = {
        "ads/v19/enums/kind.proto": 'syntax = "proto3";\npackage ads.v19.enums;\nenum Kind { A = 0; }\n',
        "ads/v19/common/ad.proto": 'syntax = "proto3";\npackage ads.v19.common;\n'
        'import "ads/v19/enums/kind.proto";\nmessage Ad { ads.v19.enums.Kind kind = 1; int32 a = 2; }\n',
    }
    for path, text in files.items():
        repo.write(path, text)
    repo.commit()
    repo.branch()
    monkeypatch.chdir(tmp_path)
    repo.write("ads/v19/common/ad.proto", files["ads/v19/common/ad.proto"].replace("int32", "string"))
    run("--write")
    found = texts(repo)
    assert {path: found[path] for path in files} == files
    new = found["ads/v20/common/ad.proto"]
    assert new == files["ads/v19/common/ad.proto"].replace("int32", "string").replace("v19", "v20")
    assert found["ads/v20/enums/kind.proto"] == files["ads/v19/enums/kind.proto"].replace("v19", "v20")
    assert repo.check(against="main").passed


def test_a_folder_without_the_version_gets_one_below(tmp_path, monkeypatch):
    repo = Scratch(tmp_path)
    text = 'syntax = "proto3";\npackage shop.v1;\nmessage A { int32 a = 1; }\nservice S { rpc G(A) returns (A); }\n'
    repo.put("protos/shop.proto", text)
    repo.branch()
    monkeypatch.chdir(tmp_path)
    repo.write("protos/shop.proto", text.replace("int32", "string"))
    run("--write")
    assert texts(repo) == {
        "protos/shop.proto": text,
        "protos/v2/shop.proto": text.replace("int32", "string").replace("v1", "v2"),
    }
    assert repo.check(against="main").passed


def test_nothing_is_written_that_would_not_compile(repo):
    repo.write(ORDERS, orders("string"))
    repo.write(
        "proto/acme/orders/v1/note.proto", 'syntax = "proto3";\npackage acme.orders.v1;\nmessage Note {}\n'
    )
    repo.write(BILL, bill(imported="note").replace("orders.v1.Order", "orders.v1.Note"))
    before = texts(repo)
    told = run("proto/acme/orders/v1", "--write", code=2)
    assert "would not compile" in told
    assert "--move" in told
    assert texts(repo) == before


def test_what_did_not_compile_before_is_in_nobodys_way(repo):
    repo.put(
        "proto/acme/other/v1/a.proto", 'syntax = "proto3";\nimport "acme/orders/v1/kinds.proto";\nmessage {'
    )
    repo.write(ORDERS, orders("string"))
    run("proto/acme/orders/v1", "--against", "HEAD", "--write")
    assert texts(repo)[ORDERS] == orders()


@pytest.mark.parametrize("path", ["proto/acme/orders/v2/orders.proto", "elsewhere/a.proto"])
def test_a_package_that_is_there_is_not_written_over(repo, path):
    repo.put(path, 'syntax = "proto3";\npackage acme.orders.v2;\n')
    repo.write(ORDERS, orders("string"))
    before = texts(repo)
    for arguments in (("--write",), (), ("--diff",)):
        assert "acme.orders.v2 is there already" in run("--against", "HEAD", *arguments, code=1)
    assert texts(repo) == before


def test_a_file_in_the_way_is_not_written_over(repo):
    repo.write(".gitignore", "v2/\n")
    repo.write("proto/acme/orders/v2/orders.proto", "of somebody")
    repo.write(ORDERS, orders("string"))
    assert "is there already" in run("--write", code=2)


def test_all_or_nothing_where_a_folder_cannot_be_made(repo):
    repo.put("proto/acme/orders/v2", "a file where the folder would be")
    repo.write(ORDERS, orders("string"))
    before = texts(repo)
    run("--against", "HEAD", "--write", code=2)
    assert texts(repo) == before
    run("proto/acme/orders/v1", "--against", "HEAD", "--write", "--move", code=2)
    assert texts(repo) == before


def test_the_patch_is_what_would_be_written(repo):
    repo.write(ORDERS, orders("string"))
    repo.write(KINDS, kinds() + "// no line end")
    before = texts(repo)
    patch = CliRunner().invoke(app, ["bump", "--diff"]).stdout
    assert texts(repo) == before
    subprocess.run(["git", "apply", "-"], input=patch.encode(), check=True, cwd=repo.folder)
    applied = texts(repo)
    repo.git("clean", "-fdq")
    for path, text in before.items():
        repo.write(path, text)
    run("--write")
    assert texts(repo) == applied != before
    assert "leave --write" in run("--diff", "--write", code=2)


def test_what_is_left_to_people_is_said(repo):
    repo.write(
        "buf.yaml", "version: v2\nmodules:\n  - path: proto\nlint:\n  ignore:\n    - proto/acme/orders/v1\n"
    )
    repo.write("proto/acme/orders/v1/README.md", "of v1")
    repo.write("apicontract.toml", '# found today: "proto/acme/orders/v1"\n[[contracts]]\npaths = ["**"]\n')
    repo.put(ORDERS, orders(head='option go_package = "gen/orders";\n'))
    repo.write(ORDERS, orders("string", head='option go_package = "gen/orders";\n'))
    told = json.loads(run("--against", "HEAD", "--write", "--format", "json"))
    assert told["edits"]["notes"] == [
        f"stays with the old package, which it imports: {BILL}",
        f"{V2}: go_package = gen/orders holds no version, so both packages have it: give the new one its own",
        "is no proto, and stays where it is: proto/acme/orders/v1/README.md",
        "buf.yaml:6 names proto/acme/orders/v1, and is not edited",
    ]
    assert (told["edits"]["written"], told["edits"]["removed"]) == (
        [ORDERS, KINDS.replace("v1", "v2"), ORDERS.replace("v1", "v2")],
        [],
    )


def test_a_base_that_is_no_commit_has_nothing_to_put_back(repo, tmp_path):
    old = tmp_path / "old" / "proto/acme/orders/v1"
    old.mkdir(parents=True)
    (old / "orders.proto").write_text(orders())
    (old / "kinds.proto").write_text(kinds())
    repo.write(ORDERS, orders("string"))
    folder = str(repo.folder)
    request = Request((), str(tmp_path / "old"), folder=folder)
    [found] = [one for one in bumps(request) if one.contract == "proto/acme/orders/v1"]
    with pytest.raises(ContractError, match="no commit"):
        edits([found], folder, in_force(folder))
    assert edits([found], folder, in_force(folder), move=True).gone == (KINDS, ORDERS)


def test_files_of_two_packages_in_one_folder_do_not_move(repo):
    repo.write("proto/acme/orders/v1/other.proto", 'syntax = "proto3";\npackage other.v1;\n')
    folder = str(repo.folder)
    asked = asked_for("proto/acme/orders/v1", "v2", folder)
    with pytest.raises(ContractError, match=r"acme\.orders\.v1 and other\.v1"):
        edits([asked], folder, in_force(folder))


def unversioned(repo, text):
    repo.git("checkout", "-q", "main")
    repo.put("acme/o/m.proto", text)
    repo.git("checkout", "-q", "-B", "feature")
    repo.write("acme/o/m.proto", text.replace("int32", "string"))


def test_a_package_without_a_version_gets_its_first_one_when_it_breaks(repo):
    text = 'syntax = "proto3";\npackage acme.o;\nmessage M { int32 a = 1; }\n'
    unversioned(repo, text)
    assert rules(repo.check(against="main")) == ["major-not-visible"]
    told = run("--against", "main")
    assert "v1 comes beside it: the changes since then are major" in told
    assert "new" not in told
    run("--against", "main", "--write")
    assert texts(repo)["acme/o/m.proto"] == text
    assert "package acme.o.v1;" in texts(repo)["acme/o/v1/m.proto"]
    assert repo.check(against="main").passed


def test_protos_without_a_package_are_not_called_new(repo):
    unversioned(repo, 'syntax = "proto3";\nmessage M { int32 a = 1; }\n')
    before = texts(repo)
    told = run("--against", "main", "--write", code=1)
    assert "the changes are major: no version can say so" in told
    assert texts(repo) == before


def test_a_package_without_a_version_needs_none_for_an_addition(repo):
    unversioned(repo, 'syntax = "proto3";\npackage acme.o;\nmessage M { int32 a = 1; }\n')
    repo.write(
        "acme/o/m.proto", 'syntax = "proto3";\npackage acme.o;\nmessage M { int32 a = 1; int32 b = 2; }\n'
    )
    assert "no version; nothing that changed needs another version" in run("--against", "main")


@pytest.mark.parametrize("options", [(), ("--move",)])
def test_what_does_not_compile_is_not_moved(repo, options):
    repo.write(ORDERS, orders().removesuffix("}\n"))
    before = texts(repo)
    told = run("proto/acme/orders/v1", "--to", "v2", "--write", *options, code=2)
    assert "does not compile" in told
    assert f"{ORDERS}:" in told
    assert texts(repo) == before


@pytest.mark.parametrize(("version", "warned"), [("v1", True), ("v1alpha1", False)])
def test_moving_what_a_stable_package_imports_says_that_it_breaks(repo, version, warned):
    repo.write(
        "proto/acme/pay/v1beta1/pay.proto", 'syntax = "proto3";\npackage acme.pay.v1beta1;\nmessage P {}\n'
    )
    user = (
        f'syntax = "proto3";\npackage acme.user.{version};\nimport "acme/pay/v1beta1/pay.proto";\n'
        "message U { acme.pay.v1beta1.P p = 1; }\n"
    )
    repo.put(f"proto/acme/user/{version}/u.proto", user)
    told = " ".join(run("proto/acme/pay/v1beta1", "--to", "v1", "--move", "--write").split())
    assert (f"promises to stay as it is: proto/acme/user/{version}/u.proto; code" in told) is warned
    assert ("major-not-visible" in rules(repo.check(against="HEAD"))) is warned


def test_names_with_blanks_and_paths_in_pieces(repo):
    pieces = orders().replace('"acme/orders/v1/kinds.proto"', "'acme/orders/' \"v1/\"\n  'kinds.proto'")
    pieces = pieces.replace("acme.orders.v1.Order", "acme . orders . v1\n    . Order")
    repo.put(ORDERS, pieces)
    repo.git("branch", "-f", "main")
    repo.write(ORDERS, pieces.replace("int32", "string"))
    run("--write")
    assert "rpc Get(Order) returns (acme.orders.v2.Order);" in texts(repo)[V2]
    assert "import 'acme/orders/v2/kinds.proto';" in texts(repo)[V2]
    assert rules(repo.check(against="main")) == []


def test_what_is_imported_by_a_path_in_pieces_is_compared(repo):
    repo.put(BILL, bill(imported="kinds").replace("acme/orders/v1/", 'acme/orders/" "v1/'))
    repo.git("branch", "-f", "main")
    repo.write(KINDS, kinds().replace("enum Kind { KIND_UNSPECIFIED = 0; }", "message Kind {}"))
    judged = {
        one.verdict.contract: rules(repo.check(one.verdict.contract))
        for one in repo.check(against="main").judged
    }
    assert judged["proto/acme/billing/v1"] == ["major-not-visible"]
