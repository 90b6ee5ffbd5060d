"""Checks on routes against each other: two calls that the same request reaches.

Routes are compared where one server answers them: among the services of one host, as
`google.api.default_host` names it, or of none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from apicontract.findings import Severity
from apicontract.formats.proto.annotations import default_host, http_bindings
from apicontract.formats.proto.http_templates import ONE, REST, contains, matched_by_both
from apicontract.formats.proto.validate.meaning.http import template_of, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.elements import Method
    from apicontract.formats.proto.http_templates import Template
    from apicontract.formats.proto.validate.view import View


@dataclass(frozen=True, slots=True)
class _Route:
    verb: str
    template: Template
    method: Method


@dataclass(slots=True)
class _Node:
    """Routes by their segments: those that end here, and those that go on.

    A root also has them in a list: those with `**` before their end are not among its segments.
    """

    ends: list[_Route] = field(default_factory=list)
    below: dict[str, _Node] = field(default_factory=dict)
    all: list[_Route] = field(default_factory=list)
    inner: list[_Route] = field(default_factory=list)


def overlaps(view: View) -> Iterator[Finding]:
    """Pairs of calls with a request that both answer; each pair once."""
    roots: dict[tuple[str, str, str], _Node] = defaultdict(_Node)
    for route, host in _routes(view):
        root = roots[host, route.verb, route.template.verb]
        told = set[str]()
        for other in _meeting(root, route.template):
            same = other.template.shape == route.template.shape
            name = "" if same else other.method.full_name  # one call that has the route already is enough
            if other.method is not route.method and name not in told:
                told.add(name)
                yield from _told(route, other, view)
        root.all.append(route)
        if REST in route.template.segments[:-1]:
            root.inner.append(route)
            continue
        node = root
        for segment in route.template.segments:
            node = node.below.setdefault(segment, _Node())
        node.ends.append(route)


def _routes(view: View) -> Iterator[tuple[_Route, str]]:
    for service in view.services:
        host = default_host(service)
        for method in service.methods:
            for binding in http_bindings(method):
                template = template_of(binding)
                if template is not None and binding.verb:
                    yield _Route(binding.verb, template, method), host


def _meeting(root: _Node, template: Template) -> Iterator[_Route]:
    """The routes that match some path that the template matches."""
    segments = template.segments
    if REST in segments[:-1]:
        yield from (other for other in root.all if matched_by_both(template, other.template) is not None)
        return
    yield from (other for other in root.inner if matched_by_both(template, other.template) is not None)
    waiting = [(root, 0)]
    while waiting:
        node, at = waiting.pop()
        if at == len(segments):
            yield from node.ends
            yield from node.below.get(REST, _Node()).ends
            continue
        segment = segments[at]
        if segment == REST:
            yield from node.ends
            waiting += ((below, at) for below in node.below.values())
            continue
        rest = node.below.get(REST)
        if rest is not None:
            yield from rest.ends
        if segment == ONE:
            waiting += ((below, at + 1) for name, below in node.below.items() if name != REST)
        else:
            waiting += ((node.below[name], at + 1) for name in (segment, ONE) if name in node.below)


def _filled(template: Template) -> Template:
    """The template with at least one segment for `**`."""
    segments = (each for one in template.segments for each in ((ONE, REST) if one == REST else (one,)))
    return replace(template, segments=tuple(segments))


def _told(route: _Route, other: _Route, view: View) -> Iterator[Finding]:
    mine, theirs = route.template, other.template
    both = f"{route.verb} `{mine.text}`"
    called = f"`{other.method.service.name}.{other.method.name}`"
    if mine.shape == theirs.shape:
        same_package = route.method.file.package == other.method.file.package
        yield view.finding(
            "http-route-taken",
            where(route.method),
            f"{both} is the route of {called} already",
            severity=None if same_package else Severity.WARNING,
        )
        return
    example = matched_by_both(_filled(mine), _filled(theirs))
    if example is None:
        return  # `**` would have to match no segment at all, which nobody means by it
    nested = contains(mine, theirs) or contains(theirs, mine)
    yield view.finding(
        "http-routes-overlap",
        where(route.method),
        f"{route.verb} `{example}` is matched by `{mine.text}` and by `{theirs.text}` of {called}",
        severity=Severity.INFO if nested else None,
    )
