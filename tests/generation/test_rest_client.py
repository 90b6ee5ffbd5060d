"""A generated client, run: what it sends for every construct of a contract, and what it gives back."""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
from datetime import date, timedelta
from decimal import Decimal

import generated
import pytest
from recorder import Recorder

CAT = {"petType": "cat", "name": "Tom", "id": "7"}
DOG = {"petType": "hound", "name": "Rex", "bark": "operatic", "level": 3, "size": 1, "friends": [CAT]}
PROBLEM = {"title": "no such animal", "status": 404}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("client")
    generation = generated.client(str(generated.CONTRACTS / "everything.yaml"), folder)
    assert (generation.package, generation.major) == ("zoo_client", "v2")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("zoo_client.v2"), folder
    sys.path.remove(str(folder))


def test_it_is_clean(zoo):
    generated.checked(zoo[1], "zoo_client")


def test_parameters_are_written_in_their_styles(zoo):
    v2, _ = zoo
    answers = {"GET /animals": [(200, "application/json", {"items": []})]}
    with Recorder(answers) as server, v2.Client(server.url, key="s e", token="t") as client:
        client.animals.list(
            kinds=[v2.models.Kind.CAT, v2.models.Kind.PLUS_1], names=["a", "b"],
            filter=v2.models.AnimalsListFilter(born=date(2020, 1, 2)), raw="a/b", where={"x": 1},
            x_trace=[1, 2], session="s;1", timeout_=3,
        )  # fmt: skip
        [(_, path, headers, _)] = server.asked
    assert set(path.partition("?")[2].split("&")) == {
        "kinds=cat", "kinds=%2B1", "names=a%7Cb", "filter%5Bborn%5D=2020-01-02", "raw=a/b", "timeout=3",
        "where=%7B%22x%22%3A1%7D", "api%20key=s%20e",
    }  # fmt: skip
    assert (headers["X-Trace"], headers["Cookie"]) == ("1,2", "session=s%3B1")
    assert "Authorization" not in headers  # the first alternative that there are credentials for
    assert headers["Accept"] == "application/json, application/problem+json"


def test_unions_enumerations_and_unknown_members_are_read(zoo):
    v2, _ = zoo
    answers = {"GET /animals/.x": [(200, "application/json", DOG), (204, "", b"")]}
    with Recorder(answers) as server, v2.Client(server.url, token="t") as client:
        dog = client.animals.get("x")
        assert client.animals.get("x") is None
        assert server.asked[0][2]["Authorization"] == "Bearer t"
    assert isinstance(dog, v2.models.Dog)
    assert (str(dog.bark), dog.bark.known, int(dog.level), dog.model_extra) == (
        "operatic",
        False,
        3,
        {"size": 1},
    )
    assert isinstance(dog.friends[0], v2.models.Cat)
    assert dog.friends[0].lives == 9


def test_what_was_not_set_is_not_sent_and_null_is(zoo):
    v2, _ = zoo
    answers = {"POST /animals": [(500, "text/plain", b"busy"), (201, "application/json", CAT)]}
    with Recorder(answers) as server, v2.Client(server.url) as client:
        cat = client.animals.create(v2.models.CatInput(name="Tom", pet_type="cat", lives=None, secret="s"))
        first, second = server.asked  # repeated, since an idempotency key was made for it
    assert cat == v2.models.Cat(**CAT)
    assert first[3] == b'{"name":"Tom","petType":"cat","secret":"s","lives":null}' or set(first[3]) == set(
        second[3]
    )
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"]


def test_an_error_status_is_its_exception(zoo):
    v2, _ = zoo
    answers = {
        "GET /animals": [
            (404, "application/problem+json", PROBLEM),
            (418, "text/html", b"tea"),
            (302, "", b""),
        ],
        "POST /animals": [(409, "application/json", {"other": "Tom"}), (409, "application/json", b"{")],
    }
    from zoo_client._runtime.failures import CallFailed
    from zoo_client._runtime.http.errors import StatusError

    with Recorder(answers) as server, v2.Client(server.url) as client:
        with pytest.raises(v2.errors.NotFound, match="no such animal") as raised:
            client.animals.list()
        assert raised.value.value.title == raised.value.problem.title == "no such animal"
        assert (raised.value.status, raised.value.attempts) == (404, 1)
        with pytest.raises(v2.errors.ClientError, match="tea") as raised:
            client.animals.list()
        assert (raised.value.body, raised.value.value) == (b"tea", None)
        with pytest.raises(StatusError) as raised:
            client.animals.list()
        assert type(raised.value) is StatusError
        new = v2.models.CatInput(name="Tom", pet_type="cat")
        with pytest.raises(v2.errors.Conflict) as raised:
            client.animals.create(new)
        assert raised.value.value.other == "Tom"
        with pytest.raises(v2.errors.Conflict) as raised:
            client.animals.create(new)
        assert raised.value.value is None
        assert isinstance(raised.value, CallFailed)


def test_an_answer_that_is_none_by_the_contract_says_where(zoo):
    v2, _ = zoo
    from zoo_client._runtime.failures import MalformedAnswer

    answers = {
        "GET /animals/.x": [(200, "application/json", {**DOG, "friends": [{"petType": "cat", "name": 1}]})]
    }
    with (
        Recorder(answers) as server,
        v2.Client(server.url, policy=lambda _, p: p.override(retry=None)) as client,
        pytest.raises(MalformedAnswer, match=r"Dog\.friends\.0\.Cat\.name: Input should be a valid string"),
    ):
        client.animals.get("x")


def test_bodies_of_bytes_forms_and_files(zoo):
    v2, _ = zoo
    from zoo_client._runtime.http.bodies import Upload

    answers = {
        "POST /login": [(200, "text/plain", b"ok")],
        "PUT /animals/1/photo": [(204, "", b"")],
        "POST /animals/1/photo": [(204, "", b"")],
        "GET /animals/1/photo": [(200, "image/png", b"\x89PNG")],
    }
    with Recorder(answers) as server, v2.Client(server.url) as client:
        assert client.login(v2.models.LoginBody(user="a b", scopes=["x", "y"])) == "ok"
        client.animals.put_photo("1", io.BytesIO(b"abc"))
        client.animals.post_photo("1", {"file": Upload(b"abc", "a.png", "image/png"), "note": "n"})
        assert client.animals.get_photo("1") == b"\x89PNG"
        with client.animals.get_photo_stream("1") as stream:
            assert b"".join(stream.iter_bytes()) == b"\x89PNG"
        bodies = [body for *_, body in server.asked]
    assert bodies[0] == b"user=a%20b&scopes=x&scopes=y"
    assert bodies[1] == b"abc"
    assert b'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nabc' in bodies[2]


def test_streams_come_one_by_one(zoo):
    v2, _ = zoo
    line = b'{"type":"fed","at":"2020-01-01T00:00:00Z","amount":1.5}\n{"type":"slept","for":"PT1M","raw":"AP8="}\n'
    answers = {
        "GET /events": [(200, "text/event-stream", b"event: e\ndata: 1\n\ndata: 2\n\n")],
        "GET /log": [(200, "application/x-ndjson", line)],
    }
    with Recorder(answers) as server, v2.Client(server.url) as client:
        assert [event.data for event in client.watch()] == ["1", "2"]
        fed, slept = client.log()
    assert fed.amount == Decimal("1.5")
    assert (slept.for_, slept.raw) == (timedelta(minutes=1), b"\x00\xff")
    assert slept.model_dump(mode="json", by_alias=True, exclude_unset=True)["raw"] == "AP8="


def test_pages_are_fetched_as_they_are_asked_for(zoo):
    v2, _ = zoo
    answers = {
        "GET /animals": [
            (200, "application/json", {"items": [CAT], "nextCursor": "n"}),
            (200, "application/json", {"items": [], "nextCursor": None}),
        ],
        "GET /counted": [(200, "application/json", [1]), (200, "application/json", [])],
        "GET /offsets": [
            (200, "application/json", {"rows": [1, 2]}),
            (200, "application/json", {"rows": []}),
        ],
    }
    with Recorder(answers) as server, v2.Client(server.url) as client:
        pages = client.animals.list_pages()
        assert server.asked == []
        assert len(next(pages).items) == 1
        assert len(server.asked) == 1
        assert [len(page.items) for page in pages] == [0]
        assert list(client.counted_pages()) == [[1], []]
        assert [page.rows for page in client.offsets_pages(limit=2)] == [[1, 2], []]
        assert [path for _, path, _, _ in server.asked] == [
            "/animals", "/animals?cursor=n", "/counted", "/counted?page=2", "/offsets?limit=2",
            "/offsets?offset=2&limit=2",
        ]  # fmt: skip


def test_policies_come_from_the_contract_and_are_overridden(zoo):
    v2, _ = zoo
    seen = {}
    client = v2.Client("http://127.0.0.1:9", policy=seen.setdefault)
    from zoo_client._runtime.failures import CallFailed

    for call, given in ((client.counted, ()), (client.animals.get, ("x",))):
        with pytest.raises(CallFailed) as raised:
            call(*given, timeout=0.2)
        assert raised.value.attempts == 2  # nothing was sent, so that it is tried again
    assert (seen["counted"].timeout, seen["counted"].deadline, seen["counted"].retry.attempts) == (
        2.0,
        5.0,
        2,
    )
    animal = seen["animals/get"]
    assert (animal.timeout, animal.fallback.age, animal.bulkhead.limit) == (0.5, 300.0, 5)


def test_a_cached_answer_stands_in_for_a_failure(zoo):
    v2, _ = zoo
    answers = {"GET /animals/.x": [(200, "application/json", CAT), (500, "text/plain", b"")]}
    with Recorder(answers) as server, v2.Client(server.url) as client:
        assert client.animals.get("x") == client.animals.get("x")
        assert len(server.asked) == 3


def test_the_awaiting_client_does_the_same(zoo):
    v2, _ = zoo
    answers = {
        "GET /animals": [
            (200, "application/json", {"items": [CAT]}),
            (404, "application/problem+json", PROBLEM),
        ],
        "GET /events": [(200, "text/event-stream", b"data: 1\n\n")],
        "PUT /animals/1/photo": [(204, "", b"")],
        "GET /counted": [(200, "application/json", [1]), (200, "application/json", [])],
    }

    async def run(url):
        async with v2.AsyncClient(url, token=token) as client:
            assert (await client.animals.list()).items[0].name == "Tom"
            with pytest.raises(v2.errors.NotFound):
                await client.animals.list()
            assert [event.data async for event in client.watch()] == ["1"]
            await client.animals.put_photo("1", io.BytesIO(b"abc"))
            assert [page async for page in client.counted_pages()] == [[1], []]

    async def token():
        return "later"

    with Recorder(answers) as server:
        asyncio.run(run(server.url))
        assert server.asked[0][2]["Authorization"] == "Bearer later"
        assert [body for _, path, _, body in server.asked if "photo" in path] == [b"abc"]
