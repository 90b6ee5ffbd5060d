"""Whatever a contract calls its things, what comes out is valid, and nothing of it runs."""

from __future__ import annotations

import ast
import json

import generated
import pytest

from apicontract.generation import names, rendering

NASTY = [
    "class", "None", "self", "__init__", "__class__", "model_config", "model_fields", "copy", "json", "list", "dict",
    "import", '"; import os; os.abort() #', "'''; raise SystemExit(3)", '"""\nraise SystemExit(3)\n"""', "\\", "a\\", '"',
    "\n    raise SystemExit(3)", "\u2028raise SystemExit(3)", "{{ 7 * 7 }}", "{% raw %}", "{x}", "%s", "$ref", "", " ", "+1", "-1",
    "1", "2fa", "\N{GRINNING FACE}", "größe", "订单", "\u202eevil", "a" * 300, "../../etc/passwd", "..", "/", "con", "A", "a", "A_", "a-",
    "Client", "AsyncClient", "Any", "Model", "Field", "UUID", "datetime", "models", "errors", "client", "operations", "body", "timeout", "policy",
    "Optional", "Union", "# noqa", "x: int = 3", "\x00", "\x1b[31m", "f'{exit()}'", "lambda", "_", "__", "root", "date", "builtins",
]  # fmt: skip


def contract(nasty):
    """A contract that has the strings in every field that reaches a template."""
    properties = {
        text: {"type": "string", "description": text, "default": text, "title": text} for text in nasty
    }
    paths = {}
    for number, text in enumerate(nasty):
        paths[f"/things/{number}/{{id}}"] = {
            "get": {
                "operationId": text, "tags": [text], "summary": text, "description": text, "deprecated": True, "x-sunset": text,
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": text},
                    {"name": text or "x", "in": "query", "schema": {"type": "string", "enum": nasty[number:number + 3]}},
                    {"name": text or "x", "in": "cookie", "schema": {"const": text}},
                ],
                "responses": {
                    "200": {"description": text, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/S{number}"}}}},
                    "404": {"description": text, "content": {"application/json": {"schema": {"properties": {text: {"type": "object", "properties": {"x": {}}}}}}}},
                },
            }
        }  # fmt: skip
    schemas = {
        f"S{number}": {
            "type": "object",
            "description": text,
            "properties": {text: {"type": "integer"}, "self": {"$ref": f"#/components/schemas/S{number}"}},
        }
        for number, text in enumerate(nasty)
    }
    schemas |= {text: {"type": "object", "properties": {"x": {"enum": [text, "other"]}}} for text in nasty}
    for number, text in enumerate(nasty):
        tag = {"propertyName": text, "mapping": {text: f"#/components/schemas/Heir{number}"}}
        schemas[f"Base{number}"] = {
            "type": "object",
            "discriminator": tag,
            "properties": {text: {"type": "string", "description": text * 40}},
        }
        schemas[f"Heir{number}"] = {
            "allOf": [{"$ref": f"#/components/schemas/Base{number}"}],
            "description": text,
        }
    bases = {text: {"$ref": f"#/components/schemas/Base{number}"} for number, text in enumerate(nasty)}
    schemas |= {
        "Bases": {"type": "object", "properties": bases},
        "All": {"type": "object", "properties": properties},
        "Enum": {"type": "string", "enum": nasty, "description": '"""'},
    }
    return {
        "openapi": "3.1.0", "info": {"title": '"""; raise SystemExit(3)\n#', "version": '1"""\nraise SystemExit(3)', "description": "\\"},
        "servers": [{"url": 'https://x.example/"+exit()+"'}], "paths": paths,
        "tags": [{"name": text, "description": text} for text in nasty],
        "components": {"schemas": schemas, "securitySchemes": {text: {"type": "apiKey", "in": "header", "name": text, "description": text} for text in nasty}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "contract.json"
    path.write_text(json.dumps(contract(NASTY)))
    generation = generated.client(str(path), folder / "out", package="hostile")
    return folder / "out", generation


def test_every_name_is_valid_and_once(hostile):
    folder, generation = hostile
    assert generation.operations == len(NASTY)
    files = sorted(folder.rglob("*.py"))
    for path in files:
        ast.parse(path.read_text(encoding="utf-8"))
    assert len({str(path).casefold() for path in files}) == len(files)
    assert all(path.resolve().is_relative_to(folder.resolve()) for path in files)


def test_importing_all_of_it_runs_nothing(hostile):
    folder, _ = hostile
    generated.run(
        folder,
        "import pkgutil, importlib, hostile\n"
        "for module in pkgutil.walk_packages(hostile.__path__, 'hostile.'):\n"
        "    if '._runtime' not in module.name: importlib.import_module(module.name)\n"
        "from hostile.v1 import Client, models\n"
        "client = Client('http://127.0.0.1:9')\n"
        "for name in dir(models): getattr(models, name).__name__\n"
        "models.All(**{}).model_dump(); models.Enum2('new')\n"
        "import json, sys\n"
        "for number, text in enumerate(json.loads(sys.argv[1])):\n"
        "    read = models.Bases.model_validate({text: {text: text}})\n"
        "    [name] = read.model_fields_set\n"
        "    kind = f'Heir{number}' if text else f'Base{number}'  # no name is no tag\n"
        "    assert type(getattr(read, name)).__name__ == kind, text\n"
        "    assert read.model_dump(by_alias=True, exclude_unset=True) == {text: {text: text}}\n",
        json.dumps(NASTY),
    )


def test_what_is_said_of_members_is_text_and_nothing_else(hostile):
    folder, _ = hostile
    words = " ".join
    for number, text in enumerate(NASTY):
        module = ast.parse(
            next(folder.glob(f"hostile/v1/models/*base{number}.py")).read_text(encoding="utf-8")
        )
        [base] = [
            node for node in module.body if isinstance(node, ast.ClassDef) and node.name == f"Base{number}"
        ]
        assert {type(node) for node in base.body} <= {ast.AnnAssign, ast.Expr}
        said = [node.value.value for node in base.body if isinstance(node, ast.Expr)]
        wanted = words(rendering.plain(text * 40).replace('"""', "'''").split())
        assert [words(one.split()) for one in said] == ([wanted] if wanted else [])


def test_type_checkers_and_linters_have_nothing_to_say(hostile):
    generated.checked(hostile[0], "hostile")


@pytest.mark.parametrize("text", NASTY)
def test_names_are_identifiers(text):
    for name in (names.snake(text), names.pascal(text), names.constant(text)):
        assert name.isidentifier()
        assert not name.startswith("_")
        assert len(name) < 100
        ast.parse(f"{name} = 1")


def test_names_read_as_a_person_would_have_them():
    assert [names.snake(text) for text in ("userID2", "HTTPServer", "X-Api-Key", "+1", "2fa", "class")] == [
        "user_id2", "http_server", "x_api_key", "plus_1", "field_2fa", "class_",
    ]  # fmt: skip
    assert [names.pascal(text) for text in ("order-line", "HTTPServer", "größe")] == [
        "OrderLine",
        "HTTPServer",
        "Große",
    ]
    given = names.Names(fold=True)
    assert [given.give(name) for name in ("a", "A", "a")] == ["a", "A_2", "a_3"]
