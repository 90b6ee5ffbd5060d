"""What a team may set for lint beyond choosing rules: word lists, styles of names, bounds.

Every field has a default that suits an API in English; configuration fills in others. Knows no
format: each format's rules read the fields that mean something to them.
"""

from __future__ import annotations

from dataclasses import fields

from apicontract.records import dataclass

CASES = (
    "flatcase",
    "camelCase",
    "PascalCase",
    "kebab-case",
    "snake_case",
    "UPPER_SNAKE_CASE",
    "UPPER-KEBAB-CASE",
    "Train-Case",
)


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Word lists, styles and bounds of the rules; words are in lower case, several as `credit_card`.

    The `*_case` fields name one of `CASES`; empty, the style that most names of the contract have is
    taken for the one that is meant. Raises ValueError for a style that does not exist.
    """

    path_case: str = ""
    query_case: str = ""
    header_case: str = "Train-Case"
    property_case: str = ""
    schema_case: str = ""
    enum_case: str = ""
    operation_id_case: str = ""
    version_in_url: bool = True
    max_path_depth: int = 3
    max_resource_types: int = 8
    max_summary_length: int = 120
    majority: float = 0.5
    enum_zero_suffix: str = "_UNSPECIFIED"
    service_suffix: str = "Service"
    empty_messages: bool = False

    tunnel_segments: frozenset[str] = frozenset(
        {"rpc", "api", "service", "endpoint", "invoke", "execute", "dispatch", "graphql", "soap"}
    )
    verbs: frozenset[str] = frozenset(
        {
            "accept", "activate", "add", "approve", "archive", "assign", "book", "cancel", "change",
            "check", "close", "confirm", "copy", "create", "deactivate", "delete", "deny", "disable", "do",
            "download", "edit", "enable", "execute", "fetch", "find", "generate", "get", "import", "insert",
            "list", "lock", "login", "logout", "make", "merge", "modify", "move", "pay", "perform", "post",
            "process", "publish", "put", "query", "read", "refresh", "register", "reject", "remove",
            "rename", "reopen", "reschedule", "reset", "restart", "resume", "retrieve", "revoke", "run",
            "save", "schedule", "search", "send", "set", "start", "stop", "submit", "suspend", "sync",
            "transfer", "trigger", "undo", "unlock", "unregister", "update", "upload", "validate", "verify",
        }
    )  # fmt: skip
    verbs_and_nouns: frozenset[str] = frozenset(
        {
            "archive", "book", "change", "check", "copy", "download", "import", "list", "lock", "login",
            "merge", "move", "pay", "post", "process", "query", "register", "reset", "run", "schedule",
            "search", "set", "start", "stop", "sync", "transfer", "trigger", "update", "upload",
        }
    )  # fmt: skip
    standard_methods: frozenset[str] = frozenset(
        {
            "create", "delete", "fetch", "find", "get", "insert", "list", "patch", "put", "read", "remove",
            "retrieve", "update",
        }
    )  # fmt: skip
    reading_verbs: frozenset[str] = frozenset(
        {"fetch", "find", "get", "list", "lookup", "retrieve", "search"}
    )
    changing_verbs: frozenset[str] = frozenset({"delete", "edit", "modify", "remove", "replace", "update"})
    action_parameters: frozenset[str] = frozenset(
        {
            "action",
            "cmd",
            "command",
            "function",
            "jsonrpc",
            "method",
            "op",
            "operation",
            "soapaction",
            "task",
            "verb",
        }
    )
    navigation_relations: frozenset[str] = frozenset(
        {
            "about", "canonical", "collection", "cur", "curies", "current", "describedby", "first", "help",
            "html", "last", "license", "next", "prev", "previous", "profile", "self", "start", "up",
        }
    )  # fmt: skip
    envelope_names: frozenset[str] = frozenset(
        {"error", "error_code", "error_message", "errors", "is_success", "success", "succeeded"}
    )
    uncountable: frozenset[str] = frozenset(
        {
            "advice", "children", "content", "criteria", "data", "equipment", "feedback", "feet", "geese",
            "hardware", "health", "history", "indices", "info", "information", "inventory", "media", "men",
            "metadata", "mice", "money", "news", "people", "schemata", "software", "staff", "storage",
            "teeth", "traffic", "vertices", "women",
        }
    )  # fmt: skip
    credential_names: frozenset[str] = frozenset(
        {
            "access_key", "access_token", "api_key", "apikey", "api_token", "auth_token", "bearer_token",
            "client_secret", "credential", "credentials", "id_token", "jwt", "passphrase", "passwd",
            "password", "private_key", "refresh_token", "secret", "secret_key", "session_id",
            "session_token", "token",
        }
    )  # fmt: skip
    secret_names: frozenset[str] = frozenset(
        {
            "card_cvv", "client_secret_hash", "cvc", "cvv", "passcode", "passphrase", "passwd", "password",
            "password_hash", "pin_code", "private_key", "security_answer", "user_password",
        }
    )  # fmt: skip
    personal_names: frozenset[str] = frozenset(
        {
            "birth_date", "birthday", "card_number", "credit_card", "credit_card_number", "date_of_birth",
            "e_mail", "email", "email_address", "iban", "national_id", "passport_number", "phone",
            "phone_number", "social_security_number", "ssn", "tax_id", "telephone",
        }
    )  # fmt: skip
    server_owned_names: frozenset[str] = frozenset(
        {
            "balance", "created_at", "created_by", "created_on", "is_admin", "is_superuser",
            "is_verified", "last_modified", "modified_at", "updated_at", "updated_by", "updated_on",
        }
    )  # fmt: skip
    public_words: frozenset[str] = frozenset(
        {
            "activation", "auth", "authenticate", "authentication", "authorization", "authorize",
            "callback", "confirm", "forgot", "login", "logout", "oauth", "oauth2", "password", "register",
            "registration", "reset", "session", "sessions", "signin", "signup", "token", "tokens",
            "verification", "verify", "webhook", "webhooks",
        }
    )  # fmt: skip
    money_words: frozenset[str] = frozenset(
        {"amount", "balance", "cost", "fee", "fees", "price", "salary", "subtotal", "surcharge", "wage"}
    )
    charging_words: frozenset[str] = frozenset(
        {
            "bill", "charge", "charges", "checkout", "invoice", "invoices", "order", "orders", "pay",
            "payment", "payments", "payout", "payouts", "purchase", "purchases", "refund", "refunds",
            "topup", "transfers", "withdrawal", "withdrawals",
        }
    )  # fmt: skip
    lengthy_words: frozenset[str] = frozenset(
        {
            "backup",
            "bulk",
            "export",
            "exports",
            "import",
            "imports",
            "migrate",
            "migration",
            "reindex",
            "restore",
        }
    )
    page_parameters: frozenset[str] = frozenset(
        {
            "after", "anchor", "before", "continuation", "continuation_token", "continue", "count",
            "cursor", "ending_before", "first", "from", "last", "limit", "marker", "max_results",
            "next_token", "offset", "page", "page_index", "page_no", "page_num", "page_number", "page_size",
            "page_token", "per_page", "rows", "since", "size", "skip", "start", "start_cursor",
            "start_index", "starting_after", "take", "top",
        }
    )  # fmt: skip
    size_parameters: frozenset[str] = frozenset(
        {
            "count",
            "first",
            "last",
            "limit",
            "max_results",
            "page_size",
            "per_page",
            "rows",
            "size",
            "take",
            "top",
        }
    )
    offset_parameters: frozenset[str] = frozenset(
        {"offset", "page", "page_index", "page_no", "page_num", "page_number", "skip", "start", "start_index"}
    )
    next_page_names: frozenset[str] = frozenset(
        {
            "_links", "continuation_token", "cursor", "cursors", "end_cursor", "has_more", "has_next",
            "last", "links", "meta", "next", "next_cursor", "next_link", "next_page", "next_page_token",
            "next_token", "page", "page_info", "paging", "pagination", "total", "total_count",
            "total_pages",
        }
    )  # fmt: skip
    embedding_parameters: frozenset[str] = frozenset(
        {"embed", "expand", "fields", "include", "select", "view", "with"}
    )
    idempotency_headers: frozenset[str] = frozenset(
        {"idempotency-key", "if-none-match", "x-idempotency-key", "x-request-id", "request-id"}
    )
    status_names: frozenset[str] = frozenset({"status", "state", "phase", "stage", "lifecycle"})
    unrated_words: frozenset[str] = frozenset(
        {
            "health", "healthz", "live", "liveness", "livez", "metrics", "openapi", "openapi.json",
            "openapi.yaml", "ping", "ready", "readiness", "readyz", "status", "swagger", "version",
        }
    )  # fmt: skip
    max_age_words: frozenset[str] = frozenset({"cache-control", "etag", "last-modified", "expires"})

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_case") and value and value not in CASES:
                from difflib import get_close_matches

                near = get_close_matches(value, CASES, n=1, cutoff=0.3)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ValueError(
                    f"{field.name}: there is no style `{value}`{hint} (there are {', '.join(CASES)})"
                )


DEFAULT_SETTINGS = LintSettings()
