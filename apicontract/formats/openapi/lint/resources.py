"""What a path and a name say about things and actions: the first two levels of Richardson's model.

Knows texts and word lists only, so that routes of every format can be asked. A word that is a noun as
well (`import`, `check`) gets the benefit of the doubt where the contract treats it as a thing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.words import is_plural, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from apicontract.findings import LintSettings

_SUFFIX = re.compile(r"\.(?:asmx|ashx|aspx?|cgi|do|jsp|php|svc)$", re.IGNORECASE)
_PREFIXED = re.compile(r"[A-Z][A-Za-z0-9]*_(?=[A-Z])")  # `Orders_GetOne`, as generators write it


class Action(NamedTuple):
    """A segment that names an action. late: it ends the path, after a thing that the path identifies."""

    segment: str
    verb: str
    late: bool


def names_nothing(path: str, settings: LintSettings) -> bool:
    """R1: no segment names a thing; `/rpc`, `/api/v1/{method}`, `/OrderService.svc`."""
    parts = addresses.resources(path)
    literal = [part for part in parts if not addresses.is_variable(part)]
    variables = [words(name) for part in parts for name in addresses.variables(part)]
    if any("_".join(name) in settings.action_parameters for name in variables):
        return True  # a variable picks what happens
    if not literal:
        return not variables
    return all(is_generic(part, settings) for part in literal)


def is_generic(segment: str, settings: LintSettings) -> bool:
    """Whether a segment names the service, or the way in, instead of a thing: `api`, `appointmentService`."""
    parts = words(_SUFFIX.sub("", segment))
    return bool(_SUFFIX.search(segment)) or (bool(parts) and parts[-1] in settings.tunnel_segments)


def action_in(
    path: str, methods: Collection[str], below: Collection[str], settings: LintSettings
) -> Action | None:
    """R2: the first segment that is a verb, or begins with one; None if all of them are things.

    methods: those of this path. below: the methods of what stands below it. A word that is a noun too is
    a thing if a variable follows it, if it is read, replaced or deleted by itself, or heads a plural.
    """
    parts = addresses.resources(path)
    for at, part in enumerate(parts):
        if addresses.has_variable(part):
            continue
        last = at == len(parts) - 1
        if last and (dotted := _dotted(part, methods, settings)):
            return Action(part, dotted, late=False)
        found = words(part)
        if not found or found[0] not in settings.verbs:
            continue
        noun = found[0] in settings.verbs_and_nouns and not _asks(found, methods, below, settings)
        if noun and (not last or below or set(methods) != {"post"}):
            continue
        if noun and len(found) > 1 and is_plural(part, settings.uncountable):
            continue
        after_item = any(addresses.has_variable(before) for before in parts[:at])
        named = at > 0 and not is_generic(parts[at - 1], settings)
        plain = found[0] not in settings.standard_methods
        acts = "get" not in methods and last
        return Action(part, found[0], acts and ((plain and after_item) or (noun and named)))
    return None


def _dotted(segment: str, methods: Collection[str], settings: LintSettings) -> str:
    """The verb behind the dot of `users.list` or `chat.postMessage`, as procedures are called; else empty."""
    thing, dot, call = segment.rpartition(".")
    found = words(call)
    if not (dot and thing and found) or not set(methods) <= {"get", "post"}:
        return ""
    return found[0] if found[0] in settings.verbs else ""


def _asks(
    found: tuple[str, ...], methods: Collection[str], below: Collection[str], settings: LintSettings
) -> bool:
    """Whether a compound asks for something (`listOrders`): no list of orders, which would have items."""
    return (
        len(found) > 1
        and found[0] in settings.reading_verbs
        and not below
        and set(methods) <= {"get", "post"}
    )


def custom_method_fault(path: str, settings: LintSettings) -> str:
    """What is wrong with a path's custom method (AIP-136), as the rest of a sentence; empty if nothing."""
    method = addresses.custom_method(path)
    if not method or "{" in method:
        return ""
    found = words(method)
    if len(found) == 1 and found[0] in settings.standard_methods:
        return f"repeats a standard method: `{found[0]}` is what HTTP's own methods are for"
    if not found or (found[0] not in settings.verbs and len(found) == 1 and _is_thing(found[0], settings)):
        return "is no verb"
    return ""


def _is_thing(word: str, settings: LintSettings) -> bool:
    return word not in settings.uncountable and is_plural(word, settings.uncountable)


def head(name: str) -> tuple[str, ...]:
    """The words of an operation's id or summary, without a tag before it: `repos/get-one` is `get`, `one`."""
    last = re.split(r"[/.#:]", name.strip().rstrip("."))[-1] if " " not in name.strip() else name
    return words(_PREFIXED.sub("", last, count=1))


def begins_with(names: Iterable[str], verbs: Collection[str]) -> str:
    """The verb that one of the names begins with; `find or create` is none, since it does either."""
    for name in names:
        found = head(name)
        if found and found[0] in verbs and not {"or", "and"} & set(found[1:4]):
            return found[0]
    return ""


def are_actions(values: Iterable[object], settings: LintSettings) -> bool:
    """Whether a list of values is one of verbs (`approve`, `cancelOrder`): two at least, and nothing else."""
    heads = [words(value)[:1] for value in values if isinstance(value, str)]
    acting = [found for found in heads if found and found[0] in settings.verbs | settings.changing_verbs]
    return len(acting) > 1 and len(acting) >= len(heads) * 2 / 3


def are_only_actions(values: Collection[object], settings: LintSettings) -> bool:
    """Whether each of several values is, or begins with, a verb that is no noun: they pick what happens."""
    plain = settings.verbs - settings.verbs_and_nouns
    return len(values) > 1 and all(
        isinstance(value, str) and words(value)[:1] and words(value)[0] in plain for value in values
    )


def of_several_things(values: Iterable[object], settings: LintSettings) -> bool:
    """Whether verbs in a list name different things to act on: `bookSlot`, `listDoctors`."""
    objects = {
        found[1:]
        for value in values
        if isinstance(value, str) and (found := words(value)) and found[0] in settings.verbs
    }
    return len(objects - {()}) > 1
