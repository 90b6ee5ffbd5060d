"""The pull request that a finished run was about, by what the service says of it, not by what the run left.

The event `workflow_run` names no pull request where it comes from a fork, so the one is looked for whose
branch and commit are those of the run. By https://docs.github.com/webhooks/webhook-events-and-payloads and
https://docs.github.com/rest/pulls/pulls
"""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING

from apicontract.ci.api import ApiProblem, ask
from apicontract.ci.github import object_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apicontract.ci.github import Run


def pull_request_of(run: Run, event: Mapping[str, object]) -> int:
    """The number of the open pull request whose head is that of the run that ended; 0 if there is none now.

    ApiProblem if the event is no such run of a pull request, or the service cannot be asked.
    """
    ended = object_of(event.get("workflow_run"))
    origin = object_of(ended.get("head_repository"))
    branch, commit, name = ended.get("head_branch"), ended.get("head_sha"), origin.get("full_name")
    if (
        ended.get("event") != "pull_request"
        or not (isinstance(branch, str) and isinstance(commit, str) and isinstance(name, str))
        or not re.fullmatch(r"[\w.-]+/[\w.-]+", name)
    ):
        raise ApiProblem("this is not about a run of a pull request: use it in a workflow `on: workflow_run`")
    owner = name.partition("/")[0]
    query = urllib.parse.urlencode({"state": "open", "per_page": 100, "head": f"{owner}:{branch}"})
    listed = ask(run, "GET", f"pulls?{query}")
    for pull in map(object_of, listed if isinstance(listed, list) else ()):
        head, number = object_of(pull.get("head")), pull.get("number")
        same = head.get("sha") == commit and object_of(head.get("repo")).get("full_name") == name
        if same and isinstance(number, int):
            return number
    return 0
