"""Operations: which came, went and changed; callbacks and webhooks with the roles reversed.

The one walk over a contract: only what is not the same is looked at, path by path.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from apicontract.changes import Direction, Level, Surface
from apicontract.formats.openapi.diff.contents import compare_content
from apicontract.formats.openapi.diff.context import At, Context
from apicontract.formats.openapi.diff.lifecycle import compare_deprecation, compare_stability
from apicontract.formats.openapi.diff.parameters import compare_parameters
from apicontract.formats.openapi.diff.paths import Matching, match
from apicontract.formats.openapi.diff.prose import TEXTS, compare_prose
from apicontract.formats.openapi.diff.responses import compare_responses
from apicontract.formats.openapi.diff.security import compare_event_security, compare_requirements
from apicontract.formats.openapi.diff.servers import compare_servers, same_addresses
from apicontract.formats.openapi.model import Requirement
from apicontract.formats.openapi.promises import stability_of
from apicontract.formats.openapi.reading import template_names

if TYPE_CHECKING:
    from apicontract.formats.openapi.diff.shards import Unit
    from apicontract.formats.openapi.model import Node, Operation, PathItem

_SAYS = (
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "security",
    "servers",
    "consumes",
    "produces",
    "schemes",
)


def operations_to_compare(context: Context) -> tuple[Context, list[Unit]]:
    """What is left to compare of all paths and webhooks of two contracts, as units of work in their order.

    Operations that came or went are recorded. The context is the one in which the units are to be done.
    """
    found = match(context.old.paths(), context.new.paths(), context.options.path_prefix)
    inherited = _inherited_alike(context)
    if found.prefix and context.options.path_prefix is None:
        if same_addresses(context.old.servers(), context.new.servers(), found.prefix):
            context = replace(context, servers_alike=True)
        else:
            _prefix_moved(context, found)
    for item in found.removed:
        for method, node in item.operations.items():
            _operation_removed(context, f"{method.upper()} {item.path}", node, item.path)
    for item in found.added:
        for method, node in item.operations.items():
            _operation_added(context, f"{method.upper()} {item.path}", node)
    units: list[Unit] = [
        partial(_items, old=old, new=new, inherited=inherited)
        for old, new in found.pairs
        if not (inherited and old.path == new.path and _same_items(context, old, new))
    ]
    return context, [*units, *_events(context)]


def _same_items(context: Context, old: PathItem, new: PathItem) -> bool:
    """Whether nothing differs in two path items; not known of those with operations beside a `$ref`."""
    return context.sameness.same(old.node.value, new.node.value) and all(
        node.value is item.node.fields.get(method.lower())
        for item in (old, new)
        for method, node in item.operations.items()
    )


def _inherited_alike(context: Context) -> bool:
    """Whether everything that operations inherit from the root is the same."""
    keys = ("security", "servers", "consumes", "produces", "schemes", "host", "basePath")
    roots = (context.old.root.fields, context.new.root.fields)
    return all(roots[0].get(key) == roots[1].get(key) for key in keys)


def _prefix_moved(context: Context, found: Matching) -> None:
    old, new = found.prefix or ("", "")
    at = At(context, "", Direction.NONE)
    for pair in found.pairs:
        for method in pair[0].operations:
            at = replace(at, operation=f"{method.upper()} {pair[0].path}")
            at.report(
                "path-prefix-changed",
                Level.MAJOR,
                f"the whole API moved from `{old or '/'}` to `{new or '/'}`",
                context.old.root.spot("paths"),
                context.new.root.spot("paths"),
                surfaces=(Surface.BEHAVIOUR,),
                was=old or "/",
                now=new or "/",
            )


def _operation_removed(context: Context, title: str, node: Node, path: str) -> None:
    context.recorder.promise(title, stability_of(node, path))
    At(context, title, Direction.NONE).report(
        "operation-removed",
        Level.MAJOR,
        f"{title} is gone",
        node,
        context.new.root.spot("paths"),
        name=title,
        surfaces=(Surface.BEHAVIOUR,),
        allowed=context.allowance(node),
    )


def _operation_added(context: Context, title: str, node: Node) -> None:
    At(context, title, Direction.NONE).report(
        "operation-added", Level.MINOR, f"{title} was added", context.old.root.spot("paths"), node, name=title
    )


def _items(context: Context, old: PathItem, new: PathItem, *, inherited: bool) -> None:
    same_holder = inherited and all(
        context.sameness.same(old.node.fields.get(key), new.node.fields.get(key))
        for key in ("parameters", "servers")
    )
    for method, node in old.operations.items():
        title = f"{method.upper()} {old.path}"
        match_ = new.operations.get(method)
        if match_ is None:
            _operation_removed(context, title, node, old.path)
        elif not (same_holder and old.path == new.path and context.sameness.same(node.value, match_.value)):
            at = At(context, f"{method.upper()} {new.path}", Direction.REQUEST)
            _operation(at, (old, new), method, same_holder=same_holder)
    for method, node in new.operations.items():
        if method not in old.operations:
            _operation_added(context, f"{method.upper()} {new.path}", node)
    compare_prose(
        At(context, "", Direction.NONE, f"path `{new.path}`"),
        "path-documentation-changed",
        old.node,
        new.node,
    )


def _operation(at: At, items: tuple[PathItem, PathItem], method: str, *, same_holder: bool) -> None:
    context = at.context
    nodes = items[0].operations[method], items[1].operations[method]
    context.recorder.promise(at.operation, stability_of(nodes[0], items[0].path))
    _about(at.labelled(at.operation), *nodes)
    alike = same_holder and template_names(items[0].path) == template_names(items[1].path)
    changed = {
        key
        for key in _SAYS
        if not alike or not context.sameness.same(*(node.fields.get(key) for node in nodes))
    }
    if not changed:
        return
    if changed == {"responses"}:  # by far the most frequent: nothing else needs to be read
        answers = context.old.responses(nodes[0]), context.new.responses(nodes[1])
        compare_responses(at.flowing(Direction.RESPONSE), nodes, answers)
        return
    old = context.old.operation(items[0], method)
    new = context.new.operation(items[1], method)
    compare_requirements(at, old.security, new.security)
    if not context.servers_alike:
        compare_servers(at, old.servers, new.servers)
    _message(at, old, new, answers=bool(changed & {"responses", "produces"}))
    _callbacks(at, old, new)


def _about(at: At, old: Node, new: Node) -> None:
    compare_deprecation(at, old, new)
    compare_stability(at, old, new)
    compare_prose(at, "operation-documentation-changed", old, new, (*TEXTS, "tags"))
    ids = [node.fields.get("operationId") for node in (old, new)]
    if ids[0] != ids[1]:
        at.report(
            "operation-id-changed",
            Level.MAJOR,
            f"{at.label}: its operationId changed",
            old.spot("operationId"),
            new.spot("operationId"),
            surfaces=(Surface.SOURCE,),
            was=ids[0],
            now=ids[1],
            direction=Direction.NONE,
        )


def _message(at: At, old: Operation, new: Operation, *, answers: bool = True) -> None:
    """The request one way, the responses the other; with `answers` false these are known to be the same."""
    compare_parameters(at, old, new)
    _bodies(at.labelled("the request body"), old, new)
    if answers:
        back = Direction.RESPONSE if at.from_client else Direction.REQUEST
        compare_responses(at.flowing(back), (old.node, new.node), (old.responses, new.responses))


def _bodies(at: At, old: Operation, new: Operation) -> None:
    one, two = old.body, new.body
    if one is None and two is None:
        return
    if one is None and two is not None:
        breaks = two.required and at.from_client
        at.report(
            f"{at.direction}-{'required' if two.required else 'optional'}-body-added",
            Level.MAJOR if breaks else Level.MINOR,
            f"{at.label} was added" + (" and is required" if two.required else ""),
            old.node,
            two.node,
            surfaces=(Surface.WIRE,) if breaks else (),
        )
    elif two is None and one is not None:
        at.report(
            f"{at.direction}-body-dropped",
            Level.MAJOR,
            f"{at.label} is gone",
            one.node,
            new.node,
            surfaces=(Surface.BEHAVIOUR,),
        )
    elif one is not None and two is not None:
        if one.required != two.required:
            verb = "required" if two.required else "optional"
            breaks = two.required == at.from_client
            at.report(
                f"{at.direction}-body-became-{verb}",
                Level.MAJOR if breaks else Level.MINOR,
                f"{at.label}: it is {verb} now",
                one.node.spot("required"),
                two.node.spot("required"),
                surfaces=(Surface.WIRE,) if breaks else (),
            )
        compare_content(at, f"{at.direction}-body", one.content, two.content, (one.node, two.node))
        compare_prose(at, "body-documentation-changed", one.node, two.node, ("description",))


def _callbacks(at: At, old: Operation, new: Operation) -> None:
    """Callbacks: the server calls and the client answers."""
    context = at.context
    renamed = {
        name: other
        for name, node in old.callbacks.items()
        if name not in new.callbacks
        for other, node_ in new.callbacks.items()
        if other not in old.callbacks and node.fields.keys() == node_.fields.keys()
    }
    for name in old.callbacks | new.callbacks:
        if name in renamed.values() and name not in old.callbacks:
            continue
        before, after = old.callbacks.get(name), new.callbacks.get(renamed.get(name, name))
        if name in renamed and before and after:
            _callback_renamed(at, (name, renamed[name]), before, after)
        if before is None or after is None:
            gone = after is None
            at.report(
                f"callback-{'removed' if gone else 'added'}",
                Level.MAJOR if gone else Level.MINOR,
                f"callback `{name}` {'is gone' if gone else 'was added'}",
                before or old.node,
                after or new.node,
                name=name,
                surfaces=(Surface.BEHAVIOUR,) if gone else (),
                direction=Direction.NONE,
            )
        elif not context.sameness.same(before.value, after.value):
            items = [
                reader.callback_items(node) for reader, node in ((context.old, before), (context.new, after))
            ]
            called = At(context, at.operation, Direction.RESPONSE, called_back=True)
            _reversed(called, f"callback `{name}`", _by_path(*items), "callback")


def _callback_renamed(at: At, names: tuple[str, str], old: Node, new: Node) -> None:
    """The name of a callback does not travel; its address does."""
    at.report(
        "callback-renamed",
        Level.MAJOR,
        f"callback `{names[0]}` is called `{names[1]}`",
        old,
        new,
        name=names[0],
        surfaces=(Surface.SOURCE,),
        was=names[0],
        now=names[1],
        direction=Direction.NONE,
    )


def _by_path(old: list[PathItem], new: list[PathItem]) -> Matching:
    """Items matched by what is written: an address taken from a message, or the name of an event."""
    names = {item.path: item for item in new}
    paths = {item.path for item in old}
    return Matching(
        tuple((item, names[item.path]) for item in old if item.path in names),
        tuple(item for item in old if item.path not in names),
        tuple(item for item in new if item.path not in paths),
        None,
    )


def _events(context: Context) -> list[Unit]:
    """Webhooks, as units of work: the server calls and the client answers."""
    found = _by_path(context.old.webhooks(), context.new.webhooks())
    alone = [replace(found, pairs=()), *(Matching((pair,), (), (), None) for pair in found.pairs)]
    return [partial(_webhooks, found=part) for part in alone]


def _webhooks(context: Context, found: Matching) -> None:
    _reversed(At(context, "", Direction.RESPONSE, called_back=True), "", found, "webhook")


def _reversed(at: At, label: str, found: Matching, noun: str) -> None:
    for item, verb in [
        *((item, "removed") for item in found.removed),
        *((item, "added") for item in found.added),
    ]:
        for method, node in item.operations.items():
            _event(at, f"{noun} {method.upper()} {item.path}", node, f"{noun}-{verb}")
    for before, after in found.pairs:
        for method in before.operations | after.operations:
            title = f"{label or noun} {method.upper()} {after.path}"
            if method in before.operations and not at.operation:
                at.context.recorder.promise(title, stability_of(before.operations[method], ""))
            if method not in after.operations:
                _event(at, title, before.operations[method], f"{noun}-removed")
            elif method not in before.operations:
                _event(at, title, after.operations[method], f"{noun}-added")
            else:
                pair = before.operations[method], after.operations[method]
                here = replace(at, operation=at.operation or f"{noun} {method.upper()} {after.path}")
                _about(here.labelled(title), *pair)
                old, new = at.context.old.operation(before, method), at.context.new.operation(after, method)
                if any("security" in node.fields for node in pair):
                    compare_event_security(here.labelled(title), *map(_own_security, (old, new)))
                _message(here, old, new)


def _own_security(event: Operation) -> tuple[Requirement, ...]:
    """What the event itself says: the `security` of the root is about those who call the API."""
    return event.security if "security" in event.node.fields else (Requirement(event.node, {}),)


def _event(at: At, title: str, node: Node, rule: str) -> None:
    gone = rule.endswith("removed")
    root = (at.context.new if gone else at.context.old).root
    replace(at, operation=at.operation or title).report(
        rule,
        Level.MAJOR if gone else Level.MINOR,
        f"{title} {'is gone' if gone else 'was added'}",
        node if gone else root.place,
        root.place if gone else node,
        name=title,
        surfaces=(Surface.BEHAVIOUR,) if gone else (),
        direction=Direction.NONE,
    )
