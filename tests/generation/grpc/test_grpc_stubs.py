"""What is generated imports, passes mypy --strict and ruff, says the same each time, and keeps what is the user's."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import apicontract
from apicontract.formats.proto import FORMAT
from apicontract.generation.grpc.target import Making, grpc_tree, package_called
from apicontract.generation.rendering import Templates
from apicontract.generation.tree import plan, write
from apicontract.sources import ContractError, ReadOptions

CLINIC = Path(__file__).parents[3] / "examples" / "clinic-protos"
HOSTILE = {
    "acme/class/v1/class.proto": """
syntax = "proto3";
package acme.class.v1;
import "a.b/other-file.proto";
import "google/protobuf/timestamp.proto";
import "google/rpc/status.proto";
// \"\"\" \\ ünïcode \\\"\"\" '''
// {{ 7 * 7 }} {% raw %}
message None { string import = 1; class class = 2; int32 None = 3; string __init__ = 4; string DESCRIPTOR = 5; string self = 6; }
message class {
  enum def { DEF_UNSPECIFIED = 0; None = 1; from = 2; mro = 3; }
  def x = 1;
  map<string, .acme.class.v1.None> lambda = 2;
  oneof or { int32 a = 4; .a.b.Other other = 5; google.protobuf.Timestamp t = 6; google.rpc.Status s = 7; }
}
// \"\"\" + __import__("os").system("touch /tmp/apicontract-was-here") + \"\"\"
service import {
  // ends with a quote "
  rpc None(.acme.class.v1.None) returns (class);
  rpc def(stream class) returns (class);
  rpc __init__(class) returns (stream class);
  rpc close(class) returns (stream class);
  rpc Close(class) returns (class);
  rpc connection(stream class) returns (stream class);
}
""",
    "a.b/other-file.proto": """
syntax = "proto3";
package a.b;
message Other { optional string name = 1; }
""",
    "acme/class/v1/public.proto": """
edition = "2023";
package acme.class.v1;
import public "acme/class/v1/class.proto";
import "google/protobuf/descriptor.proto";
message Outer {
  message Inner { .acme.class.v1.class c = 1; Outer Outer = 2; Inner Inner = 3; }
  int32 int = 1; string str = 2; bytes bytes = 3; bool property = 4; repeated Inner manies = 5;
  int32 _builtins = 6; string SerializeToString = 7;
  oneof a { int32 list = 8; }
  oneof class { string s = 9; }
  extensions 100 to 200;
}
extend Outer { int32 def = 100; string fine = 101; repeated Outer many = 102; }
extend google.protobuf.MethodOptions { string my_opt = 50001; }
enum E { option features.enum_type = CLOSED; None_ = 1; True = 2; }
message __Dunder { __Dunder x = 1; E e = 2; string __class__ = 3; }
""",
}


def _written(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _check(folder: Path, *names: str) -> None:
    """mypy --strict and ruff, as a user of what was generated runs them."""
    mypy = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / ".mypy"), *names],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert mypy.returncode == 0, mypy.stdout
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", *names],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ruff.returncode == 0, ruff.stdout


def test_the_clinics_code_is_clean_and_its_scaffold_starts(clinic: Path) -> None:
    _check(clinic, "clinic_client", "clinic_server", "app.py", "handlers.py", "test_app.py")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_app.py"],
        cwd=clinic, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout


def test_hostile_names_give_valid_code(tmp_path: Path, generate) -> None:
    source = _written(tmp_path / "in", HOSTILE)
    out = tmp_path / "out"
    generate(str(source / "acme" / "class"), "client", out, includes=(str(source),))
    generate(str(source / "acme" / "class"), "server", out, includes=(str(source),))
    for path in out.rglob("*.py*"):
        if path.suffix in (".py", ".pyi"):
            ast.parse(path.read_text("utf-8"))
    script = (
        "import class_client.v1 as c, class_client.v1.class_pb2 as m, class_client.v1.public_pb2 as p\n"
        "assert m.None_ is getattr(m, 'None') and m.class_.def_ is getattr(m.class_, 'def')\n"
        "assert p.Dunder_(x=p.Dunder_()).x is not None\n"
        "client = c.ImportClient('localhost:1')\n"
        "print(sorted(name for name in dir(client) if not name.startswith('_')))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=out, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (
        run.stdout.strip()
        == "['close', 'close_2', 'close_3', 'connection', 'connection_2', 'def_', 'init', 'none']"
    )
    _check(out, "class_client", "class_server", "app.py", "handlers.py")


def _tree(source: Path, side: str = "client"):
    [contract] = FORMAT.find([str(source)], ReadOptions(), print).values()
    making = Making(side, package_called(contract, side), "1.2.3")  # type: ignore[arg-type]
    return grpc_tree(contract, making, Templates("grpc"))


SMALL_TEXT = """
syntax = "proto3";
package acme.orders.v1;
service Orders { rpc Get(GetRequest) returns (GetResponse); }
message GetRequest { string id = 1; }
message GetResponse { string id = 1; }
"""
SMALL = {"acme/orders/v1/orders.proto": SMALL_TEXT}


TWINS = {
    f"acme/{path}/orders.proto": SMALL_TEXT.replace("acme.orders.v1", package)
    for path, package in (
        ("orders/v1", "acme.orders.v1"),
        ("orders/v2", "acme.orders.v2"),
        ("billing/v1", "acme.billing.v1"),
    )
} | {
    "acme/odd/v1/odd.proto": """
syntax = "proto3";
package acme.odd.v1;
message str { string object = 1; }
message list {}
message getattr {}
service Context { rpc services(str) returns (stream list); }
service services { rpc made(str) returns (getattr); }
service Any { rpc Any(stream str) returns (str); }
service Empty {}
"""
}


def test_services_of_one_name_and_names_of_the_programs_own_have_others(tmp_path: Path, generate) -> None:
    source = _written(tmp_path / "in", TWINS)
    out = tmp_path / "out"
    generate(str(source), "server", out)
    generate(str(source), "client", out)
    text = (out / "handlers.py").read_text()
    for name in ("OrdersOrdersV1(", "OrdersOrdersV2(", "OrdersBillingV1(", "class Context_2("):
        assert name in text
    _check(out, "acme_client", "acme_server", "app.py", "handlers.py", "registering.py", "test_app.py")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_app.py"],
        cwd=out, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout


def test_two_majors_stand_side_by_side(tmp_path: Path) -> None:
    one = _written(tmp_path / "one", SMALL)
    two = _written(
        tmp_path / "two",
        {name.replace("v1", "v2"): text.replace("v1", "v2") for name, text in SMALL.items()},
    )
    out = tmp_path / "out"
    write(_tree(one), str(out))
    before = {path: path.read_bytes() for path in (out / "orders_client" / "v1").rglob("*") if path.is_file()}
    write(_tree(two), str(out))
    assert (out / "orders_client" / "v2" / "orders_pb2.py").is_file()
    assert {path: path.read_bytes() for path in before} == before
    assert not plan(_tree(one), str(out)).stale
    script = "from orders_client import v1, v2; v1.OrdersClient('a:1'); v2.OrdersClient('a:1'); print(v1.GetRequest is v2.GetRequest)"
    run = subprocess.run([sys.executable, "-c", script], cwd=out, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


NESTED = {
    **SMALL,
    "acme/orders/v1/items/items.proto": """
syntax = "proto3";
package acme.orders.v1.items;
import "acme/orders/v1/orders.proto";
import "elsewhere/colour.proto";
service Items { rpc Get(acme.orders.v1.GetRequest) returns (elsewhere.Colour); }
""",
    "acme/orders/v2/orders.proto": SMALL["acme/orders/v1/orders.proto"].replace(".v1", ".v2"),
}
ELSEWHERE = 'syntax = "proto3"; package elsewhere; message Colour { string name = 1; }'


def _generated(source: Path, out: Path, target: str = "grpc-server", **options: object):
    chosen = apicontract.GenerateOptions(**options)  # type: ignore[arg-type]
    library = source.parent / "lib"
    reading = apicontract.ReadOptions(includes=(str(library),) if library.is_dir() else ())
    [contract] = apicontract.find(str(source), options=reading).values()
    return apicontract.generate(target, contract, str(out), options=chosen)


def test_a_package_below_a_version_leaves_that_versions_names(tmp_path: Path) -> None:
    source = _written(tmp_path / "in", NESTED)
    _written(tmp_path / "lib", {"elsewhere/colour.proto": ELSEWHERE})
    _generated(source, tmp_path / "out", "grpc-client")
    script = (
        "from orders_client.v1 import GetRequest, OrdersClient; from orders_client.v1.items import ItemsClient;"
        "from orders_client.v2 import GetRequest as Other; print(GetRequest is Other)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path / "out", capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"


def test_an_unchanged_contract_is_not_compiled(tmp_path: Path, monkeypatch) -> None:
    from apicontract.formats.proto.compiling import compilation

    source = _written(tmp_path / "in", NESTED)
    library = _written(tmp_path / "lib", {"elsewhere/colour.proto": ELSEWHERE})
    out = tmp_path / "out"
    targets = ("grpc-client", "grpc-server")
    for target in targets:
        assert not _generated(source, out, target).unchanged

    def compiled(*_: object, **__: object) -> None:
        raise AssertionError("it was compiled")

    with monkeypatch.context() as patched:
        patched.setattr(compilation.Compilation, "__init__", compiled)
        for target in targets:
            assert _generated(source, out, target).unchanged
            assert _generated(source, out, target, check=True).unchanged
        with pytest.raises(AssertionError, match="it was compiled"):  # the other way round
            _generated(source, out, major="v9")
    _written(library, {"elsewhere/colour.proto": ELSEWHERE.replace("name", "called")})  # an import counts
    stale = _generated(source, out, check=True).outcome
    assert "+" in stale.diff
    assert stale.written == (
        "orders_server/_imports/elsewhere/colour_pb2.py",
        "orders_server/_imports/elsewhere/colour_pb2.pyi",
        "orders_server/v1/items/__init__.py",
        "orders_server/v1/items/items_pb2.py",
        "orders_server/v1/items/items_pb2.pyi",
        "orders_server/v1/items/server/items.py",
    )  # what imports it; and nothing of the other versions
    _generated(source, out)
    (out / "orders_server" / "v1" / "orders_pb2.py").write_text("# mine\n")
    assert _generated(source, out).outcome.overwritten == ("orders_server/v1/orders_pb2.py",)
    (out / "app.py").unlink()
    assert _generated(source, out).outcome.created == ("app.py",)


def test_an_import_that_only_the_compiler_sees_is_compiled_each_time(tmp_path: Path) -> None:
    hidden = {
        name: text.replace('import "elsewhere', 'import /* so */ "elsewhere') for name, text in NESTED.items()
    }
    source = _written(tmp_path / "in", hidden)
    library = _written(tmp_path / "lib", {"elsewhere/colour.proto": ELSEWHERE})
    out = tmp_path / "out"
    _generated(source, out)
    assert _generated(source, out).unchanged
    _written(library, {"elsewhere/colour.proto": ELSEWHERE.replace("name", "called")})
    assert not _generated(source, out, check=True).unchanged


def test_an_unchanged_rest_face_is_not_compiled(tmp_path: Path, monkeypatch) -> None:
    from apicontract.formats.proto.compiling import compilation

    [face] = _generated(CLINIC, tmp_path, "openapi").outcome.written
    monkeypatch.setattr(compilation.Compilation, "__init__", None)
    assert _generated(CLINIC, tmp_path, "openapi").unchanged
    (tmp_path / face).write_text("openapi: 3.1.0\n")
    monkeypatch.undo()
    assert _generated(CLINIC, tmp_path, "openapi").outcome.overwritten == (face,)


def test_generation_says_the_same_each_time(tmp_path: Path) -> None:
    source = _written(tmp_path, SMALL)
    assert _tree(source, "server") == _tree(source, "server")


def test_what_is_the_users_is_kept(tmp_path: Path) -> None:
    source = _written(tmp_path / "in", SMALL)
    out = tmp_path / "out"
    write(_tree(source, "server"), str(out))
    (out / "handlers.py").write_text("# mine\n", "utf-8")
    changed = {
        "acme/orders/v1/orders.proto": SMALL["acme/orders/v1/orders.proto"].replace("rpc Get(", "rpc Fetch(")
    }
    _written(source, changed)
    outcome = write(_tree(source, "server"), str(out))
    assert outcome.created == ()
    assert (out / "handlers.py").read_text("utf-8") == "# mine\n"
    assert "def fetch(" in (out / "orders_server" / "v1" / "server" / "orders.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("policy", "line", "said"),
    [
        ('timeout: "soon"', 5, "timeout: 'soon' is no duration"),
        ("retry: {attempts: 0}", 5, "retry.attempts: must be a whole number of at least 1"),
        ('fallback: {default_json: "{"}', 5, "the policy cannot be used"),
    ],
)
def test_a_policy_that_says_nothing_sensible_has_a_place(
    tmp_path: Path, policy: str, line: int, said: str
) -> None:
    text = f"""syntax = "proto3";
package p.v1;
import "apicontract/policy.proto";
service S {{
  rpc M(Q) returns (Q) {{ option (apicontract.policy) = {{{policy}}}; }}
}}
message Q {{}}
"""
    source = _written(tmp_path, {"p/v1/s.proto": text})
    with pytest.raises(ContractError) as caught:
        _tree(source)
    assert said in caught.value.message
    assert caught.value.line == line
    assert caught.value.file.endswith("p/v1/s.proto")


def test_a_contract_without_services_is_refused(tmp_path: Path) -> None:
    source = _written(tmp_path, {"p/v1/s.proto": 'syntax = "proto3"; package p.v1; message Q {}'})
    with pytest.raises(ContractError, match="no service"):
        _tree(source)


def test_a_package_name_must_be_one(tmp_path: Path) -> None:
    source = _written(tmp_path, SMALL)
    for target in ("grpc-client", "openapi"):
        with pytest.raises(ContractError, match="cannot be the name of a package") as caught:
            apicontract.generate(
                target, str(source), str(tmp_path / "out"), options=apicontract.GenerateOptions("my-orders")
            )
        assert caught.value.hint == "write --package my_orders"
