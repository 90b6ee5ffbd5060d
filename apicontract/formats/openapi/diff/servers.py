"""Servers: where the API is, as the set of URLs that apply to an operation.

A missing list means `/` (OAS 3.0.3, 4.7.1). A URL that a client uses and that is no longer named is a
loss; variables are compared by their values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.diff.prose import compare_prose

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Server


def compare_servers(at: At, old: tuple[Server, ...], new: tuple[Server, ...]) -> None:
    """Compare the servers that apply at one place."""
    before, after = {server.url: server for server in old}, {server.url: server for server in new}
    gone = [server for url, server in before.items() if url not in after]
    come = [server for url, server in after.items() if url not in before]
    if len(gone) == 1 == len(come):
        _report(at, "server-url-changed", Level.MAJOR, "the server has another URL", gone[0], come[0])
    elif not _implied(gone):
        for server in gone:
            _report(at, "server-removed", Level.MAJOR, f"server `{server.url}` is gone", server, new[0])
        for server in come:
            _report(at, "server-added", Level.MINOR, f"server `{server.url}` was added", old[0], server)
    else:
        for server in come:
            _report(at, "server-added", Level.MINOR, f"server `{server.url}` was added", old[0], server)
    for url in before.keys() & after.keys():
        _variables(at, before[url], after[url])
        if before[url].url != "/" or "url" in before[url].node.fields:
            compare_prose(at.labelled(f"server `{url}`"), "server-documentation-changed", before[url].node, after[url].node, ("description", "name"))


def _implied(servers: list[Server]) -> bool:
    """Whether the only server is the `/` that nobody wrote: naming real ones takes nothing away."""
    return len(servers) == 1 and servers[0].url == "/" and "url" not in servers[0].node.fields


def _report(at: At, rule: str, level: Level, message: str, old: Server, new: Server) -> None:
    at.report(
        rule,
        level,
        message,
        old.node,
        new.node,
        name=f"{old.url} {new.url}",
        surfaces=(Surface.BEHAVIOUR,) if level is Level.MAJOR else (),
        was=old.url if rule != "server-added" else None,
        now=new.url if rule != "server-removed" else None,
        direction=Direction.NONE,
    )


def _variables(at: At, old: Server, new: Server) -> None:
    for name in old.variables.keys() & new.variables.keys():
        before, after = old.variables[name], new.variables[name]
        lists = [node.fields.get("enum") for node in (before, after)]
        values = [{str(value) for value in listed} if isinstance(listed, list) else None for listed in lists]
        lost = values[1] is not None and (values[0] is None or bool(values[0] - values[1]))
        if lost or values[0] != values[1]:
            at.report(
                f"server-variable-value-{'removed' if lost else 'added'}",
                Level.MAJOR if lost else Level.MINOR,
                f"server variable `{name}` has {'fewer' if lost else 'more'} values",
                before,
                after,
                surfaces=(Surface.BEHAVIOUR,) if lost else (),
                was=lists[0],
                now=lists[1],
                direction=Direction.NONE,
            )
        defaults = [node.fields.get("default") for node in (before, after)]
        if defaults[0] != defaults[1]:
            at.report(
                "server-variable-default-changed",
                Level.MINOR,
                f"server variable `{name}` has another default",
                before,
                after,
                was=defaults[0],
                now=defaults[1],
                direction=Direction.NONE,
            )
