"""Code in Markdown stays code, whatever it holds: read as a Markdown reader does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from apicontract.reports.escaping import code_of, text_of

_ODD = st.text(st.sampled_from("`[]() !@abhttps:/."), max_size=12)


def _kinds(text: str) -> set[str]:
    return {token.type for block in MarkdownIt().parse(text) for token in block.children or ()}


@given(_ODD, _ODD)
def test_two_pieces_of_code_make_nothing_else(one: str, other: str) -> None:
    assert _kinds(f"x {code_of(one)} y {code_of(other)} z") <= {"text", "code_inline"}


@pytest.mark.parametrize("text", ["", "`", "``", "[click](http://evil.example) `b"])
def test_an_empty_piece_does_not_open_the_next(text: str) -> None:
    assert _kinds(f"witness {code_of('')}: {code_of(text)}") == {"text", "code_inline"}


@given(_ODD, _ODD, _ODD)
def test_a_message_beside_code_makes_nothing_live(one: str, other: str, third: str) -> None:
    told = f"x {text_of(one, calm=True)} y {code_of(other)} z {text_of(third, calm=True)}"
    assert _kinds(told) <= {"text", "code_inline", "html_inline"}
    html = [
        token.content
        for block in MarkdownIt().parse(told)
        for token in block.children or ()
        if token.type == "html_inline"
    ]
    assert set(html) <= {"<!-- -->"}
