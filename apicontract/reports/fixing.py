"""What `lint --fix` did or would do: a few lines for people, and a unified patch as git and patch read it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from apicontract.reports.patches import unified
from apicontract.reports.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.gate.fixing import FixedFile, Fixing
    from apicontract.reports.style import Style


def fixed_lines(fixing: Fixing, style: Style, *, would: bool = False) -> Iterator[str]:
    """How much is fixed, by which rules, and what that is as a change; `would`: nothing is written."""
    if not fixing.count:
        yield style.paint("nothing to fix", "dim")
    else:
        files = ", ".join(plain(file.name) for file in fixing.files)
        did = "would fix" if would else "fixed"
        yield style.paint(
            f"{did} {fixing.count} finding{'s' if fixing.count > 1 else ''} in {files}", "green"
        )
        yield from (f"  {count} {rule}" for rule, count in sorted(fixing.fixed.items()))
    for source, level in fixing.levels.items():
        yield f"{plain(source)}: as a change, the fixes are {level}"
    if fixing.unwritable:
        yield (
            f"{fixing.unwritable} could not be fixed without changing something else: "
            "an alias, a comment, a text over several lines"
        )
    if fixing.refused:
        rules = ", ".join(f"{count} {rule}" for rule, count in sorted(fixing.refused.items()))
        yield (
            f"{sum(fixing.refused.values())} could not be fixed: the contract would be invalid, or changed "
            f"for those who use it: {rules}"
        )


def patch(fixing: Fixing) -> str:
    """The patch from what the files hold to what they are to hold; empty if there is nothing to do."""
    return "".join(unified(file.old, file.new, _name(file)) for file in fixing.files)


def _name(file: FixedFile) -> str:
    return plain(file.name.replace(os.sep, "/").removeprefix("./"))
