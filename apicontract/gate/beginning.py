"""The files a team begins with: a configuration that fits what is there, and on request hook and workflow.

Gives texts; writing them is the caller's.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract import __version__, formats
from apicontract.gate.packages import Packages
from apicontract.policy.configuration import FILE
from apicontract.policy.versions import SCHEMES
from apicontract.repository import discovery, snapshots
from apicontract.sources import ContractError, ReadOptions, read
from apicontract.sources.plumbing import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apicontract.formats import Contract

REPOSITORY = "https://github.com/apicontract/apicontract"
HOOKS = ".pre-commit-config.yaml"
WORKFLOWS = {"github": ".github/workflows/api-contracts.yml", "gitlab": ".gitlab-ci.yml"}
_LISTED = 20  # contracts that are named in a comment
_READ = 200  # contracts that are looked into; more would say nothing new about the scheme

_NONE = [
    "",
    "# No contract was found. Once there are some, they are all checked; to check only some, name them:",
    "# [[contracts]]",
    '# paths = ["apis/**"]',
]
_HOOK = f"""\
  - repo: {REPOSITORY}
    rev: v{__version__}
    hooks:
      - id: apicontract-validate
      - id: apicontract-check
"""
_GITHUB = f"""\
name: API contracts
on: pull_request
permissions:
  contents: read
jobs:
  contracts:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: {REPOSITORY.removeprefix("https://github.com/")}@v{__version__}
"""
_GITLAB = f"""\
api-contracts:
  image: python:3.13-slim
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - apt-get update -qq && apt-get install -qq -y git
    - pip install --quiet apicontract=={__version__}
    - apicontract check --fetch --against "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
"""


@dataclass(frozen=True, slots=True)
class Start:
    """A file to begin with: where it goes, relative to the folder, and its text.

    exists: there is one already; then `text` is what should be added to it by hand.
    """

    path: str
    text: str
    exists: bool


def starts(
    folder: str, *, profile: str = "default", hook: bool = False, workflow: str = ""
) -> tuple[Start, ...]:
    """The files for a folder; `workflow` is `github`, `gitlab` or empty. ContractError as reading has it."""
    found = [Start(FILE, _configuration(folder, profile), _exists(folder, FILE))]
    if hook:
        there = _exists(folder, HOOKS)
        found.append(Start(HOOKS, _HOOK if there else f"repos:\n{_HOOK}", there))
    if workflow:
        path = WORKFLOWS[workflow]
        text = _GITHUB if workflow == "github" else _GITLAB
        found.append(Start(path, text, _exists(folder, path)))
    return tuple(found)


def _exists(folder: str, path: str) -> bool:
    return os.path.exists(os.path.join(folder, path))  # noqa: PTH110, PTH118


def _configuration(folder: str, profile: str) -> str:
    paths = _contracts(folder)
    loaded = {path: _loaded(folder, path) for path in paths[:_READ]}
    lines = [
        "# Which contracts are checked, and by what policy. `apicontract config show` prints what is in",
        "# force and where it comes from; docs/configuration.md tells about every key.",
        "schema = 1",
        f'profile = "{profile}"',
    ]
    schemes = {
        path: _scheme(contract)
        for path, contract in loaded.items()
        if contract is not None and not contract.is_package
    }
    usual = Counter(schemes.values()).most_common(1)[0][0] if schemes else "semver"
    if usual != "semver":
        lines += ["", "[version]", f'scheme = "{usual}"', f"# {_versions(loaded)}"]
    other = [path for path, scheme in schemes.items() if scheme != usual]
    for scheme in sorted(
        {schemes[path] for path in other}
    ):  # before the rest: the first that names one holds
        lines += _exceptions([path for path in other if schemes[path] == scheme], loaded)
        lines.append(f'version = {{ scheme = "{scheme}" }}')
    lines += _all([path for path in paths if path not in other], loaded) if paths else _NONE
    return "\n".join(lines) + "\n"


def _contracts(folder: str) -> list[str]:
    """The contracts below a folder, as paths relative to it, packages by theirs; what git ignores is none."""
    here = os.path.realpath(folder)
    repository = snapshots.Repository.around(here)
    snapshot = snapshots.working_tree(repository) if repository else snapshots.folder(here)
    prefix = os.path.relpath(here, snapshot.top).replace(os.sep, "/") + "/"
    prefix = "" if prefix == "./" else prefix
    found = discovery.found(snapshot, lambda path: path.startswith(prefix))
    packages = Packages(snapshot, ReadOptions()).by_folder
    found += [one for one in packages if not prefix or f"{one}/".startswith(prefix)]
    return [path.removeprefix(prefix) if f"{path}/" != prefix else "." for path in found]


def _loaded(folder: str, path: str) -> Contract | None:
    """The contract, or None where it cannot be read: `check` will say why."""
    there = os.path.join(folder, path)  # noqa: PTH118
    try:
        if os.path.isdir(there):  # noqa: PTH112
            protos = str(Path(there, "*.proto"))
            return next(iter(formats.get("proto").find([protos], ReadOptions(), _unread).values()), None)
        return formats.recognise(read(there))
    except ContractError:
        return None


def _unread(error: ContractError) -> None:
    raise error


def _scheme(contract: Contract) -> str:
    """The scheme that a contract's version is written in; dates look like CalVer too, so they go first."""
    for name in ("semver", "date", "calver"):
        if SCHEMES[name].order(contract.version) is not None:
            return name
    return "none"


def _versions(loaded: dict[str, Contract | None]) -> str:
    versions = sorted({one.version for one in loaded.values() if one and one.version and not one.is_package})
    return f"as in {', '.join(versions[:3])}" if versions else "no contract declares a version"


def _exceptions(paths: Sequence[str], loaded: Mapping[str, Contract | None]) -> list[str]:
    """A group of contracts that are named one by one."""
    named = [f"  {_text(printable(path))}, # {_described(loaded.get(path))}" for path in paths]
    return ["", "[[contracts]]", "paths = [", *named, "]"]


def _all(paths: Sequence[str], loaded: Mapping[str, Contract | None]) -> list[str]:
    """The group of all other contracts, with what is found today as a comment.

    Names alone would leave out whatever comes or moves tomorrow, which then nobody checks.
    """
    lines = ["", "# Every contract below this folder; `exclude` leaves some out. Found today:"]
    lines += [f"#   {_text(printable(path))}: {_described(loaded.get(path))}" for path in paths[:_LISTED]]
    lines += [f"#   and {len(paths) - _LISTED} more"] if len(paths) > _LISTED else []
    return [*lines, "[[contracts]]", 'paths = ["**"]']


def _described(contract: Contract | None) -> str:
    if contract is None:
        return "cannot be read"
    shown = " and ".join(dict.fromkeys(f"{major.text} in the {major.kind}" for major in contract.majors))
    told = f"{contract.title} {contract.version}" + (f", {shown}" if shown else "")
    told = contract.title if contract.is_package else told
    return " ".join("".join(letter if letter.isprintable() else " " for letter in told).split())


def _text(text: str) -> str:
    """A text as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'
