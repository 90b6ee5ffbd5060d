"""A generated client goes on from an answer: by the contract's links, by links that are served, page by page."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys

import generated
import pytest
from recorder import Recorder

ORDER = {"id": "7"}
JSON = "application/json"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("linked")
    generation = generated.client(str(generated.CONTRACTS / "linked.yaml"), folder, package="linked_client")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("linked_client.v1"), folder, generation
    sys.path.remove(str(folder))


def placed(*more):
    return {
        "POST /orders": [(201, JSON, ORDER, *more)],
        "GET /orders/7": [(200, JSON, ORDER)],
        "GET /customers/9": [(200, JSON, {"name": "Ann"})],
        "POST /payments": [(200, JSON, {"id": "p"})],
        "PUT /orders/7/review": [(204, "", b"")],
        "GET /orders": [(200, "application/hal+json", {"items": [ORDER]})],
    }


USE = """
from collections.abc import Sequence
from linked_client.v1 import AsyncClient, Client, models

def use(client: Client) -> models.Order:
    made = client.orders.place_order_with_links(models.PlaceOrderBody(customer="9"))
    name: str | None = made.customer().name
    one: models.Order = client.follow(made, "self", client.orders.get_order)
    client.orders.list_orders(expand=["customer", "lines.product"], fields=("id", "name"), include="a", embed="all")
    client.orders.list_orders(expand="lines", fields="id,name", expand_=1)  # wrong
    client.orders.list_orders(expand="line")  # wrong
    models.Nothing  # wrong
    wrong: models.Customer = client.follow(made, "self", client.orders.get_order)  # wrong
    return made.get_order(verbose=True)

async def ause(client: AsyncClient) -> models.Order:
    made = await client.orders.place_order_with_links(models.PlaceOrderBody(customer="9"))
    await made.review(models.OrdersReviewBody(stars=5))
    return await client.follow(made.value, "self", client.orders.get_order)
"""


def test_it_is_clean_and_typed(shop):
    _, folder, _ = shop
    generated.checked(folder, "linked_client")
    (folder / "use.py").write_text(USE)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(folder / ".mypy"), "use.py"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert lines == {number for number, line in enumerate(USE.splitlines(), 1) if "# wrong" in line}, (
        done.stdout
    )


def test_what_a_contract_links_to_is_called_with_what_was_asked_and_answered(shop):
    v1, _, _ = shop
    with Recorder(placed(("X-Trace", "t1"))) as server, v1.Client(server.url) as client:
        made = client.orders.place_order_with_links(
            v1.models.PlaceOrderBody(customer="9"), channel="web", exchange=3
        )
        assert made.value == v1.models.Order(id="7")
        assert set(made.offered()) == {"get_order", "list", "customer", "pay", "review"}
        assert made.get_order(verbose=True) == made.value
        assert made.customer().name == "Ann"
        assert made.pay().id == "p"
        assert made.review(v1.models.OrdersReviewBody(stars=5)) is None
        assert [one.id for one in made.list(embed="all").items] == ["7"]
        _, got, customer, paid, review, listed = server.asked
    assert (got[1], got[2]["X-Trace"]) == ("/orders/7?verbose=true", "t1")
    assert customer[1] == "/customers/9"
    assert paid[1] == "/payments?channel=web"
    said = f"for 7: POST {server.url}/orders?channel=web&exchange=3 201 application/json"
    assert json.loads(paid[3]) == {"order": "7", "note": said}
    assert (review[1], review[3]) == ("/orders/7/review", b'{"stars":5}')
    assert listed[1] == "/orders?fields=id&embed=all"


def test_the_awaiting_client_follows_the_same_links(shop):
    v1, _, _ = shop

    async def run(url):
        async with v1.AsyncClient(url) as client:
            made = await client.orders.place_order_with_links(v1.models.PlaceOrderBody(customer="9"))
            assert made.offered() == ("get_order", "list", "customer", "pay", "review")
            assert (await made.customer()).name == "Ann"
            assert (await made.get_order()).id == "7"
            answers = []
            await client.orders.get_order("7", on_response=answers.append)
            assert (await client.follow(answers[0], "self", client.orders.get_order)).id == "7"

    answers = placed()
    answers["GET /orders/7"] = [(200, JSON, ORDER, ("Link", "<?again=1>; rel=self"))]
    with Recorder(answers) as server:
        asyncio.run(run(server.url))
        assert [path for _, path, *_ in server.asked][-1] == "/orders/7?again=1"
        assert "X-Trace" not in server.asked[2][2]  # nothing is there, and it may be left out


def test_a_link_that_the_answer_does_not_have_is_named(shop):
    v1, _, _ = shop
    answers = {
        "POST /orders": [(202, JSON, {"ticket": "7"}), (201, JSON, ORDER)],
        "GET /orders/7": [(200, JSON, ORDER)],
    }
    with Recorder(answers) as server, v1.Client(server.url) as client:
        waiting = client.orders.place_order_with_links(v1.models.PlaceOrderBody())
        assert waiting.offered() == ("wait",)
        assert waiting.wait().id == "7"
        with pytest.raises(
            LookupError, match="'GetOrder' belongs to answers of status 201; this answer has 202"
        ):
            waiting.get_order()
        made = client.orders.place_order_with_links(v1.models.PlaceOrderBody())
        assert "customer" not in made.offered()
        with pytest.raises(LookupError, match=r"'Customer' .*nothing at \$request.body#/customer"):
            made.customer()
        assert len(server.asked) == 3


def test_a_links_values_come_from_the_request_too(shop):
    v1, _, _ = shop
    with Recorder(placed()) as server, v1.Client(server.url) as client:
        one = client.orders.get_order_with_links("7", x_trace="t")
        assert one.again().id == "7"
        assert [(path, headers["X-Trace"]) for _, path, headers, _ in server.asked] == [
            ("/orders/7", "t")
        ] * 2
        paid = client.pay_with_links(v1.models.PayBody(order="7"))
        assert paid.order().id == "7"
        assert server.asked[-1][1] == "/orders/7"


def test_a_fallbacks_answer_leads_on_as_far_as_it_knows(shop):
    v1, _, _ = shop
    with v1.Client("http://127.0.0.1:9") as client:
        one = client.orders.get_order_with_links("7", timeout=0.3)
        assert (one.value.id, one.exchange.response) == ("none", None)
        assert one.offered() == ("again",)


def test_links_that_cannot_be_are_left_out_and_said(shop):
    _, _, generation = shop
    notes = {note.split("`")[1]: note for note in generation.notes}
    assert set(notes) == {"Gone", "Elsewhere", "Wrong", "Watch", "Away", "Existing"}
    assert "linked.yaml:53:" in notes["Gone"]
    assert "no operation of this contract" in notes["Gone"]
    assert "sets `number`" in notes["Wrong"]
    assert "belongs to an error, 409" in notes["Existing"]


SERVED = {
    "hal": {"id": "7", "_links": {"self": {"href": "/orders/7"}, "customer": [{"href": "/customers/9"}]}},
    "json-api": {"data": {"id": "7", "links": {"self": "/orders/7"}, "relationships": {"customer": {"links": {"related": "/customers/9"}}}}},
    "siren": {"properties": {}, "links": [{"rel": ["self"], "href": "/orders/7"}, {"rel": ["x", "customer"], "href": "/customers/9"}],
              "actions": [{"name": "cancel", "method": "DELETE", "href": "/orders/7"}]},
    "collection": {"collection": {"links": [{"rel": "self", "href": "/orders/7"}, {"rel": "customer", "href": "/customers/9"}]}},
    "mason": {"@controls": {"self": {"href": "/orders/7"}, "Customer": {"href": "/customers/9"}, "cancel": {"href": "/orders/7", "method": "DELETE"}}},
    "uber": {"uber": {"data": [{"rel": ["self"], "url": "/orders/7"}, {"rel": ["customer"], "url": "/customers/9"}]}},
    "json-ld": {"@id": "/orders/7", "customer": {"@id": "/customers/9"}},
    "arrays": {"links": [{"rel": "self", "href": "/orders/7"}, {"rel": "customer", "uri": "/customers/9"}]},
    "hal-forms": {"_links": {"self": {"href": "/orders/7"}, "customer": {"href": "/customers/9"}}, "_templates": {"cancel": {"method": "DELETE", "properties": []}}},
}  # fmt: skip


@pytest.mark.parametrize("kind", SERVED)
def test_served_links_are_followed_by_relation(shop, kind):
    v1, _, _ = shop
    answers = {**placed(), "DELETE /orders/7": [(204, "", b"")]}
    with Recorder(answers) as server, v1.Client(server.url) as client:
        resource = SERVED[kind]
        assert client.follow(resource, "self", client.orders.get_order).id == "7"
        assert client.follow(resource, "customer", client.customers.get_customer).name == "Ann"
        if kind in ("siren", "mason", "hal-forms"):
            assert client.follow(resource, "cancel", client.orders.cancel_order) is None
            assert server.asked[-1][:2] == ("DELETE", "/orders/7")
            with pytest.raises(ValueError, match="says DELETE, and getOrder is GET"):
                client.follow(resource, "cancel", client.orders.get_order)
        with pytest.raises(LookupError, match="no link 'nothing' here; there is self"):
            client.follow(resource, "nothing", client.orders.get_order)
        with pytest.raises(TypeError, match="no method of a client"):
            client.follow(resource, "self", client.orders.list_orders_pages_2)
        with pytest.raises(TypeError, match="no method of a client"):
            client.follow(resource, "self", print)


def test_models_answers_and_forms_are_followed_with_bodies_and_headers(shop):
    v1, _, _ = shop
    served = {**ORDER, "_links": {"review": {"href": "orders/7/review{?by,lang}", "templated": True}}}
    answers = {**placed(), "GET /orders/7": [(200, JSON, served, ("Link", '</customers/9>; rel="owner"'))]}
    with Recorder(answers) as server, v1.Client(server.url, headers={"X-Shop": "1"}) as client:
        heard = []
        order = client.orders.get_order("7", on_response=heard.append)
        body = v1.models.OrdersReviewBody(stars=1)
        client.follow(order, "review", client.orders.review, body, variables={"by": "a b", "lang": None})
        client.follow(order, "review", client.orders.review, body, headers={"X-Own": "2"})
        assert client.follow(heard[0], "owner", client.customers.get_customer).name == "Ann"
        assert [path for _, path, *_ in server.asked] == [
            "/orders/7", "/orders/7/review?by=a%20b", "/orders/7/review", "/customers/9",
        ]  # fmt: skip
        assert (server.asked[2][3], server.asked[2][2]["X-Own"]) == (b'{"stars":1}', "2")
        assert {headers["X-Shop"] for _, _, headers, _ in server.asked} == {"1"}
        away = {"_links": {"self": {"href": "https://evil.example/orders/7"}}}
        with pytest.raises(ValueError, match=r"leads to evil\.example, away from 127"):
            client.follow(away, "self", client.orders.get_order)
        assert len(server.asked) == 4


def test_links_stay_with_the_dependency_wherever_its_instances_are(shop):
    """An absolute link of one instance may be followed at another; only its path counts."""
    v1, _, _ = shop
    from linked_client._runtime.discovery.static import Static

    with Recorder({}) as first, Recorder({}) as second:
        for server in (first, second):
            itself = [(200, JSON, ORDER, ("Link", f"<{server.url}/v1/orders/7>; rel=self"))]
            server.answers["GET /v1/orders/7"] = itself
        found = Static(f"{first.url}/v1", f"{second.url}/v1")
        with v1.Client(discovery=found, base_url="") as client:
            heard = []
            for _ in range(4):
                client.orders.get_order("7", on_response=heard.append)
                assert client.follow(heard[-1], "self", client.orders.get_order).id == "7"
        assert len(first.asked) + len(second.asked) == 8
        assert {len(first.asked), len(second.asked)} == {4}


def test_pages_go_on_by_a_link_in_the_page(shop):
    v1, _, _ = shop
    pages = [
        (200, "application/hal+json", {"items": [ORDER], "_links": {"next": {"href": "?page=2"}}}),
        (200, "application/hal+json", {"items": []}),
    ]
    with Recorder({"GET /orders": pages}) as server, v1.Client(server.url) as client:
        heard = []
        found = list(client.orders.list_orders_pages_2(expand="lines", x_shop="s", on_response=heard.append))
        assert [len(page.items) for page in found] == [1, 0]
        assert len(heard) == 2
        assert [(path, headers["X-Shop"]) for _, path, headers, _ in server.asked] == [
            ("/orders?expand=lines", "s"),
            ("/orders?page=2", "s"),
        ]


def test_parts_of_an_answer_are_chosen_by_name(shop):
    v1, _, _ = shop
    with Recorder(placed()) as server, v1.Client(server.url) as client:
        expand = v1.models.ListOrdersExpandItem
        client.orders.list_orders(
            expand=["customer", expand.LINES], fields=["id", "name"], include=("a", "b"), embed="all",
            fields_lines=["x"], select="it's", exclude=True,
        )  # fmt: skip
        client.orders.list_orders(
            expand=expand.LINES, fields="id,name", include="a", embed=v1.models.ListOrdersEmbed.ALL
        )
        first, second = [set(path.partition("?")[2].split("&")) for _, path, *_ in server.asked]
    assert first == {
        "expand=customer", "expand=lines", "fields=id%2Cname", "include=a,b", "embed=all",
        "fields%5Blines%5D=x", "%24select=it%27s", "exclude=true",
    }  # fmt: skip
    assert second == {"expand=lines", "fields=id%2Cname", "include=a", "embed=all"}
    said = " ".join(client.orders.list_orders.__doc__.split())
    assert "expand: What comes with it. One or several of `customer`, `lines`, `lines.product`." in said
    assert "embed: One of `all`, `none`." in said


def test_a_further_method_takes_no_operations_name(shop):
    v1, _, _ = shop
    with (
        Recorder({"GET /pages": [(200, JSON, b'"p"')], **placed()}) as server,
        v1.Client(server.url) as client,
    ):
        assert client.orders.list_orders_pages() == "p"
        assert [len(page.items) for page in client.orders.list_orders_pages_2()] == [1]
