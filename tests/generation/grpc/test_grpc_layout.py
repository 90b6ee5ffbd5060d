"""Where the modules of a contract go: by package, one place per major, whatever the folders are called."""

from __future__ import annotations

import pytest

from apicontract.generation.grpc.layout import layout, root_name


def _paths(packages: dict[str, str], own: list[str] | None = None, **options: str) -> dict[str, str]:
    placed = layout(packages, own if own is not None else list(packages), **options)
    return {name: module.installed or module.path for name, module in placed.modules.items()}


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ({"a.proto": "acme.orders.v1"}, {"a.proto": "v1/a_pb2"}),
        (
            {"a.proto": "acme.orders.v1", "b.proto": "acme.orders.v2"},
            {"a.proto": "v1/a_pb2", "b.proto": "v2/b_pb2"},
        ),
        (
            {"a.proto": "acme.orders.v1", "b.proto": "acme.billing.v1"},
            {"a.proto": "orders/v1/a_pb2", "b.proto": "billing/v1/b_pb2"},
        ),
        ({"a.proto": "acme.ads.v19.enums"}, {"a.proto": "v19/enums/a_pb2"}),
        ({"a.proto": "helloworld"}, {"a.proto": "v1/a_pb2"}),
        ({"a.proto": ""}, {"a.proto": "v1/a_pb2"}),
        ({"x/t.proto": "p.v1", "y/t.proto": "p.v1"}, {"x/t.proto": "v1/t_pb2", "y/t.proto": "v1/y_t_pb2"}),
        ({"class.proto": "acme.import.v1beta1"}, {"class.proto": "v1beta1/class_pb2"}),
        ({"my-file.v1.proto": "acme.lambda.x"}, {"my-file.v1.proto": "v1/my_file_v1_pb2"}),
    ],
)
def test_own_files(packages: dict[str, str], expected: dict[str, str]) -> None:
    assert _paths(packages) == expected


def test_imports_go_elsewhere_and_installed_ones_stay_where_they_are() -> None:
    packages = {
        "acme/orders/v1/a.proto": "acme.orders.v1",
        "acme/common/money.proto": "acme.common",
        "google/protobuf/timestamp.proto": "google.protobuf",
        "google/api/annotations.proto": "google.api",
    }
    assert _paths(packages, ["acme/orders/v1/a.proto"]) == {
        "acme/orders/v1/a.proto": "v1/a_pb2",
        "acme/common/money.proto": "_imports/acme/common/money_pb2",
        "google/protobuf/timestamp.proto": "google.protobuf.timestamp_pb2",
        "google/api/annotations.proto": "google.api.annotations_pb2",
    }


def test_a_contract_that_is_installed_has_its_place_for_services() -> None:
    packages = {"google/longrunning/operations.proto": "google.longrunning"}
    assert _paths(packages) == {"google/longrunning/operations.proto": "google.longrunning.operations_pb2"}
    assert layout(packages, list(packages)).majors == {("v1",): ("google.longrunning",)}


def test_a_version_can_be_forced() -> None:
    assert _paths({"a.proto": "acme.orders.v1"}, forced="v3") == {"a.proto": "v3/a_pb2"}


def test_no_two_modules_share_a_place() -> None:
    packages = {f"{folder}/t.proto": "p.v1" for folder in ("a", "A", "b", "a/b", "b/a")}
    paths = [path.casefold() for path in _paths(packages).values()]
    assert len(set(paths)) == len(packages)


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        (["acme.orders.v1"], "orders"),
        (["acme.orders.v1", "acme.billing.v2"], "acme"),
        (["one.v1", "other.v1"], "contract"),
        (["acme.class.v1"], "class_"),
    ],
)
def test_the_whole_is_named_after_what_the_packages_share(packages: list[str], expected: str) -> None:
    assert root_name(packages) == expected
