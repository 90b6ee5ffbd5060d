"""The links of a contract (OpenAPI 3.1.1, 4.8.20) as calls of the operations that they lead to.

A link that cannot be one (it leads to no operation of this contract, or sets what is none of its
parameters) is left out, and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from apicontract.generation import names
from apicontract.generation.rest.plan import LinkedPlan, LinkPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.openapi.model import Node, Operation
    from apicontract.formats.openapi.reading import Reader
    from apicontract.generation.rest.plan import GroupPlan, OperationPlan, ParameterPlan
    from apicontract.sources import Json

_PLACES = ("path", "query", "header", "cookie", "querystring")
_TAKEN = ("value", "exchange", "engine", "links", "offered", "self")


class _LinkError(Exception):
    """Why a link cannot be one."""


@dataclass(slots=True)
class Links:
    """Gathers operations while they are planned, and gives each its links once all are known."""

    reader: Reader
    notes: list[str] = field(default_factory=list)
    _by_id: dict[str, tuple[str, OperationPlan]] = field(default_factory=dict)
    _by_place: dict[tuple[int, str], tuple[str, OperationPlan]] = field(default_factory=dict)
    _sources: dict[int, Operation] = field(default_factory=dict)

    def add(self, attribute: str, operation: Operation, plan: OperationPlan) -> None:
        """An operation of the contract and its plan, in the group of that attribute."""
        said = operation.node.fields.get("operationId")
        if isinstance(said, str):
            self._by_id.setdefault(said, (attribute, plan))
        self._by_place[id(operation.node.document), operation.node.pointer] = (attribute, plan)
        self._sources[id(plan)] = operation

    def given(self, group: GroupPlan, taken: tuple[str, ...]) -> GroupPlan:
        """The group with links in its operations; taken: names of classes that its module has."""
        classes = names.Names(taken, separator="")
        return replace(
            group, operations=tuple(self._linked(operation, classes) for operation in group.operations)
        )

    def _linked(self, plan: OperationPlan, classes: names.Names) -> OperationPlan:
        if not plan.result:
            return plan
        given = names.Names(_TAKEN)
        found: dict[tuple[object, ...], LinkPlan] = {}
        for status, name, node in self._of(self._sources[id(plan)]):
            try:
                link = self._link(status, name, node)
            except _LinkError as reason:
                self._note(node, name, str(reason))
                continue
            mark = (link.name, link.module, link.call.python, repr(link.parameters), repr(link.body))
            if mark in found:
                found[mark] = replace(found[mark], statuses=(*found[mark].statuses, status))
            else:
                found[mark] = replace(link, python=given.give(names.snake(name, "call")))
        if not found:
            return plan
        wanted = f"{names.pascal(plan.python)}Links"
        if wanted.startswith("Async"):  # as the twins of other classes do
            wanted = f"Of{wanted}"
        return replace(plan, linked=LinkedPlan(classes.give(wanted), tuple(found.values()), plan.result))

    def _of(self, operation: Operation) -> Iterator[tuple[str, str, Node]]:
        """(status, name, link) of every link of a result; of those of errors it is said that they are not."""
        good = any(status.startswith("2") for status in operation.responses)
        for status, response in operation.responses.items():
            for name, written in response.links.items():
                node = self.reader.deref(written)
                if node is None:
                    continue
                if status.startswith("2") or (status == "default" and not good):
                    yield status, name, node
                else:
                    self._note(node, name, f"belongs to an error, {status}")

    def _link(self, status: str, name: str, node: Node) -> LinkPlan:
        module, plan = self._target(node)
        if not plan.result:
            raise _LinkError(f"leads to {plan.name}, which answers with a stream")
        if "server" in node.fields:
            raise _LinkError("has a server of its own")
        listed = node.fields.get("parameters")
        sources: dict[str, Json] = {}
        for key, source in listed.items() if isinstance(listed, dict) else ():
            parameter = _parameter(key, plan)
            if parameter is None:
                raise _LinkError(f"sets `{key}`, which {plan.name} does not have")
            sources[parameter.python] = source
        body = node.fields.get("requestBody")
        call = replace(
            plan,
            parameters=tuple(one for one in plan.parameters if one.python not in sources),
            body=plan.body if body is None else None,
            linked=None,
        )
        needed = tuple(one.python for one in plan.parameters if one.required and one.python in sources)
        said = node.fields.get("description")
        about = said if isinstance(said, str) else ""
        return LinkPlan("", name, (status,), about, module, call, sources, body, needed)

    def _target(self, node: Node) -> tuple[str, OperationPlan]:
        known, reference = node.fields.get("operationId"), node.fields.get("operationRef")
        found = self._by_id.get(known) if isinstance(known, str) else None
        if isinstance(reference, str) and known is None:
            led = self.reader.deref(replace(node, value={"$ref": reference}))
            found = self._by_place.get((id(led.document), led.pointer)) if led is not None else None
        if found is None:
            raise _LinkError(f"leads to `{known or reference}`, no operation of this contract")
        return found

    def _note(self, node: Node, name: str, why: str) -> None:
        place = node.place
        note = f"{place.file}:{place.line}:{place.column}: the link `{name}` {why}"
        if note not in self.notes:
            self.notes.append(note)


def _parameter(key: str, plan: OperationPlan) -> ParameterPlan | None:
    """The parameter that a link's key means: `id`, or `path.id` where several are called so."""
    place, _, rest = key.partition(".")
    for one in plan.parameters:
        if one.name == key or (place in _PLACES and (one.place, one.name) == (place, rest)):
            return one
    return None


def variants_of(plan: OperationPlan, given: names.Names) -> Mapping[str, str]:
    """An operation's further methods by what they give: `pages`, `events`, `lines`, `stream`, `links`."""
    found: dict[str, str] = {}
    if plan.paging:
        found["pages"] = given.give(f"{plan.python}_pages")
    if "events" in plan.streams:
        found["events"] = given.give(f"{plan.python}_events") if plan.result else plan.python
    if "lines" in plan.streams:
        alone = not plan.result and "events" not in plan.streams
        found["lines"] = plan.python if alone else given.give(f"{plan.python}_lines")
    if "bytes" in plan.streams:
        found["stream"] = given.give(f"{plan.python}_stream")
    if plan.linked:
        found["links"] = given.give(f"{plan.python}_with_links")
    return found
