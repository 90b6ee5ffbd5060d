"""The examples of rules on calls with HTTP routes: a library of books, each part replaceable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity
from apicontract.formats.proto.validate.rules.texts import orders

if TYPE_CHECKING:
    from apicontract.findings import Tier

_ANNOTATIONS = "google/api/annotations.proto"
BOOK = "message Book {\n  string name = 1;\n}"
NAME = "message GetBookRequest {\n  string name = 1;\n}"
GET = "GetBook(GetBookRequest) returns (Book)"
GET_ROUTE = 'get: "/v1/{name=books/*}"'


def library(*calls: tuple[str, str], messages: str = "", imports: str = "", options: str = "") -> str:
    """A service with these calls and their HTTP rules, and these messages besides `Book`."""
    listed = "\n".join(_call(call, route, options) for call, route in calls)
    body = f"service LibraryService {{\n{listed}\n}}\n\n{messages or NAME}\n\n{BOOK}"
    return orders(body, imports=f"{_ANNOTATIONS} {imports}", package="acme.library.v1")


def _call(call: str, route: str, options: str) -> str:
    said = f"    option (google.api.http) = {{ {route} }};\n" if route else ""
    more = f"    {options}\n" if options else ""
    return f"  rpc {call} {{\n{said}{more}  }}" if said or more else f"  rpc {call};"


def message(name: str, *fields: str) -> str:
    """A message with these fields, numbered in order."""
    listed = "".join(f"  {field} = {at};\n" for at, field in enumerate(fields, 1))
    return f"message {name} {{\n{listed}}}"


def row(  # a row of a table
    rule_id: str, title: str, why: str, advice: str, bad: str, good: str, tier: Tier, *references: str
) -> FindingRule:
    """A rule that warns, from the columns of a table."""
    return FindingRule(
        rule_id, title, Severity.WARNING, why, advice, bad, good, tier=tier, references=references
    )
