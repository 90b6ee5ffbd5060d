"""Services and their methods: the paths of gRPC, what is streamed, the types, promises, HTTP routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.changes import Level
from apicontract.formats.proto.diff.difference import Difference, deprecation
from apicontract.formats.proto.diff.effects import Flow, Verdict, everywhere, fixed
from apicontract.formats.proto.diff.http import compare_routes
from apicontract.formats.proto.diff.options import compare_options
from apicontract.formats.proto.elements import Method
from apicontract.formats.proto.witness import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.formats.proto.diff.difference import Context
    from apicontract.formats.proto.elements import Element, Message, Service

_MINOR, _MAJOR = Level.MINOR, Level.MAJOR
_PROMISES = ("IDEMPOTENCY_UNKNOWN", "IDEMPOTENT", "NO_SIDE_EFFECTS")  # each promises more than the one before


def compare_services(context: Context) -> None:
    """Every service that one of the contracts has."""
    pairs = context.pairing.services
    for name, other in pairs.forth.items():
        old, new = pairs.old[name], pairs.new[other]
        _compare_service(context, old, new)
    for service in pairs.gone:
        text = f"service `{service.full_name}` is gone; calls of its methods fail with UNIMPLEMENTED"
        _report(
            context, Difference("service-removed", text, everywhere(_MAJOR), service.place), service, service
        )
    for service in pairs.come:
        text = f"service `{service.full_name}` was added"
        found = Difference("service-added", text, everywhere(_MINOR), None, service.place)
        _report(context, found, None, service)


def _compare_service(context: Context, old: Service, new: Service) -> None:
    if old.full_name != new.full_name:
        text = f"service `{old.full_name}` is called `{new.full_name}`; calls of old paths get UNIMPLEMENTED"
        found = Difference(
            "service-renamed", text, everywhere(_MAJOR), old.place, new.place, old.full_name, new.full_name
        )
        _report(context, found, old, old)
    elif old.proto == new.proto:
        return
    for found in deprecation("service", f"service `{new.name}`", old, new):
        _report(context, found, old, new)
    for found in compare_options("service", f"service `{new.name}`", old, new):
        _report(context, found, old, new)
    methods, gone, come = _recognise(context, old, new)
    for before, after in methods:
        for found, flow in _compare_methods(context, before, after):
            _report(context, found, before, before, flow)
    for method in gone:
        text = f"method `{method.name}` is gone; calls of it fail with UNIMPLEMENTED"
        _report(
            context,
            Difference("rpc-removed", text, everywhere(_MAJOR), method.place, new.place),
            method,
            method,
        )
    for method in come:
        text = f"method `{method.name}` was added"
        found = Difference("rpc-added", text, everywhere(_MINOR), old.place, method.place)
        _report(context, found, old, method)


def _recognise(
    context: Context, old: Service, new: Service
) -> tuple[list[tuple[Method, Method]], list[Method], list[Method]]:
    """Methods of one name; one that is gone is renamed if a single new one has its types and streams."""
    pairs = [(method, new.by_name[method.name]) for method in old.methods if method.name in new.by_name]
    gone = [method for method in old.methods if method.name not in new.by_name]
    come = [method for method in new.methods if method.name not in old.by_name]
    for method in list(gone):
        twins = [other for other in come if _alike(context, method, other)]
        rivals = [other for other in gone if twins and _alike(context, other, twins[0])]
        if len(twins) == 1 == len(rivals):
            pairs.append((method, twins[0]))
            gone.remove(method)
            come.remove(twins[0])
    return pairs, gone, come


def _alike(context: Context, old: Method, new: Method) -> bool:
    same = context.pairing.same_type
    return (
        same(old.request_type, new.request_type)
        and same(old.response_type, new.response_type)
        and old.client_streaming == new.client_streaming
        and old.server_streaming == new.server_streaming
    )


def _compare_methods(context: Context, old: Method, new: Method) -> Iterator[tuple[Difference, Flow]]:
    label = f"method `{new.name}`"
    if old.name != new.name:
        text = f"method `{old.name}` is called `{new.name}`; calls under the old path fail with UNIMPLEMENTED"
        yield (
            Difference("rpc-renamed", text, everywhere(_MAJOR), old.place, new.place, old.path, new.path),
            Flow.BOTH,
        )
    for found in deprecation("rpc", label, old, new):
        yield found, Flow.BOTH
    yield from _types(context, old, new, label)
    routes = list(compare_routes(old, new))
    options = compare_options("rpc", label, old, new, ("idempotency_level",))
    for found in (*_streams(old, new, label), *_promise(old, new, label), *routes):
        yield found, Flow.BOTH
    for found in options:
        if not routes or found.rule != "rpc-option-changed":
            yield found, Flow.BOTH


def _types(context: Context, old: Method, new: Method, label: str) -> Iterator[tuple[Difference, Flow]]:
    for word, part, flow in (("request", "input_type", Flow.FORTH), ("response", "output_type", Flow.BACK)):
        was, now = getattr(old, f"{word}_type"), getattr(new, f"{word}_type")
        if context.pairing.same_type(was, now):
            continue
        before: Message | None = getattr(old, word)
        after: Message | None = getattr(new, word)
        verdict = context.structure.of_messages(context, before, after) | Verdict(source=_MAJOR)
        proof = Proof(before, after, (), ()) if before is not None and after is not None else None
        text = f"{label} {'takes' if word == 'request' else 'answers with'} another message"
        yield (
            Difference(
                f"rpc-{word}-type-changed", text, verdict, old.at(part), new.at(part), was, now, proof
            ),
            flow,
        )


def _streams(old: Method, new: Method, label: str) -> Iterator[Difference]:
    for side in ("client", "server"):
        was, now = getattr(old, f"{side}_streaming"), getattr(new, f"{side}_streaming")
        if was != now:
            shapes = ("one message", "a stream")
            text = f"{label}: the {side} sends {shapes[now]} instead of {shapes[was]}"
            part = f"{side}_streaming"
            yield Difference(
                f"rpc-{side}-streaming-changed",
                text,
                everywhere(_MAJOR),
                old.at(part),
                new.at(part),
                _shape(old),
                _shape(new),
            )


def _shape(method: Method) -> str:
    request, response = (
        "stream" if streams else "one" for streams in (method.client_streaming, method.server_streaming)
    )
    return f"{request} in, {response} out"


def _promise(old: Method, new: Method, label: str) -> Iterator[Difference]:
    was, now = old.idempotency, new.idempotency
    if was == now:
        return
    weaker = _PROMISES.index(now) < _PROMISES.index(was)
    level = _MAJOR if weaker else _MINOR
    text = "it promises less, so clients may not retry it or call it by GET" if weaker else "it promises more"
    yield Difference(
        "rpc-idempotency-weakened" if weaker else "rpc-idempotency-strengthened",
        f"{label}: {text}",
        fixed(level, level),
        old.at("options", "idempotency_level"),
        new.at("options", "idempotency_level"),
        was,
        now,
    )


def _report(
    context: Context,
    found: Difference,
    old: Element | None,
    reached: Service | Method,
    flow: Flow = Flow.BOTH,
) -> None:
    """Note a difference with the methods that it reaches: one, or all of a service."""
    methods = (reached,) if isinstance(reached, Method) else reached.methods
    context.recorder.add(found.met(context, flow, tuple(method.path for method in methods), old))
