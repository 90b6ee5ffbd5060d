"""Confirms witnesses with jsonschema-rs, which shares no code with what found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.checking.export import Exporter
from apicontract.schemas.sets.formats import is_base64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema_rs import Draft202012Validator

    from apicontract.schemas.handles import Json, Schema
    from apicontract.schemas.translation.translate import Context, Translator


class Verifier:
    """Validators by place, made once; `formats` and `tags`: whether formats and discriminators restrict."""

    def __init__(self, translator: Translator, *, formats: bool, tags: bool = True) -> None:
        self._translator = translator
        self._formats = formats
        self._tags = tags
        self._exporters: dict[frozenset[str], Exporter] = {}
        self._validators: dict[tuple[Schema, Context, frozenset[str]], Draft202012Validator | None] = {}

    def refuses(self, sub: tuple[Schema, Context], sup: tuple[Schema, Context], value: Json) -> bool | None:
        """Whether the value is valid under `sub` and invalid under `sup`; None if a schema cannot be read."""
        sent = self.valid(*sub, value)
        accepted = self.valid(*sup, value)
        return None if sent is None or accepted is None else sent and not accepted

    def valid(self, schema: Schema, context: Context, value: Json) -> bool | None:
        """Whether the validator accepts the value; None if it cannot read the schema or the value."""
        names = frozenset(member_names(value))
        key = (schema, context, names)
        if key not in self._validators:
            self._validators[key] = self._validator(*key)
        validator = self._validators[key]
        if validator is None:
            return None
        try:
            return validator.is_valid(value)
        except (ValueError, TypeError, OverflowError):
            return None

    def _validator(
        self, schema: Schema, context: Context, names: frozenset[str]
    ) -> Draft202012Validator | None:
        import jsonschema_rs

        exporter = self._exporters.get(names)
        if exporter is None:
            exporter = self._exporters[names] = Exporter(
                self._translator, names, formats=self._formats, tags=self._tags
            )
        document = exporter.document(schema, context)
        if document is None:
            return None
        try:
            return jsonschema_rs.Draft202012Validator(
                document,
                validate_formats=self._formats,
                formats={"byte": is_base64},
            )
        except (ValueError, TypeError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None


def member_names(value: Json) -> Iterator[str]:
    """Every member name in a value, at any depth."""
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from member_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from member_names(item)
