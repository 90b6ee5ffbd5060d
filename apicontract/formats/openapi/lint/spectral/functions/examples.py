"""Examples and defaults against their schemas: all of a contract at once, and what fails in Spectral's words.

Spectral writes every schema out and compiles it anew; here all are definitions of one. A schema that holds
itself is left alone, as Spectral does (it cannot compile what remains of the reference).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs

from apicontract.formats.openapi.lint.spectral.functions.schema import complaints, first_only, said
from apicontract.formats.openapi.lint.spectral.model import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from apicontract.formats.openapi.lint.spectral.resolving import Documents
    from apicontract.sources import Document, Json

_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_TIME = re.compile(
    r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:z|[+-][0-2]\d(?::?[0-5]\d)?)", re.IGNORECASE
)
_EXCUSED = {"request": "readOnly", "response": "writeOnly"}
_LIMIT = 1_000_000
_TYPES: dict[object, tuple[type, ...]] = {  # of values that are of a type beyond doubt
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_TELLING = frozenset(  # what asks nothing of a value that is of the type
    {
        "type", "nullable", "title", "description", "example", "examples", "default", "deprecated",
        "readOnly", "writeOnly", "externalDocs", "xml",
    }
)  # fmt: skip


def _date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _base64(value: str) -> bool:
    try:
        base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_FORMATS: dict[str, Callable[[str], bool]] = {
    "uuid": lambda value: bool(_UUID.fullmatch(value)),
    "date": _date,
    "time": lambda value: bool(_TIME.fullmatch(value)),
    "byte": _base64,
}


class _Claim(NamedTuple):
    value: Json
    name: str
    last: str
    report: Callable[[Result], None]


class Examples:
    """The claims of one run; `run` settles them."""

    def __init__(self, documents: Documents, formats: frozenset[str]) -> None:
        self._documents = documents
        self._modern = bool(formats & {"oas3_1", "oas3_2"})
        self._nullable = "nullable" if "oas3_0" in formats else "x-nullable" if "oas2" in formats else ""
        self._definitions: dict[str, Json] = {}
        self._names: dict[tuple[int, str], str] = {}
        self._needs: dict[str, set[str]] = {}
        self._circular: dict[str, bool] = {}
        self._broken: set[str] = set()  # definitions that Ajv does not take
        self._kept: list[Json] = []
        self._claims: list[_Claim] = []
        texts = [one.text for one in documents.library.documents()]
        self._flows = {
            flow for flow, mark in _EXCUSED.items() if any(mark.encode() in text for text in texts)
        }

    def claim(
        self,
        value: Json,
        schema: Json,
        document: Document,
        flow: str,
        last: str,
        report: Callable[[Result], None],
    ) -> None:
        """Note that `value`, called `last`, should fit `schema`; `report` is called if it does not."""
        if _fits_plainly(value, schema):
            return
        name = self._define(schema, document, flow if flow in self._flows else "")
        if self._is_circular(name):
            return
        if self._broken and not self._broken.isdisjoint(self._reached(name)):
            report(Result('"nullable" cannot be used without "type"'))
        else:
            whole = self._documents.whole(value, document)
            self._claims.append(_Claim(whole, name, last, report))  # type: ignore[arg-type]  # a value of a document

    def run(self) -> None:
        """Settle all claims: together, or, where some value cannot be run, each alone."""
        if not self._claims:
            return
        root: dict[str, Json] = {
            "properties": {
                f"v{at}": {"$ref": f"#/definitions/{one.name}"} for at, one in enumerate(self._claims)
            },
            "definitions": self._definitions,
        }
        try:
            validator = self._made(root)
        except (ValueError, RecursionError):
            self._trim()
            validator = self._made(root)
        values: dict[str, Json] = {f"v{at}": one.value for at, one in enumerate(self._claims)}
        try:
            errors = list(validator.iter_errors(values))
        except (ValueError, OverflowError, RecursionError):
            errors = [error for name, value in values.items() for error in _alone(validator, name, value)]
        self._tell(complaints(root, errors))

    def _made(self, schema: dict[str, Json]) -> jsonschema_rs.Validator:
        made = jsonschema_rs.Draft202012Validator if self._modern else jsonschema_rs.Draft4Validator
        limit = jsonschema_rs.FancyRegexOptions(backtrack_limit=_LIMIT)
        return made(schema, formats=_FORMATS, validate_formats=True, pattern_options=limit)

    def _trim(self) -> None:
        """Let definitions that are no schemas accept anything; what is wrong is said where they stand."""
        others: Json = {each: {} for each in self._definitions}
        for name, held in self._definitions.items():
            try:
                self._made({"allOf": [held], "definitions": others})
            except (ValueError, RecursionError):
                self._definitions[name] = {}

    def _tell(self, found: Sequence[object]) -> None:
        by_claim: dict[int, list[object]] = {}
        for one in found:
            by_claim.setdefault(int(one.at[0][1:]), []).append(_below(one))  # type: ignore[attr-defined]
        for at, listed in by_claim.items():
            claim = self._claims[at]
            for result in said(first_only(listed), claim.value, claim.last):  # type: ignore[arg-type]
                claim.report(result)

    def _reached(self, name: str) -> set[str]:
        """A definition and those that it leads to."""
        found, waiting = {name}, [name]
        while waiting:
            fresh = self._needs[waiting.pop()] - found
            found |= fresh
            waiting += fresh
        return found

    def _is_circular(self, name: str) -> bool:
        """Whether a definition leads to one that holds itself."""
        if name not in self._circular:
            self._circular[name] = True  # while it is being found out
            self._circular[name] = any([self._is_circular(each) for each in self._needs[name]])  # noqa: C419
        return self._circular[name]

    def _define(self, schema: Json, document: Document, flow: str) -> str:
        key = (id(schema), flow)
        if key not in self._names:
            name = self._names[key] = f"{len(self._names)}"
            self._kept.append(schema)
            self._needs[name] = set()
            self._definitions[name] = {}
            self._definitions[name] = self._built(schema, document, flow, name)
        return self._names[key]

    def _built(self, value: Json, document: Document, flow: str, name: str) -> Json:
        if isinstance(value, list):
            return [
                self._built(one, document, flow, name) if isinstance(one, dict | list) else one
                for one in value
            ]
        if not isinstance(value, dict):
            return value
        held = self._documents.followed(value, document)
        if held is not None:
            needed = self._define(held.value, held.document, flow)
            self._needs[name].add(needed)
            return {"$ref": f"#/definitions/{needed}"}
        made: dict[str, Json] = {
            key: self._built(one, document, flow, name) if isinstance(one, dict | list) else one
            for key, one in value.items()
            if not (key in ("id", "$id", "$schema", "description") and isinstance(one, str))
        }
        self._bend(value, made, document, flow, name)
        return made

    def _bend(
        self, value: dict[str, Json], made: dict[str, Json], document: Document, flow: str, name: str
    ) -> None:
        """`nullable`, the flags of Swagger 2.0, and properties that need not be there in this flow."""
        if self._nullable and value.get(self._nullable) is True and isinstance(value.get("type"), str):
            made["type"] = [value["type"], "null"]
        elif value.get("nullable") is True and "type" not in value and not self._modern:
            self._broken.add(name)
        required, properties = value.get("required"), value.get("properties")
        if isinstance(required, bool) and not self._modern:
            del made["required"]
        if flow and isinstance(required, list) and isinstance(properties, dict):
            mark = _EXCUSED[flow]
            excused = {
                name
                for name, one in properties.items()
                if isinstance(held := self._documents.plain(one, document), dict) and held.get(mark) is True
            }
            left = [name for name in required if name not in excused]
            if left:
                made["required"] = left
            elif "required" in made:
                del made["required"]


def _fits_plainly(value: Json, schema: Json) -> bool:
    """Whether a value is of the type that a schema names and which is all that it asks for.

    Most properties with an example are like that, and a schema made ready for each takes far longer.
    """
    if not isinstance(schema, dict):
        return False
    kinds = _TYPES.get(schema["type"]) if isinstance(schema.get("type"), str) else None
    if kinds is None or type(value) not in kinds or (isinstance(value, dict) and "$ref" in value):
        return False
    return all(key in _TELLING or key.startswith("x-") for key in schema)


def _alone(validator: jsonschema_rs.Validator, name: str, value: Json) -> list[jsonschema_rs.ValidationError]:
    try:
        return list(validator.iter_errors({name: value}))
    except (ValueError, OverflowError, RecursionError):
        return []


def _below(one: object) -> object:
    branches = tuple(tuple(_below(each) for each in branch) for branch in one.branches)  # type: ignore[attr-defined]
    return one._replace(at=one.at[1:], branches=branches)  # type: ignore[attr-defined]
