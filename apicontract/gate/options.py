"""What the configuration asks of a comparison, in the words of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Surface
from apicontract.formats import DiffOptions

if TYPE_CHECKING:
    from apicontract.policy.configuration import Configuration


def diff_options(configuration: Configuration, today: str) -> DiffOptions:
    """How contracts under this configuration are compared on that day (ISO date)."""
    settings = configuration.settings
    compare = settings.compare
    return DiffOptions(
        surfaces=frozenset(Surface(name) for name in settings.surfaces) or None,
        strict=compare.doubtful == "major",
        today=today,
        open_enums=compare.open_enums,
        unknown_properties=compare.unknown_properties,
        formats=compare.formats,
        may_break=settings.stability.may_break,
    )
