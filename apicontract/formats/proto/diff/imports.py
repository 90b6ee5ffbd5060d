"""What two contracts import and carry: messages and enums of imports that differ are compared as their own.

Only what both sides carry in their messages and RPCs counts. What else changed in an imported file is
the business of the contract that the file belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from apicontract.formats.proto.diff.flows import Flows
    from apicontract.formats.proto.elements import Enum, Message
    from apicontract.formats.proto.model import File, Proto


@dataclass(frozen=True, slots=True)
class Imported:
    """Messages and enums of differing imports by full name, old and new; both sides have all of them."""

    old_messages: Mapping[str, Message]
    new_messages: Mapping[str, Message]
    old_enums: Mapping[str, Enum]
    new_enums: Mapping[str, Enum]


NOTHING = Imported({}, {}, {}, {})


def imported(old: Proto, new: Proto, old_flows: Flows, new_flows: Flows) -> Imported:
    """What both contracts carry of imports that are not the same."""
    befores, afters = _differing(old, new), _differing(new, old)
    if not befores or not afters:
        return NOTHING
    carried = old_flows.carried(_roots(old)) & new_flows.carried(_roots(new))
    messages = _messages(befores, carried), _messages(afters, carried)
    enums = _enums(befores, carried), _enums(afters, carried)
    shared = messages[0].keys() & messages[1].keys()
    values = enums[0].keys() & enums[1].keys()
    return Imported(
        {name: one for name, one in messages[0].items() if name in shared},
        {name: one for name, one in messages[1].items() if name in shared},
        {name: one for name, one in enums[0].items() if name in values},
        {name: one for name, one in enums[1].items() if name in values},
    )


def _differing(contract: Proto, other: Proto) -> list[File]:
    """The imports of one contract that the other does not have in the same way."""
    return [
        file
        for name, file in contract.files.items()
        if not file.is_own
        and name not in other.own_names
        and (name not in other.files or other.files[name].proto != file.proto)
    ]


def _roots(contract: Proto) -> Iterator[str]:
    """The types from which everything that the contract carries is met."""
    for file in contract.own_files:
        yield from (message.full_name for message in file.all_messages)
        yield from (one.proto.type_name[1:] for one in file.all_extensions)
        for service in file.proto.service:
            for method in service.method:
                yield method.input_type[1:]
                yield method.output_type[1:]


def _messages(files: Iterable[File], carried: set[str]) -> dict[str, Message]:
    return {
        one.full_name: one
        for file in files
        for one in file.all_messages
        if one.full_name in carried and not one.is_map_entry
    }


def _enums(files: Iterable[File], carried: set[str]) -> dict[str, Enum]:
    return {one.full_name: one for file in files for one in file.all_enums if one.full_name in carried}
