"""The functions of `spectral:oas` that look at paths, operations, tags, security and servers as wholes."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING
from urllib.parse import quote

from apicontract.formats.openapi.lint.spectral.functions.core import orphans
from apicontract.formats.openapi.lint.spectral.model import Context, Function, Result
from apicontract.formats.openapi.lint.spectral.values import UNDEFINED, number, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.sources import Json

    Options = Mapping[str, Json]

METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
_VARIABLE = re.compile(r"\{;?\??[a-zA-Z0-9_-]+\*?\}")
_FORM = re.compile(r"application/x-www-form-urlencoded|multipart/form-data")
_SHELVES = (
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "links",
    "callbacks",
)
_ABSOLUTE = re.compile(
    r"(?:https?|wss?|ftp)://[^\s/{}|<>^:?#@]+(?::\d*)?(?:[/?#]|$)|(?!(?:https?|wss?|ftp):)[a-zA-Z][a-zA-Z0-9+.-]*:"
)
_SHOWN = 5  # invalid URLs that a message lists
_SUBSTITUTIONS = 10_000  # that are tried at most
_OBJECT = frozenset({"object"})
_ARRAY = frozenset({"array"})


def _operations(paths: object, context: Context) -> Iterator[tuple[str, str, dict[str, Json]]]:
    for path, item in paths.items() if isinstance(paths, dict) else ():
        item = context.documents.plain(item, context.document)  # noqa: PLW2901
        if isinstance(item, dict):
            for method, operation in item.items():
                if method in METHODS and isinstance(operation, dict):
                    yield path, method, operation


def _unique_ids(paths: object, _options: Options, context: Context) -> Iterator[Result]:
    seen: set[str] = set()
    for path, method, operation in _operations(paths, context):
        if "operationId" in operation:
            name = text(operation["operationId"])
            if name in seen:
                yield Result(
                    "operationId must be unique.", ("paths", path, method, "operationId"), absolute=True
                )
            seen.add(name)


def _tags_defined(root: object, _options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(root, dict)  # noqa: S101  # asked of objects only
    listed = root.get("tags")
    known = (
        {tag.get("name") for tag in listed if isinstance(tag, dict) and isinstance(tag.get("name"), str)}
        if isinstance(listed, list)
        else set()
    )
    for path, method, operation in _operations(root.get("paths"), context):
        tags = operation.get("tags")
        for at, tag in enumerate(tags if isinstance(tags, list) else ()):
            if not isinstance(tag, str) or tag not in known:
                yield Result(
                    "Operation tags must be defined in global tags.",
                    ("paths", path, method, "tags", str(at)),
                    absolute=True,
                )


def _success(responses: object, _options: Options, context: Context) -> Iterator[Result]:
    for status in responses if isinstance(responses, dict) else ():
        if ("oas3" in context.formats and status in ("2XX", "3XX")) or 200 <= number(status) < 400:  # noqa: PLR2004
            return
    yield Result("Operation must define at least a single 2xx or 3xx response")


def _form_consumes(operation: object, _options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(operation, dict)  # noqa: S101
    consumes, parameters = operation.get("consumes"), operation.get("parameters")
    if not isinstance(consumes, list) or not isinstance(parameters, list):
        return
    held = (context.documents.plain(one, context.document) for one in parameters)
    if any(isinstance(one, dict) and one.get("in") == "formData" for one in held) and not _FORM.search(
        text(consumes)
    ):
        yield Result(
            "Consumes must include urlencoded, multipart, or form-data media type"
            " when using formData parameter."
        )


def _parameters(listed: object, _options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(listed, list)  # noqa: S101
    seen: set[tuple[str, str]] = set()
    bodies: list[int] = []
    forms = 0
    for at, raw in enumerate(listed):
        one = context.documents.plain(raw, context.document)
        if not isinstance(one, dict) or "$ref" in one:
            continue
        name = (text(one.get("in", UNDEFINED)), text(one.get("name", UNDEFINED)))
        if name in seen:
            same = 'the same combination of "name" and "in" values.'
            yield Result(f"A parameter in this operation already exposes {same}", (str(at),))
        seen.add(name)
        forms += name[0] == "formData"
        if name[0] == "body":
            bodies.append(at)
    if bodies and forms:
        yield Result('Operation must not have both "in:body" and "in:formData" parameters.')
    for at in bodies[1:]:
        yield Result(
            'Operation must not have more than a single instance of the "in:body" parameter.', (str(at),)
        )


def _named(
    listed: object, where: tuple[str, ...], context: Context, found: list[Result]
) -> dict[str, tuple[str, ...]]:
    """The path parameters of a list by name, with their places; what is wrong with each goes to `found`."""
    seen: dict[str, tuple[str, ...]] = {}
    for at, raw in enumerate(listed if isinstance(listed, list) else ()):
        one = context.documents.plain(raw, context.document)
        if not isinstance(one, dict) or one.get("in") != "path" or "name" not in one:
            continue
        name, place = text(one["name"]), (*where, str(at))
        if one.get("required") is not True:
            said = f'Path parameter "{name}" must have "required" property that is set to "true".'
            found.append(Result(said, place, absolute=True))
        if name in seen:
            said = f'Path parameter "{name}" must not be defined multiple times.'
            found.append(Result(said, place, absolute=True))
        else:
            seen[name] = place
    return seen


def _path_parameters(paths: object, _options: Options, context: Context) -> Iterator[Result]:
    known: dict[str, str] = {}
    found: list[Result] = []
    for path, raw in paths.items() if isinstance(paths, dict) else ():
        item = context.documents.plain(raw, context.document)
        if not isinstance(item, dict | list):
            continue
        shape = _VARIABLE.sub("%", path)
        if shape in known:
            said = f'Paths "{known[shape]}" and "{path}" must not be equivalent.'
            found.append(Result(said, ("paths", path), absolute=True))
        known.setdefault(shape, path)
        wanted: list[str] = []
        for name in (re.sub(r"[{}?*;]", "", one) for one in _VARIABLE.findall(path)):
            if name in wanted:
                said = f'Path "{path}" must not use parameter "{{{name}}}" multiple times.'
                found.append(Result(said, ("paths", path), absolute=True))
            else:
                wanted.append(name)
        if isinstance(item, dict):
            shared = _named(item.get("parameters"), ("paths", path, "parameters"), context, found)
            for method, operation in item.items():
                if method in METHODS and isinstance(operation, dict):
                    where = ("paths", path, method)
                    own = _named(operation.get("parameters"), (*where, "parameters"), context, found)
                    found += _unmatched(path, {**shared, **own}, wanted, where)
    yield from found


def _unmatched(
    path: str, defined: dict[str, tuple[str, ...]], wanted: list[str], where: tuple[str, ...]
) -> Iterator[Result]:
    for name, place in defined.items():
        if name not in wanted:
            yield Result(f'Parameter "{name}" must be used in path "{path}".', place, absolute=True)
    for name in wanted:
        if name not in defined:
            said = f'Operation must define parameter "{{{name}}}" as expected by path "{path}".'
            yield Result(said, where, absolute=True)


def _security(requirement: object, options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(requirement, dict)  # noqa: S101
    if not all(
        isinstance(held, list) and all(isinstance(one, str) for one in held) for held in requirement.values()
    ):
        return
    root = context.documents.root.value
    old = options.get("oasVersion") == 2  # noqa: PLR2004
    where = "securityDefinitions" if old else "components.securitySchemes"
    keys = ("securityDefinitions",) if old else ("components", "securitySchemes")
    defined = context.documents.get(root, context.documents.root, keys, resolved=False)
    for name, scopes in requirement.items():
        if not isinstance(defined, dict) or name not in defined:
            who = "API" if len(context.path_names()) == 2 else "Operation"  # noqa: PLR2004
            yield Result(
                f'{who} "security" values must match a scheme defined in the "{where}" object.', (name,)
            )
            continue
        assert isinstance(scopes, list)  # noqa: S101
        for at, scope in enumerate(scopes):
            if not _is_scope(str(scope), defined[name], old=old):
                yield Result(f'"{scope}" must be listed among scopes.', (name, str(at)))


def _is_scope(name: str, scheme: object, *, old: bool) -> bool:
    if not isinstance(scheme, dict):
        return False
    flows = scheme.get("flows")
    holders = [scheme] if old else list(flows.values()) if isinstance(flows, dict) else []
    scopes = [one.get("scopes") for one in holders if isinstance(one, dict)]
    return any(isinstance(one, dict) and name in one for one in scopes)


def _unused(root: object, _options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(root, dict)  # noqa: S101
    components = root.get("components")
    for shelf in _SHELVES if isinstance(components, dict) else ():
        yield from orphans(components.get(shelf), f"#/components/{shelf}", context)  # type: ignore[union-attr]


def _unique_tags(tags: object, _options: Options, _context: Context) -> Iterator[Result]:
    names = (
        [tag.get("name") if isinstance(tag, dict) else None for tag in tags] if isinstance(tags, list) else []
    )
    if not all(isinstance(name, str) for name in names):
        return
    for at, name in enumerate(names):
        if name in names[:at]:
            yield Result(f'"tags" object contains duplicate tag name "{name}".', (str(at), "name"))


def _server_variables(server: object, _options: Options, _context: Context) -> Iterator[Result]:
    assert isinstance(server, dict)  # noqa: S101
    url, variables = server.get("url"), server.get("variables", {})
    held = variables.values() if isinstance(variables, dict) else [None]
    if not isinstance(url, str) or not all(isinstance(one, dict) for one in held):
        yield Result("Invalid Server Object")
        return
    wanted = re.findall(r"\{(.+?)\}", url)
    assert isinstance(variables, dict)  # noqa: S101
    for name in variables:
        if name not in wanted:
            said = f'Server\'s "variables" object has unused defined "{name}" url variable.'
            yield Result(said, ("variables", name))
    missing = [name for name in wanted if name not in variables]
    if missing:
        said = 'Not all server\'s variables are described with "variables" object.'
        said = f"{said} Missed: {', '.join(missing)}."
        yield Result(said, ("variables",))
    if not wanted or "variables" not in server:
        return
    pairs: list[tuple[str, list[str]]] = []
    for name, one in variables.items():
        if name in wanted and isinstance(one, dict):
            yield from _variable_problems(name, one)
            default = one.get("default")
            choices = one.get("enum", [] if default is None else [default])
            pairs.append((name, [text(each) for each in choices] if isinstance(choices, list) else []))
    yield from _substitutions(url, pairs)


def _variable_problems(name: str, one: dict[str, Json]) -> Iterator[Result]:
    choices = one.get("enum")
    if isinstance(choices, list) and "default" in one and one["default"] not in choices:
        said = f'Server Variable "{name}" has a default not listed in the enum.'
        yield Result(said, ("variables", name, "default"))
    if "default" not in one:
        yield Result(f'Server Variable "{name}" has a missing default.', ("variables", name))


def _substitutions(url: str, pairs: list[tuple[str, list[str]]]) -> Iterator[Result]:
    """What the variables make of the URL, where that is no absolute one; the first few say enough."""
    invalid: list[str] = []
    every = product(*(values for _, values in pairs)) if pairs else iter(())
    for chosen in islice(every, _SUBSTITUTIONS):
        made = url
        for (name, _), value in zip(pairs, chosen, strict=True):
            made = made.replace(f"{{{name}}}", quote(value, safe="-_.!~*'();/?:@&=+$,#"))
        if not _ABSOLUTE.match(made):
            invalid.append(made)
            if len(invalid) == _SHOWN:
                break
    if invalid:
        start = "At least 5" if len(invalid) == _SHOWN else "A few"
        more = " and more" if len(invalid) == _SHOWN else ""
        said = (
            f"{start} substitutions of server variables resulted in invalid URLs: {', '.join(invalid)}{more}"
        )
        yield Result(said, ("variables",))


OPERATIONS = (
    Function("oasOpIdUnique", _unique_ids, _OBJECT),
    Function("oasTagDefined", _tags_defined, _OBJECT),
    Function("oasOpSuccessResponse", _success, _OBJECT),
    Function("oasOpFormDataConsumeCheck", _form_consumes, _OBJECT),
    Function("oasOpParams", _parameters, _ARRAY),
    Function("oasPathParam", _path_parameters, _OBJECT),
    Function("oasSecurityDefined", _security, _OBJECT),
    Function("oasUnusedComponent", _unused, _OBJECT),
    Function("uniquenessTags", _unique_tags, _ARRAY),
    Function("serverVariables", _server_variables, _OBJECT),
)
