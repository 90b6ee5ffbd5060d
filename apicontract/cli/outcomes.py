"""How a command ends: exit codes, and what people read when it cannot do its work.

Input that cannot be read is 2, with its place and what to do; whatever else goes wrong is a defect
of this program, 3, without a traceback unless one is asked for.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")

GATE = 1
UNUSABLE = 2
INTERNAL = 3
INTERRUPTED = 130
_ASK_FOR_TRACEBACK = 2  # -vv


class UsageProblem(Exception):  # noqa: N818  # the name says what it is
    """An option's value that makes no sense; its text says what would."""


def ends_well(command: Callable[P, int]) -> Callable[P, None]:
    """The command with its return value as exit code, and every error as its message and code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        code = outcome(lambda: command(*args, **kwargs), kwargs.get("verbose"))
        if code:
            import typer

            raise typer.Exit(code)

    return run


def report_unreadable(error: Exception) -> None:
    """Say on stderr what cannot be read, where, and what to do about it."""
    from apicontract.reports.style import plain

    hint = getattr(error, "hint", "")
    sys.stderr.write(f"apicontract: error: {plain(str(error))}\n")
    if hint:
        sys.stderr.write(f"  {plain(hint)}\n")


def outcome(command: Callable[[], int], verbose: object) -> int:
    """The command's exit code; what goes wrong in it is said on stderr. verbose: how often that was asked."""
    from apicontract.sources import ContractError

    try:
        return command()
    except (ContractError, UsageProblem) as error:
        report_unreadable(error)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except FileNotFoundError as error:
        if _is_somewhere():
            _report_defect(error, asked=_wants_traceback(verbose))
            return INTERNAL
        report_unreadable(ContractError("the folder that this runs in is gone", hint="change to another one"))
        return UNUSABLE
    except Exception as error:  # noqa: BLE001  # the last resort that keeps tracebacks from people
        _report_defect(error, asked=_wants_traceback(verbose))
        return INTERNAL


def _is_somewhere() -> bool:
    """Whether there is a current folder: it may have been deleted."""
    try:
        return bool(os.getcwd())  # noqa: PTH109
    except FileNotFoundError:
        return False


def _wants_traceback(verbose: object) -> bool:
    return isinstance(verbose, int) and verbose >= _ASK_FOR_TRACEBACK


def _report_defect(error: Exception, *, asked: bool) -> None:
    from apicontract.reports.style import plain

    if asked or os.environ.get("APICONTRACT_DEBUG"):
        import traceback

        traceback.print_exception(error)
    sys.stderr.write(
        f"apicontract: internal error: {type(error).__name__}: {plain(str(error))}\n"
        "  This is a defect of apicontract, not of your contract. Please report it, with the output of\n"
        "  the same command under APICONTRACT_DEBUG=1 and, if you can, the contract.\n"
    )
