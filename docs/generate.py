"""Writes the generated pages of the documentation, or says which of them are stale.

python docs/generate.py [--check]
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import policy_pages
import scene
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from apicontract import formats
from apicontract.repository import bases

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    "",
    "check",
    "diff",
    "validate",
    "lint",
    "maturity",
    "bump",
    "changelog",
    "generate",
    "explain",
    "rules",
    "init",
    "config show",
    "config profiles",
    "config schema",
    "ci github",
)
SCHEMAS = {
    "check": "check-1.json",
    "check --format jsonl": "lines-1.json",
    "diff": "diff-1.json",
    "validate": "validation-1.json",
    "lint": "lint-1.json",
    "maturity": "maturity-1.json",
    "bump": "bump-1.json",
    "changelog": "changelog-1.json",
    "rules": "rules-1.json",
    "config show": "configuration-1.json",
    "config profiles": "profiles-1.json",
}
WITH_OUTPUT = (
    "docs/protobuf.md",
    "docs/maturity.md",
    "docs/maturity-examples.md",
)  # written by hand, but for what commands print
FORMATS = {
    "openapi": {
        "prefix": "",
        "one": "an OpenAPI contract",
        "plural": "OpenAPI contracts",
        "language": "yaml",
        "verdicts": "for schemas the verdict on a given pair comes from"
        " [containment](../how-verdicts-are-made.md), so that an edit that\nrefuses nothing is no break.",
        "examples": "",
        "lint_title": "",
        "lint_note": "",
    },
    "proto": {
        "prefix": "proto-",
        "one": "a protobuf contract",
        "plural": "protobuf contracts",
        "language": "protobuf",
        "verdicts": "a given pair is judged on each surface by itself, as [Protobuf](../protobuf.md) tells.",
        "examples": "Where an example has several files, each begins with its path; the others are"
        " `acme/orders/v1/orders.proto`.\n",
        "lint_title": " for protobuf",
        "lint_note": "\nWhere an example has several files, each begins with its path. The presets `buf` and"
        " `aip` also ask these rules of\n[validation](proto-validation.md): {validated}.\n",
    },
}
_SHOWN_OUTPUT = re.compile(
    r"^```console\n\$ apicontract (?P<command>[^\n]*)\n.*?^```$", re.MULTILINE | re.DOTALL
)
_PULL_REQUEST = {variable for variable, _ in bases.PULL_REQUEST}  # which say another base than the page's
_FIRST_LINES = re.compile(r" \| head -(\d+)$")


def pages() -> Iterator[tuple[Path, str]]:
    """Each generated page with the text it should have."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "docs"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown, made of our own texts
    )
    environment.filters["linked"] = _linked
    for name, words in FORMATS.items():
        known, folder = formats.get(name), ROOT / "docs/rules"
        changes = sorted(known.change_rules(), key=lambda rule: (-rule.level, rule.id))
        text = environment.get_template("changes.md.j2").render(rules=changes, format=words)
        yield folder / f"{words['prefix']}changes.md", text
        findings = sorted(known.finding_rules(), key=lambda rule: rule.id)
        text = environment.get_template("validation.md.j2").render(rules=findings, format=words)
        yield folder / f"{words['prefix']}validation.md", text
        yield folder / f"{words['prefix']}lint.md", _lint_page(environment, name)
    yield ROOT / "docs/rules/proto-kinds.md", environment.get_template("proto-kinds.md.j2").render(**_kinds())
    yield from policy_pages.pages(environment)
    yield ROOT / "docs/commands.md", "\n".join(_commands())
    environment.filters["type_of"] = _type_of
    shapes = environment.get_template("json-output.md.j2").render(shapes=list(_shapes()))
    yield ROOT / "docs/json-output.md", shapes
    for page in WITH_OUTPUT:
        yield ROOT / page, _SHOWN_OUTPUT.sub(_with_output, (ROOT / page).read_text(encoding="utf-8"))
    readme, gate = ROOT / "README.md", ROOT / "docs/check.md"
    with tempfile.TemporaryDirectory() as folder:
        scene.build(Path(folder))
        there = partial(_with_output, folder=folder)
        yield gate, _SHOWN_OUTPUT.sub(there, gate.read_text(encoding="utf-8"))

        def shown(block: re.Match[str]) -> str:
            return there(block) if block["command"].startswith("check") else _with_output(block)

        yield readme, _SHOWN_OUTPUT.sub(shown, readme.read_text(encoding="utf-8"))


def _lint_page(environment: Environment, name: str) -> str:
    """The rules of lint of a format; those of validation that it asks as well are named only."""
    every = sorted(formats.get(name).lint_rules(), key=lambda rule: (rule.category, rule.id))
    rules = [rule for rule in every if rule.command == "lint"]
    validated = ", ".join(
        f"[`{rule.id}`](proto-validation.md#{rule.id})" for rule in every if rule.command != "lint"
    )
    words = {**FORMATS[name], "lint_note": FORMATS[name]["lint_note"].format(validated=validated)}
    return environment.get_template("lint.md.j2").render(rules=rules, format=words)


def _kinds() -> dict[str, object]:
    """What the page about kinds shows: a matrix per surface, a letter per cell."""
    from apicontract.changes import Level, Surface
    from apicontract.formats.proto.diff.effects import Flow
    from apicontract.formats.proto.diff.kinds import ROWS, Sort, cell
    from apicontract.formats.proto.elements import Kind

    listed = frozenset({0, 1, 2})
    sorts = {str(kind): Sort(kind) for kind in ROWS if kind is not Kind.ENUM}
    sorts |= {"open enum": Sort(Kind.ENUM, listed), "closed enum": Sort(Kind.ENUM, listed, closed=True)}
    letters = {Level.NONE: "·", Level.MINOR: "m", Level.MAJOR: "M"}
    tables = {
        "wire": "Another wire type is never an error: the bytes are set aside, and the field is absent.",
        "json": "A number that becomes a quoted text is a break: runtimes read both, other clients do not.",
    }
    return {
        "names": list(sorts),
        "tables": tables.items(),
        "level": lambda surface, old, new: letters[
            cell(sorts[old], sorts[new]).levels(Flow.BOTH)[Surface(surface)]
        ],
    }


def _linked(reference: str) -> str:
    """A reference of a rule in Markdown: a link where its guideline has an address for it."""
    guideline, _, number = reference.partition(":")
    number, _, section = number.partition("#")
    address = {
        "zalando": f"https://opensource.zalando.com/restful-api-guidelines/#{number}",
        "aip": f"https://google.aip.dev/{number}",
        "owasp": "https://owasp.org/API-Security/editions/2023/en/0x11-t10/",
        "rfc": f"https://www.rfc-editor.org/rfc/rfc{number}" + (f"#section-{section}" if section else ""),
        "buf": f"https://buf.build/docs/lint/rules/#{number.lower()}",
        "iana": f"https://www.iana.org/assignments/{number}",
        "oas": f"https://spec.openapis.org/oas/v{number}.html#{section}",
    }.get(guideline)
    return f"[{reference}]({address})" if address else f"`{reference}`"


def _commands() -> Iterator[str]:
    yield "# Commands\n\n<!-- Generated by `make docs` from the commands' own help. -->\n"
    for name in COMMANDS:
        text = _run([*name.split(), "--help"], columns=100)
        yield f"## apicontract {name}".rstrip() + f"\n\n```text\n{text}\n```\n"


def _with_output(block: re.Match[str], folder: str = "") -> str:
    """A block of a page that shows a command, with what the command prints today (in that folder)."""
    command = block["command"]
    first = _FIRST_LINES.search(command)
    lines = _run(shlex.split(_FIRST_LINES.sub("", command)), columns=80, folder=folder).splitlines()
    text = "\n".join(lines[: int(first[1])] if first else lines)
    return f"```console\n$ apicontract {command}\n{text}\n```"


def _run(arguments: list[str], *, columns: int, folder: str = "") -> str:
    """What the command prints on standard output."""
    kept = {name: value for name, value in os.environ.items() if name not in _PULL_REQUEST}
    environment = {**kept, "NO_COLOR": "1", "COLUMNS": str(columns), "TERM": "dumb"}
    command = [sys.executable, "-m", "apicontract", *arguments]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, env=environment, cwd=folder or ROOT
    )
    if done.returncode not in (0, 1):  # 1 is a verdict
        raise RuntimeError(f"{shlex.join(command)}: {done.stderr}")
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def _shapes() -> Iterator[dict[str, object]]:
    """Every JSON output: its command, its schema, and the objects that the schema tells about."""
    for command, file in SCHEMAS.items():
        schema = json.loads((ROOT / "apicontract/reports/schemas" / file).read_text(encoding="utf-8"))
        parts = {name: part for name, part in schema["$defs"].items() if "properties" in part}
        if "properties" in schema:
            parts = {"document": schema, **parts}
        yield {"command": command, "file": file, "schema": schema, "parts": parts}


def _type_of(schema: dict[str, Any]) -> str:
    """What a key holds, in a few words."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(_type_of(branch) for branch in schema.get("anyOf") or schema["oneOf"])
    kind = schema.get("type", "any value")
    if kind == "array":
        return f"list of {_type_of(schema['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` list the stale ones and give 1 if there are any."""
    stale = []
    for path, text in pages():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} {'is stale: run `make docs`' if '--check' in arguments else 'written'}")  # noqa: T201
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
