"""What belongs to files and packages: names, options that shape generated code, imports that others see.

A file is known by its path, or by the package and name that it kept when it moved. Options count by what
they amount to: one that states its default changes nothing.
Source: descriptor.proto, FileOptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference
from apicontract.formats.proto.diff.effects import Flow, Verdict, fixed
from apicontract.formats.proto.diff.options import compare_stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.model import File

_MAJOR = Level.MAJOR
# option -> whose generated code it shapes
LANGUAGES = {
    "java_package": "Java",
    "java_outer_classname": "Java",
    "java_multiple_files": "Java",
    "java_generic_services": "Java",
    "java_string_check_utf8": "Java",
    "go_package": "Go",
    "csharp_namespace": "C#",
    "objc_class_prefix": "Objective-C",
    "swift_prefix": "Swift",
    "php_class_prefix": "PHP",
    "php_namespace": "PHP",
    "php_metadata_namespace": "PHP",
    "ruby_package": "Ruby",
    "cc_generic_services": "C++",
    "cc_enable_arenas": "C++",
    "py_generic_services": "Python",
    "optimize_for": "C++ and Java",
}


def compare_files(context: Context) -> None:
    """Every file that one of the contracts has, and their packages."""
    _packages(context)
    before = {file.name: file for file in context.old.own_files}
    after = {file.name: file for file in context.new.own_files}
    pairs = [(file, after[name]) for name, file in before.items() if name in after]
    gone = [file for name, file in before.items() if name not in after]
    come = [file for name, file in after.items() if name not in before]
    for file in list(gone):
        twin = next((other for other in come if _same_file(context, file, other)), None)
        if twin is not None:
            gone.remove(file)
            come.remove(twin)
            pairs.append((file, twin))
            _report(context, _moved(context, file, twin), file)
    for file in gone:
        level = _MAJOR if context.options.per_file else Level.NONE
        text = f"file `{file.name}` is gone"
        _report(context, Difference("file-removed", text, fixed(source=level), file.element.place), file)
    for file in come:
        text = f"file `{file.name}` was added"
        _report(context, Difference("file-added", text, Verdict(), None, file.element.place), file)
    for old, new in pairs:
        for found in _compare_file(old, new):
            _report(context, found, old)


def _same_file(context: Context, old: File, new: File) -> bool:
    """Whether what stands first in the one is in the other."""
    named = {context.pairing.messages.forth.get(one.full_name) for one in old.messages}
    named |= {context.pairing.services.forth.get(one.full_name) for one in old.services}
    named |= {context.pairing.enums.forth.get(one.full_name) for one in old.enums}
    there = {one.full_name for group in (new.messages, new.services, new.enums) for one in group}
    return bool(named & there) and len(named & there) * 2 >= len(named)


def _moved(context: Context, old: File, new: File) -> Difference:
    level = _MAJOR if context.options.per_file else Level.NONE
    text = f"file `{old.name}` is `{new.name}` now"
    return Difference(
        "file-moved", text, fixed(source=level), old.element.place, new.element.place, old.name, new.name
    )


def _packages(context: Context) -> None:
    """A package that was renamed: code names it, and so do type URLs of Any and registries."""
    firsts = {file.package: file for file in reversed(list(context.old.own_files))}
    news = {file.package: file for file in reversed(list(context.new.own_files))}
    for was, now in context.pairing.packages.items():
        old, new = firsts[was], news[now]
        found = Difference(
            "package-renamed",
            f"package `{was}` is called `{now}`; bytes do not carry it, but type URLs of `Any` do",
            fixed(source=_MAJOR),
            old.element.at("package"),
            new.element.at("package"),
            was,
            now,
        )
        _report(context, found, old)


def _compare_file(old: File, new: File) -> Iterator[Difference]:
    if old.proto == new.proto:
        return
    if old.syntax != new.syntax:
        yield Difference(
            "syntax-changed",
            f"file `{new.name}` is written in {_syntax(new)} instead of {_syntax(old)}; what that implies is told apart",
            Verdict(),
            old.element.at("syntax"),
            new.element.at("syntax"),
            _syntax(old),
            _syntax(new),
        )
    yield from _options(old, new)
    gone = [name for name in old.public_imports if name not in new.public_imports]
    if gone:
        yield Difference(
            "public-import-removed",
            f"file `{new.name}` does not pass on {', '.join(gone)} any more to those who import it",
            fixed(source=_MAJOR),
            old.element.at("public_dependency"),
            new.element.place,
            was=", ".join(gone),
        )
    come = [name for name in new.public_imports if name not in old.public_imports]
    if come:
        yield Difference(
            "public-import-added",
            f"file `{new.name}` passes on {', '.join(come)} to those who import it",
            fixed(source=Level.MINOR),
            old.element.place,
            new.element.at("public_dependency"),
            now=", ".join(come),
        )


def _options(old: File, new: File) -> Iterator[Difference]:
    if old.options == new.options:
        return
    for option, language in LANGUAGES.items():
        was, now = effective_option(old, option), effective_option(new, option)
        if was != now:
            yield Difference(
                f"file-{option.replace('_', '-')}-changed",
                f"file `{new.name}`: `{option}` changed, which {language} code sees",
                fixed(source=_MAJOR),
                old.element.at("options", option),
                new.element.at("options", option),
                was,
                now,
            )
    places = old.element.at("options"), new.element.at("options")
    label = f"file `{new.name}`"
    yield from compare_stated("file", label, old.options, new.options, *places, told=tuple(LANGUAGES))
    if old.options.deprecated != new.options.deprecated:
        now_deprecated = new.options.deprecated
        minor = Level.MINOR
        yield Difference(
            "file-deprecated" if now_deprecated else "file-reactivated",
            f"file `{new.name}` is {'deprecated' if now_deprecated else 'not deprecated any more'}",
            fixed(minor, minor, minor),
            old.element.at("options", "deprecated"),
            new.element.at("options", "deprecated"),
        )


def effective_option(file: File, option: str) -> str:
    """What the option amounts to, stated or not."""
    if option == "java_package" and not file.options.HasField("java_package"):
        return file.package
    value = getattr(file.options, option)
    if option == "optimize_for":
        return str(file.options.DESCRIPTOR.fields_by_name[option].enum_type.values_by_number[value].name)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _syntax(file: File) -> str:
    return file.syntax if file.syntax.startswith("proto") else f"edition {file.syntax}"


def _report(context: Context, found: Difference, file: File) -> None:
    context.recorder.add(found.met(context, Flow.BOTH, (), file.element))
