"""The file of accepted debt: found by the configuration, read for a run, written anew after one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from apicontract.gate.outputs import output_of
from apicontract.policy.baseline import Baseline, accepted
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from pathlib import Path

    from apicontract.policy.configuration import Configuration
    from apicontract.policy.verdict import Judgement
    from apicontract.repository.snapshots import Snapshot


def path_of(configuration: Configuration, top: str) -> Path:
    """Where the baseline is kept. ContractError for a place where nothing is written."""
    return output_of(configuration, top, configuration.settings.baseline, "baseline")


def known(path: Path, committed: Snapshot | None = None) -> Baseline | None:
    """The accepted debt; None if there is no file. ContractError if it is none of ours.

    committed: the state to read it from where there is nothing on the disk: of a bare repository.
    """
    try:
        if committed is not None:
            text = committed.read(os.path.relpath(path, committed.top).replace(os.sep, "/"))
            return None if text is None else Baseline.parse(text, path.name)
        return Baseline.parse(path.read_bytes(), path.name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ContractError(f"it cannot be read: {error.strerror}", file=str(path)) from None


def after(judgement: Judgement, before: Baseline | None, path: Path) -> Baseline:
    """The debt to keep: everything that counts now, or of what is known already what is still met."""
    return accepted(judgement, path.name) if before is None else before.shrunk(judgement)
