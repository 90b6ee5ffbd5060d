"""The table of mutations is whole and fits the engine's text; `make mutations` tries every one of them."""

from __future__ import annotations

import mutations
import pytest

from apicontract.schemas.translation.dialects import TABLE


@pytest.mark.parametrize("mutation", mutations.MUTATIONS, ids=lambda m: f"{m.keyword} in {m.file}")
def test_the_place_of_a_mutation_is_there_once_and_the_result_is_python(mutation):
    compile(mutations.mutated(mutation), mutation.file, "exec")


def test_every_keyword_of_every_dialect_has_a_mutation():
    known = frozenset().union(*(dialect.keywords for dialect in TABLE.values()))
    assert known - {mutation.keyword for mutation in mutations.MUTATIONS} == set()


def test_a_mutation_is_noticed_and_a_harmless_edit_is_not():
    broken = mutations.Mutation(
        "type", "sets/numbers.py", "INTEGERS = Numbers(step=1)", "INTEGERS = Numbers()"
    )
    harmless = broken._replace(broken="INTEGERS = Numbers(step=1)  # as before")
    assert mutations.is_noticed(broken, ("test_witnesses.py",))
    assert not mutations.is_noticed(harmless, ("test_witnesses.py",))


def test_a_place_that_is_gone_is_said():
    with pytest.raises(ValueError, match="0 times, not once"):
        mutations.mutated(mutations.Mutation("type", "sets/numbers.py", "nowhere to be found", ""))
