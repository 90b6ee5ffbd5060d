"""Runs protoc in a process of its own: `worker.py FOLDER ARGUMENT...`, with grpc_tools below FOLDER.

A script, not a module: it is started by its path, without the site packages, so that it is compiling
a few milliseconds after it was asked to. It imports nothing of ours. protoc writes its messages to
standard error and may die of what it reads; here neither can harm the one who asked.
"""

from __future__ import annotations

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
    sys.path.append(sys.argv[1])
    from grpc_tools import _protoc_compiler

    arguments = ["protoc", *sys.argv[2:]]
    code: int = _protoc_compiler.run_main(
        [argument.encode("utf-8", "surrogateescape") for argument in arguments]
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
