"""Links of level 3: where an answer says that one may go on, by relation name.

Read from HAL and HAL-FORMS, JSON:API, Siren, Collection+JSON, Mason, UBER, JSON-LD, arrays of `{rel, href}`,
and Link header fields (RFC 8288). Targets of another origin are not followed, so that credentials stay where
they belong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

if TYPE_CHECKING:
    from .messages import Headers

# Where links stand: maps from relation to link, or lists of links that name their relation.
_HOLDERS = (
    "_links",
    "links",
    "link",
    "@controls",
    "controls",
    "queries",
    "operations",
    "operation",
    "hydra:operation",
    "actions",
    "_actions",
    "_templates",
)
_BARE = frozenset({"_links", "links"})  # in which an address may stand for a link (JSON:API)
_WRAPPERS = ("data", "collection", "uber", "entity")  # below which a document keeps its own links
_TARGETS = ("href", "url", "uri", "target", "@id")
_RELATIONS = ("rel", "rels", "relation", "name")
_METHODS = ("method", "hydra:method")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its target, the method that it says (or nothing), whether the target is a URI template."""

    target: str
    method: str = ""
    templated: bool = False

    def expanded(self, variables: Mapping[str, object] | None = None) -> str:
        """The target with its variables filled in (RFC 6570); what is not given is left out."""
        if not self.templated:
            return self.target
        import uritemplate  # type: ignore[import-not-found, unused-ignore]

        given = {name: value for name, value in (variables or {}).items() if value is not None}
        return str(uritemplate.expand(self.target, given))  # type: ignore[arg-type, unused-ignore]


def links(body: object, headers: Headers | None = None) -> dict[str, Link]:
    """Links by relation; the first of a relation counts, and the body's before the header's."""
    found: dict[str, Link] = {}
    if isinstance(body, Mapping):
        for relation, link in _in_body(body):
            found.setdefault(relation, link)
    if headers is not None:
        for relation, target in link_header(headers.all("link")).items():
            found.setdefault(relation, Link(target))
    return found


def link_of(relation: str, body: object, headers: Headers | None = None) -> Link:
    """The link of a relation, whatever the case of its letters. LookupError, with those that there are."""
    found = links(body, headers)
    folded = {name.casefold(): name for name in reversed(found)}
    name = relation if relation in found else folded.get(relation.casefold())
    if name is None:
        known = ", ".join(found) or "none"
        raise LookupError(f"there is no link {relation!r} here; there is {known}")
    return found[name]


def _in_body(body: Mapping[object, object], depth: int = 4) -> Iterator[tuple[str, Link]]:
    own = body.get("@id") or _own(body.get("_links"))
    for member in _HOLDERS:
        yield from _held(body.get(member), member, own)
    if isinstance(body.get("@id"), str):  # JSON-LD: a property whose value has an address is a link
        yield "self", Link(str(own))
        for name, value in body.items():
            if isinstance(name, str) and isinstance(value, Mapping) and isinstance(value.get("@id"), str):
                yield name, Link(value["@id"])
    related = body.get("relationships")
    for name, value in related.items() if isinstance(related, Mapping) else ():
        targets = dict(_held(value.get("links"), "links")) if isinstance(value, Mapping) else {}
        found = targets.get("related") or targets.get("self")
        if isinstance(name, str) and found is not None:
            yield name, found
    for member in _WRAPPERS:
        inner = body.get(member)
        if isinstance(inner, Mapping) and depth:
            yield from _in_body(inner, depth - 1)
            if member == "uber":
                yield from _held(inner.get("data"), "data")


def _own(held: object) -> object:
    """The address of what a HAL document is about: forms without a target go there."""
    itself = held.get("self") if isinstance(held, Mapping) else None
    return itself.get("href") if isinstance(itself, Mapping) else None


def _held(value: object, member: str, own: object = None) -> Iterator[tuple[str, Link]]:
    """The links in a member; own: the address of what they stand in, for actions that have none."""
    if isinstance(value, Mapping):
        for relation, held in value.items():
            first = held[0] if isinstance(held, list) and held else held
            link = _link(first, own)
            if link is None and isinstance(first, str) and member in _BARE:
                link = _made(first, "", first)
            if isinstance(relation, str) and link is not None:
                yield relation, link
    elif isinstance(value, list):
        for held in value:
            link = _link(held, own)
            if link is not None:
                for relation in _relations(held):
                    yield relation, link


def _link(value: object, own: object) -> Link | None:
    if not isinstance(value, Mapping):
        return None
    method = next((value[name] for name in _METHODS if isinstance(value.get(name), str)), "")
    target = next((value[name] for name in _TARGETS if isinstance(value.get(name), str)), None)
    if target is None and method and isinstance(own, str):
        target = own
    return None if target is None else _made(target, method.upper(), value.get("templated") or target)


def _made(target: str, method: str, templated: object) -> Link:
    return Link(target, method, templated is True or (isinstance(templated, str) and "{" in templated))


def _relations(link: object) -> list[str]:
    for name in _RELATIONS:
        said = link.get(name) if isinstance(link, Mapping) else None
        if isinstance(said, str) and said:
            return said.split() if name != "name" else [said]
        if isinstance(said, list):
            return [one for one in said if isinstance(one, str)]
    return []


def followed(target: str, address: str, at: str = "") -> tuple[str, str]:
    """Path and query of a link's target below the instance's address, for a request.

    at: the URL of the answer that the link stood in, which relative targets begin at; empty: the address.
    ValueError for a target that is not there: of another origin than the address and the answer, or beside
    the address's path.
    """
    whole = urlsplit(urljoin(at or address.rstrip("/") + "/", target))
    root, known = urlsplit(address), urlsplit(at or address)
    below = root.path.rstrip("/")
    if _origin(whole) not in (_origin(root), _origin(known)):
        raise ValueError(f"the link leads to {whole.netloc}, away from {root.netloc}")
    if whole.path != below and not whole.path.startswith(below + "/"):
        raise ValueError(f"the link leads to {whole.path}, which is not below {below}")
    return whole.path[len(below) :] or "/", whole.query


def _origin(url: SplitResult) -> tuple[str, str, int | None]:
    """Scheme, host and port, as RFC 3986 (6.2.3) compares them; ValueError for a port that is none."""
    return url.scheme, url.hostname or "", url.port or {"http": 80, "https": 443}.get(url.scheme)


_PART = r'\s*;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?'
_LINK = re.compile(
    r"\s*<([^<>]*)>((?:" + _PART.replace("(", "(?:").replace("(?:?:", "(?:") + r")*)\s*(?:,|$)"
)
_PARAMETER = re.compile(_PART)


def link_header(values: list[str], base: str = "") -> dict[str, str]:
    """Targets by relation, from the values of Link header fields (RFC 8288); the first of a relation counts.

    Relative targets are resolved against `base`.
    """
    targets: dict[str, str] = {}
    for value in values:
        position = 0
        while match := _LINK.match(value, position):
            relations = ""
            for name, quoted, plain in _PARAMETER.findall(match[2]):
                if name.lower() == "rel" and not relations:
                    relations = quoted or plain
            for relation in relations.lower().split():
                targets.setdefault(relation, urljoin(base, match[1]))
            if match.end() == position:
                break
            position = match.end()
    return targets
