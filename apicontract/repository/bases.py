"""Which commit a branch is compared with, if nobody says: of the pull request, upstream, the last version.

Knows what continuous integration services tell about a pull request, and how version tags are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apicontract.changes.semver import Version
from apicontract.repository.fetching import fetch, parents_of, remote_refs
from apicontract.sources import git, globs
from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from apicontract.repository.snapshots import Repository

# What services call the branch into which a pull request will be merged, by their own documentation of
# predefined variables; a second variable says whether the first one is about a pull request.
PULL_REQUEST = (
    ("GITHUB_BASE_REF", ""),  # GitHub Actions, and Gitea and Forgejo after it
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),  # GitLab
    ("BITBUCKET_PR_DESTINATION_BRANCH", ""),  # Bitbucket Pipelines
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", ""),  # Azure Pipelines: refs/heads/main
    ("CHANGE_TARGET", "CHANGE_ID"),  # Jenkins, multibranch
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""),  # Buildkite
    ("CIRRUS_BASE_BRANCH", "CIRRUS_PR"),  # Cirrus CI
    ("DRONE_TARGET_BRANCH", "DRONE_PULL_REQUEST"),  # Drone
    ("CI_COMMIT_TARGET_BRANCH", "CI_COMMIT_PULL_REQUEST"),  # Woodpecker
    ("APPVEYOR_REPO_BRANCH", "APPVEYOR_PULL_REQUEST_NUMBER"),  # AppVeyor
    ("TRAVIS_BRANCH", "TRAVIS_PULL_REQUEST_SHA"),  # Travis CI
)
_TAG = re.compile(r"(?:^|[/_@-])[vV]?(?P<version>\d+(?:\.\d+){0,2}(?:-[\w.-]+)?(?:\+[\w.-]+)?)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Base:
    """What a branch is compared with: `ref` as people know it, the commit, and why this one.

    is_guess: whether nobody named it, neither by a ref nor by a pull request.
    """

    ref: str
    commit: str
    why: str
    is_guess: bool = False

    @property
    def short(self) -> str:
        """The beginning of the commit's id."""
        return self.commit[:10]


def named(repository: Repository, ref: str, why: str, *, fetching: bool) -> Base:
    """The base of that name, fetched first if it is not here and `fetching` is allowed."""
    try:
        return Base(ref, git.commit_of(repository.top, ref), why)
    except ContractError as error:
        error.file = ref
        command = git.fetch_command(repository.top, ref)
        if not fetching or command is None:
            raise
    fetch(repository, command)
    commit = "FETCH_HEAD" if command[-1] == ref else ref
    return Base(ref, git.commit_of(repository.top, commit), why)


def pull_request(repository: Repository, environment: Mapping[str, str], *, fetching: bool) -> Base | None:
    """The branch into which a service says this commit is to be merged; None outside of pull requests.

    ContractError if there is one and git does not have it: another base would be another question.
    """
    for variable, only_if in PULL_REQUEST:
        target = environment.get(variable, "")
        if target and (not only_if or environment.get(only_if)):
            branch = target.removeprefix("refs/heads/")
            remote = _remote(repository)
            ref = f"{remote}/{branch}" if remote else branch
            return named(repository, ref, f"the pull request's target, by {variable}", fetching=fetching)
    return None


def default_branch(repository: Repository, *, fetching: bool) -> Base | None:
    """The upstream of the default branch, or where there is no remote the branch itself; None without one.

    Where nothing here says which branch that is, the remote is asked if `fetching` is allowed.
    """
    remote = _remote(repository)
    why = "the upstream of the default branch" if remote else "the default branch"
    if fetching and remote and not repository.ask("symbolic-ref", "-q", f"refs/remotes/{remote}/HEAD"):
        head = remote_refs(repository, remote, "HEAD").get("HEAD", "")
        if head.startswith("refs/heads/"):
            base = named(repository, f"{remote}/{head.removeprefix('refs/heads/')}", why, fetching=True)
            return replace(base, is_guess=True)
    for ref in _defaults(repository, remote):
        commit = repository.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if commit:
            shown = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
            return Base(shown, commit, why, is_guess=True)
    return None


def refuse_if_lacking(repository: Repository) -> None:
    """ContractError, with what to type, if there may be a base that this clone merely does not have.

    A repository without a remote has no more than what is here, and so has one that never got anything.
    """
    remotes = (repository.ask("remote") or "").split()
    got = repository.ask("for-each-ref", "--count=1", "refs/remotes") or repository.ask(
        "rev-parse", "--verify", "--quiet", "FETCH_HEAD"
    )
    shallow = git.is_shallow(repository.top)
    if not shallow and not (remotes and got):
        return
    remote = _remote(repository) or next(iter(remotes), "")
    command = f"git fetch{' --unshallow' if shallow else ''} {remote} +HEAD:refs/remotes/{remote}/HEAD"
    raise ContractError(
        "no base was found, and this clone does not have all that there is"
        if shallow
        else f"no base was found: nothing here says which is the default branch of `{remote}`",
        hint=f"get it first: {command} (or --fetch, which asks the remote), or name one: --against REF"
        if remote
        else "this clone is shallow and has no remote: name a base that is here: --against REF",
    )


def on_default_branch(repository: Repository, base: Base) -> bool:
    """Whether the branch that is checked out is the one that `base` is the upstream of, or it."""
    here = repository.ask("symbolic-ref", "--quiet", "--short", "HEAD")
    return here is not None and base.ref in (here, f"{_remote(repository)}/{here}")


def _defaults(repository: Repository, remote: str) -> Iterator[str]:
    if remote:
        head = repository.ask("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
        yield head or f"refs/remotes/{remote}/HEAD"  # fetched by hand, it is no symbolic one
    folder = f"refs/remotes/{remote}" if remote else "refs/heads"
    configured = repository.ask("config", "--get", "init.defaultBranch")
    for name in dict.fromkeys(filter(None, ("main", "master", "trunk", configured))):
        yield f"{folder}/{name}"


def last_version(repository: Repository, *, other_than: str = "", end: str = "HEAD") -> Base | None:
    """The newest version tag behind `end`, on another commit than `other_than`; None without one."""
    for tag, commit in _tags(repository, f"--merged={end}", "--sort=-version:refname", "--sort=-creatordate"):
        if commit != other_than and version_of(tag) is not None:
            return Base(tag, commit, "the last version tag")
    return None


def before(repository: Repository, tip: Base, *, fetching: bool) -> Base | None:
    """What the tip of the default branch is compared with: the last version tag, else the commit before it.

    None if it is the first commit. ContractError, with what to type, where a shallow clone has neither
    and nothing may be fetched: tags and history are then there, and merely not here.
    """
    found = last_version(repository, other_than=tip.commit)
    shallow = git.is_shallow(repository.top)
    remote = _remote(repository)
    if found is None and shallow and fetching and remote:
        found = _newest_of(repository, remote, tip)
    if found is not None:
        return found
    parents = parents_of(repository, tip.commit)  # as it names them: in a shallow clone they are not here
    if not parents:
        return None
    if not _is_here(repository, parents[0]):
        if not fetching or not remote:
            raise ContractError(
                f"{tip.ref} is the commit that is checked out, and what was before it is not in this clone",
                hint=f"get it first: git fetch --unshallow --tags {remote or 'REMOTE'}"
                " (or --fetch, which fetches as much as is needed)",
            )
        fetch(repository, ["fetch", "--deepen=1", remote, tip.commit])
    return Base(f"{tip.ref}~1", parents[0], "the commit before, since there is no version tag")


def _is_here(repository: Repository, commit: str) -> bool:
    return repository.ask("cat-file", "-e", f"{commit}^{{tree}}") is not None


def _newest_of(repository: Repository, remote: str, tip: Base) -> Base | None:
    """The highest version tag that the remote has on another commit than `tip`, fetched; None without one.

    For shallow clones: which tags are behind the tip cannot be told there.
    """
    known = remote_refs(repository, remote, "refs/tags/*")
    newest, tag = None, ""
    for name, commit in known.items():
        version = version_of(name)
        if version is None or name.endswith("^{}") or known.get(f"{name}^{{}}", commit) == tip.commit:
            continue
        if newest is None or newest.precedes(version):
            newest, tag = version, name
    if not tag:
        return None
    fetch(repository, ["fetch", "--depth=1", remote, f"+{tag}:{tag}"])
    return Base(tag.removeprefix("refs/tags/"), git.commit_of(repository.top, tag), "the last version tag")


def releases(repository: Repository, patterns: Sequence[str]) -> list[Base]:
    """Every supported release, the oldest first: the tags that `patterns` match.

    Without patterns, every release (no pre-release) of the newest major, of each name before the version.
    """
    tags = _tags(repository, "--sort=version:refname")
    if patterns:
        meant = [(tag, commit) for tag, commit in tags if any(globs.matches(one, tag) for one in patterns)]
    else:
        meant = list(_newest_major(tags))
    return [Base(tag, commit, "a supported release") for tag, commit in meant]


def _newest_major(tags: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    stable: dict[str, list[tuple[int, str, str]]] = {}
    for tag, commit in tags:
        version = version_of(tag)
        match = _TAG.search(tag)
        if version is not None and match is not None and not version.pre:
            name = tag[: match.start("version")].rstrip("vV")
            stable.setdefault(name, []).append((version.major, tag, commit))
    for line in stable.values():
        newest = max(major for major, _, _ in line)
        yield from ((tag, commit) for major, tag, commit in line if major == newest)


def version_of(tag: str) -> Version | None:
    """The version that a tag names: `v1.2.0`, `orders/1.2.0`, `orders-v1.2.0`; None if it names none."""
    match = _TAG.search(tag)
    return None if match is None else Version.parse(match["version"])


def _tags(repository: Repository, *options: str) -> list[tuple[str, str]]:
    """(tag, commit) of each tag, in the order asked for."""
    shape = "--format=%(refname:strip=2)%09%(objectname)%09%(*objectname)%09%(objecttype)%09%(*objecttype)"
    listed = repository.ask("for-each-ref", shape, *options, "refs/tags") or ""
    tags = []
    for line in listed.splitlines():
        tag, own, inner, kind, inner_kind = line.split("\t")
        if "commit" in (kind, inner_kind):
            tags.append((tag, inner or own))
    return tags


def _remote(repository: Repository) -> str:
    """The remote of the branch that is checked out, else origin, else the only one there is."""
    here = repository.ask("symbolic-ref", "--quiet", "--short", "HEAD")
    configured = repository.ask("config", "--get", f"branch.{here}.remote") if here else None
    remotes = (repository.ask("remote") or "").split()
    for one in (configured, "origin"):
        if one in remotes:
            return one
    return remotes[0] if len(remotes) == 1 else ""
