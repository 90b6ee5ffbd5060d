"""Damaged proto texts: validate says what is wrong with them, and never fails itself."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from apicontract.findings import Validation
from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.validate import validate
from apicontract.formats.proto.validate.rules import RULES
from apicontract.reports.json import validation_json

ROOT = Path(__file__).resolve().parents[4] / "examples" / "protos-v1"
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted(ROOT.rglob("*.proto"))}
KNOWN = {rule.id for rule in RULES}
SCRAPS = (
    b'"', b"{", b"}", b";", b"\0", b"\xff", b"/*", b"//", b"=", b"19000", b"-1", b"99999999999", b"reserved 1;",
    b'import "acme/orders/v1/order.proto";', b"oneof x {", b"message ", b"map<", b"\xc3\xbc", b"[deprecated = 3]",
    b"option (google.api.http).get = '/{';", b"package x;", b"stream ", b"\r\n", b"'\\q'",
)  # fmt: skip


def damaged(chance: random.Random) -> dict[str, bytes]:
    """The example with a few bytes cut out, doubled or put in."""
    texts = dict(TEXTS)
    for _ in range(chance.randint(1, 4)):
        path = chance.choice(sorted(texts))
        text = texts[path]
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 5, 40, 400)))
        put = chance.choice((b"", text[start:end] * 2, chance.choice(SCRAPS)))
        texts[path] = text[:start] + put + text[end:]
    return texts


@pytest.mark.parametrize("seed", range(120))
def test_damage_is_reported_by_known_rules(seed):
    texts = damaged(random.Random(seed))  # noqa: S311  # damage, no secret
    contract = from_texts(texts, "damaged")
    findings = validate(contract)
    assert {finding.rule for finding in findings} <= KNOWN
    for finding in findings:
        assert finding.place.line > 0
        assert finding.place.column > 0
        assert finding.place.line <= texts[finding.place.file].count(b"\n") + 2
    assert validation_json([Validation("proto", "damaged", contract.version, tuple(findings))])
