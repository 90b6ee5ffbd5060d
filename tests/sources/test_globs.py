"""Patterns: what they match, against a slow reading of the same rules, and in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apicontract.sources.globs import is_glob, matches, weight


@pytest.mark.parametrize(
    "pattern,text,expected",
    [
        ("a", "a", True),
        ("a", "ab", False),
        ("*", "", True),
        ("*", "a/b", False),
        ("?", "a", True),
        ("?", "/", False),
        ("**", "a/b", True),
        ("**", "", True),
        ("a/**", "a", True),
        ("a/**", "a/b/c", True),
        ("a/**", "ab", False),
        ("**/a", "a", True),
        ("**/a", "x/y/a", True),
        ("**/a", "xa", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("**/a/**", "a", True),
        ("**/a/**", "x/a/y", True),
        ("**/a/**", "x/ab/y", False),
        ("a/**/**/b", "a/b", True),
        ("a**b", "axxb", True),  # two stars within a step are one
        ("a**b", "a/b", False),
        ("*.y?ml", "api.yaml", True),
        ("GET /orders/{id}", "GET /orders/{id}", True),
        ("* /internal/**", "GET /internal/a/b", True),
        ("* /internal/**", "GET /internals", False),
        ("/paths/~1a/*/responses/**", "/paths/~1a/get/responses/200/content", True),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("/**", "/a/b", True),
        ("/**", "/", True),
        ("**/", "a/", True),
        ("a.b", "axb", False),
    ],
)
def test_meaning(pattern, text, expected):
    assert matches(pattern, text) is expected


def slowly(pattern, text):
    """The same by trying everything."""

    def steps(patterns, texts):
        if not patterns:
            return not texts
        if patterns[0] == "**":
            return any(steps(patterns[1:], texts[count:]) for count in range(len(texts) + 1))
        return bool(texts) and letters(patterns[0], texts[0]) and steps(patterns[1:], texts[1:])

    def letters(pattern, text):
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(letters(pattern[1:], text[count:]) for count in range(len(text) + 1))
        return bool(text) and pattern[0] in ("?", text[0]) and letters(pattern[1:], text[1:])

    return steps(pattern.split("/"), text.split("/"))


pieces = st.sampled_from(["a", "b", "*", "?", "/", "**", "/**/", "ab", "/a/"])
texts = st.text("ab/", max_size=9)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.lists(pieces, max_size=6).map("".join), texts)
def test_as_by_trying_everything(pattern, text):
    assert matches(pattern, text) == slowly(pattern, text)


@pytest.mark.parametrize("pattern", ["*a" * 40 + "b", "**/a/" * 40 + "b", "**/*a*a*a/" * 20 + "b"])
def test_time_is_bounded(pattern):
    begun = time.process_time()
    assert not matches(pattern, "a" * 2000)
    assert not matches(pattern, "a/" * 1000 + "c")
    assert time.process_time() - begun < 1


def test_weight():
    patterns = ["abc", "**", "ab*", "*", "a*"]
    assert sorted(patterns, key=weight)[2:] == ["a*", "ab*", "abc"]
    assert [is_glob(pattern) for pattern in ("a", "a?", "*")] == [False, True, True]
