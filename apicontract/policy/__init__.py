"""The team's policy: configuration, profiles, suppressions, baseline, versions, and the verdict they lead to.

Knows changes and findings, however they came about; no format, no git, no file but its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apicontract.policy.baseline import Baseline, Debt, accepted
    from apicontract.policy.case import Case
    from apicontract.policy.configuration import Configuration, check_rules, find_configuration
    from apicontract.policy.judgement import judge
    from apicontract.policy.layers import Origin
    from apicontract.policy.profiles import PROFILES, Profile
    from apicontract.policy.verdict import (
        Decision,
        JudgedChange,
        JudgedFinding,
        Judgement,
        Outcome,
        Question,
        Verdict,
        Waiver,
    )

_MODULES = {
    "baseline": (
        "Baseline",
        "Debt",
        "accepted",
    ),
    "case": ("Case",),
    "configuration": (
        "Configuration",
        "check_rules",
        "find_configuration",
    ),
    "judgement": ("judge",),
    "layers": ("Origin",),
    "profiles": (
        "PROFILES",
        "Profile",
    ),
    "verdict": (
        "Decision",
        "JudgedChange",
        "JudgedFinding",
        "Judgement",
        "Outcome",
        "Question",
        "Verdict",
        "Waiver",
    ),
}

__all__ = [
    "PROFILES",
    "Baseline",
    "Case",
    "Configuration",
    "Debt",
    "Decision",
    "JudgedChange",
    "JudgedFinding",
    "Judgement",
    "Origin",
    "Outcome",
    "Profile",
    "Question",
    "Verdict",
    "Waiver",
    "accepted",
    "check_rules",
    "find_configuration",
    "judge",
]


def __getattr__(name: str) -> object:
    """Each name is loaded when it is used: lint needs few of them."""
    from importlib import import_module

    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"apicontract.policy.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
