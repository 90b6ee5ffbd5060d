"""What paths and names say: things, actions, and words that are both."""

from __future__ import annotations

import pytest

from apicontract.findings import DEFAULT_SETTINGS
from apicontract.formats.openapi.lint import resources


@pytest.mark.parametrize(
    ("path", "nothing"),
    [
        ("/rpc", True), ("/api/v1", True), ("/v2/appointmentService", True), ("/OrderService.svc", True), ("/api.php", True),
        ("/rpc/{method}", True), ("/{action}", True), ("/orders", False), ("/{bucket}/{key}", False), ("/api/orders", False),
        ("/services", False), ("/v1", False),
    ],
)  # fmt: skip
def test_paths_that_name_nothing(path, nothing):
    if path == "/v1":  # the base path alone
        assert not resources.names_nothing("/v1/{id}", DEFAULT_SETTINGS)
        return
    assert resources.names_nothing(path, DEFAULT_SETTINGS) is nothing


@pytest.mark.parametrize(
    ("path", "methods", "below", "found"),
    [
        ("/getOrders", {"get"}, set(), "early"),
        ("/orders/create", {"post"}, set(), "early"),
        ("/create-order", {"post"}, set(), "early"),
        ("/orders/{id}/cancel", {"post"}, set(), "late"),
        ("/orders/{id}/cancel", {"get"}, set(), "early"),  # a safe method that acts
        ("/orders/{id}/delete", {"post"}, set(), "early"),  # HTTP has a method for it
        ("/orders/search", {"post"}, set(), "late"),
        ("/orders/search", {"get"}, set(), None),
        ("/search", {"post"}, set(), "early"),
        ("/search/code", {"get"}, set(), None),
        ("/repos/{r}/import", {"get", "put"}, {"get"}, None),  # GitHub: an import is a thing
        ("/repos/{r}/check-runs", {"post"}, {"get"}, None),
        ("/repos/{r}/merge-upstream", {"post"}, set(), "late"),
        ("/lists", {"post"}, set(), None),
        ("/listOrders", {"get"}, set(), "early"),
        ("/search-orders", {"post"}, set(), "early"),
        ("/list-items", {"get", "post"}, {"get", "delete"}, None),
        ("/import-jobs", {"post"}, set(), None),
        ("/posts/{id}", {"get"}, set(), None),
        ("/posters", {"post"}, set(), None),
        ("/orders/{id}:cancel", {"post"}, set(), None),
        ("/settings", {"get"}, set(), None),
        ("/processing", {"post"}, set(), None),
    ],
)
def test_actions_in_paths(path, methods, below, found):
    action = resources.action_in(path, methods, below, DEFAULT_SETTINGS)
    assert (action and ("late" if action.late else "early")) == found


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/orders/{id}:cancel", False), ("/orders:search", False), ("/orders:batchGet", False), ("/orders/{id}:get", True),
        ("/orders/{id}:update", True), ("/orders/{id}:delete", True), ("/orders/{id}:lines", True), ("/orders/{id}", False),
        ("/orders/{id}:undelete", False), ("/{a}:{b}", False),
    ],
)  # fmt: skip
def test_custom_methods(path, fault):
    assert bool(resources.custom_method_fault(path, DEFAULT_SETTINGS)) is fault


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("listOrders", "list"), ("Orders_ListAll", "list"), ("repos/get-one", "get"), ("orders.find", "find"),
        ("Get an order", "get"), ("find_or_create", ""), ("Find or create a user", ""), ("placeOrder", ""), ("getaway", ""),
        ("listing", ""),
    ],
)  # fmt: skip
def test_names_that_say_that_they_read(name, verb):
    assert resources.begins_with([name], DEFAULT_SETTINGS.reading_verbs) == verb
