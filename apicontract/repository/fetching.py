"""The only use of the network: what a remote has, and a `git fetch` of exactly what a comparison lacks.

Nothing here runs unless the user allows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.sources import git
from apicontract.sources.errors import ContractError
from apicontract.sources.plumbing import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apicontract.repository.snapshots import Repository
    from apicontract.sources.plumbing import Answer

_COMPLAINT = re.compile(r"(?:fatal|error|remote): ", re.IGNORECASE)
_STEPS = (32, 128, 512, 2048)  # commits by which a shallow clone is deepened in search of a merge base


def fetch(repository: Repository, command: Sequence[str]) -> None:
    """Run the `git fetch`; ContractError with what git says if it fails."""
    answer = ask(repository.top, *command[:1], "--no-tags", "--quiet", *command[1:], network=True)
    if answer.code:
        said = _reason(answer)
        raise ContractError(f"git {' '.join(command)} failed: {said}", hint=_why(said))


def remote_refs(repository: Repository, remote: str, *asked: str) -> dict[str, str]:
    """What the remote has of what is `asked` (`HEAD`, `refs/tags/*`): the branch of HEAD, ids of the others.

    ContractError with what git says if the remote does not answer.
    """
    answer = ask(repository.top, "ls-remote", "--quiet", "--symref", remote, *asked, network=True)
    if answer.code:
        raise ContractError(
            f"the remote `{remote}` does not say what it has: {_reason(answer)}",
            hint="check the network and the credentials, or name a base that is here: --against REF",
        )
    found: dict[str, str] = {}
    for line in answer.text.splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: ") or name not in found:
            found[name] = value.removeprefix("ref: ")
    return found


def merge_base(repository: Repository, base: str, ref: str, heads: Sequence[str], *, fetching: bool) -> str:
    """The commit where a branch left `base`, which people call `ref`; it builds on the commits `heads`.

    In a shallow clone what a merge commit says of its parents is believed, since it is the truth even
    where the parents are not here. Raises ContractError, with what to fetch, if it cannot be told.
    """
    found = repository.ask("merge-base", base, *heads)
    if found:
        return found
    head = heads[0]
    parents = parents_of(repository, head)
    if base in parents:
        return base
    if not git.is_shallow(repository.top):
        raise ContractError(
            f"{ref} and this branch have no common history", hint="name a base of the same history: --against"
        )
    if len(parents) > 1:  # the merge of a pull request, made by a service; its first parent is the base
        return _present(repository, parents[0], fetching=fetching)
    command = git.fetch_command(repository.top, ref)
    where = [word for word in command[1:] if not word.startswith("--")] if command else []
    for step in _STEPS if fetching and where else ():
        fetch(repository, ["fetch", f"--deepen={step}", *where, head])
        found = repository.ask("merge-base", base, *heads)
        if found:
            return found
    hint = " ".join(["git fetch --unshallow", *where[:1]])
    raise ContractError(
        f"this clone is shallow: where this branch left {ref} is not here",
        hint=f"get the history first: {hint} (or --fetch, which fetches as much as is needed)",
    )


def _present(repository: Repository, commit: str, *, fetching: bool) -> str:
    """The commit, fetched alone if it is not here and that is allowed."""
    if repository.ask("cat-file", "-e", f"{commit}^{{tree}}") is not None:
        return commit
    command = git.fetch_command(repository.top, commit)
    if command is None or not fetching:
        told = f"git {' '.join(command)}" if command else "git fetch --unshallow"
        raise ContractError(
            f"the commit {commit[:10]}, on which this branch builds, is not here",
            hint=f"fetch it first: {told} (or use --fetch)",
        )
    fetch(repository, command)
    return commit


def parents_of(repository: Repository, commit: str) -> list[str]:
    """The parents as the commit itself names them, whether they are here or not."""
    raw = repository.ask("cat-file", "commit", commit) or ""
    head, _, _ = raw.partition("\n\n")
    return [line.removeprefix("parent ") for line in head.splitlines() if line.startswith("parent ")]


def _reason(answer: Answer) -> str:
    """What git gives as the reason: its first complaint, with what the other side said before it.

    Advice that git gives after that (`Please make sure you have the correct access rights`) is none.
    """
    lines = [line.strip() for line in answer.said.splitlines() if line.strip()]
    complaints = [at for at, line in enumerate(lines) if _COMPLAINT.match(line)]
    if not complaints:
        return lines[-1] if lines else f"exit code {answer.code}"
    told = lines[complaints[0]]
    if "Could not read from remote repository" in told and complaints[0]:
        told = lines[complaints[0] - 1]  # what ssh said is the reason
    return _COMPLAINT.sub("", told).rstrip(".")


def _why(said: str) -> str:
    if "couldn't find remote ref" in said:
        return "the remote has nothing of that name: check the spelling"
    return "check the network and the credentials, or fetch it yourself"
