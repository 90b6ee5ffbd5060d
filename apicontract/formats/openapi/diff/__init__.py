"""Every change from one OpenAPI contract to another, in whatever versions of OpenAPI they are written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from apicontract.changes import Direction, Surface
from apicontract.formats.openapi.diff.context import At, Context
from apicontract.formats.openapi.diff.documents import compare_documents
from apicontract.formats.openapi.diff.operations import operations_to_compare
from apicontract.formats.openapi.diff.recorder import Recorder
from apicontract.formats.openapi.diff.sameness import Sameness
from apicontract.formats.openapi.diff.security import compare_schemes
from apicontract.formats.openapi.diff.shards import recorded
from apicontract.formats.openapi.diff.visits import Visits
from apicontract.formats.openapi.reading import Reader
from apicontract.formats.openapi.swagger import SwaggerReader
from apicontract.schemas import Leniency, Session
from apicontract.schemas.edits import Comparer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.changes import Change
    from apicontract.formats import DiffOptions
    from apicontract.formats.openapi.load import OpenApi

DEFAULT_SURFACES = frozenset({Surface.WIRE, Surface.BEHAVIOUR})


def diff(old: OpenApi, new: OpenApi, options: DiffOptions) -> Iterable[Change]:
    """Every change from `old` to `new`, worst first.

    ContractError if a reference leads nowhere in what differs: a verdict on half a contract is none.
    """
    sameness = Sameness(old, new)
    if sameness.same(old.root, new.root):
        return ()
    recorder = Recorder(options.surfaces or DEFAULT_SURFACES, frozenset(options.may_break))
    comparer = partial(_comparer, options, sameness)
    context = Context(_reader(old), _reader(new), comparer(), sameness, recorder, Visits(), options)
    shared, units = operations_to_compare(context)
    with recorded(shared, units, comparer, recorder) as prove:
        compare_schemes(At(context, "", Direction.NONE))
        compare_documents(context)
        for reader in (context.old, context.new):
            if reader.scopes.unresolved:
                raise reader.scopes.unresolved[0]
        return tuple(recorder.changes(prove))


def _comparer(options: DiffOptions, sameness: Sameness) -> Comparer:
    """What compares schemas, reading them as the options say."""
    leniency = Leniency(options.open_enums, tolerant=options.unknown_properties == "tolerated")
    session = Session(formats=options.formats, leniency=leniency)
    return Comparer(session, Session(reading="literal", formats=options.formats), sameness.same_schema)


def _reader(contract: OpenApi) -> Reader:
    return SwaggerReader(contract) if contract.series == "2.0" else Reader(contract)
