"""Meaning: what the parts of a contract say about each other. One table: kind of object to its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.formats.openapi.validate.meaning import (
    addresses,
    circles,
    links,
    media,
    operations,
    parameters,
    paths,
    references,
    security,
    servers,
    swagger,
    tags,
)
from apicontract.formats.openapi.validate.meaning.keywords import check_keywords
from apicontract.formats.openapi.validate.meaning.values import check_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import Check, View

_CHECKS: dict[str, tuple[Check, ...]] = {
    "document": (
        references.unresolved,
        references.circular,
        references.siblings_ignored,
        references.path_items_joined,
        references.names_twice,
        circles.endless,
        paths.equivalent,
        operations.unique_ids,
        tags.unique,
        tags.parents,
        security.required,
        swagger.consumes,
    ),
    "schema": (references.dynamic,),
    "components": (references.component_names,),
    "path-item": (
        parameters.unique,
        paths.template,
    ),
    "operation": (
        parameters.unique,
        parameters.querystring,
        paths.parameters,
        operations.body_has_meaning,
        operations.has_response,
        security.required,
        swagger.one_body,
        swagger.produced,
        swagger.consumes,
    ),
    "responses": (operations.status_codes,),
    "parameter": (
        parameters.header,
        parameters.query_fields,
        media.exclusive_examples,
        media.types,
    ),
    "header": (
        parameters.query_fields,
        media.exclusive_examples,
        media.types,
    ),
    "response": (
        parameters.header_names,
        media.types,
    ),
    "request-body": (media.types,),
    "media-type": (media.exclusive_examples, media.encodings),
    "example": (media.exclusive_values,),
    "link": (links.operation,),
    "callback": (links.callback,),
    "server": (servers.address, servers.variables),
}


for _kind in addresses.FIELDS:
    _CHECKS[_kind] = (*_CHECKS.get(_kind, ()), addresses.well_formed)


def check_meaning(view: View) -> Iterator[Finding]:
    """Everything that is wrong with what the contract means."""
    for kind, checks in _CHECKS.items():
        for node in view.nodes(kind):
            if isinstance(node.value, dict):
                for check in checks:
                    yield from check(node, view)
    yield from check_keywords(view)
    yield from check_values(view)
