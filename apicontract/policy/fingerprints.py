"""Fingerprints: the same change, and the same finding, have the same one in every run.

Made of the rule, the place by its names, and the values; never of messages, lines or positions in
lists. Moving lines, reordering and reformatting a contract leaves them as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from apicontract.sources import join, split

if TYPE_CHECKING:
    from apicontract.changes import Change
    from apicontract.findings import Finding
    from apicontract.sources import Json, Place

LENGTH = 16  # hexadecimal digits: one clash in a billion changes is unlikely
SHORTEST = 8  # what a suppression must give of it
_NAMES = ("name", "operationId", "url", "$ref", "$id", "title")


def fingerprint(change: Change) -> str:
    """The fingerprint of a change: its rule, where it stood (or stands, if it is new), and its values."""
    place = change.old or change.new
    name, *values = change.values or (None,)
    return _digest(change.rule, named_pointer(place) if place else "", [_unordered(name), *values])


def finding_fingerprint(finding: Finding) -> str:
    """The fingerprint of a finding: its rule, where it stands, and the value there if it is a plain one."""
    try:
        value = finding.place.value
    except KeyError:
        value = None
    plain = None if isinstance(value, dict | list) else value
    return _digest(finding.rule, named_pointer(finding.place), [plain])


def named_pointer(place: Place) -> str:
    """The pointer of a place with the elements of lists by what they are called, not by their number."""
    pointer = written = ""
    value: Json = place.document.value
    called = place.document.called
    for token in split(place.pointer):
        step = token
        written = join(written, token)
        below: Json = None
        if isinstance(value, dict):
            below = value.get(token)
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            below = value[int(token)]
            name = called.get(written)
            if name is None:
                name = called[written] = _called(below)
            step = f"[{name}]"
        pointer = join(pointer, step)
        value = below
    return pointer


def _called(element: Json) -> str:
    """What an element of a list is called: its name (and where it is `in`), else a digest of it."""
    if isinstance(element, dict):
        for key in _NAMES:
            name = element.get(key)
            if isinstance(name, str):
                where = element.get("in")
                return f"{where} {name}" if key == "name" and isinstance(where, str) else name
    elif isinstance(element, str) and len(element) <= 80:  # noqa: PLR2004  # longer ones are no names
        return element
    return _digest("", "", [element])[:8]


def _unordered(name: Json) -> Json:
    """The name of a change without order: values in a row are sorted, the number of a branch is none."""
    if not isinstance(name, str) or name.isdigit():
        return None
    return sorted(name.split(", "))  # type: ignore[return-value]  # a list of texts is a JSON value


def _digest(rule: str, pointer: str, values: list[Json]) -> str:
    import hashlib  # loads OpenSSL, and most reports show no fingerprint

    text = "\n".join((rule, pointer, *(_canonical(value) for value in values)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _canonical(value: Json) -> str:
    """One text for values that differ only in the order of keys and of elements."""
    return json.dumps(_sorted(value), sort_keys=True, separators=(",", ":"), default=str)


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value
