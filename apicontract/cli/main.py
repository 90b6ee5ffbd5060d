"""The entry point: `--version` at once, every command imported when it is called, outcomes to exit codes.

Exit codes: 0 fine, 1 the gate says no, 2 bad input or usage, 3 a fault of ours, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from apicontract import __version__

EXIT_GATE, EXIT_INPUT, EXIT_FAULT, EXIT_INTERRUPTED = 1, 2, 3, 130


def main() -> NoReturn:
    """Run the command that `sys.argv` names and exit."""
    if sys.argv[1:] == ["--version"]:
        print(f"apicontract {__version__}")  # noqa: T201  # before anything that takes time is imported
        sys.exit(0)
    sys.exit(run())


def run() -> int:
    """Run the command and give its exit code; whatever goes wrong is said on standard error."""
    from apicontract.sources import ContractError

    try:
        from apicontract.cli.app import app

        code = app(standalone_mode=False)
        sys.stdout.flush()
    except ContractError as error:
        return _say(error)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  # a fault of ours must not show as a traceback
        return _usage_or_fault(error)
    return code if isinstance(code, int) else 0


def _say(error: Exception) -> int:
    print(f"error: {error}", file=sys.stderr)  # noqa: T201
    hint = getattr(error, "hint", "")
    if hint:
        print(f"  {hint}", file=sys.stderr)  # noqa: T201
    return EXIT_INPUT


def _usage_or_fault(error: Exception) -> int:
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if type(error).__name__ == "Abort":
        return EXIT_INTERRUPTED
    if callable(show) and isinstance(code, int):
        show()
        return EXIT_INPUT
    if os.environ.get("APICONTRACT_DEBUG"):
        raise error
    said = f"internal error: {type(error).__name__}: {error}"
    print(said, file=sys.stderr)  # noqa: T201
    print("  this is a fault of apicontract; APICONTRACT_DEBUG=1 shows where", file=sys.stderr)  # noqa: T201
    return EXIT_FAULT


if __name__ == "__main__":
    main()
