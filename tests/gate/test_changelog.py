"""Release notes: what they say, what they hide, and how they get into a changelog that people keep."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from scratch_repository import Scratch, contract

import apicontract
from apicontract.changes import Level
from apicontract.changes.migration import migration
from apicontract.reports.changelog import BEGIN, END, code_of, inserted, markdown, text_of
from apicontract.reports.changelog_html import changelog_html
from apicontract.reports.changelog_json import changelog_json
from apicontract.sources import ContractError


@pytest.fixture
def repo(tmp_path):
    """Three releases and what is to come."""
    made = Scratch(tmp_path)
    steps = (
        ("v1.0.0", contract("1.0.0")),
        ("v1.1.0", contract("1.1.0", fields=("id", "at"))),
        ("v2.0.0", contract("2.0.0", fields=("id",), most=50, summary="All")),
    )
    for tag, text in steps:
        made.put("api.yaml", text)
        made.git("tag", tag)
    made.write("api.yaml", contract("2.0.0", fields=("id", "of"), most=50, summary="All"))
    return made


def notes(repo, *contracts, **options):
    return apicontract.changelog(*contracts, folder=str(repo.folder), **options)


def told(release):
    return [(str(note.level), note.rule) for one in release.contracts for note in one.notes]


def test_between_two_refs(repo):
    [release] = notes(repo, since="v1.0.0", until="v2.0.0")
    assert (release.name, release.version, release.since) == ("v2.0.0", "2.0.0", "v1.0.0")
    assert release.date == "2023-11-14"
    assert told(release) == [("major", "request-maximum-decreased")]
    assert release.contracts[0].quiet == 1


def test_since_the_last_version(repo):
    [release] = notes(repo)
    assert (release.name, release.since, release.date) == ("Unreleased", "v2.0.0", "")
    assert told(release) == [("minor", "response-property-added")]
    [release] = notes(repo, until="v2.0.0")
    assert (release.since, release.name) == ("v1.1.0", "v2.0.0")


def test_a_range_of_tags_newest_first(repo):
    releases = notes(repo, tags="v*")
    assert [(one.since, one.name) for one in releases] == [
        ("v2.0.0", "Unreleased"),
        ("v1.1.0", "v2.0.0"),
        ("v1.0.0", "v1.1.0"),
    ]
    assert told(releases[1]) == [
        ("major", "request-maximum-decreased"),
        ("major", "response-property-removed"),
    ]
    bounded = notes(repo, tags="v*", since="v1.1.0", until="v2.0.0")
    assert [(one.since, one.name) for one in bounded] == [("v1.1.0", "v2.0.0")]


def test_refs_that_are_not_there(repo):
    with pytest.raises(ContractError, match="git knows no ref `v9`"):
        notes(repo, since="v9")
    with pytest.raises(ContractError, match="no tag matches"):
        notes(repo, tags="release-*")
    for tag in repo.git("tag").split():
        repo.git("tag", "-d", tag)
    with pytest.raises(ContractError, match="no version tag") as caught:
        notes(repo)
    assert "--from" in caught.value.hint


def test_contracts_that_come_and_go(repo):
    repo.git("rm", "-q", "--cached", "api.yaml")
    (repo.folder / "api.yaml").unlink()
    repo.write("new.yaml", contract("0.1.0", title="New"))
    text = markdown(notes(repo))
    assert "**Breaking:** `api.yaml` (2.0.0) is gone." in text
    assert "`new.yaml` is new, with version 0.1.0." in text


def test_what_is_waived_is_shown_as_waived(repo):
    repo.write(
        "apicontract.toml",
        '[[suppressions]]\nrule = "request-maximum-decreased"\nreason = "limit never worked"\nuntil = 2999-01-01\n',
    )
    [release] = notes(repo, since="v1.0.0", until="v2.0.0")
    [note] = release.contracts[0].notes
    assert note.waived == "limit never worked, until 2999-01-01"
    assert note.level is Level.MAJOR
    assert release.contracts[0].level is Level.PATCH
    assert "*Waived: limit never worked, until 2999-01-01*" in markdown([release])
    assert "Waived: limit never worked" in changelog_html([release])
    assert "**Breaking:**" not in inserted("", [release])


def test_markdown(repo):
    text = markdown(notes(repo, since="v1.1.0", until="v2.0.0"))
    assert (
        text
        == """\
## 2.0.0 (2023-11-14)

Changes since v1.1.0.

`api.yaml`, from 1.1.0 to 2.0.0.

### Breaking changes

- **GET /orders**
  - query parameter `limit`: its `maximum` was lowered (was `100`, now `50`).
    Check what you send: what was valid before may be refused.
    Example: `GET /orders?limit=51`
  - the 200 response: property `at` is gone.
    Do without it.

1 further change of wording and form.
"""
    )


def test_each_of_several_contracts_has_a_heading_of_its_own(repo):
    repo.write("other.yaml", contract("1.0.0", title="Other"))
    text = markdown(notes(repo))
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert heads == ["## Unreleased", "### Orders", "#### New and changed", "### Other"]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        self.seen.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_one_page_of_its_own(repo):
    text = changelog_html(notes(repo, tags="v*"))
    reader = _Reader()
    reader.feed(text)
    assert reader.open == []
    assert not {"script", "link", "img", "iframe"} & set(reader.seen)
    assert "http" not in text
    assert "prefers-color-scheme: dark" in text


def test_nothing_of_a_contract_reaches_the_page_as_markup(repo):
    evil = "<script>alert(1)</script> [x](javascript:y) `a"
    repo.write("api.yaml", contract("2.0.0", most=40, title=f"'{evil}'"))
    repo.write("other.yaml", contract("2.0.0", title=f"'{evil} 2'"))
    releases = notes(repo)
    assert "<script>" not in changelog_html(releases)
    assert "<script>" not in markdown(releases)
    assert "[x](" not in markdown(releases).replace(r"\[", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`a*b` and *c*", r"`a*b` and \*c\*"),
        ("one ` alone <b>", r"one ' alone \<b\>"),
        ("a\x1b[31mb\nc", r"a\\x1b\[31mb c"),
    ],
)
def test_text_means_itself(text, expected):
    assert text_of(text) == expected


def test_code_with_backticks():
    assert code_of("a`b") == "``a`b``"
    assert code_of("`a`") == "`` `a` ``"


def test_json(repo):
    value = json.loads(changelog_json(notes(repo, tags="v*")))
    assert [release["version"] for release in value["releases"]] == ["Unreleased", "2.0.0", "1.1.0"]
    note = value["releases"][1]["contracts"][0]["notes"][0]
    assert note["id"] == "request-maximum-decreased"
    assert note["advice"].startswith("Check what you send")


# ---- into a changelog that people keep


def test_a_changelog_is_begun(repo):
    text = inserted("", notes(repo, until="v2.0.0"))
    assert text.startswith("# Changelog\n")
    assert f"## [2.0.0] - 2023-11-14\n\n{BEGIN}\n" in text
    assert "### Changed\n\n- **Breaking:** GET /orders: query parameter `limit`" in text
    assert "### Removed\n\n- **Breaking:** GET /orders: the 200 response: property `at` is gone." in text
    assert text.endswith(f"{END}\n")


_KEPT = """\
# Changelog

Words of ours.

## [Unreleased]

### Fixed

- A thing that we mended.

## [1.1.0] - 2023-11-01

- Older.

[Unreleased]: https://example.org
"""


def test_what_people_wrote_stays(repo):
    text = inserted(_KEPT, notes(repo))
    assert text.replace(text[text.index(BEGIN) : text.index(END) + len(END)] + "\n\n", "") == _KEPT
    assert text.index("## [Unreleased]") < text.index(BEGIN) < text.index("A thing that we mended")
    assert inserted(text, notes(repo)) == text


def test_a_release_goes_before_the_older_ones(repo):
    text = inserted(_KEPT, notes(repo, until="v2.0.0"))
    positions = [text.index(f"## [{name}]") for name in ("Unreleased", "2.0.0", "1.1.0")]
    assert positions == sorted(positions)
    assert inserted(text, notes(repo, until="v2.0.0")) == text


def test_written_anew_when_more_changes(repo):
    text = inserted(_KEPT, notes(repo))
    repo.write("api.yaml", contract("2.0.0", fields=("id", "of", "by"), most=50, summary="All"))
    again = inserted(text, notes(repo))
    assert (again.count(BEGIN), "`by` was added" in again, "`by` was added" in text) == (1, True, False)


def test_line_ends_of_the_changelog_stay(repo):
    text = inserted(_KEPT.replace("\n", "\r\n"), notes(repo))
    assert text.count("\r\n") == text.count("\n")


# ---- advice for those who use an API


@pytest.mark.parametrize("rule", [rule for rule in apicontract.rules() if isinstance(rule, apicontract.Rule)], ids=lambda rule: rule.id)  # fmt: skip
def test_every_break_has_advice_and_nothing_else_has(rule):
    change = apicontract.Change(
        rule.id, rule.level, rule.surfaces, apicontract.Certainty.PROVED, rule.direction, "GET /a", "x"
    )
    told = migration(change)
    announces = rule.id.endswith("deprecated-added") or rule.id in ("deprecated", "sunset-changed")
    assert bool(told) is bool(rule.surfaces or rule.level is Level.MAJOR or announces)
    assert not told or told.endswith(".")


@pytest.mark.parametrize("mark", [BEGIN, END])
@pytest.mark.parametrize("left", ["", "<!-- apicontract changelog -->", "twice"])
def test_a_damaged_mark_is_not_guessed_around(repo, mark, left):
    written = inserted(_KEPT, notes(repo))
    damaged = written.replace(mark, f"{mark}\n{mark}" if left == "twice" else left)
    with pytest.raises(ContractError, match="begin and end cannot be told"):
        inserted(damaged, notes(repo))
    assert inserted(written, notes(repo)) == written
