"""A report with one of everything, and one whose texts were written by somebody who means ill."""

from __future__ import annotations

from apicontract.findings import Severity
from apicontract.policy.verdict import Waiver
from apicontract.reports.model import ContractReport, Item, Report, RuleText, Spot

_PAGE = "https://github.com/apicontract/apicontract/blob/main/docs/rules/"


def _rule(name: str, severity: Severity, page: str = "changes.md") -> RuleText:
    return RuleText(
        name, f"Title of {name}.", "Why `it` matters.", "What to do.", severity, f"{_PAGE}{page}#{name}"
    )


RULES = {
    "contract-unread": _rule("contract-unread", Severity.INFO, "gate.md"),
    "operation-removed": _rule("operation-removed", Severity.ERROR),
    "request-maximum-decreased": _rule("request-maximum-decreased", Severity.ERROR),
    "version-not-moved": _rule("version-not-moved", Severity.ERROR, "gate.md"),
}


def sample() -> Report:
    """Everything that a report can have, once."""
    place = "apis/orders.yaml"
    items = (
        Item(
            "version-not-moved",
            Severity.ERROR,
            "the version is still 1.4.0; the changes need 2.0.0",
            Spot(place, 4, 12, place),
            place,
            "aaaaaaaaaaaaaaaa",
            pointer="/info/version",
            advice="Declare `2.0.0`.",
        ),
        Item(
            "request-maximum-decreased",
            Severity.ERROR,
            "query parameter `limit`: its `maximum` was lowered",
            Spot(place, 11, 81, place),
            place,
            "bbbbbbbbbbbbbbbb",
            "major",
            "/paths/~1orders/get/parameters/0/schema/maximum",
            "GET /orders",
            "was 100, now 50",
            "this was valid and is refused now: GET /orders?limit=51",
            Spot(place, 11, 81, f"git:main:{place}"),
            ("GET /orders", "GET /parcels"),
            ("wire",),
            "witnessed",
        ),
        Item(
            "operation-removed",
            Severity.INFO,
            "DELETE /orders is gone",
            Spot(place, shown=place),
            place,
            "cccccccccccccccc",
            "minor",
            "/paths/~1orders/delete",
            "DELETE /orders",
            before=Spot(place, 20, 5, f"git:main:{place}"),
            surfaces=("behaviour",),
            certainty="proved",
            allowed="its sunset 2025-06-30 has passed",
            question="merge",
        ),
        Item(
            "operation-removed",
            Severity.INFO,
            "PUT /orders is gone",
            Spot(place, 9, 3, place),
            place,
            "dddddddddddddddd",
            "major",
            "/paths/~1orders/put",
            "PUT /orders",
            surfaces=("behaviour",),
            certainty="proved",
            waiver=Waiver("suppression", "nobody used it", "2027-01-01", "apicontract.toml:7:1"),
        ),
    )
    orders = ContractReport(
        place,
        "Orders",
        "openapi",
        False,
        "1.4.0",
        "major",
        "2.0.0",
        "1.4.0",
        ("set info.version to 2.0.0",),
        items,
    )
    added = ContractReport("apis/a b é.yaml", "New", "openapi", True, "new, 0.3.0")
    stale = Item(
        "contract-unread",
        Severity.WARNING,
        "a suppression is not needed",
        Spot("apicontract.toml", 3, 1, "apicontract.toml"),
        "",
        "eeee",
    )
    return Report(
        "check",
        False,
        "failed: 1 contract of 2 that changed, 1 contract unchanged",
        (orders, added),
        (stale,),
        "major",
        "default",
        ("compared: main (0123456789) → the working tree (abcdef0123)",),
        ("the base is old",),
        ("apis/users.yaml",),
        RULES,
    )


NASTY = (
    "<script>alert(1)</script> `]]>`` \x1b[31m [x](javascript:alert(1)) @everyone #12 https://evil.example/"
    " | * _ ~ %0A\r\n::error file=x::owned\n##[add-mask]x ]]> &amp; {{ 7*7 }} \u202e \ufffe \ud800 </style>"
)


def hostile() -> Report:
    """Every text of it tries to be something else than text."""
    spot = Spot(f"a:{NASTY},b", 1, 1, NASTY)
    item = Item(
        "operation-removed",
        Severity.ERROR,
        NASTY,
        spot,
        NASTY,
        "ffff",
        "major",
        NASTY,
        NASTY,
        NASTY,
        f"this was valid: {NASTY}",
        spot,
        (NASTY, NASTY),
        allowed=NASTY,
        advice=NASTY,
        waiver=None,
    )
    waived = Item(
        "made-up", Severity.INFO, NASTY, spot, NASTY, "0000", waiver=Waiver("ignore", NASTY, "", NASTY)
    )
    contract = ContractReport(
        NASTY, NASTY, "openapi", False, NASTY, "major", NASTY, NASTY, (NASTY,), (item, waived)
    )
    return Report(
        "check", False, NASTY, (contract,), (waived,), "major", NASTY, (NASTY,), (NASTY,), (NASTY,), RULES
    )


def large(count: int = 3000) -> Report:
    """More than services take."""
    items = tuple(
        Item(
            "operation-removed",
            Severity.ERROR,
            f"GET /things/{at} is gone",
            Spot("a.yaml", at + 1, 1, "a.yaml"),
            "a.yaml",
            f"{at:04x}",
            "major",
        )
        for at in range(count)
    )
    contracts = (
        ContractReport("a.yaml", "A", "openapi", False, "1.0.0", "major", "2.0.0", "1.0.0", (), items),
    )
    return Report("check", False, "failed: 1 contract", contracts, level="major", rules=RULES)
