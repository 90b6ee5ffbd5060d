"""The entry point: `--version` at once, every command imported when it is called, outcomes to exit codes.

Exit codes: 0 fine, 1 the gate says no, 2 bad input or usage, 3 a fault of ours, 130 interrupted.
Whatever goes wrong is one line on standard error and what to do about it, never a traceback
(`APICONTRACT_DEBUG=1` shows it).
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from apicontract import __version__

EXIT_GATE, EXIT_INPUT, EXIT_FAULT, EXIT_INTERRUPTED = 1, 2, 3, 130


def main() -> NoReturn:
    """Run the command that `sys.argv` names and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command that `arguments` name and give its exit code."""
    if arguments == ["--version"]:
        sys.stdout.write(f"apicontract {__version__}\n")  # before anything that takes time is imported
        return 0
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001  # a fault of ours must not show as a traceback
        return _fault(error)


def _run(arguments: list[str]) -> int:
    from typer import Abort
    from typer._click.exceptions import ClickException

    from apicontract.cli.app import app
    from apicontract.sources import ContractError

    try:
        code = app(arguments, prog_name="apicontract", standalone_mode=False)
    except ContractError as error:
        say_error(error)
        return EXIT_INPUT
    except ClickException as error:
        error.show()
        return EXIT_INPUT
    except Abort:
        return EXIT_INTERRUPTED
    return code if isinstance(code, int) else 0


def say_error(error: Exception) -> None:
    """What is wrong with the input, and what to do, on standard error."""
    from apicontract.reports.style import plain

    hint = getattr(error, "hint", "")
    sys.stderr.write(f"error: {plain(str(error))}\n" + (f"  {plain(hint)}\n" if hint else ""))


def _fault(error: Exception) -> int:
    if os.environ.get("APICONTRACT_DEBUG"):
        import traceback

        traceback.print_exception(error)
    sys.stderr.write(f"internal error: {type(error).__name__}: {error}\n")
    sys.stderr.write("  this is a fault of apicontract; with APICONTRACT_DEBUG=1 it shows where\n")
    return EXIT_FAULT
