"""Handlers for connexion, which serves a contract and checks requests and answers by it: a server that is not ours."""

from __future__ import annotations

from connexion import request
from connexion.problem import problem

ANIMALS: dict[int, dict] = {}
PHOTOS: dict[int, bytes] = {}
JSON = {"Content-Type": "application/json"}  # the contract has several types for some statuses


def known(key, required_scopes=None):
    return {"sub": "somebody"} if key == "good" else None


async def list_animals(kinds=None, ids=None, names=None, limit=None, young=None, **_):
    asked = {"kinds": kinds, "ids": ids, "names": names, "limit": limit, "young": young}
    asked |= {"shelter": request.headers.get("X-Shelter"), "session": request.cookies.get("session")}
    return {"items": list(ANIMALS.values()), "asked": asked}, 200, JSON


async def add_animal(body):
    animal = {**body, "id": len(ANIMALS) + 1}
    ANIMALS[animal["id"]] = animal
    return animal, 201, JSON


async def get_animal(animal_id):
    found = ANIMALS.get(animal_id)
    return (found, 200, JSON) if found else problem(404, "Not Found", "There is no such animal.")


async def remove_animal(animal_id, **_):
    ANIMALS.pop(animal_id, None)
    return None, 204


async def put_photo(animal_id, body):
    PHOTOS[animal_id] = body
    return None, 204


async def get_photo(animal_id):
    from starlette.responses import Response

    return Response(PHOTOS[animal_id], media_type="image/png")


async def send_photo(animal_id, file, body=None):
    content = await file.read()
    return {"name": file.filename, "type": file.content_type, "size": str(len(content)), **(body or {})}


async def login(body):
    return f"{body['user']} {body.get('age')}", 200, {"Content-Type": "text/plain"}
