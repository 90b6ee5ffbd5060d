"""Answers that come page by page.

The loop, lazily, for every way that contracts have of naming the next page.

A page is whatever one call gives. What the next call needs is found by a function of the page; None ends it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

Page = TypeVar("Page")
Cursor = TypeVar("Cursor")


def pages(
    fetch: Callable[[Cursor], Page], following: Callable[[Page], Cursor | None], first: Cursor
) -> Iterator[Page]:
    """Each page when it is asked for.

    A cursor that comes back unchanged ends it: the server would go round for ever.
    """
    cursor: Cursor | None = first
    while cursor is not None:
        page = fetch(cursor)
        yield page
        before, cursor = cursor, following(page)
        if cursor == before:
            return


async def apages(
    fetch: Callable[[Cursor], Awaitable[Page]], following: Callable[[Page], Cursor | None], first: Cursor
) -> AsyncIterator[Page]:
    """The same, awaited."""
    cursor: Cursor | None = first
    while cursor is not None:
        page = await fetch(cursor)
        yield page
        before, cursor = cursor, following(page)
        if cursor == before:
            return


_PART = r'\s*;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?'
_LINK = re.compile(
    r"\s*<([^<>]*)>((?:" + _PART.replace("(", "(?:").replace("(?:?:", "(?:") + r")*)\s*(?:,|$)"
)
_PARAMETER = re.compile(_PART)


def link_header(values: list[str], base: str = "") -> dict[str, str]:
    """Targets by relation, from the values of Link header fields (RFC 8288); the first of a relation counts.

    Relative targets are resolved against `base`.
    """
    targets: dict[str, str] = {}
    for value in values:
        position = 0
        while match := _LINK.match(value, position):
            relations = ""
            for name, quoted, plain in _PARAMETER.findall(match[2]):
                if name.lower() == "rel" and not relations:
                    relations = quoted or plain
            for relation in relations.lower().split():
                targets.setdefault(relation, urljoin(base, match[1]))
            if match.end() == position:
                break
            position = match.end()
    return targets
