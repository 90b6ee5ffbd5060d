"""Which contracts a hook looks at when it is told of files, and what it compares them with."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from apicontract.gate.affected import affected

_CONTRACT = """\
openapi: 3.1.0
info: {{title: {title}, version: 1.0.0}}
paths:
  /things:
    get:
      parameters: [{{name: limit, in: query, schema: {schema}}}]
      responses: {{'200': {{description: done}}}}
"""


def _write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    far = "{$ref: 'parts/far.yaml#/limit'}"
    _write(
        tmp_path,
        one_yaml=_CONTRACT.format(title="One", schema=far),
        two_yaml=_CONTRACT.format(title="Two", schema="{type: integer}"),
        parts__far_yaml="limit: {$ref: 'near.yaml#/limit'}\n",
        parts__near_yaml="limit: {type: integer, maximum: 100}\n",
        other_yaml="name: nothing of it\n",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("files", "contracts"),
    [
        (["one.yaml"], ["one.yaml"]),
        (["parts/far.yaml"], ["one.yaml"]),
        (["parts/near.yaml", "two.yaml"], ["one.yaml", "two.yaml"]),
        (["other.yaml"], []),
        (["gone.yaml"], []),
        ([], []),
    ],
)
def test_a_file_stands_for_the_contracts_that_it_is_part_of(folder, files, contracts):
    assert affected(files) == tuple(contracts)


def test_paths_are_seen_from_where_one_is(folder):
    _git(folder, "init", "-q", "-b", "main", ".")
    assert affected(["near.yaml"], "parts") == (f"..{os.sep}one.yaml",)


def test_what_the_configuration_leaves_out_is_left_out(folder):
    (folder / "apicontract.toml").write_text('[[contracts]]\npaths = ["two.yaml"]\n', encoding="utf-8")
    assert affected(["parts/near.yaml", "two.yaml"]) == ("two.yaml",)


def _run(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "apicontract", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_validate_of_hints(folder):
    assert _run(folder, "validate", "--affected", "other.yaml")[0] == 0
    assert _run(folder, "validate", "--affected", "parts/near.yaml") == (0, "one.yaml: valid\n")
    (folder / "parts/near.yaml").write_text("limit: {type: nothing}\n", encoding="utf-8")
    code, said = _run(folder, "validate", "--affected", "parts/near.yaml")
    assert (code, "parts/near.yaml:1" in said) == (1, True)


def test_lint_of_hints(folder):
    assert _run(folder, "lint", "--affected", "other.yaml")[0] == 0
    code, said = _run(folder, "lint", "--affected", "parts/near.yaml", "--rules", "minimal")
    assert (code, "one.yaml: 1 warning" in said, "two.yaml" in said) == (0, True, False), said


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["p/v1/p.proto"], ["p/v1/more.proto", "p/v1/p.proto", "q/v1/q.proto"]),
        (["q/v1/q.proto"], ["q/v1/q.proto"]),
        (["r/v1/r.proto", "two.yaml"], ["two.yaml", "r/v1/r.proto"]),
        (["gone.proto"], []),
    ],
)
def test_a_proto_stands_for_its_package_and_for_those_that_import_it(folder, files, found):
    for name, text in {
        "p/v1/p": "package p.v1; message P {}",
        "p/v1/more": "package p.v1; message More {}",
        "q/v1/q": 'package q.v1; import "p/v1/p.proto"; message Q { p.v1.P p = 1; }',
        "r/v1/r": "package r.v1; message R {}",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.proto").write_text(f'syntax = "proto3"; {text}\n')
    assert affected(files) == tuple(found)
    (folder / "apicontract.toml").write_text('[[contracts]]\npaths = ["*.yaml", "p/**"]\n', encoding="utf-8")
    assert affected(files) == tuple(one for one in found if one[:2] not in ("q/", "r/"))


def _git(folder, *arguments):
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_branch_alone_is_judged_by_the_hook_and_the_merge_by_ci(folder):
    _git(folder, "init", "-q", "-b", "main", ".")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "x")
    _git(folder, "checkout", "-qb", "feature")
    text = (folder / "two.yaml").read_text().replace("version: 1.0.0", "version: 1.0.1")
    (folder / "two.yaml").write_text(text.replace("description: done", "description: Done"))
    _git(folder, "commit", "-qam", "x")
    _git(folder, "checkout", "-q", "main")  # where somebody else takes the same version meanwhile
    (folder / "two.yaml").write_text(text.replace("/things:", "/things:\n    summary: Things"))
    _git(folder, "commit", "-qam", "x")
    _git(folder, "checkout", "-q", "feature")
    assert _run(folder, "check", "--staged", "--branch", "-q")[0] == 0
    assert _run(folder, "check", "--staged", "-q")[0] == 1


def test_a_commit_takes_less_than_a_second(folder):
    """As processor time: how long it takes beside other work says nothing about the hook."""
    _git(folder, "init", "-q", "-b", "main", ".")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "x")
    (folder / "parts/near.yaml").write_text("limit: {type: integer, maximum: 50}\n")
    _git(folder, "add", "-A")
    before = os.times()
    begun = time.monotonic()
    code, said = _run(folder, "check", "--staged", "--branch")
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert (code, "request-maximum-decreased" in said) == (1, True)
    assert used < 1
    assert time.monotonic() - begun < 10
