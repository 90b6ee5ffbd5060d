"""Models of schemas that are hard to write down: circles, names of Python's own, subclasses, defaults, durations."""

from __future__ import annotations

import copy
import importlib
import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import generated
import pytest
from recorder import Recorder


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shapes")
    generated.client(str(generated.CONTRACTS / "shapes.yaml"), folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("shapes_client.v1"), folder
    sys.path.remove(str(folder))


def talked(shapes, path, call, answer):
    """What the client sends, and what it reads when the server answers with a value."""
    with (
        Recorder({path: [(200, "application/json", answer)]}) as server,
        shapes[0].Client(server.url) as client,
    ):
        read = call(client)
        return server.asked[-1], read


def said(value):
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def test_type_checkers_and_linters_have_nothing_to_say(shapes):
    generated.checked(shapes[1], "shapes_client")


def test_every_model_can_be_loaded_alone(shapes):
    names = [path.stem for path in (shapes[1] / "shapes_client/v1/models").glob("[a-z]*.py")]
    assert len(names) > 8
    for name in names:
        generated.run(shapes[1], f"import shapes_client.v1.models.{name}")


def test_what_contains_itself_is_read(shapes):
    models = shapes[0].models
    assert models.Bin.model_validate({"l": {"l": 1.5}, "op": "+"}).l.l == 1.5
    branch = models.Branch.model_validate(
        {"kind": "branch", "kids": [{"kind": "leaf", "v": 1}, {"kind": "branch", "kids": []}]}
    )
    assert [type(one) for one in branch.kids] == [models.Leaf, models.Branch]
    assert type(models.And.model_validate({"and": [{"eq": "x"}]}).and_[0]) is models.Eq
    assert models.A.model_validate({"b": {"c": {"b": {}, "d": "x"}}}).b.c.d == "x"
    value = {"a": [1, None, {"b": True}]}
    assert models.Json.model_validate(value).model_dump(mode="json") == value
    tree = {"items": [{"items": []}]}
    assert said(models.List2.model_validate(tree)) == tree


def test_a_subclass_is_written_whole_wherever_it_stands(shapes):
    models = shapes[0].models
    book = models.Book(name="b", price=Decimal("1.5"), pages=3, cover=b"abc", lent=timedelta(days=400))
    written = {"name": "b", "price": 1.5, "pages": 3, "cover": "YWJj", "lent": "P400D"}
    shop = models.Shop(best=book, shelf=[book], by_name={"b": book}, maybe=book)
    assert said(shop) == {"best": written, "shelf": [written], "by-name": {"b": written}, "maybe": written}


def test_the_server_gets_a_subclass_whole(shapes):
    models = shapes[0].models
    shop = models.Shop(best=models.Book(name="b", pages=3))
    asked, _ = talked(shapes, "POST /shops", lambda client: client.put_shop(shop), {})
    assert json.loads(asked[3]) == {"best": {"name": "b", "pages": 3}}


def test_defaults_are_values_of_their_types(shapes):
    models = shapes[0].models
    found = models.Settings.model_validate({})
    assert found.colour is models.Colour.RED
    assert found.other_colour is models.Colour.GREEN
    assert found.size.name == "VALUE_2"
    assert (found.names, found.colours, found.limits) == (["x"], [models.Colour.RED], {"k": 1})
    assert found.day == date(2020, 1, 1)
    assert found.moment == datetime(2020, 1, 1, tzinfo=UTC)
    assert found.span == timedelta(days=1, hours=2)
    assert found.id == UUID("2d931510-d99f-494a-8c67-87feb05e1594")
    assert (str(found.exact), found.amount, found.text) == ("1.50", Decimal("1.5"), "dd")
    assert type(found.amount) is Decimal
    assert (found.wrong_colour, found.wrong_day, found.wrong_list, found.shop) == (None, None, None, None)
    assert said(found) == {}
    found.names.append("y")
    assert models.Settings().names == ["x"]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=400), "P400D"),
        (timedelta(hours=1, seconds=5), "PT1H0M5S"),
        (timedelta(days=7, minutes=30), "P7DT30M"),
        (timedelta(), "PT0S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(days=-1, hours=2), "-PT22H"),
    ],
)
def test_durations_are_written_as_readers_know_them(shapes, span, text):
    """RFC 3339, appendix A: no years, months or weeks beside days, and no hours and seconds without minutes."""
    asked, read = talked(shapes, "GET /waits", lambda client: client.wait(for_=span), {"for": text})
    assert asked[1] == f"/waits?for={text}"
    assert read.for_ == span
    assert said(shapes[0].models.Wait(for_=span)) == {"for": text}


@pytest.mark.parametrize("text", ["P1Y2M", "P14M", "P1Y2M3DT4H"])
def test_years_and_months_are_written_as_they_came(shapes, text):
    _, read = talked(shapes, "GET /waits", lambda client: client.wait(for_=timedelta(1)), {"for": text})
    assert read.for_ > timedelta(365)
    assert said(read) == {"for": text}
    assert said(copy.deepcopy(read)) == {"for": text}
    asked, _ = talked(shapes, "GET /waits", lambda client: client.wait(for_=read.for_), {"for": text})
    assert asked[1] == f"/waits?for={text}"


def test_minutes_are_no_months(shapes):
    assert said(shapes[0].models.Wait.model_validate({"for": "PT5M"})) == {"for": "PT5M"}
    assert shapes[0].models.Wait.model_validate({"for": "P1DT5M"}).for_ == timedelta(days=1, minutes=5)
