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
from apicontract.generation.arrangement import grouped, late, ordered
from apicontract.generation.components import KINDS, MOST, REF
from apicontract.generation.rendering import CONTROLS, docstring, pystr
from apicontract.generation.twins import references, restored, twins, with_names
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from collections.abc import Set as AbstractSet

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
    "Base64Bytes": "RUNTIME.values", "Duration": "RUNTIME.values", "JsonDecimal": "RUNTIME.values",
    "by_kind": "RUNTIME.values", "kind": "RUNTIME.values",
}  # fmt: skip
# How datamodel-code-generator writes the type of members that are not named, and how pydantic documents it.
_FURTHER = re.compile(
    r"^    __annotations__ = \{\s*'__pydantic_extra__': (.+?),\s*\}", re.MULTILINE | re.DOTALL
)
# Types of the runtime are no arbitrary ones: pydantic knows how to read them.
_NEEDLESS = re.compile(
    r"^    model_config = ConfigDict\(\s*arbitrary_types_allowed=True,\s*\)\n", re.MULTILINE
)
_TEXTS = frozenset({"Field", "kind", "by_kind"})  # calls whose texts are no types
_MEMBER = re.compile(r"    (\w+): ")
_AS_JSON = frozenset({"str", "int", "float", "bool", "None", "Any"})  # as they are in JSON
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


@dataclass(frozen=True, slots=True)
class Words:
    """The names in a statement: all that it uses, and those that must be there when it runs."""

    used: frozenset[str]
    needed: frozenset[str]


def modules(
    schemas: Mapping[str, dict[str, Json]], declared: frozenset[str], runtime: str, *, open_enums: bool
) -> list[Module]:
    """The modules of all models, sorted by name.

    schemas: as `Schemas.finish` gives them. declared: those with modules of their own. runtime: how a module
    of clients or servers (`..._runtime.client`).
    """
    if not schemas:
        return []
    statements = _written({name: _untold(value) for name, value in schemas.items()}, open_enums=open_enums)
    missing = sorted(schemas.keys() - statements.keys())
    if missing:
        raise ContractError(f"no model can be written for {', '.join(missing[:3])}", hint="please report it")
    words = {name: _words(text) for name, text in statements.items()}
    uses = {name: (found.used & statements.keys()) - {name} for name, found in words.items()}
    needs = {name: found.needed & uses[name] for name, found in words.items()}
    groups = grouped(uses, declared)
    given = names.Names(("models",), fold=True)
    module_of = {head: given.give(names.module(head)) for head in sorted(groups)}
    where = {name: module_of[head] for head, members in groups.items() for name in members}
    told = {name: _described(text, schemas[name]) for name, text in statements.items()}
    made = []
    for head, members in groups.items():
        order = ordered(members, uses, needs)
        imports = _imports(order, words, uses, where, runtime)
        text = _module(order, told, imports, late(order, uses))
        made.append(Module(module_of[head], tuple(sorted(members)), text))
    return sorted(made, key=lambda module: module.name)


def _untold(value: dict[str, Json]) -> dict[str, Json]:
    """A schema without its descriptions, which are written apart: so what is else the same is a twin."""
    kept = {key: item for key, item in value.items() if key != "description"}
    listed = kept.get("allOf")
    if isinstance(listed, list):
        kept["allOf"] = [*listed[:-1], _untold(listed[-1]) if isinstance(listed[-1], dict) else listed[-1]]
    properties = kept.get("properties")
    if isinstance(properties, dict):
        kept["properties"] = {
            name: {key: item for key, item in one.items() if key != "description"}
            if isinstance(one, dict)
            else one
            for name, one in properties.items()
        }
    return kept


def _described(text: str, value: dict[str, Json]) -> str:
    """The text of a class, alias or enumeration with what the contract says of it and of its members."""
    about = value.get("description")
    lines = text.split("\n")
    if not text.startswith("class "):
        return f"{text}\n{docstring(about, 0)}" if about else text
    own = _own(value)
    properties = own.get("properties") if isinstance(own, dict) else None
    said = {
        python: one["description"]
        for (_, python), one in zip(
            python_fields(value).items(),
            properties.values() if isinstance(properties, dict) else (),
            strict=True,
        )
        if isinstance(one, dict) and one.get("description")
    }
    if about:
        lines[1:] = [f"    {docstring(about)}", *(line for line in lines[1:] if line != "    pass")]
    if not said:
        return "\n".join(lines)
    found: list[str] = []
    for line in lines:
        found.append(line)
        member = _MEMBER.match(line)
        if member and member[1] in said:
            found.append(f"    {docstring(said.pop(member[1]))}")
    return "\n".join(found)


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
    circles = _own_circles(schemas)
    for name in circles:
        own[name] = _circle(name, _plain_type(schemas[name]), circles)
    own |= {name: _family(name, value, schemas) for name, value in schemas.items() if KINDS in value}
    return made | own


def _circle(name: str, type_: str, circles: Collection[str]) -> str:
    """A class around a list, map or union that contains itself; in its base such names are quoted."""
    within = re.compile(rf"\b(?:{'|'.join(map(re.escape, circles))})\b")
    inner = re.fullmatch(r"(list\[|dict\[str, )(.*)\]", type_, re.DOTALL)
    choices = alternatives(type_)
    if len(choices) > 1:
        quoted = [f'"{one}"' if within.search(one) else one for one in choices]
        base = f"Union[{', '.join(quoted)}]"
    else:
        base = f'{inner[1]}"{inner[2]}"]' if inner else type_
    return f"class {name}(RootModel[{base}]):\n    root: {type_}"


def _family(name: str, value: dict[str, Json], schemas: Mapping[str, dict[str, Json]]) -> str:
    """The type of what is one of several kinds, told apart by class or by the value of a property."""
    told = value[KINDS]
    assert isinstance(told, dict)  # noqa: S101  # as schemas.py writes it
    tag, other = str(told["tag"]), str(told["other"])
    members = dict.fromkeys(references(value["anyOf"]))
    each = [f'Annotated["{one}", kind("{one}")]' for one in members]
    if told["optional"]:
        quoted = ", ".join(f'"{one}"' for one in members)
        each.append(f'Annotated[Union[{quoted}], kind("either")]')
    flat = ", ".join(repr(one.replace('"', "'")) for one in each)  # each `|` would be a level of nesting
    either = " | ".join(each) if len(each) <= MOST else f"Union[{flat}]"
    fields = dict.fromkeys([tag, *(python_fields(schemas[one]).get(tag, tag) for one in members)])
    known = f"{pystr(told['kinds'])}, {pystr(list(fields))}" + (f", other={pystr(other)}" if other else "")
    known += ', absent="either"' if told["optional"] else ""
    return f'{name} = TypeAliasType("{name}", Annotated[{either}, by_kind({known})])'


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
    wanted = {name: _field(name) for name in properties}
    kept = {
        name: given.give(name) for name in wanted if wanted[name] == name
    }  # both names mean this one alone
    return {name: kept.get(name) or given.give(wanted[name]) for name in wanted}


def _field(name: str) -> str:
    found = names.snake(name)
    return f"{found}_" if found in _TAKEN or found.startswith("model_") else found


def _generated(schemas: Mapping[str, Json]) -> str:
    """The text of one module with all classes."""
    import json
    import warnings

    from datamodel_code_generator import DefaultValueTypeWarning, InputFileType, LiteralType, generate
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DefaultValueTypeWarning)  # `_read_default` sees to it
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
        written = lines[node.lineno - 1 : node.end_lineno]
        if isinstance(node, ast.ClassDef):
            _read_defaults(node, written)
        source = b"\n".join(written).decode()
        source = CONTROLS.sub(lambda sign: sign[0].encode("unicode_escape").decode(), source)  # within texts
        source = _FURTHER.sub(_typed_further, _NEEDLESS.sub("", source))
        if isinstance(node, ast.ClassDef):
            if open_enums:
                source = re.sub(r"^(class \w+)\((Str|Int)Enum\)", r"\1(Open\2Enum)", source)
            found[node.name] = source
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = source
    return found


def _read_defaults(made: ast.ClassDef, lines: list[bytes]) -> None:
    """Have members with a default that is none of JSON's values read it, as a value of their type.

    lines: those of the class, which are written anew.
    """
    for member in made.body:
        if not isinstance(member, ast.AnnAssign) or member.value is None:
            continue
        value, last = member.value, (member.value.end_lineno or 0) - made.lineno
        call = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Field"
        given = value.args[0] if isinstance(value, ast.Call) and call and value.args else value
        if _names(member.annotation, quoted=False) - {"Literal"} <= _AS_JSON or (
            isinstance(given, ast.Constant) and given.value in (None, ...)
        ):
            continue
        line, end = lines[last], value.end_col_offset or 0
        if call:
            lines[last] = line[: end - 1] + b", validate_default=True" + line[end - 1 :]
            continue
        lines[last] = line[:end] + b", validate_default=True)" + line[end:]
        first = value.lineno - made.lineno
        lines[first] = lines[first][: value.col_offset] + b"Field(" + lines[first][value.col_offset :]


def _typed_further(match: re.Match[str]) -> str:
    type_ = re.sub(r"\bDict\[", "dict[", match[1])
    return f"    __pydantic_extra__: {type_} = Field(init=False)"


def _words(text: str) -> Words:
    """The names that a statement uses; in an alias also those that its texts hold: forward references."""
    [statement] = ast.parse(text).body
    if isinstance(statement, ast.ClassDef):
        needed = {name for base in statement.bases for name in _names(base, quoted=False)}
        return Words(frozenset(_names(statement, quoted=False)), frozenset(needed))
    return Words(frozenset(_names(statement, quoted=True)), frozenset(_names(statement, quoted=False)))


def _names(node: ast.AST, *, quoted: bool) -> set[str]:
    """The names that code loads; those in texts too where they are forward references."""
    found: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif quoted and isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(_WORD.findall(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
            waiting.append(node.func)
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _imports(
    order: list[str],
    words: Mapping[str, Words],
    uses: Mapping[str, AbstractSet[str]],
    where: Mapping[str, str],
    runtime: str,
) -> list[str]:
    """The imports of a module: from elsewhere, then from the modules beside it."""
    sources: dict[str, set[str]] = {}
    for word in {word for name in order for word in words[name].used} & _IMPORTS.keys():
        sources.setdefault(_IMPORTS[word].replace("RUNTIME", runtime), set()).add(word)
    for name in {used for one in order for used in uses[one]} - set(order):
        sources.setdefault(f".{where[name]}", set()).add(name)
    listed = sorted(sources, key=lambda name: (name.startswith("."), name))
    return [f"from {module} import {', '.join(sorted(sources[module]))}" for module in listed]


def _module(order: list[str], statements: Mapping[str, str], imports: list[str], rebuilt: list[str]) -> str:
    """The text of a module. rebuilt: what uses a class that is defined after it."""
    body = "\n\n\n".join(statements[name] for name in order)
    after = "\n".join(f"{name}.model_rebuild()" for name in rebuilt if statements[name].startswith("class"))
    head = "\n".join(["from __future__ import annotations", "", *imports])
    return f"{head}\n\n\n{body}\n" + (f"\n\n{after}\n" if after else "")


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
    found = dict.fromkeys(part for one in types for part in alternatives(one))
    if "Any" in found:
        return "Any"
    return " | ".join(sorted(found, key=lambda one: one == "None")) or "None"


def alternatives(type_: str) -> list[str]:
    """The types that a union offers; the type itself if it is none."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(type_):
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and not depth:
            found.append(type_[start:at].strip())
            start = at + 1
    return [*found, type_[start:].strip()]


_SCALARS = {
    ("string", ""): "str",
    ("string", "uuid"): "UUID",
    ("string", "date-time"): "datetime",
    ("string", "date"): "date",
    ("string", "duration"): "Duration",
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
