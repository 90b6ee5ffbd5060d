"""A package beside the old one is written only where it helps: `check` says yes to it afterwards."""

from __future__ import annotations

import json
import subprocess

import pytest
from scratch_repository import Scratch, rules
from typer.testing import CliRunner

from apicontract.cli.app import app


def proto(package, body, *imports):
    lines = [f'import "{one}";\n' for one in imports]
    return f'syntax = "proto3";\npackage {package};\n{"".join(lines)}{body}\n'


ALPHA = "acme/o/v1alpha1/m.proto"
PRICE = "acme/p/v1/p.proto"


def message(package, kind="int32"):
    return proto(package, f"message M {{ {kind} a = 1; }}")


@pytest.fixture
def repo(tmp_path, monkeypatch):
    made = Scratch(tmp_path / "repo")
    made.write(ALPHA, message("acme.o.v1alpha1"))
    made.write(PRICE, message("acme.p.v1"))
    made.write("acme/c/v1/c.proto", proto("acme.c.v1", "message C { acme.o.v1alpha1.M m = 1; }", ALPHA))
    made.write("acme/q/v1/q.proto", proto("acme.q.v1", "message Q { acme.p.v1.M m = 1; }", PRICE))
    made.commit()
    made.branch()
    monkeypatch.chdir(made.folder)
    return made


def bump(*arguments, code=0):
    done = CliRunner().invoke(app, ["bump", *arguments])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def touched(repo):
    return sorted(repo.git("status", "--porcelain", "-uall").split()[1::2])


@pytest.mark.parametrize("arguments", [(), ("--write",), ("acme/c/v1", "--write")])
def test_a_break_in_an_imported_alpha_package_is_refused(repo, arguments):
    repo.put(ALPHA, message("acme.o.v1alpha1", "string"))
    told = bump(*arguments, code=1)
    assert f"no package beside it helps: what breaks it is in {ALPHA}, which it imports" in told
    assert "keep acme.o.v1alpha1 as it was, which is unstable" in told
    assert touched(repo) == []


def test_check_advises_no_package_beside_it_either(repo):
    repo.put(ALPHA, message("acme.o.v1alpha1", "string"))
    [one] = [one for one in repo.check(against="main").deciding if not one.verdict.passed]
    assert one.verdict.contract == "acme/c/v1"
    assert one.verdict.advice == (
        f"keep {ALPHA}, which acme.c.v1 imports, as it was, and make the change in a package beside it",
    )


def test_what_the_package_itself_broke_does_not_hide_it(repo):
    repo.write(ALPHA, message("acme.o.v1alpha1", "string"))
    repo.put("acme/c/v1/c.proto", proto("acme.c.v1", "message C { acme.o.v1alpha1.M n = 1; }", ALPHA))
    assert "no package beside it helps" in bump("--write", code=1)


def test_the_others_are_bumped_all_the_same(repo):
    repo.write(ALPHA, message("acme.o.v1alpha1", "string"))
    repo.put(PRICE, message("acme.p.v1", "string"))
    found = json.loads(CliRunner().invoke(app, ["bump", "--write", "--format", "json"]).output)
    refused = {one["contract"]: bool(one["refused"]) for one in found["contracts"]}
    assert refused == {"acme/c/v1": True, "acme/o/v1alpha1": False, "acme/p/v1": False, "acme/q/v1": False}
    assert touched(repo) == [PRICE, "acme/p/v2/p.proto", "acme/q/v2/q.proto"]
    assert {
        one.verdict.contract for one in repo.check(against="main").deciding if not one.verdict.passed
    } == {"acme/c/v1"}


def test_what_is_put_back_together_with_it_is_no_obstacle(repo):
    repo.put(PRICE, message("acme.p.v1", "string"))
    assert "or bump that package too" in bump("acme/q/v1", "--write", code=1)
    bump("--write")
    assert rules(repo.check(against="main")) == []


def test_the_base_has_the_next_package_by_now(repo):
    repo.put(PRICE, message("acme.p.v1", "string"))
    repo.git("checkout", "-q", "main")
    repo.put("acme/p/v2/p.proto", message("acme.p.v2", "bytes"))
    repo.git("checkout", "-q", "feature")
    for arguments in ((), ("--write",)):
        told = bump("acme/p/v1", *arguments, code=1)
        assert "the package acme.p.v2 is on main already" in told
        assert (
            "merge main into this branch, keep acme.p.v1 as it was, and make the change in acme.p.v2" in told
        )
    assert touched(repo) == []


def test_another_package_that_the_base_has_gained_is_no_obstacle(repo):
    repo.put(PRICE, message("acme.p.v1", "string"))
    repo.git("checkout", "-q", "main")
    repo.put("acme/p/v20/p.proto", message("acme.p.v20", "bytes"))
    repo.git("checkout", "-q", "feature")
    bump("--write")
    assert rules(repo.check(against="main")) == []


def test_a_patch_of_what_is_refused_is_a_patch(repo):
    repo.write(ALPHA, message("acme.o.v1alpha1", "string"))
    repo.put(PRICE, message("acme.p.v1", "string"))
    done = CliRunner().invoke(app, ["bump", "--diff"])
    assert done.exit_code == 1
    assert "refused: acme/c/v1: no package beside it helps" in done.stderr
    applied = subprocess.run(["git", "apply", "--check", "-"], input=done.stdout.encode(), check=False)
    assert applied.returncode == 0
