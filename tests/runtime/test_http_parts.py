"""The parts of HTTP, each against the table or the standard that it follows."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.utils import format_datetime

import httpx
import pytest
from misbehaving import answer, took, well
from runtime import correlation, deadlines
from runtime.calls import Call, Dependency
from runtime.client.following import by_cursor
from runtime.discovery.static import Static
from runtime.failures import CallFailed, MalformedAnswer
from runtime.http.auth import ApiKey, Basic, Bearer, ClientCredentials
from runtime.http.bodies import Encoding, Upload, multipart, urlencoded
from runtime.http.errors import StatusError
from runtime.http.judging import judge_http, judge_status, seconds_after
from runtime.http.links import Link, followed, link_header, link_of, links
from runtime.http.messages import Headers, Request, Response, StreamedResponse
from runtime.http.parameters import cookie_text, header_text, path_text, query_text
from runtime.http.streams import ServerEvent, json_lines, server_sent_events
from runtime.http.transport import HttpxTransport

LIST = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}


# OpenAPI 3.1.1, section 4.8.12.6: the table of style examples
@pytest.mark.parametrize(
    ("style", "explode", "empty", "text", "array", "thing"),
    [
        ("matrix", False, ";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
        (
            "matrix",
            True,
            ";color",
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";R=100;G=200;B=150",
        ),
        ("label", False, ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
        ("label", True, ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
        ("simple", False, None, "blue", "blue,black,brown", "R,100,G,200,B,150"),
        ("simple", True, None, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ],
)
def test_path_styles(style, explode, empty, text, array, thing):
    values = {"blue": text, tuple(LIST): array}
    for value, expected in values.items():
        given = list(value) if isinstance(value, tuple) else value
        assert path_text("color", given, style, explode=explode) == expected
    assert path_text("color", RGB, style, explode=explode) == thing
    if empty is None:
        with pytest.raises(ValueError, match="must not be empty"):
            path_text("color", "", style, explode=explode)
    elif empty == ";color":
        assert path_text("color", "", style, explode=explode) == empty


@pytest.mark.parametrize(
    ("style", "explode", "array", "thing"),
    [
        ("form", False, "color=blue,black,brown", "color=R,100,G,200,B,150"),
        ("form", True, "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
        ("spaceDelimited", False, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
        ("pipeDelimited", False, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
        ("deepObject", True, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    ],
)
def test_query_styles(style, explode, array, thing):
    if array is not None:
        assert query_text("color", LIST, style, explode=explode) == array
    assert query_text("color", RGB, style, explode=explode) == thing


def test_what_would_be_syntax_is_encoded():
    assert path_text("id", "a/b?c#d;e,f%") == "a%2Fb%3Fc%23d%3Be%2Cf%25"
    assert path_text("id", "..") == "%2E%2E"
    assert query_text("q", "a&b=c +") == "q=a%26b%3Dc%20%2B"
    assert query_text("q", "a/b?c", allow_reserved=True) == "q=a/b?c"
    assert query_text("a&b", ["x,y", "z"], explode=False) == "a%26b=x%2Cy,z"
    assert query_text("q", []) == ""
    assert query_text("q", {"a": {"b": [1, True]}}, "deepObject") == "q%5Ba%5D%5Bb%5D=1&q%5Ba%5D%5Bb%5D=true"
    assert [query_text("n", value) for value in (1.0, 1e-7, None, False)] == [
        "n=1",
        "n=1e-07",
        "n=",
        "n=false",
    ]
    assert header_text({"a": 1, "b": 2}, explode=True) == "a=1,b=2"
    assert cookie_text(["a;b", "c"]) == "a%3Bb%2Cc"
    for nasty in ("a\r\nX-Evil: 1", "a\nb", "a\0"):
        with pytest.raises(ValueError, match="line breaks"):
            header_text(nasty)


def test_forms():
    form = {"a": "x y", "none": None, "list": [1, 2], "obj": {"k": "v"}}
    assert urlencoded(form) == b"a=x%20y&list=1&list=2&obj=%7B%22k%22%3A%22v%22%7D"
    assert urlencoded({"list": [1, 2]}, {"list": Encoding(explode=False)}) == b"list=1,2"


def test_a_form_with_files_reads_back():
    form = multipart(
        {
            "note": "hé",
            "meta": {"a": 1},
            "files": [Upload(b"\x00one", 'o"ne\r\n.bin'), Upload(io.BytesIO(b"two"), "b")],
        },
        {"meta": Encoding(headers=(("X-Part", "1"),))},
    )
    assert not form.repeatable
    body = b"".join(form.content())
    message = BytesParser().parsebytes(b"Content-Type: " + form.content_type.encode() + b"\r\n\r\n" + body)
    parts = message.get_payload()
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "application/json",
        "application/octet-stream",
        "application/octet-stream",
    ]
    assert parts[0].get_payload(decode=True) == "hé".encode()
    assert parts[1]["X-Part"] == "1"
    assert parts[2].get_payload(decode=True) == b"\x00one"
    assert "\r\n" not in parts[2].get_filename()
    assert parts[3].get_payload(decode=True) == b"two"


def test_an_awaited_form_is_the_same_form():
    async def body():
        return b"".join(
            [piece async for piece in multipart({"f": Upload(io.BytesIO(b"x" * 100_000))}).acontent()]
        )

    assert b"x" * 100_000 in asyncio.run(body())


def stream_of(*pieces):
    closed = []
    return StreamedResponse(200, Headers(), lambda: iter(pieces), lambda: closed.append(1)), closed


# WHATWG HTML, section 9.2.6: its own examples, cut where it hurts
def test_server_sent_events():
    text = (
        b"\xef\xbb\xbf: comment\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\r\n\r\n"
        b"event: add\ndata\ndata: two\nretry: 1500\n\ndata: cut off"
    )
    expected = [
        ServerEvent("first", id="1"),
        ServerEvent("second"),
        ServerEvent(" third"),
        ServerEvent("\ntwo", "add", retry=1.5),
    ]
    for size in (1, 2, 3, 7, 1000):
        stream, closed = stream_of(*(text[at : at + size] for at in range(0, len(text), size)))
        assert list(server_sent_events(stream)) == expected
        assert closed == [1]


def test_a_stream_left_early_is_closed():
    stream, closed = stream_of(b"data: a\n\n", b"data: b\n\n")
    events = server_sent_events(stream)
    next(events)
    events.close()
    assert closed == [1]


def test_json_lines():
    stream, _ = stream_of(b'{"a": ', b"1}\n\n\x1e[2]\r", b'\n"last"')
    assert list(json_lines(stream)) == [{"a": 1}, [2], "last"]
    stream, closed = stream_of(b"1\nno\n")
    with pytest.raises(MalformedAnswer):
        list(json_lines(stream))
    assert closed == [1]


def test_retry_after():
    assert seconds_after("120") == 120
    assert seconds_after("soon") is None
    assert seconds_after("-1") is None
    then = datetime.now(UTC) + timedelta(seconds=60)
    assert 57 < seconds_after(format_datetime(then, usegmt=True)) <= 60
    assert seconds_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        ((200, 204, 302), "success"),
        ((400, 404, 409, 422, 501), "refusal"),
        ((408, 429, 500, 502, 503), "failure"),
    ],
)
def test_what_statuses_mean(statuses, kind):
    assert {judge_status(status).kind for status in statuses} == {kind}


def test_a_defect_says_nothing_about_the_dependency():
    assert judge_http(TypeError("ours")).kind == "unknown"


def test_an_error_says_what_the_answer_said():
    body = b'{"title": "No", "detail": "not now", "status": "wrong type", "code": 7}'
    error = StatusError(
        Response(409, Headers([("content-type", "application/problem+json; charset=utf-8")]), body)
    )
    assert (error.problem.title, error.problem.status, error.problem.more) == ("No", None, {"code": 7})
    assert str(error) == "status 409: No: not now"
    plain = StatusError(Response(500, Headers(), b"bo\x1b[31mom" + b"x" * 10_000))
    assert "\x1b" not in str(plain)
    assert len(str(plain)) < 600
    assert (
        StatusError(
            Response(400, Headers([("content-type", "application/problem+json")]), b"[" * 100_000)
        ).problem
        is None
    )


def test_headers_ignore_case_and_keep_repetitions():
    headers = Headers([("Set-Cookie", "a"), ("set-cookie", "b"), ("X", "1")])
    assert headers["SET-COOKIE"] == "a"
    assert headers.all("Set-Cookie") == ["a", "b"]
    assert list(headers) == ["set-cookie", "x"]
    assert len(headers) == 2


def test_credentials():
    request = Request("GET", "/", headers=(("x-key", "old"),))
    assert ApiKey("X-Key", "k").apply(request).headers == (("X-Key", "k"),)
    assert ApiKey("key", lambda: "a&b", "query").apply(request).query == "key=a%26b"
    assert ApiKey("key", "a;b", "cookie").apply(request).cookies == (("key", "a%3Bb"),)
    assert (
        Basic("Aladdin", "open sesame").apply(request).headers[-1][1] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    )

    async def token():
        return "t"

    assert asyncio.run(Bearer(token).aapply(request)).headers[-1] == ("Authorization", "Bearer t")
    with pytest.raises(TypeError, match="asynchronous"):
        Bearer(token).apply(request)
    assert "secret" not in repr(Bearer("secret"))


def test_a_client_token_is_fetched_once_and_renewed(server):
    server.script = [
        lambda _, peer: peer.sendall(answer(200, b'{"access_token": "one", "expires_in": 3600}')),
        lambda _, peer: peer.sendall(answer(200, b'{"access_token": "two", "expires_in": 1}')),
    ]
    auth = ClientCredentials(server.url, "me", "pass word", scopes=("a", "b"))
    request = Request("GET", "/")
    assert auth.apply(request).headers == auth.apply(request).headers == (("Authorization", "Bearer one"),)
    assert len(server.seen) == 1
    assert server.seen[0].body == b"grant_type=client_credentials&scope=a+b"
    short = ClientCredentials(server.url, "me", "s")
    assert asyncio.run(short.aapply(request)).headers == (("Authorization", "Bearer two"),)
    short.apply(request)
    assert len(server.seen) == 3


@pytest.mark.parametrize("body", [b"{}", b"no", b'{"access_token": 1}', b"[]"])
def test_a_token_that_is_none_is_refused(server, body):
    server.script = [well(body)]
    with pytest.raises(CallFailed, match="no token"):
        ClientCredentials(server.url, "me", "s").apply(Request("GET", "/"))


# RFC 8288, section 3.5, and what servers send
def test_link_headers():
    value = (
        '<https://a.example/?p=2&q=a,b>; rel="next"; title="a, b", </last>; rel=last, <x>; rel="prev start"'
    )
    assert link_header([value], "https://a.example/list") == {
        "next": "https://a.example/?p=2&q=a,b",
        "last": "https://a.example/last",
        "prev": "https://a.example/x",
        "start": "https://a.example/x",
    }
    assert link_header(["nonsense", "<a>; rel"]) == {}
    _, seconds = took(
        lambda: link_header(["<a>" + " ;" * 30_000, "<a>" + ";a" * 30_000 + "!!", "<a>;a" + " " * 60_000])
    )
    assert seconds < 1


@pytest.mark.parametrize(
    ("cursor", "following"),
    [
        ("abc", {"cursor": "abc", "limit": 2}),
        ("/8kb+/==", {"cursor": "/8kb+/==", "limit": 2}),  # a cursor in base64 is no address
        (7, {"cursor": 7, "limit": 2}),
        ("https://a.example/list?cursor=abc", "https://a.example/list?cursor=abc"),
        ("/v1/list?cursor=abc", "/v1/list?cursor=abc"),
        ("?cursor=abc", "?cursor=abc"),
        ("", None),
        (None, None),
    ],
)
def test_a_cursor_goes_into_its_parameter_unless_it_is_the_next_address(cursor, following):
    found = by_cursor("cursor", ("paging", "next"))
    answer = Response(200, Headers(), b"")
    assert found({"cursor": "old", "limit": 2}, {"paging": {"next": cursor}}, answer) == following


def test_links_by_relation_stay_at_home():
    base = "https://a.example/v1"
    body = {"_links": {"self": {"href": "/v1/orders/1"}, "items": [{"href": "orders/1/items"}]}}
    found = links(body, Headers([("Link", "</v1/orders?p=2>; rel=next")]))
    assert {name: followed(link.target, base) for name, link in found.items()} == {
        "self": ("/orders/1", ""),
        "items": ("/orders/1/items", ""),
        "next": ("/orders", "p=2"),
    }
    assert links({"links": [{"rel": "next", "href": "x"}, 7, {"rel": 1}]}) == {"next": Link("x")}
    at = "https://a.example/v1/orders/page?p=1"
    assert followed("?p=2", base, at) == ("/orders/page", "p=2")
    assert followed("7", base, at) == ("/orders/7", "")
    assert followed("https://a.example/v1/x", "http://10.0.0.7:80/v1", at) == ("/x", "")
    assert followed("http://A.Example:80/v1/x", "http://a.example/v1") == ("/x", "")  # the same origin
    assert followed("https://a.example/v1/x", "https://a.example:443/v1") == ("/x", "")
    for away in (
        "https://evil.example/v1/x",
        "//evil.example/v1",
        "/other",
        "http://a.example/v1/x",
        "https://a.example:8443/v1/x",
        "https://a.example:port/v1/x",
        "/v1evil",
    ):
        with pytest.raises(ValueError, match=r"leads to|Port could not"):
            followed(away, base)


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"data": {"data": {"data": {"data": {"data": {"links": {"self": "deep"}}}}}}}},
        {"data": {"type": "orders", "id": "7"}},
        {"link": {"self": "a text is an address in links alone"}},
        {"links": {"self": None, "a": 1, "b": [], "c": [1], "d": {"href": 1}}},
        {"_links": [["x"]], "relationships": {"a": 1, "b": {"links": 2}, "c": {"links": {}}}},
        {"@id": 1, "customer": {"@id": "/x"}},
        {"actions": [{"name": "cancel", "method": "DELETE"}]},
        [],
        None,
        "links",
    ],
)
def test_what_is_no_link_is_none(body):
    assert links(body) == {}


def test_relations_are_found_whatever_their_case():
    found = {"_links": {"https://a.example/Rel": {"href": "x"}, "Self": {"href": "y"}}}
    assert link_of("self", found) == Link("y")
    assert link_of("https://a.example/Rel", found) == Link("x")
    with pytest.raises(LookupError, match=r"there is https://a\.example/Rel, Self"):
        link_of("next", found)


def test_templated_links_are_expanded():
    [link] = links({"_links": {"find": {"href": "/orders{/id}{?q,page}", "templated": True}}}).values()
    assert link.expanded({"id": "a/b", "q": "x y"}) == "/orders/a%2Fb?q=x%20y"
    assert link.expanded() == "/orders"
    assert links({"links": {"self": "/a{b}"}})["self"].templated


def test_what_every_call_passes_on(server):
    one = Dependency("shop", discovery=Static(server.url + "/base"))
    transport = HttpxTransport()
    request = Request("GET", "/a%2Fb", "q=%20", (("X-Own", "1"),), (("c", "1"), ("d", "2")))
    with correlation.under("abc"), deadlines.within(2):
        one.call(Call("a", safe=True), lambda at: transport.send(request, at), judge_http)
    [seen] = server.seen
    assert seen.line == "GET /base/a%2Fb?q=%20 HTTP/1.1"
    assert seen.header("x-correlation-id") == "abc"
    assert seen.header("cookie") == "c=1; d=2"
    assert float(seen.header("request-timeout")) <= 2
    transport.close()


def test_a_client_that_was_brought_along_stays_open(server):
    with httpx.Client(headers={"X-Mine": "1"}) as mine:
        transport = HttpxTransport(mine)
        one = Dependency("shop", discovery=Static(server.url))
        one.call(Call("a", safe=True), lambda at: transport.send(Request("GET", "/"), at), judge_http)
        transport.close()
        assert not mine.is_closed
    assert server.seen[0].header("x-mine") == "1"


@pytest.mark.parametrize("value", ["abc-123", "0af7651916cd43dd8448eb211c80319c"])
def test_correlation_ids_are_taken(value):
    assert correlation.taken(value) == value


@pytest.mark.parametrize("value", [None, "", "a b", "a\nb", "x" * 129, "<script>"])
def test_correlation_ids_that_do_not_belong_into_a_log_are_not_taken(value):
    assert correlation.taken(value) != value


def test_deadline_headers():
    assert [deadlines.from_header(text) for text in ("2", "1.5s", "250ms", "x", "-1", "")] == [
        2,
        1.5,
        0.25,
    ] + [None] * 3
