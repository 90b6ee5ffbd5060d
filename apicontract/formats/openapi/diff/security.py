"""Security: the alternatives that apply to an operation as sets of schemes, and the schemes themselves.

A client meets one alternative of the old contract; it is served if some alternative of the new one asks
for no more than that. Names of schemes are not on the wire: schemes are told apart by what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.diff.context import shown
from apicontract.formats.openapi.diff.lifecycle import compare_deprecation
from apicontract.formats.openapi.diff.prose import compare_prose
from apicontract.formats.openapi.reading import normal_url

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
        f"who authenticates with {_words(requirement)} is refused now" if needs else "calls without credentials are refused now"
    )
    at.report(
        rule, Level.MAJOR, message, requirement.node, place, name=_words(requirement), surfaces=(Surface.WIRE,)
    )


def _gained(at: At, needs: _Needs, requirement: Requirement, place: Node) -> None:
    rule = "security-alternative-added" if needs else "anonymous-access-added"
    message = f"{_words(requirement)} is accepted too now" if needs else "calls without credentials are accepted now"
    at.report(rule, Level.MINOR, message, place, requirement.node, name=_words(requirement))


def _words(requirement: Requirement) -> str:
    said = [f"`{name}`" + (f" ({', '.join(sorted(scopes))})" if scopes else "") for name, scopes in requirement.schemes.items()]
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
    """Names that mean the same scheme on both sides: it may have changed, but did not go under another name."""
    before, after = ({name: signature(node) for name, node in side.items()} for side in (old, new))
    return {
        name
        for name in old.keys() & new.keys()
        if before[name] == after[name] or not (before[name] in after.values() or after[name] in before.values())
    }


def signature(scheme: Node | None) -> str:
    """What a security scheme is on the wire, in one text: its type, place, name, scheme and URLs."""
    if scheme is None:
        return "unknown"
    fields = scheme.fields
    kind = fields.get("type")
    if kind == "basic":
        return "http:basic"
    if kind == "http":
        return f"http:{str(fields.get('scheme')).lower()}"
    if kind == "apiKey":
        name = str(fields.get("name"))
        return f"apiKey:{fields.get('in')}:{name.lower() if fields.get('in') == 'header' else name}"
    if kind == "openIdConnect":
        return f"openIdConnect:{fields.get('openIdConnectUrl')}"
    if kind == "oauth2":
        return f"oauth2:{sorted((name, sorted(urls.items())) for name, urls in flows(scheme).items())}"
    return str(kind)


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
    return {name for flow in listed if isinstance(flow, dict) and isinstance(flow.get("scopes"), dict) for name in flow["scopes"]}  # type: ignore[union-attr]


def compare_schemes(at: At) -> None:
    """Compare the security schemes that both contracts declare under one name."""
    old, new = at.context.old.security_schemes(), at.context.new.security_schemes()
    used = _used(at.context.old) | _used(at.context.new)
    for name in sorted(_kept(old, new)):
        if name not in used:
            compare_prose(
                at.labelled(f"security scheme `{name}`, which is not used"), "security-scheme-documentation-changed",
                old[name], new[name], tuple(old[name].fields | new[name].fields),
            )  # fmt: skip
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
        _report(at, "security-scheme-changed", Level.MAJOR, "it is another scheme now", old, new, signature(old), signature(new))
    compare_deprecation(at, old, new)
    compare_prose(at, "security-scheme-documentation-changed", old, new, ("description", "bearerFormat", "oauth2MetadataUrl"))


def _flows(at: At, old: Node, new: Node) -> None:
    before, after = flows(old), flows(new)
    for name in before | after:
        if name not in after:
            _report(at, "oauth-flow-removed", Level.MAJOR, f"flow `{name}` is gone", old, new, name)
        elif name not in before:
            _report(at, "oauth-flow-added", Level.MINOR, f"flow `{name}` was added", old, new, None, name)
        elif before[name] != after[name]:
            keys = [key for key in before[name] | after[name] if before[name].get(key) != after[name].get(key)]
            level = Level.MINOR if keys == ["refreshUrl"] and "refreshUrl" not in before[name] else Level.MAJOR
            was, now = (", ".join(urls.get(key, "none") for key in keys) for urls in (before[name], after[name]))
            _report(at, "oauth-url-changed", level, f"flow `{name}` has another URL", old, new, was, now, name)
    for scope in sorted(_scopes(old) ^ _scopes(new)):
        gone = scope in _scopes(old)
        rule, verb = ("oauth-scope-removed", "is gone") if gone else ("oauth-scope-added", "was added")
        _report(at, rule, Level.MINOR, f"scope `{scope}` {verb}", old, new, scope if gone else None, None if gone else scope, scope)


def _report(
    at: At, rule: str, level: Level, what: str, old: Node, new: Node, was: Json = None, now: Json = None, name: str = ""
) -> None:
    surfaces = (Surface.WIRE,) if level is Level.MAJOR else ()
    at.report(
        rule,
        level,
        f"{at.label}: {what}",
        old,
        new,
        name=name or shown(now or was or ""),
        was=was,
        now=now,
        surfaces=surfaces,
        direction=Direction.NONE,
    )
