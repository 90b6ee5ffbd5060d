"""Runs protoc in a process of its own: `worker.py PACKAGES SCRATCH ASKER ARGUMENT...`.

A script, not a module: it is started by its path, without the site packages, so that it is compiling
a few milliseconds after it was asked to. It imports nothing of ours. protoc writes its messages to
standard error and may die of what it reads; here neither can harm the one who asked. PACKAGES is the
folder with grpc_tools. If the process ASKER dies, SCRATCH, the folder with all that was handed over, is
taken away here.
"""

from __future__ import annotations

import os
import signal
import sys

_MEMORY = 6 << 30  # bytes; the largest public API collections need a tenth of that
_SECONDS = 900


def main() -> int:
    """The exit code of protoc."""
    try:
        import resource
    except ImportError:  # not on Windows
        pass
    else:
        for limit, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
            _, hard = resource.getrlimit(limit)
            ceiling = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(limit, (ceiling, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(_SECONDS)
    _, packages, scratch, asker, *asked = sys.argv
    sys.path.append(packages)
    from grpc_tools import _protoc_compiler

    arguments = ["protoc", *asked]
    code: int = _protoc_compiler.run_main(
        [argument.encode("utf-8", "surrogateescape") for argument in arguments]
    )
    if os.getppid() != int(asker):
        import shutil

        shutil.rmtree(scratch, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
