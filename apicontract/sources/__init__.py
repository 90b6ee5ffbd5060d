"""Where contracts come from and how they become documents: bytes, parsed values, positions, references."""

from __future__ import annotations

from apicontract.sources.documents import Document, Locator, Place, Position, Target
from apicontract.sources.errors import ContractError, UnresolvedReference
from apicontract.sources.expansion import expand, is_collection, paths_below
from apicontract.sources.folders import Commit, Disk, Folders, git_commit, repository_of
from apicontract.sources.pointers import Json, join, split, token_escape, token_unescape
from apicontract.sources.reading import ReadOptions, read_bytes
from apicontract.sources.references import Library, read, read_at
from apicontract.sources.remote import is_url

__all__ = [
    "Commit",
    "ContractError",
    "Disk",
    "Document",
    "Folders",
    "Json",
    "Library",
    "Locator",
    "Place",
    "Position",
    "ReadOptions",
    "Target",
    "UnresolvedReference",
    "expand",
    "git_commit",
    "is_collection",
    "is_url",
    "join",
    "paths_below",
    "read",
    "read_at",
    "read_bytes",
    "repository_of",
    "split",
    "token_escape",
    "token_unescape",
]
