"""Where parts of protos stand, found by searching the compiler's bytes; and what of a text it is given."""

from __future__ import annotations

import pytest

from apicontract.formats.proto import scan
from apicontract.formats.proto.load import from_texts

_MESSAGES = "".join(
    f"message M{at} {{\n"
    + "".join(f"  string field_{number} = {number};\n" for number in range(1, 20))
    + "}\n"
    for at in range(12)
)
_SERVICES = "".join(f"service S{at} {{\n  rpc Do(M0) returns (M1);\n}}\n" for at in range(12))
_TEXT = f'syntax = "proto3";\npackage a.v1;\n{_MESSAGES}{_SERVICES}'


@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("many", [False, True])
def test_the_end_of_a_longer_path_is_not_taken_for_a_path(at, many):
    """`/message_type/10/field/6/name` ends as `/service/1` begins: 10, 2, 6, 1."""
    document = from_texts({"a/v1/a.proto": _TEXT}).files["a/v1/a.proto"].document
    if many:  # then positions are listed, not searched
        for asked in range(100):
            document.position(f"/message_type/{asked % 12}/field/{asked % 19}")
    line = _TEXT[: _TEXT.index(f"service S{at} ")].count("\n") + 1
    assert (document.position(f"/service/{at}").line, document.position(f"/service/{at}").column) == (line, 1)
    field = document.position(f"/message_type/{at}/field/6", key=True)
    start = _TEXT.index(f"message M{at} ")
    assert field.line == _TEXT[: _TEXT.index("field_7 ", start)].count("\n") + 1
    assert field.column == len("  string ") + 1


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (b"// a\nmessage M {}\n", b"\nmessage M {}\n"),
        (b"message M {\n\t // don't /* \n int32 a = 1; // b\n}", b"message M {\n\n int32 a = 1; // b\n}"),
        (b'// a\r\noption x = "// /* b";\r\n', b'\noption x = "// /* b";\r\n'),
        (b"option x = 'it\\'s /* a';\n// b\n", b"option x = 'it\\'s /* a';\n\n"),
        (b"/* a\n// b */\nmessage M {}\n", None),
        (b"int32 a = 1; /* it's\n// */ int32 b = 2;\n", None),
        (b'option x = "a"; /* "\n// */ message M {}\n', None),
        (b"// apicontract:ignore field-removed\nmessage M {}\n", None),
        (b"message M {}\n", None),
    ],
)
def test_lines_of_comment_are_left_out_where_nothing_can_hold_them(text, bare):
    assert scan.bare(text) == (text if bare is None else bare)
    assert scan.bare(text).count(b"\n") == text.count(b"\n")


def test_what_is_left_out_moves_nothing():
    text = (
        'syntax = "proto3";\n// The package of a "thing.\npackage a.v1;\n'
        "message M {\n  // It's /* the id.\n  string id = 1;  // of it\n  // end\n}\n"
    )
    file = from_texts({"a/v1/a.proto": text}).files["a/v1/a.proto"]
    found = file.messages[0].fields[0].place
    assert (found.line, found.column) == (6, 3)
    assert file.document.text == text.encode()


def test_mistakes_stand_where_they_stood():
    text = 'syntax = "proto3";\n// a\n// b\nmessage M {\n  // c\n  strin id = 1;\n}\n'
    [mistake] = from_texts({"a.proto": text}).mistakes
    assert (mistake.line, mistake.column) == (6, 3)
