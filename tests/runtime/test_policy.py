from __future__ import annotations

import pytest
from runtime.policy import Breaker, Bulkhead, Fallback, Policy, PolicyError, Retry, seconds


def test_there_is_always_a_timeout():
    assert Policy().timeout > 0
    assert Policy.declared().deadline > 0


def test_later_declarations_are_laid_over_earlier_ones():
    document = {"timeout": "2s", "retry": {"attempts": 5}, "bulkhead": {"limit": 20}}
    tag = {"timeout": "500ms", "breaker": {"failures": 2, "recovery": "1m"}}
    operation = {"retry": {"wait_max": 1}, "fallback": {"cached": {"age": "5m"}}}
    policy = Policy.declared(document, tag, operation, operation="getOrder")
    assert policy.timeout == 0.5
    assert policy.retry == Retry(attempts=5, wait_max=1)
    assert policy.breaker == Breaker(2, 60)
    assert policy.bulkhead == Bulkhead(20)
    assert policy.fallback == Fallback.cached(300)


def test_what_an_operation_states_itself_is_its_own():
    policy = Policy.declared(
        {"bulkhead": {"limit": 20}}, {"bulkhead": {"limit": 2}, "breaker": {}}, operation="put"
    )
    assert policy.bulkhead == Bulkhead(2, "put")
    assert policy.breaker == Breaker(name="put")


@pytest.mark.parametrize("layer", ["retry", "breaker", "bulkhead"])
def test_false_leaves_a_layer_out_and_true_brings_it_back(layer):
    assert getattr(Policy.declared({layer: False}), layer) is None
    assert getattr(Policy.declared({layer: False}, {layer: True}), layer) is not None


@pytest.mark.parametrize(
    ("declaration", "path"),
    [
        ({"timeOut": 1}, "timeOut"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": "soon"}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"timeout": float("inf")}, "timeout"),
        ({"retry": 3}, "retry"),
        ({"retry": {"attempts": 0}}, "retry.attempts"),
        ({"retry": {"attempts": 1.5}}, "retry.attempts"),
        ({"retry": {"tries": 3}}, "retry.tries"),
        ({"breaker": {"recovery": "x"}}, "breaker.recovery"),
        ({"bulkhead": {"limit": "20"}}, "bulkhead.limit"),
        ({"fallback": "cached"}, "fallback"),
        ({"fallback": {"cached": {}}}, "fallback.cached"),
        ({"fallback": {"default": 1, "cached": 2}}, "fallback"),
    ],
)
def test_what_says_nothing_sensible_is_refused_with_its_path(declaration, path):
    with pytest.raises(PolicyError) as caught:
        Policy.declared(declaration)
    assert ".".join(caught.value.path) == path


def test_a_policy_written_down_is_the_policy():
    policy = Policy.declared(
        {"retry": False, "bulkhead": {"limit": 3}, "fallback": {"default": {"a": [None]}}}
    )
    assert eval(repr(policy)) == policy  # noqa: S307 - our own text


def test_durations():
    assert [seconds(text) for text in ("250ms", "2s", "1.5m", "1h", "3", 4)] == [0.25, 2, 90, 3600, 3, 4]
