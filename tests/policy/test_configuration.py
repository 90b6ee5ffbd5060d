"""The configuration: read with positions, laid over profiles, wrong words answered with the nearest right one."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import msgspec.inspect
import pytest
from policy_cases import KNOWN, configuration

from apicontract.gate.configuration import checked, in_force
from apicontract.policy import Configuration, checking, find_configuration, model
from apicontract.sources import ContractError


@pytest.mark.parametrize(
    "text,place,message,hint",
    [
        ("profle = 'wire'", "1:1", "there is no key `profle`", "did you mean `profile`?"),
        ("profile = 'wir'", "1:11", "there is no profile `wir`", "did you mean `wire`?"),
        ("schema = 2", "1:10", "this apicontract knows `schema = 1`, and this is `2`", "upgrade"),
        ("schema = true", "1:10", "this apicontract knows `schema = 1`", "upgrade"),
        ("[compare]\nopen-enum = 'all'", "2:1", "there is no key `open-enum` in `compare`", "`open-enums`"),
        ("[compare]\nopen-enums = 'mark'", "2:14", "`mark` is no value of `open-enums`", "`marked`"),
        ("[version]\nscheme = 'x'", "2:10", "`x` is no value of `scheme`", "known are `semver`, `calver`, `date`, `none`"),
        ("[sunset]\nkeep-old-major = 1", "2:18", "`keep-old-major` is true or false, and this is `1`", ""),
        ("sunset.notice-days.stable = -1", "1:29", "must be between 0 and 36500", ""),
        ("sunset.notice-days.stable = '9'", "1:29", "`stable` is a whole number, and this is `9`", ""),
        ("sunset = 3", "1:10", "`sunset` is a table", "[table]"),
        ("surfaces = 'wire'", "1:12", "`surfaces` is a list", "brackets"),
        ("surfaces = ['wire', 'wird']", "1:21", "`wird` is no value of `surfaces`", "`wire`"),
        ("reports = ['text', 'sarf=x']", "1:20", "`sarf=x` is no value of `reports`", "`sarif`"),
        ("against = 3", "1:11", "`against` is a text, and this is `3`", "quotes"),
        ("[[contracts]]\nexclude = ['x']", "1:1", "`paths` is missing", "Globs of the contract files"),
        ("[[contracts]]\npaths = []", "2:9", "`paths` must not be empty", ""),
        ("[[contracts]]\npaths = ['x']\nbaseline = 'x'", "3:1", "there is no key `baseline` in `contracts`", ""),
        ("[[suppressions]]\nrule = 'operation-removed'", "1:1", "`reason` is missing", "Why"),
        ("[[suppressions]]\nreason = '  '", "2:10", "`reason` must not be empty", ""),
        ("suppressions = [{reason='x', until='soon'}]", "1:36", "`until` is a day, and this is `soon`", "2026-12-31"),
        ("suppressions = [{reason='x', untill=1}]", "1:30", "there is no key `untill` in `suppressions`", "`until`"),
        ("rules.operation-removed = 'huge'", "1:27", "`huge` is no value of `operation-removed`", "known are"),
        # rules, against the catalogue
        ("rules.operation-remove = 'minor'", "1:7", "`operation-remove` is no rule", "`operation-removed`"),
        ("rules.'opera*n-x' = 'minor'", "1:7", "`opera*n-x` matches no rule", ""),
        ("rules.operation-removed = 'error'", "1:27", "`operation-removed` cannot be `error`", "`major`"),
        ("rules.version-not-moved = 'major'", "1:27", "`version-not-moved` cannot be `major`", "`off`"),
        ("[[contracts]]\npaths=['a']\nrules.nope = 'off'", "3:7", "`nope` is no rule", ""),
        ("[[suppressions]]\nreason='x'\nrule='nope'", "3:6", "`nope` is no rule", ""),
        ("[[suppressions]]\nreason='x'\nrule='*'\nexcept=[{rule='nope'}]", "4:15", "`nope` is no rule", ""),
        # a waiver of everything is written as such
        ("[[suppressions]]\nreason='all of it'", "1:1", "a suppression needs a pattern", "`fingerprint`"),
        ("[[suppressions]]\nreason='x'\nrule=''\nuntil=2026-12-31", "1:1", "a suppression needs a pattern", 'rule = "*"'),
        ("[[suppressions]]\nreason='x'\nrule='*'\n[[suppressions.except]]", "4:1", "an exception needs a pattern", "`rule`, `operation`"),
        ("[[contracts]]\npaths=['a']\nformat='opnapi'", "3:8", "there is no format `opnapi`", "`openapi`"),
    ],
)  # fmt: skip
def test_mistakes_have_a_place_and_a_way_out(text, place, message, hint):
    with pytest.raises(ContractError) as caught:
        checked(configuration(text), KNOWN)
    assert f"apicontract.toml:{place}: " in str(caught.value)
    assert message in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "rules.'*-removed' = 'minor'",
        "rules.'*' = 'off'",
        "rules.path-parameter-undeclared = 'warning'",
        "[[suppressions]]\nreason='x'\nuntil=2026-12-31\nrule='*-removed'\nexcept=[{rule='operation-removed'}]",
        "reports = ['text', 'sarif=out.sarif']",
        "[[suppressions]]\nreason='x'\ncontract='a.yaml'\nexcept=[{pointer='/a'}]",
        "[[contracts]]\npaths=['a']\nformat='openapi'",
    ],
)
def test_what_is_right_is_taken(text):
    checked(configuration(text), KNOWN)


def test_the_model_has_no_type_that_is_not_checked():
    pending = [msgspec.inspect.type_info(model.Settings)]
    handled = {*checking._SCALARS, msgspec.inspect.StructType, msgspec.inspect.VarTupleType}
    handled |= {msgspec.inspect.DictType, msgspec.inspect.UnionType, msgspec.inspect.Metadata}
    while pending:
        kind = pending.pop()
        if isinstance(kind, msgspec.inspect.NoneType):
            continue
        assert type(kind) in handled
        several = [one for one in getattr(kind, "types", ()) if not isinstance(one, msgspec.inspect.NoneType)]
        if len(several) > 1:
            assert {type(one) for one in several} <= checking._VALUES.keys()
        pending += several
        pending += [field.type for field in getattr(kind, "fields", ())]
        pending += [
            getattr(kind, name) for name in ("item_type", "value_type", "type") if hasattr(kind, name)
        ]
        pending += getattr(kind, "types", ())


LAYERED = """\
profile = "zalando"
fail-on = "minor"
[rules]
"response-*" = "patch"
[[contracts]]
paths = ["apis/*.yaml"]
exclude = ["apis/old.yaml"]
profile = "strict"
compare.formats = "annotate"
[contracts.rules]
response-enum-value-added = "none"
[[contracts]]
paths = ["**/*.yaml"]
"""


def origin(found, *key):
    return str(found.origin(*key))


def test_each_value_says_where_it_comes_from():
    found = configuration(LAYERED)
    assert origin(found, "profile") == "apicontract.toml:1:11"
    assert origin(found, "fail-on") == "apicontract.toml:2:11"
    assert origin(found, "compare", "open-enums") == "profile zalando (rule 112)"
    assert origin(found, "compare", "formats") == "default"
    assert origin(found, "rules", "response-*") == "apicontract.toml:4:16"
    assert origin(found.having({"fail-on": "never"}), "fail-on") == "command line"


def test_tables_are_laid_over_each_other_key_by_key():
    found = configuration("profile = 'zalando'\ncompare.formats = 'annotate'\nsunset.notice-days.beta = 5")
    assert found.settings.compare.unknown_properties == "tolerated"
    assert found.settings.compare.formats == "annotate"
    assert found.settings.sunset.notice_days == model.NoticeDays(beta=5)


def test_a_contract_has_its_group():
    found = configuration(LAYERED)
    assert [found.group(path) for path in ("apis/a.yaml", "apis/old.yaml", "a.json")] == [0, 1, None]
    here = found.for_contract("apis/a.yaml")
    assert here.settings.profile == "strict"
    assert here.settings.compare.formats == "annotate"
    assert origin(here, "compare", "formats") == "apicontract.toml:9:19"
    # the group's profile takes the place of the general one; the file itself still counts
    assert here.settings.compare.unknown_properties == "as-declared"
    assert here.settings.fail_on == "minor"
    assert found.for_contract("apis/old.yaml").settings == found.settings
    assert here.having({"profile": "wire"}).settings.profile == "wire"


def test_the_command_line_goes_over_a_group():
    found = configuration(LAYERED).having({"profile": "github", "version": {"scheme": "calver"}})
    here = found.for_contract("apis/a.yaml")
    assert (here.settings.profile, here.settings.version.scheme) == ("github", "calver")


LEVELS = frozenset({"major", "minor", "patch", "none"})


@pytest.mark.parametrize(
    "rules,rule,standing",
    [
        ({"*": "none"}, "operation-removed", "none"),
        ({"*": "none", "operation-*": "minor"}, "operation-removed", "minor"),
        ({"operation-removed": "patch", "operation-*": "minor"}, "operation-removed", "patch"),
        ({"operation-*": "minor", "*-removed": "patch"}, "operation-removed", "minor"),  # the longer pattern
        ({"*": "off", "operation-*": "minor"}, "operation-removed", "minor"),
        ({"*": "off"}, "operation-removed", None),  # no level: it is about findings
        ({}, "operation-removed", None),
    ],
)
def test_the_exact_rule_counts_then_the_longest_pattern(rules, rule, standing):
    found = Configuration.default().having({"rules": rules}).standing(rule, LEVELS)
    assert (found and found.standing) == standing


def test_the_file_counts_before_the_profile_however_short_its_pattern():
    found = configuration('profile = "github"\nrules."*" = "patch"')
    assert found.standing("response-enum-value-removed", LEVELS).standing == "patch"
    assert (
        configuration('profile = "github"').standing("response-enum-value-removed", LEVELS).standing
        == "major"
    )


def test_dates_may_be_written_as_dates_or_texts():
    for written in ("2026-12-31", "'2026-12-31'"):
        [one] = configuration(
            f"suppressions = [{{rule='*', reason='x', until={written}}}]"
        ).settings.suppressions
        assert one.until == dt.date(2026, 12, 31)


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_the_nearest_file_above_counts(tree):
    here = str(tree / "a/b")
    assert find_configuration(here) is None
    (tree / "apicontract.toml").write_text("")
    assert find_configuration(here) == str(tree / "apicontract.toml")
    (tree / "a/pyproject.toml").write_text("[tool.other]\nx = 'apicontract'")
    assert find_configuration(here) == str(tree / "apicontract.toml")
    (tree / "a/pyproject.toml").write_text("[tool.apicontract]\nprofile = 'wire'")
    assert find_configuration(here) == str(tree / "a/pyproject.toml")
    (tree / "a/apicontract.toml").write_text("")
    assert find_configuration(here) == str(tree / "a/apicontract.toml")


def test_nothing_above_a_repository_is_looked_at(tree):
    (tree / "a/.git").mkdir()
    (tree / "apicontract.toml").write_text("")
    assert find_configuration(str(tree / "a/b")) is None


@pytest.mark.parametrize("kind", ["folder", "link", "loop"])
def test_one_that_cannot_be_read_is_not_passed_over(tree, kind):
    place = tree / "apicontract.toml"
    place.unlink(missing_ok=True)
    if kind == "folder":
        place.mkdir()
    else:
        place.symlink_to("nowhere" if kind == "link" else place.name)
    assert find_configuration(str(tree)) == str(place)
    with pytest.raises(ContractError, match="cannot be read"):
        Configuration.load(str(place))


def test_a_broken_pyproject_of_others_is_not_ours_to_say(tree):
    (tree / "pyproject.toml").write_text("[tool.apicontract\n")
    assert find_configuration(str(tree)) is None


def test_pyproject(tree):
    (tree / "pyproject.toml").write_text(
        "[tool.apicontract]\nprofile = 'wire'\n[tool.apicontract.version]\nschem = 1"
    )
    with pytest.raises(ContractError, match=r"pyproject.toml:4:1: there is no key `schem` in `version`"):
        in_force(str(tree))
    (tree / "pyproject.toml").write_text("[tool.apicontract]\nprofile = 'wire'")
    found = in_force(str(tree))
    assert found.settings.profile == "wire"
    assert origin(found, "profile").endswith("pyproject.toml:2:11")
    assert found.folder == str(tree)


def test_files_that_are_none(tree):
    with pytest.raises(ContractError, match="cannot be read: No such file"):
        in_force(str(tree), str(tree / "nothing.toml"))
    (tree / "pyproject.toml").write_text("[tool]")
    with pytest.raises(ContractError, match=r"there is no \[tool.apicontract\] here"):
        in_force(str(tree), str(tree / "pyproject.toml"))
    (tree / "pyproject.toml").write_text("[tool]\napicontract = 1")
    with pytest.raises(ContractError, match="is a table"):
        in_force(str(tree), str(tree / "pyproject.toml"))


def test_without_a_file_everything_is_default(tree):
    found = in_force(str(tree))
    assert {origin.layer for _, _, origin in found.entries()} == {"default"}
    assert found.settings == model.Settings()


@pytest.mark.parametrize("page", ["configuration.md", "suppressions.md"])
def test_examples_in_the_documentation_are_right(page):
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        checked(configuration(block), KNOWN)


@pytest.mark.parametrize(
    ("waiver", "valid"),
    [
        ({"reason": "x"}, False),
        ({"reason": "x", "rule": ""}, False),
        ({"reason": "x", "until": "2030-01-01"}, False),
        ({"reason": "x", "rule": "*"}, True),
        ({"reason": "x", "fingerprint": "0123abcd"}, True),
        ({"reason": "x", "rule": "*", "except": [{}]}, False),
        ({"reason": "x", "rule": "*", "except": [{"operation": "GET /a"}]}, True),
    ],
)
def test_the_published_schema_asks_for_a_pattern_as_we_do(waiver, valid):
    import jsonschema_rs

    from apicontract.policy.json_schema import schema

    assert jsonschema_rs.validator_for(schema()).is_valid({"suppressions": [waiver]}) is valid
