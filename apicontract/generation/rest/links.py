"""OpenAPI's links: from an answer to the operation that it leads to, with the values that it gives it.

Source: OAS 3.1.0 section 4.8.20 and the runtime expressions of 4.8.20.4. A link whose operation or values
cannot be told is left out: validation says what is wrong with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.generation import names
from apicontract.generation.rest.plan import LinkPlan
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apicontract.formats.openapi.model import Node, Operation
    from apicontract.formats.openapi.reading import Reader
    from apicontract.generation.rest.plan import GroupPlan, OperationPlan

_READABLE = ("$response.body#", "$response.header.", "$request.path.", "$request.query.", "$request.header.")


def links_of(
    reader: Reader,
    operations: Sequence[Operation],
    where: Mapping[int, tuple[str, str]],
    groups: Sequence[GroupPlan],
) -> list[GroupPlan]:
    """The groups with the links of their operations.

    where: the group and the method of each operation, by the identity of its object in the contract.
    """
    planned = {(group.attribute, one.python): one for group in groups for one in group.operations}
    by_id = {
        str(one.node.fields["operationId"]): id(one.node.value)
        for one in operations
        if "operationId" in one.node.fields
    }
    found: dict[tuple[str, str], list[LinkPlan]] = {}
    for operation in operations:
        given = names.Names()
        for status, response in operation.responses.items():
            if not status.startswith("2"):
                continue
            for relation, written in response.links.items():
                link = reader.deref(written)
                target = _target(reader, link, by_id) if link else 0
                if link is None or target not in where:
                    continue
                goal = planned[where[target]]
                values = _values(link, goal)
                if values is None or not goal.result:
                    continue
                own = where[id(operation.node.value)]
                python = given.give(names.snake(f"{own[1]} {relation}", "call"))
                found.setdefault(own, []).append(
                    LinkPlan(relation, python, goal.python, where[target][0], values, goal.result)
                )
    return [
        replace(
            group,
            operations=tuple(
                replace(one, links=tuple(found.get((group.attribute, one.python), ())))
                for one in group.operations
            ),
        )
        for group in groups
    ]


def _target(reader: Reader, link: Node, by_id: Mapping[str, int]) -> int:
    """The identity of the operation that a link leads to; 0 if it leads to none."""
    named, reference = link.fields.get("operationId"), link.fields.get("operationRef")
    if isinstance(named, str):
        return by_id.get(named, 0)
    if isinstance(reference, str):
        library = reader.contract.library
        try:
            return id(library.resolve(reference, document=link.document, pointer=link.pointer).value)
        except ContractError:
            return 0
    return 0


def _values(link: Node, goal: OperationPlan) -> tuple[tuple[str, str], ...] | None:
    """What goes into the goal's parameters; None if a value is no expression, or a parameter is not known."""
    written = link.fields.get("parameters")
    found = []
    for name, value in written.items() if isinstance(written, dict) else ():
        place, _, plain = name.partition(".")
        parameter = next(
            (
                one
                for one in goal.parameters
                if one.name == name or (one.place == place and one.name == plain)
            ),
            None,
        )
        if parameter is None or not isinstance(value, str) or not value.startswith(_READABLE):
            return None
        found.append((parameter.python, value))
    needed = {one.python for one in goal.parameters if one.required}
    return tuple(found) if needed <= {python for python, _ in found} and goal.body is None else None
