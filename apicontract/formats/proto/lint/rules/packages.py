"""Rules on packages, files and imports: one directory for one package, one value of each option in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity, Tier
from apicontract.formats.proto.lint.facts import Package
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.model import File
from apicontract.formats.proto.packages import major
from apicontract.formats.proto.validate.rules.texts import files, orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts

_ITEMS = "acme/orders/v1/items.proto"
_SHOWN = 3  # values of an option that a message names


def _directory_of_packages(file: File, facts: Facts) -> Iterator[Problem]:
    directory = file.name.rpartition("/")[0]
    packages = {other.package for other in facts.by_directory[directory]}
    if len(packages) > 1:
        others = ", ".join(
            f"`{name}`" if name else "no package" for name in sorted(packages - {file.package})
        )
        yield Problem(
            file.element.at("package"),
            f"`{directory or '.'}` holds files of {others} beside `{file.package}`",
        )


def _package_of_directories(package: Package, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if not package.name:
        return
    directories = sorted({file.name.rpartition("/")[0] or "." for file in package.files})
    if len(directories) > 1:
        listed = ", ".join(f"`{directory}`" for directory in directories)
        for file in package.files:
            yield Problem(
                file.element.at("package"), f"the files of the package `{package.name}` stand in {listed}"
            )


def _version_inside(package: Package, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    version, last = major(package.name), package.name.rpartition(".")[2]
    if version and major(last) != last:
        for file in package.files:
            yield Problem(
                file.element.at("package"), f"the package `{package.name}` has its version, {version}, inside"
            )


def _public_imports(file: File, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    public = set(file.public_imports)
    for at, name in enumerate(file.imports):
        if name in public:
            yield Problem(file.element.at("dependency", at), f"`{name}` is imported publicly")


def _same(option: str, language: str, wrong: str, right: str) -> LintRule[Package]:
    """The rule that the files of a package agree about an option of theirs."""
    quote = "" if option == "java_multiple_files" else '"'

    def check(package: Package, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
        values = {_said(file, option) for file in package.files}
        if len(values) < 2 or not package.name:  # noqa: PLR2004  # one value is agreement
            return
        known = sorted(f"`{value}`" for value in values if value)[:_SHOWN]
        said = ", ".join([*known, "..."] if len(values - {""}) > _SHOWN else known)
        also = " and nothing" if "" in values else ""
        for file in package.files:
            yield Problem(
                file.element.at("options", option) if _said(file, option) else file.element.at("package"),
                f"the files of the package `{package.name}` say {said}{also} for `{option}`",
            )

    def example(other: str) -> str:
        texts = {"orders": (right, "message Order {}"), "items": (other, "message Item {}")}
        shown = {
            f"acme__orders__v1__{name}": orders(f"option {option} = {quote}{value}{quote};\n\n{body}")
            for name, (value, body) in texts.items()
        }
        return files(**shown)

    rule = FindingRule(
        f"{option.replace('_', '-')}-differs",
        f"Files of one package have several values of `{option}`.",
        Severity.WARNING,
        f"Generated {language} of one package ends up in two places: names that belong together do not find each"
        " other, or do not compile.",
        f"Give all files of the package the same `{option}`, or none of them any.",
        example(wrong),
        example(right),
        references=(f"buf:PACKAGE_SAME_{option.upper()}",),
    )
    return LintRule(rule, Package, check)


def _said(file: File, option: str) -> str:
    """What a file states for the option; empty if nothing, which is not the same as stating `false`."""
    if not file.options.HasField(option):  # type: ignore[arg-type]  # the names are those of the message
        return ""
    value = getattr(file.options, option)
    return str(value).lower() if isinstance(value, bool) else str(value)


_SAME = (
    _same("go_package", "Go", "acme/items/v1;itemsv1", "acme/orders/v1;ordersv1"),
    _same("java_package", "Java", "com.acme.items.v1", "com.acme.orders.v1"),
    _same("java_multiple_files", "Java", "false", "true"),
    _same("csharp_namespace", "C#", "Acme.Items.V1", "Acme.Orders.V1"),
    _same("php_namespace", "PHP", "Acme/Items/V1", "Acme/Orders/V1"),
    _same("ruby_package", "Ruby", "Acme::Items::V1", "Acme::Orders::V1"),
    _same("swift_prefix", "Swift", "ACI", "ACO"),
)

RULES = (
    *_SAME,
    LintRule(
        FindingRule(
            "directory-of-several-packages",
            "A directory holds files of several packages.",
            Severity.WARNING,
            "Where a directory becomes a package of code, as in Go, two packages of protos meet in one.",
            "Give each package a directory of its own, named after it.",
            files(
                acme__orders__v1__orders=orders("message Order {}"),
                acme__orders__v1__items=orders("message Item {}", package="acme.items.v1"),
            ),
            files(
                acme__orders__v1__orders=orders("message Order {}"),
                acme__items__v1__items=orders("message Item {}", package="acme.items.v1"),
            ),
            references=("buf:DIRECTORY_SAME_PACKAGE",),
        ),
        File,
        _directory_of_packages,
    ),
    LintRule(
        FindingRule(
            "package-in-several-directories",
            "The files of a package stand in several directories.",
            Severity.WARNING,
            "Where a directory becomes a package of code, as in Go, one package of protos comes apart in two.",
            "Move the files into one directory, or name the packages after their directories.",
            files(
                acme__orders__v1__orders=orders("message Order {}"),
                acme__items__v1__items=orders("message Item {}"),
            ),
            files(
                acme__orders__v1__orders=orders("message Order {}"),
                acme__orders__v1__items=orders("message Item {}"),
            ),
            references=("buf:PACKAGE_SAME_DIRECTORY",),
        ),
        Package,
        _package_of_directories,
    ),
    LintRule(
        FindingRule(
            "package-version-not-last",
            "The version of a package is not its last part.",
            Severity.WARNING,
            "Tools that look for the next major version, and readers, look at the end of the name.",
            "Call it `acme.orders.v1`; what comes after the version goes before it.",
            files(acme__v1__orders__orders=orders("message Order {}", package="acme.v1.orders")),
            files(acme__orders__v1__orders=orders("message Order {}")),
            tier=Tier.ALL,
            references=("buf:PACKAGE_VERSION_SUFFIX", "aip:215"),
        ),
        Package,
        _version_inside,
    ),
    LintRule(
        FindingRule(
            "import-public",
            "A file passes on what it imports.",
            Severity.WARNING,
            "Whoever imports the file depends on types that its own text does not name; several generators do not"
            " support that.",
            "Import each file where its types are used.",
            files(
                acme__orders__v1__items=orders("message Item {}"),
                acme__orders__v1__orders=orders("message Order {\n  Item item = 1;\n}").replace(
                    "package acme.orders.v1;", f'package acme.orders.v1;\nimport public "{_ITEMS}";'
                ),
            ),
            files(
                acme__orders__v1__items=orders("message Item {}"),
                acme__orders__v1__orders=orders("message Order {\n  Item item = 1;\n}", imports=_ITEMS),
            ),
            references=("buf:IMPORT_NO_PUBLIC",),
        ),
        File,
        _public_imports,
    ),
)
