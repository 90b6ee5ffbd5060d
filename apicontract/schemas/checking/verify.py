"""Confirms witnesses with jsonschema-rs, which shares no code with what found them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.checking.effort import MOST, effort
from apicontract.schemas.checking.export import Exporter
from apicontract.schemas.sets.formats import is_base64

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

    from apicontract.schemas.handles import Json, Schema
    from apicontract.schemas.translation.translate import Context, Translator

# References to few definitions double the validator's work so seldom that it need not be counted.
_FEW_SHARED = 16
Reading = tuple["Schema", "Context"]


class Check(NamedTuple):
    """One schema made ready for one value: the validator, and what it was made of."""

    validator: Draft202012Validator
    document: dict[str, Json]
    exporter: Exporter


class Verifier:
    """Asks the validator about one value after the other; `formats`: whether formats are asserted."""

    def __init__(self, translator: Translator, *, formats: bool) -> None:
        self._translator = translator
        self._formats = formats
        self._value: Json = None
        self._checks: dict[Reading, Check | None] = {}

    def refuses(self, sub: Reading, sup: Reading, value: Json) -> bool | None:
        """Whether the value is valid under `sub` and invalid under `sup`; None if a schema cannot be read."""
        sent = self.valid(sub, value)
        if not sent:
            return sent
        accepted = self.valid(sup, value)
        return None if accepted is None else not accepted

    def refuses_without(self, sub: Reading, sup: Reading, value: Json, *, tags: bool, formats: bool) -> bool:
        """The same for a validator that knows no discriminators (`tags`), asserts no formats (`formats`)."""
        accepted = []
        for reading in (sub, sup):
            check = self._check(reading, value)
            if check is None:
                return False
            ignored = {**(check.exporter.tags if tags else {}), **(check.exporter.ranges if formats else {})}
            if not ignored and not (formats and check.exporter.textual):
                accepted.append(check.validator.is_valid(value))  # there is nothing to do without
                continue
            definitions = check.document["$defs"] | dict.fromkeys(ignored, True)  # type: ignore[operator]
            plain = _validator(check.document | {"$defs": definitions}, formats=self._formats and not formats)
            accepted.append(plain.is_valid(value))
        return accepted[0] and not accepted[1]

    def valid(self, reading: Reading, value: Json) -> bool | None:
        """Whether the validator accepts the value; None if it cannot read schema or value, or not soon."""
        check = self._check(reading, value)
        if check is None:
            return None
        try:
            return check.validator.is_valid(value)
        except (ValueError, TypeError, OverflowError):
            return None

    def _check(self, reading: Reading, value: Json) -> Check | None:
        """The schema made ready for the value; kept until another value is asked about."""
        if value is not self._value:
            self._value = value
            self._checks.clear()
        if reading not in self._checks:
            self._checks[reading] = self._made(reading, value)
        return self._checks[reading]

    def _made(self, reading: Reading, value: Json) -> Check | None:
        exporter = Exporter(self._translator, formats=self._formats)
        document = exporter.document(*reading, value)
        if exporter.broken or (exporter.shared > _FEW_SHARED and effort(document, value) > MOST):
            return None
        try:
            return Check(_validator(document, formats=self._formats), document, exporter)
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
