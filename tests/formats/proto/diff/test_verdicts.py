"""What the same difference is worth by where it is met: roles, switches, places, who is who."""

from __future__ import annotations

import pytest

from apicontract.changes import Certainty, Direction, Level, Surface
from apicontract.formats import DiffOptions
from apicontract.formats.proto.diff import diff
from apicontract.formats.proto.load import from_texts

HEAD = 'syntax = "proto3";\npackage t.v1;\n'


def changes(old, new, **options):
    sides = ({"t/v1/a.proto": text} if isinstance(text, str) else text for text in (old, new))
    return list(diff(*(from_texts(side) for side in sides), DiffOptions(**options)))


def one(found, rule):
    fired = [change for change in found if change.rule == rule]
    assert len(fired) == 1, [change.rule for change in found]
    return fired[0]


def calls(request, response):
    return f"{HEAD}message Q {{ {request} }}\nmessage R {{ {response} }}\nservice S {{ rpc Get(Q) returns (R); }}\n"


NOTHING = "int32 other = 9;"


@pytest.mark.parametrize(
    ("was", "now", "in_request", "in_response", "in_neither"),
    [
        ("int64 a = 1;", "int32 a = 1;", "major", "minor", "major"),
        ("int32 a = 1;", "int64 a = 1;", "minor", "minor", "minor"),
        ("int32 a = 1;", "repeated int32 a = 1;", "minor", "major", "major"),
        ("repeated int32 a = 1;", "int32 a = 1;", "major", "minor", "major"),
        ("bytes a = 1;", "string a = 1;", "major", "minor", "major"),
        ("optional int32 a = 1;", "int32 a = 1;", "major", "minor", "major"),
        ("int32 a = 1;", "string a = 1;", "major", "major", "major"),
        ("int32 a = 1; int32 b = 2;", "int32 a = 1;", "major", "major", "major"),
        ("int32 a = 1;", "int32 a = 1; int32 b = 2;", "minor", "minor", "minor"),
    ],
)
def test_the_role_of_a_message_decides_which_way_counts(was, now, in_request, in_response, in_neither):
    def level(old, new):
        return str(max(change.effects[Surface.WIRE] for change in changes(old, new)))

    assert level(calls(was, NOTHING), calls(now, NOTHING)) == in_request
    assert level(calls(NOTHING, was), calls(NOTHING, now)) == in_response
    assert level(f"{HEAD}message M {{ {was} }}", f"{HEAD}message M {{ {now} }}") == in_neither


def test_a_message_in_both_roles_goes_both_ways():
    def both(field):
        return f"{HEAD}message M {{ {field} }}\nservice S {{ rpc Get(M) returns (M); }}\n"

    found = one(changes(both("int32 a = 1;"), both("repeated int32 a = 1;")), "field-became-repeated")
    assert found.effects[Surface.WIRE] is Level.MAJOR
    assert found.direction is Direction.NONE


def test_a_nested_message_has_the_role_of_what_holds_it_and_names_the_calls_that_it_reaches():
    def nested(field):
        return (
            f"{HEAD}message Item {{ {field} }}\nmessage Q {{ repeated Item items = 1; }}\n"
            "message R { map<string, Item> items = 1; }\nmessage Only { int32 n = 1; }\n"
            "service S { rpc Put(Q) returns (Only); rpc Get(Only) returns (R); rpc Ping(Only) returns (Only); }\n"
        )

    found = one(changes(nested("int32 a = 1;"), nested("string a = 1;")), "field-type-changed")
    assert found.reaches == ("/t.v1.S/Put", "/t.v1.S/Get")
    assert found.operation == "/t.v1.S/Put"


def test_a_change_is_told_once_at_its_root():
    def shared(field):
        users = "".join(f"message M{at} {{ Item item = 1; }}\n" for at in range(20))
        return f"{HEAD}message Item {{ {field} }}\n{users}"

    assert len(changes(shared("int32 a = 1;"), shared("string a = 1;"))) == 1


def test_places_are_lines_and_columns_on_both_sides():
    old = f"{HEAD}message M {{\n  int32 a = 1;\n}}\n"
    new = f"{HEAD}// words\nmessage M {{\n    string a = 1;\n}}\n"
    found = one(changes(old, new), "field-type-changed")
    assert (found.old.file, found.old.line, found.old.column) == ("t/v1/a.proto", 4, 3)
    assert (found.new.file, found.new.line, found.new.column) == ("t/v1/a.proto", 5, 5)


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        ("message M { int32 a = 1; }", "message M { int32 a = 1; int32 b = 2; }", "field-added"),
        (
            "enum E { Z = 0; }\nmessage M { E a = 1; }",
            "enum E { Z = 0; Y = 1; }\nmessage M { E a = 1; }",
            "enum-value-added",
        ),
        (
            "message M { oneof k { int32 a = 1; } }",
            "message M { oneof k { int32 a = 1; int32 b = 2; } }",
            "oneof-member-added",
        ),
        (
            "message M { int32 a = 1; int32 b = 2; }",
            'message M { reserved 2; reserved "b"; int32 a = 1; }',
            "field-removed-reserved",
        ),
    ],
)
def test_strict_readers_of_json_refuse_what_they_do_not_know(was, now, rule):
    lenient = one(changes(HEAD + was, HEAD + now), rule)
    strict = one(changes(HEAD + was, HEAD + now, strict_json=True), rule)
    assert lenient.effects[Surface.JSON] is Level.MINOR
    assert strict.effects[Surface.JSON] is Level.MAJOR
    assert strict.effects[Surface.WIRE] is Level.MINOR
    assert strict.certainty is Certainty.WITNESSED
    assert [witness.kind for witness in strict.witnesses] == ["json-text"]
    assert "refuses it" in strict.witnesses[0].text


def test_a_field_added_to_a_request_is_no_break_for_strict_readers():
    found = changes(
        calls("int32 a = 1;", NOTHING), calls("int32 a = 1; int32 b = 2;", NOTHING), strict_json=True
    )
    assert one(found, "field-added").effects[Surface.JSON] is Level.MINOR


@pytest.mark.parametrize(("package", "unstable"), [("t.v1alpha", True), ("t.v1beta2", True), ("t.v1", False)])
def test_unstable_packages_may_break_with_a_minor_if_policy_says_so(package, unstable):
    old, new = (
        f'syntax = "proto3";\npackage {package};\nmessage M {{ {kind} a = 1; }}'
        for kind in ("int32", "string")
    )
    assert one(changes(old, new), "field-type-changed").allowed == ""
    found = one(changes(old, new, allow_unstable=True), "field-type-changed")
    assert found.counted_level is (Level.MINOR if unstable else Level.MAJOR)
    assert bool(found.allowed) == unstable


def test_files_count_only_where_asked():
    a, b = "message A { string id = 1; }", "message B { string id = 1; }"
    c = "message C { int32 n = 1; }"
    old = {"t/v1/a.proto": HEAD + a + b, "t/v1/c.proto": HEAD + c}
    new = {"t/v1/a.proto": HEAD + a, "t/v1/c.proto": HEAD + b + c}
    assert [change.level for change in changes(old, new)] == [Level.PATCH]
    found = one(changes(old, new, per_file=True), "message-moved")
    assert found.surfaces == (Surface.SOURCE,)


def test_what_a_renamed_package_implies_is_told_once():
    old = f"{HEAD}message M {{ N n = 1; message In {{ int32 a = 1; }} }}\nmessage N {{ int32 a = 1; }}\nenum E {{ Z = 0; }}"
    found = changes(old, old.replace("t.v1", "u.v1"))
    assert [change.rule for change in found] == ["package-renamed"]


@pytest.mark.parametrize(
    ("holder", "level"), [("", "major"), ("OUTPUT_ONLY", "minor"), ("OPTIONAL", "major")]
)
@pytest.mark.parametrize("behaviour", ["REQUIRED", "OUTPUT_ONLY", "IMMUTABLE"])
def test_what_only_servers_fill_in_may_be_said_to_be_required(holder, level, behaviour):
    """Seen in google-proto-files 5.0.0: `PscConnection.address`, in an output-only field of a redis cluster."""

    def mark(word):
        return f" [(google.api.field_behavior) = {word}]" if word else ""

    def contract(word):
        return (
            'syntax = "proto3";\npackage t.v1;\nimport "google/api/field_behavior.proto";\n'
            f"message Link {{ string address = 1{mark(word)}; }}\n"
            f"message Cluster {{ repeated Link links = 1{mark(holder)}; }}\n"
            "service S { rpc Put(Cluster) returns (Cluster); }\n"
        )

    rule = f"field-behavior-{behaviour.lower().replace('_', '-')}-added"
    found = one(changes(contract(""), contract(behaviour)), rule)
    assert {str(found.effects[surface]) for surface in (Surface.WIRE, Surface.JSON)} == {level}


@pytest.mark.parametrize(("more", "rule"), [(0, "package-renamed"), (9, "package-removed")])
def test_a_package_is_not_renamed_into_a_large_one_that_has_a_few_of_its_names(more, rule):
    """Seen in google-proto-files 5.0.0: an example with `Workspace` went, Dataform v1 with its own came."""
    few = "message Workspace { string name = 1; }\nmessage Query { string parent = 1; int32 size = 2; }\n"
    others = "".join(f"message Other{at} {{ int32 n{at} = 1; }}\n" for at in range(more))
    old = {"t/example/v1/a.proto": f'syntax = "proto3";\npackage t.example.v1;\n{few}'}
    grown = few.replace("int32 size = 2;", "string size = 2;")
    new = {"t/flow/v1/a.proto": f'syntax = "proto3";\npackage t.flow.v1;\n{grown}{others}'}
    found = changes(old, new)
    assert [change.rule for change in found if change.rule.startswith("package-re")] == [rule]
    assert any(change.rule == "field-type-changed" for change in found) is not bool(more)


def test_two_versions_of_a_package_side_by_side_are_not_each_other():
    def version(number):
        return f'syntax = "proto3";\npackage t.v{number};\nmessage M {{ int32 a = 1; }}\nmessage N {{ M m = 1; }}'

    old = {f"t/v{number}/a.proto": version(number) for number in (1, 2)}
    new = {f"t/v{number}/a.proto": version(number) for number in (2, 3)}
    assert sorted(change.rule for change in changes(old, new)) == ["package-added", "package-removed"]


def test_a_renamed_message_that_differs_is_compared_with_what_it_was():
    old = f"{HEAD}message M {{ S s = 1; }}\nmessage S {{ int32 a = 1; int32 b = 2; }}"
    new = f"{HEAD}message M {{ T s = 1; }}\nmessage T {{ int32 a = 1; string b = 2; }}"
    assert {change.rule for change in changes(old, new)} == {"message-renamed", "field-type-changed"}


def test_a_type_that_took_the_place_of_another_is_judged_through_recursion():
    kinds = {"A": "B b = 1; int32 n = 2;", "B": "A a = 1;"}
    twins = {"C": "D b = 1; string n = 2;", "D": "C a = 1;"}
    types = "".join(f"message {name} {{ {body} }}\n" for name, body in (kinds | twins).items())
    old, new = (f"{HEAD}{types}message M {{ {name} m = 1; }}" for name in ("B", "D"))
    found = one(changes(old, new), "field-message-type-changed")
    assert found.effects[Surface.WIRE] is Level.MAJOR
    assert found.certainty is Certainty.WITNESSED


def test_a_verdict_that_leaned_on_an_open_question_is_asked_again():
    """B to D is asked while A to C is open; asked by itself it must not be taken for safe."""
    types = (
        "message A { B b = 1; int32 n = 2; }\nmessage B { A a = 1; }\n"
        "message C { D b = 1; string n = 2; }\nmessage D { C a = 1; }\n"
    )
    old, new = (f"{HEAD}{types}message M {{ {a} x = 1; {b} y = 2; }}" for a, b in (("A", "B"), ("C", "D")))
    found = [change for change in changes(old, new) if change.rule == "field-message-type-changed"]
    assert [change.effects[Surface.WIRE] for change in found] == [Level.MAJOR, Level.MAJOR]


def test_surfaces_that_do_not_count_leave_a_patch():
    old, new = (f"{HEAD}message M {{ int32 {name} = 1; }}" for name in ("a", "b"))
    found = one(changes(old, new, surfaces=frozenset({Surface.WIRE})), "field-renamed")
    assert found.level is Level.PATCH
    assert found.effects == {Surface.WIRE: Level.NONE, Surface.JSON: Level.MAJOR, Surface.SOURCE: Level.MAJOR}
    assert found.witnesses == ()


def test_the_same_comparison_comes_out_the_same():
    old = f"{HEAD}message M {{ map<string, int32> a = 1; int64 b = 2; }}"
    new = f"{HEAD}message M {{ map<string, string> a = 1; bool b = 2; }}"
    first, second = ([(c.rule, c.witnesses) for c in changes(old, new)] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("form", ["", "optional "])
def test_a_field_that_became_packed_is_shown_by_bytes_that_hold_something(form):
    fields = calls(NOTHING, f"{form}int32 a = 1;"), calls(NOTHING, "repeated int32 a = 1;")
    [shown] = [
        each for each in one(changes(*fields), "field-became-repeated").witnesses if each.kind == "bytes"
    ]
    assert str(shown.value).startswith("0a02")


def test_a_number_that_gets_quotes_is_shown_by_a_new_writer():
    """A new reader takes it with quotes and without; a plain client that is old does not."""
    found = one(
        changes(*(f"{HEAD}message M {{ {kind} a = 1; }}" for kind in ("int32", "int64"))),
        "field-type-widened",
    )
    [shown] = [each for each in found.witnesses if each.kind == "json-text"]
    assert isinstance(shown.value, dict)
    assert isinstance(shown.value["a"], str)
