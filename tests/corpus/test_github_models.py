"""The models of GitHub's clients read the contract's own examples, and write them back as they were.

An example that does not fit its schema is no example: `apicontract validate` says which those are, and why.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import corpora
import pytest
from pydantic import TypeAdapter, ValidationError

import apicontract
from apicontract.generation.rest.contract import plan_of
from apicontract.generation.schemas import ModelOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.corpus
LEAST = {
    "ghes-3.18": 900,
    "api.github.com": 1200,
}  # examples that are compared; far fewer would be a fault of ours


def _token(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")


def _followed(contract: dict, node: object, pointer: str) -> tuple[object, str]:
    while isinstance(node, dict) and "$ref" in node:
        pointer = node["$ref"].removeprefix("#")
        node = contract
        for token in pointer.split("/")[1:]:
            node = node[token.replace("~1", "/").replace("~0", "~")]
    return node, pointer


def _examples(contract: dict, media: dict, pointer: str) -> Iterator[tuple[str, str, object]]:
    """Where an example is used, where it stands, and its value."""
    if "example" in media:
        yield f"{pointer}/example", f"{pointer}/example", media["example"]
    for name, one in media.get("examples", {}).items():
        at = f"{pointer}/examples/{_token(name)}"
        found, stands = _followed(contract, one, at)
        if "value" in found:
            yield f"{at}/value", f"{stands}/value", found["value"]


def _bodies(contract: dict, plan) -> Iterator[tuple[str, str, dict]]:
    """The type, the place, and the media type of every JSON body of a request or an answer."""
    for operation in plan.operations:
        method = operation.method.lower()
        said = contract["paths"][operation.path][method]
        at = f"/paths/{_token(operation.path)}/{method}"
        for answer in operation.answers:
            if answer.kind == "json":
                found, stands = _followed(
                    contract, said["responses"][answer.status], f"{at}/responses/{answer.status}"
                )
                yield (
                    answer.annotation,
                    f"{stands}/content/{_token(answer.media)}",
                    found["content"][answer.media],
                )
        optional = "" if operation.body and operation.body.required else " | None"  # None: no body is sent
        for way in operation.body.ways if operation.body else ():
            if way.kind == "json":
                found, stands = _followed(contract, said["requestBody"], f"{at}/requestBody")
                media = found["content"][way.media]
                yield way.annotation + optional, f"{stands}/content/{_token(way.media)}", media


def _same(left: object, right: object) -> bool:
    """Whether two JSON values say the same; two ways to write one instant do."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, str) and isinstance(right, str) and left != right:
        try:
            return datetime.fromisoformat(left) == datetime.fromisoformat(right)
        except (ValueError, TypeError):
            return False
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _contradicted(path: str) -> dict[str, str]:
    """What the contract itself says against its examples, by where they stand."""
    return {
        finding.place.pointer: finding.message
        for finding in apicontract.validate(path).findings
        if finding.rule == "example-mismatch"
    }


@pytest.mark.parametrize("name", ["ghes-3.18", "api.github.com"])
def test_examples_are_read_and_written_back(name, tmp_path, monkeypatch):
    try:
        path = corpora.github("23.0.2", name)
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    package = f"github_{name.replace('-', '_').replace('.', '_')}"
    made = apicontract.generate(
        "rest-client", str(path), str(tmp_path), options=apicontract.GenerateOptions(package=package)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    models = importlib.import_module(f"{package}.{made.major}.models")
    values = importlib.import_module(f"{package}._runtime.values")
    names = {
        **vars(importlib.import_module("typing")),
        **vars(importlib.import_module("datetime")),
        **vars(values),
        "models": models,
    }
    contract = json.loads(path.read_text(encoding="utf-8"))
    against = _contradicted(str(path))
    adapters: dict[str, TypeAdapter] = {}
    wrong, excused, read, fine = [], {}, 0, 0
    for type_, place, media in _bodies(contract, plan_of(apicontract.load(str(path)), ModelOptions())):
        for used, stands, value in _examples(contract, media, place):
            places = (f"{used}/", f"{stands}/")
            reason = next((text for at, text in against.items() if f"{at}/".startswith(places)), None)
            if type_ not in adapters:
                adapters[type_] = TypeAdapter(eval(type_, names))  # noqa: S307  # a type that we wrote
            try:
                model = adapters[type_].validate_python(value, by_alias=True, by_name=False)
                back = adapters[type_].dump_python(model, mode="json", by_alias=True, exclude_unset=True)
                told = "" if _same(value, back) else "written back otherwise"
            except ValidationError as error:
                told = str(error.errors(include_url=False, include_input=False)[0])
            read, fine = read + 1, fine + (not told)
            if told and reason:
                excused[stands] = reason
            elif told:
                wrong.append(f"{used}: {type_}: {told}")
    assert not wrong, "\n".join([f"{len(wrong)} of {read}", *wrong[:40]])
    assert fine >= LEAST[name]
    assert len(excused) <= len(against)
    sys.modules.pop(package, None)
