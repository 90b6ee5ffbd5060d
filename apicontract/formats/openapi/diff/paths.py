"""Which path of the old contract is which path of the new one.

Paths are matched by their shape: names of parameters do not count. Where a whole API moved under
another prefix (`/v1` to `/v2`), or the user says so, the prefix is mapped first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.formats.openapi.model import PathItem

_NAME = re.compile(r"\{[^{}]*\}")
_MOVED_SHARE = 0.6  # of the smaller side's paths must match under the other prefix


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of path items, and what has no partner; `prefix` is the mapping that was found or asked for."""

    pairs: tuple[tuple[PathItem, PathItem], ...]
    removed: tuple[PathItem, ...]
    added: tuple[PathItem, ...]
    prefix: tuple[str, str] | None


def shape(path: str) -> str:
    """The path without the names of its parameters: `/orders/{}`."""
    return _NAME.sub("{}", path)


def match(old: list[PathItem], new: list[PathItem], prefix: tuple[str, str] | None) -> Matching:
    """Match two lists of path items; `prefix` maps one old prefix to one new one, None looks for a move."""
    if prefix is None:
        shapes = {shape(item.path) for item in new}
        if old and new and not any(shape(item.path) in shapes for item in old):
            prefix = _moved(old, new)
    theirs: dict[str, list[PathItem]] = {}
    for item in new:
        theirs.setdefault(shape(item.path), []).append(item)
    pairs, removed = [], []
    for item in old:
        candidates = theirs.get(shape(_map(item.path, prefix)))
        if candidates:
            best = max(
                candidates,
                key=lambda other: (other.path == item.path, len(other.operations.keys() & item.operations)),
            )
            candidates.remove(best)
            pairs.append((item, best))
        else:
            removed.append(item)
    taken = {id(pair[1]) for pair in pairs}
    return Matching(
        tuple(pairs), tuple(removed), tuple(item for item in new if id(item) not in taken), prefix
    )


def _map(path: str, prefix: tuple[str, str] | None) -> str:
    if prefix and (path == prefix[0] or path.startswith(prefix[0].rstrip("/") + "/")):
        return prefix[1].rstrip("/") + path[len(prefix[0].rstrip("/")) :]
    return path


def _moved(old: list[PathItem], new: list[PathItem]) -> tuple[str, str] | None:
    """The one change of prefix by which most paths match, or None."""
    after = {shape(item.path) for item in new}
    for before_prefix in _prefixes(item.path for item in old):
        for after_prefix in _prefixes(item.path for item in new):
            if before_prefix == after_prefix:
                continue
            mapped = {shape(_map(item.path, (before_prefix, after_prefix))) for item in old}
            if len(mapped & after) >= _MOVED_SHARE * min(len(mapped), len(after)):
                return before_prefix, after_prefix
    return None


def _prefixes(paths: Iterable[str]) -> list[str]:
    """Prefixes that all paths share, the empty one among them, longest first, at most three segments."""
    split = [path.split("/")[1:] for path in paths]
    shared: list[str] = [""]
    for depth in range(1, 4):
        heads = {"/".join(parts[:depth]) for parts in split if len(parts) >= depth}
        if len(heads) != 1 or "{" in next(iter(heads)) or any(len(parts) < depth for parts in split):
            break
        shared.append("/" + next(iter(heads)))
    return shared[::-1]
