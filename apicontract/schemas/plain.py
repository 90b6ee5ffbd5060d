"""One question about plain JSON values; for several about the same schemas, a `Session` remembers its work.

Every argument may be a plain value, read as the given dialect, or a `Schema` that knows its own place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from apicontract.schemas.handles import PlainScope, Schema
from apicontract.schemas.session import Session

if TYPE_CHECKING:
    from apicontract.schemas.budget import Budget
    from apicontract.schemas.edits.explain import Cause
    from apicontract.schemas.handles import Flow, Json
    from apicontract.schemas.verdicts import Nothing, Unknown, Verdict

Reading = Literal["contract", "literal"]
Formats = Literal["assert", "annotate"]


def _handle(schema: Json | Schema, dialect: str) -> Schema:
    return schema if isinstance(schema, Schema) else Schema(schema, PlainScope(schema, dialect))


def contains(
    sub: Json | Schema,
    sup: Json | Schema,
    *,
    dialect: str = "2020-12",
    sup_dialect: str | None = None,
    reading: Reading = "contract",
    formats: Formats = "assert",
    flow: Flow = None,
    budget: Budget | None = None,
) -> Verdict:
    """Whether every value of `sub` is one of `sup`: Contained, NotContained with a witness, or Unknown.

    dialect: the vocabulary of both, or of `sub` if `sup_dialect` is given; ValueError for an unknown one.
    reading: "contract" (a property only the receiver declares is not sent) or "literal" JSON Schema.
    formats: known formats restrict values ("assert") or say nothing ("annotate"). flow: "request" hides
    `readOnly` properties, "response" `writeOnly` ones. budget: how many steps the answer may cost.
    """
    session = Session(reading=reading, formats=formats, budget=budget)
    return session.contains(_handle(sub, dialect), _handle(sup, sup_dialect or dialect), flow=flow)


def equivalent(
    a: Json | Schema,
    b: Json | Schema,
    *,
    dialect: str = "2020-12",
    other_dialect: str | None = None,
    reading: Reading = "literal",
    formats: Formats = "assert",
    flow: Flow = None,
    budget: Budget | None = None,
) -> Verdict:
    """Whether both accept the same values: Contained, or the first refutation or doubt of the two directions.

    Literal unless asked otherwise: in the contract reading each side would be excused what the other lacks.
    """
    session = Session(reading=reading, formats=formats, budget=budget)
    return session.equivalent(_handle(a, dialect), _handle(b, other_dialect or dialect), flow=flow)


def intersect(
    a: Json | Schema, b: Json | Schema, *, dialect: str = "2020-12", other_dialect: str | None = None
) -> Schema:
    """The schema of the values both accept, for every function here; each side keeps its references."""
    return Session(reading="literal").intersect(_handle(a, dialect), _handle(b, other_dialect or dialect))


def is_empty(
    schema: Json | Schema,
    *,
    dialect: str = "2020-12",
    formats: Formats = "assert",
    flow: Flow = None,
    budget: Budget | None = None,
) -> bool | None:
    """Whether no value at all is accepted; None if that could not be decided."""
    return Session(reading="literal", formats=formats, budget=budget).is_empty(
        _handle(schema, dialect), flow=flow
    )


def sample(
    schema: Json | Schema,
    *,
    dialect: str = "2020-12",
    formats: Formats = "assert",
    flow: Flow = None,
    budget: Budget | None = None,
) -> Json | Nothing | Unknown:
    """A small accepted value, if possible one the schema shows; NOTHING if there is none, or Unknown."""
    return Session(reading="literal", formats=formats, budget=budget).sample(
        _handle(schema, dialect), flow=flow
    )


def explain(
    sub: Json | Schema,
    sup: Json | Schema,
    *,
    dialect: str = "2020-12",
    sup_dialect: str | None = None,
    reading: Reading = "contract",
    formats: Formats = "assert",
    flow: Flow = None,
    budget: Budget | None = None,
) -> tuple[Cause, ...]:
    """Why `sub` is not contained in `sup`: the smallest edits whose own question fails, in document order.

    Empty if it is contained. The options are those of `contains`.
    """
    from apicontract.schemas.edits.explain import causes

    sessions = (
        Session(reading=reading, formats=formats, budget=budget),
        Session(reading="literal", formats=formats, budget=budget),
    )
    return causes(sessions, _handle(sub, dialect), _handle(sup, sup_dialect or dialect), flow)
