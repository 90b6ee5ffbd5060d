"""What keeps a protobuf package from a next one: what breaks it stays broken, or the name is taken.

A package beside the old one helps where the change is in its own files, which are then put back. What breaks
through an import helps only if the imported package is put back in the same run. Decides; edits nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.packages import beginning, is_unstable, succeeding
from apicontract.formats.proto.scan import package
from apicontract.gate.packages import Packages
from apicontract.policy.verdict import Question
from apicontract.repository import snapshots
from apicontract.sources import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from apicontract.gate.bump import Bump
    from apicontract.gate.model import Judged, Pair
    from apicontract.repository.snapshots import Repository, Snapshot
    from apicontract.sources import Place


def obstructed(
    pairs: Sequence[tuple[Judged, Bump]],
    states: Sequence[Pair],
    repository: Repository | None,
    folder: str,
) -> Iterator[Bump]:
    """The bumps, in their order; those of packages that cannot have a next one are refused, and say why.

    states: all that were compared, in order. folder: where packages would be written.
    """
    free: list[tuple[Judged, Bump]] = []
    names: dict[str, frozenset[str]] = {}
    for one, bump in pairs:
        if not _is_due(bump):
            free.append((one, bump))
            continue
        if "" not in names:
            here = snapshots.working_tree(repository) if repository else snapshots.folder(folder)
            names[""] = _packages(here)
        tip = _moved_on(one.pair, states)
        if tip is not None and repository is not None and tip.old_commit not in names:
            names[tip.old_commit] = _packages(snapshots.commit(repository, tip.old, tip.old_commit))
        there = names[tip.old_commit] if tip else frozenset[str]()
        free.append((one, _unless_taken(one, bump, names[""], tip.old if tip else "", there)))
    moving = {beginning(one.title) for one, bump in free if _is_due(bump)}
    for one, bump in free:
        yield _unless_imported(one, bump, moving) if _is_due(bump) else bump


def _is_due(bump: Bump) -> bool:
    """Whether a further package is to come."""
    return bump.is_package and bump.next != bump.declared


def _moved_on(pair: Pair, states: Sequence[Pair]) -> Pair | None:
    """The merge that a pair is a half of, whose old side is the tip of the base; None if there is none."""
    at = states.index(pair)
    return next((one for one in states[at : at + 2] if one.question is Question.MERGE), None)


def _packages(state: Snapshot) -> frozenset[str]:
    own = [path for files in Packages(state, ReadOptions()).by_folder.values() for path in files]
    texts = state.heads(own, ReadOptions().max_bytes)
    return frozenset(package(text) for _, text in texts if text is not None)


def _unless_taken(one: Judged, bump: Bump, here: Collection[str], base: str, there: Collection[str]) -> Bump:
    """Refused where a package of that name is `here`, or by now `there`, on the base."""
    new = succeeding(beginning(one.title), bump.next)

    def among(names: Collection[str]) -> bool:
        return any(name == new or name.startswith(f"{new}.") for name in names)

    if among(here):
        told, first = f"the package {new} is there already", ""
    elif among(there):
        told, first = f"the package {new} is on {base} already", f"merge {base} into this branch, "
    else:
        return bump
    return replace(
        bump, refused=told, advice=(f"{first}keep {one.title} as it was, and make the change in {new}",)
    )


def _unless_imported(one: Judged, bump: Bump, moving: Collection[str]) -> Bump:
    """Refused where what breaks it is in packages that are not put back together with it."""
    breaks = [judged.change for judged in one.verdict.changes if judged.counted is Level.MAJOR]
    places = [place for change in breaks if (place := change.new or change.old) is not None]
    outside = {place.file: place for place in places if beginning(_package(place)) not in moving}
    if not outside:
        return bump
    names = sorted({_package(place) for place in outside.values()})
    return replace(
        bump,
        refused=f"no package beside it helps: what breaks it is in {', '.join(sorted(outside))},"
        " which it imports",
        advice=tuple(map(_way_out, names)),
    )


def _package(place: Place) -> str:
    return package(place.document.text)


def _way_out(name: str) -> str:
    if not name:
        return "keep what it imports as it was, and make the change in a package beside that"
    why = ", which is unstable, while what imports it is not" if is_unstable(name) else ""
    named = "" if why else ", or bump that package too"
    return f"keep {name} as it was{why}, and make the change in a package beside it{named}"
