"""Where the process starts. Answers `--version`, compares and lints without loading all commands."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

_UNUSABLE, _INTERRUPTED = 2, 130
_COMPLETION = "_APICONTRACT_COMPLETE"  # set by shells that ask what may follow


def main() -> None:
    """Run the command line with the arguments of this process and leave with its exit code."""
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # never closed
    try:
        if sys.argv[1:] in (["--version"], ["-V"]):
            from apicontract import __version__

            sys.stdout.write(f"apicontract {__version__}\n")
            sys.stdout.flush()
            return
        gc.disable()  # trees have no circles: looking for garbage finds none and takes a fifth of the time
        if _is_plain(sys.argv[1:]):
            _leave(_plainly(*sys.argv[1:]))
        from apicontract.cli.app import app

        app(prog_name="apicontract")
    except KeyboardInterrupt:
        _leave(_INTERRUPTED)
    except OSError as error:  # commands say for themselves what they cannot read or write: this is about help
        sys.stderr.write(f"apicontract: error: cannot write standard output: {error.strerror}\n")
        _leave(_UNUSABLE)
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        _leave(ended.code or 0)


def _is_plain(words: Sequence[str]) -> bool:
    """Whether it is `diff OLD NEW` or `lint CONTRACT...` with no option: there is nothing to parse.

    Then the parser is not loaded. Left to it: standard input (`-`), shells that ask for completions, and
    Windows, where it expands globs.
    """
    return (
        (words[:1] == ["diff"] and len(words) == 3) or (words[:1] == ["lint"] and len(words) > 1)  # noqa: PLR2004
    ) and not (any(word.startswith("-") for word in words) or _COMPLETION in os.environ or os.name == "nt")


def _plainly(command: str, *contracts: str) -> int:
    """The exit code of a command with every option at its default."""
    if command == "diff":
        from apicontract.cli.comparing import compare_plainly

        return compare_plainly(*contracts)
    from apicontract.cli.linting import lint_plainly

    return lint_plainly(contracts)


class _Closed(io.TextIOBase):
    """In the place of standard output, where whoever started us has closed it: says so when written to."""

    def write(self, _: str, /) -> int:
        raise OSError(errno.EBADF, "it is closed")


def _leave(code: int) -> NoReturn:
    """End at once: taking large trees apart, only to give their memory back, takes a tenth of the time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # nobody reads any more; the verdict still stands as exit code
        pass
    os._exit(code)
