"""Contracts made up for measuring: a tiny pair, and the same change in ever larger contracts.

They are made in a process of their own: the one that measures must stay small.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

Json = dict[str, object]
_PROTO = """syntax = "proto3";
package acme.orders.v1;
message Order { string id = 1; KIND total = 2; }
message GetOrderRequest { string id = 1; }
service Orders { rpc GetOrder(GetOrderRequest) returns (Order); }
"""


def tiny(folder: Path) -> tuple[Path, Path]:
    """Two contracts of one operation that differ in one bound."""
    return _pair(folder, "tiny", 1)


def tiny_protos(folder: Path) -> tuple[Path, Path]:
    """Two folders with one proto file of one service that differ in the type of one field."""
    sides = tuple(folder / f"tiny-{side}" for side in ("old", "new"))
    for side, kind in zip(sides, ("int32", "int64"), strict=True):
        side.mkdir(exist_ok=True)
        (side / "orders.proto").write_text(_PROTO.replace("KIND", kind), encoding="utf-8")
    return sides[0], sides[1]


def grown(folder: Path, factor: int) -> tuple[Path, Path]:
    """Two contracts of 250 times `factor` operations, with a schema each, that differ in one bound."""
    return _pair(folder, f"grown-{factor}", 250 * factor)


def repository(folder: Path, contracts: int, files: int) -> Path:
    """A git repository of so many files, some of them contracts of 20 operations.

    The branch `branch`, which is checked out, changed three of them, the branch `idle` none.
    """
    made = folder / f"repository-{contracts}-{files}"
    subprocess.run(
        [sys.executable, __file__, "repository", str(made), str(contracts), str(files)], check=True
    )
    return made


def _repository(folder: Path, contracts: int, files: int) -> None:
    settings = ("user.name=a", "user.email=a@example.org", "gc.auto=0")

    def git(*arguments: str) -> None:
        words = ["git", *(word for setting in settings for word in ("-c", setting)), *arguments]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)

    def write(number: int, longest: int, version: str) -> None:
        contract = _contract(20, longest)
        contract["info"] = {"title": f"Things {number}", "version": version}
        file = folder / f"services/{number}/openapi.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(contract, indent=2), encoding="utf-8")

    folder.mkdir(parents=True)
    git("init", "-q", "-b", "main", ".")
    for number in range(contracts):
        write(number, 80, "1.0.0")
    for number in range(files - contracts):
        file = folder / f"source/{number // 50}/{number}{('.py', '.ts', '.json', '.yaml', '.md')[number % 5]}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"name": number, "values": list(range(200))}), encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "before")
    git("checkout", "-qb", "idle")
    (folder / "notes.md").write_text("no contract", encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "none")
    git("checkout", "-qb", "branch", "main")
    for number in range(3):
        write(number, 60 if number == 0 else 80, "2.0.0")
    git("commit", "-qam", "after")


def _pair(folder: Path, name: str, operations: int) -> tuple[Path, Path]:
    old, new = (folder / f"{name}-{side}.json" for side in ("old", "new"))
    subprocess.run([sys.executable, __file__, str(operations), str(old), str(new)], check=True)
    return old, new


def _contract(operations: int, longest: int) -> Json:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {f"/things{at}/{{id}}": _item(at) for at in range(operations)},
        "components": {
            "schemas": {f"Thing{at}": _thing(longest if at == 0 else 80) for at in range(operations)},
        },
    }


def _item(at: int) -> Json:
    schema = {"$ref": f"#/components/schemas/Thing{at}"}
    content = {"application/json": {"schema": schema}}
    return {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "put": {
            "operationId": f"putThing{at}",
            "requestBody": {"required": True, "content": content},
            "responses": {"200": {"description": "stored", "content": content}},
        },
    }


def _thing(longest: int) -> Json:
    words = {f"word{at}": {"type": "string", "maxLength": 100 + at} for at in range(12)}
    return {
        "type": "object",
        "required": ["name", "tags"],
        "properties": {
            "name": {"type": "string", "maxLength": longest},
            "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}},
            **words,
        },
    }


if __name__ == "__main__":
    if sys.argv[1] == "repository":
        _repository(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        sys.exit()
    for target, most in zip(sys.argv[2:], (80, 60), strict=True):
        Path(target).write_text(json.dumps(_contract(int(sys.argv[1]), most), indent=2), encoding="utf-8")
