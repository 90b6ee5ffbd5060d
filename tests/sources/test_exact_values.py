"""What a document says is read exactly: every digit, every key; and what nests too deeply is refused in time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apicontract.sources import ContractError, read

NINES = "9" * 5000
NUMBERS = [
    ("12345678901234567890123", 12345678901234567890123),
    ("-9223372036854775809", -9223372036854775809),
    ("0.1234567890123456789", Decimal("0.1234567890123456789")),
    ("322299977.1635936", 322299977.1635936),
    ("1e400", Decimal("1e400")),
    ("1E-400", Decimal("1E-400")),
    ("1.5e3", 1500.0),
    ("100", 100),
    (NINES, Decimal(NINES)),
]


def _read(folder, name, text):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(str(path)).root


@pytest.mark.parametrize(
    "name, pattern", [("a.json", '{{"n": {}}}'), ("a.yaml", "n: {}\n"), ("b.yaml", "{{n: {}}}")]
)
@pytest.mark.parametrize("written, value", NUMBERS, ids=[written[:24] for written, _ in NUMBERS])
def test_numbers_keep_every_digit(tmp_path, name, pattern, written, value):
    found = _read(tmp_path, name, pattern.format(written)).value["n"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"x": 1,\n       "x": 2}}',
        '{"n": 0.1234567890123456789, "a": {"x": 1,\n       "x": 2}}',
        '{"n": 0.1234567890123456789, "m": 1e400, "a": {"x": "\\"",\n       "x": 2}}',
    ],
)
def test_a_duplicate_key_is_an_error_with_its_place(tmp_path, text):
    with pytest.raises(ContractError, match='"x" stands twice') as caught:
        _read(tmp_path, "a.json", text)
    assert (caught.value.line, caught.value.column) == (2, 8)


def test_a_quote_that_is_escaped_by_its_number_is_no_lost_key(tmp_path):
    assert _read(tmp_path, "a.json", '{"a\\u0022": "\\u0022"}').value == {'a"': '"'}


@pytest.mark.parametrize("depth", [499, 450, 20])
def test_nesting_within_the_limit_is_read(tmp_path, depth):
    value = _read(tmp_path, "a.json", '{"a":' + "[" * depth + "]" * depth + "}").value["a"]
    for _ in range(depth - 1):
        [value] = value
    assert value == []


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.json", '{"a":' + "[" * 500 + "]" * 500 + "}"),
        ("b.json", '{"a":' + "[" * 900 + "]" * 900 + "}"),
        ("c.json", "[" * 5_000_000 + "]" * 5_000_000),
        ("d.json", "[" * 100_000),
        ("a.yaml", "a: " + "[" * 100_000 + "]" * 100_000),
        ("b.yaml", "".join(f"{' ' * at}a:\n" for at in range(2000))),
        ("c.yaml", "a:\n" + "- " * 3000 + "1\n"),
    ],
)
def test_nesting_beyond_the_limit_is_an_error(tmp_path, name, text):
    with pytest.raises(ContractError, match="nested too deeply"):
        _read(tmp_path, name, text)


def test_brackets_in_texts_do_not_nest(tmp_path):
    assert _read(tmp_path, "a.json", '{"a": "' + "[" * 6000 + '"}').value == {"a": "[" * 6000}
