"""The texts of examples: small files of one package, and how several stand in one text.

Each file of an example begins with a line `// file: acme/orders/v1/orders.proto`; a text without such
a line is that one file.
"""

from __future__ import annotations

_MARK = "// file: "
USUAL = "acme/orders/v1/orders.proto"


def orders(
    body: str, *, imports: str = "", syntax: str = 'syntax = "proto3"', package: str = "acme.orders.v1"
) -> str:
    """One file of the package `acme.orders.v1`, with these declarations."""
    head = f"{syntax};\npackage {package};\n"
    named = "".join(f'import "{path}";\n' for path in imports.split())
    return f"{head}{named}\n{body.strip()}\n"


def proto2(body: str) -> str:
    """One file of the package in proto2."""
    return orders(body, syntax='syntax = "proto2"')


def edition(body: str) -> str:
    """One file of the package in edition 2023."""
    return orders(body, syntax='edition = "2023"')


def files(**texts: str) -> str:
    """Several files in one text; a name `acme__orders__v1__orders` stands for a path."""
    return "\n".join(f"{_MARK}{name.replace('__', '/')}.proto\n{text}" for name, text in texts.items())


def split(text: str) -> dict[str, str]:
    """The files of an example by import path."""
    if not text.startswith(_MARK):
        return {USUAL: text}
    parts = ("\n" + text).split("\n" + _MARK)[1:]
    return {path: body for path, _, body in (part.partition("\n") for part in parts)}
