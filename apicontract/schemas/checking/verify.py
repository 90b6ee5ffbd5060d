"""Confirms witnesses with jsonschema-rs, which shares no code with what found them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.checking.export import Exporter
from apicontract.schemas.sets.formats import is_base64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema_rs import Draft202012Validator

    from apicontract.schemas.handles import Json, Schema
    from apicontract.schemas.translation.translate import Context, Translator

Reading = tuple["Schema", "Context"]


class Check(NamedTuple):
    """One schema made ready for one set of member names: with formats asserted, and with formats ignored.

    rewritten: a discriminator or number format became a condition, which ignoring formats does not undo.
    """

    strict: Draft202012Validator
    document: dict[str, Json]
    rewritten: bool


class Verifier:
    """Validators by place, made once; `formats` and `tags`: whether formats and discriminators restrict."""

    def __init__(self, translator: Translator, *, formats: bool, tags: bool = True) -> None:
        self._translator = translator
        self._formats = formats
        self._tags = tags
        self._exporters: dict[frozenset[str], Exporter] = {}
        self._checks: dict[tuple[Schema, Context, frozenset[str]], Check | None] = {}

    def refuses(self, sub: Reading, sup: Reading, value: Json) -> bool | None:
        """Whether the value is valid under `sub` and invalid under `sup`; None if a schema cannot be read."""
        sent = self.valid(*sub, value)
        if sent is None:
            return None
        accepted = self.valid(*sup, value)
        return None if accepted is None else sent and not accepted

    def refuses_without_formats(self, sub: Reading, sup: Reading, value: Json) -> bool | None:
        """The same where formats say nothing; None if that takes more than ignoring a keyword."""
        names = frozenset(member_names(value))
        accepted = []
        for schema, context in (sub, sup):
            check = self._check(schema, context, names)
            if check is None or check.rewritten:
                return None
            accepted.append(_validator(check.document, formats=False).is_valid(value))
        return accepted[0] and not accepted[1]

    def valid(self, schema: Schema, context: Context, value: Json) -> bool | None:
        """Whether the validator accepts the value; None if it cannot read the schema or the value."""
        check = self._check(schema, context, frozenset(member_names(value)))
        if check is None:
            return None
        try:
            return check.strict.is_valid(value)
        except (ValueError, TypeError, OverflowError):
            return None

    def _check(self, schema: Schema, context: Context, names: frozenset[str]) -> Check | None:
        key = (schema, context, names)
        if key not in self._checks:
            self._checks[key] = self._made(schema, context, names)
        return self._checks[key]

    def _made(self, schema: Schema, context: Context, names: frozenset[str]) -> Check | None:
        exporter = self._exporters.get(names)
        if exporter is None:
            exporter = self._exporters[names] = Exporter(
                self._translator, names, formats=self._formats, tags=self._tags
            )
        document = exporter.document(schema, context)
        if document is None:
            return None
        try:
            return Check(_validator(document, formats=self._formats), document, exporter.rewritten)
        except ValueError:
            return None


def _validator(document: dict[str, Json], *, formats: bool) -> Draft202012Validator:
    """A validator of the document; ValueError if it cannot be read."""
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(
            document, validate_formats=formats, formats={"byte": is_base64}
        )
    except (TypeError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as problem:
        raise ValueError(str(problem)) from problem


def member_names(value: Json) -> Iterator[str]:
    """Every member name in a value, at any depth."""
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            if isinstance(item, dict | list):
                yield from member_names(item)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                yield from member_names(item)
