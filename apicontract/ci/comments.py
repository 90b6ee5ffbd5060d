"""One comment at a pull request: written once, changed in place, removed when there is nothing to say.

It is known by a mark that does not show. By https://docs.github.com/rest/issues/comments
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.ci.api import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.ci.github import Run

_PAGE = 100
_PAGES = 30  # more than 3,000 comments are not looked through


def keep(run: Run, key: str, body: str) -> str:
    """Make `body` the one comment with that key at the pull request of the run; empty removes it.

    Gives what became of it: `written`, `changed`, `unchanged`, `removed`, or `none` where there was none.
    Raises ApiProblem where the service refuses or cannot be reached.
    """
    mark = f"<!-- apicontract {key} -->"
    text = f"{mark}\n{body}"
    mine = [(number, old) for number, old in _comments(run) if old.startswith(mark)]
    kept = mine[0] if mine and body else None
    for number, _ in mine[1:] if kept else mine:
        ask(run, "DELETE", f"issues/comments/{number}")
    if kept is None:
        if body:
            ask(run, "POST", f"issues/{run.pull_request}/comments", {"body": text})
        return "written" if body else "removed" if mine else "none"
    number, old = kept
    if old.replace("\r\n", "\n") == text:
        return "unchanged"
    ask(run, "PATCH", f"issues/comments/{number}", {"body": text})
    return "changed"


def _comments(run: Run) -> Iterator[tuple[int, str]]:
    """The number and text of every comment of the pull request."""
    for page in range(1, _PAGES + 1):
        found = ask(run, "GET", f"issues/{run.pull_request}/comments?per_page={_PAGE}&page={page}")
        listed = found if isinstance(found, list) else []
        for one in listed:
            if isinstance(one, dict) and isinstance(one.get("id"), int):
                yield one["id"], str(one.get("body") or "")
        if len(listed) < _PAGE:
            return
