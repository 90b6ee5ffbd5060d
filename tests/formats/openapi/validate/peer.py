"""The reference: openapi-spec-validator, as a verdict on a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.sources import Json


def rejects(document: dict[str, Json], base: str = "") -> str:
    """Why openapi-spec-validator rejects a document; empty if it accepts it.

    Its own failures (an endless recursion, a reference that it cannot follow) come as the name of the
    exception: whoever runs it sees a failed validation.
    """
    from jsonschema_path import SchemaPath
    from openapi_spec_validator.shortcuts import get_validator_cls

    try:
        error = next(
            iter(get_validator_cls(document)(SchemaPath.from_dict(document, base_uri=base)).iter_errors()),
            None,
        )
    except Exception as failure:  # whatever it is, it is no verdict of valid
        return f"{type(failure).__name__}: {failure}"
    return "" if error is None else f"{type(error).__name__}: {error.message}"
