"""Suppressions: which changes and findings are waived, and which waivers expired, lapsed or waive nothing.

Two kinds are treated alike: those of the configuration, and those written beside a thing in a contract.
A waiver that the base has already does not hold: what it was written for is in the base too, and the
next change that looks the same needs its own. `standing` keeps it in force.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from apicontract.changes.promises import IGNORE
from apicontract.findings import Finding, Severity
from apicontract.policy.fingerprints import SHORTEST, named_pointer
from apicontract.policy.model import Suppression
from apicontract.policy.rules import CATALOGUE, NEVER
from apicontract.policy.verdict import Waiver
from apicontract.records import dataclass
from apicontract.sources import globs
from apicontract.sources.expansion import meant_by

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from apicontract.changes.promises import Ignore, Promises
    from apicontract.policy.configuration import Configuration
    from apicontract.policy.subjects import Subject
    from apicontract.sources import Json, Place

_KEYS = frozenset({"rule", "reason", "until", "standing"})

RULESET_PREFIX = "spectral:"  # of the ids of rules that a ruleset has; which there are, only lint knows


@dataclass(frozen=True, slots=True)
class Entry:
    """One waiver: what it says, where it stands, and the thing in the contract that it stands beside."""

    says: Suppression
    place: Place | None
    beside: Ignore | None = None

    @property
    def waiver(self) -> Waiver:
        """What reports show of it."""
        origin = f"{self.place.file}:{self.place.line}:{self.place.column}" if self.place else ""
        until = self.says.until.isoformat() if self.says.until else ""
        return Waiver("ignore" if self.beside else "suppression", self.says.reason, until, origin)

    def covers(self, subject: Subject) -> bool:
        """Whether its patterns match: all that are given, and none of its exceptions."""
        says = self.says
        if subject.rule in NEVER and says.rule != subject.rule:
            return False  # what the gate says of the whole step is waived by its own name only
        if self.beside is not None and not _below(self.beside, subject):
            return False
        if says.fingerprint and not _same_print(says.fingerprint, subject.fingerprint):
            return False
        return _matched(says.rule, says.operation, says.pointer, says.contract, subject) and not any(
            _matched(each.rule, each.operation, each.pointer, each.contract, subject)
            for each in says.exceptions
        )


class Waivers:
    """The waivers of the configuration during one run: which hold, and which were of use."""

    def __init__(self, configuration: Configuration, today: dt.date) -> None:
        self._today = today
        self._configuration = configuration
        self._entries = [
            Entry(one, configuration.place("suppressions", str(number)))
            for number, one in enumerate(configuration.settings.suppressions)
        ]
        self._used: set[int] = set()
        self._would: set[int] = set()  # lapsed ones that would have covered something
        self._fresh: set[int] = set()  # not yet in some base, so that they hold there

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._entries)

    def holding(self, base: Configuration | None) -> list[int]:
        """The numbers of those that hold against this base."""
        known = base.settings.suppressions if base is not None else ()
        holding = []
        for number, entry in enumerate(self._entries):
            if entry.says.standing or entry.says not in known:
                self._fresh.add(number)
                if not expired(entry, self._today):
                    holding.append(number)
        return holding

    def waive(self, subject: Subject, holding: Collection[int]) -> Waiver | None:
        """The first waiver that covers the subject."""
        for number, entry in enumerate(self._entries):
            if not entry.covers(subject):
                continue
            if number in holding:
                self._used.add(number)
                return entry.waiver
            self._would.add(number)
        return None

    def findings(self, unused: Callable[[Suppression], bool]) -> Iterator[Finding]:
        """What is to be said about them; `unused` tells whether waiving nothing means anything."""
        for number, entry in enumerate(self._entries):
            place = entry.place
            if place is None:
                continue
            if expired(entry, self._today):
                yield finding("suppression-expired", place, _expiry(entry))
            elif number not in self._used and unused(entry.says):
                lapsed = number not in self._fresh
                yield unneeded(entry, place, lapsed=lapsed, would=number in self._would)


def beside_things(
    old: Promises | None, new: Promises | None, known: Collection[str]
) -> tuple[list[Entry], list[Entry], list[Finding]]:
    """The waivers written in a contract: what holds, what lapsed, and what cannot be understood."""
    holding: list[Entry] = []
    lapsed: list[Entry] = []
    wrong: list[Finding] = []
    before = {(each.note.pointer, repr(each.value)) for each in old.ignores} if old is not None else set()
    for ignore in new.ignores if new is not None else ():
        listed = ignore.value if isinstance(ignore.value, list) else [ignore.value]
        for note in listed:
            says = _read(note, known)
            if isinstance(says, str):
                wrong.append(finding("ignore-malformed", ignore.note, f"`{IGNORE}`: {says}"))
                continue
            absorbed = (ignore.note.pointer, repr(ignore.value)) in before and not says.standing
            (lapsed if absorbed else holding).append(Entry(says, ignore.note, ignore))
    return holding, lapsed, wrong


def speaks_of(pattern: str, rules: Collection[str]) -> bool:
    """Whether a pattern of rules can be about one of these; an empty one is about everything."""
    return not pattern or any(globs.matches(pattern, each) for each in rules)


def expired(entry: Entry, today: dt.date) -> bool:
    """Whether its last day has passed."""
    return entry.says.until is not None and entry.says.until < today


def unneeded(entry: Entry, place: Place, *, lapsed: bool, would: bool) -> Finding:
    """What is said of a waiver that waived nothing."""
    about = f"for {_patterns(entry.says)} ({entry.says.reason})"
    if not lapsed:
        return finding("suppression-unused", place, f"the suppression {about} waives nothing")
    text = f"the suppression {about} has lapsed: the base has it already"
    if would:
        text += "; there is a further change like it, which counts"
    return finding("suppression-lapsed", place, text)


def expiry(entry: Entry, place: Place) -> Finding:
    """What is said of a waiver whose day has passed."""
    return finding("suppression-expired", place, _expiry(entry))


def finding(rule: str, place: Place, message: str, severity: Severity | None = None) -> Finding:
    """A finding of the gate by one of its rules."""
    return Finding(rule, severity or CATALOGUE[rule].severity, place, message, CATALOGUE[rule].advice)


def _expiry(entry: Entry) -> str:
    return (
        f"the suppression for {_patterns(entry.says)} ({entry.says.reason}) expired after {entry.says.until}"
    )


def _patterns(says: Suppression) -> str:
    given = (says.rule, says.operation, says.pointer, says.contract, says.fingerprint)
    return ", ".join(f"`{each}`" for each in given if each) or "everything"


def _matched(rule: str, operation: str, pointer: str, contract: str, subject: Subject) -> bool:
    """Whether every pattern that is given matches; of operations, all that the subject has."""
    if rule and not globs.matches(rule, subject.rule):
        return False
    if operation and not (
        subject.operations and all(globs.matches(operation, each) for each in subject.operations)
    ):
        return False
    if pointer and not any(globs.matches(pointer, each) for each in subject.pointers):
        return False
    return not contract or any(meant_by(contract, each) for each in subject.contracts)


def _same_print(given: str, whole: str) -> bool:
    return len(given) >= SHORTEST and whole.startswith(given.lower())


def _below(ignore: Ignore, subject: Subject) -> bool:
    """Whether the subject stands at or below the thing, then or now, or is met only through it."""
    if ignore.operations and subject.operations and set(subject.operations) <= set(ignore.operations):
        return True
    thing = ignore.place
    for place in (subject.new, subject.old):
        if place is None or os.path.basename(place.file) != os.path.basename(thing.file):  # noqa: PTH119
            continue
        if f"{named_pointer(place)}/".startswith(f"{named_pointer(thing)}/"):
            return True
    return False


def _meant(word: str, known: Collection[str]) -> str:
    """The nearest known word, to go behind what is said about a wrong one; empty if none is near."""
    from apicontract.policy.checking import nearest

    near = nearest(word, sorted(known), else_list=False)
    return f": {near}" if near else ""


def _read(note: Json, known: Collection[str]) -> Suppression | str:
    """A note as a suppression, or what is wrong with it."""
    if not isinstance(note, dict):
        return "it is an object with `rule` and `reason`, or a list of such"
    unknown = [key for key in note if key not in _KEYS]
    rule, reason, until = note.get("rule"), note.get("reason"), note.get("until")
    if unknown or rule is None:
        told = f"there is no key `{unknown[0]}`{_meant(unknown[0], _KEYS)}" if unknown else ""
        return told or "`rule` is missing"
    if not isinstance(rule, str) or not (
        rule.startswith(RULESET_PREFIX) or any(globs.matches(rule, each) for each in known)
    ):
        return f"`{rule}` is no rule{_meant(str(rule), known)}"
    if not isinstance(reason, str) or not reason.strip():
        return "`reason` is missing"
    try:
        last = None if until is None else dt.date.fromisoformat(str(until))
    except ValueError:
        return f"`until` is a day such as 2026-12-31, and this is `{until}`"
    return Suppression(reason=reason, rule=rule, until=last, standing=note.get("standing") is True)
