"""Texts altered: only what is asked for changes, in JSON and both styles of YAML, or nothing does."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest
import yaml

from apicontract.sources import Place, ReadOptions, join, read
from apicontract.sources.alterations import Add, Append, Drop, Put, Rename, Reorder, Wrap, altered, pruned
from apicontract.sources.edits import Edit, applied, compatible
from apicontract.sources.rewriting import rewritable, rewritten

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apicontract.sources import Document, Json


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Document]:
    def run(text: str, name: str = "a.yaml") -> Document:
        (tmp_path / name).write_bytes(text.encode())
        return read(str(tmp_path / name), ReadOptions()).root

    return run


def at(document: Document, pointer: str) -> Place:
    return Place(document, pointer)


BLOCK = """\
# head
a:  # of a
  one: 1
  # before two
  two: 'text'   # beside two
  three:
    - x
    # before y
    - y  # beside y

    - z
b: |
  lines

  more
# tail
"""


@pytest.mark.parametrize(
    ("make", "old", "new"),
    [
        (lambda d: Put(at(d, "/a/two"), "it's"), "'text'   #", "'it''s'   #"),
        (lambda d: Rename(at(d, "/a/two"), "deux"), "  two: ", "  deux: "),
        (lambda d: Rename(at(d, "/a/two"), "/x: {y}"), "  two: ", "  '/x: {y}': "),
        (lambda d: Drop(at(d, "/a/two")), "  two: 'text'   # beside two\n", ""),
        (lambda d: Drop(at(d, "/a/one")), "  one: 1\n", ""),
        (
            lambda d: Drop(at(d, "/a/three")),
            "  three:\n    - x\n    # before y\n    - y  # beside y\n\n    - z\n",
            "",
        ),
        (lambda d: Drop(at(d, "/b")), "b: |\n  lines\n\n  more\n", ""),
        (lambda d: Drop(at(d, "/a/three/1")), "    - y  # beside y\n", ""),
        (lambda d: Add(at(d, "/a"), "new", "v", after="one"), "  one: 1\n", "  one: 1\n  new: v\n"),
        (
            lambda d: Add(at(d, "/a"), "new", "yes", after="two"),
            "# beside two\n",
            "# beside two\n  new: 'yes'\n",
        ),
        (
            lambda d: Add(at(d, ""), "new", [{"k": "v", "l": {"m": 1}}]),
            "  more\n",
            "  more\nnew:\n  - k: v\n    l:\n      m: 1\n",
        ),
        (lambda d: Add(at(d, "/a"), "new", {}, after="three"), "    - z\n", "    - z\n  new: {}\n"),
        (lambda d: Append(at(d, "/a/three"), "w"), "    - z\n", "    - z\n    - w\n"),
        (lambda d: Wrap(at(d, "/a/one")), "one: 1", "one: [1]"),
        (lambda d: Wrap(at(d, "/a/two")), "'text'   #", "['text']   #"),
        (
            lambda d: Wrap(at(d, "/a/three")),
            "    - x\n    # before y\n    - y  # beside y\n\n    - z\n",
            "    - - x\n      # before y\n      - y  # beside y\n\n      - z\n",
        ),
        (lambda d: Wrap(at(d, "/b")), "b: |\n  lines\n\n  more\n", "b:\n  - |\n    lines\n\n    more\n"),
        (
            lambda d: Reorder(at(d, "/a/three"), (2, 1, 0)),
            "    - x\n    # before y\n    - y  # beside y\n\n    - z\n",
            "\n    - z\n    # before y\n    - y  # beside y\n    - x\n",
        ),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_block_style(
    document: Callable[..., Document], make: Callable[[Document], object], old: str, new: str, ends: str
) -> None:
    text = BLOCK.replace("\n", ends)
    given = document(text)
    assert BLOCK.count(old) == 1
    assert rewritten(given, [make(given)]) == BLOCK.replace(old, new).replace("\n", ends).encode()


PRETTY = '{\n  "a": {\n    "one": 1,\n    "two": "tëxt"\n  },\n  "b": [\n    "x",\n    "y"\n  ]\n}\n'
TIGHT = '{"a":{"one":1,"two":"text"},"b":["x","y"],"c":{},"d":[]}'
FLOW = 'p: {a: {one: 1, "two": "text"}, b: [x, y]}  # beside\n'


@pytest.mark.parametrize(
    ("text", "make", "old", "new"),
    [
        (PRETTY, lambda d: Put(at(d, "/a/two"), 'a"b'), '"tëxt"', '"a\\"b"'),
        (PRETTY, lambda d: Drop(at(d, "/a/two")), ',\n    "two": "tëxt"', ""),
        (PRETTY, lambda d: Drop(at(d, "/a/one")), '"one": 1,\n    ', ""),
        (PRETTY, lambda d: Drop(at(d, "/b")), ',\n  "b": [\n    "x",\n    "y"\n  ]', ""),
        (PRETTY, lambda d: Add(at(d, "/a"), "n", True, after="one"), '"one": 1', '"one": 1,\n    "n": true'),
        (PRETTY, lambda d: Add(at(d, "/a"), "n", "v"), '"tëxt"', '"tëxt",\n    "n": "v"'),
        (
            PRETTY,
            lambda d: Add(at(d, ""), "n", [{"k": "v"}]),
            "  ]\n}",
            '  ],\n  "n": [\n    {\n      "k": "v"\n    }\n  ]\n}',
        ),
        (PRETTY, lambda d: Append(at(d, "/b"), "z"), '"y"', '"y",\n    "z"'),
        (PRETTY, lambda d: Reorder(at(d, "/b"), (1, 0)), '"x",\n    "y"', '"y",\n    "x"'),
        (PRETTY, lambda d: Wrap(at(d, "/a/one")), ": 1", ": [1]"),
        (TIGHT, lambda d: Add(at(d, "/a"), "n", "v", after="one"), '"one":1', '"one":1,"n":"v"'),
        (TIGHT, lambda d: Rename(at(d, "/a"), "A"), '"a":', '"A":'),
        (TIGHT, lambda d: Add(at(d, "/c"), "n", "v"), '"c":{}', '"c":{"n": "v"}'),
        (TIGHT, lambda d: Append(at(d, "/d"), "v"), '"d":[]', '"d":["v"]'),
        (FLOW, lambda d: Add(at(d, "/p/a"), "m", "v", after="one"), "one: 1", "one: 1, m: v"),
        (FLOW, lambda d: Add(at(d, "/p/a"), "n", "v", after="one"), "one: 1", "one: 1, 'n': v"),
        (FLOW, lambda d: Add(at(d, "/p/a"), "n", "v", after="two"), '"text"', '"text", "n": "v"'),
        (FLOW, lambda d: Drop(at(d, "/p/b")), ", b: [x, y]", ""),
        (FLOW, lambda d: Append(at(d, "/p/b"), "a, b"), "y]", "y, 'a, b']"),
    ],
)
def test_between_brackets(
    document: Callable[..., Document], text: str, make: Callable[[Document], object], old: str, new: str
) -> None:
    given = document(text, "a.yaml" if text is FLOW else "a.json")
    assert text.count(old) == 1
    assert rewritten(given, [make(given)]) == text.replace(old, new).encode()


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_new_lines_of_json_are_as_the_others(document: Callable[..., Document], ends: str) -> None:
    old = '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'
    new = '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"n": [\n\t\t{\n\t\t\t"k": "v"\n\t\t}\n\t]\n}\n'
    given = document(old.replace("\n", ends), "a.json")
    made = rewritten(given, [Add(at(given, ""), "n", [{"k": "v"}])])
    assert made == new.replace("\n", ends).encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a:\n  # z\n  - z\n  # b\n  - b\n", "a:\n  # b\n  - b\n  # z\n  - z\n"),
        ("a:\n  # all\n\n  # z\n  - z\n  - b\n", "a:\n  # all\n\n  - b\n  # z\n  - z\n"),
        ("a:\n# all\n  - z\n  - b # b\n", "a:\n# all\n  - b # b\n  - z\n"),
    ],
)
def test_the_first_item_takes_its_comments_along(
    document: Callable[..., Document], old: str, new: str
) -> None:
    given = document(old)
    assert rewritten(given, [Reorder(at(given, "/a"), (1, 0))]) == new.encode()


def test_all_members_of_a_container(document: Callable[..., Document]) -> None:
    given = document(PRETTY, "a.json")
    both = [Drop(at(given, "/a/one")), Drop(at(given, "/a/two"))]
    assert rewritten(given, both) == PRETTY.replace('{\n    "one": 1,\n    "two": "tëxt"\n  }', "{}").encode()
    given = document(BLOCK)
    items = [Drop(at(given, f"/a/three/{index}"), prune=True) for index in range(3)]
    assert b"three" not in (rewritten(given, items) or b"three")


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("a: &x {b: t}\nc: *x\n", lambda d: Put(at(d, "/a/b"), "u")),
        ("a: &x {b: t}\nc: *x\n", lambda d: Put(at(d, "/c/b"), "u")),
        ("a: &x {b: t}\nc: {<<: *x, d: e}\n", lambda d: Drop(at(d, "/c/b"))),
        ("a: &x {b: t}\nc: {<<: *x, d: e}\n", lambda d: Add(at(d, "/a"), "n", "v")),
        ("a: |\n  t\n", lambda d: Put(at(d, "/a"), "u")),
        ("a:\n  b: c\n", lambda d: Drop(at(d, "/a/b"))),
        ("a: {b: c}\n", lambda d: Rename(at(d, "/a/none"), "d")),
        ("a: {b: c, d: e}\n", lambda d: Rename(at(d, "/a/b"), "d")),
        ("a: {b: c}\n", lambda d: Add(at(d, "/a"), "b", "d")),
        ("a: [{b: c}, # one\n  {d: e}]\n", lambda d: Reorder(at(d, "/a"), (1, 0))),
        ("a: {b: c, # one\n  d: e}\n", lambda d: Drop(at(d, "/a/b"))),
        ("a:\n- b: c # one\n  d: e\n", lambda d: Drop(at(d, "/a/0/b"))),
    ],
)
def test_what_cannot_be_done_alone_is_not_done(
    document: Callable[..., Document], text: str, make: Callable[[Document], object]
) -> None:
    given = document(text)
    assert rewritten(given, [make(given)]) is None


def test_groups_that_overlap_wait_for_the_next_time(document: Callable[..., Document]) -> None:
    given = document(BLOCK)
    groups = [
        [Put(at(given, "/a/two"), "u")],
        [Drop(at(given, "/a/one"))],
        [Put(at(given, "/b"), "never")],
        [Put(at(given, "/a/two"), "u")],
        [Rename(at(given, "/a/one"), "eins"), Wrap(at(given, "/a/one"))],
        [Rename(at(given, "/a/three"), "drei"), Append(at(given, "/a/three"), "w")],
    ]
    text, made = rewritable(given, groups)
    assert made == [0, 1, 3, 5]
    expected = BLOCK.replace("'text'", "'u'").replace("  one: 1\n", "").replace("three:", "drei:")
    assert text == expected.replace("    - z\n", "    - z\n    - w\n").encode()
    assert rewritable(given, groups[2:3]) == (None, [0])


def test_groups_that_clash_are_halved(document: Callable[..., Document]) -> None:
    given = document("a: {}\n")
    text, made = rewritable(given, [[Add(at(given, "/a"), name, 1)] for name in "xyz"])
    assert (text, made) == (b"a: {x: 1}\n", [0])


def test_edits() -> None:
    assert (
        applied(b"abcdef", [Edit(4, 5, b"E"), Edit(1, 1, b"-"), Edit(1, 1, b"+"), Edit(1, 3, b"")])
        == b"a-+dEf"
    )
    assert compatible([[Edit(0, 2, b"")], [Edit(1, 3, b""), Edit(5, 6, b"")], [Edit(5, 6, b"")]]) == [0, 2]


def _value(rng: Random, depth: int) -> Json:
    kind = rng.randrange(6) if depth else rng.randrange(3)
    if kind == 0:
        return rng.choice(
            ["a", "two words", "yes", "1.0", "", "x: y", "é, ü", "# no", "1e3", "-", "a\nb", "'"]
        )
    if kind == 1:
        return rng.choice([1, 2.5, True, None])
    if kind == 2:
        return rng.choice(["plain", "/orders/{id}", "https://a.b/c"])
    count = rng.randrange(4)
    if kind == 3:
        return [_value(rng, depth - 1) for _ in range(count)]
    return {f"k{index}": _value(rng, depth - 1) for index in range(count)}


def _alteration(rng: Random, document: Document) -> object:
    """One alteration of some part of the document."""
    parts: list[tuple[str, Json]] = []
    waiting: list[tuple[str, Json]] = [("", document.value)]
    while waiting:
        pointer, value = waiting.pop()
        parts.append((pointer, value))
        below = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        waiting += [(join(pointer, str(name)), held) for name, held in below]
    pointer, value = rng.choice(parts)
    place = at(document, pointer)
    kinds: list[object] = [Wrap(place), Drop(place, prune=rng.random() < 0.5)] if pointer else []
    if isinstance(value, str):
        kinds.append(Put(place, rng.choice(["new", "two words", "no", "a: b", "[x]", "7", "ü"])))
    if isinstance(value, dict):
        kinds.append(Add(place, "new", _value(rng, 2), after=rng.choice(["", "k0", "k1"])))
    if isinstance(value, list):
        kinds.append(Append(place, _value(rng, 2)))
        kinds.append(Reorder(place, tuple(rng.sample(range(len(value)), len(value)))))
    if pointer and isinstance(_holder(document, pointer), dict):
        kinds.append(Rename(place, rng.choice(["other", "/a b", "yes"])))
    return rng.choice(kinds)


def _holder(document: Document, pointer: str) -> Json:
    return document.at(pointer.rpartition("/")[0])


def _texts(rng: Random, value: Json) -> list[tuple[str, str]]:
    return [
        ("a.json", json.dumps(value, ensure_ascii=rng.random() < 0.5)),
        ("a.json", json.dumps(value, indent=rng.choice([1, 2, 4]), ensure_ascii=False)),
        ("a.yaml", yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)),
        ("a.yaml", yaml.safe_dump(value, sort_keys=False, default_flow_style=True, allow_unicode=True)),
    ]


@pytest.mark.parametrize("block", range(3))
def test_any_alteration_of_any_text_is_made_as_asked_or_not_at_all(
    document: Callable[..., Document], block: int
) -> None:
    rng = Random(block)  # noqa: S311
    asked = made = 0
    for _ in range(60):
        value = {"k0": _value(rng, 3), "k1": _value(rng, 3), "k2": "end"}
        for name, text in _texts(rng, value):
            given = document(text, name)
            wanted = [_alteration(rng, given) for _ in range(rng.randrange(1, 4))]
            new, chosen = rewritable(given, [[each] for each in wanted])
            asked += 1
            if new is None:
                assert chosen
                continue
            made += 1
            done = [wanted[index] for index in chosen]
            unique = [one for index, one in enumerate(done) if one not in done[:index]]
            again = document(new.decode(), name)
            assert again.value == altered(given.value, pruned(given.value, unique))
    assert made > asked * 0.8
