"""What buf's configuration says about where protos are: modules, their excludes, what they depend on.

Reads `buf.yaml` (v1beta1, v1, v2) and `buf.work.yaml` (v1), nothing of what they say about linting or
breaking changes. Source: "buf.yaml v2 config file" and its older forms, documentation of Buf.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from apicontract.records import dataclass
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from apicontract.sources import Folders, Json

MODULE, WORKSPACE = "buf.yaml", "buf.work.yaml"


@dataclass(frozen=True, slots=True)
class Module:
    """One module: `root` is the folder that its import paths are below.

    excludes: folders in it that are left out. includes: the only ones that are taken; all if empty.
    dependencies: names of modules in Buf's registry.
    """

    root: str
    excludes: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether the file belongs to the module."""
        return (
            is_below(path, self.root)
            and not any(is_below(path, folder) for folder in self.excludes)
            and (not self.includes or any(is_below(path, folder) for folder in self.includes))
        )


def is_below(path: str, folder: str) -> bool:
    """Whether a file or folder is in `folder`, or is that."""
    return folder in ("/", path) or path.startswith(f"{folder}/")


def modules_around(folders: Folders, folder: str) -> list[Module]:
    """The modules that the nearest configuration, in `folder` or above it, tells of; none without one.

    A workspace above the nearest module counts if it lists that module.
    """
    nearest: list[Module] = []
    here = folder
    while True:
        workspace = f"{here.rstrip('/')}/{WORKSPACE}"
        if folders.is_file(workspace):
            listed = _workspace(folders, workspace, here)
            if not nearest or any(module.root == nearest[0].root for module in listed):
                return listed
        config = f"{here.rstrip('/')}/{MODULE}"
        if folders.is_file(config):
            found = _modules(folders, config, here)
            if not nearest or any(module.root == nearest[0].root for module in found):
                nearest = found
        if here == folders.top or not is_below(here, folders.top):
            return nearest
        here = posixpath.dirname(here)


def modules_below(folders: Folders, folder: str) -> list[Module]:
    """The modules of every configuration in `folder` and below it."""
    found: list[Module] = []
    for path in folders.below(folder, MODULE):
        if posixpath.basename(path) == MODULE:
            found += [
                one
                for one in _modules(folders, path, posixpath.dirname(path))
                if one.root not in {it.root for it in found}
            ]
    return found


def _workspace(folders: Folders, path: str, here: str) -> list[Module]:
    config = _read(folders, path)
    found: list[Module] = []
    for name in _texts(config.get("directories")):
        root = _join(here, name, folders, path)
        own = f"{root.rstrip('/')}/{MODULE}"
        found += _modules(folders, own, root) if folders.is_file(own) else [Module(root)]
    return found


def _modules(folders: Folders, path: str, here: str) -> list[Module]:
    config = _read(folders, path)
    dependencies = tuple(_texts(config.get("deps")))
    listed = config.get("modules")
    if config.get("version") == "v2":
        found = []
        for one in listed if isinstance(listed, list) else [{}]:
            module = one if isinstance(one, dict) else {}
            given = module.get("path")
            root = _join(here, given if isinstance(given, str) else ".", folders, path)
            excludes = tuple(_join(here, name, folders, path) for name in _texts(module.get("excludes")))
            includes = tuple(_join(here, name, folders, path) for name in _texts(module.get("includes")))
            found.append(Module(root, excludes, includes, dependencies))
        return found
    build = config.get("build")
    built = build if isinstance(build, dict) else {}
    excludes = tuple(_join(here, name, folders, path) for name in _texts(built.get("excludes")))
    roots = _texts(built.get("roots")) or ["."]  # v1beta1
    return [Module(_join(here, name, folders, path), excludes, (), dependencies) for name in roots]


def _texts(value: Json) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _join(here: str, name: str, folders: Folders, config: str) -> str:
    path = posixpath.normpath(posixpath.join(here, name))
    if not is_below(path, here):
        raise ContractError(
            f"`{name}` leads out of the folder of this file",
            file=folders.shown(config),
            hint="buf refuses that too",
        )
    return path


def _read(folders: Folders, path: str) -> dict[str, Json]:
    from apicontract.sources.yaml_text import parse

    [(_, text)] = folders.read([path])
    if not text.strip():
        return {}
    value = parse(text, folders.shown(path), max_depth=50, max_nodes=100_000)
    if not isinstance(value, dict):
        raise ContractError("this is no configuration of buf", file=folders.shown(path))
    return value
