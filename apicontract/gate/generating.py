"""What a team's configuration says is to be generated, run after run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.generation.targets import GenerateOptions, generate
from apicontract.sources import ContractError, ReadOptions

if TYPE_CHECKING:
    from apicontract.generation.targets import Generation, Progress
    from apicontract.policy import Configuration


def generate_all(
    configuration: Configuration,
    tool: str,
    *,
    check: bool = False,
    dry_run: bool = False,
    reading: ReadOptions | None = None,
    progress: Progress | None = None,
) -> tuple[Generation, ...]:
    """Each run of the configuration, in its order. ContractError where it names none, or one fails."""
    runs = configuration.settings.generate
    if not runs:
        raise ContractError(
            "nothing says what to generate",
            file=configuration.document.name if configuration.document else "",
            hint="name it: `generate TARGET CONTRACT -o DIR`, or [[generate]] in the configuration",
        )
    made = []
    for run in runs:
        path = _path(configuration, run.contract)
        found = formats.find((path,), reading or ReadOptions(), _fail)
        if len(found) != 1:
            raise ContractError(f"there are {len(found)} contracts here, and one is needed", file=path)
        [contract] = found.values()
        options = GenerateOptions(
            run.package,
            run.force_major,
            _path(configuration, run.templates) if run.templates else "",
            check=check,
            dry_run=dry_run,
        )
        made.append(generate(run.target, contract, _path(configuration, run.output), options, tool, progress))
    return tuple(made)


def _path(configuration: Configuration, path: str) -> str:
    """A path of the configuration as one would type it here."""
    whole = os.path.join(configuration.folder or ".", path)  # noqa: PTH118
    try:
        return os.path.relpath(whole)
    except ValueError:  # another drive
        return whole


def _fail(error: ContractError) -> None:
    raise error
