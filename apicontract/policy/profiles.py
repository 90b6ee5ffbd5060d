"""Profiles: named settings to start from, each row with the public guideline that it follows.

A profile is a table laid over the defaults. What a team writes in its own file is laid over the profile.
House presets say what the public guideline of that house says, by its rule; they are not endorsed by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.policy.layers import Layer
    from apicontract.sources import Json


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of a profile: its dotted key, its value, why, and the guideline (empty for our own)."""

    key: str
    value: Json
    why: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of settings; `guideline` is the public page it follows, empty for our own."""

    name: str
    summary: str
    rows: tuple[Row, ...]
    guideline: str = ""


_ALL: list[Json] = ["wire", "json", "behaviour", "source"]

_OWN = (
    Profile("default", "The defaults: what clients at run time can meet.", ()),
    Profile(
        "wire",
        "Only what makes a message be refused or misread.",
        (Row("surfaces", ["wire", "json"], "what arrives and is understood is no break"),),
    ),
    Profile(
        "source",
        "Also what code generated from the contract would no longer compile against.",
        (Row("surfaces", _ALL, "a renamed operationId or schema renames what code calls"),),
    ),
    Profile(
        "strict",
        "Everything that could break anybody.",
        (
            Row("surfaces", _ALL, "code is a client too"),
            Row("compare.open-enums", "none", "no list of values may grow"),
            Row("compare.doubtful", "major", "what breaks some clients is a break"),
            Row("stability.may-break", [], "what is published is promised"),
            Row("version.visible-major", "required", "clients choose the major by its address"),
            Row("rules.deprecation-without-sunset", "error", "who deprecates says until when"),
            Row("rules.suppression-unused", "error", "waivers that waive nothing hide mistakes"),
        ),
    ),
)


def _defaults(why: str, reference: str) -> Iterator[Row]:
    """Changed and removed defaults of messages are breaks."""
    for direction in ("request", "response"):
        for verb in ("changed", "removed"):
            yield Row(f"rules.{direction}-default-{verb}", "major", why, reference)


_AIP = Profile(
    "aip",
    "Google's API Improvement Proposals.",
    (
        Row("surfaces", _ALL, "source, wire and semantic compatibility all count", "AIP-180"),
        Row(
            "compare.open-enums",
            "all",
            "enum values may be added, also in responses",
            "AIP-180, adding components",
        ),
        Row("compare.unknown-properties", "tolerated", "fields may be added", "AIP-180, adding components"),
        *_defaults("default values must not change", "AIP-180, default values"),
        Row("stability.may-break", ["draft", "alpha"], "breaks are expected in alpha", "AIP-181, alpha"),
        Row("version.visible-major", "required", "the major ends the package and begins the path", "AIP-185"),
        Row("sunset.notice-days.beta", 180, "time to leave a beta that goes", "AIP-185, beta channel"),
        Row(
            "rules.deprecation-without-sunset",
            "error",
            "a turn-down has a deprecation period",
            "AIP-181, major versions",
        ),
    ),
    "https://google.aip.dev/180",
)

_GITHUB = Profile(
    "github",
    "GitHub's REST API: dated versions, additive changes in all of them.",
    (
        Row(
            "version.scheme",
            "date",
            "a breaking change is released in a new dated version",
            "Breaking changes",
        ),
        Row("version.visible-major", "never", "the version travels in a header", "API Versions"),
        Row(
            "compare.open-enums",
            "all",
            "adding enum values is additive",
            "Breaking changes: additive changes",
        ),
        Row(
            "compare.unknown-properties",
            "tolerated",
            "adding a response field is additive",
            "Breaking changes: additive changes",
        ),
        Row("rules.response-enum-value-removed", "major", "removing enum values breaks", "Breaking changes"),
        Row(
            "sunset.notice-days.stable",
            730,
            "24 months of support after the next version",
            "Breaking changes",
        ),
    ),
    "https://docs.github.com/rest/about-the-rest-api/breaking-changes",
)

_STRIPE = Profile(
    "stripe",
    "Stripe's API: dated versions, opaque strings of any form.",
    (
        Row("version.scheme", "date", "a break is released in a new dated version", "API upgrades"),
        Row("version.visible-major", "never", "accounts are pinned to a dated version", "API upgrades"),
        Row(
            "compare.unknown-properties",
            "tolerated",
            "properties may be added to responses",
            "API upgrades: backwards-compatible changes",
        ),
        Row(
            "rules.response-max-length-*",
            "minor",
            "the length of opaque strings may change",
            "API upgrades: backwards-compatible changes",
        ),
        Row(
            "rules.response-min-length-*",
            "minor",
            "the length of opaque strings may change",
            "API upgrades: backwards-compatible changes",
        ),
        Row(
            "rules.response-pattern-*",
            "minor",
            "the format of opaque strings may change",
            "API upgrades: backwards-compatible changes",
        ),
        Row(
            "rules.webhook-added",
            "minor",
            "event types may be added",
            "API upgrades: backwards-compatible changes",
        ),
    ),
    "https://docs.stripe.com/upgrades",
)

_ZALANDO = Profile(
    "zalando",
    "Zalando's RESTful API guidelines: tolerant readers, no versions in URLs.",
    (
        Row("version.scheme", "semver", "semantic versions in the contract", "rule 116"),
        Row("version.visible-major", "never", "no version in URLs", "rule 115"),
        Row(
            "compare.open-enums", "marked", "lists marked as extensible may grow, others may not", "rule 112"
        ),
        Row(
            "compare.unknown-properties",
            "tolerated",
            "clients are tolerant readers, objects open for extension",
            "rules 108 and 111",
        ),
        Row(
            "rules.deprecation-without-sunset",
            "error",
            "who deprecates says when it will be shut down",
            "rule 187",
        ),
    ),
    "https://opensource.zalando.com/restful-api-guidelines/",
)

_KUBERNETES = Profile(
    "kubernetes",
    "Kubernetes: removals by a new group version only, on every track.",
    (
        Row(
            "stability.may-break",
            [],
            "nothing is removed from a version, on whatever track",
            "Deprecation Policy, rule 1",
        ),
        Row(
            "version.visible-major",
            "required",
            "what breaks is a new group version",
            "Deprecation Policy, rule 1",
        ),
        Row(
            "compare.open-enums",
            "marked",
            "a further value is no compatible change unless the set is said to be open",
            "API Changes, gotchas",
        ),
        *_defaults("the meaning of defaults must not change", "API Changes, on compatibility"),
        Row(
            "sunset.notice-days.stable",
            365,
            "12 months at the least after deprecation",
            "Deprecation Policy, rule 4a",
        ),
        Row(
            "sunset.notice-days.beta",
            270,
            "9 months at the least after deprecation",
            "Deprecation Policy, rule 4a",
        ),
    ),
    "https://kubernetes.io/docs/reference/using-api/deprecation-policy/",
)

PROFILES: dict[str, Profile] = {
    profile.name: profile for profile in (*_OWN, _AIP, _GITHUB, _STRIPE, _ZALANDO, _KUBERNETES)
}


def layer(profile: Profile) -> Layer:
    """The profile as a layer of configuration."""
    from apicontract.policy.layers import Layer

    values: dict[str, Json] = {}
    for row in profile.rows:
        *tables, name = row.key.split(".")
        table = values
        for step in tables:
            below = table.setdefault(step, {})
            assert isinstance(below, dict)  # noqa: S101  # rows name tables and values apart
            table = below
        table[name] = row.value
    references = {row.key: row.reference for row in profile.rows if row.reference}
    return Layer(f"profile {profile.name}", values, references=references)
