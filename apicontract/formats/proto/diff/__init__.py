"""Every change from one protobuf contract to another, judged on wire, in JSON and for code in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Surface
from apicontract.formats.proto.diff.declared import compare_declared
from apicontract.formats.proto.diff.difference import Context
from apicontract.formats.proto.diff.enums import compare_enums
from apicontract.formats.proto.diff.files import compare_files
from apicontract.formats.proto.diff.flows import Flows
from apicontract.formats.proto.diff.messages import compare_messages
from apicontract.formats.proto.diff.pairing import pair
from apicontract.formats.proto.diff.recorder import Recorder
from apicontract.formats.proto.diff.services import compare_services
from apicontract.formats.proto.diff.structure import Structure
from apicontract.formats.proto.witness import Prover

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apicontract.changes import Change
    from apicontract.formats import DiffOptions
    from apicontract.formats.proto.model import Proto

DEFAULT_SURFACES = frozenset(Surface)


def diff(old: Proto, new: Proto, options: DiffOptions) -> Iterable[Change]:
    """Every change from `old` to `new`, worst first; ContractError if a side does not compile."""
    recorder = Recorder(options.surfaces or DEFAULT_SURFACES)
    context = Context(
        old,
        new,
        pair(old, new),
        options,
        recorder,
        Flows(old),
        Flows(new),
        Structure(compare_messages, compare_enums),
        Prover(old, new, strict_json=options.strict_json),
    )
    compare_services(context)
    compare_declared(context)
    compare_files(context)
    return recorder.changes()
