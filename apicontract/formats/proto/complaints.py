"""What the compiler complains about, in our words: each of its texts as a rule, a message and an advice.

One table, read from the top: the first row whose pattern fits the whole text decides. What no row
knows is passed on, tidied up, under `not-compilable`. Knows nothing of files and places.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from apicontract.records import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong: the id of the rule, the message, and what to do if that differs from the rule's advice."""

    rule: str
    message: str
    advice: str = ""


class _Row(NamedTuple):
    rule: str
    pattern: str
    message: str = ""  # with the groups of the pattern; empty: the compiler's own words, tidied up
    advice: str = ""


_ROWS = (
    # Imports
    _Row(
        "import-not-found", r'Import "(.+)" was not found or had errors\.', "the import `{0}` cannot be found"
    ),
    _Row("import-not-found", r"(.+): File not found\.", "the import `{0}` cannot be found"),
    _Row("import-repeated", r'Import "(.+)" was listed twice\.', "`{0}` is imported twice"),
    _Row("import-circular", r"File recursively imports itself: (.+)", "files import each other: {0}"),
    _Row("import-unused", r"Import (.+) is unused\.", "nothing of `{0}` is used here"),
    # Names
    _Row(
        "type-not-found",
        r'"(.+)" seems to be defined in "(.+)", which is not imported by ".+"\..*',
        "`{0}` is declared in `{1}`, which is not imported here",
        'Write `import "{1}";`.',
    ),
    _Row(
        "type-not-found",
        r'"(.+)" is resolved to "(.+)", which is not defined\..*',
        "`{0}` is looked up from the inside outwards and means `{1}` here, which is not declared",
        "Write the name with a leading dot, from the package on: `.acme.orders.v1.Order`.",
    ),
    _Row(
        "type-not-found", r'"(.+)" is not defined\.', "`{0}` is declared neither here nor in what is imported"
    ),
    _Row("type-wrong-kind", r'"(.+)" is not (a message type|an enum type|a type)\.', "`{0}` is not {1}"),
    _Row(
        "name-declared-twice",
        r'"(.+)" is already defined in (?:file )?"(.+?)"\..*',
        "`{0}` is declared twice in `{1}`",
    ),
    _Row("name-declared-twice", r'"(.+)" is already defined.*', "`{0}` is declared twice"),
    _Row(
        "name-declared-twice",
        r'Symbol name "(.+?)" conflicts with the existing symbol ".+?"\..*',
        "`{0}` is declared in two files",
    ),
    _Row("name-declared-twice", r"Multiple package definitions\.", "the file has two `package` statements"),
    # Numbers of fields
    _Row(
        "field-number-repeated",
        r'Field number (\d+) has already been used in "(.+)" by field "(.+?)"\..*',
        "the field number {0} of `{1}` belongs to `{2}` already",
    ),
    _Row(
        "field-number-not-allowed",
        r"Field numbers (\d+) through (\d+) are reserved for the protocol buffer library implementation\.",
        "field numbers {0} to {1} belong to the implementations of protobuf",
    ),
    _Row(
        "field-number-not-allowed",
        r"(?:Field|Extension) numbers must be positive integers\.",
        "numbers start at 1",
    ),
    _Row(
        "field-number-not-allowed",
        r"(?:Field|Extension) numbers cannot be greater than (\d+)\.",
        "the highest number is {0}",
    ),
    _Row(
        "field-number-not-allowed",
        r"Field number out of bounds\.|Field number \d+ is reserved for specific purposes\.",
    ),
    # Reserved numbers and names
    _Row(
        "reserved-number-used",
        r'Field "(.+)" uses reserved number (-?\d+)\.',
        "the field `{0}` has the reserved number {1}",
    ),
    _Row(
        "reserved-number-used",
        r'Enum value "(.+)" uses reserved number (-?\d+)\.',
        "the enum value `{0}` has the reserved number {1}",
    ),
    _Row("reserved-name-used", r'Field name "(.+)" is reserved\.', "the field name `{0}` is reserved"),
    _Row(
        "reserved-name-used",
        r'Enum value "(.+)" is reserved\.',
        "the name of the enum value `{0}` is reserved",
    ),
    _Row(
        "reserved-range-invalid",
        r'(?:Field name|Enum value) "(.+)" is reserved multiple times\.',
        "the name `{0}` is reserved twice",
    ),
    _Row(
        "reserved-range-invalid",
        r"(Reserved|Extension) range (-?\d+) to (-?\d+) overlaps with (already-defined|reserved) range (-?\d+) to (-?\d+)\.",
        "{0} range {1} to {2} overlaps with the {3} range {4} to {5}",
    ),
    _Row(
        "reserved-range-invalid",
        r'Extension range (-?\d+) to (-?\d+) includes field "(.+)" \((\d+)\)\.',
        "the range {0} to {1} for extensions includes number {3} of the field `{2}`",
    ),
    _Row("reserved-range-invalid", r"(?:Reserved|Extension) (?:range end number|numbers) must be .*"),
    # JSON names
    _Row(
        "json-name-collision",
        r'The (\S+) JSON name of field "(.+?)" \("(.+?)"\) conflicts with the (\S+) JSON name of field "(.+?)".*',
        "the fields `{4}` and `{1}` have the same name in JSON: `{2}`",
    ),
    _Row(
        "json-name-collision",
        r'The custom JSON name of field "(.+)" \("(.+)"\) is invalid: .*',
        "the JSON name `{1}` of `{0}` means an extension",
    ),
    # Enums
    _Row(
        "enum-first-value-not-zero",
        r"The first enum value must be zero for open enums\.",
        "the first value of the enum is not 0",
    ),
    _Row(
        "enum-first-value-not-zero",
        r"Enum value in map must define 0 as the first value\.",
        "the first value of an enum in a map is not 0",
    ),
    _Row(
        "enum-alias-mismatch",
        r'"(.+)" uses the same enum value as "(.+)"\. If this is intended.*',
        "`{0}` has the number of `{1}`, and the enum has no `option allow_alias = true;`",
    ),
    _Row(
        "enum-alias-mismatch",
        r'"(.+)" declares (?:support for enum aliases but|\'option allow_alias = false;\').*',
        "`{0}` sets `allow_alias`, but no two values share a number",
        "Take the option out.",
    ),
    _Row(
        "enum-value-name-collision",
        r"Enum name (\S+) has the same name as (\S+) if you ignore case.*",
        "`{0}` and `{1}` are the same name once case and the enum's prefix are taken away",
    ),
    # What the syntax of the file does not have
    _Row(
        "syntax-lacks-it",
        r"(?:.+ (?:is|are) not (?:allowed|supported) (?:in|under) (?:proto3|editions).*|Groups are not supported.*|Group syntax is .*"
        r"|Label \".+\" is not supported.*|Features (?:are only valid under|can only be specified for) editions.*"
        r"|Reserved names must be .*|Explicit default values .*|MessageSet is not supported .*"
        r"|Extensions in proto3 are .*|Implicit presence .*)",
    ),
    _Row(
        "syntax-lacks-it",
        r'Enum type "(.+)" is not an open enum, but is used in "(.+)" which is a proto3 message type\.',
        "`{0}` is a closed enum of proto2, which the proto3 message `{1}` cannot use",
        "Use an enum of a proto3 file.",
    ),
    # Extensions
    _Row(
        "extension-invalid",
        r'"(.+)" does not declare (\d+) as an extension number\.',
        "`{0}` does not leave number {1} to extensions",
    ),
    _Row(
        "extension-invalid",
        r'Extension number (\d+) has already been used in "(.+)" by extension "(.+?)"(?: defined in (.+))?\.',
        "the extension number {0} of `{1}` belongs to `{2}` already",
    ),
    _Row(
        "extension-invalid",
        r"The extension (.+) cannot be required\.",
        "the extension `{0}` cannot be required",
    ),
    _Row(
        "extension-invalid",
        r'(?:Extension|Missing extension declaration|Cannot use number|".+" extension field).*',
    ),
    # Types of fields
    _Row("field-type-not-allowed", r"Key in map fields cannot be (.+)\.", "the key of a map cannot be {0}"),
    _Row(
        "field-type-not-allowed",
        r"(?:Expanded map entry type .*|Map fields are not allowed .*|Oneof must have .*|Messages can't have default values\."
        r"|Repeated fields can't have default values\.|Fields in the same oneof .*|MessageSets cannot have fields.*|.*synthetic oneof.*)",
    ),
    _Row(
        "not-compilable",
        r'Symbol "(.+)", defined in "(.+)"\s+is not visible from ".+"\..*',
        "`{0}` is local to `{1}` and cannot be used here",
        "Mark it `export` where it is declared, or declare another one here.",
    ),
    # Options
    _Row(
        "option-invalid",
        r'Enum type "(.+)" has no value named "(.+?)".*',
        "the enum `{0}` has no value `{1}`",
    ),
    _Row(
        "option-invalid",
        r'Option "(.+)" unknown\..*',
        "there is no option `{0}` here",
        "Check its name, and import the file that declares it.",
    ),
    _Row(
        "option-invalid",
        r'Error while parsing option value for "(.+?)": (.+)',
        "the value of the option `{0}` cannot be read: {1}",
    ),
    _Row(
        "option-invalid",
        r"(?:Option.*|Value (?:must|out of).*|.* option \".+\"\.?|\[packed = true\].*|jstype .*|.*(?:json_name|lazy|weak)\b.*|Feature .*"
        r"|Only .* can specify .*|.* can't specify .*|Required presence .*|Already set option .*|Boolean default .*|Default value .*"
        r"|Unsigned field can't .*|Files with optimize_for .*|Files that do not use optimize_for .*)",
    ),
    # The text itself
    _Row("syntax-invalid", r"Enums must contain at least one value\.", "the enum has no value"),
    _Row(
        "syntax-invalid",
        r"Interpreting non ascii codepoint \d+\.",
        "a character outside of ASCII stands outside of strings and comments",
    ),
    _Row(
        "syntax-invalid",
        r'Unrecognized syntax identifier "(.*?)"\..*',
        "there is no syntax `{0}`",
        'Write `syntax = "proto2";`, `syntax = "proto3";` or `edition = "2023";`.',
    ),
    _Row(
        "syntax-invalid",
        r'Unknown edition "(.*)"\.',
        "there is no edition `{0}`",
        'Write `edition = "2023";` or `edition = "2024";`.',
    ),
    _Row("syntax-invalid", r"Reached end of input (.+)\.", "the file ends {0}"),
    _Row(
        "syntax-invalid",
        r"Expected top-level statement \(e\.g\. \"message\"\)\.",
        "here stands nothing that a file can begin with",
    ),
    _Row(
        "syntax-invalid",
        r"(?:Expected|Missing|Unexpected|Integer out of range|Invalid|Interpreting non ascii|Hex and octal|Multiline strings|Numbers starting"
        r"|\"/\*\" inside block|\"0x\"|\"e\" must|Need space|Unmatched|Reached|File must begin|Group names|Fields in oneofs must not"
        r"|Field labels|Proto file starts with|String literals cannot|End-of-file|\\[xuU]|Already seen decimal|A symbol).*",
    ),
)
_TABLE = tuple((row, re.compile(row.pattern, re.DOTALL)) for row in _ROWS)
_FOLLOW_UPS = re.compile(
    r"(?:Suggested field numbers for|Note that enum values use C\+\+|\s*Comment started here).*", re.DOTALL
)
_QUOTED = re.compile(r'"([^"]+)"')


def explain(text: str) -> Complaint | None:
    """One text of the compiler, without file and position; None if it only follows up on another one."""
    if _FOLLOW_UPS.fullmatch(text):
        return None
    for row, pattern in _TABLE:
        found = pattern.fullmatch(text)
        if found:
            groups = tuple(group or "" for group in found.groups())
            message = row.message.format(*groups) if row.message else _tidy(text)
            return Complaint(row.rule, _lower(message), row.advice.format(*groups))
    return Complaint("not-compilable", _tidy(text))


def _tidy(text: str) -> str:
    """The compiler's own words as we write: code in backticks, a small letter first, no full stop last."""
    return _lower(_QUOTED.sub(r"`\1`", text.strip()).removesuffix("."))


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[:2].istitle() else text
