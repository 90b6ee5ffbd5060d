"""The names of packages: which part of one is its version.

`acme.orders.v1` has the major `v1`, `acme.orders.v1beta1` has `v1beta1`, which is unstable.
"""

from __future__ import annotations

import re

_VERSION = re.compile(r"v[1-9]\d*(?:(?:alpha|beta)\d*|p[1-9]\d*(?:alpha|beta)\d*|test\w*|main)?", re.ASCII)


def major(package: str) -> str:
    """The last component if it is a version, else an empty text."""
    last = package.rpartition(".")[2]
    return last if _VERSION.fullmatch(last) else ""


def is_unstable(package: str) -> bool:
    """Whether the package says that it may still change: `v1alpha`, `v1p1beta2`, `v1test`."""
    return any(word in major(package) for word in ("alpha", "beta", "test"))
