"""From a request to the arguments of a handler: every style of OpenAPI, the way back from `http.parameters`.

What is not as the contract says ends as a `Failure` that names each place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, unquote_plus

from pydantic import ValidationError

from .checking import MISSING
from .problems import Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from .checking import Checks, Forms, Json
    from .operations import Operation, Parameter, Typed

_DELIMITERS = {
    "spaceDelimited": (" ", "%20", "+"),
    "pipeDelimited": ("|", "%7C", "%7c"),
    "tabDelimited": ("\t", "%09"),
}


def arguments(operation: Operation, request: Request, checks: Checks) -> dict[str, object]:
    """The values of all parameters by their Python names; those that were not sent are left out."""
    raw_query = request.scope.get("query_string", b"").decode("latin-1")
    found: dict[str, object] = {}
    wrong: list[dict[str, str]] = []
    for parameter in operation.parameters:
        place = f"{parameter.place} {parameter.name}"
        forms = checks.forms(operation.title, "parameters", place)
        try:
            value = _raw(parameter, forms, request, raw_query, operation)
        except ValueError as error:
            wrong.append({"at": place, "problem": str(error)})
            continue
        if value is MISSING:
            if forms.default is not MISSING:
                value = forms.default
            elif parameter.required:
                wrong.append({"at": place, "problem": "is required and missing"})
                continue
            else:
                continue
        problems = checks.problems("in", value, operation.title, "parameters", place)
        if problems:
            wrong.extend({"at": place + problem["at"], "problem": problem["problem"]} for problem in problems)
            continue
        try:
            found[parameter.python] = typed(parameter.typed, value)
        except ValidationError as error:
            wrong.append({"at": place, "problem": said(error)})
    if wrong:
        raise invalid("request", wrong)
    return found


def typed(type_: Typed, value: object) -> object:
    """A JSON value as the Python type that handlers get."""
    return type_.adapter.validate_python(value, strict=False, by_alias=True, by_name=False)


def said(error: ValidationError) -> str:
    """The first thing that is wrong."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")


def _raw(
    parameter: Parameter, forms: Forms, request: Request, raw_query: str, operation: Operation
) -> object:
    """The JSON value that a parameter's text stands for; MISSING if it was not sent."""
    if parameter.place == "query":
        return _query(parameter, forms, raw_query)
    if parameter.place == "querystring":
        return _whole_query(parameter, forms, raw_query)
    if parameter.place == "path":
        text = str(request.path_params[f"p{operation.path_names.index(parameter.name)}"])
        return _content(parameter, text) if parameter.media else _path(parameter, forms, text)
    if parameter.place == "header":
        values = request.headers.getlist(parameter.name)
        text = ", ".join(values) if forms.kind == "array" else (values[0] if values else "")
    else:
        cookie = request.cookies.get(parameter.name)
        values, text = ([] if cookie is None else [cookie]), unquote(cookie or "")
    if not values:
        return MISSING
    if parameter.media:
        return _content(parameter, text)
    return _members(
        forms, [part.strip() for part in text.split(",")], text.strip(), explode=parameter.explode
    )


def _content(parameter: Parameter, text: str) -> Json:
    """A parameter with a media type of its own: JSON, or text."""
    if "json" not in parameter.media:
        return text
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    return value


def _path(parameter: Parameter, forms: Forms, text: str) -> Json:
    if parameter.style == "label":
        if not text.startswith("."):
            raise ValueError("must begin with a full stop")
        text = text[1:]
        return _members(forms, text.split("." if parameter.explode else ","), text, explode=parameter.explode)
    if parameter.style == "matrix":
        if not text.startswith(";"):
            raise ValueError("must begin with a semicolon")
        pairs = [piece.partition("=") for piece in text[1:].split(";")]
        if forms.kind == "object" and parameter.explode:
            return {name: forms.member(name).value(what) for name, _, what in pairs}
        if any(name != parameter.name for name, _, _ in pairs):
            raise ValueError(f"must be written ;{parameter.name}=")
        texts = [what for _, _, what in pairs]
        if forms.kind == "array" and parameter.explode:
            return [forms.items.value(one) for one in texts]
        return _members(forms, texts[0].split(","), texts[0], explode=False)
    return _members(forms, text.split(","), text, explode=parameter.explode)


def _members(forms: Forms, parts: Sequence[str], whole: str, *, explode: bool) -> Json:
    """An array, an object or a single value from its pieces."""
    if forms.kind == "array":
        return [forms.items.value(part) for part in parts] if whole else []
    if forms.kind == "object":
        if explode:
            if not all("=" in part for part in parts):
                raise ValueError("must be written name=value")
            pairs = [(name, what) for name, _, what in (part.partition("=") for part in parts)]
        else:
            if len(parts) % 2:
                raise ValueError("names and values must come by turns")
            pairs = list(zip(parts[::2], parts[1::2], strict=True))
        return {name: forms.member(name).value(what) for name, what in pairs}
    return forms.value(whole)


def _query(parameter: Parameter, forms: Forms, raw: str) -> object:
    pairs = [piece.partition("=") for piece in raw.split("&") if piece]
    named = [(unquote_plus(name), what) for name, _, what in pairs]
    if parameter.style == "deepObject":
        return _deep(parameter.name, forms, named)
    if forms.kind == "object" and parameter.explode and not parameter.media:
        others = [(name, unquote_plus(what)) for name, what in named if name in forms.names]
        return {name: forms.member(name).value(what) for name, what in others} if others else MISSING
    texts = [what for name, what in named if name == parameter.name]
    if not texts:
        return MISSING
    if parameter.media:
        return _content(parameter, unquote_plus(texts[0]))
    if forms.kind == "array" and parameter.explode:
        return [forms.items.value(unquote_plus(text)) for text in texts]
    if forms.kind == "single":
        if len(texts) > 1:
            raise ValueError("is given more than once")
        return forms.value(unquote_plus(texts[0]))
    text = texts[0]
    for sign in _DELIMITERS.get(parameter.style, (",",))[1:]:
        text = text.replace(sign, _DELIMITERS[parameter.style][0])
    parts = [unquote_plus(part) for part in text.split(_DELIMITERS.get(parameter.style, (",",))[0])]
    return _members(forms, parts, text, explode=False)


def _deep(name: str, forms: Forms, pairs: Sequence[tuple[str, str]]) -> object:
    """`name[a][b]=v` as nested objects; what is given more than once is an array."""
    found: dict[str, Json] = {}
    for key, raw in pairs:
        if not key.startswith(name + "[") or not key.endswith("]"):
            continue
        steps = key[len(name) + 1 : -1].split("][")
        inner, place = found, forms
        for step in steps[:-1]:
            inner, place = _object(step, inner.setdefault(step, {})), place.member(step)
        place = place.member(steps[-1])
        text = unquote_plus(raw)
        if place.kind == "array":
            listed = inner.setdefault(steps[-1], [])
            if isinstance(listed, list):
                listed.append(place.items.value(text))
        else:
            inner[steps[-1]] = place.value(text)
    return found or MISSING


def _object(step: str, value: Json) -> dict[str, Json]:
    if isinstance(value, dict):
        return value
    raise ValueError(f"{step} is both a value and an object")


def _whole_query(parameter: Parameter, forms: Forms, raw: str) -> object:
    """OpenAPI 3.2's `querystring`: all of the query is one value."""
    if not raw:
        return MISSING
    if "json" in parameter.media:
        return _content(parameter, unquote(raw))
    return form_value(parse_qsl(raw, keep_blank_values=True), forms)


def form_value(pairs: Sequence[tuple[str, str]], forms: Forms) -> dict[str, Json]:
    """The fields of a form as one object; fields that are arrays take every value."""
    found: dict[str, Json] = {}
    for name, text in pairs:
        place = forms.member(name)
        if place.kind == "array":
            listed = found.setdefault(name, [])
            if isinstance(listed, list):
                listed.append(place.items.value(text))
        elif place.kind == "object" and text.startswith("{"):
            try:
                found[name] = json.loads(text)
            except (ValueError, RecursionError):
                raise Failure(400, f"The field {name} is no JSON.") from None
        else:
            found[name] = place.value(text)
    return found


def documented(names: Mapping[str, object], media: str) -> str | None:
    """Which of the documented media types an actual one is; None if it is none of them."""
    plain = media.partition(";")[0].strip().lower()
    for one in names:
        if one.partition(";")[0].strip().lower() == plain:
            return one
    for one in names:
        known = one.partition(";")[0].strip().lower()
        if known == "*/*" or (known.endswith("/*") and plain.startswith(known[:-1])):
            return one
    return None
