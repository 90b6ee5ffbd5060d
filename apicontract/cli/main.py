"""Where the process starts. Answers `--version` by itself: loading the commands takes longer than that."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line with the arguments of this process and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from apicontract import __version__

        sys.stdout.write(f"apicontract {__version__}\n")
        return
    gc.disable()  # trees have no circles: looking for garbage finds none and takes a fifth of the time
    try:
        from apicontract.cli.app import app

        app(prog_name="apicontract")
    except KeyboardInterrupt:
        sys.exit(130)
