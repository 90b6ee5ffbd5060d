"""What the commands print, as people and programs get it, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files

import jsonschema_rs
import pytest
from scratch_repository import Scratch, contract

from apicontract.reports.check_text import check_lines
from apicontract.reports.made import of_check
from apicontract.reports.style import Style


@pytest.fixture
def repo(tmp_path):
    """A branch that breaks one contract, adds one and leaves one alone."""
    made = Scratch(tmp_path / "repo")
    made.write("apis/orders.yaml", contract("1.4.0", prefix="/v1"))
    made.write("apis/users.yaml", contract("1.0.0", title="Users"))
    made.commit()
    made.git("tag", "v1.4.0")
    made.branch()
    made.write("apis/orders.yaml", contract("1.5.0", prefix="/v1", most=50, fields=("id", "at")))
    made.put("apis/new.yaml", contract("0.1.0", title="New"))
    return made


def run(repo, *arguments, folder=".", **environment):
    names = ("NO_COLOR", "FORCE_COLOR", "GITHUB_BASE_REF", "CI")
    kept = {key: value for key, value in os.environ.items() if key not in names}
    return subprocess.run(
        [sys.executable, "-m", "apicontract", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=repo.folder / folder,
        env={**kept, **environment},
        timeout=60,
        check=False,
    )


def closed(shape):
    """The schema with every declared object closed: what is written and not described shows."""
    if isinstance(shape, list):
        return [closed(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    made = {key: closed(value) for key, value in shape.items()}
    if "properties" in shape and shape.get("type") == "object":
        made["additionalProperties"] = False
    return made


def valid(text, name):
    value = json.loads(text)
    shape = json.loads((files("apicontract.reports") / "schemas" / name).read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(shape)
    assert shape["$id"].endswith(f"/{name}")
    found = jsonschema_rs.validator_for(closed(shape)).iter_errors(value)
    assert [f"{error.instance_path}: {error.message}" for error in found] == []
    return value


def test_a_red_build_on_one_screen(repo):
    done = run(repo, "check", "--against", "main")
    assert (done.returncode, done.stderr) == (1, "")
    base, head = (repo.git("rev-parse", ref)[:10] for ref in ("main", "HEAD"))
    assert (
        done.stdout
        == f"""\
compared: main ({base}) → the working tree ({head}); profile default

apis/new.yaml  new, 0.1.0

apis/orders.yaml  1.4.0 → 1.5.0
    major  GET /v1/orders: query parameter `limit`: its `maximum` was lowered
           was 100, now 50
           this was valid and is refused now: GET /v1/orders?limit=51
           apis/orders.yaml:11:81  request-maximum-decreased
    minor  GET /v1/orders: the 200 response: property `at` was added
           apis/orders.yaml:17:75  response-property-added
  error    the version went from 1.4.0 to 1.5.0; the changes need 2.0.0
           apis/orders.yaml:4:12  version-moved-too-little
  error    a break needs a new major version, and clients still see `v1`
           apis/orders.yaml:7:5  major-not-visible
  requires major: at least 2.0.0; declared 1.5.0
  → set info.version to 2.0.0
  → Serve the new major in a place of its own (`/v2`, or the package `.v2`) and
    keep the old one there.

failed: 1 contract of 2 that changed, 1 contract unchanged
"""
    )
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_a_green_build(repo):
    repo.write("apis/orders.yaml", contract("1.5.0", prefix="/v1", fields=("id", "at")))
    done = run(repo, "check", "--against", "main", "-q")
    assert (done.returncode, done.stdout) == (0, "passed: 2 contracts changed, 1 contract unchanged\n")


def test_both_questions_are_labelled(repo):
    repo.git("stash", "-q", "-u", ok=False)
    repo.git("checkout", "-q", "main")
    repo.put("apis/orders.yaml", contract("1.4.1", prefix="/v1", summary="All"))
    repo.git("checkout", "-q", "feature")
    repo.git("rm", "-q", "apis/new.yaml")
    text = contract("1.4.0", prefix="/v1").replace("'200'", "'201'")
    repo.put("apis/orders.yaml", text)
    out = run(repo, "check", "--against", "main").stdout
    assert "this branch: the merge base with main" in out
    assert "merging: main (" in out
    assert "  what this branch changed (the merge base with main → the working tree):" in out
    assert "  what merging it does (main → the merge result):" in out


def test_why_each_level_is_what_it_is(repo):
    out = run(repo, "check", "--against", "main", "--explain-verdict").stdout
    assert "comparison: major, it breaks wire (witnessed)" in out
    assert "fingerprint " in out
    strict = run(repo, "check", "--against", "main", "--profile", "strict").stdout
    assert "; profile strict" in strict.splitlines()[0]


def test_thresholds(repo):
    assert run(repo, "check", "--against", "main", "--fail-on", "never").returncode == 0
    repo.write("apis/orders.yaml", contract("1.5.0", prefix="/v1", fields=("id", "at")))
    assert run(repo, "check", "--against", "main").returncode == 0
    refused = run(repo, "check", "--against", "main", "--fail-on", "minor")
    assert (refused.returncode, "level-refused" in refused.stdout) == (1, True)


def test_json_of_check(repo):
    done = run(repo, "check", "--against", "main", "--format", "json")
    value = valid(done.stdout, "check-1.json")
    assert (value["passed"], value["level"], done.returncode) == (False, "major", 1)
    assert [(one["contract"], one["outcome"]) for one in value["contracts"]] == [
        ("apis/new.yaml", "added"),
        ("apis/orders.yaml", "changed"),
    ]
    assert value["unchanged"] == ["apis/users.yaml"]
    assert value["contracts"][1]["advice"][0] == "set info.version to 2.0.0"


def test_json_where_there_is_no_base(tmp_path):
    repo = Scratch(tmp_path)
    repo.write("api.yaml", contract("0.1.0"))
    value = valid(run(repo, "check", "-f", "json").stdout, "check-1.json")
    assert value["pairs"][0]["old"] is None


def test_json_of_bump_and_changelog(repo):
    bump = valid(run(repo, "bump", "--against", "main", "-f", "json").stdout, "bump-1.json")
    assert [(one["contract"], one["next"]) for one in bump["contracts"]] == [
        ("apis/new.yaml", "0.1.0"),
        ("apis/orders.yaml", "2.0.0"),
    ]
    notes = valid(run(repo, "changelog", "-f", "json").stdout, "changelog-1.json")
    assert notes["releases"][0]["since"] == "v1.4.0"


def test_bump(repo):
    done = run(repo, "bump", "apis/orders.yaml", "--against", "main", "-q")
    assert (done.returncode, done.stdout) == (0, "2.0.0\n")
    before = (repo.folder / "apis/orders.yaml").read_text()
    done = run(repo, "bump", "orders.yaml", "--against", "main", "--write", folder="apis")
    assert done.stdout.startswith("orders.yaml: 1.5.0 is set to 2.0.0: the changes since 1.4.0 are major\n")
    assert (repo.folder / "apis/orders.yaml").read_text() == before.replace("1.5.0", "2.0.0")
    again = run(repo, "bump", "apis/orders.yaml", "--against", "main", "--write")
    assert again.stdout.startswith("apis/orders.yaml: 2.0.0 says enough")


def test_changelog(repo):
    text = run(repo, "changelog", "apis/orders.yaml").stdout
    assert text.startswith("## Unreleased\n\nChanges since v1.4.0.\n")
    done = run(repo, "changelog", "--write", "CHANGELOG.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "CHANGELOG.md: Unreleased\n")
    kept = (repo.folder / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in kept
    assert run(repo, "changelog", "--write", "CHANGELOG.md", "--format", "json").returncode == 2
    html = run(repo, "changelog", "--format", "html", "--output", "out.html")
    assert (html.returncode, html.stdout) == (0, "")
    assert (repo.folder / "out.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "mian"], "mian: git knows no ref `mian`\n  did you mean main?"),
        (["--against", "--upload-pack=x"], "git knows no ref `--upload-pack=x`"),
        (["--head", "-x"], "git knows no ref `-x`"),
        (["apis/order.yaml", "--against", "main"], "did you mean apis/orders.yaml"),
        (["--against", "HEAD", "apis/users.yaml"], "nothing to compare"),
        (["--staged", "--head", "main"], "two different heads"),
        (["../elsewhere.yaml", "--against", "main"], "it is outside of"),
        (["--write-baseline", "apis/users.yaml", "--against", "main"], "name none"),
        (["--config", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--profile", "strikt"], "did you mean"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(repo, arguments, said):
    done = run(repo, "check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="the file system takes UTF-8 names only")
def test_names_that_are_no_utf_8(repo):
    folder = os.fsencode(repo.folder)
    for name, version in ((b"caf\xe9.yaml", "1.0.0"), (b"th\xe9.yaml", "0.1.0")):
        with open(os.path.join(folder, name), "w") as file:  # noqa: PTH118, PTH123
            file.write(contract(version, title="Odd"))
    repo.commit()
    value = valid(run(repo, "check", "--against", "main", "-f", "json").stdout, "check-1.json")
    assert "caf\\udce9.yaml" in [one["contract"] for one in value["contracts"]]
    assert run(repo, "check", "--against", "main").returncode == 1
    assert run(repo, "check", "--against", "HEAD~1", "-q").returncode == 0
    assert run(repo, "changelog", "--format", "html").returncode == 0


def test_a_variable_of_the_environment_never_flips_the_verdict(repo):
    plain = run(repo, "check", "--against", "main", "-f", "json")
    ci = run(repo, "check", "--against", "main", "-f", "json", CI="true", GITHUB_ACTIONS="true")
    assert (plain.stdout, plain.returncode) == (ci.stdout, ci.returncode)


def test_debt_is_accepted_and_only_shrinks(repo):
    broken = contract("1.0.0", title="Users").replace("description: done", "x-nothing: 1")
    repo.write("apis/users.yaml", broken)
    assert "apis/users.yaml" in run(repo, "check", "--against", "main").stdout
    done = run(repo, "check", "--against", "main", "--write-baseline")
    assert (done.returncode, done.stdout) == (0, "")
    file = repo.folder / "apicontract-baseline.json"
    debts = json.loads(file.read_text())["debts"]
    assert any(debt["contract"] == "apis/users.yaml" for debt in debts)
    assert f"{len(debts)} debts accepted" in done.stderr
    users = [one for one in _judged(repo) if one["contract"] == "apis/users.yaml"]
    assert users[0]["passed"] or {found["id"] for found in users[0]["findings"] if not found["waiver"]} <= {
        "version-not-moved"
    }
    repo.write("apis/users.yaml", contract("1.0.0", title="Users"))
    again = run(repo, "check", "--against", "main", "--write-baseline")
    left = json.loads(file.read_text())["debts"]
    assert f"{len(left)} debt" in again.stderr
    assert set(map(str, left)) < set(map(str, debts))


def _judged(repo):
    return json.loads(run(repo, "check", "--against", "main", "-f", "json").stdout)["contracts"]


def test_contracts_by_configuration(repo):
    repo.write(
        "apicontract.toml",
        '[[contracts]]\npaths = ["apis/*.yaml"]\nexclude = ["apis/new.yaml"]\n'
        '[[contracts]]\npaths = ["other/**"]\nagainst = "v1.4.0"\n',
    )
    repo.write("elsewhere.yaml", contract("1.0.0", title="Elsewhere"))
    repo.write("other/api.yaml", contract("1.0.0", title="Other"))
    value = json.loads(run(repo, "check", "--against", "main", "-f", "json").stdout)
    assert [one["contract"] for one in value["contracts"]] == ["apis/orders.yaml", "other/api.yaml"]
    value = json.loads(run(repo, "check", "-f", "json").stdout)
    bases = {one["contract"]: one["pair"]["old"]["name"] for one in value["contracts"]}
    assert bases == {"apis/orders.yaml": "main", "other/api.yaml": "v1.4.0"}


@pytest.mark.parametrize(
    ("declared", "announced"), [("2.0.0-rc.1", True), ("2.0.0", False), ("1.9.0", False)]
)
def test_a_pre_release_is_said_to_announce(tmp_path, declared, announced):
    repo = Scratch(tmp_path)
    repo.put("api.yaml", contract("1.4.0"))
    repo.branch()
    repo.write("api.yaml", contract(declared, most=50))
    result = repo.check(against="main")
    said = f"declared {declared}{', which announces it' if announced else ''}"
    assert f"requires major: at least 2.0.0; {said}" in "\n".join(check_lines(result, Style(width=100)))
    [one] = of_check(result).contracts
    assert one.requires.endswith(said)
