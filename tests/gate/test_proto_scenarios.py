"""Protobuf packages in real repositories: what a branch does to them, and what is asked of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from scratch_repository import Scratch, contract, outcomes, rules

import apicontract
from apicontract.changes import Surface
from apicontract.gate.beginning import starts
from apicontract.gate.bump import bumps
from apicontract.gate.changelog import changelog
from apicontract.gate.check import Request
from apicontract.reports.check_json import check_json
from apicontract.reports.check_text import check_lines
from apicontract.reports.style import Style
from apicontract.sources import ContractError

V1 = "proto/acme/orders/v1"
FILE = f"{V1}/orders.proto"


def orders(*fields, version="v1", head="", above="", rpc="", package="acme.orders", imports=()):
    """A package of one service; `fields` are those of what it answers with."""
    imported = "".join(f'import "{path}";\n' for path in imports)
    body = "\n".join(f"  {field}" for field in fields or ("string id = 1;", "int32 count = 2;"))
    named = f"{package}.{version}" if version else package
    return f"""\
syntax = "proto3";
package {named};
{imported}{head}
service Orders {{
  rpc Get(GetRequest) returns (Order);{rpc}
}}
message GetRequest {{
  string id = 1;
}}
{above}message Order {{
{body}
}}
"""


def money(kind="int64"):
    return f"""\
syntax = "proto3";
package acme.common.v1;
message Money {{
  string currency = 1;
  {kind} units = 2;
}}
"""


@pytest.fixture
def repo(tmp_path):
    """One package on main, and a branch of it checked out."""
    made = Scratch(tmp_path / "repo")
    made.put(FILE, orders())
    made.branch()
    return made


def both(name, outcome, level):
    return (name, "both", outcome, level)


def lines(result):
    return "\n".join(check_lines(result, Style(width=100), verbose=True))


COUNT_AS_TEXT = ("string id = 1;", "string count = 2;")
MORE = ("string id = 1;", "int32 count = 2;", "string note = 3;")
RENAMED = ("string id = 1;", "int32 amount = 2;")


# ---- what changed, and what that asks of a package


@pytest.mark.parametrize(
    ("new", "level"),
    [
        (orders(above="// An order.\n"), "patch"),
        (orders(*MORE), "minor"),
        (orders(rpc="\n  rpc List(GetRequest) returns (Order);"), "minor"),
    ],
)
def test_what_breaks_nothing_passes_in_its_package(repo, new, level):
    repo.put(FILE, new)
    result = repo.check(against="main")
    assert outcomes(result) == [both(V1, "changed", level)]
    assert (rules(result), result.passed) == ([], True)


def test_a_break_in_a_stable_package_is_refused_and_says_what_to_do(repo):
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    result = repo.check(against="main")
    assert outcomes(result) == [both(V1, "changed", "major")]
    assert rules(result) == ["major-not-visible"]
    [one] = result.deciding
    assert (one.verdict.required, one.verdict.declared, one.title) == ("v2", "v1", "acme.orders.v1")
    [advice] = one.verdict.advice
    assert advice.startswith(f"keep {V1} as it was, and add proto/acme/orders/v2 beside it,")
    assert advice.endswith("with the package acme.orders.v2")
    [change] = one.verdict.changes
    assert change.change.effects[Surface.WIRE].name == "MAJOR"
    assert change.change.operation == "/acme.orders.v1.Orders/Get"


def test_a_new_major_beside_the_old_one_passes(repo):
    repo.put("proto/acme/orders/v2/orders.proto", orders(*COUNT_AS_TEXT, version="v2"))
    result = repo.check(against="main")
    assert outcomes(result) == [both("proto/acme/orders/v2", "added", "minor")]
    assert (result.passed, result.unchanged) == (True, (V1,))


def test_a_new_major_does_not_excuse_a_break_of_the_old_one(repo):
    repo.write("proto/acme/orders/v2/orders.proto", orders(*COUNT_AS_TEXT, version="v2"))
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    assert rules(repo.check(against="main")) == ["major-not-visible"]


def test_the_old_major_may_not_be_deleted(repo):
    repo.git("rm", "-q", FILE)
    repo.put("proto/acme/orders/v2/orders.proto", orders(*COUNT_AS_TEXT, version="v2"))
    result = repo.check(against="main")
    assert outcomes(result) == [
        both(V1, "removed", "major"),
        both("proto/acme/orders/v2", "added", "minor"),
    ]
    assert rules(result) == ["contract-removed"]
    assert "the package acme.orders.v1 is gone" in lines(result)


def test_a_package_of_messages_alone_may_not_be_deleted_either(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("acme/common/v1/money.proto", money())
    repo.branch()
    repo.git("rm", "-q", "acme/common/v1/money.proto")
    repo.put("README", "x")
    result = repo.check(against="main")
    assert rules(result) == ["contract-removed"]
    [advice] = result.judged[0].verdict.advice
    assert "// apicontract:sunset" in advice
    assert "x-sunset" not in advice


def test_a_package_may_go_after_its_sunset(tmp_path):
    repo = Scratch(tmp_path)
    repo.put(FILE, orders(head="// apicontract:sunset 2024-01-01\noption deprecated = true;\n"))
    repo.branch()
    repo.git("rm", "-q", FILE)
    repo.put("proto/acme/orders/v2/orders.proto", orders(version="v2"))
    assert repo.check(against="main", today=dt.date(2024, 6, 1)).passed
    assert rules(repo.check(against="main", today=dt.date(2023, 6, 1))) == ["contract-removed"]


def test_a_package_renamed_in_its_place_is_a_major_that_is_gone(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("api/orders.proto", orders())
    repo.branch()
    repo.put("api/orders.proto", orders(*COUNT_AS_TEXT, version="v2"))
    assert "major-removed-before-sunset" in rules(repo.check(against="main"))


@pytest.mark.parametrize(("version", "passes"), [("v1alpha1", True), ("v0", True), ("v1beta1", False)])
def test_unstable_packages_break_by_policy(tmp_path, version, passes):
    repo = Scratch(tmp_path)
    path = f"proto/acme/orders/{version}/orders.proto"
    repo.put(path, orders(version=version))
    repo.branch()
    repo.put(path, orders(*COUNT_AS_TEXT, version=version))
    assert repo.check(against="main").passed is passes
    repo.write("apicontract.toml", 'schema = 1\n[stability]\nmay-break = ["draft", "alpha", "beta"]\n')
    assert repo.check(against="main").passed


def test_an_unstable_package_may_go(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("proto/acme/orders/v1alpha1/orders.proto", orders(version="v1alpha1"))
    repo.branch()
    repo.git("mv", "proto/acme/orders/v1alpha1", "proto/acme/orders/v1")
    repo.put(FILE, orders())
    assert repo.check(against="main").passed


def test_a_package_without_a_major_may_grow_and_not_break(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("proto/orders.proto", orders(version=""))
    repo.branch()
    repo.put("proto/orders.proto", orders(*MORE, version=""))
    assert repo.check(against="main").passed
    repo.put("proto/orders.proto", orders(*COUNT_AS_TEXT, version=""))
    assert rules(repo.check(against="main")) == ["major-not-visible"]


# ---- surfaces


def test_what_counts_is_configured_and_the_effects_are_shown(repo):
    repo.put(FILE, orders(*RENAMED))
    result = repo.check(against="main")
    assert not result.passed
    assert "wire none, json major, source major" in lines(result)
    [shown] = json.loads(check_json(result))["contracts"][0]["changes"]
    assert shown["effects"] == {"wire": "none", "json": "major", "source": "major"}
    repo.write("apicontract.toml", 'schema = 1\nsurfaces = ["wire"]\n')
    assert repo.check(against="main").passed
    repo.write("apicontract.toml", 'schema = 1\nsurfaces = ["wire", "json"]\n')
    assert not repo.check(against="main").passed


def test_a_group_of_packages_has_its_own_policy(repo):
    repo.put(FILE, orders(*RENAMED))
    for paths in (V1, "proto/**/*.proto", "proto/**"):
        repo.write(
            "apicontract.toml", f'schema = 1\n[[contracts]]\npaths = ["{paths}"]\nsurfaces = ["wire"]\n'
        )
        result = repo.check(against="main")
        assert (outcomes(result), result.passed) == ([both(V1, "changed", "patch")], True)


# ---- files and folders


def test_a_package_that_moved_is_followed(repo):
    (repo.folder / "api").mkdir()
    repo.git("mv", "proto/acme", "api/acme")
    repo.commit()
    assert repo.check(against="main").passed
    repo.put("api/acme/orders/v1/orders.proto", orders(*COUNT_AS_TEXT))
    result = repo.check(against="main")
    assert outcomes(result) == [both("api/acme/orders/v1", "changed", "major")]


def test_a_message_that_moved_to_another_file_of_its_package_is_no_break(repo):
    whole = orders()
    start = whole.index("message Order {")
    repo.write(FILE, whole[:start].replace("v1;\n", 'v1;\nimport "acme/orders/v1/order.proto";\n', 1))
    repo.put(f"{V1}/order.proto", f'syntax = "proto3";\npackage acme.orders.v1;\n{whole[start:]}')
    result = repo.check(against="main")
    assert result.passed
    assert [row[0] for row in outcomes(result)] == [V1]


def test_a_file_that_is_gone_takes_its_messages_with_it(tmp_path):
    repo = Scratch(tmp_path)
    repo.write(FILE, orders())
    repo.put(f"{V1}/more.proto", 'syntax = "proto3";\npackage acme.orders.v1;\nmessage More {}\n')
    repo.branch()
    repo.git("rm", "-q", f"{V1}/more.proto")
    repo.commit()
    assert outcomes(repo.check(against="main")) == [both(V1, "changed", "major")]


def test_a_change_of_a_shared_file_shows_where_it_is_used(tmp_path):
    repo = Scratch(tmp_path)
    repo.write("proto/acme/common/v1/money.proto", money())
    shared = ("string id = 1;", "acme.common.v1.Money total = 2;")
    repo.write(FILE, orders(*shared, imports=["acme/common/v1/money.proto"]))
    repo.put("proto/acme/users/v1/users.proto", orders(package="acme.users"))
    repo.branch()
    repo.put("proto/acme/common/v1/money.proto", money("string"))
    result = repo.check(against="main")
    assert outcomes(result) == [
        both("proto/acme/common/v1", "changed", "major"),
        both(V1, "changed", "major"),
    ]
    assert result.unchanged == ("proto/acme/users/v1",)
    assert any(
        "/acme.orders.v1.Orders/Get" in each.change.reaches for each in result.deciding[1].verdict.changes
    )


def test_imports_of_the_old_side_come_from_the_old_side(tmp_path):
    repo = Scratch(tmp_path)
    repo.write("proto/acme/common/v1/money.proto", money())
    shared = ("string id = 1;", "acme.common.v1.Money total = 2;")
    repo.put(FILE, orders(*shared, imports=["acme/common/v1/money.proto"]))
    repo.branch()
    repo.git("rm", "-q", "proto/acme/common/v1/money.proto")
    repo.put(FILE, orders())
    result = repo.check(against="main", today=dt.date(2024, 1, 1))
    assert not result.notes
    assert outcomes(result)[1] == both(V1, "changed", "major")


def test_only_what_differs_is_compiled(tmp_path, monkeypatch):
    repo = Scratch(tmp_path)
    for name in ("a", "b", "c"):
        repo.write(f"proto/acme/{name}/v1/x.proto", orders(package=f"acme.{name}"))
    repo.write("proto/acme/d/v1/x.proto", "this is no proto")
    repo.commit()
    repo.branch()
    from apicontract.formats.proto.compiling import unit

    asked = []
    compilation = unit.Compilation
    monkeypatch.setattr(
        unit,
        "Compilation",
        lambda names, find, **more: (asked.extend(names), compilation(names, find, **more))[1],
    )
    repo.put("proto/acme/b/v1/x.proto", orders(*MORE, package="acme.b"))
    result = repo.check(against="main")
    assert outcomes(result) == [both("proto/acme/b/v1", "changed", "minor")]
    assert set(asked) == {"acme/b/v1/x.proto"}
    asked.clear()
    repo.git("checkout", "-q", "main")
    repo.put("notes.txt", "x")
    assert repo.check(against="HEAD~1").passed
    assert asked == []


def test_modules_of_buf_say_where_imports_are_and_what_is_left_out(tmp_path):
    repo = Scratch(tmp_path)
    repo.write(
        "buf.yaml", "version: v2\nmodules:\n  - path: api\n    excludes: [api/internal]\n  - path: lib\n"
    )
    repo.write("lib/acme/common/v1/money.proto", money())
    shared = ("string id = 1;", "acme.common.v1.Money total = 2;")
    repo.write("api/internal/x.proto", orders(package="internal"))
    repo.put("api/acme/orders/v1/orders.proto", orders(*shared, imports=["acme/common/v1/money.proto"]))
    repo.branch()
    repo.write("lib/acme/common/v1/money.proto", money("string"))
    repo.put("api/internal/x.proto", orders(*COUNT_AS_TEXT, package="internal"))
    assert [row[0] for row in outcomes(repo.check(against="main"))] == [
        "api/acme/orders/v1",
        "lib/acme/common/v1",
    ]


def test_folders_of_imports_are_configured(tmp_path):
    repo = Scratch(tmp_path)
    repo.write("shared/deep/acme/common/v1/money.proto", money())
    repo.write(
        "apicontract.toml",
        'schema = 1\n[[contracts]]\npaths = ["proto/**/*.proto"]\ninclude = ["shared/deep"]\n',
    )
    shared = ("string id = 1;", "acme.common.v1.Money total = 2;")
    repo.put(FILE, orders(*shared, imports=["acme/common/v1/money.proto"]))
    repo.branch()
    repo.put("shared/deep/acme/common/v1/money.proto", money("string"))
    assert outcomes(repo.check(against="main")) == [both(V1, "changed", "major")]


def test_two_formats_in_one_repository(repo):
    repo.git("checkout", "-q", "main")
    repo.put("apis/orders.yaml", contract("1.0.0"))
    repo.branch("both")
    repo.write("apis/orders.yaml", contract("1.1.0", fields=("id", "at")))
    repo.put(FILE, orders(*MORE))
    result = repo.check(against="main")
    assert outcomes(result) == [
        both("apis/orders.yaml", "changed", "minor"),
        both(V1, "changed", "minor"),
    ]
    assert result.passed
    assert {one.verdict.format for one in result.deciding} == {"openapi", "proto"}


@pytest.mark.parametrize("argument", [FILE, V1, "proto", "proto/**/*.proto"])
def test_what_can_be_named(repo, argument):
    repo.write("proto/acme/users/v1/users.proto", orders(package="acme.users"))
    repo.put(FILE, orders(*MORE))
    found = [row[0] for row in outcomes(repo.check(argument, against="main"))]
    assert found == ([V1] if argument in (FILE, V1) else [V1, "proto/acme/users/v1"])


def test_a_folder_elsewhere_is_compared_with(repo, tmp_path):
    other = tmp_path / "released" / "acme" / "orders" / "v1"
    other.mkdir(parents=True)
    (other / "orders.proto").write_text(orders(*COUNT_AS_TEXT))
    result = repo.check("proto", against=str(tmp_path / "released"))
    assert outcomes(result) == [both(V1, "changed", "major")]


def test_one_file_is_compared_with_another(repo, tmp_path):
    (tmp_path / "old.proto").write_text(orders(*COUNT_AS_TEXT))
    result = repo.check(FILE, against=str(tmp_path / "old.proto"))
    assert outcomes(result) == [both(FILE, "changed", "major")]


def test_protos_at_the_top_of_the_repository(tmp_path):
    repo = Scratch(tmp_path)
    repo.put("orders.proto", orders())
    repo.branch()
    repo.put("orders.proto", orders(*COUNT_AS_TEXT))
    assert outcomes(repo.check(against="main")) == [both(".", "changed", "major")]


# ---- states


def test_the_index_and_the_working_tree(repo):
    repo.write(FILE, orders(*MORE))
    repo.git("add", "-A")
    repo.write(FILE, orders(*COUNT_AS_TEXT))
    assert outcomes(repo.check(against="main", staged=True)) == [both(V1, "changed", "minor")]
    assert outcomes(repo.check(against="main")) == [both(V1, "changed", "major")]


def test_an_edited_proto_on_the_default_branch_is_a_difference(repo):
    repo.git("checkout", "-q", "main")
    repo.write(FILE, orders(*COUNT_AS_TEXT))
    assert outcomes(repo.check(against="HEAD")) == [both(V1, "changed", "major")]


def test_a_merge_with_both_sides(repo):
    repo.put(f"{V1}/more.proto", 'syntax = "proto3";\npackage acme.orders.v1;\nmessage More {}\n')
    repo.git("checkout", "-q", "main")
    repo.put(FILE, orders(*MORE))
    repo.git("checkout", "-q", "feature")
    result = repo.check(against="main")
    assert outcomes(result) == [(V1, "branch", "changed", "minor"), (V1, "merge", "changed", "minor")]
    assert result.passed
    # what main added is no addition of the branch, and in the merge it is there
    for one in result.judged:
        assert not [each for each in one.verdict.changes if "note" in each.change.message]
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    assert repo.check(against="main").conflicts == (V1,)


def test_a_break_by_the_merge_alone_is_found(repo):
    """The branch deletes what main has begun to use: it does not compile once merged."""
    repo.git("checkout", "-q", "main")
    repo.put(f"{V1}/more.proto", 'syntax = "proto3";\npackage acme.orders.v1;\nmessage More {}\n')
    repo.git("checkout", "-q", "feature")
    repo.git("merge", "-q", "main")
    repo.branch("other")
    repo.git("rm", "-q", f"{V1}/more.proto")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put(FILE, orders(*MORE, "More more = 4;", imports=["acme/orders/v1/more.proto"]))
    repo.git("checkout", "-q", "other")
    with pytest.raises(ContractError, match=r"more\.proto"):
        repo.check(against="main")


def test_a_proto_that_does_not_compile_is_told_with_its_place(repo):
    repo.put(FILE, orders("strin id = 1;"))
    with pytest.raises(ContractError) as caught:
        repo.check(against="main")
    assert FILE in str(caught.value)


def test_an_old_side_that_does_not_compile_is_nothing_to_compare_with(tmp_path):
    repo = Scratch(tmp_path)
    repo.put(FILE, orders("strin id = 1;"))
    repo.branch()
    repo.put(FILE, orders())
    result = repo.check(against="main")
    assert "the base cannot be read" in result.notes[0]
    assert [row[2] for row in outcomes(result)] == ["added"]


# ---- waivers beside the thing


def test_a_waiver_in_a_comment_above_the_thing(repo):
    note = '// apicontract:ignore field-type-changed reason="nobody reads it" until=2030-01-01\n'
    repo.put(FILE, orders(*COUNT_AS_TEXT, above=note))
    result = repo.check(against="main", today=dt.date(2026, 1, 1))
    assert result.passed
    [change] = [each for each in result.deciding[0].verdict.changes if each.waiver]
    assert (change.change.rule, change.waiver.reason) == ("field-type-changed", "nobody reads it")
    late = repo.check(against="main", today=dt.date(2031, 1, 1))
    assert "suppression-expired" in rules(late)
    assert "major-not-visible" in rules(late)


def test_a_waiver_holds_for_its_thing_only_however_fields_are_ordered(repo):
    note = '  // apicontract:ignore * reason="not this one"\n'
    repo.put(FILE, orders(f"\n{note}  string id = 1;", "string count = 2;"))
    assert not repo.check(against="main").passed
    repo.put(FILE, orders(f"\n{note}  string count = 2;", "string id = 1;"))
    assert repo.check(against="main").passed


def test_a_waiver_in_a_text_is_none(repo):
    text = '"// apicontract:ignore * reason=x"'
    proto2 = orders("optional string id = 1;", f"optional string count = 2 [default = {text}];")
    repo.put(FILE, proto2.replace("proto3", "proto2").replace("  string id = 1;\n}\n", "\n}\n", 1))
    assert not repo.check(against="main").passed


@pytest.mark.parametrize(
    "note", ["// apicontract:ignore field-type-changed", "// apicontract:ignore nonsense"]
)
def test_a_waiver_that_is_wrong_is_told(repo, note):
    repo.put(FILE, orders(*COUNT_AS_TEXT, above=f"{note}\n"))
    found = [each.finding for each in repo.check(against="main").deciding[0].verdict.findings]
    assert any("reason" in each.message or "is no rule" in each.message for each in found)
    assert not repo.check(against="main").passed


def test_fingerprints_do_not_know_where_fields_stand(repo):
    def prints():
        [one] = repo.check(against="main").deciding
        return {(each.change.rule, each.fingerprint) for each in one.verdict.changes}

    repo.put(FILE, orders(*COUNT_AS_TEXT))
    first = prints()
    repo.git("checkout", "-q", "main")
    repo.put(FILE, f"// A licence.\n{orders('int32 count = 2;', 'string id = 1;')}")
    repo.branch("again")
    repo.put(FILE, f"\n\n{orders(*reversed(COUNT_AS_TEXT))}")
    assert {one for one in prints() if one[0] == "field-type-changed"} == first


def test_two_fields_of_one_change_have_two_fingerprints(repo):
    repo.put(FILE, orders("int32 id = 1;", "string count = 2;"))
    [one] = repo.check(against="main").deciding
    assert len({each.fingerprint for each in one.verdict.changes}) == len(one.verdict.changes) > 1


# ---- bump, changelog, init, the command


def test_bump_names_the_package_that_is_needed(repo):
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    [one] = bumps(Request(against="main", folder=str(repo.folder)))
    assert (one.declared, one.next, one.enough) == ("v1", "v2", False)
    repo.put(FILE, orders(*MORE))
    [one] = bumps(Request(against="main", folder=str(repo.folder)))
    assert (one.next, one.enough) == ("v1", True)


def test_the_changelog_has_packages(repo):
    repo.put(FILE, orders(*MORE))
    [release] = changelog(Request(folder=str(repo.folder)), since="main")
    [notes] = release.contracts
    assert (notes.contract, notes.title, str(notes.level)) == (V1, "acme.orders.v1", "minor")


def test_init_names_packages_and_asks_nothing_of_their_versions(repo):
    repo.write("proto/acme/orders/v1beta1/orders.proto", orders(version="v1beta1"))
    [start] = starts(str(repo.folder))
    assert f'#   "{V1}": acme.orders.v1\n' in start.text
    assert "scheme" not in start.text
    repo.write("apicontract.toml", start.text)
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    assert rules(repo.check(against="main")) == ["major-not-visible"]


def test_the_rules_of_protos_can_be_configured(repo):
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    repo.write("apicontract.toml", 'schema = 1\n[rules]\nfield-type-changed = "minor"\n')
    assert repo.check(against="main").passed


def test_the_python_interface(repo, monkeypatch):
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    monkeypatch.chdir(repo.folder)
    assert not apicontract.check(against="main").passed


def test_a_suppression_of_the_configuration_knows_packages_by_their_files(repo):
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    text = 'schema = 1\n[[suppressions]]\nrule = "field-*"\nreason = "agreed"\ncontract = "{}"\n'
    repo.write("apicontract.toml", text.format("proto/**/*.proto"))
    assert repo.check(against="main").passed
    repo.write("apicontract.toml", text.format("apis/**/*.proto"))
    assert not repo.check(against="main").passed


def test_what_an_import_holds_and_nobody_carries_is_not_told_of_its_users(tmp_path):
    repo = Scratch(tmp_path)
    other = "message Other {\n  int64 x = 1;\n}\n"
    repo.write("proto/acme/common/v1/money.proto", money() + other)
    shared = ("string id = 1;", "acme.common.v1.Money total = 2;")
    repo.put(FILE, orders(*shared, imports=["acme/common/v1/money.proto"]))
    repo.branch()
    repo.put("proto/acme/common/v1/money.proto", money() + other.replace("int64", "string"))
    found = {row[0]: row[3] for row in outcomes(repo.check(against="main"))}
    assert found == {"proto/acme/common/v1": "major", V1: "none"}


def test_the_documentation_shows_the_real_report(repo):
    repo.put(FILE, orders(*COUNT_AS_TEXT))
    report = "\n".join(list(check_lines(repo.check(against="main"), Style()))[1:]).strip()
    page = Path(__file__).parents[2] / "docs" / "check.md"
    assert f"```text\n{report}\n```" in page.read_text(encoding="utf-8")


def test_a_link_out_of_the_repository_is_not_read(repo, tmp_path):
    (tmp_path / "secret.proto").write_text(orders(*MORE))
    (repo.folder / V1 / "more.proto").symlink_to(tmp_path / "secret.proto")
    with pytest.raises(ContractError, match="leaves the repository"):
        repo.check(against="main")
    (repo.folder / V1 / "more.proto").unlink()
    (repo.folder / V1 / "orders.proto").unlink()
    (repo.folder / "kept.txt").write_text(orders(*MORE))
    (repo.folder / V1 / "orders.proto").symlink_to("../../../../kept.txt")
    assert outcomes(repo.check(against="main")) == [both(V1, "changed", "minor")]
