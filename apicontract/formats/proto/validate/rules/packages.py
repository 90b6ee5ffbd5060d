"""Rules on packages, files and imports."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.proto.validate.rules.texts import files, orders

_WARNING = Severity.WARNING
_ORDER = "message Order {\n  string id = 1;\n}"
_PATH = "acme/orders/v1/orders.proto"

RULES = (
    FindingRule(
        "package-missing",
        "A file declares its types in no package.",
        _WARNING,
        "Its names collide with those of every other file without a package, and it has no version that could change.",
        "Declare a package with a major version, as `package acme.orders.v1;`.",
        'syntax = "proto3";\n\nmessage Order {}\n',
        orders("message Order {}"),
        references=("buf:PACKAGE_DEFINED", "aip:191"),
    ),
    FindingRule(
        "package-unversioned",
        "A package has no major version.",
        _WARNING,
        "Type names and the paths of calls contain the package. Without a version in it, a breaking change has no place to go"
        " where old clients are left alone.",
        "End the package with its major version: `acme.orders.v1`, `acme.orders.v1beta1`.",
        files(acme__orders__orders=orders(_ORDER, package="acme.orders")),
        orders(_ORDER),
        references=("buf:PACKAGE_VERSION_SUFFIX", "aip:215"),
    ),
    FindingRule(
        "package-directory-mismatch",
        "A package does not stand in the directory that its name says.",
        _WARNING,
        "Import paths and the generated modules of several languages follow the directory, type names follow the package:"
        " readers look in the wrong place, and two copies of one file do not meet.",
        "Keep `acme.orders.v1` in `acme/orders/v1/`.",
        files(protos__orders=orders(_ORDER)),
        files(acme__orders__v1__orders=orders(_ORDER)),
        references=("buf:PACKAGE_DIRECTORY_MATCH", "aip:191"),
    ),
    FindingRule(
        "package-version-not-of-directory",
        "The versions of a package and of its directory differ.",
        _WARNING,
        "One of the two was forgotten when the contract was copied for a new major version: clients of the new one would call"
        " the old one.",
        "Make the two agree.",
        files(acme__orders__v2__orders=orders(_ORDER)),
        files(acme__orders__v2__orders=orders(_ORDER, package="acme.orders.v2")),
        references=("buf:PACKAGE_DIRECTORY_MATCH", "aip:191"),
    ),
    FindingRule(
        "package-import-circular",
        "Packages import each other, though their files do not.",
        _WARNING,
        "Where a package becomes one unit of code, as in Go, the generated code does not compile.",
        "Move what both need into a third package.",
        files(
            acme__customers__v1__customers=orders(
                "message Customer {\n  acme.orders.v1.Order last_order = 1;\n}",
                imports=_PATH,
                package="acme.customers.v1",
            ),
            acme__customers__v1__address=orders("message Address {}", package="acme.customers.v1"),
            acme__orders__v1__orders=orders(_ORDER),
            acme__orders__v1__delivery=orders(
                "message Delivery {\n  acme.customers.v1.Address to = 1;\n}",
                imports="acme/customers/v1/address.proto",
            ),
        ),
        files(
            acme__addresses__v1__address=orders("message Address {}", package="acme.addresses.v1"),
            acme__customers__v1__customers=orders(
                "message Customer {\n  acme.orders.v1.Order last_order = 1;\n}",
                imports=_PATH,
                package="acme.customers.v1",
            ),
            acme__orders__v1__orders=orders(_ORDER),
            acme__orders__v1__delivery=orders(
                "message Delivery {\n  acme.addresses.v1.Address to = 1;\n}",
                imports="acme/addresses/v1/address.proto",
            ),
        ),
        references=("buf:PACKAGE_NO_IMPORT_CYCLE",),
    ),
    FindingRule(
        "stable-package-imports-unstable",
        "A stable package imports an unstable one.",
        _WARNING,
        "`v1beta1` may break at any time, and then breaks those who were promised that `v1` does not.",
        "Copy what is needed into the stable package, or wait until the other one is stable.",
        files(
            acme__money__v1beta1__money=orders("message Money {}", package="acme.money.v1beta1"),
            acme__orders__v1__orders=orders(
                "message Order {\n  acme.money.v1beta1.Money total = 1;\n}",
                imports="acme/money/v1beta1/money.proto",
            ),
        ),
        files(
            acme__money__v1__money=orders("message Money {}", package="acme.money.v1"),
            acme__orders__v1__orders=orders(
                "message Order {\n  acme.money.v1.Money total = 1;\n}", imports="acme/money/v1/money.proto"
            ),
        ),
        references=("buf:STABLE_PACKAGE_NO_IMPORT_UNSTABLE",),
    ),
    FindingRule(
        "syntax-unspecified",
        "A file states neither a syntax nor an edition.",
        _WARNING,
        "It is read as proto2, which is seldom meant: presence, enums and defaults differ.",
        'Begin the file with `syntax = "proto3";` or `edition = "2023";`.',
        "package acme.orders.v1;\n\nmessage Order {\n  optional string id = 1;\n}\n",
        'syntax = "proto2";\npackage acme.orders.v1;\n\nmessage Order {\n  optional string id = 1;\n}\n',
        references=("buf:SYNTAX_SPECIFIED",),
    ),
    FindingRule(
        "import-deprecated",
        "A file imports one that says that it is deprecated.",
        _WARNING,
        "The types are on their way out, and take along whoever still uses them.",
        "Use what the deprecated file names as its successor.",
        files(
            acme__orders__v1__items=orders("option deprecated = true;\n\nmessage Item {}"),
            acme__orders__v1__orders=orders(
                "message Order {\n  Item item = 1;\n}", imports="acme/orders/v1/items.proto"
            ),
        ),
        files(
            acme__orders__v1__items=orders("message Item {}"),
            acme__orders__v1__orders=orders(
                "message Order {\n  Item item = 1;\n}", imports="acme/orders/v1/items.proto"
            ),
        ),
    ),
    FindingRule(
        "import-weak",
        "A file imports another one weakly.",
        _WARNING,
        "Weak imports are for the inside of Google; other compilers treat them as plain ones, and edition 2024 has dropped them.",
        "Leave out the word `weak`.",
        files(
            acme__orders__v1__items=orders("message Item {}"),
            acme__orders__v1__orders=orders("message Order {\n  Item item = 1;\n}").replace(
                "package acme.orders.v1;",
                'package acme.orders.v1;\nimport weak "acme/orders/v1/items.proto";',
            ),
        ),
        files(
            acme__orders__v1__items=orders("message Item {}"),
            acme__orders__v1__orders=orders(
                "message Order {\n  Item item = 1;\n}", imports="acme/orders/v1/items.proto"
            ),
        ),
    ),
)
