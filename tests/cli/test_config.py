"""`apicontract config` and `apicontract init`, as processes and through their outputs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

import apicontract

CONTRACT = "openapi: 3.1.0\ninfo: {{title: {}, version: {}}}\npaths: {{{}: {{}}}}\n"


@pytest.fixture
def run(tmp_path):
    def command(*arguments, code=0, folder=tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "apicontract", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
        assert done.returncode == code, done.stderr
        return done

    return command


def schema(name):
    file = Path(apicontract.__file__).parent / "reports/schemas" / name
    return jsonschema_rs.validator_for(json.loads(file.read_text()))


def test_show(run, tmp_path):
    (tmp_path / "apicontract.toml").write_text(
        'profile = "zalando"\nrules."*-added" = "none"\n[[contracts]]\npaths = ["a.yaml"]\nprofile = "wire"\n'
        '[[suppressions]]\nrule = "operation-removed"\nreason = "agreed"\nuntil = 2026-12-31\n'
    )
    (tmp_path / "a.yaml").write_text("openapi: 3.1.0\n")
    lines = run("config", "show").stdout.splitlines()
    shown = {line.partition(" =")[0]: line.partition("# ")[2] for line in lines if " = " in line}
    assert shown["profile"].endswith("apicontract.toml:1:11")
    assert shown["compare.open-enums"] == "profile zalando (rule 112)"
    assert shown["compare.formats"] == "default"
    assert shown['rules."*-added"'].endswith("apicontract.toml:2:19")
    assert any(line.startswith('contracts 1: ["a.yaml"]') for line in lines)
    assert any("operation-removed: agreed, until 2026-12-31" in line for line in lines)
    assert 'surfaces = ["wire", "json"]' in run("config", "show", "a.yaml").stdout
    (tmp_path / "below").mkdir()
    inside = run("config", "show", "../a.yaml", folder=tmp_path / "below").stdout
    assert 'surfaces = ["wire", "json"]' in inside


def test_a_contract_that_is_not_there_has_no_settings(run):
    assert "nope.yaml: there is no such file" in run("config", "show", "nope.yaml", code=2).stderr


def test_show_as_json(run, tmp_path):
    value = json.loads(run("config", "show", "--format", "json").stdout)
    schema("configuration-1.json").validate(value)
    assert value["file"] is None
    (tmp_path / "apicontract.toml").write_text(
        'profile = "github"\n[[contracts]]\npaths = ["a"]\n[[suppressions]]\nreason = "x"\nrule = "*"\nuntil = 2026-12-31\n'
    )
    value = json.loads(run("config", "show", "--format", "json").stdout)
    schema("configuration-1.json").validate(value)
    settings = {one["key"]: one for one in value["settings"]}
    assert settings["version.scheme"]["value"] == "date"
    assert settings["version.scheme"]["origin"] == {
        "layer": "profile github",
        "reference": "Breaking changes",
    }
    assert settings["profile"]["origin"]["line"] == 1
    assert value["suppressions"][0]["until"] == "2026-12-31"


def test_a_mistake_is_said_with_its_place(run, tmp_path):
    (tmp_path / "apicontract.toml").write_text("[rules]\noperation-remove = 'minor'\n")
    done = run("config", "show", code=2)
    assert "apicontract.toml:2:1: `operation-remove` is no rule" in done.stderr
    assert "did you mean `operation-removed`" in done.stderr
    assert done.stdout == ""


def test_profiles(run):
    text = run("config", "profiles").stdout
    assert all(f"\n{profile.name}\n" in f"\n{text}" for profile in apicontract.profiles())
    assert "(rule 112)" in run("config", "profiles", "zalando").stdout
    value = json.loads(run("config", "profiles", "--format", "json").stdout)
    schema("profiles-1.json").validate(value)
    assert "known are default, wire" in run("config", "profiles", "zalnado", code=2).stderr


def test_schema_is_the_published_one_and_takes_what_we_take(run):
    published = json.loads(run("config", "schema").stdout)
    here = Path(apicontract.__file__).parent
    for place in ("policy/configuration-1.json", "../docs/configuration-1.json"):
        assert json.loads((here / place).read_text()) == published
    validator = jsonschema_rs.validator_for(published)
    good = 'schema = 1\nprofile = "wire"\n[[contracts]]\npaths = ["a"]\ncompare.open-enums = "all"\n'
    assert validator.is_valid(tomllib.loads(good))
    for bad in ("schema = 2", "profle = 'x'", "[compare]\nopen-enums = 'x'", "[[contracts]]\nexclude = []"):
        assert not validator.is_valid(tomllib.loads(bad))


class TestInit:
    def write(self, folder, **versions):
        for name, version in versions.items():
            file = folder / f"{name}.yaml"
            file.write_text(CONTRACT.format(name, version, "/v1/a"))

    def test_one_contract(self, run, tmp_path):
        self.write(tmp_path, orders="1.2.3")
        run("init")
        text = (tmp_path / "apicontract.toml").read_text()
        assert '#   "orders.yaml": orders 1.2.3, v1 in the path\n[[contracts]]' in text
        found = apicontract.configuration(folder=str(tmp_path))
        assert [group.paths for group in found.settings.contracts] == [("**",)]
        assert found.settings.version.scheme == "semver"
        assert "is there already; --force replaces it" in run("init", code=2).stderr
        run("init", "--force", "--profile", "zalando")
        assert apicontract.configuration(folder=str(tmp_path)).settings.profile == "zalando"

    def test_schemes_are_seen(self, run, tmp_path):
        self.write(tmp_path, a="'2024-01-01'", b="'2024-02-01'", c="1.0.0", d="next")
        run("init")
        found = apicontract.configuration(folder=str(tmp_path))
        for name, scheme in {"a": "date", "b": "date", "c": "semver", "d": "none"}.items():
            shown = apicontract.configuration(folder=str(tmp_path), contract=str(tmp_path / f"{name}.yaml"))
            assert shown.settings.version.scheme == scheme
        assert [group.paths for group in found.settings.contracts] == [("d.yaml",), ("c.yaml",), ("**",)]

    def test_many_contracts_are_told_by_the_first_of_them(self, run, tmp_path):
        (tmp_path / "apis/x").mkdir(parents=True)
        self.write(tmp_path / "apis/x", **{f"c{number}": "1.0.0" for number in range(30)})
        run("init")
        assert "\n#   and 10 more\n" in (tmp_path / "apicontract.toml").read_text()
        assert apicontract.configuration(folder=str(tmp_path)).group("apis/x/c7.yaml") == 0

    def test_what_comes_or_moves_tomorrow_is_checked(self, run, tmp_path):
        def git(*arguments):
            subprocess.run(
                ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=tmp_path, check=True
            )

        git("init", "-q", "-b", "main")
        self.write(tmp_path, a="1.0.0", b="'2024-01-01'")
        run("init")
        git("add", "-A")
        git("commit", "-qm", "1")
        git("checkout", "-qb", "feature")
        (tmp_path / "apis").mkdir()
        git("mv", "a.yaml", "apis/a.yaml")
        self.write(tmp_path, new="''")
        (tmp_path / "p/v1").mkdir(parents=True)
        (tmp_path / "p/v1/p.proto").write_text("syntax = 'proto3'; package p.v1; message M {\n")
        result = apicontract.check(folder=str(tmp_path))
        told = {
            one.verdict.contract: (one.verdict.outcome.value, one.verdict.passed) for one in result.judged
        }
        assert told == {
            "apis/a.yaml": ("same", True),
            "new.yaml": ("added", False),
            "p/v1": ("added", False),
        }

    def test_none(self, run, tmp_path):
        (tmp_path / "broken.yaml").write_text("openapi: [\n")
        run("init")
        found = apicontract.configuration(folder=str(tmp_path))
        assert found.settings.profile == "default"

    def test_what_git_ignores_is_no_contract(self, run, tmp_path):
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        (tmp_path / ".gitignore").write_text("b.yaml\n")
        self.write(tmp_path, a="1.0.0", b="1.0.0")
        run("init")
        text = (tmp_path / "apicontract.toml").read_text()
        assert '"a.yaml"' in text
        assert '"b.yaml"' not in text

    def test_names_that_toml_must_quote(self, run, tmp_path):
        self.write(tmp_path, a="1.0.0", b="1.0.0")
        for name in (b'we"ird\\ \xc3\xbc.yaml', b"caf\xe9.yaml", b"new\nline = 1.yaml"):
            path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
            path.write_text(CONTRACT.format('"line\\n[[x]]"', "'2024-01-01'", "/a"))
        self.write(tmp_path, c="1.0.0", d="1.0.0")
        run("init")
        group, _ = apicontract.configuration(folder=str(tmp_path)).settings.contracts
        assert set(group.paths) == {'we"ird\\ ü.yaml', "caf\\udce9.yaml", "new\nline = 1.yaml"}

    def test_hook_and_workflow(self, run, tmp_path):
        self.write(tmp_path, a="1.0.0")
        run("init", "--hook", "--workflow", "github")
        hooks = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())
        assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == [
            "apicontract-validate",
            "apicontract-check",
        ]
        assert hooks["repos"][0]["rev"] == f"v{apicontract.__version__}"
        workflow = yaml.safe_load((tmp_path / ".github/workflows/api-contracts.yml").read_text())
        assert workflow["permissions"] == {"contents": "read"}
        assert "actions/checkout" in workflow["jobs"]["contracts"]["steps"][0]["uses"]

    def test_a_hook_is_added_where_a_configuration_is(self, run, tmp_path):
        self.write(tmp_path, a="1.0.0")
        (tmp_path / "apicontract.toml").write_text("schema = 1\n")
        done = run("init", "--hook")
        assert "apicontract.toml is there already, and stays as it is" in done.stderr
        assert (tmp_path / "apicontract.toml").read_text() == "schema = 1\n"
        assert "apicontract-check" in (tmp_path / ".pre-commit-config.yaml").read_text()

    def test_what_others_wrote_is_left_alone(self, run, tmp_path):
        (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
        done = run("init", "--hook", "--force")
        assert (tmp_path / ".pre-commit-config.yaml").read_text() == "repos: []\n"
        assert "is there already; add to it" in done.stderr
        assert "id: apicontract-check" in done.stdout

    def test_bad_input(self, run, tmp_path):
        assert "is no folder" in run("init", "nowhere", code=2).stderr
        assert "there is no profile `x`" in run("init", "--profile", "x", code=2).stderr
        assert list(tmp_path.iterdir()) == []
