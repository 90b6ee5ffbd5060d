"""Below which folders import paths start, where nobody says so.

Two things tell it: what files import (`import "acme/v1/a.proto"` and a file `proto/acme/v1/a.proto` make
`proto` a root), and packages that repeat their folders. A file that neither speaks of is known by its
path below the folder that the user named. Knows paths and texts, reads nothing.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING

from apicontract.formats.proto.buf_yaml import is_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from apicontract.formats.proto.compiling.files import Scanned


def guess_roots(
    files: Mapping[str, Scanned], folder: str, top: str, is_file: Callable[[str], bool]
) -> dict[str, str]:
    """The root of each file, by its path.

    files: the contract's own, by path. folder: what the user named. top: the outermost folder that may
    be read. is_file: whether there is a file at a path that is not among `files`.
    """
    votes = _votes(files, folder, top, is_file)
    return {path: _root(path, file, votes, folder, top) for path, file in files.items()}


def _votes(
    files: Mapping[str, Scanned], folder: str, top: str, is_file: Callable[[str], bool]
) -> Counter[str]:
    """How many imports each folder makes succeed as a root."""
    named: dict[str, list[str]] = {}
    for path in files:
        named.setdefault(posixpath.basename(path), []).append(path)
    above = list(_above(folder, top))
    roots: dict[tuple[str, str], str | None] = {}
    votes: Counter[str] = Counter()
    for path, file in files.items():
        here = posixpath.dirname(path)
        for imported in file.imports:
            if (imported, here) not in roots:
                ends = [
                    one for one in named.get(posixpath.basename(imported), ()) if one.endswith(f"/{imported}")
                ]
                roots[imported, here] = _nearest(here, ends, imported) or next(
                    (root for root in above if is_file(f"{root.rstrip('/')}/{imported}")), None
                )
            root = roots[imported, here]
            if root is not None:
                votes[root] += 1
    return votes


def _nearest(here: str, found: Iterable[str], imported: str) -> str | None:
    """The root by which the file nearest to `here` is imported; of equally near ones the outermost."""
    roots = [path[: -len(imported) - 1] or "/" for path in found]
    if not roots:
        return None
    parts = here.split("/")

    def shared(root: str) -> tuple[int, int]:
        pairs = zip(parts, root.split("/"), strict=False)
        count = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(parts), root.count("/") + 1))
        return -count, len(root)

    return min(roots, key=shared)


def _above(folder: str, top: str) -> Iterable[str]:
    """`folder` and what is around it, up to `top`."""
    while is_below(folder, top):
        yield folder
        if folder == top:
            return
        folder = posixpath.dirname(folder)


def _root(path: str, file: Scanned, votes: Counter[str], folder: str, top: str) -> str:
    voted = [root for root in votes if is_below(path, root)]
    if voted:
        return max(voted, key=lambda root: (votes[root], -len(root)))
    here = posixpath.dirname(path)
    package = file.package.replace(".", "/")
    if package and here.endswith(f"/{package}"):
        root = here[: -len(package) - 1] or "/"
        if is_below(root, top) or is_below(top, root):
            return root
    return folder
