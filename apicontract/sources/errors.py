"""The one error for input that cannot be used: where, what is wrong, what to do."""

from __future__ import annotations


class ContractError(Exception):
    """A contract, or what was said about it, cannot be used; the command line exits with 2.

    file, line, column: where, as far as that is known (line and column from 1, else 0).
    hint: what to do about it; may be empty.
    """

    def __init__(
        self, message: str, *, file: str = "", line: int = 0, column: int = 0, hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        """`file:line:col: message`, as much of it as is known."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.message}" if where else self.message


class UnresolvedReference(ContractError):  # noqa: N818  # the name says what happened
    """A `$ref` leads nowhere, or where it may not."""
