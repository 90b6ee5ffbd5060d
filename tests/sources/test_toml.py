"""TOML: the position of every key and value, checked against what the standard library reads."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apicontract.sources import ContractError, Place
from apicontract.sources.toml_text import toml_document

TEXT = b"""# a comment
schema = 1
title = "a # b" # no comment
"quoted.key" = 'x'
dotted . name = { inner = [1, 2], "odd\\u0041" = 3 }

[table]
list = [
  "a", # one
  { b = 2 },
  [3, [4]],
]
long = \"\"\"
"]] not a header
\\\"\"\"\"\"\"
when = 1979-05-27 07:32:00
day = 2026-01-31

  [[rows]]
  name = "first"
  [[rows.below]]
  deep = true
  [rows.table]
  x = -1e3
[[rows]]
name = '''second'''
[a.b.c]
d.e = +inf
"""


def document(text=TEXT):
    return toml_document(text, "x.toml")


def spots(value, pointer=""):
    yield pointer, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from spots(item, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


@pytest.mark.parametrize(
    "pointer,starts",
    [
        ("/schema", "1"),
        ("/title", '"a # b"'),
        ("/quoted.key", "'x'"),
        ("/dotted/name", "{ inner"),
        ("/dotted/name/inner/1", "2]"),
        ("/dotted/name/oddA", "3"),
        ("/table", "[table]"),
        ("/table/list/1/b", "2 }"),
        ("/table/list/2/1/0", "4]"),
        ("/table/when", "1979-05-27 07"),
        ("/rows", "[[rows]]\n  name"),
        ("/rows/0/name", '"first"'),
        ("/rows/0/below/0/deep", "true"),
        ("/rows/0/table/x", "-1e3"),
        ("/rows/1", "[[rows]]\nname"),
        ("/rows/1/name", "'''second"),
        ("/a/b/c/d/e", "+inf"),
        ("/rows/1/nothing/here", "[[rows]]\nname"),
    ],
)
def test_values_are_found_where_they_stand(pointer, starts):
    place = Place(document(), pointer)
    line = TEXT.decode().split("\n")[place.line - 1 :]
    assert "\n".join(line)[place.column - 1 :].startswith(starts)


def test_keys_are_found_where_they_stand():
    found = document().position("/dotted/name/inner", key=True)
    assert (found.line, found.column) == (5, 19)


def test_dates_are_texts():
    assert document().value["table"]["day"] == "2026-01-31"


def test_every_value_has_a_position_of_its_own():
    assert {pointer for pointer, _ in spots(document().value)} >= {"/table/long", "/rows/0/table"}
    for pointer, value in spots(document().value):
        if isinstance(value, str | int | float) and pointer != "/table/day":
            spot = document().position(pointer)
            rest = "\n".join(TEXT.decode().split("\n")[spot.line - 1 :])[spot.column - 1 :]
            assert tomllib.loads("x = " + re.match(_LITERAL, rest, re.DOTALL)[0])


_LITERAL = r"\"\"\".*?[^\\]\"{3,5}|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|[^,\]}#\n]*"

keys = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
leaves = st.integers(0, 9) | st.sampled_from(["plain", "# no", "[x]", 'q"q', "it's", "a=b", "{", "é\t"])
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


def written(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[ # ]\n" + ",\n".join(written(item) for item in value) + "]"
    escapes = {'"': '\\"', "\t": "\\t"}
    return str(value) if isinstance(value, int) else '"' + "".join(escapes.get(c, c) for c in value) + '"'


def in_one_line(value):
    """Inline tables of TOML 1.0 hold no line break, so arrays in them are written without one."""
    return written(value).replace("[ # ]\n", "[").replace(",\n", ", ")


@given(st.dictionaries(keys, trees, max_size=4))
def test_positions_of_random_texts(tree):
    text = "\n".join(f"{key} = {in_one_line(value)}" for key, value in tree.items())
    found = toml_document(text.encode(), "x")
    assert found.value == tree
    lines = text.split("\n")
    for pointer, value in spots(tree):
        if pointer:
            spot = found.position(pointer)
            assert lines[spot.line - 1][spot.column - 1 :].startswith(in_one_line(value))


@pytest.mark.parametrize(
    "text,line,column",
    [(b"a = ", 1, 5), (b"a = 1\nb = = 2\n", 2, 5), (b"a = [1,", 1, 8)],
)
def test_mistakes_have_a_place(text, line, column):
    with pytest.raises(ContractError, match="this is no TOML") as caught:
        document(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_what_is_no_text_is_refused():
    with pytest.raises(ContractError, match="byte 1 is no UTF-8"):
        document(b"a\xff")


def test_depth_is_bounded():
    with pytest.raises(ContractError, match="nested too deep"):
        document(b"a = " + b"[" * 100_000)
