"""Whether what a contract says of its policy makes sense: judged by the very module that generated code has.

The runtime is no package of ours, but files that are copied; the module is loaded from where they lie.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

from apicontract.generation.rendering import root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

_NAME = "apicontract.generation._runtime_policy"


class PolicyMistake(ValueError):  # noqa: N818  # a mistake of the contract's author
    """A policy that says nothing sensible; `path` leads to it."""

    def __init__(self, path: tuple[str, ...], reason: str) -> None:
        super().__init__(f"{'.'.join(path)}: {reason}" if path else reason)
        self.path = path


def check(*declarations: Mapping[str, object]) -> None:
    """Nothing, if these declarations, laid over each other, are a policy; else PolicyMistake."""
    module = _module()
    try:
        module.Policy.declared(*declarations)
    except module.PolicyError as error:
        raise PolicyMistake(tuple(map(str, error.path)), error.reason) from None


@cache
def _module() -> ModuleType:
    spec = spec_from_file_location(_NAME, root() / "runtime" / "policy.py")
    if spec is None or spec.loader is None:
        msg = "the runtime is missing from the installation"
        raise AssertionError(msg)
    module = module_from_spec(spec)
    sys.modules[_NAME] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
