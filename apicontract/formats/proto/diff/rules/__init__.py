"""The catalogue of changes between protobuf contracts."""

from __future__ import annotations

from apicontract.changes import Catalogue
from apicontract.formats.proto.diff.rules import field_rules as fields
from apicontract.formats.proto.diff.rules import service_rules as services
from apicontract.formats.proto.diff.rules import type_rules as types
from apicontract.formats.proto.diff.rules.rows import Row, rule

ROWS: tuple[Row, ...] = (
    *services.SERVICES,
    *services.ROUTES,
    *types.MESSAGES,
    *types.ENUMS,
    *types.VALUES,
    *fields.NAMES,
    *fields.TYPES,
    *fields.OCCURRENCE,
    *fields.ONEOFS,
    *fields.EXTENSIONS,
    *fields.OPTIONS,
    *fields.BEHAVIOURS,
    *services.FILES,
)
CATALOGUE = Catalogue(rule(row) for row in ROWS)

__all__ = ["CATALOGUE", "ROWS"]
