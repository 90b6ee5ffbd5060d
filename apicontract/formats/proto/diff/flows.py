"""Which RPCs carry a message, and which ways it goes: the role that decides what can break.

A request goes from the client of the old contract to the server of the new one, a response back; what is
in a message goes as it does. A message that no RPC carries may go both ways (events, stored data). Works
on descriptors, not views: of thousands of files only names are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import field_behaviors
from apicontract.formats.proto.diff.effects import Flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from google.protobuf import descriptor_pb2

    from apicontract.formats.proto.model import Proto


class Flows:
    """The RPCs of one contract and what they carry; types are asked for by full name."""

    def __init__(self, contract: Proto) -> None:
        self._messages: dict[str, descriptor_pb2.DescriptorProto] = {}
        self._uses: dict[str, list[str]] = {}  # message -> the types of its fields
        self._users: defaultdict[str, list[str]] = defaultdict(list)
        self._requests: defaultdict[str, list[str]] = defaultdict(list)  # message -> paths of RPCs
        self._responses: defaultdict[str, list[str]] = defaultdict(list)
        self._roots: set[str] = set()  # the types from which all that the contract itself carries is met
        for file in contract.files.values():
            self._met: list[str] = []
            package = f"{file.package}." if file.package else ""
            for message in file.proto.message_type:
                self._read_message(package, message)
            for extension in file.proto.extension:
                self._read_extension(extension)
            for service in file.proto.service:
                self._read_service(package, service)
            if file.is_own:
                self._roots.update(self._met)
        self._reached: dict[str, tuple[str, ...]] = {}

    def _read_message(self, scope: str, message: descriptor_pb2.DescriptorProto) -> None:
        name = f"{scope}{message.name}"
        self._messages[name] = message
        self._met.append(name)
        types = [field.type_name[1:] for field in message.field if field.type_name]
        self._uses.setdefault(name, []).extend(types)
        for used in types:
            self._users[used].append(name)
        for extension in message.extension:
            self._read_extension(extension)
        for nested in message.nested_type:
            self._read_message(f"{name}.", nested)

    def _read_extension(self, extension: descriptor_pb2.FieldDescriptorProto) -> None:
        if extension.type_name:
            self._met.append(extension.type_name[1:])
            self._uses.setdefault(extension.extendee[1:], []).append(extension.type_name[1:])
            self._users[extension.type_name[1:]].append(extension.extendee[1:])

    def _read_service(self, package: str, service: descriptor_pb2.ServiceDescriptorProto) -> None:
        for method in service.method:
            path = f"/{package}{service.name}/{method.name}"
            self._requests[method.input_type[1:]].append(path)
            self._responses[method.output_type[1:]].append(path)
            self._met += (method.input_type[1:], method.output_type[1:])

    @cached_property
    def _forth(self) -> set[str]:
        return self._met_from(self._requests)

    @cached_property
    def _back(self) -> set[str]:
        return self._met_from(self._responses)

    @cached_property
    def _uncalled(self) -> set[str]:
        """What messages carry that no RPC does, and these."""
        return self._met_from(
            name for name in self._uses if name not in self._forth and name not in self._back
        )

    def _met_from(self, roots: Iterable[str]) -> set[str]:
        """The types of these names, and all that are met in their fields, at any remove."""
        waiting = list(roots)
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._uses.get(name, ())
        return found

    def carries(self, name: str) -> bool:
        """Whether the contract itself, not only what it imports, declares the type or has it in a message."""
        return any(one in self._roots for one in chain([name], self._above(name)))

    def _above(self, name: str) -> Iterator[str]:
        """The messages in which a type is met, at any remove, the nearest first."""
        seen, waiting = {name}, [name]
        for one in waiting:
            for user in self._users.get(one, ()):
                if user not in seen:
                    seen.add(user)
                    waiting.append(user)
                    yield user

    def flow(self, name: str) -> Flow:
        """The ways that a message or enum goes."""
        forth, back = name in self._forth, name in self._back
        if forth is back or name in self._uncalled:
            return Flow.BOTH
        return Flow.FORTH if forth else Flow.BACK

    def is_filled_in(self, name: str) -> bool:
        """Whether requests carry it, but clients never set it: every way to it leads through OUTPUT_ONLY."""
        return self._is_asked(name) and not self._is_asked(name, as_set=True)

    def _is_asked(self, name: str, *, as_set: bool = False) -> bool:
        """Whether a request carries it, or carries it in fields that clients set."""
        seen, waiting = {name}, [name]
        while waiting:
            one = waiting.pop()
            if one in self._requests:
                return True
            for user in self._users.get(one, ()):
                if user not in seen and (not as_set or self._sets(user, one)):
                    seen.add(user)
                    waiting.append(user)
        return False

    def _sets(self, user: str, used: str) -> bool:
        """Whether clients set a field of that type in a message; an extension has no mark that is known."""
        message = self._messages.get(user)
        fields = [field for field in message.field if field.type_name[1:] == used] if message else []
        return not fields or any("OUTPUT_ONLY" not in field_behaviors(field) for field in fields)

    def reaches(self, name: str) -> tuple[str, ...]:
        """The paths of the RPCs that carry a message or enum, in the order of the contract."""
        known = self._reached.get(name)
        if known is None:
            found: dict[str, None] = {}
            for one in chain([name], self._above(name)):
                found |= dict.fromkeys((*self._requests.get(one, ()), *self._responses.get(one, ())))
            known = self._reached[name] = tuple(found)
        return known
