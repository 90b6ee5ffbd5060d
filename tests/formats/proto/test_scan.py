"""What a proto imports and which package it is in, told from its text however that is spaced."""

from __future__ import annotations

import time

import pytest

from apicontract.formats.proto.scan import imports, package, public_imports


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'import "a/b.proto";', ["a/b.proto"]),
        (b"import 'a/b.proto';", ["a/b.proto"]),
        (b'import"a.proto";import public"b.proto";', ["a.proto", "b.proto"]),
        (b'import "a/" "b.proto";', ["a/b.proto"]),
        (b"import 'a/'\n  // folder\n  \"b\" '.proto';", ["a/b.proto"]),
        (b'import /* why */ weak // so\n "a.proto";', ["a.proto"]),
        (b'import "a\'b.proto";', ["a'b.proto"]),
        (b'option x = "import";\nimport "c.proto";', ["c.proto"]),
        (b"message important { string a = 1; }", []),
    ],
)
def test_imports(text, expected):
    assert imports(text) == expected


def test_public_imports():
    text = b'import public "a/"  "b.proto"; import "c.proto"; import /**/ public /* x */ "d.proto";'
    assert public_imports(text) == ["a/b.proto", "d.proto"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"package acme.orders.v1;", "acme.orders.v1"),
        (b"package acme . orders\n.v1 ;", "acme.orders.v1"),
        (b"package /* of */ acme. /* x */ orders;", "acme.orders"),
        (b"package // of\n acme;", "acme"),
        (b"/* package no; */ package yes;", "yes"),
        (b"// package no;\nmessage A {}", ""),
    ],
)
def test_package(text, expected):
    assert package(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        b"import " + b" /* " * 50_000,
        b"import /* " * 20_000,
        b"import //import\n" * 20_000,
        b"import // " * 20_000,
        b'import "a" ' * 20_000,
        b'import "' + b"' \"" * 50_000,
        b'import"a"' + b'"b"' * 50_000,
    ],
    ids=lambda text: text[:20].decode(),
)
def test_time_grows_with_the_text(text):
    began = time.process_time()
    imports(text)
    package(text)
    assert time.process_time() - began < 2
