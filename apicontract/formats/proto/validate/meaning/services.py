"""Checks on services: messages that several calls share, calls whose names are one in generated code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.proto.elements import Message, Method
    from apicontract.formats.proto.validate.view import View

_MADE_FOR_ALL = (
    "google.protobuf.",
    "google.longrunning.",
    "google.api.",
    "google.iam.",
    "google.rpc.",
    "google.type.",
)
_MADE_FOR_A_CALL = ("Response", "Reply", "Result", "Output", "Res", "Rsp", "Resp")
_NAMED = 3  # calls that a message names


def shared_types(view: View) -> Iterator[Finding]:
    """Messages that are the request of several calls, or the response of several that do not return a thing.

    A response that is the thing itself (`GetBook` and `CreateBook` return `Book`; AIP-131, 133) is shared
    on purpose, and so is what is made for all, such as `google.protobuf.Empty`. A response that is made
    for one call says so in its name.
    """
    requests: dict[str, list[Method]] = {}
    responses: dict[str, list[Method]] = {}
    for service in view.services:
        for method in service.methods:
            requests.setdefault(method.request_type, []).append(method)
            responses.setdefault(method.response_type, []).append(method)
    for message in view.messages:
        asking, answering = requests.get(message.full_name, []), responses.get(message.full_name, [])
        if message.full_name.startswith(_MADE_FOR_ALL):
            continue
        several = len(answering) > 1 and message.name.endswith(_MADE_FOR_A_CALL)
        if len(asking) > 1 or (asking and answering) or several:
            yield _shared(view, message, asking, answering)


def _shared(view: View, message: Message, asking: list[Method], answering: list[Method]) -> Finding:
    roles = [
        f"the {role} of {_names(methods)}"
        for role, methods in (("request", asking), ("response", answering))
        if methods
    ]
    return view.finding("rpc-type-shared", message.place, f"`{message.full_name}` is {' and '.join(roles)}")


def _names(methods: list[Method]) -> str:
    shown = [f"`{method.service.name}.{method.name}`" for method in methods[:_NAMED]]
    more = len(methods) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def names(view: View) -> Iterator[Finding]:
    """Calls of one service that are the same name once case and underscores are taken away."""
    for service in view.services:
        first: dict[str, Method] = {}
        for method in service.methods:
            other = first.setdefault(method.name.replace("_", "").lower(), method)
            if other is not method:
                yield view.finding(
                    "rpc-name-collision",
                    method.place,
                    f"`{other.name}` and `{method.name}` of `{service.full_name}`"
                    " are one name in generated code",
                )
