"""What only people read: titles, descriptions, examples, tags, extensions. Never more than a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.changes.promises import IGNORE

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Node

TEXTS = ("summary", "description", "externalDocs")


def compare_prose(at: At, rule: str, old: Node, new: Node, keys: tuple[str, ...] = TEXTS) -> None:
    """Report under `rule` which of `keys` and of the extensions (`x-…`) read differently."""
    extensions = [
        key for node in (old, new) for key in node.fields if key.startswith("x-") and key not in JUDGED
    ]
    changed = [
        key for key in dict.fromkeys((*keys, *extensions)) if old.fields.get(key) != new.fields.get(key)
    ]
    if changed:
        names = ", ".join(f"`{key}`" for key in changed)
        label = at.label or "the contract"
        at.report(rule, Level.PATCH, f"{label}: {names} changed", old.spot(changed[0]), new.spot(changed[0]))


JUDGED = frozenset({"x-sunset", "x-stability-level", "x-extensible-enum", IGNORE})
