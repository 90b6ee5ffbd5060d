"""How bytes become a value: encodings, syntaxes, line ends, aliases, and what is refused with its place."""

from __future__ import annotations

import pytest

from apicontract.sources import ContractError, ReadOptions, read

BOM = b"\xef\xbb\xbf"


def parsed(folder, text, name="a.yaml", options=None):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(str(path), options).root


def refused(folder, text, name="a.yaml", options=None):
    with pytest.raises(ContractError) as caught:
        parsed(folder, text, name, options)
    return caught.value


@pytest.mark.parametrize("mark", [b"", BOM], ids=["bare", "BOM"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", b"a:\n  b: caf\xc3\xa9\n"), ("a.json", b'{"a": {\n"b": "caf\xc3\xa9"}}\n')],
    ids=["YAML", "JSON"],
)
def test_marks_and_line_ends(tmp_path, mark, end, name, text):
    document = parsed(tmp_path, mark + text.replace(b"\n", end), name)
    assert document.value == {"a": {"b": "café"}}
    assert document.position("/a/b", key=True).line == 2


@pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.txt", "a"])
def test_content_chooses_the_syntax(tmp_path, name):
    assert parsed(tmp_path, '{"a": 1}', name).value == {"a": 1}
    if name != "a.json":
        assert parsed(tmp_path, "{a: 1}" if name == "a.yaml" else "a: 1", name).value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "name", "line", "column", "said"),
    [
        ("a: 1\nb:\n\tc: 2\n", "a.yaml", 3, 1, "tab"),
        ("a: 1\nb: @x\n", "a.yaml", 2, 4, "quotes"),
        ("a: [1,\n2\n", "a.yaml", 3, 1, ""),
        ('a: 1\nb: "x\nc: 2\n', "a.yaml", 2, 4, "never closed"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml", 3, 1, "twice"),
        ("a: {b: 1,\n  b: 2}\n", "a.yaml", 2, 3, "twice"),
        ("a:\n  200: 1\n  '200': 2\n", "a.yaml", 3, 3, "twice"),
        ("a:\n  '200': 1\n  200: 2\n", "a.yaml", 3, 3, "twice"),
        ("a: {200: 1, '200': 2}\n", "a.yaml", 1, 13, "twice"),
        ("a: 1\n? [x]\n: 2\n", "a.yaml", 2, 3, "key"),
        ("a: &x [*x]\n", "a.yaml", 1, 8, ""),
        ("a: *x\n", "a.yaml", 1, 4, ""),
        ("a: !!python/object/apply:os.system [id]\n", "a.yaml", 1, 4, ""),
        ("a: 1\n---\nb: 1\n", "a.yaml", 2, 1, ""),
        ("a: caf\xe9\n".encode("latin-1"), "a.yaml", 1, 7, "UTF-8"),
        ('{"a": 1,\n "a": 2}', "a.json", 2, 2, "twice"),
        ('{"a": 1\n "b": 2}', "a.json", 2, 2, ""),
        ('{"a": [1,\n', "a.json", 2, 1, ""),
        ('{"a": NaN}', "a.json", 1, 7, "NaN"),
        (b'{"a": "caf\xe9"}', "a.json", 1, 11, "UTF-8"),
    ],
)
def test_mistakes_are_said_where_they_stand(tmp_path, text, name, line, column, said):
    error = refused(tmp_path, text, name)
    assert (error.line, error.column) == (line, column), str(error)
    assert said in f"{error.message} {error.hint}"


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16-LE", "UTF-16-BE", "UTF-32"])
def test_other_encodings_are_named(tmp_path, encoding):
    said = refused(tmp_path, "openapi: 3.1.0\n".encode(encoding)).message
    assert said == f"this file is {encoding[:6]}"


def laughs(levels):
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def test_aliases_are_bounded(tmp_path):
    assert len(parsed(tmp_path, laughs(8)).value) == 8
    for levels in (40, 400):
        assert "alias" in refused(tmp_path, laughs(levels)).message
    assert "alias" in refused(tmp_path, laughs(8), options=ReadOptions(max_nodes=200)).message


def test_the_size_is_bounded(tmp_path):
    assert (
        "more than 10 bytes" in refused(tmp_path, "a: 123456789", options=ReadOptions(max_bytes=10)).message
    )


def test_merge_keys(tmp_path):
    text = "base: &base {a: 1, b: 2}\nx: {<<: *base, b: 3}\ny: {<<: [*base, {c: 4}]}\n"
    value = parsed(tmp_path, text).value
    assert value["x"] == {"a": 1, "b": 3}
    assert value["y"] == {"a": 1, "b": 2, "c": 4}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("True", True),
        ("~", None),
        ("", None),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("'200'", "200"),
        ("1.0.0", "1.0.0"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(tmp_path, written, value):
    found = parsed(tmp_path, f"a: {written}\n").value["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_that_are_no_strings_are_read_as_written(tmp_path):
    value = parsed(tmp_path, "responses:\n  200: a\n  4XX: b\n  default: c\n").value
    assert value == {"responses": {"200": "a", "4XX": "b", "default": "c"}}
