"""What rulesets come to: rules by name, those of extended rulesets changed by those that extend them.

As Spectral has it: severities and `off` over what is extended, partial rules laid over whole ones, `all`
and `recommended`, formats inherited, overrides for some files (its documentation, "Rulesets").
"""

from __future__ import annotations

import os
from dataclasses import field
from typing import TYPE_CHECKING

import jsonschema_rs

from apicontract.formats.openapi.lint.spectral.functions import FUNCTIONS, INTERNAL
from apicontract.formats.openapi.lint.spectral.functions.schema import fault as schema_fault
from apicontract.formats.openapi.lint.spectral.model import OFF, SEVERITIES, Rule, Then
from apicontract.formats.openapi.lint.spectral.paths import PathError, path
from apicontract.formats.openapi.lint.spectral.patterns import PatternError, pattern
from apicontract.formats.openapi.lint.spectral.reading import (
    Definition,
    _functions,
    definition,
    format_name,
    near,
)
from apicontract.records import dataclass
from apicontract.sources import ContractError, globs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.sources import Json, ReadOptions

_RECOMMENDED, _ALL = "recommended", "all"


@dataclass(slots=True)
class Ruleset:
    """A ruleset file, read. `rules_for` gives what holds for a contract."""

    file: str
    top: Definition
    rules: dict[str, Rule] = field(default_factory=dict)
    formats: frozenset[str] = frozenset()  # all that it and what it extends speak of

    def rules_for(self, contract: str) -> dict[str, Rule]:
        """The rules that hold for a contract's file, by name."""
        overrides = self.top.value.get("overrides")
        if not isinstance(overrides, list):
            return self.rules
        folder = os.path.dirname(os.path.abspath(self.file))  # noqa: PTH100, PTH120
        where = os.path.relpath(os.path.abspath(contract), folder).replace(os.sep, "/")  # noqa: PTH100
        return _overridden(self.top, overrides, where) or self.rules


def load(path_: str, options: ReadOptions) -> Ruleset:
    """The ruleset in a file. ContractError, with its place, for what makes no sense."""
    top = definition(path_, options)
    ruleset = Ruleset(path_, top, merged(top), _spoken_of(top))
    overrides = top.value.get("overrides", [])
    for number, one in enumerate(overrides if isinstance(overrides, list) else [None]):
        files = one.get("files") if isinstance(one, dict) else None
        if not isinstance(files, list) or not all(isinstance(each, str) for each in files):
            hint = "write `files: ['legacy/**/*.yaml']` and `rules`"
            raise top.wrong("an override names `files`", "overrides", str(number), hint=hint)
    if isinstance(overrides, list) and overrides:
        _overridden(top, overrides, None)
    return ruleset


def _spoken_of(top: Definition) -> frozenset[str]:
    table = top.value.get("rules")
    rules = [one for one in table.values() if isinstance(one, dict)] if isinstance(table, dict) else []
    said = (_formats(one.get("formats")) or frozenset() for one in (top.value, *rules))
    return frozenset[str]().union(*said, *(_spoken_of(one) for one, _ in top.extends))


def merged(top: Definition, severity: str = _RECOMMENDED, *, explicit: bool = False) -> dict[str, Rule]:
    """The rules of a ruleset with what it extends; severity: how much of it is wanted, if that is said."""
    rules: dict[str, Rule] = {}
    for one, how in top.extends:
        for name, rule in merged(one, how or _RECOMMENDED, explicit=how is not None).items():
            rules[name] = rule
            if explicit:
                rule.enabled = _enabled(rule, severity)
    inherited = _formats(top.value.get("formats"))
    table = top.value.get("rules")
    for name, said in table.items() if isinstance(table, dict) else ():
        known = rules.get(name)
        if known is None and not isinstance(said, dict):
            if any(name.startswith(f"{one}-") for one in top.elsewhere):
                continue  # a rule for another format
            hint = near(name, rules) or "extend the ruleset that has it"
            raise top.wrong(f"there is no rule `{name}` to change", "rules", name, hint=hint)
        if known is None:
            rule = rules[name] = _new(top, name, said)  # type: ignore[arg-type]  # an object
            rule.enabled = _enabled(rule, severity)
            if rule.formats is None:
                rule.formats = inherited
        else:
            _change(top, known, said)
            if explicit:
                known.enabled = _enabled(known, severity)
    return rules


def _enabled(rule: Rule, severity: str) -> bool:
    return severity == _ALL or (severity == _RECOMMENDED and rule.recommended)


def _formats(listed: Json) -> frozenset[str] | None:
    return frozenset(format_name(str(one)) for one in listed) if isinstance(listed, list) else None


def _new(top: Definition, name: str, said: Mapping[str, Json]) -> Rule:
    for key in ("given", "then"):
        if key not in said:
            raise top.wrong(f"the rule `{name}` has no `{key}`", "rules", name, hint=f"add `{key}`")
    rule = Rule(name, (), (), top.place("rules", name), {})
    _lay(top, rule, said)
    return rule


def _change(top: Definition, rule: Rule, said: Json) -> None:
    """A rule that is there already, as a ruleset that extends it wants it."""
    if isinstance(said, bool):
        rule.enabled = said
    elif isinstance(said, dict):
        _lay(top, rule, said)
        rule.enabled = True
    else:
        rule.severity = _severity(top, said, "rules", rule.name)
        rule.enabled = rule.severity != OFF


def _severity(top: Definition, said: Json, *at: str) -> int:
    if isinstance(said, str) and said in SEVERITIES:
        return SEVERITIES[said]
    if isinstance(said, int) and said in SEVERITIES.values():
        return said
    raise top.wrong(
        f"`{said}` is no severity", *at, hint=f"use {', '.join(SEVERITIES)}, or a number from 0 to 3"
    )


def _lay(top: Definition, rule: Rule, said: Mapping[str, Json]) -> None:
    """What an object says of a rule, over what the rule was."""
    at = ("rules", rule.name)
    if "given" in said:
        given = said["given"]
        rule.given = tuple(str(one) for one in (given if isinstance(given, list) else [given]))
        aliases = top.value.get("aliases")
        rule.aliases = aliases if isinstance(aliases, dict) else {}
        _check_given(top, rule)
    if "then" in said:
        then = said["then"]
        entries = then if isinstance(then, list) else [then]
        rule.unsupported = next((_named(one) for one in entries if _is_own(top, one)), "")
        rule.then = tuple(_then(top, rule.name, one) for one in entries if not _is_own(top, one))
    if "severity" in said:
        rule.severity = _severity(top, said["severity"], *at, "severity")
    if "formats" in said:
        rule.formats = _formats(said["formats"])
    for key, attribute in (
        ("description", "description"),
        ("message", "message"),
        ("documentationUrl", "url"),
    ):
        if isinstance(said.get(key), str):
            setattr(rule, attribute, said[key])
    rule.recommended = said.get("recommended", rule.recommended) is not False
    rule.resolved = said.get("resolved", rule.resolved) is not False


def _is_own(top: Definition, then: Json) -> bool:
    """Whether a function is one of the team's own."""
    return _named(then) in top.functions


_SCHEMAS = "write a JSON Schema of draft 4 to 2020-12 that refers to nothing outside of itself"


def _named(then: Json) -> str:
    return str(then["function"]) if isinstance(then, dict) else ""


def _then(top: Definition, name: str, said: Json) -> Then:
    assert isinstance(said, dict)  # noqa: S101  # was checked when it was read
    named = str(said["function"])
    function = FUNCTIONS.get(named) or INTERNAL[named]
    options = said.get("functionOptions")
    at = ("rules", name, "then")
    if top.document is not None:
        if function.options is None and options is not None:
            raise top.wrong(f"`{named}` takes no options", *at, "functionOptions")
        if function.options is not None:
            if options is None and function.options.get("type") == "object":
                raise top.wrong(f"`{named}` needs `functionOptions`", *at)
            for error in jsonschema_rs.Draft7Validator(dict(function.options)).iter_errors(options):
                where = ".".join(str(one) for one in error.instance_path)
                text = f"the options of `{named}`{f' at `{where}`' if where else ''}: {error.message}"
                raise top.wrong(text, *at, "functionOptions")
        fault = schema_fault(options) if named == "schema" and isinstance(options, dict) else ""
        if fault:
            raise top.wrong(
                f"this is no schema that can be run: {fault}", *at, "functionOptions", "schema", hint=_SCHEMAS
            )
        patterns = options if named == "pattern" and isinstance(options, dict) else {}
        for key in patterns:
            try:
                pattern(str(patterns[key]))
            except PatternError as error:
                raise top.wrong(str(error), *at, "functionOptions", key) from None
    held = said.get("field")
    return Then(function, options if isinstance(options, dict) else {}, None if held is None else str(held))


def _check_given(top: Definition, rule: Rule) -> None:
    for written in rule.given:
        try:
            for one in resolved(written, rule.aliases, None):
                path(one)
        except (PathError, LookupError) as error:
            text = f"`{written}`: {error.args[0]}"
            raise top.wrong(text, "rules", rule.name, "given") from None


def resolved(
    written: str, aliases: Mapping[str, Json], formats: frozenset[str] | None, above: tuple[str, ...] = ()
) -> list[str]:
    """The paths that a `given` stands for; formats: those of the contract, or None for all that there may be.

    LookupError for an alias that does not exist, or leads back to itself.
    """
    if not written.startswith("#"):
        return [written]
    name = written[1:]
    for at, letter in enumerate(name):
        if not (letter.isascii() and (letter.isalnum() or letter in "_-")):
            name = name[:at]
            break
    if name in above:
        raise LookupError(f"the alias `{name}` leads back to itself")
    if name not in aliases:
        raise LookupError(f"there is no alias `{name}`")
    said = aliases[name]
    listed: list[Json] = said if isinstance(said, list) else []
    if isinstance(said, dict) and isinstance(said["targets"], list):
        for target in reversed(said["targets"]):
            assert isinstance(target, dict)  # noqa: S101  # was checked
            meant = _formats(target.get("formats")) or frozenset()
            if formats is None or meant & formats:
                listed = [*listed, *target["given"]]  # type: ignore[misc]  # a list
                if formats is not None:
                    break
    rest = written[len(name) + 1 :]
    return [path_ for one in listed for path_ in resolved(f"{one}{rest}", aliases, formats, (*above, name))]


def _overridden(top: Definition, overrides: list[Json], where: str | None) -> dict[str, Rule] | None:
    """The rules with the overrides for a file over them; None if none is for it; `where` None takes all."""
    whole: list[Definition] = []
    pointed: list[tuple[str, str, str, int]] = []
    for number, one in enumerate(overrides):
        assert isinstance(one, dict) and isinstance(one["files"], list)  # noqa: S101, PT018  # was checked
        value = {key: held for key, held in one.items() if key != "files"}
        part = Definition(
            value, (), top.document, f"/overrides/{number}", top.functions | _functions(value), top.elsewhere
        )
        matched = False
        for pattern_ in (str(each) for each in one["files"]):
            glob, hash_, pointer = pattern_.partition("#")
            if where is not None and not _matches(glob, where):
                continue
            matched = matched or not hash_
            table = value.get("rules")
            for name, said in table.items() if hash_ and isinstance(table, dict) else ():
                pointed.append((name, glob, pointer, _severity(part, said, "rules", name)))
        if matched:
            whole.append(part)
    if not whole and not pointed:
        return None
    below = Definition(
        {**top.value, "overrides": None}, top.extends, top.document, "", top.functions, top.elsewhere
    )
    for part in whole:
        value = {"aliases": top.value.get("aliases", {}), **part.value}
        below = Definition(
            value, ((below, None),), part.document, part.pointer, part.functions, part.elsewhere
        )
    rules = merged(below)
    for name, glob, pointer, severity in pointed:
        if name in rules:
            rules[name].by_pointer.append((glob, pointer, severity))
            rules[name].enabled = True
    return rules


def _matches(glob: str, where: str) -> bool:
    """Whether a glob means a file; one without a slash means its name, wherever it lies."""
    glob = glob.removeprefix("./")
    return globs.matches(glob, where if "/" in glob else where.rpartition("/")[2])


__all__ = ["ContractError", "Ruleset", "load", "merged", "resolved"]
