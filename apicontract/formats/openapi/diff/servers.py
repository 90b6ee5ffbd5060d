"""Servers: where the API is, as the set of URLs that apply to an operation.

A missing list means `/` (OAS 3.0.3, 4.7.1). A URL that a client uses and that is no longer named is a
loss; variables are compared by their values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.diff.prose import compare_prose

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At
    from apicontract.formats.openapi.model import Server

_NAME = re.compile(r"\{([^{}]*)\}")
_MAX_ADDRESSES = 64


def compare_servers(at: At, old: tuple[Server, ...], new: tuple[Server, ...]) -> None:
    """Compare the servers that apply at one place."""
    before, after = (
        {_template(server): server for server in old},
        {_template(server): server for server in new},
    )
    gone = [s for key, s in before.items() if key not in after and not _addresses(s) <= _all(new)]
    come = [s for key, s in after.items() if key not in before and not _addresses(s) <= _all(old)]
    if len(gone) == 1 == len(come):
        _report(at, "server-url-changed", Level.MAJOR, "the server has another URL", gone[0], come[0])
    else:
        for server in () if _implied(gone) else gone:
            _report(at, "server-removed", Level.MAJOR, f"server `{server.url}` is gone", server, new[0])
        for server in come:
            _report(at, "server-added", Level.MINOR, f"server `{server.url}` was added", old[0], server)
    for key in before.keys() & after.keys():
        pair = before[key], after[key]
        _variables(at, *pair)
        if pair[0].url != "/" or "url" in pair[0].node.fields:
            label = at.labelled(f"server `{pair[1].url}`")
            compare_prose(
                label, "server-documentation-changed", pair[0].node, pair[1].node, ("description", "name")
            )


def same_addresses(old: tuple[Server, ...], new: tuple[Server, ...], prefix: tuple[str, str]) -> bool:
    """Whether servers and path prefix together lead to the same addresses as before."""
    one, two = (
        {url.rstrip("/") + head for url in _all(side)} for side, head in zip((old, new), prefix, strict=True)
    )
    return one == two


def _template(server: Server) -> str:
    """The URL without the names of its variables, which are not on the wire."""
    return _NAME.sub("{}", server.url)


def _addresses(server: Server) -> frozenset[str]:
    """The URLs that a server stands for, if its variables list their values; else its template alone."""
    urls = [server.url]
    for name in _NAME.findall(server.url):
        listed = server.variables[name].fields.get("enum") if name in server.variables else None
        if not isinstance(listed, list) or len(urls) * len(listed) > _MAX_ADDRESSES or not listed:
            return frozenset({_template(server)})
        urls = [url.replace(f"{{{name}}}", str(value)) for url in urls for value in listed]
    return frozenset(urls)


def _all(servers: tuple[Server, ...]) -> frozenset[str]:
    return frozenset().union(*map(_addresses, servers))


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
    for name, other in zip(_NAME.findall(new.url), _NAME.findall(old.url), strict=False):
        if name not in new.variables or other not in old.variables:
            continue
        before, after = old.variables[other], new.variables[name]
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
