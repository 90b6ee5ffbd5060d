"""The catalogue of changes between OpenAPI contracts."""

from __future__ import annotations

from apicontract.changes import Catalogue
from apicontract.formats.openapi.diff.rules.contract_rules import contract_rules
from apicontract.formats.openapi.diff.rules.operation_rules import operation_rules
from apicontract.formats.openapi.diff.rules.schema_rules import schema_rules

CATALOGUE = Catalogue((*contract_rules(), *operation_rules(), *schema_rules()))

__all__ = ["CATALOGUE"]
