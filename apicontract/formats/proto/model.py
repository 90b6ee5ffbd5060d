"""A protobuf contract: its files as views of descriptors, with everything resolved that a syntax implies.

A view answers in one way for proto2, proto3 and the editions: kind, cardinality, presence, packing,
UTF-8 check, closedness. It is made when it is asked for, since a contract may have thousands of files
of which few matter. Knows nothing of where files come from or how they are compiled (`load.py`).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Protocol

from apicontract.formats.proto import features as feature
from apicontract.formats.proto.compiling.descriptor_sets import without_source_info
from apicontract.formats.proto.compiling.errors import CompileError
from apicontract.formats.proto.elements import (
    Element,
    Enum,
    Extension,
    Field,
    Message,
    Service,
    enums_of,
    extensions_of,
    messages_of,
    services_of,
)
from apicontract.formats.proto.lazily import lazily
from apicontract.formats.proto.packages import major
from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from google.protobuf import descriptor_pb2

    from apicontract.changes.promises import Deprecation, Ignore, VisibleMajor
    from apicontract.formats.proto.compiling.compilation import Compiled
    from apicontract.formats.proto.compiling.errors import Mistake
    from apicontract.formats.proto.features import Features
    from apicontract.sources import Document, Place


class Content(Protocol):
    """What is known of a file without compiling it."""

    @property
    def raw(self) -> bytes:
        """All that was read of it, comments too."""

    @property
    def package(self) -> str:
        """Its package."""

    @property
    def imports(self) -> tuple[str, ...]:
        """The import paths it names, and perhaps some more."""

    @property
    def public_imports(self) -> tuple[str, ...]:
        """Those whose types can be used through it."""

    @property
    def declared(self) -> frozenset[bytes]:
        """The short names of the types it declares, and perhaps some more."""

    def mentions(self, names: Iterable[bytes]) -> bool:
        """Whether it may use a type of one of these names."""

    def says_the_same(self, other: Content) -> bool:
        """Whether both mean the same, but for comments."""


class Unit(Protocol):
    """Where a contract's files come from; `compiling.py` and `images.py` have the two kinds."""

    @property
    def source(self) -> str:
        """As the user named it."""

    @property
    def own(self) -> tuple[str, ...]:
        """Import paths of the files that are the contract itself, sorted."""

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages of these files, sorted; known before anything is compiled."""

    @property
    def dependencies(self) -> tuple[str, ...]:
        """Modules of Buf's registry that its configuration asks for."""

    def start(self) -> None:
        """Begin to compile, without waiting for it."""

    def stop(self) -> None:
        """End the compiling that nobody waits for."""

    @property
    def compiled(self) -> Compiled:
        """What compiles, and every mistake of what does not."""

    def chosen(self, names: Iterable[str]) -> Unit:
        """The same unit with only those of its own files compiled."""

    def contents(self) -> Mapping[str, Content]:
        """What is known of each file without compiling it, imports included, by import path."""

    def document(self, name: str) -> Document:
        """The document of a file by its import path; its positions are read when asked."""


class Proto:
    """A set of proto files that is one contract.

    source: as the user named it. own: import paths of the files that are the contract itself, the
    others are imports. reworded: import paths of own files that are left out since they differ from
    those of the contract it is compared with in comments and blanks only. title: its package, or what
    its packages have in common. version: the major of its packages (`v1`, `v1beta1`), empty if they
    have none or several. Compiled when `files` is first asked for: CompileError if something does not
    compile, unless it is `tolerant`; then those files, and what imports them, are left out.
    """

    format = "proto"

    def __init__(self, unit: Unit, *, tolerant: bool = False, reworded: tuple[str, ...] = ()) -> None:
        self.unit = unit
        self.reworded = reworded
        self._tolerant = tolerant
        self.source = unit.source
        self.own = unit.own

    def __repr__(self) -> str:
        """Short enough for a failed test."""
        return f"Proto({self.source!r}, {len(self.own)} files)"

    @lazily
    def title(self) -> str:
        """The package, or the part that all packages begin with."""
        packages = [package.split(".") for package in self.unit.packages]
        if not packages:
            return ""
        shared = packages[0]
        for other in packages[1:]:
            length = next(
                (at for at, (a, b) in enumerate(zip(shared, other, strict=False)) if a != b),
                min(len(shared), len(other)),
            )
            shared = shared[:length]
        return ".".join(shared)

    @lazily
    def version(self) -> str:
        """`v1`, `v1beta1`, if all packages that have a version agree; else empty."""
        versions = {major(package) for package in self.unit.packages} - {""}
        return versions.pop() if len(versions) == 1 else ""

    @property
    def is_package(self) -> bool:
        """Its version is a part of the package's name."""
        return True

    @property
    def version_place(self) -> Place:
        """The package statement."""
        from apicontract.formats.proto.promises import package_place

        return package_place(self)

    @lazily
    def majors(self) -> tuple[VisibleMajor, ...]:
        """The major of each package that shows one."""
        from apicontract.formats.proto.promises import majors

        return majors(self)

    @lazily
    def operations(self) -> tuple[str, ...]:
        """The paths of its RPCs: `/acme.orders.v1.Orders/List`."""
        from apicontract.formats.proto.promises import operations

        return operations(self)

    @lazily
    def deprecations(self) -> tuple[Deprecation, ...]:
        """Everything that is deprecated."""
        from apicontract.formats.proto.promises import deprecations

        return deprecations(self)

    @lazily
    def ignores(self) -> tuple[Ignore, ...]:
        """Every waiver written in it."""
        from apicontract.formats.proto.promises import ignores

        return ignores(self)

    @lazily
    def files(self) -> Mapping[str, File]:
        """Every file by its import path, imports included; compiles at the first use."""
        if not self._tolerant and any(not mistake.is_warning for mistake in self.mistakes):
            raise CompileError(self.mistakes, self.unit.dependencies)
        from google.protobuf import descriptor_pb2

        parse = descriptor_pb2.FileDescriptorProto.FromString
        parts = self.unit.compiled.parts
        return {name: File(self, parse(without_source_info(part))) for name, part in parts.items()}

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All that the compiler objects to, warnings too."""
        return self.unit.compiled.mistakes

    def tolerant(self) -> Proto:
        """The same contract without the files that do not compile."""
        return Proto(self.unit, tolerant=True)

    @lazily
    def own_names(self) -> frozenset[str]:
        """`own` as a set."""
        return frozenset(self.own)

    @property
    def own_files(self) -> Iterator[File]:
        """The files that are the contract itself."""
        return (self.files[name] for name in self.own if name in self.files)

    @lazily
    def messages(self) -> Mapping[str, Message]:
        """Every message of every file by full name, nested ones and map entries included."""
        return {one.full_name: one for file in self.files.values() for one in file.all_messages}

    @lazily
    def enums(self) -> Mapping[str, Enum]:
        """Every enum of every file by full name."""
        return {one.full_name: one for file in self.files.values() for one in file.all_enums}

    @lazily
    def services(self) -> Mapping[str, Service]:
        """Every service of every file by full name."""
        return {one.full_name: one for file in self.files.values() for one in file.services}

    @lazily
    def extensions(self) -> Mapping[str, Extension]:
        """Every extension of every file by full name."""
        return {one.full_name: one for file in self.files.values() for one in file.all_extensions}

    @lazily
    def extensions_of(self) -> Mapping[str, Mapping[int, Extension]]:
        """The extensions that its own files declare, by the full name of the extended message and number."""
        found: dict[str, dict[int, Extension]] = {}
        for one in chain.from_iterable(file.all_extensions for file in self.own_files):
            found.setdefault(one.extendee, {})[one.number] = one
        return found


@dataclass(frozen=True, eq=False)
class File:
    """One proto file; `proto` is its descriptor."""

    contract: Proto
    proto: descriptor_pb2.FileDescriptorProto

    def __repr__(self) -> str:
        """Short enough for a failed test."""
        return f"File({self.name!r})"

    @property
    def name(self) -> str:
        """Its import path: `acme/orders/v1/orders.proto`."""
        return self.proto.name

    @property
    def package(self) -> str:
        """Its package, empty if it has none."""
        return self.proto.package

    @lazily
    def syntax(self) -> str:
        """`proto2`, `proto3`, or the edition: `2023`, `2024`."""
        if self.proto.syntax == "editions":
            from google.protobuf import descriptor_pb2

            return descriptor_pb2.Edition.Name(self.proto.edition).removeprefix("EDITION_").lower()
        return self.proto.syntax or "proto2"

    @lazily
    def features(self) -> Features:
        """What its syntax and its options make the rule for everything in it."""
        return feature.refine(feature.of_syntax(self.syntax), self.proto.options)

    @property
    def options(self) -> descriptor_pb2.FileOptions:
        """The file's options: `java_package`, `go_package`, ..."""
        return self.proto.options

    @property
    def is_own(self) -> bool:
        """Whether it is part of the contract, not an import from elsewhere."""
        return self.name in self.contract.own_names

    @property
    def imports(self) -> tuple[str, ...]:
        """The import paths it names, in order."""
        return tuple(self.proto.dependency)

    @property
    def public_imports(self) -> tuple[str, ...]:
        """Those of `imports` that are public."""
        return tuple(self.proto.dependency[at] for at in self.proto.public_dependency)

    @property
    def weak_imports(self) -> tuple[str, ...]:
        """Those of `imports` that are weak."""
        return tuple(self.proto.dependency[at] for at in self.proto.weak_dependency)

    @property
    def document(self) -> Document:
        """The document it was read from."""
        return self.contract.unit.document(self.name)

    @lazily
    def element(self) -> Element:
        """The file itself as an element: places of `package`, `syntax`, imports and options."""
        return Element(self, "", self.proto.package, self.features)

    @lazily
    def messages(self) -> tuple[Message, ...]:
        """The messages at the top of the file, in order."""
        return messages_of(self, self.proto.message_type, "/message_type", self.package, self.features)

    @lazily
    def enums(self) -> tuple[Enum, ...]:
        """The enums at the top of the file, in order."""
        return enums_of(self, self.proto.enum_type, "/enum_type", self.package, self.features)

    @lazily
    def services(self) -> tuple[Service, ...]:
        """The services, in order."""
        return services_of(self, self.proto.service, "/service", self.package, self.features)

    @lazily
    def extensions(self) -> tuple[Extension, ...]:
        """The extensions at the top of the file, in order."""
        return extensions_of(self, self.proto.extension, "/extension", self.package, self.features)

    @property
    def all_messages(self) -> Iterator[Message]:
        """Every message, each before those nested in it."""
        return _with_nested(self.messages)

    @property
    def all_enums(self) -> Iterator[Enum]:
        """Every enum, nested ones after those of the top."""
        return chain(self.enums, chain.from_iterable(one.enums for one in self.all_messages))

    @property
    def all_extensions(self) -> Iterator[Extension]:
        """Every extension, nested ones after those of the top."""
        return chain(self.extensions, chain.from_iterable(one.extensions for one in self.all_messages))


def _with_nested(messages: Iterable[Message]) -> Iterator[Message]:
    for message in messages:
        yield message
        yield from _with_nested(message.messages)


__all__ = ["Enum", "Extension", "Field", "File", "Message", "Proto", "Service", "Unit"]
