"""One run of protoc over a folder of files: started, awaited, and what it said as mistakes of ours.

The folder holds exactly what protoc may read, under import paths (`workspace.py` fills it); where its
files came from is not known here.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling.scratch import part
from apicontract.records import dataclass
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

# protoc allocates many small things: that they are kept at hand saves a tenth of its time
_MALLOC = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=65000:glibc.malloc.mxfast=0"}
_LIMITS = ("SIGXCPU", "SIGALRM")  # of the worker: processor time, time
_WORKER = Path(__file__).with_name("worker.py")
_SAID = re.compile(r"(?P<file>.+?\.\w+|[^:]+):(?:(?P<line>\d+):(?P<column>\d+):)? (?P<message>.*)")
_WARNING = "warning: "
_MOST = 5000  # remarks of one run; a damaged file makes as many as it has words
_LOG = re.compile(r"WARNING: All log messages|[IW]\d{4} ")  # of the library that protoc logs with
_LOGGED = re.compile(r"[EF]\d{4} .*?\] (?P<message>.*)")  # the same, of mistakes in descriptor sets


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of what protoc said; line and column from 1, or 0 if it names none.

    file: the import path, or empty if it speaks of none. Columns are protoc's: bytes, with tabs to
    every eighth.
    """

    file: str
    line: int
    column: int
    message: str
    is_warning: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A protoc that is at work: `wait` for it."""

    process: subprocess.Popen[bytes]
    folder: Path
    output: Path
    said: Path

    def wait(self) -> tuple[bytes | None, list[Remark]]:
        """(the descriptor set, or None if it failed; what was said). ContractError if it died."""
        try:
            code = self.process.wait()  # the worker bounds its own time
        except BaseException:
            self.stop()
            raise
        said = self.said.read_text("utf-8", "replace").replace(f"{self.folder}/", "")
        if code == 0:
            return self.output.read_bytes(), remarks(said)
        found = remarks(said)
        if code == 1 and any(not one.is_warning for one in found):
            return None, found
        raise _died(code, said)

    def stop(self) -> None:
        """End it, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def start(scratch: Path, folder: Path, files: Sequence[str], *, given: Path | None = None) -> Run:
    """Compile `files`, import paths below `folder`, with their imports.

    scratch: the folder that all of it is in; it is taken away if we die meanwhile. given: a descriptor
    set that holds what `folder` does not.
    """
    own = part(scratch)
    output, said = own / "set", own / "said"
    arguments = [f"--proto_path={folder}", f"--descriptor_set_out={output}", "--include_imports"]
    arguments += ["--include_source_info", "--retain_options"]
    if given is not None:
        arguments.append(f"--descriptor_set_in={given}")
    process = launch([*arguments, *files], scratch, own)
    return Run(process, folder, output, said)


def launch(arguments: Sequence[str], scratch: Path, own: Path) -> subprocess.Popen[bytes]:
    """A protoc with these arguments in `own`, a folder of `scratch`; what it says goes to its file `said`."""
    asked = own / "asked"
    asked.write_text("".join(f"{line}\n" for line in arguments), "utf-8", "surrogateescape")
    with (own / "said").open("wb") as stream:
        return subprocess.Popen(  # noqa: S603  # our own script
            [
                sys.executable,
                "-I",
                "-S",
                str(_WORKER),
                _packages(),
                str(scratch),
                str(os.getpid()),
                f"@{asked}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            cwd=own,
            env={**os.environ, **_MALLOC},
        )


def remarks(said: str) -> list[Remark]:
    """What protoc wrote, line by line, as far as anybody reads it; lines of other shapes are left out."""
    found: list[Remark] = []
    for line in said.splitlines():
        if len(found) == _MOST:
            break
        logged = _LOGGED.fullmatch(line)
        if logged is not None:
            found.append(Remark("", 0, 0, logged["message"], is_warning=False))
            continue
        match = _SAID.fullmatch(line)
        if match is None or _LOG.match(line):
            continue
        message = match["message"]
        found.append(
            Remark(
                match["file"],
                int(match["line"] or 0),
                int(match["column"] or 0),
                message.removeprefix(_WARNING),
                message.startswith(_WARNING),
            )
        )
    return found


def _packages() -> str:
    """The folder that holds grpc_tools, found without importing it."""
    spec = find_spec("grpc_tools")
    if spec is None or spec.origin is None:
        raise ContractError(
            "grpcio-tools is not installed, which compiles protos", hint="install apicontract"
        )
    return str(Path(spec.origin).parent.parent)


def _died(code: int, said: str) -> ContractError:
    if code < 0 and signal.Signals(-code).name in _LIMITS:
        return ContractError("compiling took too long", hint="compile fewer files at once")
    if code < 0:
        return ContractError(
            f"the protobuf compiler ended by signal {-code}",
            hint="something is nested too deeply, or imported through too long a chain",
        )
    last = said.strip().splitlines()[-1:] or ["it said nothing"]
    return ContractError(f"the protobuf compiler failed with exit {code}: {last[0]}")
