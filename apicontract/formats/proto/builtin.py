"""Files that everybody imports and nobody should have to name: well-known types and googleapis' common ones.

They come with two packages: grpcio-tools has `google/protobuf`, googleapis-common-protos has
`google/api`, `google/rpc`, `google/type`, `google/longrunning`, `google/logging` and others. Our own is
`apicontract/policy.proto`, by which a contract says how its calls survive partial failure.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from apicontract.formats.proto.compiling.files import ProtoFile, Scanned

_KNOWN = ("google/", "apicontract/")
_SHIPPED = Path(__file__).with_name("shipped")


@cache
def builtin(path: str) -> ProtoFile | None:
    """The file of that import path, or None."""
    if not path.startswith(_KNOWN) or ".." in path.split("/"):
        return None
    for folder in _folders():
        try:
            return ProtoFile(path, path, Scanned((folder / path).read_bytes()))
        except OSError:
            continue
    return None


@cache
def _folders() -> tuple[Path, ...]:
    tools = find_spec("grpc_tools")
    common = find_spec("google")
    folders = [Path(place) / "_proto" for place in (tools and tools.submodule_search_locations) or ()]
    folders += [Path(place).parent for place in (common and common.submodule_search_locations) or ()]
    return (*folders, _SHIPPED)


@cache
def installed_module(path: str) -> str:
    """The module that protobuf or googleapis-common-protos install for a file, or an empty text.

    path: the import path: `google/rpc/status.proto` gives `google.rpc.status_pb2`.
    """
    if not path.startswith(_KNOWN) or ".." in path.split("/"):
        return ""
    name = path.removesuffix(".proto").replace("-", "_") + "_pb2"
    found = any((folder / f"{name}.py").is_file() for folder in _folders())
    return name.replace("/", ".") if found else ""
