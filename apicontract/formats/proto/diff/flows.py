"""Which RPCs carry a message, and which ways it goes: the role that decides what can break.

A request goes from the client of the old contract to the server of the new one, a response back; what is
in a message goes as it does. A message that no RPC carries may go both ways (events, stored data). Works
on descriptors, not views: of thousands of files only names are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from apicontract.formats.proto.diff.effects import Flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf import descriptor_pb2

    from apicontract.formats.proto.model import Proto


class Flows:
    """The RPCs of one contract and what they carry; types are asked for by full name."""

    def __init__(self, contract: Proto) -> None:
        self._uses: dict[str, list[str]] = {}  # message -> the types of its fields
        self._users: defaultdict[str, list[str]] = defaultdict(list)
        self._requests: defaultdict[str, list[str]] = defaultdict(list)  # message -> paths of RPCs
        self._responses: defaultdict[str, list[str]] = defaultdict(list)
        for file in contract.files.values():
            package = f"{file.package}." if file.package else ""
            for message in file.proto.message_type:
                self._read_message(package, message)
            for extension in file.proto.extension:
                self._read_extension(extension)
            for service in file.proto.service:
                self._read_service(package, service)
        self._reached: dict[str, tuple[str, ...]] = {}

    def _read_message(self, scope: str, message: descriptor_pb2.DescriptorProto) -> None:
        name = f"{scope}{message.name}"
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
            self._uses.setdefault(extension.extendee[1:], []).append(extension.type_name[1:])
            self._users[extension.type_name[1:]].append(extension.extendee[1:])

    def _read_service(self, package: str, service: descriptor_pb2.ServiceDescriptorProto) -> None:
        for method in service.method:
            path = f"/{package}{service.name}/{method.name}"
            self._requests[method.input_type[1:]].append(path)
            self._responses[method.output_type[1:]].append(path)

    @cached_property
    def _flows(self) -> dict[str, Flow]:
        flows: dict[str, Flow] = {}
        self._spread(self._requests, Flow.FORTH, flows)
        self._spread(self._responses, Flow.BACK, flows)
        self._spread([name for name in self._uses if name not in flows], Flow.BOTH, flows)
        return flows

    def _spread(self, roots: Iterable[str], flow: Flow, flows: dict[str, Flow]) -> None:
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            known = flows.get(name, Flow.NONE)
            if known | flow != known:
                flows[name] = known | flow
                waiting += self._uses.get(name, ())

    def flow(self, name: str) -> Flow:
        """The ways that a message or enum goes."""
        return self._flows.get(name, Flow.BOTH)

    def reaches(self, name: str) -> tuple[str, ...]:
        """The paths of the RPCs that carry a message or enum, in the order of the contract."""
        known = self._reached.get(name)
        if known is None:
            seen, waiting = {name}, [name]
            found: dict[str, None] = {}
            while waiting:
                one = waiting.pop(0)
                found |= dict.fromkeys((*self._requests.get(one, ()), *self._responses.get(one, ())))
                for user in self._users.get(one, ()):
                    if user not in seen:
                        seen.add(user)
                        waiting.append(user)
            known = self._reached[name] = tuple(found)
        return known
