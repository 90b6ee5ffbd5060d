"""Meaning: what compiles, and a user should know all the same. One list of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.validate.meaning import (
    enums,
    fields,
    http,
    imports,
    names,
    packages,
    routes,
    services,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.validate.view import Check, View

_CHECKS: tuple[Check, ...] = (
    names.declared_twice,
    names.extended_twice,
    packages.missing,
    packages.unversioned,
    packages.directories,
    packages.cycles,
    packages.unstable_imports,
    imports.syntax,
    imports.deprecated,
    imports.weak,
    fields.required,
    fields.requires_itself,
    fields.json_names,
    fields.behaviors,
    enums.first_value,
    enums.zero_value,
    enums.aliases,
    services.shared_types,
    services.names,
    http.rules,
    routes.overlaps,
)


def check_meaning(view: View) -> Iterator[Finding]:
    """Everything that is doubtful about what compiles."""
    for check in _CHECKS:
        yield from check(view)
