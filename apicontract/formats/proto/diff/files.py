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
from apicontract.formats.proto.diff.pairing import named_apart
from apicontract.sources import Place

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
    files = context.pairing.files
    gone = [file for name, file in before.items() if name not in files]
    come = [file for name, file in after.items() if name not in files.values()]
    pairs = [(before[was], after[now]) for was, now in files.items()]
    for old, new in pairs:
        if old.name != new.name and not named_apart(context.old, context.new):
            _report(context, _moved(context, old, new), old)
    for file in gone:
        if file.package in context.pairing.packages_gone:
            continue
        level = _MAJOR if context.options.per_file else Level.NONE
        text = f"file `{file.name}` is gone"
        _report(context, Difference("file-removed", text, fixed(source=level), file.element.place), file)
    for file in come:
        if file.package in context.pairing.packages_come:
            continue
        text = f"file `{file.name}` was added"
        _report(context, Difference("file-added", text, Verdict(), None, file.element.place), file)
    for old, new in pairs:
        for found in _compare_file(old, new):
            _report(context, found, old)
    for name in context.new.reworded:
        places = (Place(side.unit.document(name), "") for side in (context.old, context.new))
        context.recorder.add(_reworded(name, *places).met(context, Flow.BOTH, (), None))


def _reworded(name: str, old: Place, new: Place) -> Difference:
    text = f"file `{name}`: only comments or layout changed"
    return Difference("comments-changed", text, Verdict(), old, new)


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
    _packages_of_one_side(context, firsts, news)
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


def _packages_of_one_side(context: Context, firsts: dict[str, File], news: dict[str, File]) -> None:
    """A package that went or came as a whole: its types are not listed one by one, its services are."""
    for package in sorted(context.pairing.packages_gone):
        file = firsts[package]
        text = f"package `{package}` is gone, with all its types"
        place = file.element.at("package")
        _report(context, Difference("package-removed", text, fixed(source=_MAJOR), place), file)
    for package in sorted(context.pairing.packages_come):
        file = news[package]
        text = f"package `{package}` was added"
        place = file.element.at("package")
        _report(context, Difference("package-added", text, fixed(source=Level.MINOR), None, place), file)


def _compare_file(old: File, new: File) -> Iterator[Difference]:
    if old.proto == new.proto:
        texts = old.document.text, new.document.text
        if all(texts) and texts[0] != texts[1]:  # descriptor sets have none
            yield _reworded(new.name, old.element.place, new.element.place)
        return
    if old.syntax != new.syntax:
        yield Difference(
            "syntax-changed",
            f"file `{new.name}` is written in another syntax or edition; what that implies is told apart",
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
    stated = {field.name for file in (old, new) for field, _ in file.options.ListFields()}
    for option, language in LANGUAGES.items():
        if option not in stated and option != "java_package":
            continue
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
    from google.protobuf import descriptor_pb2

    value = getattr(file.options, option)
    if option == "optimize_for":
        return descriptor_pb2.FileOptions.OptimizeMode.Name(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _syntax(file: File) -> str:
    return file.syntax if file.syntax.startswith("proto") else f"edition {file.syntax}"


def _report(context: Context, found: Difference, file: File) -> None:
    context.recorder.add(found.met(context, Flow.BOTH, (), file.element))
