"""How the next page is asked for: by a cursor, a page number, an offset, or a link.

Each function makes one that, from what an operation was called with, the page as JSON and its answer, gives
what to call it with next; None at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..http.links import link_header, links

if TYPE_CHECKING:
    from ..http.messages import Response

_MORE = ("has_more", "hasMore", "has_next", "hasNext", "has_next_page", "hasNextPage")
_HOLDERS = ("paging", "pagination", "page_info", "pageInfo", "meta", "metadata", "page")
_ADDRESS = re.compile(
    r"https?://|/?[^?]*\?[^?]*="
)  # a cursor in base64 may have slashes, and no question mark
Following = Callable[[Mapping[str, object], object, "Response"], Mapping[str, object] | str | None]


def by_cursor(parameter: str, member: tuple[str, ...]) -> Following:
    """The page tells the next cursor in a member; it goes into a parameter, unless it is the next address."""

    def following(
        values: Mapping[str, object], page: object, _: Response
    ) -> Mapping[str, object] | str | None:
        cursor: object = page
        for name in member:
            cursor = cursor.get(name) if isinstance(cursor, Mapping) else None
        if isinstance(cursor, str) and _ADDRESS.match(cursor):
            return cursor
        return {**values, parameter: cursor} if cursor not in (None, "") else None

    return following


def by_number(parameter: str, first: int, member: tuple[str, ...]) -> Following:
    """Pages are counted; one without items is the last, that says so, or whose Link header has no next."""

    def following(
        values: Mapping[str, object], page: object, response: Response
    ) -> Mapping[str, object] | None:
        listed = response.headers.all("link")
        if listed:
            if "next" not in link_header(listed):
                return None
        elif not _items(page, member) or _ends(page):
            return None
        number = values.get(parameter)
        return {**values, parameter: (number if isinstance(number, int) else first) + 1}

    return following


def by_offset(parameter: str, member: tuple[str, ...]) -> Following:
    """The offset grows by as many items as came; a page without any, or that says so, is the last."""

    def following(values: Mapping[str, object], page: object, _: Response) -> Mapping[str, object] | None:
        count = _items(page, member)
        offset = values.get(parameter)
        if not count or _ends(page):
            return None
        return {**values, parameter: (offset if isinstance(offset, int) else 0) + count}

    return following


def by_link() -> Following:
    """The page has a link to the next one, in itself or in a Link header."""

    def following(_: Mapping[str, object], page: object, response: Response) -> str | None:
        found = links(page, response.headers).get("next")
        return found.expanded() if found is not None else None

    return following


def _ends(page: object) -> bool:
    """Whether a page says itself that it is the last one."""
    if not isinstance(page, Mapping):
        return False
    told = [page, *(page[name] for name in _HOLDERS if isinstance(page.get(name), Mapping))]
    return any(one.get("last") is True or any(one.get(name) is False for name in _MORE) for one in told)


def _items(page: object, member: tuple[str, ...]) -> int:
    """How many items a page has."""
    for name in member:
        page = page.get(name) if isinstance(page, Mapping) else None
    return len(page) if isinstance(page, list) else 0
