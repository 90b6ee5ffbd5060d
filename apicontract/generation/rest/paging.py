"""Which operations answer page by page, and how the next page is asked for.

Seen in names that APIs have in common: a cursor that the page tells, a page number, an offset, a link. By a
parameter an operation is paged only if it has it, and its page is a list or an object with one list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.generation import names
from apicontract.generation.members import merged
from apicontract.generation.rest.plan import PagingPlan
from apicontract.generation.shapes import Shape, follow, said, shape_of

if TYPE_CHECKING:
    from apicontract.formats.openapi.model import Operation
    from apicontract.generation.rest.plan import AnswerPlan, ParameterPlan
    from apicontract.schemas import Schema

_CURSORS = (
    "cursor",
    "page_token",
    "after",
    "starting_after",
    "next_token",
    "continuation_token",
    "marker",
    "next",
)
_NEXT = (
    "next_cursor", "next_page_token", "next_token", "continuation_token", "next_marker", "next", "end_cursor",
    "next_page", "cursor",
)  # fmt: skip
_NUMBERS = ("page", "page_number", "page_no")
_OFFSETS = ("offset", "start", "skip")
_LINKS = ("_links", "links")
_HOLDERS = ("paging", "pagination", "page_info", "meta", "metadata", "page")


def paging_of(
    operation: Operation, parameters: tuple[ParameterPlan, ...], answers: tuple[AnswerPlan, ...]
) -> PagingPlan | None:
    """How an operation is paged; None if it is not."""
    good = [one for one in answers if not one.error]
    if operation.method != "GET" or len(good) != 1 or good[0].kind != "json":
        return None
    response = operation.responses[good[0].status]
    schema = response.content[good[0].media].schema
    if schema is None:
        return None
    items = _items(schema)
    by_link = PagingPlan("link") if _links_on(schema) else None
    if items is None:
        return by_link
    queries = {"_".join(names.words(one.name)): one for one in parameters if one.place == "query"}
    cursor = next((queries[name] for name in _CURSORS if name in queries), None)
    told = _cursor(schema)
    if cursor is not None and told is not None:
        return PagingPlan("cursor", cursor.python, told)
    for known, kind in ((_NUMBERS, "number"), (_OFFSETS, "offset")):
        found = next((queries[name] for name in known if name in queries), None)
        if found is not None and "int" in found.annotation:
            return PagingPlan(kind, found.python, items, _first(operation, found.name))
    return PagingPlan("link") if "link" in response.headers else by_link


def _first(operation: Operation, name: str) -> int:
    """The number of the first page: what the parameter is if it is not given, else the least it may be."""
    for parameter in operation.parameters.values():
        if parameter.name == name and parameter.location == "query" and parameter.schema is not None:
            told = said(follow(parameter.schema)[0])
            for keyword in ("default", "minimum"):
                number = told.get(keyword)
                if isinstance(number, int) and not isinstance(number, bool):
                    return number
    return 1


def _links_on(schema: Schema) -> bool:
    """Whether a page has a link of relation `next` in itself, as HAL and JSON:API have it."""
    found, _ = follow(schema)
    for holder in _LINKS:
        member = merged(found, inherit=False).properties.get(holder)
        if member is not None and "next" in merged(follow(member.schema)[0], inherit=False).properties:
            return True
    return False


def _items(schema: Schema) -> tuple[str, ...] | None:
    """The steps to the list of a page: none if it is one; None if there is no list, or more than one."""
    followed, _ = follow(schema)
    if shape_of(followed) is Shape.ARRAY:
        return ()
    if shape_of(followed) is not Shape.CLASS:
        return None
    lists = [
        name
        for name, member in merged(followed, inherit=False).properties.items()
        if shape_of(follow(member.schema)[0]) is Shape.ARRAY
    ]
    return (lists[0],) if len(lists) == 1 else None


def _cursor(schema: Schema) -> tuple[str, ...] | None:
    """The steps to the member that tells the next cursor."""
    followed, _ = follow(schema)
    found = {"_".join(names.words(name)): name for name in merged(followed, inherit=False).properties}
    for name in _NEXT:
        if name in found:
            return (found[name],)
    for holder in _HOLDERS:
        if holder in found:
            inner, _ = follow(merged(followed, inherit=False).properties[found[holder]].schema)
            below = {"_".join(names.words(name)): name for name in merged(inner, inherit=False).properties}
            for name in _NEXT:
                if name in below:
                    return (found[holder], below[name])
    return None
