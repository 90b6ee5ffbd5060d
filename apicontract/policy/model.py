"""The configuration: every key with its type, its default and what it means.

From these classes come the reading of files, the published JSON Schema and docs/configuration.md.
Defaults are those of `schema = 1`; a later schema may have others, and never changes these.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # msgspec reads the annotations
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

SCHEMA = 1

Standing = Literal["major", "minor", "patch", "none", "error", "warning", "info", "off"]
SurfaceName = Literal["wire", "json", "behaviour", "source"]
StabilityName = Literal["draft", "alpha", "beta", "stable"]
Rules = Annotated[
    dict[str, Standing],
    Meta(
        description="What a rule counts as, by its id or a glob of ids. Kinds of changes take a level"
        " (`major`, `minor`, `patch`, `none`), findings a severity (`error`, `warning`, `info`, `off`)."
        " Of several that match, the exact id counts, else the longest pattern.",
        examples=[{"response-enum-value-added": "minor", "*-documentation-changed": "none"}],
    ),
]
Surfaces = Annotated[
    tuple[SurfaceName, ...],
    Meta(
        description="Where a break counts as one. Empty takes the format's own: OpenAPI `wire` and"
        " `behaviour`, protobuf all four.",
    ),
]
CaseName = Literal[
    "",
    "flatcase",
    "camelCase",
    "PascalCase",
    "kebab-case",
    "snake_case",
    "UPPER_SNAKE_CASE",
    "UPPER-KEBAB-CASE",
    "Train-Case",
]
_MOST = " Empty takes the set's, else the one that most names of the contract have."
ProfileName = Annotated[
    str,
    Meta(description="The named set of settings to start from; `apicontract config profiles` lists them."),
]


class Comparing(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How messages are compared. These settings reach down into the comparison of schemas itself."""

    open_enums: Annotated[
        Literal["none", "marked", "all"],
        Meta(
            description="Whose lists of values may grow in responses without a break: of `none` (a list"
            " said to be extensible is closed too), of those `marked` with `x-extensible-enum`, or of `all`.",
        ),
    ] = "marked"
    unknown_properties: Annotated[
        Literal["as-declared", "tolerated", "refused"],
        Meta(
            description="What clients do with names in responses that their contract does not declare:"
            " what its schemas say (`as-declared`), pass over them even where a schema is closed"
            " (`tolerated`), or fail on them even where it is open (`refused`).",
        ),
    ] = "as-declared"
    formats: Annotated[
        Literal["assert", "annotate"],
        Meta(
            description="Whether known formats (`date`, `uuid`, `int32`) restrict values or describe them.",
        ),
    ] = "assert"
    doubtful: Annotated[
        Literal["minor", "major"],
        Meta(
            description="What changes are that break some clients and not others: a changed default of a"
            " response's schema or of a request's, a further status that old clients do not expect.",
        ),
    ] = "minor"


class Stability(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What is promised of parts that are not stable yet."""

    may_break: Annotated[
        tuple[StabilityName, ...],
        Meta(
            description="Breaks of operations at these stability levels need a minor version only. The level"
            " is their `x-stability-level`, else the channel in the path or package: `v1alpha1`, `v1beta1`.",
        ),
    ] = ("draft", "alpha")


class NoticeDays(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Days between announcing a sunset and the sunset, by stability level."""

    stable: Annotated[int, Meta(ge=0, le=36500, description="For what is stable.")] = 90
    beta: Annotated[int, Meta(ge=0, le=36500, description="For what is beta.")] = 30
    alpha: Annotated[int, Meta(ge=0, le=36500, description="For what is alpha.")] = 0
    draft: Annotated[int, Meta(ge=0, le=36500, description="For a draft.")] = 0


class Sunset(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How things go: deprecated first, with a sunset, after which they may be removed."""

    notice_days: Annotated[
        NoticeDays,
        Meta(description="How many days ahead a new sunset must lie, by stability level."),
    ] = NoticeDays()
    keep_old_major: Annotated[
        bool,
        Meta(
            description="Whether an old major version must be served until its sunset has passed.",
        ),
    ] = True


class Versioning(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How the declared version must move."""

    scheme: Annotated[
        Literal["semver", "calver", "date", "none"],
        Meta(
            description="What versions are: `semver` (2.0.0), `calver` (any change moves it, `2024.2.1`),"
            " `date` (a break moves it, `2024-06-30`), or `none`: nothing is asked of the version,"
            " and a break is refused.",
        ),
    ] = "semver"
    visible_major: Annotated[
        Literal["where-shown", "required", "never"],
        Meta(
            description="Whether clients must see a new major in a path, server URL or package: `where-shown`"
            " asks it of contracts that show one already, `required` of all, `never` of none.",
        ),
    ] = "where-shown"


PATTERNS = ("rule", "operation", "pointer", "contract", "fingerprint")  # what says what a waiver is for


class Exemption(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What a suppression does not cover, although its own patterns do: all patterns given must match."""

    rule: Annotated[str, Meta(description="Id or glob of ids.")] = ""
    operation: Annotated[str, Meta(description="Glob of operations.")] = ""
    pointer: Annotated[str, Meta(description="Glob of JSON pointers.")] = ""
    contract: Annotated[str, Meta(description="Glob of contract files.")] = ""


class Suppression(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One waiver: what all of its patterns match is shown as waived and does not count."""

    reason: Annotated[str, Meta(min_length=1, description="Why, for whoever reads it in a year. Required.")]
    rule: Annotated[str, Meta(description="Id of the rule, or a glob of ids.")] = ""
    operation: Annotated[
        str,
        Meta(
            description="Glob of operations (`GET /orders*`, `* /internal/**`). Every operation through which"
            " the change is met must match."
        ),
    ] = ""
    pointer: Annotated[
        str,
        Meta(
            description="Glob of the JSON pointer of the change: `*` is one step of it, `**` any number."
            " A slash in a key is written `~1`, as RFC 6901 has it."
        ),
    ] = ""
    contract: Annotated[str, Meta(description="Glob of contract files, relative to the configuration.")] = ""
    fingerprint: Annotated[
        str, Meta(description="The fingerprint of one change, as reports show it; its first 8 digits do.")
    ] = ""
    until: Annotated[
        dt.date | None,
        Meta(description="The last day on which it holds. After that it is a finding, and waives nothing."),
    ] = None
    standing: Annotated[
        bool,
        Meta(
            description="Keep it in force also when the base that is compared with has it already. Otherwise"
            " it lapses then, since what it was written for is absorbed."
        ),
    ] = False
    exceptions: Annotated[
        tuple[Exemption, ...],
        Meta(description="What it does not cover, although its patterns do."),
    ] = field(name="except", default=())


class Linting(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Which rules `lint` asks, and the words, styles and bounds that they go by."""

    rules: Annotated[
        Literal["", "minimal", "recommended", "all", "zalando", "aip", "buf"],
        Meta(
            description="The set of rules. Empty takes `recommended`, or none where `select` or `extends`"
            " names rules."
        ),
    ] = ""
    extends: Annotated[
        tuple[str, ...],
        Meta(
            description="Rulesets of Spectral whose rules are asked too: files in YAML or JSON, relative to"
            " the configuration file. Their rules are called `spectral:NAME` ([Spectral](spectral.md)).",
            examples=[[".spectral.yaml"]],
        ),
    ] = ()
    select: Annotated[
        tuple[str, ...],
        Meta(description="Rules to ask besides those of the set: ids, globs of ids, categories."),
    ] = ()
    ignore: Annotated[
        tuple[str, ...],
        Meta(description="Rules not to ask, whatever chose them: ids, globs of ids, categories."),
    ] = ()
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Globs of contracts that are not linted, such as generated or vendored ones,"
            " relative to the configuration file."
        ),
    ] = ()
    path_case: Annotated[CaseName, Meta(description="The style of the segments of paths." + _MOST)] = ""
    query_case: Annotated[CaseName, Meta(description="The style of query parameters." + _MOST)] = ""
    header_case: Annotated[
        CaseName, Meta(description="The style of headers. Empty takes the set's, else `Train-Case`.")
    ] = ""
    property_case: Annotated[CaseName, Meta(description="The style of properties." + _MOST)] = ""
    schema_case: Annotated[CaseName, Meta(description="The style of names of schemas." + _MOST)] = ""
    enum_case: Annotated[CaseName, Meta(description="The style of values of lists." + _MOST)] = ""
    operation_id_case: Annotated[CaseName, Meta(description="The style of operation ids." + _MOST)] = ""
    version_in: Annotated[
        Literal["", "url", "elsewhere"],
        Meta(
            description="Where versions stand: in URLs, or never there (in a media type, say)."
            " Empty takes what the set says: `zalando` elsewhere, all others in URLs."
        ),
    ] = ""
    max_path_depth: Annotated[
        int, Meta(ge=1, le=100, description="How many sub-resources deep a path may lead.")
    ] = 3
    max_resource_types: Annotated[
        int, Meta(ge=1, le=10000, description="How many types of resource one contract may have.")
    ] = 8
    max_summary_length: Annotated[
        int, Meta(ge=1, le=10000, description="How many characters a summary may have.")
    ] = 120
    enum_zero_suffix: Annotated[
        str, Meta(min_length=1, description="How the zero of an enum of a proto ends.")
    ] = "_UNSPECIFIED"
    service_suffix: Annotated[
        str, Meta(min_length=1, description="How the name of a service of a proto ends.")
    ] = "Service"
    empty_messages: Annotated[
        bool,
        Meta(
            description="Whether RPCs may take and return `google.protobuf.Empty` by the rules on messages."
        ),
    ] = False
    words: Annotated[
        dict[str, tuple[str, ...]],
        Meta(
            description="Lists of words that take the place of ours: words in lower case, several joined"
            " by `_`. The names of the lists are in [Lint](lint.md#words).",
            examples=[{"uncountable": ["staff", "equipment"]}],
        ),
    ] = {}


class Rating(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How `maturity` rates an API by Richardson's model. Its words are those of `lint`."""

    share: Annotated[
        int,
        Meta(ge=1, le=100, description="How many of a hundred operations must reach a level for the API to."),
    ] = 90
    min_level: Annotated[
        int, Meta(ge=0, le=3, description="Exit 1 if an API is below that level; 0 never does.")
    ] = 0
    exclude: Annotated[
        tuple[str, ...],
        Meta(description="Globs of contracts that are not rated, relative to the configuration file."),
    ] = ()


class ContractGroup(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Contracts that are found and treated alike. Policy written here counts for these only."""

    paths: Annotated[
        tuple[str, ...],
        Meta(min_length=1, description="Globs of the contract files, relative to the configuration file."),
    ]
    exclude: Annotated[tuple[str, ...], Meta(description="Globs of files that are not meant.")] = ()
    format: Annotated[str, Meta(description="Their format; empty looks at what they say.")] = ""
    include: Annotated[
        tuple[str, ...], Meta(description="Folders in which protobuf imports are looked up.")
    ] = ()
    against: Annotated[
        str, Meta(description="What these are compared with, instead of the general base.")
    ] = ""
    profile: ProfileName | UnsetType = UNSET
    surfaces: Surfaces | UnsetType = UNSET
    fail_on: Literal["version", "major", "minor", "patch", "never"] | UnsetType = UNSET
    rules: Rules | UnsetType = UNSET
    compare: Comparing | UnsetType = UNSET
    stability: Stability | UnsetType = UNSET
    sunset: Sunset | UnsetType = UNSET
    version: Versioning | UnsetType = UNSET


Duration = str | float  # `250ms`, `2s`, `1.5m`, `1h`, or seconds


class Retrying(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How calls are repeated that may be; what is not said stays as it is."""

    attempts: Annotated[int, Meta(ge=1, le=1000, description="How many, the first included.")] | UnsetType = (
        UNSET
    )
    wait_initial: Annotated[
        Duration | UnsetType, Meta(description="How long before the second; then twice as long each time.")
    ] = UNSET
    wait_max: Annotated[Duration | UnsetType, Meta(description="How long at most.")] = UNSET
    budget: Annotated[
        float | UnsetType, Meta(description="How many repetitions a server gets in a row, of all calls.")
    ] = UNSET
    refund: Annotated[
        float | UnsetType, Meta(description="How much of one a call gives back that was answered.")
    ] = UNSET


class Breaking(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """When a server that fails is left alone."""

    failures: Annotated[int, Meta(ge=1, le=1000000, description="After how many in a row.")] | UnsetType = (
        UNSET
    )
    recovery: Annotated[Duration | UnsetType, Meta(description="For how long.")] = UNSET


class Bounding(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How many calls there may be at once."""

    limit: Annotated[int, Meta(ge=1, le=1000000, description="More are refused at once.")] | UnsetType = UNSET


class FallingBack(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What a failed call yields: one of both."""

    default: Annotated[dict[str, Any] | UnsetType, Meta(description="A response, in proto JSON.")] = UNSET
    cached: Annotated[
        Duration | UnsetType, Meta(description="The last good answer, if it is no older than that.")
    ] = UNSET


class CallPolicy(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How calls survive partial failure: what `(apicontract.policy)` says in a contract."""

    timeout: Annotated[
        Duration | UnsetType, Meta(description="Of one attempt: `2s`, `250ms`, or seconds.")
    ] = UNSET
    deadline: Annotated[Duration | UnsetType, Meta(description="Of the whole call.")] = UNSET
    retry: Annotated[bool | Retrying | UnsetType, Meta(description="Repetitions; `false` is none.")] = UNSET
    breaker: Annotated[bool | Breaking | UnsetType, Meta(description="The circuit breaker.")] = UNSET
    bulkhead: Annotated[bool | Bounding | UnsetType, Meta(description="The bound on calls at once.")] = UNSET
    fallback: Annotated[
        Literal["error"] | FallingBack | UnsetType,
        Meta(description="What a failed call yields; `error` is the failure itself."),
    ] = UNSET
    safe: Annotated[
        bool | UnsetType, Meta(description="Whether a method may be repeated; for methods alone.")
    ] = UNSET


class Generating(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Code that is generated from one contract."""

    target: Annotated[str, Meta(description="What to generate; `apicontract generate --list` lists them.")]
    contract: Annotated[str, Meta(description="The contract, relative to the configuration file.")]
    output: Annotated[
        str, Meta(description="The folder that holds the package, relative to the configuration.")
    ]
    package: Annotated[str, Meta(description="The package's name. Empty makes one of the title.")] = ""
    force_major: Annotated[
        str, Meta(description="The major version, `v2`. Empty finds it in paths, servers or the version.")
    ] = ""
    templates: Annotated[
        str,
        Meta(description="A folder of templates that go before ours, relative to the configuration file."),
    ] = ""
    includes: Annotated[
        tuple[str, ...],
        Meta(description="Folders that imports of protos are below, as `-I` names them; relative as well."),
    ] = ()
    policies: Annotated[
        dict[str, CallPolicy],
        Meta(
            description="Of `grpc-client`: how calls survive partial failure, by package, service"
            " (`acme.orders.v1.Orders`) or method (`acme.orders.v1.Orders/GetOrder`). Laid over what the"
            " contract's options say of the same; the narrower goes before the wider"
            " ([gRPC](grpc.md#policies)).",
            examples=[{"acme.orders.v1.Orders/GetOrder": {"timeout": "2s", "safe": True}}],
        ),
    ] = {}


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Everything that `apicontract.toml`, or `[tool.apicontract]` in pyproject.toml, may say."""

    schema: Annotated[
        Literal[1],
        Meta(
            description="The generation of defaults this file was written for. An upgrade of apicontract"
            " never changes them under the same number."
        ),
    ] = 1
    profile: ProfileName = "default"
    against: Annotated[
        str,
        Meta(
            description="What contracts are compared with: a git ref, a path, or `releases`. Empty finds the"
            " base of the pull request, the upstream default branch, or the last version tag."
        ),
    ] = ""
    releases: Annotated[
        tuple[str, ...],
        Meta(
            description='Globs of the tags of releases that are still supported: `against = "releases"`'
            " compares with each of them. Empty takes every release of the newest major.",
            examples=[["v1.*", "v2.*"]],
        ),
    ] = ()
    fail_on: Annotated[
        Literal["version", "major", "minor", "patch", "never"],
        Meta(
            description="When changes fail the gate: `version` if the declared version does not say what they"
            " are; a level refuses changes of that level or more also under the right version; `never` only"
            " reports."
        ),
    ] = "version"
    surfaces: Surfaces = ()
    rules: Rules = {}
    compare: Annotated[Comparing, Meta(description="How messages are compared.")] = Comparing()
    stability: Annotated[Stability, Meta(description="Parts that are not stable yet.")] = Stability()
    sunset: Annotated[Sunset, Meta(description="Deprecation and removal.")] = Sunset()
    version: Annotated[Versioning, Meta(description="How the declared version must move.")] = Versioning()
    lint: Annotated[Linting, Meta(description="What `apicontract lint` looks for.")] = Linting()
    maturity: Annotated[Rating, Meta(description="How `apicontract maturity` rates.")] = Rating()
    baseline: Annotated[
        str, Meta(description="File of known debt, relative to this one; `check --write-baseline` writes it.")
    ] = "apicontract-baseline.json"
    reports: Annotated[
        tuple[
            Annotated[
                str,
                Meta(
                    pattern=r"^(text|concise|json|jsonl|markdown|html|sarif|junit|github|gitlab)(=.+)?$",
                    description="A format, or FORMAT=FILE.",
                ),
            ],
            ...,
        ],
        Meta(
            description="Reports of `check` where the command line names none; files are in the repository."
        ),
    ] = ()
    generate: Annotated[
        tuple[Generating, ...],
        Meta(description="What `apicontract generate` without arguments generates."),
    ] = ()
    contracts: Annotated[
        tuple[ContractGroup, ...],
        Meta(description="Which contracts there are. Without any, they are looked for."),
    ] = ()
    suppressions: Annotated[
        tuple[Suppression, ...],
        Meta(description="Waivers: one list for gate, changelog and bump."),
    ] = ()
