"""The names of packages: which part of one is its version.

`acme.orders.v1` has the major `v1`, `acme.orders.v1beta1` has `v1beta1`, which is unstable; in
`acme.ads.v19.enums` it is `v19`.
"""

from __future__ import annotations

import re

_VERSION = re.compile(
    r"v(?:0|[1-9]\d*)(?:(?:alpha|beta)\d*|p[1-9]\d*(?:alpha|beta)\d*|test\w*|main)?", re.ASCII
)


def major(package: str) -> str:
    """The last component that is a version, or an empty text if there is none."""
    return next((part for part in reversed(package.split(".")) if _VERSION.fullmatch(part)), "")


def is_version(text: str) -> bool:
    """Whether a component of that name would be a version."""
    return _VERSION.fullmatch(text) is not None


def is_unstable(package: str) -> bool:
    """Whether the package says that it may still change: `v0`, `v1alpha`, `v1p1beta2`, `v1test`."""
    version = major(package)
    return version == "v0" or any(word in version for word in ("alpha", "beta", "test"))


def beginning(package: str) -> str:
    """A package up to its version, or all of it: packages that begin alike are of one version."""
    version = major(package)
    steps = package.split(".")
    return ".".join(steps[: len(steps) - steps[::-1].index(version)]) if version else package


def succeeding(package: str, version: str) -> str:
    """The package of another version: in the place of the one that it ends with, or behind its name."""
    old = major(package)
    return f"{package[: -len(old)]}{version}" if old else f"{package}.{version}"
