"""Security: the alternatives that apply to an operation as sets of schemes, and the schemes themselves.

A client meets one alternative of the old contract; it is served if some alternative of the new one asks
for no more than that. Names of schemes are not on the wire: schemes are told apart by what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.diff.context import shown
from apicontract.formats.openapi.diff.lifecycle import compare_deprecation
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.reading import normal_url
from apicontract.schemas.edits.view import mapping

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.context import At, Context
    from apicontract.formats.openapi.model import Node, Requirement
    from apicontract.formats.openapi.reading import Reader
    from apicontract.sources import Json

_Needs = dict[str, frozenset[str]]


def compare_requirements(at: At, old: tuple[Requirement, ...], new: tuple[Requirement, ...]) -> None:
    """Compare the alternatives that apply to one operation."""
    before = [(_needs(at.context, one, old_side=True), one) for one in old]
    after = [(_needs(at.context, one, old_side=False), one) for one in new]
    for needs, requirement in before:
        if any(_asks_no_more(theirs, needs) for theirs, _ in after):
            continue
        _lost(at, needs, requirement, new[0].node)
    for needs, requirement in after:
        if any(_same(theirs, needs) for theirs, _ in before):
            continue
        if any(_asks_no_more(needs, theirs) for theirs, _ in before) or not _refines(needs, before):
            _gained(at, needs, requirement, old[0].node)


def compare_event_security(at: At, old: tuple[Requirement, ...], new: tuple[Requirement, ...]) -> None:
    """Compare how the server authenticates when it calls: the receiver knows the old ways only."""
    before = [_needs(at.context, one, old_side=True) for one in old]
    after = [_needs(at.context, one, old_side=False) for one in new]
    if before == after:
        return
    accepted = all(any(_asks_no_more(known, sent) for known in before) for sent in after)
    at.report(
        "event-security-changed",
        Level.MINOR if accepted else Level.MAJOR,
        f"{at.label}: the server authenticates in another way",
        old[0].node,
        new[0].node,
        surfaces=() if accepted else (Surface.WIRE,),
        was=" or ".join(_words(one) for one in old),
        now=" or ".join(_words(one) for one in new),
    )


def _asks_no_more(new: _Needs, old: _Needs) -> bool:
    """Whether who meets `old` meets `new`."""
    return all(name in old and scopes <= old[name] for name, scopes in new.items())


def _same(one: _Needs, two: _Needs) -> bool:
    return one == two


def _refines(needs: _Needs, before: list[tuple[_Needs, Requirement]]) -> bool:
    """Whether the alternative is an old one that asks for more, which is told of the old one."""
    return any(_asks_no_more(theirs, needs) for theirs, _ in before)


def _lost(at: At, needs: _Needs, requirement: Requirement, place: Node) -> None:
    rule = "security-alternative-removed" if needs else "anonymous-access-removed"
    message = (
        f"who authenticates with {_words(requirement)} is refused now"
        if needs
        else "calls without credentials are refused now"
    )
    at.report(
        rule,
        Level.MAJOR,
        message,
        requirement.node,
        place,
        name=_words(requirement),
        surfaces=(Surface.WIRE,),
    )


def _gained(at: At, needs: _Needs, requirement: Requirement, place: Node) -> None:
    rule = "security-alternative-added" if needs else "anonymous-access-added"
    message = (
        f"{_words(requirement)} is accepted too now"
        if needs
        else "calls without credentials are accepted now"
    )
    at.report(rule, Level.MINOR, message, place, requirement.node, name=_words(requirement))


def _words(requirement: Requirement) -> str:
    said = [
        f"`{name}`" + (f" ({', '.join(sorted(scopes))})" if scopes else "")
        for name, scopes in requirement.schemes.items()
    ]
    return " and ".join(said) or "no credentials"


def _needs(context: Context, requirement: Requirement, *, old_side: bool) -> _Needs:
    """What an alternative asks for, by the identity of its schemes."""
    old, new = context.old.security_schemes(), context.new.security_schemes()
    mine = old if old_side else new
    kept = _kept(old, new)
    return {
        (f"name:{name}" if name in kept else signature(mine.get(name))): scopes
        for name, scopes in requirement.schemes.items()
    }


def _kept(old: dict[str, Node], new: dict[str, Node]) -> set[str]:
    """Names of the same scheme on both sides: it may have changed, but did not go under another name."""
    before, after = ({name: signature(node) for name, node in side.items()} for side in (old, new))
    return {
        name
        for name in old.keys() & new.keys()
        if before[name] == after[name]
        or not (before[name] in after.values() or after[name] in before.values())
    }


def signature(scheme: Node | None) -> str:
    """What a security scheme is on the wire, in one text: its type, place, name, scheme and URLs."""
    if scheme is None:
        return "unknown"
    fields = scheme.fields
    kind = fields.get("type")
    told = str(kind)
    if kind == "basic":
        told = "http:basic"
    elif kind == "http":
        told = f"http:{str(fields.get('scheme')).lower()}"
    elif kind == "apiKey":
        name = str(fields.get("name"))
        told = f"apiKey:{fields.get('in')}:{name.lower() if fields.get('in') == 'header' else name}"
    elif kind == "openIdConnect":
        told = f"openIdConnect:{fields.get('openIdConnectUrl')}"
    elif kind == "oauth2":
        told = f"oauth2:{sorted((name, sorted(urls.items())) for name, urls in flows(scheme).items())}"
    return told


_URLS = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
_FLOWS_2 = {"accessCode": "authorizationCode", "application": "clientCredentials"}


def flows(scheme: Node) -> dict[str, dict[str, str]]:
    """The OAuth flows by their name in 3.x, each with its URLs; a 2.0 scheme is its one flow."""
    fields = scheme.fields
    written: Json = fields.get("flows")
    if isinstance(fields.get("flow"), str):
        written = {_FLOWS_2.get(str(fields["flow"]), str(fields["flow"])): fields}
    found: dict[str, dict[str, str]] = {}
    for name, flow in written.items() if isinstance(written, dict) else ():
        if isinstance(flow, dict):
            found[name] = {key: normal_url(str(flow[key])) for key in _URLS if key in flow}
    return found


def _scopes(scheme: Node) -> set[str]:
    fields = scheme.fields
    written = fields.get("flows")
    listed = list(written.values()) if isinstance(written, dict) else [fields]
    return {name for flow in listed for name in mapping(mapping(flow).get("scopes"))}


def compare_schemes(at: At) -> None:
    """Compare the security schemes that both contracts declare under one name."""
    old, new = at.context.old.security_schemes(), at.context.new.security_schemes()
    used = _used(at.context.old) | _used(at.context.new)
    for name in sorted(_kept(old, new)):
        if name not in used:
            unused = at.labelled(f"security scheme `{name}`, which is not used")
            fields = tuple(old[name].fields | new[name].fields)
            compare_prose(unused, "security-scheme-documentation-changed", old[name], new[name], fields)
        elif not at.context.sameness.same(old[name].value, new[name].value):
            _scheme(at.labelled(f"security scheme `{name}`"), old[name], new[name])


def _used(reader: Reader) -> set[str]:
    """The names of the schemes that the root or some operation asks for."""
    holders = [reader.root]
    for item in (*reader.paths(), *reader.webhooks()):
        holders += item.operations.values()
    lists = [listed for holder in holders if (listed := holder.get("security")) is not None]
    return {name for listed in lists for entry in listed.elements() for name in entry.fields}


def _scheme(at: At, old: Node, new: Node) -> None:
    kinds = [node.fields.get("type") for node in (old, new)]
    if "oauth2" in kinds and kinds[0] == kinds[1]:
        _flows(at, old, new)
    elif signature(old) != signature(new):
        said = _Said("security-scheme-changed", Level.MAJOR, signature(old), signature(new))
        _report(at, (old, new), said, "it is another scheme now")
    compare_deprecation(at, old, new)
    fields = ("description", "bearerFormat", "oauth2MetadataUrl")
    compare_prose(at, "security-scheme-documentation-changed", old, new, fields)


def _flows(at: At, old: Node, new: Node) -> None:
    before, after = flows(old), flows(new)
    for name in before | after:
        if name not in after:
            _report(at, (old, new), _Said("oauth-flow-removed", Level.MAJOR, name), f"flow `{name}` is gone")
        elif name not in before:
            said = _Said("oauth-flow-added", Level.MINOR, None, name)
            _report(at, (old, new), said, f"flow `{name}` was added")
        elif before[name] != after[name]:
            both = before[name] | after[name]
            keys = [key for key in both if before[name].get(key) != after[name].get(key)]
            refreshable = keys == ["refreshUrl"] and "refreshUrl" not in before[name]
            level = Level.MINOR if refreshable else Level.MAJOR
            was = ", ".join(before[name].get(key, "none") for key in keys)
            now = ", ".join(after[name].get(key, "none") for key in keys)
            said = _Said("oauth-url-changed", level, was, now, name)
            _report(at, (old, new), said, f"flow `{name}` has another URL")
    for scope in sorted(_scopes(old) ^ _scopes(new)):
        if scope in _scopes(old):
            said, verb = _Said("oauth-scope-removed", Level.MINOR, scope, None, scope), "is gone"
        else:
            said, verb = _Said("oauth-scope-added", Level.MINOR, None, scope, scope), "was added"
        _report(at, (old, new), said, f"scope `{scope}` {verb}")


class _Said(NamedTuple):
    """What a change of a scheme is: its rule, its level, the values before and after, what it is about."""

    rule: str
    level: Level
    was: Json = None
    now: Json = None
    name: str = ""


def _report(at: At, pair: tuple[Node, Node], said: _Said, what: str) -> None:
    at.report(
        said.rule,
        said.level,
        f"{at.label}: {what}",
        *pair,
        name=said.name or shown(said.now or said.was or ""),
        was=said.was,
        now=said.now,
        surfaces=(Surface.WIRE,) if said.level is Level.MAJOR else (),
        direction=Direction.NONE,
    )
