"""The tree of a server: what is generated, what is yours, versions beside each other, and clients that talk to it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import yaml
from serving_trees import HERE, ORDERS, made, started

import apicontract

V2 = ORDERS.with_name("orders-v2.yaml")


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return made("rest-server", ORDERS, tmp_path_factory.mktemp("orders"), "orders_api")


def test_all_of_it_is_clean(everything):
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "."]
    done = subprocess.run(ruff, cwd=everything, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--check", "."]
    done = subprocess.run(ruff, cwd=everything, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_types_hold_strictly(everything):
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--cache-dir=.mypy",
        "every_server",
        "app",
        "tests",
    ]
    done = subprocess.run(command, cwd=everything, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_methods_that_are_called_as_types_hide_none(tmp_path):
    listed = {"type": "array", "items": {"type": "string"}}
    said = {"200": {"description": "ok", "content": {"application/json": {"schema": listed}}}}
    names = {"in": "query", "name": "names", "schema": listed}
    paths = {
        f"/{name}": {"get": {"operationId": name, "parameters": [names], "responses": said}}
        for name in ("list", "str", "int")
    }
    contract = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "types.json").write_text(json.dumps(contract))
    made("rest-server", tmp_path / "types.json", tmp_path, "types_server")
    text = (tmp_path / "types_server/v1/handlers/untagged.py").read_text()
    assert "names: builtins.list[builtins.str] | None = None" in text
    assert "-> builtins.list[builtins.str] | Reply[builtins.list[builtins.str]]" in text.replace("\n", " ")
    assert (
        "SCHEMES: dict[str, Scheme] = {}" in (tmp_path / "types_server/v1/operations/untagged.py").read_text()
    )


def test_the_project_starts_and_its_own_test_passes(project):
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_what_is_yours_is_never_touched_and_the_rest_is_the_same_bytes(tmp_path):
    apicontract.generate(
        "rest-server",
        str(ORDERS),
        str(tmp_path),
        options=apicontract.GenerateOptions(package="orders_server"),
    )
    before = files(tmp_path)
    (tmp_path / "app/services/v1_orders.py").write_text("# mine\n")
    (tmp_path / "orders_server/v1/routing.py").unlink()
    done = apicontract.generate(
        "rest-server",
        str(ORDERS),
        str(tmp_path),
        options=apicontract.GenerateOptions(package="orders_server"),
    )
    assert done.outcome.written == ("orders_server/v1/routing.py",)
    after = files(tmp_path)
    assert after.pop("app/services/v1_orders.py") == b"# mine\n"
    before.pop("app/services/v1_orders.py")
    assert after == before


def test_an_operation_that_is_not_implemented_is_named(project):
    v1 = importlib.import_module("orders_api.v1")

    class Half(v1.OrdersHandler):
        async def list_orders(self, **_):
            return None

    with pytest.raises(TypeError, match=r"cancel_order.*get_order.*place_order"):
        Half()


def handlers(version, order):
    """Handlers that keep orders in memory, for either version."""
    kept = {}

    class Orders(version.OrdersHandler):
        async def list_orders(self, *, context, **_):
            return version.models.ListOrdersResponse(items=list(kept.values()))

        async def place_order(self, *, body, context, **_):
            made_ = order(version.models, body)
            kept[made_.id] = made_
            reply = importlib.import_module(
                f"{version.__package__.partition('.')[0]}._runtime.server.context"
            ).Reply
            return reply(made_, headers={"Location": f"/v1/orders/{made_.id}"})

        async def get_order(self, *, order_id, context, **_):
            failure = importlib.import_module(
                f"{version.__package__.partition('.')[0]}._runtime.server.problems"
            ).Failure
            if order_id not in kept:
                raise failure(404, "There is no such order.")
            return kept[order_id]

    for name in version.OrdersHandler.__abstractmethods__ - set(vars(Orders)):

        async def nothing(self, **_):
            return None

        setattr(Orders, name, nothing)
    Orders.__abstractmethods__ = frozenset()
    return Orders()


def order(models, body):
    return models.Order(
        id="7d9f2f0e-8a43-4c0c-9d0a-3b6f6f1f0c11",
        status="placed",
        total={"amount": "9.50", "currency": "EUR"},
        lines=body.lines,
    )


class Anybody:
    async def verify(self, presented, request):
        return presented.credential


def test_our_client_and_our_server_talk(project, tmp_path_factory):
    made("rest-client", ORDERS, tmp_path_factory.mktemp("client"), "orders_client")
    server, client = importlib.import_module("orders_api.v1"), importlib.import_module("orders_client.v1")
    application = importlib.import_module("orders_api._runtime.server.application")
    serving = importlib.import_module("orders_api._runtime.server.serving")
    app = application.create_app(
        server.router(handlers(server, order), serving=serving.Serving(verifier=Anybody(), debug=True))
    )
    with started(app) as address, client.Client(base_url=f"{address}/v1", key="k") as shop:
        placed = shop.orders.place_order(client.models.NewOrder(lines=[{"sku": "a", "quantity": 2}]))
        assert placed.total.amount == "9.50"
        assert shop.orders.get_order(placed.id) == placed
        assert [one.id for one in shop.orders.list_orders(limit=5).items] == [placed.id]
        with pytest.raises(client.errors.NotFound, match="There is no such order") as caught:
            shop.orders.get_order("00000000-0000-0000-0000-000000000000")
        assert caught.value.problem.status == 404
        with pytest.raises(
            client.errors.StatusError if hasattr(client.errors, "StatusError") else Exception, match="400"
        ):
            shop.orders.list_orders(limit=1000)


def test_a_server_that_drains_gets_no_calls_of_clients_that_ask_for_health(project, tmp_path_factory):
    made("rest-client", ORDERS, tmp_path_factory.mktemp("asking"), "asking_client")
    server, client = importlib.import_module("orders_api.v1"), importlib.import_module("asking_client.v1")
    static = importlib.import_module("asking_client._runtime.discovery.static")
    health = importlib.import_module("asking_client._runtime.discovery.health")
    application = importlib.import_module("orders_api._runtime.server.application")
    serving = importlib.import_module("orders_api._runtime.server.serving")
    states = [importlib.import_module("orders_api._runtime.server.health").Health() for _ in range(2)]
    served = serving.Serving(verifier=Anybody(), debug=True)
    apps = [
        application.create_app(server.router(handlers(server, order), serving=served), health=state)
        for state in states
    ]
    with started(apps[0]) as first, started(apps[1]) as second:
        check = health.HealthCheck(every=0.05, patience=2.0)
        found = static.Static(f"{first}/v1", f"{second}/v1", health=check)
        with client.Client(discovery=found, key="k") as shop:

            def asked():
                answers = []
                for _ in range(6):
                    shop.orders.list_orders(on_response=answers.append)
                return {answer.url.partition("/v1")[0] for answer in answers}

            assert asked() == {first, second}
            states[0].draining = True
            assert eventually(lambda: asked() == {second})
            assert found.unwell() == {f"{first}/v1"}
            states[0].draining = False
            assert eventually(lambda: asked() == {first, second})


def eventually(holds, within=10.0):
    until = time.monotonic() + within
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_two_versions_live_in_one_app_and_do_not_touch_each_other(tmp_path):
    made("rest-server", ORDERS, tmp_path, "shop_both")
    before = files(tmp_path / "shop_both/v1")
    made("rest-server", V2, tmp_path, "shop_both", major="v2")
    assert files(tmp_path / "shop_both/v1") == before
    v1, v2 = importlib.import_module("shop_both.v1"), importlib.import_module("shop_both.v2")
    application = importlib.import_module("shop_both._runtime.server.application")
    serving = importlib.import_module("shop_both._runtime.server.serving").Serving(
        verifier=Anybody(), debug=True
    )
    prefixes = [importlib.import_module(f"shop_both.{version}.routing").PREFIX for version in ("v1", "v2")]
    assert prefixes == ["/v1", "/v2"]
    app = application.create_app(
        v1.router(handlers(v1, order), serving=serving), v2.router(handlers(v2, order), serving=serving)
    )
    with started(app) as address, httpx.Client(base_url=address, headers={"X-Api-Key": "k"}) as client:
        assert client.get("/v1/openapi.json").json()["info"]["version"] == "1.4.0"
        assert client.get("/v2/openapi.json").json()["info"]["version"] != "1.4.0"
        assert client.get("/v1/orders").json() == {"items": []}
        assert client.get("/v2/orders").status_code == 200


def test_a_swagger_contract_serves_too(tmp_path):
    contract = {
        "swagger": "2.0",
        "info": {"title": "Old", "version": "3.1"},
        "basePath": "/api/v3",
        "host": "old.example",
        "schemes": ["https"],
        "paths": {
            "/a/{order-id}": {
                "post": {
                    "operationId": "a",
                    "consumes": ["application/json"],
                    "produces": ["application/json"],
                    "parameters": [
                        {"name": "order-id", "in": "path", "required": True, "type": "integer"},
                        {
                            "name": "ids",
                            "in": "query",
                            "type": "array",
                            "items": {"type": "integer"},
                            "collectionFormat": "pipes",
                        },
                        {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/B"}},
                    ],
                    "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/B"}}},
                }
            }
        },
        "definitions": {
            "B": {
                "type": "object",
                "properties": {"n": {"type": "number", "minimum": 0, "exclusiveMinimum": True}},
            }
        },
    }
    (tmp_path / "old.json").write_text(json.dumps(contract))
    made("rest-server", tmp_path / "old.json", tmp_path, "old_server")
    v3 = importlib.import_module("old_server.v3")
    application = importlib.import_module("old_server._runtime.server.application")

    class Untagged(v3.UntaggedHandler):
        async def a(self, *, order_id, ids=None, body=None, context):
            return v3.models.B(n=order_id + sum(ids or []))

    with started(application.create_app(v3.router(Untagged()))) as address:
        url = f"{address}/api/v3/a/2"
        assert httpx.post(f"{url}?ids=1|2", json={"n": 1}).json() == {"n": 5}
        assert httpx.post(url, json={"n": 0}).status_code == 422


NASTY = [
    '"; import os; os.system("touch pwned")#',
    "'''",
    '"""',
    "\\",
    "{{ 7*7 }}",
    "class",
    "__init__",
    "é 漢字 🎉",
    "a\nb",
    "{p0}",
]


def test_hostile_text_stays_text(tmp_path):
    """Every place of a contract that reaches a template of the server holds text that would do harm as code."""
    paths = {}
    for number, text in enumerate(NASTY):
        paths[f"/n{number}"] = {
            "get": {
                "operationId": text,
                "summary": text,
                "description": text,
                "tags": [text],
                "deprecated": True,
                "x-sunset": text,
                "security": [{text: [text]}],
                "parameters": [
                    {
                        "name": text,
                        "in": "query",
                        "description": text,
                        "schema": {"type": "string", "default": text, "enum": [text]},
                    },
                ],
                "responses": {
                    "200": {"description": text, "content": {"text/plain": {"schema": {"type": "string"}}}}
                },
            }
        }
    contract = {
        "openapi": "3.0.3",
        "info": {"title": NASTY[0], "version": NASTY[0], "description": NASTY[2]},
        "tags": [{"name": text, "description": text} for text in NASTY],
        "paths": paths,
        "components": {
            "securitySchemes": {
                text: {"type": "apiKey", "in": "header", "name": text, "description": text} for text in NASTY
            }
        },
    }
    (tmp_path / "nasty.json").write_text(json.dumps(contract))
    try:
        made("rest-server", tmp_path / "nasty.json", tmp_path, "nasty_server")
    except apicontract.ContractError as error:
        pytest.fail(f"{error}")
    script = """
import compileall, importlib, pathlib, sys
sys.path.insert(0, ".")
assert compileall.compile_dir("nasty_server", quiet=1) and compileall.compile_dir("app", quiet=1)
from app.main import application
application()
assert not pathlib.Path("pwned").exists()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (tmp_path / "pwned").exists()


def test_the_application_registers_while_it_runs(project):
    sys.path.insert(0, str(HERE.parent / "runtime"))
    try:
        import registries
    finally:
        sys.path.pop(0)
    agent = registries.LocalAgent()
    script = """
import json, sys, urllib.request
from pathlib import Path
sys.path.insert(0, ".")
import asyncio
from app.main import application
from app.settings import Settings
settings = Settings(registry=f"consul+{sys.argv[1]}", advertised="10.0.0.9:8000", database="sqlite://")
def known():
    with urllib.request.urlopen(f"{sys.argv[1]}/v1/health/service/orders-api?passing=true") as answer:
        return [entry["Service"]["Address"] for entry in json.load(answer)]
async def run():
    app = application(settings)
    async with app.router.lifespan_context(app):
        assert await asyncio.to_thread(known) == ["10.0.0.9"]
    assert await asyncio.to_thread(known) == []
asyncio.run(run())
"""
    done = subprocess.run(
        [sys.executable, "-c", script, agent.url], cwd=project, capture_output=True, text=True, check=False
    )
    agent.stop()
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_scaffold_is_valid_yaml_with_probes_and_a_name(project):
    service, deployment = yaml.safe_load_all((project / "deploy/kubernetes.yaml").read_text())
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert service["metadata"]["name"] == "orders-api"
    assert service["spec"]["selector"] == deployment["spec"]["template"]["metadata"]["labels"]
    compose = yaml.safe_load((project / "compose.yaml").read_text())
    assert list(compose["services"]) == ["orders-api"]


def test_schemathesis_finds_no_fault(tmp_path):
    """An independent judge sends what the contract has and what it does not; handlers answer from the schema."""
    contract = yaml.safe_load((HERE / "everything.yaml").read_text())
    problem = {"type": "object", "required": ["type", "title", "status"]}
    said = {"description": "a problem", "content": {"application/problem+json": {"schema": problem}}}
    for item in contract["paths"].values():
        for method, operation in item.items():
            if method != "parameters":
                operation["responses"]["default"] = said
    (tmp_path / "judged.json").write_text(json.dumps(contract))
    made("rest-server", tmp_path / "judged.json", tmp_path, "judged_server")
    command = [sys.executable, str(HERE / "judged.py"), str(tmp_path), "judged_server"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    assert "Tested: 22" in done.stdout
