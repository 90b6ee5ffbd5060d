"""Paths taken apart: segments, variables, versions, custom methods.

Knows the text of a path only; which operations it has is the business of `facts.py`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_VERSION = re.compile(r"v(\d+)(?:[._](\d+)(?:[._]\d+)*)?((?:alpha|beta|rc)\d*(?:p\d+)?)?", re.IGNORECASE)
_LOCAL = re.compile(
    r"localhost|.*\.(?:local|localhost|internal|test)|127(?:\.\d{1,3}){3}|0\.0\.0\.0|10(?:\.\d{1,3}){3}"
    r"|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|\[?::1\]?",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def segments(path: str) -> tuple[str, ...]:
    """The segments of a path without query, fragment and empty ones: `/orders/{id}:cancel` has two.

    A fragment is what some write to tell the actions of one address apart: `/#Action=RunInstances`.
    """
    return tuple(part for part in re.split(r"[?#]", path, maxsplit=1)[0].split("/") if part)


@lru_cache(maxsize=16384)
def resources(path: str) -> tuple[str, ...]:
    """The segments of a path that name or identify things: no version, no custom method."""
    kept = (part if part.startswith(":") else part.partition(":")[0] for part in segments(path))
    return tuple(part for part in kept if part and version(part) is None)


@lru_cache(maxsize=16384)
def is_variable(segment: str) -> bool:
    """Whether a segment is one variable, a custom method apart."""
    return segment.startswith("{") and segment.partition(":")[0].endswith("}") and segment.count("{") == 1


def has_variable(segment: str) -> bool:
    """Whether a segment holds a variable."""
    return "{" in segment


def variables(path: str) -> list[str]:
    """The names of the variables of a path, in order."""
    return _VARIABLE.findall(path)


def custom_method(path: str) -> str:
    """What follows the colon of the last segment (AIP-136): `cancel` of `/orders/{id}:cancel`."""
    parts = segments(path)
    return parts[-1].partition(":")[2] if parts else ""


def shape(path: str) -> str:
    """The path with its variables unnamed, by which equal ones are found."""
    return _VARIABLE.sub("{}", path)


def collection(path: str) -> str:
    """The path above an item: `/orders` of `/orders/{id}`; empty where the path leads to no item."""
    parts = segments(path)
    return "/" + "/".join(parts[:-1]) if parts and is_variable(parts[-1]) and ":" not in parts[-1] else ""


@lru_cache(maxsize=4096)
def version(segment: str) -> tuple[int, int | None, str] | None:
    """Major, minor (if written) and stability of a version segment: `v1` is (1, None, "")."""
    found = _VERSION.fullmatch(segment)
    if found is None:
        return None
    return int(found[1]), int(found[2]) if found[2] else None, (found[3] or "").lower()


def host(url: str) -> str:
    """The host of a URL, its port left out; empty for relative ones and where it cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """The path of an absolute or relative URL; empty where it cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def is_local(url: str) -> bool:
    """Whether a URL leads to one's own machine or a private network (RFC 1918, RFC 6761)."""
    return _LOCAL.fullmatch(host(url)) is not None
