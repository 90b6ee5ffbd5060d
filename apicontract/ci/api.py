"""The REST API of GitHub, asked for one thing at a time; whatever goes wrong is one error with words.

By https://docs.github.com/rest
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.ci.github import Run

_SECONDS = 20


class ApiProblem(Exception):  # noqa: N818  # the name says what it is
    """What was asked of the API did not happen; its text says why, for people."""


def ask(run: Run, method: str, path: str, value: dict[str, str] | None = None) -> object:
    """What the API answers to `method` at a path below the run's repository; ApiProblem where it does not."""
    address = f"{run.api.rstrip('/')}/repos/{urllib.parse.quote(run.repository)}/{path}"
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise ApiProblem(f"{run.api} is no address of an API")
    request = urllib.request.Request(  # noqa: S310  # the scheme is looked at above
        address,
        method=method,
        data=None if value is None else json.dumps(value).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {run.token}",
            "Content-Type": "application/json",
            "User-Agent": "apicontract",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        raise ApiProblem(_refused(error.code)) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ApiProblem(f"the API cannot be reached: {getattr(error, 'reason', error)}") from None


def _refused(code: int) -> str:
    if code in (401, 403, 404):
        return (
            f"the token may not comment ({code}): give the job `permissions: pull-requests: write`;"
            " runs of forks have a token that only reads"
        )
    return f"the API answered {code}"
