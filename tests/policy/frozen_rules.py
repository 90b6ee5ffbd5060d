"""What each rule counts as under `schema = 1`, as it was released; run this file to write the list anew.

Writing it anew is right before a release only, and for rules that are new in it. Afterwards a rule that is
to count differently gets a higher `since`, so that nobody's verdict changes by an upgrade alone.
"""

from __future__ import annotations

from pathlib import Path

import apicontract
from apicontract import FindingRule

FILE = Path(__file__).parent / "frozen_rules_1.txt"


def standings() -> dict[str, str]:
    return {
        rule.id: rule.severity.value if isinstance(rule, FindingRule) else str(rule.level)
        for rule in apicontract.rules()
        if rule.since == 1
    }


if __name__ == "__main__":
    FILE.write_text("".join(f"{rule} {standing}\n" for rule, standing in sorted(standings().items())))
