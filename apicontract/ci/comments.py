"""One comment at a pull request: written once, changed in place, removed when there is nothing to say.

It is known by a mark that does not show. By https://docs.github.com/rest/issues/comments
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.ci.github import Run

_SECONDS = 20
_PAGE = 100
_PAGES = 30  # more than 3,000 comments are not looked through


class CommentProblem(Exception):  # noqa: N818  # the name says what it is
    """The comment could not be written; its text says why, for people."""


def keep(run: Run, key: str, body: str) -> str:
    """Make `body` the one comment with that key at the pull request of the run; empty removes it.

    Gives what became of it: `written`, `changed`, `unchanged`, `removed`, or `none` where there was none.
    Raises CommentProblem where the service refuses or cannot be reached.
    """
    mark = f"<!-- apicontract {key} -->"
    text = f"{mark}\n{body}"
    mine = [(number, old) for number, old in _comments(run) if old.startswith(mark)]
    kept = mine[0] if mine and body else None
    for number, _ in mine[1:] if kept else mine:
        _ask(run, "DELETE", f"issues/comments/{number}")
    if kept is None:
        if body:
            _ask(run, "POST", f"issues/{run.pull_request}/comments", {"body": text})
        return "written" if body else "removed" if mine else "none"
    number, old = kept
    if old.replace("\r\n", "\n") == text:
        return "unchanged"
    _ask(run, "PATCH", f"issues/comments/{number}", {"body": text})
    return "changed"


def _comments(run: Run) -> Iterator[tuple[int, str]]:
    """The number and text of every comment of the pull request."""
    for page in range(1, _PAGES + 1):
        found = _ask(run, "GET", f"issues/{run.pull_request}/comments?per_page={_PAGE}&page={page}")
        listed = found if isinstance(found, list) else []
        for one in listed:
            if isinstance(one, dict) and isinstance(one.get("id"), int):
                yield one["id"], str(one.get("body") or "")
        if len(listed) < _PAGE:
            return


def _ask(run: Run, method: str, path: str, value: dict[str, str] | None = None) -> object:
    address = f"{run.api.rstrip('/')}/repos/{urllib.parse.quote(run.repository)}/{path}"
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise CommentProblem(f"{run.api} is no address of an API")
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
        raise CommentProblem(_refused(error.code)) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise CommentProblem(f"the API cannot be reached: {getattr(error, 'reason', error)}") from None


def _refused(code: int) -> str:
    if code in (401, 403, 404):
        return (
            f"the token may not comment ({code}): give the job `permissions: pull-requests: write`;"
            " runs of forks have a token that only reads"
        )
    return f"the API answered {code}"
