from __future__ import annotations

import httpx
import pytest
from serving_trees import HERE, made, started


@pytest.fixture(scope="session")
def everything(tmp_path_factory):
    """The server of the contract that has everything, as a folder that can be imported from."""
    return made("rest-server", HERE / "everything.yaml", tmp_path_factory.mktemp("every"), "every_server")


@pytest.fixture(scope="session")
def world(everything):
    """The handlers, and the application that is made of them."""
    import implemented

    return implemented.World()


@pytest.fixture(scope="session")
def address(world):
    with started(world.app) as at:
        yield at


@pytest.fixture
def client(address):
    with httpx.Client(base_url=address) as one:
        yield one
