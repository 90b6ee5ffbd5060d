"""Where contracts come from and how they become documents: bytes, parsed values, positions, references."""

from __future__ import annotations

from apicontract.sources.documents import Document, Place, Position, Target
from apicontract.sources.errors import ContractError, UnresolvedReference
from apicontract.sources.expansion import expand, is_collection
from apicontract.sources.pointers import Json, join, split, token_escape, token_unescape
from apicontract.sources.reading import ReadOptions
from apicontract.sources.references import Library, read, read_at

__all__ = [
    "ContractError",
    "Document",
    "Json",
    "Library",
    "Place",
    "Position",
    "ReadOptions",
    "Target",
    "UnresolvedReference",
    "expand",
    "is_collection",
    "join",
    "read",
    "read_at",
    "split",
    "token_escape",
    "token_unescape",
]
