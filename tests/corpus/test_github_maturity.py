"""GitHub's API by Richardson's model, as docs/maturity-examples.md tells it, and in how much time."""

from __future__ import annotations

import time

import corpora
import pytest

import apicontract

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def rating():
    try:
        path = corpora.github("23.0.2", "ghes-3.18")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    began = time.process_time()
    [found] = apicontract.maturity(str(path))
    assert time.process_time() - began < 2
    return found


def test_the_level(rating):
    assert (rating.level, rating.strict_level, rating.rated) == (2, 0, 978)
    assert rating.histogram == (3, 21, 767, 187)
    assert [step.rule for step in rating.next.steps] == ["answer-without-links"]


def test_what_is_at_level_0_was_read_by_hand(rating):
    assert {one.title.rpartition("/")[2] for one in rating.operations if one.level == 0} == {"remove-token"}


def test_pull_requests_lead_on_and_lists_do_not(rating):
    by_title = {one.title: one for one in rating.operations}
    assert by_title["GET /repos/{owner}/{repo}/pulls/{pull_number}"].answers == "actions"
    assert by_title["GET /gists"].navigation_only
    assert by_title["GET /meta"].answers == "none"
