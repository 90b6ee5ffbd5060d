"""A base whose discriminator tells its heirs apart, without a `oneOf`: read, written, and kept if not known."""

from __future__ import annotations

import importlib
import json
import sys
from decimal import Decimal

import generated
import pytest
from recorder import Recorder

CAR = {"kind-of": "car", "name": "A", "seats": 4, "plate": "X1"}
TAXI = {
    "kind-of": "Taxi",
    "name": "B",
    "licence": "L",
    "towing": {"kind-of": "lorry", "name": "C", "load": 1.5},
}
BOAT = {"kind-of": "boat", "name": "D", "sails": 2, "towing": CAR}
BIKE = {"kind-of": "Bicycle", "name": "E"}

OLD = {
    "swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "produces": ["application/json"], "paths": {
        "/pets": {"get": {"operationId": "listPets", "responses": {"200": {
            "description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}}}}}},
    "definitions": {
        "Pet": {"type": "object", "discriminator": "petType", "required": ["petType"], "properties": {"petType": {"type": "string"}}},
        "Cat": {"allOf": [{"$ref": "#/definitions/Pet"}, {"type": "object", "properties": {"lives": {"type": "integer"}}}]},
        "Dog": {"x-ms-discriminator-value": "hound", "allOf": [{"$ref": "#/definitions/Pet"}, {"type": "object", "properties": {"bark": {"type": "string"}}}]},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fleet")
    generated.client(str(generated.CONTRACTS / "families.yaml"), folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("fleet_client.v1"), folder
    sys.path.remove(str(folder))


def answered(fleet, path, value):
    """What the client reads where the server answers with a value."""
    answers = {f"GET {path}": [(200, "application/json", value)]}
    name = {"/vehicles": "list_vehicles", "/cars": "list_cars", "/depots": "get_depot", "/payments": "get_payment", "/shapes": "get_shape"}[path]  # fmt: skip
    with Recorder(answers) as server, fleet[0].Client(server.url) as client:
        return getattr(client, name)()


def said(value):
    """A model as it is written."""
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def test_type_checkers_and_linters_have_nothing_to_say(fleet):
    generated.checked(fleet[1], "fleet_client")


def test_each_kind_is_read_as_what_it_is_by_mapping_or_by_name(fleet):
    models = fleet[0].models
    found = answered(fleet, "/vehicles", [CAR, TAXI, BOAT, BIKE, {**BIKE, "kind-of": "Truck", "load": 2}])
    assert [type(one) for one in found] == [
        models.Car,
        models.Taxi,
        models.Vehicle,
        models.Bicycle,
        models.Truck,
    ]
    assert type(found[1].towing) is models.Truck
    assert found[1].towing.load == Decimal("1.5")
    assert [said(one) for one in found[:4]] == [CAR, TAXI, BOAT, BIKE]


def test_a_kind_that_no_contract_knows_is_kept_as_the_base(fleet):
    models = fleet[0].models
    [boat] = answered(fleet, "/vehicles", [BOAT])
    assert type(boat) is models.Vehicle
    assert (boat.kind_of, boat.model_extra) == ("boat", {"sails": 2})
    assert type(boat.towing) is models.Car
    [hearse] = answered(fleet, "/cars", [{**CAR, "kind-of": "hearse"}])
    assert (type(hearse), hearse.kind_of) == (models.Car, "hearse")
    payment = answered(fleet, "/payments", {"method": "Cash", "coins": 3})
    assert (type(payment), payment.method.known) == (models.Payment, False)
    assert said(payment) == {"method": "Cash", "coins": 3}


def test_an_heir_with_heirs_of_its_own_is_a_family_too(fleet):
    models = fleet[0].models
    assert [type(one) for one in answered(fleet, "/cars", [CAR, TAXI])] == [models.Car, models.Taxi]


def test_members_of_other_models_and_choices_are_told_apart(fleet):
    models = fleet[0].models
    depot = answered(fleet, "/depots", {"best": TAXI, "byBay": {"1": CAR}, "either": TAXI})
    assert [type(one) for one in (depot.best, depot.by_bay["1"], depot.either)] == [
        models.Taxi,
        models.Car,
        models.Taxi,
    ]
    assert answered(fleet, "/depots", {"best": None}).best is None
    from fleet_client._runtime.failures import MalformedAnswer

    with pytest.raises(MalformedAnswer, match="`kind-of` should be one of"):
        answered(fleet, "/depots", {"either": {**CAR, "kind-of": "boat"}})
    with pytest.raises(MalformedAnswer, match=r"Truck\.load: Field required"):
        answered(fleet, "/vehicles", [{"kind-of": "lorry", "name": "C"}])
    with pytest.raises(MalformedAnswer):
        answered(fleet, "/vehicles", [7])


def test_a_base_that_lists_its_heirs_itself_is_no_heir_of_theirs(fleet):
    models = fleet[0].models
    circle = answered(fleet, "/shapes", {"type": "round", "radius": 1.5})
    assert type(circle) is models.Circle
    assert "side" not in models.Circle.model_fields
    assert type(answered(fleet, "/shapes", {"type": "box", "side": 1})) is models.Square


def test_what_is_written_is_what_the_kind_has(fleet):
    models = fleet[0].models
    answers = {"POST /vehicles": [(201, "application/json", CAR)]}
    towed = models.TruckInput(kind_of="lorry", name="C", load=Decimal(2))
    taxi = models.TaxiInput(kind_of="Taxi", name="B", code="secret", licence="L", towing=towed)
    with Recorder(answers) as server, fleet[0].Client(server.url) as client:
        assert type(client.add_vehicle(taxi)) is models.Car
        assert json.loads(server.asked[0][3]) == {
            "kind-of": "Taxi", "name": "B", "code": "secret", "licence": "L",
            "towing": {"kind-of": "lorry", "name": "C", "load": 2},
        }  # fmt: skip
        client.add_vehicle(
            models.CarInput(kind_of="hearse", name="H", seats=1)
        )  # written whole, by its class
        assert json.loads(server.asked[1][3]) == {"kind-of": "hearse", "name": "H", "seats": 1}


def test_a_server_reads_and_writes_the_same(tmp_path):
    import apicontract

    apicontract.generate("rest-server", str(generated.CONTRACTS / "families.yaml"), str(tmp_path))
    said = generated.run(
        tmp_path,
        f"""
import asyncio, httpx
from fleet_server import v1
from fleet_server._runtime.server.application import create_app
from fleet_server._runtime.server.serving import Serving
class Handler(v1.UntaggedHandler):
    async def list_vehicles(self, *, context): return [v1.models.Taxi(kind_of="Taxi", name="B", licence="L")]
    async def add_vehicle(self, *, body, context):
        print(type(body).__name__, type(body.towing).__name__)
        return v1.models.Vehicle.model_validate(body.model_dump(by_alias=True, exclude_unset=True))
    async def list_cars(self, *, context): return []
    async def get_depot(self, *, context): return v1.models.Depot()
    async def get_payment(self, *, context): return v1.models.Card(method=v1.models.Method.CARD, number="1")
    async def get_shape(self, *, context): return v1.models.Circle(type="round")
app = create_app(v1.router(untagged=Handler(), serving=Serving(debug=True)))
async def main():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x/v1") as client:
        print((await client.get("/vehicles")).json())
        for sent in ({TAXI!r}, {BOAT!r}):
            got = await client.post("/vehicles", json=sent)
            print(got.status_code, got.json() == sent)
        print((await client.post("/vehicles", json={{"kind-of": "lorry"}})).status_code)
asyncio.run(main())
""",
    )  # fmt: skip
    assert said.splitlines() == [
        "[{'kind-of': 'Taxi', 'name': 'B', 'licence': 'L'}]",
        "TaxiInput TruckInput", "201 True", "VehicleInput CarInput", "201 True", "422",
    ]  # fmt: skip


def test_a_contract_of_2_0_says_it_with_a_name_alone(tmp_path):
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(OLD))
    generated.client(str(path), tmp_path)
    said = generated.run(
        tmp_path,
        "from pets_client.v1 import models\n"
        "from pydantic import TypeAdapter\n"
        "values = [{'petType': 'Cat', 'lives': 3}, {'petType': 'hound', 'bark': 'b'}, {'petType': 'Dog'}, {'petType': 'fish', 'fins': 2}]\n"
        "found = TypeAdapter(list[models.AnyPet]).validate_python(values)\n"
        "print(*(type(one).__name__ for one in found))\n"
        "print([one.model_dump(by_alias=True, exclude_unset=True) for one in found] == values)\n",
    )
    assert said.splitlines() == ["Cat Dog Pet Pet", "True"]


def test_a_contract_whose_heirs_go_round_in_a_circle_ends(tmp_path):
    schemas = OLD["definitions"] | {
        "Pet": {**OLD["definitions"]["Pet"], "allOf": [{"$ref": "#/definitions/Cat"}]}
    }
    path = tmp_path / "pets.json"
    path.write_text(json.dumps({**OLD, "definitions": schemas}))
    generated.client(str(path), tmp_path)
    generated.run(tmp_path, "from pets_client.v1 import models; models.Cat, models.Dog, models.Pet")
