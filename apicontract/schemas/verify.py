"""Confirms witnesses with jsonschema-rs, which shares no code with what found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.schemas.export import Exporter
from apicontract.schemas.formats import is_base64

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

    from apicontract.schemas.handles import Json, Schema
    from apicontract.schemas.translate import Context, Translator


class Verifier:
    """Validators by place, made once; `formats` says whether formats are asserted."""

    def __init__(self, translator: Translator, *, formats: bool) -> None:
        self._exporter = Exporter(translator, formats=formats)
        self._formats = formats
        self._validators: dict[tuple[Schema, Context], Draft202012Validator | None] = {}

    def valid(self, schema: Schema, context: Context, value: Json) -> bool | None:
        """Whether the validator accepts the value; None if it cannot read the schema or the value."""
        key = (schema, context)
        if key not in self._validators:
            self._validators[key] = self._validator(schema, context)
        validator = self._validators[key]
        if validator is None:
            return None
        try:
            return validator.is_valid(value)
        except (ValueError, TypeError, OverflowError):
            return None

    def _validator(self, schema: Schema, context: Context) -> Draft202012Validator | None:
        import jsonschema_rs  # noqa: PLC0415 - heavy, and a diff without a break never needs it

        try:
            return jsonschema_rs.Draft202012Validator(
                self._exporter.document(schema, context),
                validate_formats=self._formats,
                formats={"byte": is_base64},
            )
        except (ValueError, TypeError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None
