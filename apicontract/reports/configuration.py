"""The configuration for people and programs: what is in force, and where each value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.reports.json import VERSION, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apicontract.policy.configuration import Configuration
    from apicontract.policy.layers import Origin
    from apicontract.policy.model import ContractGroup, Suppression
    from apicontract.policy.profiles import Profile
    from apicontract.reports.style import Style
    from apicontract.sources import Json

_WIDEST = 58  # columns of key and value before the origin


def configuration_lines(configuration: Configuration, style: Style) -> Iterator[str]:
    """Every setting as TOML would have it, and its origin beside it."""
    name = configuration.document.name if configuration.document else "no file; everything is default"
    yield style.paint(f"# {name}, profile {configuration.settings.profile}", "dim")
    for key, value, origin in configuration.entries():
        text = f"{key} = {_toml(value)}"
        yield f"{text:<{_WIDEST}} {style.paint(f'# {origin}', 'dim')}"
    for number, group in enumerate(configuration.settings.contracts):
        yield f"contracts {number + 1}: {_toml(group.paths)}{_except(group)}"
    for number, one in enumerate(configuration.settings.suppressions):
        place = configuration.place("suppressions", str(number))
        where = f"{place.file}:{place.line}:{place.column}" if place else ""
        yield f"suppression {number + 1}: {_about(one)} {style.paint(f'# {where}', 'dim')}"


def configuration_json(configuration: Configuration) -> str:
    """The same for programs: settings with their origins, groups and suppressions as they are."""
    import msgspec

    settings = configuration.settings
    listed = {"contracts": settings.contracts, "suppressions": settings.suppressions}
    values: dict[str, object] = {key: msgspec.to_builtins(value) for key, value in listed.items()}
    return written(
        {
            "version": VERSION,
            "file": configuration.document.name if configuration.document else None,
            "profile": settings.profile,
            "settings": [
                {"key": key, "value": value, "origin": _origin(origin)}
                for key, value, origin in configuration.entries()
            ],
            **values,
        }
    )


def profiles_lines(profiles: Sequence[Profile], style: Style) -> Iterator[str]:
    """Each profile with its rows: what it sets, and the guideline it follows."""
    for profile in profiles:
        yield style.paint(profile.name, "bold")
        yield from style.wrap(f"{profile.summary} {profile.guideline}".rstrip(), "  ")
        for row in profile.rows:
            yield f"  {row.key} = {_toml(row.value)}"
            yield from style.wrap(f"{row.why}{f' ({row.reference})' if row.reference else ''}", "      ")


def profiles_json(profiles: Sequence[Profile]) -> str:
    """The same for programs."""
    listed = [
        {
            "name": profile.name,
            "summary": profile.summary,
            "guideline": profile.guideline or None,
            "rows": [
                {"key": row.key, "value": row.value, "why": row.why, "reference": row.reference or None}
                for row in profile.rows
            ],
        }
        for profile in profiles
    ]
    return written({"version": VERSION, "profiles": listed})


def _origin(origin: Origin) -> dict[str, object]:
    place = origin.place
    spot = {"file": place.file, "line": place.line, "column": place.column} if place else {}
    return {"layer": origin.layer, "reference": origin.reference or None, **spot}


def _toml(value: Json | tuple[str, ...]) -> str:
    """A value as TOML writes it; our settings hold texts, numbers, truths and lists of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return (
        str(value)
        if isinstance(value, int)
        else '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _except(group: ContractGroup) -> str:
    return f", except {_toml(group.exclude)}" if group.exclude else ""


def _about(one: Suppression) -> str:
    given = (one.rule, one.operation, one.pointer, one.contract, one.fingerprint)
    until = f", until {one.until}" if one.until else ""
    return f"{', '.join(part for part in given if part) or 'everything'}: {one.reason}{until}"
