"""What two contracts import and carry: messages and enums of imports that differ are compared as their own.

Only what both sides carry in their messages and RPCs counts. What else changed in an imported file is
the business of the contract that the file belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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

    def carried(name: str) -> bool:
        return old_flows.carries(name) and new_flows.carries(name)

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


def _messages(files: Iterable[File], carried: Callable[[str], bool]) -> dict[str, Message]:
    return {
        one.full_name: one
        for file in files
        for one in file.all_messages
        if not one.is_map_entry and carried(one.full_name)
    }


def _enums(files: Iterable[File], carried: Callable[[str], bool]) -> dict[str, Enum]:
    return {one.full_name: one for file in files for one in file.all_enums if carried(one.full_name)}
