"""Patterns of rulesets mean what JavaScript means by them."""

from __future__ import annotations

import pytest

from apicontract.formats.openapi.lint.spectral.patterns import pattern


@pytest.mark.parametrize(
    ("written", "found", "missed"),
    [
        (r"^[\w-.]+$", "a-b.c", "a b"),  # after a set, a hyphen is itself (annex B.1.2)
        (r"^[.-\w]+$", "a-.", "a!"),
        (r"^[a-z\d-]+$", "a-1", "A"),
        (r"^[\s-x]+$", " -x", "y"),
        (r"^[a-c]$", "b", "-"),
        (r"^[a\-c]$", "-", "b"),
        (r"/^\p{Lu}/u", "Ä", "ä"),
        (r"a\0b", "a\0b", "a0b"),
        (r"^(?<a>S)hop\k<a>?$", "ShopS", "Shopx"),  # what refers back by a name
        (r"(\(x)(?:y)(?=[(z])(?<!a)(?<n>[(z])\k<n>0", "(xy((0", "(xy(z0"),
        (r"^[(](?<n>a)\k<n>$", "(aa", "(a"),
    ],
)
def test_what_is_found(written, found, missed) -> None:
    assert pattern(written).found_in(found)
    assert not pattern(written).found_in(missed)
