"""From which severity on a finding fails: the values of `--fail-on` of commands that find things."""

from __future__ import annotations

from enum import StrEnum


class Threshold(StrEnum):
    """The least severe finding that fails."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    @property
    def severities(self) -> tuple[str, ...]:
        """The severities that fail."""
        worst_first = ("error", "warning", "info")
        return () if self is Threshold.NEVER else worst_first[: worst_first.index(self.value) + 1]
