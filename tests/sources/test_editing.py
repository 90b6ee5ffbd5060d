"""One value put in a text: nothing else moves, however the text is written."""

from __future__ import annotations

import pytest

from apicontract.sources import ContractError, Place, ReadOptions, read
from apicontract.sources.editing import with_text


def edited(folder, text, new, pointer="/info/version", name="a.yaml"):
    path = folder / name
    path.write_bytes(text)
    library = read(str(path), ReadOptions())
    return with_text(Place(library.root, pointer), new, after="title")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"info:\n  version: 1.0.0 # old\n  title: A\n", b"info:\n  version: 2.0.0 # old\n  title: A\n"),
        (b"info:\r\n  version: 1.0.0\r\n", b"info:\r\n  version: 2.0.0\r\n"),
        (b"info:\n    version:   '1.0.0'\n", b"info:\n    version:   '2.0.0'\n"),
        (b'info:\n  version: "1.0.0"   # c\n', b'info:\n  version: "2.0.0"   # c\n'),
        (b'info:\n  "version": "1.0.\\x30"\n', b'info:\n  "version": "2.0.0"\n'),
        (b"info: {version: 1.0.0, title: A}\n", b"info: {version: 2.0.0, title: A}\n"),
        (b"info: {title: 'version: 1.0.0', version: 1.0.0}", b"info: {title: 'version: 1.0.0', version: 2.0.0}"),
        (b"info:\n  version: &v 1.0.0\nx: *v\n", None),
        (b"x: &v 1.0.0\ninfo:\n  version: *v\n", None),
        (b"info:\n  version: !!str 1.0.0\n", b"info:\n  version: !!str 2.0.0\n"),
        (b"info:\n  version:\n    1.0.0\n", b"info:\n  version:\n    2.0.0\n"),
        (b"info:\n  title: \xc3\xa9\n  d\xc3\xa9: {version: 0, b: 1}\n  version: 1.0.0", b"info:\n  title: \xc3\xa9\n  d\xc3\xa9: {version: 0, b: 1}\n  version: 2.0.0"),
        (b"info:\n  version: |\n    1.0.0\n", None),
        (b"info:\n  version: >-\n    1.0.0\n", None),
        (b"---\n# one\ninfo:\n  version: 1.0.0\n...\n", b"---\n# one\ninfo:\n  version: 2.0.0\n...\n"),
        (b"base: &b {version: 1.0.0}\ninfo:\n  <<: *b\n  title: A\n", None),
    ],
)  # fmt: skip
def test_yaml(tmp_path, text, expected):
    if expected is None:
        with pytest.raises(ContractError) as caught:
            edited(tmp_path, text, "2.0.0")
        assert "2.0.0" in caught.value.hint
    else:
        assert edited(tmp_path, text, "2.0.0") == expected


def test_json(tmp_path):
    text = b'{\n\t"info" : { "title":"A", "version" :  "1.0.0" },"paths":{}}\n'
    assert edited(tmp_path, text, "2.0.0", name="a.json") == text.replace(b"1.0.0", b"2.0.0")


def test_what_reads_as_a_number_is_quoted(tmp_path):
    assert edited(tmp_path, b"info:\n  version: v1\n", "2024.1") == b"info:\n  version: '2024.1'\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"info:\n  version: 1.1 # c\n", b"info:\n  version: 2.0.0 # c\n"),
        (b"info: {}\n", b"info: {version: 2.0.0}\n"),
        (b"info: {title: A, license: B}\n", b"info: {title: A, version: 2.0.0, license: B}\n"),
        (
            b"info:\n  title: A # c\n  license: B\n",
            b"info:\n  title: A # c\n  version: 2.0.0\n  license: B\n",
        ),
    ],
)
def test_a_number_becomes_a_text_and_what_is_missing_is_added(tmp_path, text, expected):
    assert edited(tmp_path, text, "2.0.0") == expected


@pytest.mark.parametrize(
    "text", [b"info:\n", b"info: 1\n", b"a: 1\n", b"info:\n  version: [1]\n", b"info: {version: true}\n"]
)
def test_where_there_can_be_no_text(tmp_path, text):
    with pytest.raises(ContractError, match=r"info\.version cannot be put here") as caught:
        edited(tmp_path, text, "2.0.0")
    assert caught.value.hint == "write `2.0.0` there yourself"


def test_far_down_in_a_large_text(tmp_path):
    filler = b"".join(b"  k%d: {a: 1, b: [2, 3]}\n" % n for n in range(20_000))
    text = b"paths:\n" + filler + b"info:\n  version: 1.0.0 # here\n"
    assert edited(tmp_path, text, "1.0.1") == text.replace(b"1.0.0", b"1.0.1")
