"""Rules on long-running operations: that a call says what comes out in the end. Source: AIP-151."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.findings import FindingRule, Severity
from apicontract.formats.proto.annotations import OPERATION_INFO, operation_info
from apicontract.formats.proto.elements import Method
from apicontract.formats.proto.lint.facts import OPERATION
from apicontract.formats.proto.lint.lint_rule import LintRule, Problem
from apicontract.formats.proto.lint.rules.examples import library, message
from apicontract.formats.proto.validate.rules.texts import files, orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.lint.facts import Facts

_OF_OPERATIONS = "google.longrunning."  # the service that hands operations out knows no type of theirs


def _uninformed(method: Method, facts: Facts) -> Iterator[Problem]:  # noqa: ARG001
    if method.response_type != OPERATION or method.full_name.startswith(_OF_OPERATIONS):
        return
    info = operation_info(method)
    if info is None:
        yield Problem(method.place, f"`{method.name}` returns an operation and does not say of what")
        return
    missing = [name for name, said in zip(("response_type", "metadata_type"), info, strict=True) if not said]
    if missing:
        yield Problem(
            method.at("options", OPERATION_INFO),
            f"`operation_info` of `{method.name}` has no `{'` and no `'.join(missing)}`",
        )


def _unknown(method: Method, facts: Facts) -> Iterator[Problem]:
    if method.response_type != OPERATION:
        return
    for name in operation_info(method) or ():
        full = f"{method.file.package}.{name}" if method.file.package else name
        # A name with dots may be that of a type in a file that nobody had to import.
        if name and "." not in name and full not in facts.contract.messages:
            yield Problem(
                method.at("options", OPERATION_INFO),
                f"there is no message `{full}` for `{method.name}` to end with",
            )


_ROUTE = 'post: "/v1/{name=books/*}:scan" body: "*"'
_CALL = ("ScanBook(ScanBookRequest) returns (google.longrunning.Operation)", _ROUTE)
_MESSAGES = (
    f"{message('ScanBookRequest', 'string name')}\n\n{message('ScanBookResponse', 'string text')}\n\n"
    f"{message('ScanBookMetadata', 'int32 scanned_page_count')}"
)
_IMPORT = "google/longrunning/operations.proto"
_DECLARED = orders(
    "message Operation {\n  string name = 1;\n}\n\n"
    "message OperationInfo {\n  string response_type = 1;\n  string metadata_type = 2;\n}\n\n"
    "extend google.protobuf.MethodOptions {\n  OperationInfo operation_info = 1049;\n}",
    imports="google/protobuf/descriptor.proto",
    package="google.longrunning",
)


def _info(response: str) -> str:
    return (
        "option (google.longrunning.operation_info) = {\n"
        f'      response_type: "{response}"\n      metadata_type: "ScanBookMetadata"\n    }};'
    )


def _scanning(options: str) -> str:
    """The service, and the part of google/longrunning/operations.proto that it needs."""
    return files(
        acme__library__v1__library=library(_CALL, messages=_MESSAGES, imports=_IMPORT, options=options),
        google__longrunning__operations=_DECLARED,
    )


_GOOD = _scanning(_info("ScanBookResponse"))

RULES = (
    LintRule(
        FindingRule(
            "operation-info-missing",
            "A long-running call does not say what it ends with.",
            Severity.WARNING,
            "The result and the progress of an operation travel as `Any`: only this option tells generators and callers"
            " what to unpack.",
            "Add `google.longrunning.operation_info` with `response_type` and `metadata_type`.",
            _scanning(""),
            _GOOD,
            references=("aip:151",),
        ),
        Method,
        _uninformed,
    ),
    LintRule(
        FindingRule(
            "operation-type-unknown",
            "A long-running call says that it ends with a message that does not exist.",
            Severity.ERROR,
            "Compilers do not look at the text of the option: generated clients fail to build, or to unpack the result.",
            "Correct the name: without dots it is a message of the same package, else a full name.",
            _scanning(_info("ScanBookAnswer")),
            _GOOD,
            references=("aip:151",),
        ),
        Method,
        _unknown,
    ),
)
