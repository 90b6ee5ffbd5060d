"""An OpenAPI contract as loaded: its documents, its OpenAPI version, its dialect of JSON Schema.

Knows how to recognise OpenAPI 2.0 to 3.2 and where a schema's references lead. What the contract
says about operations is the model's business (`model.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from apicontract.sources import ContractError, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.changes.promises import Deprecation, Ignore, VisibleMajor
    from apicontract.sources import Document, Json, Library

_DIALECTS = {"2.0": "openapi-2.0", "3.0": "openapi-3.0", "3.1": "openapi-3.1", "3.2": "openapi-3.2"}
_WHOLE = {"3": "3.0.4", "3.0": "3.0.4", "3.1": "3.1.1", "3.2": "3.2.0"}  # a version has three numbers
_SUPPORTED = "2.0, 3.0.x, 3.1.x, 3.2.x"
T = TypeVar("T")


class OpenApi:
    """One OpenAPI description; `library.root` is its entry document.

    specification: the version of OpenAPI it is written in, as written (`3.0.3`).
    series: its first two numbers (`3.0`); dialect: the JSON Schema dialect of that series.
    """

    format = "openapi"
    __slots__ = ("_promises", "dialect", "library", "series", "specification")

    def __init__(self, library: Library) -> None:
        self.library = library
        self.specification = _specification(library.root)
        self.series = self.specification if self.specification == "2.0" else self.specification[:3]
        self.dialect = _DIALECTS[self.series]
        self._promises: dict[str, tuple[object, ...]] = {}

    @property
    def root(self) -> dict[str, Json]:
        """The entry document's value."""
        value = self.library.root.value
        assert isinstance(value, dict)  # noqa: S101  # _specification has seen to it
        return value

    @property
    def source(self) -> str:
        """The entry document as the user named it."""
        return self.library.root.name

    @property
    def title(self) -> str:
        """`info.title`, or an empty string if there is none."""
        return self._info("title")

    @property
    def version(self) -> str:
        """`info.version`, or an empty string if there is none."""
        return self._info("version")

    @property
    def version_place(self) -> Place:
        """Where `info.version` stands, or the deepest part of it that there is."""
        info = self.root.get("info")
        if not isinstance(info, dict):
            return Place(self.library.root, "")
        return Place(self.library.root, "/info/version" if "version" in info else "/info")

    @property
    def majors(self) -> tuple[VisibleMajor, ...]:
        """Every place where clients see a major version: paths and servers."""
        from apicontract.formats.openapi import promises

        return self._once("majors", promises.majors)

    @property
    def operations(self) -> tuple[str, ...]:
        """The titles of its operations: `GET /orders`."""
        from apicontract.formats.openapi import promises

        return self._once("operations", promises.operations)

    @property
    def deprecations(self) -> tuple[Deprecation, ...]:
        """Everything that is deprecated."""
        from apicontract.formats.openapi import promises

        return self._once("deprecations", promises.deprecations)

    @property
    def ignores(self) -> tuple[Ignore, ...]:
        """Every waiver written in it."""
        from apicontract.formats.openapi import promises

        return self._once("ignores", promises.ignores)

    def _once(self, name: str, read: Callable[[OpenApi], tuple[T, ...]]) -> tuple[T, ...]:
        """What `read` gives, read when first asked for."""
        if name not in self._promises:
            self._promises[name] = read(self)
        return self._promises[name]  # type: ignore[return-value]  # under each name its own type

    def _info(self, key: str) -> str:
        info = self.root.get("info")
        value = info.get(key) if isinstance(info, dict) else None
        return value if isinstance(value, str) else ""


def recognises(library: Library) -> bool:
    """Whether the root document says that it is OpenAPI, of whatever version."""
    value = library.root.value
    return isinstance(value, dict) and ("openapi" in value or "swagger" in value)


def load(library: Library) -> OpenApi:
    """The contract; ContractError if its OpenAPI version is missing or none that we know."""
    return OpenApi(library)


def _specification(document: Document) -> str:
    value = document.value
    if not isinstance(value, dict) or not ("openapi" in value or "swagger" in value):
        raise ContractError(
            "this is no OpenAPI description: its root has neither `openapi` nor `swagger`",
            file=document.name,
            hint="start the document with `openapi: 3.1.0` (or name the right file)",
        )
    key = "openapi" if "openapi" in value else "swagger"
    written = value[key]
    place = Place(document, f"/{key}")
    supported = (
        isinstance(written, str)
        and re.fullmatch(r"3\.[012]\.\d+(?:-[\w.]+)?" if key == "openapi" else r"2\.0", written) is not None
    )
    if not supported:
        quoting = "" if isinstance(written, str) else ", which must be a text"
        whole = _WHOLE.get(str(written)) if key == "openapi" else None
        raise ContractError(
            f"`{key}: {written}` is no version of OpenAPI that is supported{quoting}",
            file=place.file,
            line=place.line,
            column=place.column,
            hint=f"write `openapi: {whole}`" if whole else f"supported are {_SUPPORTED}",
        )
    return str(written)
