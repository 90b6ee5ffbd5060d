"""JSON Schema as sets of values, and whether every value of one is a value of another.

Ask with the methods of a `Session`, or with `contains`, `equivalent`, `intersect`, `is_empty`, `sample` and
`explain` about plain JSON values. An answer is proved, refuted with a verified witness, or unknown with a
reason. Knows no file, no level, no message.
"""

from __future__ import annotations

from apicontract.schemas.budget import Budget
from apicontract.schemas.handles import DIALECTS, Flow, Json, PlainScope, Schema, Scope
from apicontract.schemas.plain import contains, equivalent, explain, intersect, is_empty, sample
from apicontract.schemas.session import Session, Statistics
from apicontract.schemas.translation.leniency import Leniency
from apicontract.schemas.verdicts import NOTHING, Contained, NotContained, Nothing, Unknown, Verdict, Witness

__all__ = [
    "DIALECTS",
    "NOTHING",
    "Budget",
    "Contained",
    "Flow",
    "Json",
    "Leniency",
    "NotContained",
    "Nothing",
    "PlainScope",
    "Schema",
    "Scope",
    "Session",
    "Statistics",
    "Unknown",
    "Verdict",
    "Witness",
    "contains",
    "equivalent",
    "explain",
    "intersect",
    "is_empty",
    "sample",
]
