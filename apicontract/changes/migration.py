"""What those who use an API do about a change: one sentence, for release notes.

A rule's own advice speaks to those who offer the API. This is the other side of it: by the rule where
there is something particular to do, else by where the change breaks and which way the message flows.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from apicontract.changes.model import Direction, Level, Surface

if TYPE_CHECKING:
    from apicontract.changes.model import Change

# The first row whose pattern matches the rule's id counts.
_BY_RULE = (
    ("operation-removed", "Stop calling it before you use this version."),
    ("path-prefix-changed", "Call the API under its new prefix."),
    ("callback-removed", "Do not wait for this message any more."),
    ("webhook-removed", "Do not wait for this message any more."),
    ("stability-decreased", "Do not build on it without an agreement: it may change at any time."),
    ("anonymous-access-removed", "Send credentials."),
    ("security-alternative-removed", "Authenticate in a way that is still accepted."),
    ("security-scheme-changed", "Change how you authenticate."),
    ("oauth-*", "Change the settings of your OAuth client."),
    ("server-*", "Change the address that you call."),
    ("deprecated", "Plan to do without it."),
    ("*-deprecated-added", "Plan to do without it."),
    ("sunset-changed", "Note the day on which it may go."),
    ("operation-id-changed", "Rename it where generated code calls it."),
    ("component-re*", "Rename the type where generated code uses it."),
    ("parameter-renamed", "Rename it where generated code passes it by name."),
    ("callback-renamed", "Rename it where generated code uses it."),
    ("request-required-*-added", "Always send it."),
    ("request-header-added", "Always send it."),
    ("request-*-became-required", "Always send it."),
    ("request-body-dropped", "Stop sending a body."),
    ("request-parameter-removed", "Stop sending it: it has no effect any more."),
    ("request-property-removed", "Stop sending it: it has no effect any more."),
    ("request-read-only-added", "Stop sending it: it has no effect any more."),
    ("request-parameter-moved", "Send it in its new place."),
    ("request-*-serialisation-changed", "Write it in the new form."),
    ("request-xml-form-changed", "Write it in the new form."),
    ("request-reserved-characters-refused", "Escape reserved characters."),
    ("request-empty-value-refused", "Send a value, or leave it out."),
    ("request-media-type-removed", "Send a media type that is still accepted."),
    ("request-became-not-nullable", "Do not send null."),
    ("request-enum-value-removed", "Do not send this value any more."),
    ("request-additional-properties-closed", "Send declared properties only."),
    ("request-unevaluated-properties-closed", "Send declared properties only."),
    ("request-*status-removed", "Answer with a status that is still understood."),
    ("response-media-type-removed", "Ask for a media type that is still served."),
    ("response-property-removed", "Do without it."),
    ("response-header-removed", "Do without it."),
    ("response-parameter-removed", "Do without it."),
    ("response-body-*ed", "Do not count on a body."),
    ("response-write-only-added", "Do without it."),
    ("response-parameter-moved", "Read it in its new place."),
    ("response-*-became-optional", "Expect that it is missing."),
    ("response-*-serialisation-changed", "Read it in the new form."),
    ("response-xml-form-changed", "Read it in the new form."),
    ("response-became-nullable", "Expect null."),
    ("response-enum-value-added", "Expect this value, and be ready for ones that you do not know."),
    ("response-enum-removed", "Be ready for values that you do not know."),
    ("response-alternative-added", "Expect the further form."),
    ("response-*status-r*", "Expect other statuses than before."),
)
_BY_BREAK = {
    (Surface.WIRE, Direction.REQUEST): "Check what you send: what was valid before may be refused.",
    (Surface.WIRE, Direction.RESPONSE): "Check what you read: there may be values that never came before.",
    (Surface.JSON, Direction.REQUEST): "Check the JSON that you send: its form is another one.",
    (Surface.JSON, Direction.RESPONSE): "Check the JSON that you read: its form is another one.",
    (Surface.BEHAVIOUR, Direction.REQUEST): "Check that what you ask for still has its effect.",
    (Surface.BEHAVIOUR, Direction.RESPONSE): "Check that you do not need what is gone.",
    (Surface.SOURCE, Direction.REQUEST): "Generate your code anew and mend what does not compile.",
    (Surface.SOURCE, Direction.RESPONSE): "Generate your code anew and mend what does not compile.",
}


def migration(change: Change) -> str:
    """What to do about a change before using the new version; empty if nothing needs to be done."""
    announces = change.rule in ("deprecated", "sunset-changed") or change.rule.endswith("-deprecated-added")
    if not (change.surfaces or change.level is Level.MAJOR or announces):
        return ""
    for pattern, advice in _BY_RULE:
        if fnmatchcase(change.rule, pattern):
            return advice
    surface = change.surfaces[0] if change.surfaces else Surface.BEHAVIOUR
    direction = Direction.RESPONSE if change.direction is Direction.NONE else change.direction
    return _BY_BREAK[surface, direction]
