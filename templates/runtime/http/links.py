"""Links of level 3: where an answer says that one may go on, by relation name.

Read from HAL (`_links`), JSON:API (`links`), arrays of `{rel, href}`, and Link header fields. Targets of
another origin are not followed, so that credentials stay where they belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from .paging import link_header

if TYPE_CHECKING:
    from .messages import Headers


def links(body: object, headers: Headers | None = None) -> dict[str, str]:
    """Targets by relation; the first of a relation counts, and the body's before the header's."""
    found: dict[str, str] = {}
    if isinstance(body, Mapping):
        for member in ("_links", "links"):
            for relation, target in _named(body.get(member)):
                found.setdefault(relation, target)
    if headers is not None:
        for relation, target in link_header(headers.all("link")).items():
            found.setdefault(relation, target)
    return found


def _named(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for relation, link in value.items():
            first = link[0] if isinstance(link, list) and link else link
            target = first.get("href") if isinstance(first, Mapping) else first
            if isinstance(relation, str) and isinstance(target, str):
                yield relation, target
    elif isinstance(value, list):
        for link in value:
            if isinstance(link, Mapping):
                relation, target = link.get("rel"), link.get("href")
                if isinstance(relation, str) and isinstance(target, str):
                    yield relation, target


def followed(target: str, base: str) -> tuple[str, str]:
    """Path and query of a link's target below the instance's address `base`, for a request.

    ValueError for a target that is not below `base`: another origin, or a path beside it.
    """
    whole = urlsplit(urljoin(base.rstrip("/") + "/", target))
    root = urlsplit(base)
    below = root.path.rstrip("/")
    if (whole.scheme, whole.netloc) != (root.scheme, root.netloc):
        raise ValueError(f"the link leads to {whole.netloc}, away from {root.netloc}")
    if whole.path != below and not whole.path.startswith(below + "/"):
        raise ValueError(f"the link leads to {whole.path}, which is not below {below}")
    return whole.path[len(below) :] or "/", whole.query
