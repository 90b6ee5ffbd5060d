"""A generated client where contracts and callers go to the edge: names, bodies, pages, credentials, options."""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import subprocess
import sys
from email.parser import BytesParser

import generated
import pytest
from recorder import Recorder

from apicontract import ContractError

JSON = "application/json"
NOTHING = [(204, "", b"")]


@pytest.fixture(scope="module")
def tricky(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tricky")
    generated.client(str(generated.CONTRACTS / "tricky.yaml"), folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("tricky_client.v1"), folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def upload(tricky):
    return importlib.import_module("tricky_client._runtime.http.bodies").Upload


def parts(recorded):
    """(name, file name, content type, content) of each part of a form that was sent."""
    _, _, headers, body = recorded
    form = BytesParser().parsebytes(f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + body)
    return [
        (one.get_param("name", header="content-disposition"), one.get_filename(), one.get("Content-Type"), one.get_payload(decode=True))
        for one in form.get_payload()
    ]  # fmt: skip


def test_it_is_clean(tricky):
    generated.checked(tricky[1], "tricky_client")


def test_tags_and_operations_have_names_that_clients_have(tricky):
    v1, _ = tricky
    paths = ("/engines", "/dependencies", "/close", "/follow", "/files", "/file-stream")
    answers = {f"GET {path}": NOTHING for path in paths} | {"GET /file": [(200, "application/pdf", b"pdf")]}
    with Recorder(answers) as server, v1.Client(server.url) as client:
        for group in (client.engine_, client.dependency_, client.close_, client.follow_):
            assert group.list() is None
        assert client.files_2() is None
        assert client.files.get_file() == b"pdf"
        assert client.files.get_file_stream() is None
        with client.files.get_file_stream_2() as stream:
            assert stream.read() == b"pdf"
        assert client.dependency.circuit() == "closed"
        assert [path for _, path, *_ in server.asked] == [*paths[:5], "/file", "/file-stream", "/file"]


@pytest.mark.parametrize("world", ["sync", "async"])
def test_a_file_is_a_part_with_a_name_however_it_is_given(tricky, upload, tmp_path, world):
    v1, _ = tricky
    (tmp_path / "photo.jpeg").write_bytes(b"one\ntwo\n")
    with Recorder({"POST /upload": NOTHING}) as server, (tmp_path / "photo.jpeg").open("rb") as opened:
        body = v1.models.UploadBody
        given = [
            body(file=b"abc"),
            {"file": ("n.png", b"abc", "image/png"), "meta": {"id": 1}},
            {"file": opened, "files": [("a.txt", b"x"), io.BytesIO(b"y")]},
            {"file": upload(b"abc", "a.gif", "image/gif")},
            body(file=b"abc", raw=b"\xff", files=[b"1", b"2"]),
        ]
        if world == "sync":
            with v1.Client(server.url) as client:
                for one in given:
                    client.upload(one)
        else:
            asyncio.run(uploaded(v1, server.url, given))
        sent = [parts(one) for one in server.asked]
    assert sent == [
        [("file", "file", "image/png", b"abc")],
        [("file", "n.png", "image/png", b"abc"), ("meta", None, JSON, b'{"id": 1}')],
        [("file", "photo.jpeg", "image/jpeg", b"one\ntwo\n"), ("files", "a.txt", "text/plain", b"x"),
         ("files", "files", "application/octet-stream", b"y")],
        [("file", "a.gif", "image/png", b"abc")],
        [("file", "file", "image/png", b"abc"), ("files", "files", "application/octet-stream", b"1"),
         ("files", "files", "application/octet-stream", b"2"), ("raw", None, None, b"/w==")],
    ]  # fmt: skip


async def uploaded(v1, url, given):
    async with v1.AsyncClient(url) as client:
        for one in given:
            await client.upload(one)


def test_a_file_for_text_is_refused(tricky, upload):
    v1, _ = tricky
    with Recorder({}) as server, v1.Client(server.url) as client:
        for file in (io.StringIO("x"), ("a.txt", io.StringIO("x"))):
            with pytest.raises(TypeError, match="opened for bytes"):
                client.upload({"file": file})
        with pytest.raises(TypeError, match="opened for bytes"):
            client.many(io.StringIO("x"), media_type="image/png")
        assert server.asked == []


def test_of_several_media_types_the_first_that_takes_the_body_is_written(tricky, upload):
    v1, _ = tricky
    with Recorder({"POST /many": NOTHING}) as server, v1.Client(server.url) as client:
        for body in (
            v1.models.Meta(id=1), {"id": 1}, [1, 2], "text", v1.models.Other(name="n"), b"bytes", io.BytesIO(b"file"),
            upload(b"png", content_type="image/png"), upload(b"any"), iter([b"a", b"b"]),
        ):  # fmt: skip
            client.many(body)
        client.many(b"x", media_type="image/gif")
        client.many("text", media_type="application/octet-stream")
        found = [(headers.get("Content-Type"), body) for _, _, headers, body in server.asked]
        with pytest.raises(
            TypeError, match="many takes no body of float; it takes application/json, application/vnd"
        ):
            client.many(1.5)
        with pytest.raises(TypeError, match="cannot be written as application/json: Object of type bytes"):
            client.many(b"x", media_type=JSON)
        with pytest.raises(TypeError, match="a body of bytes is needed, or a file, not Meta"):
            client.many(v1.models.Meta(id=1), media_type="image/gif")
        with pytest.raises(ValueError, match="takes no body of type video/mp4"):
            client.many(b"x", media_type="video/mp4")
        client.many()
        assert "Content-Type" not in server.asked[-1][2]
    octets = "application/octet-stream"
    assert found == [
        (JSON, b'{"id":1}'), (JSON, b'{"id":1}'), ("application/vnd.list+json", b"[1,2]"), ("text/plain", b"text"),
        ("application/x-www-form-urlencoded", b"name=n"), (octets, b"bytes"), (octets, b"file"), ("image/png", b"png"),
        (octets, b"any"), (octets, b"ab"), ("image/gif", b"x"), (octets, b"text"),
    ]  # fmt: skip


def test_null_is_sent_where_a_body_must_be(tricky):
    v1, _ = tricky
    with (
        Recorder({"POST /scalar": [(200, JSON, b"null")], "PUT /scalar": NOTHING}) as server,
        v1.Client(server.url) as client,
    ):
        assert client.scalar(None) is None
        with pytest.warns(
            DeprecationWarning, match="scalar_if_given is deprecated, and gone after 2027-01-01"
        ):
            client.scalar_if_given(None)
        assert [(body, headers.get("Content-Type")) for _, _, headers, body in server.asked] == [
            (b"null", JSON),
            (b"", None),
        ]


@pytest.mark.parametrize("operation", ["list_zero_pages", "list_least_pages"])
def test_pages_are_counted_from_where_the_contract_begins(tricky, operation):
    v1, _ = tricky
    path = "/zero" if "zero" in operation else "/least"
    pages = [
        (200, JSON, {"content": [1]}),
        (200, JSON, {"content": [2]}),
        (200, JSON, {"content": [3], "last": True}),
    ]
    with Recorder({f"GET {path}": pages}) as server, v1.Client(server.url) as client:
        assert [page.content for page in getattr(client, operation)()] == [[1], [2], [3]]
        assert [asked for _, asked, *_ in server.asked] == [path, f"{path}?page=1", f"{path}?page=2"]


def test_an_offset_grows_until_a_page_says_that_it_is_the_last(tricky):
    v1, _ = tricky
    pages = [
        (200, JSON, {"content": [1, 2], "meta": {"has_more": True}}),
        (200, JSON, {"content": [3], "meta": {"has_more": False}}),
    ]
    with Recorder({"GET /offsets": pages}) as server, v1.Client(server.url) as client:
        assert [page.content for page in client.list_offsets_pages()] == [[1, 2], [3]]
        assert [path for _, path, *_ in server.asked] == ["/offsets", "/offsets?offset=2"]


@pytest.mark.parametrize("world", ["sync", "async"])
def test_a_credential_that_cannot_be_sent_is_refused_and_not_shown(tricky, world):
    v1, _ = tricky
    secret = "s3cret"  # noqa: S105

    def called(**credentials):
        if world == "sync":
            with v1.Client(server.url, **credentials) as client:
                return client.secret()

        async def run():
            async with v1.AsyncClient(server.url, **credentials) as client:
                return await client.secret()

        return asyncio.run(run())

    with Recorder({"GET /secret": NOTHING}) as server:
        for bad in (f"{secret}\r\nX-Evil: 1", "", f"{secret}\n{secret}", f"é{secret}"):
            for name in ("bearer", "key"):
                with pytest.raises(ValueError, match="the credential") as raised:
                    called(**{name: bad})
                assert secret not in str(raised.value)
        with pytest.raises(TypeError, match="basic takes no str"):
            called(basic="u:p")
        assert server.asked == []
        called(bearer=f"{secret}\n")  # as a file has it
        called(basic=("user", ""))
        assert [headers["Authorization"] for _, _, headers, _ in server.asked] == [
            f"Bearer {secret}",
            "Basic dXNlcjo=",
        ]


def test_options_that_cannot_be_are_refused_before_anything_is_sent(tricky):
    v1, _ = tricky
    with Recorder({}) as server, v1.Client(server.url) as client:
        for timeout in (0, -1):
            with pytest.raises(ValueError, match="must be more than 0 seconds"):
                client.list_zero(timeout=timeout)
        with pytest.raises(TypeError, match="listZero has no parameter nope"):
            client.list_zero(nope=1)
        assert server.asked == []
    for url in ("foo", "ftp://x", "127.0.0.1:80"):
        with pytest.raises(ValueError, match="must begin with http"):
            v1.Client(url)


def test_an_error_says_what_the_problem_lists(tricky):
    v1, _ = tricky
    errors = [
        {"at": "body/id", "problem": "is \x1b[31mno integer"},
        {"pointer": "#/name", "detail": "is missing"},
        "plain",
        {"x": 1},
    ]
    problem = {"title": "Bad Request", "detail": "The body is not what the contract says.", "errors": errors}
    with (
        Recorder({"GET /zero": [(400, "application/problem+json", problem)]}) as server,
        v1.Client(server.url) as client,
    ):
        with pytest.raises(Exception, match="says") as raised:
            client.list_zero()
        assert str(raised.value) == (
            "listZero of Tricky: status 400: Bad Request: The body is not what the contract says."
            " [body/id: is  [31mno integer; #/name: is missing; plain (and 1 more)]"
        )


def test_retries_say_nothing_where_nobody_set_logging_up(tricky):
    _, folder = tricky
    program = (
        "from tricky_client.v1 import Client\n"
        "try: Client('http://127.0.0.1:9').list_zero(timeout=1)\n"
        "except Exception as error: print(error.attempts)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("3\n", "")


@pytest.mark.parametrize("world", ["sync", "async"])
def test_a_cached_answer_is_only_for_who_asked(tricky, world):
    v1, _ = tricky
    asking = ["alice"]

    async def once(client):
        return await client.me()

    def called(client):
        return client.me() if world == "sync" else loop.run_until_complete(once(client))

    loop = asyncio.new_event_loop()
    answers = {"GET /me": [(200, JSON, b'"alice"'), (500, JSON, b"{}")]}
    with Recorder(answers) as server:
        kind = v1.Client if world == "sync" else v1.AsyncClient
        client = kind(server.url, bearer=lambda: asking[0])
        assert called(client) == "alice"
        assert called(client) == "alice"  # the server answers 500 now
        asking[0] = "bob"
        with pytest.raises(Exception, match=r"left alone|status 500") as raised:
            called(client)
        assert "alice" not in str(raised.value)
        asking[0] = "alice"
        assert called(client) == "alice"
        kept = "".join(client.dependency.answers._kept)
        assert "alice" not in kept
        client.close() if world == "sync" else loop.run_until_complete(client.aclose())
    loop.close()


def test_the_worst_circuit_is_told_and_each_of_them(tricky):
    v1, _ = tricky
    answers = {"GET /me": [(500, JSON, b"{}")], "GET /secret": NOTHING}
    with Recorder(answers) as server, v1.Client(server.url, bearer="t") as client:
        client.secret()
        assert client.dependency.circuit() == "closed"
        with pytest.raises(Exception, match="status 500"):
            client.me()
        assert client.dependency.circuit() == "open"
        states = {
            (breaker.failures, breaker.name): state for breaker, state in client.dependency.circuits().items()
        }
        assert states == {(5, ""): "closed", (1, "me"): "open"}
        client.secret()


def test_parameters_that_cannot_be_written_or_would_add_others(tricky):
    v1, _ = tricky
    with Recorder({"GET /styled": NOTHING}) as server, v1.Client(server.url) as client:
        client.styled(raw="a/b?c=d&e#f+g", none={}, x_none={})
        _, path, headers, _ = server.asked[0]
        assert path == "/styled?raw=a/b?c=d%26e%23f%2Bg"
        assert "X-None" not in headers
        with pytest.raises(ValueError, match="must be ASCII"):
            client.styled(x_name="é")


def contract_with_default(value, answer):
    return {
        "openapi": "3.0.3", "info": {"title": "Default", "version": "1.0.0"}, "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": {
            "operationId": "getA", "x-apicontract": {"fallback": {"default": value}},
            "responses": {"200": {"description": "ok", "content": {JSON: {"schema": answer}}}},
        }}},
        "components": {"schemas": {"A": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "nullable": True}}}}},
    }  # fmt: skip


def test_a_default_that_is_no_answer_is_refused_with_its_place(tmp_path):
    path = tmp_path / "default.json"
    for value, answer, why in (
        ("x", {"type": "integer"}, "is not of type"),
        ({"id": "x"}, {"$ref": "#/components/schemas/A"}, "id: "),
        ({}, {"$ref": "#/components/schemas/A"}, "required"),
    ):
        path.write_text(json.dumps(contract_with_default(value, answer), indent=1))
        with pytest.raises(ContractError, match=f"GET /a does not answer like this: .*{why}") as raised:
            generated.client(str(path), tmp_path)
        assert "default" in path.read_text().splitlines()[raised.value.line - 1]
    for value, answer in (
        (1, {"type": "integer"}),
        ({"id": None}, {"$ref": "#/components/schemas/A"}),
        ("x", {}),
    ):
        path.write_text(json.dumps(contract_with_default(value, answer)))
        assert generated.client(str(path), tmp_path / "out").operations == 1


def test_a_default_of_a_callers_policy_that_is_no_answer_hides_no_failure(tricky):
    v1, _ = tricky
    fallback = importlib.import_module("tricky_client._runtime.policy").Fallback

    def chosen(_, policy):
        return policy.override(fallback=fallback.default("no page"), retry=None)

    with (
        Recorder({"GET /zero": [(500, JSON, b"{}")]}) as server,
        v1.Client(server.url, policy=chosen) as client,
        pytest.raises(Exception, match="status 500"),
    ):
        client.list_zero()
