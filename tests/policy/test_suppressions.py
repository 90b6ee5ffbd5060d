"""Suppressions: what they cover and what not, until when, and what becomes of those that are not needed any more."""

from __future__ import annotations

import datetime as dt

import pytest
from policy_cases import KNOWN, TODAY, configuration, found

from apicontract.policy import Case, judge

OLD = """\
openapi: 3.1.0
info: {title: T, version: 1.0.0}
paths:
  /a:
    get:
      parameters: [{name: q, in: query, schema: {type: string, maxLength: 9}}]
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
  /b/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
components:
  schemas:
    S: {type: object, properties: {gone: {type: string}, kept: {type: string}}}
"""
SHARED = OLD.replace("gone: {type: string}, ", "")  # response-property-removed, reaches both operations
ALONE = OLD.replace("maxLength: 9", "maxLength: 5")  # request-max-length-decreased, in GET /a
ABOUT = {"suppression-expired", "suppression-unused", "suppression-lapsed", "ignore-malformed"}


def settings(*entries):
    return "\n".join(f"[[suppressions]]\nreason = 'agreed'\n{entry}" for entry in entries)


def waivers(judgement):
    return {
        each.change.rule: each.waiver.kind if each.waiver else None
        for verdict in judgement.verdicts
        for each in verdict.changes
    }


def about(judgement):
    return found(judgement) & ABOUT


@pytest.mark.parametrize(
    "entry,new,waived",
    [
        ("rule = 'response-property-removed'", SHARED, True),
        ("rule = 'response-*'", SHARED, True),
        ("rule = 'request-*'", SHARED, False),
        ("rule = '*'", SHARED, True),  # every change, which is legal: somebody gave a reason
        # operations: all through which the change is met
        ("operation = 'GET /a'", SHARED, False),
        ("operation = 'GET /**'", SHARED, True),
        ("operation = 'GET /*'", SHARED, False),
        ("operation = 'GET /a'", ALONE, True),
        ("operation = '* /a'", ALONE, True),
        ("operation = 'POST /a'", ALONE, False),
        # pointers
        ("pointer = '/components/schemas/S'", SHARED, True),
        ("pointer = '/components/*/S'", SHARED, True),
        ("pointer = '/components/*'", SHARED, False),
        ("pointer = '/components/**'", SHARED, True),
        ("pointer = '/components/schemas/S/properties/gone'", SHARED, True),  # where it stood
        ("pointer = '/paths/~1a/**'", ALONE, True),
        ("pointer = '/paths/**'", SHARED, False),
        # contracts
        ("contract = 'api.yaml'", SHARED, True),
        ("contract = '*.json'", SHARED, False),
        # all that are given must match
        ("rule = 'response-property-removed'\npointer = '/paths/**'", SHARED, False),
        # exceptions within
        ("rule = '*'\nexcept = [{rule = 'response-property-removed'}]", SHARED, False),
        ("rule = '*'\nexcept = [{rule = 'request-*'}]", SHARED, True),
        ("rule = '*'\nexcept = [{rule = 'response-*', pointer = '/paths/**'}]", SHARED, True),
        ("rule = '*'\nexcept = [{operation = 'GET /a'}]", ALONE, False),
        ("rule = '*'\nexcept = [{contract = 'api.*'}]", ALONE, False),
    ],
)  # fmt: skip
def test_what_is_covered(gate, entry, new, waived):
    judgement = gate(OLD, new, settings(entry))
    assert set(waivers(judgement).values()) == {"suppression" if waived else None}
    assert judgement.passed is waived
    assert str(judgement.level) == ("none" if waived else "major")
    assert about(judgement) == (set() if waived else {"suppression-unused"})


def test_a_fingerprint_covers_one_change(gate):
    [one] = gate(OLD, SHARED).verdicts[0].changes
    for written in (one.fingerprint, one.fingerprint[:8], one.fingerprint.upper()):
        assert gate(OLD, SHARED, settings(f"fingerprint = '{written}'")).passed
    assert not gate(OLD, SHARED, settings(f"fingerprint = '{one.fingerprint[:7]}'")).passed
    assert not gate(OLD, ALONE, settings(f"fingerprint = '{one.fingerprint}'")).passed


def test_a_waiver_is_shown_with_its_reason_and_place(gate):
    [verdict] = gate(OLD, SHARED, settings("rule = '*'\nuntil = 2026-06-01")).verdicts
    [change] = verdict.changes
    assert str(change.level) == "major"
    assert str(change.counted) == "none"
    assert (change.waiver.reason, change.waiver.until) == ("agreed", "2026-06-01")
    assert change.waiver.origin == "apicontract.toml:1:1"
    assert change.decisions[-1].standing == "waived"
    assert verdict.waived == 1


@pytest.mark.parametrize(
    "until,passed,rules",
    [("2026-06-01", True, set()), ("2026-05-31", False, {"suppression-expired"})],
)
def test_the_last_day_still_holds(gate, until, passed, rules):
    judgement = gate(OLD, SHARED, settings(f"rule = '*'\nuntil = {until}"))
    assert judgement.passed is passed
    assert about(judgement) == rules


def test_findings_are_waived_too(gate):
    judgement = gate(OLD, SHARED, settings("rule = 'version-not-moved'"))
    assert judgement.passed
    assert str(judgement.level) == "major"
    assert not gate(OLD, SHARED, settings("rule = 'version-moved-back'")).passed


def test_what_the_gate_says_is_waived_by_its_own_name_only(gate):
    removed = "rule = '*'\nexcept = [{rule = 'response-property-removed'}]"
    judgement = gate(OLD, SHARED, settings(removed))
    assert "version-not-moved" in found(judgement)
    assert not judgement.passed
    assert not gate(OLD, SHARED, settings("rule = 'version-*'")).passed


def test_unchanged_contracts_are_counted_as_seen(case):
    """They have no changes, but validation of them was not run."""
    for entry, expected in (
        ("rule = 'operation-removed'", {"suppression-unused"}),
        ("rule = 'path-parameter-undeclared'", set()),
        ("rule = 'path-parameter-undeclared'\ncontract = 'api.yaml'", {"suppression-unused"}),
        ("contract = 'other.yaml'", set()),
        ("contract = 'nowhere.yaml'", {"suppression-unused"}),
    ):
        text = settings(entry)
        cases = [case(OLD, OLD, text)]
        judgement = judge(cases, configuration(text), today=TODAY, rules=KNOWN, unchanged=["other.yaml"])
        assert about(judgement) == expected, entry


def test_nothing_is_said_of_unused_ones_in_part_of_a_run(gate):
    assert about(gate(OLD, OLD, settings("rule = 'operation-removed'"), complete=False)) == set()
    assert about(gate(OLD, OLD, settings("rule = '*'\nuntil = 2020-01-01"), complete=False)) == {
        "suppression-expired"
    }


def test_one_use_is_enough(case):
    text = settings("rule = 'response-property-removed'")
    cases = [case(OLD, SHARED, text), case(OLD, ALONE, text)]
    judgement = judge(cases, configuration(text), today=TODAY, rules=KNOWN)
    assert about(judgement) == set()
    assert [verdict.passed for verdict in judgement.verdicts] == [True, False]


class TestAbsorbed:
    """A suppression that the base has already is done."""

    ENTRY = "rule = 'response-property-removed'"

    def base(self, *entries):
        return configuration(settings(*entries))

    def test_it_holds_for_the_branch_that_brings_it(self, gate):
        for base in (None, self.base(), self.base("rule = 'request-*'")):
            judgement = gate(OLD, SHARED, settings(self.ENTRY), base=base)
            assert judgement.passed
            assert about(judgement) == set()

    def test_afterwards_it_has_lapsed(self, gate):
        judgement = gate(OLD, OLD, settings(self.ENTRY), base=self.base(self.ENTRY))
        assert about(judgement) == {"suppression-lapsed"}
        assert judgement.passed  # a warning

    def test_it_does_not_hide_the_next_change(self, gate):
        judgement = gate(OLD, SHARED, settings(self.ENTRY), base=self.base(self.ENTRY))
        assert not judgement.passed
        assert about(judgement) == {"suppression-lapsed"}
        [lapsed] = judgement.findings
        assert "there is a further change like it, which counts" in lapsed.finding.message

    def test_a_standing_one_stays(self, gate):
        entry = self.ENTRY + "\nstanding = true"
        assert gate(OLD, SHARED, settings(entry), base=self.base(entry)).passed

    def test_agreed_anew_it_holds_again(self, gate):
        anew = self.ENTRY + "\nuntil = 2026-12-31"
        assert gate(OLD, SHARED, settings(anew), base=self.base(self.ENTRY)).passed

    def test_against_an_older_base_it_still_holds(self, case):
        """Compared with main it has lapsed, with the last release, which lacks the change, it holds."""
        text = settings(self.ENTRY)
        cases = [
            case(OLD, SHARED, text, base=self.base()),
            case(SHARED, SHARED, text, base=self.base(self.ENTRY)),
        ]
        judgement = judge(cases, configuration(text), today=TODAY, rules=KNOWN)
        assert judgement.passed
        assert about(judgement) == set()


NOTE = "x-apicontract-ignore: {rule: 'response-property-removed', reason: nobody reads it%s}"


def noted(text, note, where="    S: {"):
    assert where in text
    return text.replace(where, f"{where}{note}, " if where.endswith("{") else f"{where}\n      {note}")


class TestBesideTheThing:
    """`x-apicontract-ignore` in the contract itself."""

    @pytest.mark.parametrize(
        "where,waived",
        [
            ("    S: {", True),  # the schema
            ("    S: {type: object, properties: {kept: {", False),  # a property that stays
            ("info: {", False),
        ],
    )
    def test_it_covers_what_stands_at_or_below_it(self, gate, where, waived):
        judgement = gate(OLD, noted(SHARED, NOTE % "", where))
        assert set(waivers(judgement).values()) == {"ignore" if waived else None}
        assert judgement.passed is waived
        assert about(judgement) == (set() if waived else {"suppression-unused"})

    def test_on_an_operation_it_covers_what_is_met_only_there(self, gate):
        note = "x-apicontract-ignore: {rule: 'response-*', reason: internal}"
        assert not gate(OLD, noted(SHARED, note, "  /a:\n    get:")).passed  # /b is reached too
        alone = OLD.replace("  /b/{id}:", "  /b/{id}:\n    x-other: 1").replace(
            "$ref: '#/components/schemas/S'}}}}}\ncomponents", "type: string}}}}}\ncomponents"
        )
        changed = alone.replace("gone: {type: string}, ", "")
        assert gate(alone, noted(changed, note, "  /a:\n    get:")).passed

    def test_at_the_root_it_covers_the_contract(self, gate):
        assert gate(OLD, NOTE % "" + "\n" + SHARED).passed

    def test_where_the_thing_is_gone_the_note_stands_beside_its_place(self, gate):
        gone = OLD[: OLD.index("  /b/{id}:")] + OLD[OLD.index("components:") :]
        note = "x-apicontract-ignore: {rule: operation-removed, reason: internal}"
        assert not gate(OLD, gone).passed
        assert gate(OLD, gone.replace("paths:\n", f"paths:\n  {note}\n")).passed

    @pytest.mark.parametrize("until,rules", [("2026-06-01", set()), ("2026-05-31", {"suppression-expired"})])
    def test_until(self, gate, until, rules):
        judgement = gate(OLD, noted(SHARED, NOTE % f", until: {until}"))
        assert about(judgement) == rules
        assert judgement.passed == (not rules)

    def test_a_list_of_notes(self, gate):
        notes = "x-apicontract-ignore: [{rule: 'request-*', reason: a}, {rule: 'response-*', reason: b}]"
        judgement = gate(OLD, noted(SHARED, notes))
        assert set(waivers(judgement).values()) == {"ignore"}
        assert about(judgement) == {"suppression-unused"}

    def test_it_lapses_once_the_base_has_it(self, gate):
        before, after = noted(OLD, NOTE % ""), noted(SHARED, NOTE % "")
        judgement = gate(before, after)
        assert not judgement.passed
        assert about(judgement) == {"suppression-lapsed"}
        assert gate(noted(OLD, NOTE % ", standing: true"), noted(SHARED, NOTE % ", standing: true")).passed

    @pytest.mark.parametrize(
        "note,message",
        [
            ("x-apicontract-ignore: all", "it is an object with `rule` and `reason`"),
            ("x-apicontract-ignore: {rule: operation-removed}", "`reason` is missing"),
            ("x-apicontract-ignore: {rule: operation-removed, reason: ' '}", "`reason` is missing"),
            ("x-apicontract-ignore: {reason: x}", "`rule` is missing"),
            (
                "x-apicontract-ignore: {rule: operation-remove, reason: x}",
                "`operation-remove` is no rule: did you mean `operation-removed`",
            ),
            ("x-apicontract-ignore: {rule: 5, reason: x}", "`5` is no rule"),
            (
                "x-apicontract-ignore: {rule: '*', reason: x, untill: y}",
                "there is no key `untill`: did you mean `until`?",
            ),
            ("x-apicontract-ignore: {rule: '*', reason: x, until: soon}", "`until` is a day such as"),
        ],
    )
    def test_what_cannot_be_understood(self, gate, note, message):
        judgement = gate(OLD, noted(OLD, note))
        [finding] = [
            each for each in judgement.verdicts[0].findings if each.finding.rule == "ignore-malformed"
        ]
        assert message in finding.finding.message
        assert finding.finding.place.line == OLD[: OLD.index("    S: {")].count("\n") + 1
        assert not judgement.passed

    def test_a_note_is_no_change(self, gate):
        for where in ("    S: {", "info: {", "  /a:\n    get:"):
            judgement = gate(OLD, noted(OLD, NOTE % "", where))
            assert waivers(judgement) == {}


def test_a_moved_contract_has_both_paths(load):
    import apicontract

    old, new = load(OLD, folder="old"), load(SHARED)
    text = settings("contract = 'before/api.yaml'")
    case = Case("after/api.yaml", old, new, apicontract.diff(old, new), moved_from="before/api.yaml")
    assert judge([case], configuration(text), today=TODAY, rules=KNOWN).passed
    case = Case("after/api.yaml", old, new, apicontract.diff(old, new))
    assert not judge([case], configuration(text), today=TODAY, rules=KNOWN).passed


def test_a_suppression_may_be_raised_lowered_or_turned_off(gate):
    unused = settings("rule = 'operation-removed'")
    assert gate(OLD, OLD, unused).passed
    assert not gate(OLD, OLD, "rules.suppression-unused = 'error'\n" + unused).passed
    assert about(gate(OLD, OLD, "rules.suppression-unused = 'off'\n" + unused)) == set()
    assert dt.date(2026, 6, 1) == TODAY
