"""A run of GitHub Actions: what it says about itself, and the outputs of a step.

By https://docs.github.com/actions/reference/variables-reference and
https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-output-parameter
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_COMMIT = "0" * 40  # what a push names as the commit before it where a branch is new
_API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Run:
    """What GitHub tells.

    repository: `owner/name`, to which comments go. pull_request: its number, or 0. fork: whether it comes
    from another repository, so that the token may only read. before: the commit that a push moved a branch
    from, or empty. token: for comments, or empty.
    """

    repository: str = ""
    pull_request: int = 0
    fork: bool = False
    before: str = ""
    api: str = _API
    token: str = ""


def run_of(environment: Mapping[str, str]) -> Run:
    """The run that the environment tells of; what it does not tell stays empty."""
    event = event_of(environment.get("GITHUB_EVENT_PATH", ""))
    pull = object_of(event.get("pull_request"))
    repository = environment.get("GITHUB_REPOSITORY", "")
    head = object_of(object_of(pull.get("head")).get("repo")).get("full_name")
    number = pull.get("number")
    before = event.get("before") if environment.get("GITHUB_EVENT_NAME") == "push" else ""
    return Run(
        repository,
        number if isinstance(number, int) else 0,
        bool(pull) and head != repository,
        before if isinstance(before, str) and before != _NO_COMMIT else "",
        environment.get("GITHUB_API_URL", "") or _API,
        environment.get("GITHUB_TOKEN", ""),
    )


def event_of(file: str) -> dict[str, object]:
    """What the service tells of the event that started the run, from its file; empty if there is none."""
    try:
        return object_of(json.loads(Path(file).read_bytes())) if file else {}
    except (OSError, ValueError):
        return {}


def object_of(value: object) -> dict[str, object]:
    """The value if it is an object of JSON, or else an empty one."""
    return value if isinstance(value, dict) else {}


def output_lines(outputs: Mapping[str, str]) -> str:
    """The text for the file of outputs; a delimiter that nobody can guess keeps values from being more."""
    delimiter = f"end-{secrets.token_hex(16)}"
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in outputs.items())
