"""A generated server over a real socket: what the contract says is what comes to handlers, and what goes out."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import httpx
import pytest


def problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == status
    return found


# --- parameters


def test_path_parameters_of_every_style(client):
    assert client.get("/v1/simple/7/1,2,3/x=1,y=2.5").json() == {
        "id": 7,
        "list": [1, 2, 3],
        "obj": "Point",
        "x": 1,
        "y": 2.5,
    }
    assert client.get("/v1/label/.p,q/.x=1.y=2/matrix/;c=1;c=2/;d=true").json() == {
        "a": ["p", "q"],
        "b": {"x": 1, "y": 2},
        "c": [1, 2],
        "d": True,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("form=1&form=2", {"form": [1, 2]}),
        ("csv=a,b%2Cc,d", {"csv": ["a", "b,c", "d"]}),
        ("space=a%20b", {"space": ["a", "b"]}),
        ("space=a+b", {"space": ["a", "b"]}),
        ("pipe=1%7C2", {"pipe": [1, 2]}),
        ("pipe=1|2", {"pipe": [1, 2]}),
        ("deep%5Bx%5D=1&deep[y]=2", {"deep": {"x": 1, "y": 2.0}}),
        ("s1=4&s2=4", {"spread": {"s1": 4, "s2": "4"}}),
        ("json=%7B%22x%22%3A1%2C%22y%22%3A2%7D", {"json": {"x": 1, "y": 2.0}}),
        ("maybe=", {"maybe": None}),
        ("limit=5", {"limit": 5}),
        ("class=a", {"class_": "a"}),
        ("unknown=1", {}),
    ],
)
def test_query_parameters_of_every_style(client, query, expected):
    found = client.get(f"/v1/queries?{query}").json()
    assert found.pop("limit") == expected.pop("limit", 20)
    assert found == expected


def test_headers_and_cookies(client):
    headers = {"X-List": "1, 2", "Cookie": "other=x; sid=s%201"}
    found = client.get("/v1/queries", headers=headers).json()
    assert found["x_list"] == [1, 2]
    assert found["sid"] == "s 1"


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("/v1/simple/0/1/x=1,y=2", "path id"),
        ("/v1/simple/a/1/x=1,y=2", "path id"),
        ("/v1/simple/1/a/x=1,y=2", "path list/0"),
        ("/v1/simple/1/1/x=1", "path obj"),
        ("/v1/label/.p/.x=1.5/matrix/;c=1/;d=true", "path b"),
        ("/v1/label/p/.x=1.y=2/matrix/;c=1/;d=true", "path a"),
        ("/v1/label/.p/.x=1.y=2/matrix/;e=1/;d=true", "path c"),
        ("/v1/queries?limit=101", "query limit"),
        ("/v1/queries?limit=1&limit=2", "query limit"),
        ("/v1/queries?limit=1.5", "query limit"),
        ("/v1/queries?class=c", "query class"),
        ("/v1/queries?json=%7B", "query json"),
        ("/v1/queries?deep[x]=1", "query deep"),
        ("/v1/queries?deep[x]=1&deep[y]=1000", "query deep/y"),
        ("/v1/wrong", "query how"),
    ],
)
def test_a_parameter_that_is_not_as_the_contract_says_is_named(client, path, at):
    found = problem(client.get(path), 400)
    assert [one["at"] for one in found["errors"]] == [at]


def test_fixed_paths_go_before_variable_ones(client):
    assert client.get("/v1/queries/fixed").text == "fixed"
    assert client.get("/v1/queries/other").text == "variable other"


# --- bodies


def test_json_goes_in_and_out_as_each_direction_has_it(client):
    done = client.post("/v1/accounts", json={"name": "a", "secret": "s"})
    assert done.status_code == 201
    assert done.json() == {"id": 1, "name": "a"}
    assert done.headers["location"] == "/v1/accounts/1"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"name": "a"}', 422),
        (b'{"name": "", "secret": "s"}', 422),
        (b'{"name": 1, "secret": "s"}', 422),
        (b"[]", 422),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b"", 400),
    ],
)
def test_a_body_that_is_not_as_the_contract_says_is_refused(client, content, status):
    problem(
        client.post("/v1/accounts", content=content, headers={"content-type": "application/json"}), status
    )


def test_bodies_of_other_types_and_sizes_are_refused(client):
    refused = client.post("/v1/accounts", content=b"<a/>", headers={"content-type": "text/xml"})
    problem(refused, 415)
    assert refused.headers["accept"] == "application/json"
    large = b'"' + b"x" * 300_000 + b'"'
    problem(client.post("/v1/accounts", content=large, headers={"content-type": "application/json"}), 413)
    in_pieces = client.post(
        "/v1/accounts", content=iter([large]), headers={"content-type": "application/json"}
    )
    problem(in_pieces, 413)


def test_a_body_may_be_left_out_where_it_may(client):
    assert client.put("/v1/trees").json() == {"name": "none"}
    tree = {"name": "a", "children": [{"name": "b", "children": []}]}
    assert client.put("/v1/trees", json=tree).json() == tree


def test_forms(client):
    found = client.post("/v1/forms", data={"name": "n", "age": "7", "tags": ["a", "b"]})
    assert found.json() == {"name": "n", "age": 7, "tags": ["a", "b"]}
    problem(client.post("/v1/forms", data={"age": "7"}), 422)
    problem(client.post("/v1/forms", data={"name": "n", "age": "x"}), 422)


def test_uploads(client):
    files = [("file", ("f.bin", b"\xff" * 1000)), ("more", ("a", b"1")), ("more", ("b", b"22"))]
    found = client.post("/v1/uploads", files=files, data={"count": "3", "meta": '{"x": 1, "y": 2}'})
    assert found.json() == {
        "size": 1000,
        "more": [1, 2],
        "count": 3,
        "meta": {"x": 1, "y": 2.0},
        "name": "f.bin",
    }
    no_boundary = {"content-type": "multipart/form-data"}
    problem(client.post("/v1/uploads", content=b"--x", headers=no_boundary), 400)
    problem(client.post("/v1/uploads", files=[("more", ("a", b"1"))]), 422)
    problem(client.post("/v1/uploads", files=[("file", ("a", b"1" * 300_000))]), 413)


def test_bytes_are_read_as_they_come_whatever_their_size(client):
    headers = {"content-type": "application/octet-stream"}
    pieces = (b"x" * 50_000 for _ in range(40))
    assert client.put("/v1/blobs/2000000", content=pieces, headers=headers).status_code == 204


# --- answers


def test_downloads_and_streams(client):
    assert len(client.get("/v1/blobs/500").content) == 500_000
    events = client.get("/v1/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.text == 'id: 7\ndata: one\ndata: two\n\ndata: {"three": 3}\n\n'
    assert client.get("/v1/lines").text == '{"x":0,"y":1.0}\n{"x":1,"y":1.0}\n{"x":2,"y":1.0}\n'


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/json"),
        ("text/plain", "text/plain"),
        ("text/*", "text/plain"),
        ("application/json;q=0.1, text/plain", "text/plain"),
        ("text/plain;q=0, */*;q=0.1", "application/json"),
    ],
)
def test_what_the_caller_likes_best_is_sent(client, accept, media):
    assert client.get("/v1/either", headers={"accept": accept}).headers["content-type"].startswith(media)


def test_what_nobody_takes_is_not_sent(client):
    problem(client.get("/v1/either", headers={"accept": "image/png"}), 406)


def test_the_end_of_an_operation_is_told(client):
    old = client.get("/v1/old")
    assert old.status_code == 204
    assert old.headers["deprecation"] == "@0"
    assert old.headers["sunset"] == "Wed, 02 Jan 2030 00:00:00 GMT"
    assert "deprecation" not in client.get("/v1/either").headers


def test_in_debug_an_answer_that_the_contract_does_not_have_is_a_defect(client):
    assert problem(client.get("/v1/wrong?how=value"), 500)["errors"][0]["at"] == "/y"
    assert "299" in problem(client.get("/v1/wrong?how=status"), 500)["detail"]


def test_failures_are_problems(client):
    found = problem(client.post("/v1/accounts", json={"name": "taken", "secret": "s"}), 409)
    assert (found["detail"], found["hint"]) == ("There is one of that name.", "another")
    circuit = client.get("/v1/wrong?how=circuit")
    problem(circuit, 503)
    assert circuit.headers["retry-after"] == "8"
    assert "10.0.0.1" not in client.get("/v1/wrong?how=connection").text
    problem(client.get("/v1/wrong?how=connection"), 502)
    problem(client.get("/v1/wrong?how=else"), 500)
    problem(client.get("/v1/nothing"), 404)


def test_methods_that_are_not_there_are_named(client):
    refused = client.post("/v1/blobs/a")
    problem(refused, 405)
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT"}
    head = client.head("/v1/either")
    assert (head.status_code, head.content) == (200, b"")


def test_a_correlation_id_comes_back_and_one_that_is_none_does_not(client):
    assert client.get("/v1/old", headers={"x-correlation-id": "abc"}).headers["x-correlation-id"] == "abc"
    assert client.get("/v1/old", headers={"x-correlation-id": "a b"}).headers["x-correlation-id"] != "a b"


def test_the_contract_itself_is_served(client):
    assert client.get("/v1/openapi.json").json()["info"]["title"] == "Everything"


# --- guards


def test_too_many_at_once_are_refused_and_others_served(client, address, world):
    guards = world.guards
    guards.release.clear()
    statuses = []
    threads = [
        threading.Thread(target=lambda: statuses.append(httpx.get(f"{address}/v1/busy").status_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    while guards.waiting < 2:
        time.sleep(0.005)
    start = time.perf_counter()
    refused = client.get("/v1/busy")
    assert time.perf_counter() - start < 0.2
    problem(refused, 503)
    assert refused.headers["retry-after"] == "1"
    assert client.get("/v1/old").status_code == 204
    guards.release.set()
    for thread in threads:
        thread.join()
    assert statuses == [204, 204]
    assert client.get("/v1/busy").status_code == 204


def test_a_request_ends_at_its_deadline_and_so_does_its_handler(client, world):
    start = time.perf_counter()
    problem(client.get("/v1/slow"), 504)
    assert 0.15 < time.perf_counter() - start < 0.6
    assert world.guards.cancelled
    start = time.perf_counter()
    problem(client.get("/v1/slow", headers={"Request-Timeout": "0.05"}), 504)
    assert time.perf_counter() - start < 0.17
    assert world.guards.remaining <= 0.05


@pytest.mark.parametrize(
    ("sent", "who"),
    [
        ({"headers": {"x-key": "good"}}, "key::"),
        ({"headers": {"cookie": "sid=good"}}, "key::"),
        ({"headers": {"authorization": "bearer good"}}, "bearer::read"),
        ({"auth": ("me", "good")}, "basic:me:"),
        ({"headers": {"x-key": "bad", "authorization": "Bearer good"}}, "bearer::read"),
    ],
)
def test_credentials_of_any_alternative_are_taken(client, sent, who):
    assert client.get("/v1/secret", **sent).json() == {"who": who}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-key": "bad"},
        {"x-key": ""},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic Z29vZA=="},
        {"authorization": "Digest good"},
    ],
)
def test_credentials_that_are_not_good_are_refused(client, headers):
    refused = client.get("/v1/secret", headers=headers)
    problem(refused, 401)
    assert "Basic" in refused.headers["www-authenticate"]


def test_all_schemes_of_an_alternative_are_needed(client):
    problem(client.put("/v1/secret", headers={"x-key": "good"}), 401)
    problem(client.put("/v1/secret", headers={"authorization": "Bearer good"}), 401)
    both = {"x-key": "good", "authorization": "Bearer good"}
    assert client.put("/v1/secret", headers=both).status_code == 204
    problem(client.put("/v1/secret", headers={**both, "x-key": "weak"}), 403)


def test_anonymous_is_an_alternative(client):
    assert client.get("/v1/public").json() == {"who": None}
    assert client.get("/v1/public", headers={"x-key": "good"}).json() == {"who": "key::"}
    assert client.get("/v1/public", headers={"x-key": "bad"}).json() == {"who": None}


def test_a_request_is_done_once_for_each_key(client, world, address):
    def pay(key, point, at=client):
        return at.post("/v1/payments", json=point, headers={"Idempotency-Key": key})

    point = {"x": 1, "y": 1}
    before = world.guards.paid
    first, second = pay("one", point), pay("one", point)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert world.guards.paid == before + 1
    problem(pay("one", {"x": 2, "y": 1}), 422)
    assert pay("two", point).json() != first.json()
    problem(client.post("/v1/payments", json=point), 400)

    outcomes = []
    threads = [
        threading.Thread(
            target=lambda: outcomes.append(
                httpx.post(
                    f"{address}/v1/payments", json=point, headers={"Idempotency-Key": "at once"}
                ).status_code
            )
        )
        for _ in range(4)
    ]
    before = world.guards.paid
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.guards.paid == before + 1
    assert set(outcomes) <= {201, 409}  # whoever comes after the end gets the same answer


def test_a_defect_is_not_remembered_under_a_key(client):
    for _ in range(2):
        answer = client.post("/v1/payments", json={"x": 500, "y": 1}, headers={"Idempotency-Key": "bad"})
        problem(answer, 500)
        assert "idempotency-replayed" not in answer.headers


# --- health


def test_health(client, world):
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").json()["checks"] == {"serving": True, "database": True}
    for well in (False, None):
        world.well = well
        ready = client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["database"] is False
    world.well = True


SCRIPT = """
import asyncio, sys
sys.path[:0] = {path!r}
from fastapi import APIRouter
from every_server._runtime.server.application import create_app, run
router = APIRouter()
async def slow(): await asyncio.sleep(0.6); return "done"
router.add_api_route("/slow", slow)
run(create_app(router), port={port}, drain=0.3)
"""


def test_a_process_that_is_told_to_stop_says_so_and_ends_what_it_began(everything):
    import signal
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(path=[str(everything)], port=port)], stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                assert httpx.get(f"{url}/health/ready").status_code == 200
                break
            except httpx.ConnectError:
                time.sleep(0.02)
        answers = []
        begun = threading.Thread(target=lambda: answers.append(httpx.get(f"{url}/slow").text))
        begun.start()
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        assert httpx.get(f"{url}/health/ready").status_code == 503
        assert httpx.get(f"{url}/health/live").status_code == 200
        begun.join()
        assert answers == ['"done"']
        process.wait(5)
    finally:
        process.kill()
        process.wait()
