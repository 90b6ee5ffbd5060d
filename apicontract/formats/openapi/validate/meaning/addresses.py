"""Checks on addresses: fields that must hold a URI or an e-mail address, in every version.

The meta-schemas say so by `format`, which some leave out and validators need not look at. Relative
references are URIs here (3.1.1, section 4.6; 3.0.3, "Relative References in URLs").
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import jsonschema_rs

from apicontract.formats.openapi.validate.explain import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_ADDRESS, _WHOLE, _MAIL = "uri-reference", "uri", "email"
_NAMES = {_ADDRESS: "URI", _WHOLE: "absolute URI", _MAIL: "e-mail address"}
FORMATS = frozenset(_NAMES)
# Kind of object: its fields, and the format that each has.
FIELDS = {
    "document": {"$self": _ADDRESS, "jsonSchemaDialect": _ADDRESS},
    "info": {"termsOfService": _ADDRESS},
    "contact": {"url": _ADDRESS, "email": _MAIL},
    "license": {"url": _ADDRESS},
    "external-docs": {"url": _ADDRESS},
    "example": {"externalValue": _ADDRESS},
    "security-scheme": dict.fromkeys(
        ("openIdConnectUrl", "oauth2MetadataUrl", "authorizationUrl", "tokenUrl"), _ADDRESS
    ),
    "oauth-flow": dict.fromkeys(
        ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"), _ADDRESS
    ),
    "xml": {"namespace": _WHOLE},
    "schema": {"$id": _ADDRESS, "$schema": _ADDRESS},
}


def well_formed(node: Node, view: View) -> Iterator[Finding]:
    """The addresses of one object."""
    known = view.walk.types[node.kind].fields
    old = view.series == "2.0"
    for field, wanted in FIELDS[node.kind].items():
        held = node.fields.get(field)
        if (
            field in known
            and isinstance(held, str)
            and not (old and field == "termsOfService")  # 2.0, Info Object: any text
            and not _is(wanted, held)
        ):
            yield view.finding(
                "malformed-value",
                node,
                field,
                message=f"`{field}` is {shown(held)}, which is no {_NAMES[wanted]}",
                advice="write a space as %20" if " " in held.strip() and wanted == _ADDRESS else "",
                warning=old and field == "namespace",  # 2.0, XML Object: SHOULD
            )


@cache
def _format(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)


def _is(name: str, text: str) -> bool:
    try:
        return _format(name).is_valid(text)
    except ValueError:  # half of a character
        return False
