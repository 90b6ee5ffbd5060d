"""Python modules for messages, made by protoc out of descriptors that were compiled before.

Nothing is parsed again: protoc is handed the descriptors. What its modules import is left as protoc
writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.proto.compiling import protoc, scratch
from apicontract.formats.proto.compiling.descriptor_sets import framed, imports, without_source_info
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from subprocess import Popen


def python_modules(parts: Mapping[str, bytes], names: Sequence[str]) -> Callable[[], dict[str, str]]:
    """What gives the text of the `_pb2` module of each of the names; protoc is at work until it is asked.

    parts: the descriptor of every file by import path, with all that it imports, as it is compiled. To be
    asked once, since that takes away what was laid out for protoc; ContractError if protoc refuses it.
    """
    given = b"".join(framed(without_source_info(part)) for part in _in_order(parts))  # modules say no lines
    room = scratch.make(2 * len(given))
    try:
        (room / "given").write_bytes(given)
        runs = [_start(room, group) for group in _without_clashes(names)]
    except BaseException:
        scratch.remove(room)
        raise

    def made() -> dict[str, str]:
        try:
            return {name: text for run in runs for name, text in _finish(*run)}
        finally:
            scratch.remove(room)

    return made


def module_path(name: str) -> str:
    """Where protoc writes the module of a file: `a.b/c-d.proto` to `a/b/c_d_pb2.py`."""
    return name.removesuffix(".proto").replace("-", "_").replace(".", "/") + "_pb2.py"


def _start(room: Path, names: Sequence[str]) -> tuple[Popen[bytes], Path, Sequence[str]]:
    own = scratch.part(room)
    output = own / "out"
    output.mkdir()
    arguments = [f"--descriptor_set_in={room / 'given'}", f"--python_out={output}", *names]
    return protoc.launch(arguments, room, own), own, names


def _finish(process: Popen[bytes], own: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    code = process.wait()
    if code != 0:
        said = (own / "said").read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise ContractError(
            f"protoc makes no Python of it: {' '.join(said) or f'exit {code}'}", file=names[0]
        )
    for name in names:
        yield name, (own / "out" / module_path(name)).read_text("utf-8")


def _in_order(parts: Mapping[str, bytes]) -> Iterator[bytes]:
    """Every file after what it imports, which is how a descriptor set is read."""
    done: set[str] = set()
    for start in parts:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            before = [one for one in imports(parts[name]) if one in parts and one not in done]
            if name in done or not before:
                waiting.pop()
                if name not in done:
                    done.add(name)
                    yield parts[name]
            else:
                waiting += before


def _without_clashes(names: Sequence[str]) -> Iterator[list[str]]:
    """Groups of names of which no two are written to one path."""
    left = list(names)
    while left:
        paths: set[str] = set()
        group: list[str] = []
        rest: list[str] = []
        for name in left:
            path = module_path(name).casefold()
            (rest if path in paths else group).append(name)
            paths.add(path)
        yield group
        left = rest
