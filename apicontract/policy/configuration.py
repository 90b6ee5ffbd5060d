"""The configuration in force: found, read, laid over profile and defaults, and where each value comes from.

Knows `apicontract.toml` and `[tool.apicontract]` in pyproject.toml. Which rules there are is said by
the caller (`check_rules`): formats have them, and policy knows no format.
"""

from __future__ import annotations

import os
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from apicontract.policy.layers import Layer, Origin, Values, leaves, merged, topmost
from apicontract.policy.model import ContractGroup, Settings
from apicontract.policy.profiles import PROFILES, layer
from apicontract.records import dataclass
from apicontract.sources import ContractError, Place, globs, join
from apicontract.sources.expansion import meant_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from apicontract.sources import Document, Json

FILE = "apicontract.toml"
PYPROJECT = "pyproject.toml"
TABLE = "/tool/apicontract"
# What a group of contracts may say of its own; the rest of its keys is about finding them.
POLICY_KEYS = ("profile", "surfaces", "fail-on", "rules", "compare", "stability", "sunset", "version")


class Standing(NamedTuple):
    """A row of `rules`: what a pattern of rule ids counts as, and where that is laid down."""

    pattern: str
    standing: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is in force for a run, or (made by `for_contract`) for one contract.

    settings: every value. layers: what they were laid from, the strongest last. folder: what globs and
    file names in it are relative to. document: the file it was read from, if any. standings: the rows
    of `rules` of every layer, the weakest first.
    """

    settings: Settings
    layers: tuple[Layer, ...]
    folder: str = ""
    document: Document | None = None
    pointer: str = ""
    standings: tuple[Standing, ...] = ()
    _own: Values = field(default_factory=dict, repr=False)
    _above: Values = field(default_factory=dict, repr=False)

    @classmethod
    def default(cls) -> Configuration:
        """What holds where no file says anything."""
        return _put_together({}, {}, {}, None, "", "")

    @classmethod
    def load(cls, path: str) -> Configuration:
        """The configuration in a file, `pyproject.toml` or any other TOML. ContractError if it is wrong."""
        try:
            with open(path, "rb") as file:  # noqa: PTH123  # a path as the user wrote it
                text = file.read()
        except OSError as error:
            hint = "name a file with --config, or write one with `apicontract init`"
            raise ContractError(f"cannot be read: {error.strerror}", file=path, hint=hint) from None
        return cls.parse(text, path, os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH120

    @classmethod
    def parse(cls, text: bytes, name: str, folder: str = "") -> Configuration:
        """The configuration in a text; `name` says whose, and whether it is a pyproject.toml."""
        from apicontract.policy.checking import check
        from apicontract.sources.toml_text import toml_document

        document = toml_document(text, name)
        pointer = TABLE if os.path.basename(name) == PYPROJECT else ""  # noqa: PTH119
        own = _table(document, pointer)
        check(own, document, pointer)
        return _put_together(own, {}, {}, document, pointer, folder)

    def having(self, values: Values) -> Configuration:
        """The same with values of the command line laid over everything."""
        return _put_together(
            self._own, {}, {**self._above, **values}, self.document, self.pointer, self.folder
        )

    def group(self, contract: str) -> int | None:
        """Which of `settings.contracts` a contract belongs to: the first that names it; None if none does."""
        for number, group in enumerate(self.settings.contracts):
            if belongs(group, contract):
                return number
        return None

    def for_contract(self, contract: str) -> Configuration:
        """What is in force for the contract at this path, which is relative to `folder`, with slashes."""
        number = self.group(contract)
        if number is None:
            return self
        listed = self._own["contracts"]
        entry = listed[number] if isinstance(listed, list) else None
        values = {key: entry[key] for key in POLICY_KEYS if isinstance(entry, dict) and key in entry}
        if not values:
            return self
        pointer = join(self.pointer, "contracts", str(number))
        return _put_together(
            self._own, values, self._above, self.document, self.pointer, self.folder, pointer
        )

    def origin(self, *key: str) -> Origin:
        """Where the value at `key` (`compare`, `open-enums`) comes from."""
        return topmost(self.layers, key).origin(key)

    def entries(self) -> Iterator[tuple[str, Json, Origin]]:
        """Every value that is no list of tables, by dotted key, with its origin."""
        for key, value in leaves(merged(self.layers)):
            if key[0] not in ("contracts", "generate", "suppressions"):
                name = ".".join(_quoted(part) for part in key)
                yield name, value, self.origin(*key)

    def place(self, *key: str) -> Place | None:
        """Where `key` stands in the file, or would; None without a file."""
        return Place(self.document, join(self.pointer, *key)) if self.document else None

    def standing(self, rule: str, allowed: frozenset[str]) -> Standing | None:
        """The strongest row of `rules` for this rule whose value is one of `allowed`; None if none is."""
        for row in reversed(self.standings):
            if row.standing in allowed and globs.matches(row.pattern, rule):
                return row
        return None


def find_configuration(folder: str) -> str | None:
    """The configuration file that holds for a folder: in it, or in the nearest one above.

    A repository's top is the last that is looked into. `apicontract.toml` goes before pyproject.toml,
    which counts only if it has a `[tool.apicontract]`.
    """
    here = os.path.abspath(folder)  # noqa: PTH100
    while True:
        own = os.path.join(here, FILE)  # noqa: PTH118
        if os.path.lexists(own):  # a folder, or a link to nowhere, is an error when it is read
            return own
        shared = os.path.join(here, PYPROJECT)  # noqa: PTH118
        if os.path.isfile(shared) and mentions(shared):  # noqa: PTH113
            return shared
        above = os.path.dirname(here)  # noqa: PTH120
        if above == here or os.path.exists(os.path.join(here, ".git")):  # noqa: PTH110, PTH118
            return None
        here = above


def mentions(path: str) -> bool:
    """Whether the pyproject.toml at `path` has a table for us."""
    with open(path, "rb") as file:  # noqa: PTH123
        return has_table(file.read(), path)


def has_table(text: bytes, path: str) -> bool:
    """Whether a pyproject.toml has a table for us. One that is no TOML has none: that is not ours to say."""
    from apicontract.sources.toml_text import toml_document

    if b"apicontract" not in text:
        return False
    try:
        tool = toml_document(text, path).at("/tool")
    except (ContractError, KeyError):
        return False
    return isinstance(tool, dict) and "apicontract" in tool


def belongs(group: ContractGroup, contract: str) -> bool:
    """Whether a contract's path is meant by a group."""
    return any(meant_by(glob, contract) for glob in group.paths) and not any(
        meant_by(glob, contract) for glob in group.exclude
    )


def check_rules(configuration: Configuration, known: Mapping[str, frozenset[str]]) -> None:
    """ContractError unless every rule that the configuration names exists and may stand as it says.

    known: every rule id with the standings it may have (levels or severities).
    """
    document = configuration.document
    if document is None:
        return
    from apicontract.policy.checking import nearest, problem

    for pointer, pattern, standing in _named(configuration):
        found = [allowed for rule, allowed in known.items() if globs.matches(pattern, rule)]
        key = standing is not None
        if not found:
            kind = "matches no rule" if globs.is_glob(pattern) else "is no rule"
            hint = nearest(pattern, known, else_list=False) or "`apicontract rules` lists them"
            raise problem(document, pointer, f"`{pattern}` {kind}", hint, key=key)
        if standing is not None and not any(standing in allowed for allowed in found):
            words = sorted(frozenset[str]().union(*found))
            raise problem(
                document,
                pointer,
                f"`{pattern}` cannot be `{standing}`",
                f"use {', '.join(f'`{w}`' for w in words)}",
            )


def named_rules(configuration: Configuration) -> set[str]:
    """Every pattern of rules that the configuration's file names."""
    return {pattern for _, pattern, _ in _named(configuration)} if configuration.document else set()


def check_formats(configuration: Configuration, known: Sequence[str]) -> None:
    """ContractError unless every format that a group of contracts names is among the known ones."""
    document = configuration.document
    for number, group in enumerate(configuration.settings.contracts if document else ()):
        if document and group.format and group.format not in known:
            from apicontract.policy.checking import nearest, problem

            at = join(configuration.pointer, "contracts", str(number), "format")
            raise problem(document, at, f"there is no format `{group.format}`", nearest(group.format, known))


def _named(configuration: Configuration) -> Iterator[tuple[str, str, str | None]]:
    """Every pattern of rules in the file: its pointer, itself, and what it is to stand as, or None."""
    settings = configuration.settings
    own = configuration._own  # noqa: SLF001  # its own module
    tables: list[tuple[tuple[str, ...], Json]] = [(("rules",), own.get("rules"))]
    listed = own.get("contracts")
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            tables.append((("contracts", str(number), "rules"), entry.get("rules")))
    for key, table in tables:
        for pattern, standing in table.items() if isinstance(table, dict) else ():
            yield join(configuration.pointer, *key, pattern), pattern, str(standing)
    for number, one in enumerate(settings.suppressions):
        at = join(configuration.pointer, "suppressions", str(number))
        if one.rule:
            yield join(at, "rule"), one.rule, None
        for index, exemption in enumerate(one.exceptions):
            if exemption.rule:
                yield join(at, "except", str(index), "rule"), exemption.rule, None


def _table(document: Document, pointer: str) -> Values:
    try:
        value = document.at(pointer)
    except KeyError:
        hint = "add it, or name another file with --config"
        raise ContractError("there is no [tool.apicontract] here", file=document.name, hint=hint) from None
    if not isinstance(value, dict):
        raise ContractError(
            "`tool.apicontract` is a table", file=document.name, hint="write [tool.apicontract]"
        )
    return value


def _put_together(  # what a configuration is made of
    own: Values,
    group: Values,
    above: Values,
    document: Document | None,
    pointer: str,
    folder: str,
    group_pointer: str = "",
) -> Configuration:
    """Defaults, the profile, the file, its part for one contract, the command line: each over the last."""
    name = document.name if document else FILE
    layers = [
        Layer("default", _defaults()),
        Layer(name, own, document, pointer),
        Layer(name, group, document, group_pointer),
        Layer("command line", above),
    ]
    chosen = topmost(layers, ("profile",))
    profile = str(chosen.values["profile"])
    if profile not in PROFILES:
        raise _unknown_profile(profile, chosen)
    layers.insert(1, layer(PROFILES[profile]))
    used = tuple(each for each in layers if each.values or each.name == "default")
    settings = msgspec.convert(merged(used), Settings)
    return Configuration(settings, used, folder, document, pointer, _standings(used), own, above)


def _standings(layers: Sequence[Layer]) -> tuple[Standing, ...]:
    """The rows of `rules`, layer by layer; within one the less a pattern says, the weaker it is."""
    rows = []
    for each in layers:
        table = each.values.get("rules")
        listed = table.items() if isinstance(table, dict) else ()
        for pattern, value in sorted(listed, key=lambda row: globs.weight(row[0])):
            rows.append(Standing(pattern, str(value), each.origin(("rules", pattern))))
    return tuple(rows)


def _unknown_profile(profile: str, chosen: Layer) -> ContractError:
    from apicontract.policy.checking import nearest, problem

    message = f"there is no profile `{profile}`"
    if chosen.document is None:
        return ContractError(message, hint=nearest(profile, PROFILES))
    return problem(chosen.document, join(chosen.pointer, "profile"), message, nearest(profile, PROFILES))


def _defaults() -> Values:
    values = msgspec.to_builtins(Settings())
    assert isinstance(values, dict)  # noqa: S101  # a struct is one
    return values


def _quoted(part: str) -> str:
    """A part of a dotted key as TOML writes it."""
    plain = part.replace("-", "").replace("_", "")
    return part if plain.isalnum() and plain.isascii() else f'"{part}"'
