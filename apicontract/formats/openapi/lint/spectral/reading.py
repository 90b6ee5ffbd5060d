"""Ruleset files of Spectral: read, checked, and with what they extend.

Local files in YAML or JSON, and `spectral:oas`. What would have to be fetched (URLs, npm packages) or run
(JavaScript) is refused by name. What the rules come to together is the business of `merging.py`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint.spectral import oas
from apicontract.formats.openapi.lint.spectral.functions import FUNCTIONS
from apicontract.sources import ContractError, Place, ReadOptions, join, read

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from apicontract.sources import Document, Json

OAS = "spectral:oas"
# Rulesets of Spectral's own for other formats: none of their rules is about OpenAPI.
ELSEWHERE = {"spectral:asyncapi": "asyncapi", "spectral:arazzo": "arazzo"}
_TOP = frozenset(
    {
        "extends",
        "rules",
        "aliases",
        "formats",
        "functions",
        "functionsDir",
        "overrides",
        "parserOptions",
        "documentationUrl",
        "description",
    }
)
_RULE = frozenset(
    {
        "description",
        "message",
        "severity",
        "given",
        "then",
        "formats",
        "recommended",
        "resolved",
        "documentationUrl",
        "type",
        "tags",
        "extensions",
    }
)
_THEN = frozenset({"field", "function", "functionOptions"})
_SWITCHES = (("recommended", bool, "true or false"), ("resolved", bool, "true or false"))
_PARSER = frozenset({"duplicateKeys", "incompatibleValues"})
_CHOICES = ("off", "recommended", "all")
_FORMATS = frozenset(
    [
        *("oas2", "oas3", "oas3_0", "oas3_1", "oas3_2"),
        *("aas2", "aas2_0", "aas2_1", "aas2_2", "aas2_3", "aas2_4", "aas2_5", "aas2_6", "aas3", "aas3_0"),
        *("asyncapi2", "asyncapi_3_0", "arazzo1", "arazzo1_0"),
        *(
            "json_schema",
            "json_schema_loose",
            "json_schema_draft4",
            "json_schema_draft6",
            "json_schema_draft7",
        ),
        *(
            "json_schema_draft_2019_09",
            "json_schema_2019_09",
            "json_schema_draft_2020_12",
            "json_schema_2020_12",
        ),
    ]
)


@dataclass(frozen=True, slots=True)
class Definition:
    """One ruleset as written. extends: (what, how much of it); functions: names of those of a team's own.

    document: its file, None of `spectral:oas` and of what overrides make. elsewhere: it extends a ruleset
    for another format.
    """

    value: Mapping[str, Json]
    extends: tuple[tuple[Definition, str | None], ...] = ()
    document: Document | None = None
    pointer: str = ""
    functions: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    def place(self, *keys: str) -> Place | None:
        """Where something of it stands."""
        return Place(self.document, join(self.pointer, *keys)) if self.document else None

    def wrong(self, message: str, *keys: str, hint: str = "") -> ContractError:
        """The error about something of it."""
        place = self.place(*keys)
        if place is None:
            return ContractError(message, file=OAS, hint=hint)
        return ContractError(message, file=place.file, line=place.line, column=place.column, hint=hint)


_BUILT_IN = Definition(oas.RULESET)


def definition(path: str, options: ReadOptions) -> Definition:
    """The ruleset in a file, and all that it extends. ContractError for what makes no sense."""
    return _read(path, ReadOptions(max_bytes=options.max_bytes), ())


def near(word: str, known: Collection[str]) -> str:
    """The hint that names the nearest known word, or all of a few."""
    found = get_close_matches(word, known, n=1)
    if found:
        return f"did you mean `{found[0]}`?"
    return f"there are {', '.join(f'`{one}`' for one in sorted(known))}" if len(known) < 20 else ""  # noqa: PLR2004


def format_name(written: str) -> str:
    """A format by the one name that we use: `oas3.1` and `oas3_1` are the same."""
    return written.replace(".", "_").replace("-", "_")


def _read(path: str, options: ReadOptions, above: tuple[str, ...]) -> Definition:
    if path.endswith((".js", ".mjs", ".cjs", ".ts")):
        hint = "rules in YAML or JSON are read; `spectral lint` runs the others"
        raise ContractError("rulesets in JavaScript are not run", file=path, hint=hint)
    needs = "a ruleset has `extends`, `rules` or `overrides`"
    try:
        document = read(path, options).root
    except ContractError as error:
        if error.hint.startswith("a contract starts"):
            error.hint = needs
        raise
    if not isinstance(document.value, dict):
        raise ContractError("this is no ruleset", file=path, hint=needs)
    made = _made(document.value, document, "", options, (*above, os.path.realpath(path)))
    if not {"extends", "rules", "overrides"} & document.value.keys():
        raise made.wrong("this ruleset asks for nothing", hint=needs)
    return made


def _made(
    value: Mapping[str, Json], document: Document, pointer: str, options: ReadOptions, above: tuple[str, ...]
) -> Definition:
    bare = Definition(value, (), document, pointer, _functions(value))
    _check(bare)
    extends: list[tuple[Definition, str | None]] = []
    elsewhere: set[str] = set()
    written = value.get("extends", [])
    for number, entry in enumerate(written if isinstance(written, list) else [written]):
        at = ("extends", str(number)) if isinstance(written, list) else ("extends",)
        what, how = entry if isinstance(entry, list) and len(entry) == 2 else (entry, None)  # noqa: PLR2004
        if not isinstance(what, str) or (how is not None and how not in _CHOICES):
            hint = "write `spectral:oas`, a path, or `[path, all]` (or `off`, `recommended`)"
            raise bare.wrong("this names no ruleset to extend", *at, hint=hint)
        if what in ELSEWHERE:
            elsewhere.add(ELSEWHERE[what])
            continue
        found = _BUILT_IN if what == OAS else _extended(bare, what, at, options, above)
        if found is not None:
            elsewhere |= found.elsewhere
            extends.append((found, None if how is None else str(how)))
    return Definition(value, tuple(extends), document, pointer, bare.functions, frozenset(elsewhere))


def _extended(
    bare: Definition, what: str, at: tuple[str, ...], options: ReadOptions, above: tuple[str, ...]
) -> Definition | None:
    """The ruleset in another file; None if it is one that leads here."""
    assert bare.document is not None  # noqa: S101  # only files name others
    if "://" in what:
        hint = "save the file beside this one and extend that"
        raise bare.wrong(f"rulesets are not fetched from the network: `{what}`", *at, hint=hint)
    folder = os.path.dirname(bare.document.name)  # noqa: PTH120
    path = os.path.normpath(os.path.join(folder, what))  # noqa: PTH118
    if what.startswith("spectral:"):
        known = [OAS, *ELSEWHERE]
        raise bare.wrong(f"Spectral has no ruleset `{what}`", *at, hint=near(what, known))
    if not os.path.isfile(path):  # noqa: PTH113
        if what.startswith((".", "/")) or what.endswith((".yaml", ".yml", ".json")):
            raise bare.wrong(f"there is no file `{path}`", *at)
        hint = "npm packages are not read; copy the ruleset that it holds beside this one and extend that"
        raise bare.wrong(f"`{what}` is no file", *at, hint=hint)
    return None if os.path.realpath(path) in above else _read(path, options, above)


def _functions(value: Mapping[str, Json]) -> frozenset[str]:
    listed = value.get("functions", [])
    names = (
        (one[0] if isinstance(one, list) and one else one for one in listed)
        if isinstance(listed, list)
        else ()
    )
    return frozenset(name for name in names if isinstance(name, str))


def _check(bare: Definition) -> None:
    """ContractError unless the keys are known and of the right kind."""
    value = bare.value
    for key in value:
        if key not in _TOP:
            hint = "write it as `overrides`" if key == "except" else near(key, _TOP)
            raise bare.wrong(f"a ruleset has no `{key}`", key, hint=hint)
    for key in ("rules", "aliases", "parserOptions"):
        if key in value and not isinstance(value[key], dict):
            raise bare.wrong(f"`{key}` is an object", key)
    for key in _table(value, "parserOptions"):
        if key not in _PARSER:
            raise bare.wrong(
                f"there is no option `{key}` of the parser", "parserOptions", key, hint=near(key, _PARSER)
            )
    _check_formats(bare, value.get("formats"), "formats")
    for name, said in _table(value, "aliases").items():
        _check_alias(bare, name, said)
    for name, said in _table(value, "rules").items():
        if isinstance(said, dict):
            _check_rule(bare, name, said)


def _check_alias(bare: Definition, name: str, said: Json) -> None:
    if isinstance(said, list) and said and all(isinstance(one, str) for one in said):
        return
    targets = said.get("targets") if isinstance(said, dict) else None
    if isinstance(targets, list) and all(
        isinstance(one, dict) and isinstance(one.get("given"), list) for one in targets
    ):
        for number, one in enumerate(targets):
            assert isinstance(one, dict)  # noqa: S101
            _check_formats(bare, one.get("formats"), "aliases", name, "targets", str(number), "formats")
        return
    hint = "write a list of paths, or `targets`, each with `formats` and `given`"
    raise bare.wrong(f"the alias `{name}` stands for no paths", "aliases", name, hint=hint)


def _check_formats(bare: Definition, listed: Json, *at: str) -> None:
    for number, one in enumerate(listed if isinstance(listed, list) else [] if listed is None else [listed]):
        if not isinstance(one, str) or format_name(one) not in _FORMATS:
            raise bare.wrong(f"there is no format `{one}`", *at, str(number), hint=near(str(one), _FORMATS))


def _check_rule(bare: Definition, name: str, said: Mapping[str, Json]) -> None:
    at = ("rules", name)
    for key in said:
        if key not in _RULE:
            raise bare.wrong(f"a rule has no `{key}`", *at, key, hint=near(key, _RULE))
    _check_formats(bare, said.get("formats"), *at, "formats")
    given = said.get("given")
    listed = given if isinstance(given, list) else [given]
    for key, kind, told in (("message", str, "a text"), ("description", str, "a text"), *_SWITCHES):
        if key in said and not isinstance(said[key], kind):
            raise bare.wrong(f"`{key}` is {told}", *at, key)
    if "given" in said and not (
        listed and all(isinstance(one, str) and one[:1] in "$#" and one for one in listed)
    ):
        raise bare.wrong("`given` is a path that begins with `$`, an alias, or a list of such", *at, "given")
    then = said.get("then")
    for one in then if isinstance(then, list) else [then] if "then" in said else []:
        if not isinstance(one, dict) or not isinstance(one.get("function"), str):
            raise bare.wrong("`then` names a `function`", *at, "then")
        for key in one:
            if key not in _THEN:
                raise bare.wrong(f"`then` has no `{key}`", *at, "then", hint=near(key, _THEN))
        if "field" in one and not isinstance(one["field"], str):
            raise bare.wrong("`field` is a text", *at, "then")
        function = str(one["function"])
        if function not in FUNCTIONS and function not in bare.functions:
            raise bare.wrong(
                f"there is no function `{function}`", *at, "then", hint=near(function, FUNCTIONS)
            )


def _table(value: Mapping[str, Json], key: str) -> dict[str, Json]:
    held = value.get(key)
    return held if isinstance(held, dict) else {}
