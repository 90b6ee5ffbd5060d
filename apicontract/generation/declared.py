"""The policy of a call as a contract declares it: `x-apicontract` on the document, a tag, an operation.

What may be said, the runtime's own module of policies knows: the one that generated code has.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Protocol, cast

from apicontract.generation.rendering import root
from apicontract.sources import ContractError, Place, join

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from apicontract.formats.openapi.model import Node

EXTENSION = "x-apicontract"


@dataclass(frozen=True, slots=True)
class StatedPolicy:
    """A policy that stands outside of the contract, as in a team's configuration.

    subject: what it is for: a package, a service (`acme.orders.v1.Orders`), a method (`…Orders/GetOrder`).
    declaration: as `x-apicontract` has it, and `safe`. place: where a part of it stands, or its key.
    """

    subject: str
    declaration: Mapping[str, object]
    place: Callable[[tuple[str, ...], bool], Place | None] | None = None

    def error(self, reason: str, path: tuple[str, ...], *, key: bool = False) -> ContractError:
        """What is wrong with a part of it, or with its subject."""
        where = "".join(f".{part}" for part in path)
        message = reason if key else f'`policies."{self.subject}"{where}`: {reason}'
        place = self.place(path, key) if self.place is not None else None
        if place is None:
            return ContractError(message)
        return ContractError(message, file=place.file, line=place.line, column=place.column)


class _Policies(Protocol):
    def declared(self, *declarations: Mapping[str, object], operation: str = "") -> object: ...


def policy_text(nodes: Sequence[Node | None], operation: str = "") -> str:
    """The policy that the objects declare together, the outermost first, as a Python expression.

    Empty if none of them declares one. ContractError, with its place, for what makes no sense.
    """
    found = [node for node in nodes if node is not None and EXTENSION in node.fields]
    if not found:
        return ""
    declarations = []
    for node in found:
        written = node.fields[EXTENSION]
        if not isinstance(written, dict):
            raise mistaken(node, (), "it is an object: {timeout: 2s, retry: {attempts: 3}, ...}")
        declarations.append(cast("dict[str, object]", written))
        last = operation if node is nodes[-1] else ""
        try:
            policy = policies().declared(*declarations, operation=last)
        except ValueError as error:
            raise mistaken(node, getattr(error, "path", ()), getattr(error, "reason", str(error))) from None
    return repr(policy)


def mistaken(node: Node, path: tuple[str, ...], reason: str) -> ContractError:
    """The error for a declaration of a node that makes no sense, at the part that `path` leads to."""
    place = Place(node.document, join(node.pointer, EXTENSION, *path))
    where = ".".join((EXTENSION, *path))
    hint = "docs/generation.md tells what a contract may declare"
    return ContractError(
        f"`{where}`: {reason}", file=place.file, line=place.line, column=place.column, hint=hint
    )


@cache
def policies() -> _Policies:
    """The runtime's class of policies; its `declared` raises ValueError with `path` and `reason`."""
    name = "apicontract_runtime_policy"
    spec = spec_from_file_location(name, root() / "runtime" / "policy.py")
    assert spec is not None  # noqa: S101  # the file is part of the package
    assert spec.loader is not None  # noqa: S101
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return cast("_Policies", module.Policy)
