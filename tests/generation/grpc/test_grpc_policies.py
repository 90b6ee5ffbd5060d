"""Policies that stand in a configuration, beside the contract: which of both holds, and what is no policy."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import apicontract
from apicontract import ContractError

if TYPE_CHECKING:
    from pathlib import Path

PROTO = """syntax = "proto3";
package acme.orders.v1;
import "apicontract/policy.proto";
import "google/api/annotations.proto";

option (apicontract.file_policy) = {timeout: "9s" breaker: {failures: 9}};

service Orders {
  option (apicontract.service_policy) = {deadline: "8s" bulkhead: {limit: 8}};
  rpc Get(Asked) returns (Order) {
    option (apicontract.policy) = {timeout: "1s" retry: {attempts: 4 wait_initial: "10ms"}};
  }
  rpc List(Asked) returns (Order) { option (google.api.http) = {get: "/v1/orders"}; }
  rpc Put(Asked) returns (Order);
  rpc Watch(Asked) returns (stream Order);
}
message Asked { string id = 1; }
message Order { string id = 1; int32 amount_cents = 2; }
"""
TABLE = """[[generate]]
target = "grpc-client"
contract = "protos"
output = "out"
"""


def team(folder: Path, policies: str = "", *, table: str = TABLE, proto: str = PROTO) -> Path:
    """A folder with a contract and a configuration."""
    path = folder / "protos" / "acme" / "orders" / "v1" / "orders.proto"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(proto)
    (folder / "apicontract.toml").write_text(table + policies)
    return folder


def generated(folder: Path) -> list[apicontract.Generation]:
    return list(apicontract.generate_all(str(folder / "apicontract.toml")))


def told(folder: Path, expression: str) -> str:
    """What an expression over `by`, the methods' parts by name, is in the generated client."""
    script = (
        "from orders_client.v1.client import orders\n"
        "from orders_client._runtime.policy import *\n"
        "by = {one.name: one for one in orders.METHODS}\n"
        f"print({expression})"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=folder / "out", capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_the_narrower_goes_before_the_wider_and_the_configuration_before_the_contract(tmp_path: Path) -> None:
    folder = team(
        tmp_path,
        """
[generate.policies."acme.orders.v1"]
timeout = "7s"
breaker = {recovery = "70s"}

[generate.policies."acme.orders.v1.Orders"]
bulkhead = false

[generate.policies."acme.orders.v1.Orders/Get"]
retry = {wait-initial = 0.5}
fallback = {cached = "5m"}
""",
    )
    generated(folder)
    parts = (
        "(p.timeout, p.deadline, p.breaker, p.bulkhead, p.retry.attempts, p.retry.wait_initial, p.fallback)"
    )
    assert told(folder, f"[{parts} for p in [by['Get'].policy]][0]") == (
        "(1.0, 8.0, Breaker(failures=9, recovery=70.0, name=''), None, 4, 0.5,"
        " Fallback(kind='cached', value=None, age=300.0))"
    )
    assert told(folder, f"[{parts} for p in [by['Put'].policy]][0]") == (
        "(7.0, 8.0, Breaker(failures=9, recovery=70.0, name=''), None, 3, 0.1,"
        " Fallback(kind='error', value=None, age=0.0))"
    )
    text = (folder / "out" / "orders_client" / "v1" / "client" / "orders.py").read_text()
    assert "# of the package, by the configuration" in text
    assert "# of the method, by the contract and the configuration" in text


def test_a_bulkhead_of_the_service_is_shared_and_one_of_a_method_is_its_own(tmp_path: Path) -> None:
    folder = team(tmp_path, '[generate.policies."acme.orders.v1.Orders/Put"]\nbulkhead = {limit = 2}\n')
    generated(folder)
    assert told(folder, "[by[n].policy.bulkhead.name for n in ('Get', 'List', 'Put')]") == "['', '', 'Put']"
    assert told(folder, "[by[n].policy.bulkhead.limit for n in ('Get', 'List', 'Put')]") == "[8, 8, 2]"


@pytest.mark.parametrize(
    ("policies", "safe"),
    [
        ("", {"List"}),  # an HTTP GET
        ('[generate.policies."acme.orders.v1.Orders/Put"]\nsafe = true\n', {"List", "Put"}),
        ('[generate.policies."acme.orders.v1.Orders/List"]\nsafe = false\n', set()),
        ('[generate.policies."acme.orders.v1.Orders"]\nsafe = true\n', {"Get", "List", "Put", "Watch"}),
        ('[generate.policies."acme.orders.v1.Orders"]\nsafe = false\n', {"List"}),  # the method says it
    ],
)
def test_what_may_be_repeated(tmp_path: Path, policies: str, safe: set[str]) -> None:
    folder = team(tmp_path, policies)
    generated(folder)
    assert told(folder, "sorted(name for name, one in by.items() if one.safe)") == str(sorted(safe))


def test_the_service_config_says_what_the_configuration_does(tmp_path: Path) -> None:
    import json

    folder = team(
        tmp_path,
        '[generate.policies."acme.orders.v1.Orders/Put"]\nsafe = true\nretry = {attempts = 5}\ntimeout = "3s"\n'
        'deadline = "4s"\n',
    )
    generated(folder)
    script = "from orders_client.v1 import OrdersClient; print(OrdersClient('a:1').connection.service_config)"
    run = subprocess.run([sys.executable, "-c", script], cwd=folder / "out", capture_output=True, check=True)
    config = json.loads(run.stdout)
    [entry] = [one for one in config["methodConfig"] if one["name"][0]["method"] == "Put"]
    assert "timeout" not in entry  # each call brings its own
    assert entry["retryPolicy"]["maxAttempts"] == 5


def test_a_stream_inherits_no_fallback_that_it_cannot_have(tmp_path: Path) -> None:
    folder = team(
        tmp_path, '[generate.policies."acme.orders.v1"]\nfallback = {default = {amountCents = 1}}\n'
    )
    generated(folder)
    assert told(folder, "[by[n].policy.fallback.kind for n in ('Put', 'Watch')]") == "['default', 'error']"


@pytest.mark.parametrize(
    ("policies", "line", "column", "said", "hint"),
    [
        ('"acme.orders.v1.Orders/Gett"]\ntimeout = 1\n', 5, 1, "no package, service or method is called `acme.orders.v1.Orders/Gett`", "did you mean `acme.orders.v1.Orders/Get`?"),
        ('"acme.orders.v1.Orders.Get"]\ntimeout = 1\n', 5, 1, "no package, service or method is called", "did you mean `acme.orders.v1.Orders/Get`?"),
        ('"acme.orders.v1.Orders/Get"]\ntimout = "1s"\n', 6, 1, "there is no key `timout`", "did you mean `timeout`?"),
        ('"acme.orders.v1.Orders/Get"]\nretry = {atempts = 2}\n', 6, 10, "there is no key `atempts`", "did you mean `attempts`?"),
        ('"acme.orders.v1.Orders/Get"]\nretry = {attempts = 0}\n', 6, 21, "`attempts` is 0, and must be between 1", ""),
        ('"acme.orders.v1.Orders/Get"]\nretry = "no"\n', 6, 9, "`retry` is true or false or a table, and this is `no`", ""),
        ('"acme.orders.v1.Orders/Get"]\ntimeout = true\n', 6, 11, "`timeout` is a text or a number", ""),
        ('"acme.orders.v1.Orders/Get"]\ntimeout = "soon"\n', 6, 11, "'soon' is no duration", ""),
        ('"acme.orders.v1.Orders/Get"]\nretry = {wait-max = -1}\n', 6, 21, "a duration must be above zero", ""),
        ('"acme.orders.v1.Orders/Get"]\nsafe = "yes"\n', 6, 8, "`safe` is true or false", ""),
        ('"acme.orders.v1.Orders/Get"]\nfallback = {default = {amount = 1}}\n', 6, 23, "no `acme.orders.v1.Order`, which `Get` answers with", ""),
        ('"acme.orders.v1.Orders/Watch"]\nfallback = {cached = "5m"}\n', 6, 12, "a stream of responses has no fallback but the error", ""),
        ('"acme.orders.v1.Orders/Get"]\nfallback = {cached = "5m", default = {}}\n', 6, 12, "must be `error`", ""),
    ],
)  # fmt: skip
def test_what_is_no_policy_has_a_place(
    tmp_path: Path, policies: str, line: int, column: int, said: str, hint: str
) -> None:
    folder = team(tmp_path, f"[generate.policies.{policies}")
    with pytest.raises(ContractError) as caught:
        generated(folder)
    assert said in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.file.endswith("apicontract.toml")
    assert hint in (caught.value.hint or "")
    assert not (folder / "out").exists()


def test_policies_are_of_clients_of_protos(tmp_path: Path) -> None:
    table = TABLE.replace("grpc-client", "grpc-server")
    folder = team(tmp_path, '[generate.policies."acme.orders.v1"]\ntimeout = 1\n', table=table)
    with pytest.raises(ContractError, match="policies are of a `grpc-client`") as caught:
        generated(folder)
    assert caught.value.line == 5


def test_a_changed_policy_is_a_change(tmp_path: Path) -> None:
    folder = team(tmp_path)
    generated(folder)
    assert generated(folder)[0].unchanged
    team(tmp_path, '[generate.policies."acme.orders.v1"]\ntimeout = "3s"\n')
    [stale] = apicontract.generate_all(str(folder / "apicontract.toml"), check=True)
    assert stale.outcome.written == ("orders_client/v1/client/orders.py",)


def test_a_configuration_says_where_imports_are(tmp_path: Path) -> None:
    proto = PROTO.replace('import "google', 'import "money.proto";\nimport "google').replace(
        "int32 amount_cents", "lib.Money amount"
    )
    folder = team(
        tmp_path, table=TABLE.replace('output = "out"', 'output = "out"\nincludes = ["lib"]'), proto=proto
    )
    (folder / "lib").mkdir()
    (folder / "lib" / "money.proto").write_text(
        'syntax = "proto3"; package lib; message Money { int64 units = 1; }'
    )
    generated(folder)
    assert (folder / "out" / "orders_client" / "_imports" / "lib" / "money_pb2.py").is_file()


def test_a_contract_without_any_policy_has_the_defaults(tmp_path: Path) -> None:
    proto = PROTO.replace('option (apicontract.file_policy) = {timeout: "9s" breaker: {failures: 9}};', "")
    proto = proto.replace('option (apicontract.service_policy) = {deadline: "8s" bulkhead: {limit: 8}};', "")
    folder = team(tmp_path, proto=proto)
    generated(folder)
    assert told(folder, "by['Put'].policy == Policy()") == "True"


def test_policies_from_python(tmp_path: Path) -> None:
    folder = team(tmp_path)
    stated = apicontract.StatedPolicy("acme.orders.v1.Orders/Put", {"timeout": "3s"})
    options = apicontract.GenerateOptions(policies=(stated,))
    apicontract.generate("grpc-client", str(folder / "protos"), str(folder / "out"), options=options)
    assert told(folder, "by['Put'].policy.timeout") == "3.0"
    wrong = apicontract.StatedPolicy("acme.orders.v1.Orders/Put", {"timeout": "never"})
    with pytest.raises(ContractError, match=r'policies."acme.orders.v1.Orders/Put".timeout'):
        apicontract.generate(
            "grpc-client",
            str(folder / "protos"),
            str(folder / "out"),
            options=apicontract.GenerateOptions(policies=(wrong,)),
        )
