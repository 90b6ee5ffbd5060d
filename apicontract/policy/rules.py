"""The rules of the gate: what it finds about versions, deprecations and the policy's own files.

Changes and validation have their own catalogues. The examples are texts with up to three parts: lines
that begin with `#:` are the configuration, then the contract before, `---`, and the contract after.
"""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity

COMMAND = "check"
_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def _contract(version: str, paths: str = "{}", *more: str) -> str:
    lines = ["openapi: 3.1.0", f"info: {{title: Orders, version: {version}}}", *more, f"paths: {paths}"]
    return "\n".join(lines)


def _get(path: str, *fields: str) -> str:
    inner = ", ".join((*fields, "responses: {'200': {description: Done}}"))
    return f"{{{path}: {{get: {{{inner}}}}}}}"


def _pair(old: str, new: str, *configuration: str) -> str:
    return "\n".join([*(f"#: {line}" for line in configuration), old, "---", new])


_NONE = "{}"
_ORDERS = _get("/orders")
_V1, _V2 = _get("/v1/orders"), _get("/v2/orders")
_BOTH = _V1[:-1] + ", " + _V2[1:]
_AHEAD = "deprecated: true, x-sunset: '2999-01-01'"
_SOON = "deprecated: true, x-sunset: '2000-01-01'"


def _scheme(name: str) -> str:
    return f"version = {{ scheme = '{name}' }}"


def _suppressed(rule: str, *further: str) -> str:
    keys = ", ".join((f"rule = '{rule}'", "reason = 'agreed'", *further))
    return f"suppressions = [{{ {keys} }}]"


def _ignoring(note: str) -> str:
    return _contract("1.0.1", _NONE, f"x-apicontract-ignore: {note}")


RULES: tuple[FindingRule, ...] = (
    FindingRule(
        "version-missing",
        "The contract declares no version.",
        _ERROR,
        "Without a version nobody can tell what they depend on, or whether it changed.",
        "Declare one: 0.2.0, say, and 1.0.0 once clients rely on it.",
        _pair(_contract("1.0.0"), _contract("''", _ORDERS)),
        _pair(_contract("1.0.0"), _contract("1.1.0", _ORDERS)),
        COMMAND,
    ),
    FindingRule(
        "version-not-moved",
        "The contract changed and its version did not.",
        _ERROR,
        "Two different contracts have the same version: whoever has one of them cannot know which.",
        "Declare the version that the changes require; `apicontract bump --write` does it.",
        _pair(_contract("1.0.0"), _contract("1.0.0", _ORDERS)),
        _pair(_contract("1.0.0"), _contract("1.1.0", _ORDERS)),
        COMMAND,
    ),
    FindingRule(
        "version-moved-too-little",
        "The version moved, but by less than the changes require.",
        _ERROR,
        "By the version, clients take an upgrade for safe that is not, or miss what was added.",
        "Declare the version that the changes require; `apicontract bump --write` does it.",
        _pair(_contract("1.0.0", _ORDERS), _contract("1.1.0")),
        _pair(_contract("1.0.0", _ORDERS), _contract("2.0.0")),
        COMMAND,
    ),
    FindingRule(
        "version-moved-back",
        "The version is lower than it was.",
        _ERROR,
        "Tools put versions in order: the new contract would be taken for the older one.",
        "Declare a version after the last one.",
        _pair(_contract("1.2.0"), _contract("1.1.0")),
        _pair(_contract("1.2.0"), _contract("1.2.0")),
        COMMAND,
    ),
    FindingRule(
        "version-not-semver",
        "The version is no semantic version.",
        _ERROR,
        "Whether it says enough about the changes cannot be told.",
        "Declare MAJOR.MINOR.PATCH, or say in the configuration which scheme you follow (`version.scheme`).",
        _pair(_contract("1.0.0"), _contract("next", _ORDERS)),
        _pair(_contract("1.0.0"), _contract("1.1.0", _ORDERS)),
        COMMAND,
    ),
    FindingRule(
        "version-not-calver",
        "The version is no calendar version.",
        _ERROR,
        "By the configuration versions are CalVer, and this one cannot be put in order with the others.",
        "Begin with the year: 2026.1, 2026.03.2, 26.4.",
        _pair(_contract("'2026.1'"), _contract("1.1.0", _ORDERS), _scheme("calver")),
        _pair(_contract("'2026.1'"), _contract("'2026.2'", _ORDERS), _scheme("calver")),
        COMMAND,
    ),
    FindingRule(
        "version-not-a-date",
        "The version is no date.",
        _ERROR,
        "By the configuration versions are dates, and this one cannot be put in order with the others.",
        "Write year, month and day: 2026-06-30, with a suffix if you like: 2026-06-30-preview.",
        _pair(_contract("'2026-01-01'"), _contract("1.1.0", _ORDERS), _scheme("date")),
        _pair(_contract("'2026-01-01'"), _contract("'2026-06-30'", _ORDERS), _scheme("date")),
        COMMAND,
    ),
    FindingRule(
        "break-refused",
        "There is a break, and no version that could say so.",
        _ERROR,
        "By the configuration nothing is asked of versions, so clients would meet the break unprepared.",
        "Keep what was there beside what is new, or name a scheme in `version.scheme`.",
        _pair(_contract("1", _ORDERS), _contract("2"), _scheme("none")),
        _pair(_contract("1", _ORDERS), _contract("1", _ORDERS), _scheme("none")),
        COMMAND,
    ),
    FindingRule(
        "level-refused",
        "The changes reach a level that is refused here.",
        _ERROR,
        "`fail-on` asks for changes below that level, whatever the version says.",
        "Make the change in a way that needs less, or waive it with a reason.",
        _pair(_contract("1.0.0", _ORDERS), _contract("2.0.0"), "fail-on = 'major'"),
        _pair(_contract("1.0.0"), _contract("1.1.0", _ORDERS), "fail-on = 'major'"),
        COMMAND,
    ),
    FindingRule(
        "major-not-visible",
        "There is a new major version, and clients do not see it.",
        _ERROR,
        "Clients choose a major by its address. Under the old one they meet a break unasked.",
        "Serve the new major in a place of its own (`/v2`, or the package `.v2`) and keep the old one there.",
        _pair(_contract("1.0.0", _V1), _contract("2.0.0", _get("/v1/parcels"))),
        _pair(_contract("1.0.0", _get("/v1/orders", _SOON)), _contract("2.0.0", _V2)),
        COMMAND,
    ),
    FindingRule(
        "major-shown-twice",
        "Clients see the major version in two places at once.",
        _ERROR,
        "Sooner or later the two places disagree, and `/v2` below `https://…/v1` means nothing.",
        "Keep it in one place: the first step of the paths, or the server's URL.",
        _pair(
            _contract("1.0.0", _ORDERS),
            _contract("1.1.0", _V1, "servers: [{url: https://api.example.com/v1}]"),
        ),
        _pair(_contract("0.2.0", _NONE), _contract("1.0.0", _V1)),
        COMMAND,
    ),
    FindingRule(
        "major-inconsistent",
        "The major version that clients see is not the one that is declared.",
        _ERROR,
        "Documentation, changelogs and packages speak of one major, addresses of another.",
        "Make them the same, by declaring the one that is served or by serving the one that is declared.",
        _pair(_contract("1.0.0", _NONE), _contract("3.0.0", _V2)),
        _pair(_contract("1.0.0", _NONE), _contract("2.0.0", _V2)),
        COMMAND,
    ),
    FindingRule(
        "major-removed-before-sunset",
        "An old major version is not served any more, and its sunset has not passed.",
        _ERROR,
        "Clients of the old major were not told until when it is there, or were told a later day.",
        "Keep it beside the new one, deprecated and with an `x-sunset`, until that day has passed.",
        _pair(_contract("1.0.0", _V1), _contract("2.0.0", _V2)),
        _pair(_contract("1.0.0", _V1), _contract("2.0.0", _BOTH)),
        COMMAND,
    ),
    FindingRule(
        "contract-removed",
        "A contract is gone, and its sunset has not passed.",
        _ERROR,
        "Whatever depends on the API has nothing to hold on to, and was not told until when it is there.",
        "Deprecate its operations with an `x-sunset`, and delete the contract after that day.",
        _pair(_contract("1.0.0", _ORDERS), ""),
        _pair(_contract("1.0.0", _get("/orders", _SOON)), ""),
        COMMAND,
    ),
    FindingRule(
        "deprecation-without-sunset",
        "Something is deprecated, and until when it works is not said.",
        _WARNING,
        "A deprecation without a date is not acted upon: nobody knows how much time there is.",
        "Add `x-sunset` with a day (RFC 8594 has a header for responses).",
        _pair(_contract("1.0.0", _ORDERS), _contract("1.1.0", _get("/orders", "deprecated: true"))),
        _pair(_contract("1.0.0", _ORDERS), _contract("1.1.0", _get("/orders", _AHEAD))),
        COMMAND,
    ),
    FindingRule(
        "sunset-not-a-date",
        "A sunset is no day.",
        _ERROR,
        "Neither people nor tools can tell when it is, so nothing may ever be removed by it.",
        "Write year, month and day: 2026-12-31.",
        _pair(
            _contract("1.0.0", _ORDERS),
            _contract("1.1.0", _get("/orders", "deprecated: true, x-sunset: soon")),
        ),
        _pair(_contract("1.0.0", _ORDERS), _contract("1.1.0", _get("/orders", _AHEAD))),
        COMMAND,
    ),
    FindingRule(
        "sunset-too-soon",
        "A sunset is announced at too short a notice.",
        _ERROR,
        "Clients need time to notice, to plan and to change; `sunset.notice-days` says how much they get.",
        "Set a later day.",
        _pair(_contract("1.0.0", _ORDERS), _contract("1.1.0", _get("/orders", _SOON))),
        _pair(_contract("1.0.0", _ORDERS), _contract("1.1.0", _get("/orders", _AHEAD))),
        COMMAND,
    ),
    FindingRule(
        "suppression-expired",
        "A suppression holds no longer.",
        _ERROR,
        "It was agreed until a day that has passed; what it waived counts again.",
        "Do what was put off, or agree on a new day.",
        _pair(_contract("1.0.0"), _contract("1.0.0"), _suppressed("operation-added", "until = 2000-01-01")),
        _pair(
            _contract("1.0.0"),
            _contract("1.0.0", _ORDERS),
            _suppressed("operation-added", "until = 2999-01-01"),
        ),
        COMMAND,
    ),
    FindingRule(
        "suppression-unused",
        "A suppression waives nothing.",
        _WARNING,
        "Either it is mistyped, and what it was meant for still counts, or it waits to hide something else.",
        "Correct or delete it.",
        _pair(_contract("1.0.0"), _contract("1.0.0"), _suppressed("operation-added")),
        _pair(_contract("1.0.0"), _contract("1.0.0", _ORDERS), _suppressed("operation-added")),
        COMMAND,
    ),
    FindingRule(
        "suppression-lapsed",
        "A suppression has lapsed: the base has it already, and with it what it was written for.",
        _WARNING,
        "Left in force it would hide the next change that looks the same.",
        "Delete it. For one that is meant to stay, write `standing = true`; for a further change, a new one.",
        _pair(
            _ignoring("{rule: operation-removed, reason: agreed}"),
            _ignoring("{rule: operation-removed, reason: agreed}"),
        ),
        _pair(
            _ignoring("{rule: '*-added', reason: agreed, standing: true}"),
            _contract(
                "1.0.1", _ORDERS, "x-apicontract-ignore: {rule: '*-added', reason: agreed, standing: true}"
            ),
        ),
        COMMAND,
    ),
    FindingRule(
        "ignore-malformed",
        "An `x-apicontract-ignore` cannot be understood.",
        _ERROR,
        "It waives nothing as it stands, although it looks as if it did.",
        "Write `{rule: …, reason: …}`, with `until: 2026-12-31` if it ends, or a list of such.",
        _pair(_contract("1.0.0"), _contract("1.0.0", _NONE, "x-apicontract-ignore: {rule: operation-added}")),
        _pair(
            _contract("1.0.0"),
            _contract("1.0.0", _ORDERS, "x-apicontract-ignore: {rule: operation-added, reason: agreed}"),
        ),
        COMMAND,
    ),
    FindingRule(
        "baseline-stale",
        "The baseline lists what is not there any more.",
        _INFO,
        "Debt that was paid should not be available again.",
        "`apicontract check --write-baseline` takes it out; a baseline only shrinks.",
        "",
        "",
        COMMAND,
    ),
)

CATALOGUE: dict[str, FindingRule] = {rule.id: rule for rule in RULES}

# What is about the whole step from one version to the next, or about a waiver: never debt, since accepted
# once it would be accepted for ever, and waived by its own name only, never by a pattern.
NEVER = frozenset(
    {
        "version-not-moved",
        "version-moved-too-little",
        "version-moved-back",
        "level-refused",
        "break-refused",
        "major-not-visible",
        "major-removed-before-sunset",
        "contract-removed",
        "suppression-expired",
        "suppression-unused",
        "suppression-lapsed",
        "ignore-malformed",
    }
)
