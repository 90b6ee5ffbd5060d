"""The compiler from outside: every mistake with its place, bounds, nothing left behind, what a diff compiles."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from texts import EVERYTHING

import apicontract
from apicontract import ContractError, DiffOptions
from apicontract.formats import get
from apicontract.formats.proto.compiling import compilation, scratch
from apicontract.formats.proto.compiling.errors import CompileError
from apicontract.formats.proto.diff import diff as compare
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.narrowing import narrowed

HEAD = 'syntax = "proto3";\n'


def test_every_mistake_of_every_file_in_one_run_and_what_compiles_besides():
    contract = from_texts(
        {
            "a.proto": HEAD + "message A { Nothing x = 1; }",
            "b.proto": HEAD + 'import "a.proto";\nmessage B { A a = 1; }',
            "c.proto": HEAD + "message C { int32 x = 1;\n\tint32 y = 1; }",
            "d.proto": HEAD + "message D {",
            "e.proto": HEAD + "message E { D d = 1; }",
            "fine.proto": HEAD + 'import "google/protobuf/empty.proto"; message Fine {}',
        }
    )
    errors = [one for one in contract.mistakes if not one.is_warning]
    assert [(one.path, one.line, one.column) for one in sorted(errors, key=lambda one: one.path)] == [
        ("a.proto", 2, 13), ("c.proto", 3, 12), ("d.proto", 2, 12), ("e.proto", 2, 13),
    ]  # fmt: skip
    [warning] = [one for one in contract.mistakes if one.is_warning]
    assert (warning.path, warning.line) == ("fine.proto", 2)
    assert "unused" in warning.text
    with pytest.raises(CompileError, match=r"^a\.proto:2:13: ") as raised:
        _ = contract.files
    assert "3 further mistakes" in raised.value.hint
    tolerant = contract.tolerant()
    assert [file.name for file in tolerant.own_files] == ["fine.proto"]
    assert set(tolerant.messages) >= {"Fine"}


def test_one_share_or_several_find_the_same(monkeypatch):
    texts = {f"m{at}.proto": HEAD + f"message M{at} {{ int32 x = 1; }}" for at in range(12)}
    texts["m3.proto"] += "broken"
    whole = from_texts(texts)
    monkeypatch.setattr(compilation, "_SHARE", 100)
    parts = from_texts(texts)
    assert (
        len(list(compilation._shares(parts.own, {name: text.encode() for name, text in texts.items()}))) > 3
    )
    assert sorted(whole.mistakes, key=str) == sorted(parts.mistakes, key=str)
    assert set(whole.tolerant().files) == set(parts.tolerant().files) == set(texts) - {"m3.proto"}


@pytest.mark.parametrize("files", [2_000, 20_000])
def test_a_long_chain_of_imports_is_compiled_or_refused(files):
    texts = {f"m{at}.proto": f'{HEAD}import "m{at + 1}.proto";' for at in range(files)}
    texts[f"m{files}.proto"] = HEAD
    contract = from_texts(texts)
    try:
        assert len(contract.files) == files + 1
    except ContractError as error:
        assert "too long a chain" in f"{error} {error.hint}"  # noqa: PT017


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "message M { " * 20_000,
        HEAD + "option (x) = { " + "a { " * 50_000,
        HEAD + "message M { int32 x = " + "-" * 100_000 + "1; }",
        HEAD + "/*" * 100_000,
        HEAD + "message M" + "." * 100_000 + "{}",
        HEAD + 'import "m.proto";',
        "\0" * 1000,
        HEAD + "x" * 1_000_000,
        'edition = "2099";',
        'syntax = "proto9";',
    ],
)
def test_hostile_texts_are_refused_with_their_place(text):
    with pytest.raises(ContractError) as raised:
        _ = from_texts({"m.proto": text}).files
    assert raised.value.file == "m.proto"
    assert raised.value.line
    assert len(str(raised.value)) < 3_000_000


def test_a_crowd_of_values_is_compiled():
    values = "".join(f"V{at} = {at};" for at in range(50_000))
    assert len(from_texts({"m.proto": f"{HEAD}enum E {{ {values} }}"}).enums["E"].values) == 50_000


def test_what_follows_from_a_failed_import_is_not_said_but_a_name_of_ones_own_is():
    text = 'import "gone/x.proto";\nmessage M { gone.X x = 1; Typo y = 2; }'
    mistakes = from_texts({"a/m.proto": HEAD + text}).mistakes
    assert [(one.line, one.text.split()[0]) for one in mistakes] == [(2, "Import"), (3, '"Typo"')]
    beside = from_texts({"a/m.proto": HEAD + text.replace("gone/x", "a/x")}).mistakes
    assert [one.line for one in beside] == [2]


def test_circles_of_imports_are_said_once():
    texts = {"a.proto": HEAD + 'import "b.proto";', "b.proto": HEAD + 'import "a.proto";'}
    with pytest.raises(CompileError, match="import each other"):
        _ = from_texts(texts).files


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "_parent", lambda _: str(tmp_path))
    for text in (HEAD, "broken"):
        contract = from_texts({"m.proto": text})
        assert contract.mistakes is not None
    started = from_texts({"m.proto": HEAD})
    started.unit.start()
    started.unit.stop()
    (tmp_path / "old.proto").write_text(HEAD + "message M {}")
    (tmp_path / "new.proto").write_text(HEAD + "broken")
    with pytest.raises(ContractError):
        apicontract.diff(tmp_path / "new.proto", tmp_path / "old.proto")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.proto", "old.proto"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_compiler_whose_asker_dies_takes_the_folder_away(tmp_path):
    texts = tmp_path / "protos"
    texts.mkdir()
    for at in range(300):
        fields = "".join(f"int32 f{n} = {n};" for n in range(1, 200))
        (texts / f"m{at}.proto").write_text(f"{HEAD}message M{at} {{ {fields} }}")
    program = f"import apicontract, os; p = apicontract.load({str(texts)!r}); p.unit.start(); print(p.unit._work._scratch, flush=True); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    folder = Path(done.stdout.strip())
    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def chosen(old, new):
    sides = narrowed(from_texts(old), from_texts(new))
    for side in sides:
        side.unit.stop()
    return [list(side.own) for side in sides]


USED = HEAD + "message A { int32 x = 1; }\n"
USER = HEAD + 'import "a.proto";\nmessage B { A a = 1; }\n'


def test_only_what_differs_and_its_users_are_compiled():
    rest = {"b.proto": USER, "c.proto": HEAD + 'import "b.proto";\nservice C { rpc R(B) returns (B); }'}
    idle = {"d.proto": HEAD + 'import "a.proto";\nmessage D {}', "e.proto": HEAD}
    old, new = ({"a.proto": text, **rest, **idle} for text in (USED, USED.replace("int32", "int64")))
    assert chosen(old, new) == [["a.proto", "b.proto", "c.proto"]] * 2
    assert chosen(old, old) == [[], []]


def test_comments_and_blanks_do_not_differ_but_what_they_hide_does():
    assert chosen({"a.proto": USED}, {"a.proto": "// new\n" + USED.replace("\n", "\r\n\r\n  // x\n")}) == [
        [],
        [],
    ]
    hidden = HEAD + "/* \n// */ message Gone {}\n"
    assert chosen({"a.proto": hidden}, {"a.proto": hidden.replace("// */", "//")}) == [["a.proto"]] * 2
    text = HEAD + 'message M { string s = 1 [json_name = "// a"]; }'
    assert chosen({"a.proto": text}, {"a.proto": text.replace("// a", "// b")}) == [["a.proto"]] * 2


def test_users_through_a_public_import_are_users():
    public = {
        "p.proto": HEAD + 'import public "a.proto";',
        "u.proto": HEAD + 'import "p.proto"; message U { A a = 1; }',
    }
    old, new = ({"a.proto": text, **public} for text in (USED, USED.replace("int32", "int64")))
    assert chosen(old, new) == [["a.proto", "p.proto", "u.proto"]] * 2


def test_an_added_and_a_removed_file_are_compiled_alone():
    assert chosen({"a.proto": USED, "x.proto": HEAD}, {"a.proto": USED, "y.proto": HEAD}) == [
        ["x.proto"],
        ["y.proto"],
    ]


@pytest.mark.parametrize("swap", [False, True])
def test_a_package_that_keeps_a_file_is_not_gone_or_new(swap):
    old = {"a.proto": HEAD + "package p.v1; message A {}", "b.proto": HEAD + "package p.v1; message B {}"}
    sides = (old, {"b.proto": old["b.proto"]})
    old, new = (from_texts(side) for side in (reversed(sides) if swap else sides))
    changes = list(get("proto").diff(old, new, DiffOptions()))
    assert changes
    assert not [change for change in changes if change.rule.startswith("package-")]


def test_what_is_compiled_makes_no_difference_to_what_is_found():
    """The whole of both contracts gives the changes that the narrowed ones give."""
    rest = {name: text for name, text in EVERYTHING.items() if "ed/v1" not in name}
    changed = EVERYTHING["acme/ed/v1/ed.proto"].replace("int32 explicit = 1;", "string explicit = 1;")
    words = {"w.proto": HEAD + "package w; // old\nmessage W {}"}
    old = {**EVERYTHING, **words, "gone.proto": HEAD + "package acme.new.v1; message Gone {}"}
    new = {**rest, "acme/ed/v1/ed.proto": changed, "w.proto": words["w.proto"].replace("old", "new")}
    options = DiffOptions()
    found = list(get("proto").diff(from_texts(old), from_texts(new), options))
    whole = list(compare(from_texts(old), from_texts(new), options))

    def told(changes):
        return sorted((one.rule, str(one.level), one.message, one.pointer, one.reaches) for one in changes)

    assert told(found) == told(whole)
    assert {"comments-changed", "field-type-changed"} <= {change.rule for change in found}
