"""What a team's configuration says is to be generated, run after run."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract import formats
from apicontract.generation.declared import StatedPolicy
from apicontract.generation.targets import GenerateOptions, generate
from apicontract.sources import ContractError, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.generation.targets import Generation, Progress
    from apicontract.policy import Configuration
    from apicontract.policy.model import CallPolicy
    from apicontract.sources import Place


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
    for number, run in enumerate(runs):
        path = _path(configuration, run.contract)
        told = reading or ReadOptions()
        includes = tuple(_path(configuration, one) for one in run.includes)
        found = formats.find((path,), replace(told, includes=(*told.includes, *includes)), _fail)
        if len(found) != 1:
            raise ContractError(f"there are {len(found)} contracts here, and one is needed", file=path)
        [contract] = found.values()
        stated = tuple(_policies(configuration, number, run.policies))
        options = GenerateOptions(
            run.package,
            run.force_major,
            _path(configuration, run.templates) if run.templates else "",
            check=check,
            dry_run=dry_run,
            policies=stated,
        )
        made.append(generate(run.target, contract, _path(configuration, run.output), options, tool, progress))
    return tuple(made)


def _policies(
    configuration: Configuration, number: int, stated: Mapping[str, CallPolicy]
) -> Iterator[StatedPolicy]:
    """What a run's `policies` say, each with its place in the configuration."""
    import msgspec

    for subject, policy in stated.items():

        def place(path: tuple[str, ...], key: bool, subject: str = subject) -> Place | None:  # noqa: FBT001
            written = (part.replace("_", "-") for part in path)
            found = configuration.place("generate", str(number), "policies", subject, *written)
            return replace(found, key=key) if found is not None else None

        said = {_read(name): _layer(value) for name, value in msgspec.to_builtins(policy).items()}
        yield StatedPolicy(subject, said, place)


def _layer(value: object) -> object:
    """A layer as contracts declare it: their words for its parts are no keys of TOML."""
    return {_read(name): part for name, part in value.items()} if isinstance(value, dict) else value


def _read(name: str) -> str:
    return name.replace("-", "_")


def _path(configuration: Configuration, path: str) -> str:
    """A path of the configuration as one would type it here."""
    whole = os.path.join(configuration.folder or ".", path)  # noqa: PTH118
    try:
        return os.path.relpath(whole)
    except ValueError:  # another drive
        return whole


def _fail(error: ContractError) -> None:
    raise error
