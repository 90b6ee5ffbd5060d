"""Models: the flat document of schemas written by datamodel-code-generator, cut into modules.

A class that only one other uses stands in that one's module; what several use has a module of its own, named
as it is. So a call loads what its own answer consists of, whatever the size of the contract.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.generation import names
from apicontract.generation.rendering import CONTROLS
from apicontract.generation.schemas import REF
from apicontract.generation.twins import references, restored, twins, with_names
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apicontract.sources import Json

# Where names that models use come from; RUNTIME stands for the way to the runtime's package.
_IMPORTS = {
    "Annotated": "typing",
    "Dict": "typing",
    "List": "typing",
    "Optional": "typing",
    "Union": "typing", "Any": "typing", "Literal": "typing", "UUID": "uuid", "Decimal": "decimal",
    "date": "datetime", "datetime": "datetime", "timedelta": "datetime", "time": "datetime",
    "Field": "pydantic",
    "RootModel": "pydantic",
    "TypeAliasType": "typing_extensions", "StrEnum": "enum", "IntEnum": "enum", "Enum": "enum",
    "ConfigDict": "pydantic", "Model": "RUNTIME.values", "OpenStrEnum": "RUNTIME.values",
    "OpenIntEnum": "RUNTIME.values",
    "Base64Bytes": "RUNTIME.values", "JsonDecimal": "RUNTIME.values",
}  # fmt: skip
# How datamodel-code-generator writes the type of members that are not named, and how pydantic documents it.
_FURTHER = re.compile(
    r"^    __annotations__ = \{\s*'__pydantic_extra__': (.+?),\s*\}", re.MULTILINE | re.DOTALL
)
# Types of the runtime are no arbitrary ones: pydantic knows how to read them.
_NEEDLESS = re.compile(
    r"^    model_config = ConfigDict\(\s*arbitrary_types_allowed=True,\s*\)\n", re.MULTILINE
)
_WORD = re.compile(r"[^\W\d]\w*")
# Attributes that a model has already, and types that its annotations name.
_TAKEN = frozenset({
    "copy", "json", "dict", "schema", "construct", "validate", "parse_obj", "parse_raw", "parse_file",
    "from_orm",
    "schema_json", "update_forward_refs", "fields", "list", "int", "str", "float", "bool", "bytes", "date",
    "datetime",
    "time", "timedelta", "root", "set", "type_adapter",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Module:
    """A module of models: what it is called, what it defines, its text."""

    name: str
    defines: tuple[str, ...]
    text: str


def modules(
    schemas: Mapping[str, dict[str, Json]], declared: frozenset[str], runtime: str, *, open_enums: bool
) -> list[Module]:
    """The modules of all models, sorted by name.

    schemas: as `Schemas.finish` gives them. declared: those with modules of their own. runtime: how a module
    of clients or servers (`..._runtime.client`).
    """
    if not schemas:
        return []
    statements = _written(schemas, open_enums=open_enums)
    missing = sorted(schemas.keys() - statements.keys())
    if missing:
        raise ContractError(f"no model can be written for {', '.join(missing[:3])}", hint="please report it")
    uses = {
        name: {word for word in _words(text) if word in statements} - {name}
        for name, text in statements.items()
    }
    groups = _grouped(uses, declared)
    given = names.Names(("models",), fold=True)
    module_of = {head: given.give(names.module(head)) for head in sorted(groups)}
    where = {name: module_of[head] for head, members in groups.items() for name in members}
    made = []
    for head, members in groups.items():
        ordered = _ordered(members, uses, statements)
        text = _module(ordered, statements, uses, where, runtime)
        made.append(Module(module_of[head], tuple(sorted(members)), text))
    return sorted(made, key=lambda module: module.name)


def _written(schemas: Mapping[str, dict[str, Json]], *, open_enums: bool) -> dict[str, str]:
    """The text of each class, alias and enumeration by its name."""
    found = twins(schemas)
    document = {name: with_names(value, found) for name, value in schemas.items() if name not in found}
    made = _statements(_generated(document), open_enums=open_enums)
    own: dict[str, str] = {}
    for name, value in schemas.items():
        leader = found.get(name, name)
        if leader in made:
            own[name] = restored(made[leader], name, leader, python_fields(value), _own(value), found)
    for name in _own_circles(schemas):
        made_of = _plain_type(schemas[name])
        type_ = re.sub(rf"\b{name}\b", f'"{name}"', made_of)
        own[name] = f"class {name}(RootModel[{type_}]):\n    root: {made_of}"
    return made | own


def _plain_type(value: dict[str, Json]) -> str:
    return annotation(value).replace("models.", "")


def _own_circles(schemas: Mapping[str, dict[str, Json]]) -> list[str]:
    """Lists, maps and unions that contain themselves with no class between: checkers want a class."""
    aliases = {
        name: set(references(value))
        for name, value in schemas.items()
        if not {"properties", "allOf", "enum", "discriminator"} & value.keys()
    }
    found = []
    for name, direct in aliases.items():
        waiting: list[str] = list(direct)
        seen: set[str] = set()
        while waiting:
            one = waiting.pop()
            if one in aliases and one not in seen:
                seen.add(one)
                waiting += aliases[one]
        if name in seen:
            found.append(name)
    return found


def _own(value: dict[str, Json]) -> Json:
    """What a class says itself, beside what it inherits."""
    listed = value.get("allOf")
    return listed[-1] if isinstance(listed, list) else value


def python_fields(value: dict[str, Json]) -> dict[str, str]:
    """The Python names of a class's own properties, by how the contract has them."""
    given = names.Names(_TAKEN)
    own = _own(value)
    found = own.get("properties") if isinstance(own, dict) else None
    properties = found if isinstance(found, dict) else {}
    return {name: given.give(_field(name)) for name in properties}


def _field(name: str) -> str:
    found = names.snake(name)
    return f"{found}_" if found in _TAKEN or found.startswith("model_") else found


def _generated(schemas: Mapping[str, Json]) -> str:
    """The text of one module with all classes."""
    import json

    from datamodel_code_generator import InputFileType, LiteralType, generate
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import DatetimeClassType, PythonVersion

    aliases: dict[str, str | list[str]] = {}
    for name, value in schemas.items():
        for wire, python in python_fields(value if isinstance(value, dict) else {}).items():
            if wire != python:
                aliases[f"{name}.{wire}"] = python
    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    text = generate(
        json.dumps(document, default=float),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        formatters=[],
        aliases=aliases,
        base_class="runtime.Model",
        enum_field_as_literal=LiteralType.Off,
        use_specialized_enum=True,
        use_type_alias=True,
        use_standard_collections=True,
        use_union_operator=True,
        field_constraints=True,
        strict_nullable=True,
        use_schema_description=True,
        output_datetime_class=DatetimeClassType.Datetime,
        disable_timestamp=True,
    )
    assert isinstance(text, str)  # noqa: S101  # one input without dots in its names is one module
    return text


def _statements(text: str, *, open_enums: bool) -> dict[str, str]:
    """What a module defines, by name; a call on a class belongs to the class."""
    lines = text.encode().split(b"\n")
    found: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        source = b"\n".join(lines[node.lineno - 1 : node.end_lineno]).decode()
        source = CONTROLS.sub(lambda sign: sign[0].encode("unicode_escape").decode(), source)  # within texts
        source = _FURTHER.sub(_typed_further, _NEEDLESS.sub("", source))
        if isinstance(node, ast.ClassDef):
            if open_enums:
                source = re.sub(r"^(class \w+)\((Str|Int)Enum\)", r"\1(Open\2Enum)", source)
            found[node.name] = source
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = source
    return found


def _typed_further(match: re.Match[str]) -> str:
    type_ = re.sub(r"\bDict\[", "dict[", match[1])
    return f"    __pydantic_extra__: {type_} = Field(init=False)"


def _words(text: str) -> set[str]:
    """The names that a statement uses; in an alias also those that its texts hold: forward references."""
    [statement] = ast.parse(text).body
    quoted = isinstance(statement, ast.Assign)
    found: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif quoted and isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(_WORD.findall(node.value))
        is_field = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field"
        waiting += [node.func] if is_field and isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    return found


def _grouped(uses: Mapping[str, set[str]], declared: frozenset[str]) -> dict[str, list[str]]:
    """Names by the one that leads their module: circles are together, and what one module uses alone."""
    component = _circles(uses)
    users: dict[str, set[str]] = {head: set() for head in set(component.values())}
    for name, used in uses.items():
        for one in used:
            if component[one] != component[name]:
                users[component[one]].add(component[name])
    own = {component[name] for name in declared & uses.keys()}
    leader: dict[str, str] = {}
    for head in _users_first(users):
        led = {leader[one] for one in users[head]}
        leader[head] = next(iter(led)) if len(led) == 1 and head not in own else head
    groups: dict[str, list[str]] = {}
    for name in uses:
        groups.setdefault(leader[component[name]], []).append(name)
    return groups


def _users_first(users: Mapping[str, set[str]]) -> Iterable[str]:
    """Heads of circles, each after all that use it."""
    from graphlib import TopologicalSorter

    return TopologicalSorter({head: sorted(those) for head, those in sorted(users.items())}).static_order()


def _circles(uses: Mapping[str, set[str]]) -> dict[str, str]:
    """For each name the least of those that it shares a circle with, or itself (Tarjan, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: dict[str, str] = {}
    for root in uses:
        if root in index:
            continue
        work = [(root, iter(sorted(uses[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            name, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    at = stack.index(name)
                    circle, stack[at:] = stack[at:], []
                    found |= dict.fromkeys(circle, min(circle))
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                work.append((following, iter(sorted(uses[following]))))
            elif following not in found:
                low[name] = min(low[name], index[following])
    return found


def _ordered(
    members: Iterable[str], uses: Mapping[str, set[str]], statements: Mapping[str, str]
) -> list[str]:
    """The names of a module, what is used before what uses it; bases always."""
    kept = set(members)
    done: dict[str, None] = {}

    def visit(name: str, on_way: frozenset[str]) -> None:
        if name in done or name in on_way:
            return
        first = _bases(statements[name])
        for one in sorted(uses[name] & kept, key=lambda used: (used not in first, used)):
            visit(one, on_way | {name})
        done[name] = None

    for name in sorted(kept):
        for base in sorted(_bases(statements[name]) & kept):
            visit(base, frozenset())
    for name in sorted(kept):
        visit(name, frozenset())
    return list(done)


def _bases(statement: str) -> set[str]:
    head = re.match(r"class \w+\(([^)]*)\)", statement)
    return set(_WORD.findall(head[1])) if head else set()


def _module(
    ordered: list[str],
    statements: Mapping[str, str],
    uses: Mapping[str, set[str]],
    where: Mapping[str, str],
    runtime: str,
) -> str:
    words = {word for name in ordered for word in _words(statements[name])}
    sources: dict[str, set[str]] = {}
    for word in words & _IMPORTS.keys():
        sources.setdefault(_IMPORTS[word].replace("RUNTIME", runtime), set()).add(word)
    for name in {used for one in ordered for used in uses[one]} - set(ordered):
        sources.setdefault(f".{where[name]}", set()).add(name)
    lines = ["from __future__ import annotations", ""]
    order = sorted(sources, key=lambda name: (name.startswith("."), name))
    lines += [f"from {module} import {', '.join(sorted(sources[module]))}" for module in order]
    body = "\n\n\n".join(statements[name] for name in ordered)
    late = _late(ordered, uses)
    rebuilt = "\n".join(f"{name}.model_rebuild()" for name in late if statements[name].startswith("class"))
    return "\n".join(lines) + f"\n\n\n{body}\n" + (f"\n\n{rebuilt}\n" if rebuilt else "")


def _late(ordered: list[str], uses: Mapping[str, set[str]]) -> list[str]:
    """The classes that use one which is defined after them."""
    place = {name: number for number, name in enumerate(ordered)}
    return [name for name in ordered if any(place.get(one, -1) > place[name] for one in uses[name])]


def annotation(converted: Json) -> str:  # noqa: PLR0911
    """The Python type of a converted schema, where models are `models.Name` and runtime types plain names."""
    if not isinstance(converted, dict):
        return "Any"
    if "$ref" in converted:
        return "models." + str(converted["$ref"]).removeprefix(REF)
    if "const" in converted:
        return f"Literal[{converted['const']!r}]"
    for keyword in ("anyOf", "oneOf"):
        listed = converted.get(keyword)
        if isinstance(listed, list):
            return union_of(annotation(one) for one in listed)
    kind, format_ = converted.get("type"), converted.get("format")
    if kind == "array":
        return f"list[{annotation(converted.get('items', {}))}]"
    if kind == "object":
        further = converted.get("additionalProperties")
        return f"dict[str, {annotation(further)}]"
    return _SCALARS.get((str(kind), str(format_ or "")), _SCALARS.get((str(kind), ""), "Any"))


def union_of(types: Iterable[str]) -> str:
    """The type of what is one of several types: each once, None last."""
    found: dict[str, None] = {}
    for one in types:
        depth, start = 0, 0
        for at, sign in enumerate(one):
            depth += (sign == "[") - (sign == "]")
            if sign == "|" and not depth:
                found[one[start:at].strip()] = None
                start = at + 1
        found[one[start:].strip()] = None
    if "Any" in found:
        return "Any"
    return " | ".join(sorted(found, key=lambda one: one == "None")) or "None"


_SCALARS = {
    ("string", ""): "str",
    ("string", "uuid"): "UUID",
    ("string", "date-time"): "datetime",
    ("string", "date"): "date",
    ("string", "duration"): "timedelta",
    ("string", "binary"): "bytes",
    ("string", "byte"): "Base64Bytes",
    ("string", "decimal"): "Decimal",
    ("number", "decimal"): "JsonDecimal",
    ("integer", "decimal"): "JsonDecimal",
    ("integer", ""): "int",
    ("number", ""): "float",
    ("boolean", ""): "bool",
    ("null", ""): "None",
}
