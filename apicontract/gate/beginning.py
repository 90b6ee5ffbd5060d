"""The files a team begins with: a configuration that fits what is there, and on request hook and workflow.

Gives texts; writing them is the caller's.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract import __version__, formats
from apicontract.policy.configuration import FILE
from apicontract.policy.versions import SCHEMES
from apicontract.repository import discovery, snapshots
from apicontract.sources import ContractError, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.formats import Contract

REPOSITORY = "https://github.com/apicontract/apicontract"
HOOKS = ".pre-commit-config.yaml"
WORKFLOWS = {"github": ".github/workflows/api-contracts.yml", "gitlab": ".gitlab-ci.yml"}
_LISTED = 20  # contracts that are named one by one; more are named by their folders
_READ = 200  # contracts that are looked into; more would say nothing new about the scheme

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
    loaded = {path: _loaded(os.path.join(folder, path)) for path in paths[:_READ]}  # noqa: PTH118
    lines = [
        "# Which contracts are checked, and by what policy. `apicontract config show` prints what is in",
        "# force and where it comes from; docs/configuration.md tells about every key.",
        "schema = 1",
        f'profile = "{profile}"',
    ]
    schemes = {path: _scheme(contract) for path, contract in loaded.items() if contract is not None}
    usual = Counter(schemes.values()).most_common(1)[0][0] if schemes else "semver"
    if usual != "semver":
        lines += ["", "[version]", f'scheme = "{usual}"', f"# {_versions(loaded)}"]
    other = [path for path, scheme in schemes.items() if scheme != usual]
    lines += _group([path for path in paths if path not in other], loaded)
    for scheme in sorted({schemes[path] for path in other}):
        lines += _group([path for path in other if schemes[path] == scheme], loaded)
        lines.append(f'version = {{ scheme = "{scheme}" }}')
    if not paths:
        lines += ["", "# No contract was found. Name them here once there are some:"]
        lines += ["# [[contracts]]", '# paths = ["apis/**/*.yaml"]']
    return "\n".join(lines) + "\n"


def _contracts(folder: str) -> list[str]:
    """The contracts below a folder, as paths relative to it; what git ignores is none."""
    here = os.path.realpath(folder)
    repository = snapshots.Repository.around(here)
    snapshot = snapshots.working_tree(repository) if repository else snapshots.folder(here)
    prefix = os.path.relpath(here, snapshot.top).replace(os.sep, "/") + "/"
    prefix = "" if prefix == "./" else prefix
    found = discovery.found(snapshot, lambda path: path.startswith(prefix))
    return [path.removeprefix(prefix) for path in found]


def _loaded(path: str) -> Contract | None:
    """The contract, or None where it cannot be read: `check` will say why."""
    try:
        return formats.recognise(read(path))
    except ContractError:
        return None


def _scheme(contract: Contract) -> str:
    """The scheme that a contract's version is written in; dates look like CalVer too, so they go first."""
    for name in ("semver", "date", "calver"):
        if SCHEMES[name].order(contract.version) is not None:
            return name
    return "none"


def _versions(loaded: dict[str, Contract | None]) -> str:
    versions = sorted({contract.version for contract in loaded.values() if contract and contract.version})
    return f"as in {', '.join(versions[:3])}" if versions else "no contract declares a version"


def _group(paths: Sequence[str], loaded: dict[str, Contract | None]) -> list[str]:
    if not paths:
        return []
    lines = ["", "[[contracts]]"]
    if len(paths) > _LISTED:
        lines.append(f"paths = [{', '.join(map(_text, _globs(paths)))}]")
        return lines
    if len(paths) == 1:
        return [*lines, f"paths = [{_text(paths[0])}] # {_described(loaded.get(paths[0]))}"]
    lines.append("paths = [")
    lines += [f"  {_text(path)}, # {_described(loaded.get(path))}" for path in paths]
    return [*lines, "]"]


def _globs(paths: Sequence[str]) -> list[str]:
    """Globs by top folder and ending that cover the paths; contracts only are taken from what they match."""
    covered: dict[str, None] = {}
    for path in paths:
        top, slash, _ = path.partition("/")
        ending = os.path.splitext(path)[1]  # noqa: PTH122
        covered[f"{top}/**/*{ending}" if slash else f"*{ending}"] = None
    return list(covered)


def _described(contract: Contract | None) -> str:
    if contract is None:
        return "cannot be read"
    shown = " and ".join(dict.fromkeys(f"{major.text} in the {major.kind}" for major in contract.majors))
    told = f"{contract.title} {contract.version}" + (f", {shown}" if shown else "")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in told).split())


def _text(text: str) -> str:
    """A text as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'
