"""`apicontract init`: the files a team begins with."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apicontract.cli.outcomes import UsageProblem, ends_well
from apicontract.cli.output import emit


class Workflow(StrEnum):
    """Where the gate is to run."""

    GITHUB = "github"
    GITLAB = "gitlab"


@ends_well
def init(
    folder: Annotated[str, typer.Argument(metavar="[FOLDER]", help="Where. [default: here]")] = ".",
    *,
    profile: Annotated[
        str, typer.Option("--profile", metavar="NAME", help="The profile to start from.")
    ] = "default",
    hook: Annotated[bool, typer.Option("--hook", help="Also .pre-commit-config.yaml.")] = False,
    workflow: Annotated[
        Workflow | None, typer.Option("--workflow", help="Also a workflow for that service.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a configuration that is there.")] = False,
) -> int:
    """Write a configuration that fits the contracts that are found, and on request hook and workflow.

    Only the configuration is ever replaced, and only with --force. What should be added to another
    file that is there already is printed.

    \b
    Examples:
      apicontract init
      apicontract init --profile zalando --hook --workflow github
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    if not Path(folder).is_dir():
        raise UsageProblem(f"{folder} is no folder")
    configuration, *others = apicontract.starts(folder, profile=profile, hook=hook, workflow=workflow or "")
    kept = configuration.exists and not force
    if kept and not others:
        raise UsageProblem(f"{Path(folder, configuration.path)} is there already; --force replaces it")
    if kept:
        sys.stderr.write(f"{Path(folder, configuration.path)} is there already, and stays as it is\n")
    for start in others if kept else (configuration, *others):
        target = Path(folder, start.path)
        if start.exists and start is not configuration:
            sys.stderr.write(f"{target} is there already; add to it:\n")
            emit(start.text, "")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        emit(start.text, str(target))
        sys.stderr.write(f"wrote {target}\n")
    return 0
