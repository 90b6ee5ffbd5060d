"""Where the process starts. Answers `--version` by itself: loading the commands takes longer than that."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line with the arguments of this process and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from apicontract import __version__

        sys.stdout.write(f"apicontract {__version__}\n")
        return
    try:
        from apicontract.cli.app import app

        app(prog_name="apicontract")
    except KeyboardInterrupt:
        sys.exit(130)
