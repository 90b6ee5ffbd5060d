"""A generated client against a server that is not ours: connexion reads the same contract, routes by it, and
checks every request and every answer by it, with code that nobody here wrote."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import time
import warnings
from datetime import date
from uuid import UUID

import generated
import pytest
import uvicorn

SHELTER = generated.CONTRACTS / "shelter.yaml"


@pytest.fixture(scope="module")
def shelter(tmp_path_factory):
    """The generated package, and where connexion serves the contract."""
    folder = tmp_path_factory.mktemp("shelter")
    generated.client(str(SHELTER), folder)
    sys.path.insert(0, str(folder))
    with Served(SHELTER) as url:
        yield importlib.import_module("shelter_client.v1"), url
    sys.path.remove(str(folder))


class Served:
    def __init__(self, contract):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import connexion
            from connexion.resolver import RelativeResolver

            app = connexion.AsyncApp("shelter", specification_dir=str(contract.parent))
            app.add_api(
                contract.name,
                resolver=RelativeResolver("foreign_handlers"),
                strict_validation=True,
                validate_responses=True,
                pythonic_params=True,
            )
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self):
        self.thread.start()
        while not self.server.started and self.thread.is_alive():
            time.sleep(0.01)
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}/v1"

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join()


def test_what_the_client_sends_is_what_connexion_reads(shelter):
    v1, url = shelter
    with v1.Client(url) as client:
        kind = v1.models.NewAnimalKind
        page = client.list_animals(
            kinds=[kind.CAT, kind.DOG], ids=[1, 2], names=["a b", "c"], limit=3, young=True,
            x_shelter="north", session="s 1",
        )  # fmt: skip
        asked = page.asked
        assert asked == {
            "kinds": ["cat", "dog"], "ids": [1, 2], "names": ["a b", "c"], "limit": 3, "young": True,
            "shelter": "north", "session": "s%201",
        }  # fmt: skip
        assert client.list_animals().asked["limit"] == 5  # connexion's own default, since none was sent


def test_values_come_and_go_typed(shelter):
    v1, url = shelter
    chip = UUID("7d9f2f0e-8a43-4c0c-9d0a-3b6f6f1f0c11")
    with v1.Client(url, key="good") as client:
        new = v1.models.NewAnimal(kind="cat", name="Tom", born=date(2020, 1, 2), chip=None)
        added = client.add_animal(new)
        assert (added.name, added.born, added.chip, "chip" in added.model_fields_set) == (
            "Tom", date(2020, 1, 2), None, True,
        )  # fmt: skip
        other = client.add_animal(v1.models.NewAnimal(kind="dog", name="Rex", chip=chip))
        assert (other.chip, other.born) == (chip, None)
        assert client.get_animal(added.id) == added
        assert client.remove_animal(added.id) is None
        with pytest.raises(v1.errors.NotFound, match="no such animal") as raised:
            client.get_animal(added.id)
        assert (raised.value.problem.status, raised.value.value.detail) == (404, "There is no such animal.")


def test_what_connexion_refuses_is_an_exception_that_says_why(shelter):
    v1, url = shelter
    with v1.Client(url) as client:
        with pytest.raises(v1.errors.BadRequest, match="11 is greater than the maximum of 10"):
            client.list_animals(limit=11)
        with pytest.raises(v1.errors.BadRequest, match="name"):
            client.add_animal(v1.models.NewAnimal(kind="cat", name=""))
        with pytest.raises(v1.errors.Unauthorized):
            client.remove_animal(1)


# connexion reads an upload twice and leaves one copy to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_bytes_forms_and_uploads(shelter):
    v1, url = shelter
    upload = importlib.import_module("shelter_client._runtime.http.bodies").Upload
    with v1.Client(url) as client:
        client.put_photo(7, b"\x89PNG\x00")
        assert client.get_photo(7) == b"\x89PNG\x00"
        with client.get_photo_stream(7) as stream:
            assert b"".join(stream.iter_bytes()) == b"\x89PNG\x00"
        said = client.send_photo(7, {"file": upload(b"abc", "a.png", "image/png"), "note": "né"})
        assert said == {"name": "a.png", "type": "image/png", "size": "3", "note": "né"}
        assert client.login(v1.models.LoginBody(user="a b&c", age=3)) == "a b&c 3"


def test_the_awaiting_client_too(shelter):
    v1, url = shelter

    async def run():
        async with v1.AsyncClient(url) as client:
            added = await client.add_animal(v1.models.NewAnimal(kind="dog", name="Ada"))
            assert (await client.get_animal(added.id)).name == "Ada"
            await client.put_photo(8, b"x")
            assert await client.get_photo(8) == b"x"
            with pytest.raises(v1.errors.BadRequest):
                await client.list_animals(limit=0)

    asyncio.run(run())
