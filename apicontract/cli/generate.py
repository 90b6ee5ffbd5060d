"""`apicontract generate`: code from a contract, written, checked or only announced."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from apicontract.cli.options import (  # the command line reads them at run time
    IncludeOption,
    QuietOption,
    RemoteOption,
    RootOption,
    VerboseOption,
    reading,
)
from apicontract.cli.outcomes import GATE, UsageProblem, ends_well
from apicontract.cli.output import emit
from apicontract.cli.progress import shown

if TYPE_CHECKING:
    from apicontract import Contract, Generation, ReadOptions

_SHOWN = 20


@ends_well
def generate(  # noqa: PLR0913  # one parameter per option
    target: Annotated[
        str,
        typer.Argument(
            metavar="[TARGET]", help="What to generate. [default: all that the configuration names]"
        ),
    ] = "",
    contracts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CONTRACT]...", help="The contract; of protos, files or a folder."),
    ] = None,
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The folder that holds the package.")
    ] = "",
    package: Annotated[
        str, typer.Option("--package", metavar="NAME", help="The package's name. [default: from the title]")
    ] = "",
    force_major: Annotated[
        str,
        typer.Option(
            "--force-major", metavar="vN", help="The major version. [default: from path, server, version]"
        ),
    ] = "",
    templates: Annotated[
        str,
        typer.Option("--templates", metavar="DIR", help="Templates that go before ours, by the same names."),
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 and a diff if something is stale.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; say what would be written.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List targets and their templates, and leave.")
    ] = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    allow_remote: RemoteOption = False,
    root: RootOption = "",
    includes: IncludeOption = None,
    config: Annotated[
        str, typer.Option("--config", metavar="FILE", help="The configuration. [default: found upwards]")
    ] = "",
) -> int:
    """Generate code from a contract. Without arguments, everything that the configuration's `generate` names.

    Generated files are written anew each time; what is yours is written once and never touched again. Nothing
    is written if anything is wrong.

    \b
    Examples:
      apicontract generate rest-client openapi.yaml -o clients
      apicontract generate rest-client openapi.yaml -o clients --check
      apicontract generate grpc-server protos/acme/orders/v1 -I protos -o server
      apicontract generate --list
    """  # noqa: D301  # the help keeps the lines below a real \b as they are
    import apicontract

    if list_:
        emit(_listing(), "")
        return 0
    if target and not contracts:
        raise UsageProblem("name a contract: apicontract generate TARGET CONTRACT -o DIR")
    if target and not output:
        raise UsageProblem("say where: --output DIR")
    options = reading(allow_remote=allow_remote, root=root, includes=includes)
    chosen = apicontract.GenerateOptions(package, force_major, templates, check=check, dry_run=dry_run)
    with shown(quiet=quiet) as tell:
        if target and contracts:
            found = _contract(contracts, options)
            runs = [
                apicontract.generate(
                    target, found, output, options=chosen, read_options=options, progress=tell
                )
            ]
        else:
            runs = list(
                apicontract.generate_all(
                    config, check=check, dry_run=dry_run, read_options=options, progress=tell
                )
            )
    emit(
        [
            line
            for run in runs
            for line in _lines(run, check=check, dry_run=dry_run, quiet=quiet, verbose=verbose)
        ],
        "",
    )
    return GATE if check and any(not run.unchanged for run in runs) else 0


def _contract(contracts: list[str], options: ReadOptions) -> Contract:
    """The one contract that the arguments name. ContractError if they name several."""
    import apicontract

    if len(contracts) == 1 and not os.path.isdir(contracts[0]):  # noqa: PTH112  # a name as the user typed it
        return apicontract.load(contracts[0], options=options)
    found = apicontract.find(*contracts, options=options)
    if len(found) != 1:
        raise UsageProblem(f"{len(found)} contracts are named: name one; protos of one contract count as one")
    [one] = found.values()
    return one


def _lines(run: Generation, *, check: bool, dry_run: bool, quiet: bool, verbose: int) -> list[str]:
    from apicontract.reports.style import plain

    outcome = run.outcome
    lines = outcome.diff.splitlines() if check and not quiet else []
    name = f"{run.target} {run.folder}/{run.package} {run.major}"
    if run.unchanged:
        lines.append(f"{name}: up to date")
    else:
        verb = "is stale" if check else "would be written" if dry_run else "written"
        counts = [
            f"{len(paths)} {what}"
            for paths, what in (
                (outcome.written, "generated"), (outcome.created, "yours"), (outcome.removed, "removed"),
            )
            if paths
        ]  # fmt: skip
        about = f" ({run.operations} operations, {run.models} models)" if run.operations is not None else ""
        lines.append(f"{name}: {verb}: {', '.join(counts)}{about}")
        if (dry_run or verbose) and not quiet:
            marked = [("+", path) for path in (*outcome.written, *outcome.created)]
            marked += [("-", path) for path in outcome.removed]
            lines += [f"  {sign} {path}" for sign, path in marked]
    lines += [f"  left out: {note}" for note in run.notes[:_SHOWN]]
    if len(run.notes) > _SHOWN:
        lines.append(f"  and {len(run.notes) - _SHOWN} more")
    for paths, said in (
        (outcome.overwritten, "was changed by hand, and is generated: what was in it is gone"),
        (outcome.kept, "is not generated any more, but was changed by hand: it is left alone"),
    ):
        tense = said.replace("is gone", "would go") if check or dry_run else said
        lines += [f"  {path} {tense}" for path in paths[:_SHOWN]]
    return [plain(line) for line in lines]


def _listing() -> list[str]:
    import apicontract

    lines = []
    for target in apicontract.targets():
        lines.append(f"{target.name:14} {target.about}")
        lines += [f"{'':14} {name}" for name in target.template_names]
    return lines
