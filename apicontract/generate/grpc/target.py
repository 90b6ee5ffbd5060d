"""A gRPC client or server as files: `_pb2` modules with typed stubs, and what stands on them.

Gives texts by path; writing them is the tree's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from apicontract.generate.grpc.gencode import message_modules
from apicontract.generate.grpc.layout import IMPORTS, layout
from apicontract.generate.grpc.messages import file_stub
from apicontract.generate.grpc.plan import majors
from apicontract.generate.grpc.types import type_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.formats.proto.model import Proto
    from apicontract.generate.grpc.plan import MajorPlan

Side = Literal["client", "server"]
_NOQA = "# ruff: noqa\n"  # protoc's own style


def files(contract: Proto, side: Side, render: Callable[..., str], *, forced: str = "") -> dict[str, str]:
    """The generated files of a contract by their paths below the root package.

    render: a template's name and what it is given, to a text. forced: a version instead of the packages'
    own. ContractError where something cannot be generated.
    """
    descriptors = contract.files
    placed = layout({name: file.package for name, file in descriptors.items()}, contract.own, forced=forced)
    names = type_names({name: file.proto for name, file in descriptors.items()})
    made: dict[str, str] = {}
    for name, text in message_modules(contract.unit.compiled.parts, placed, names.second).items():
        path = placed.modules[name].path
        stub = file_stub(contract, descriptors[name], placed, names)
        made[f"{path}.py"] = _NOQA + text
        made[f"{path}.pyi"] = _NOQA + render("grpc/messages.pyi.jinja", stub=stub, a=stub.a)
    for plan in majors(contract, placed, names):
        made |= _major(plan, side, render)
    for path in list(made):
        folder = path.rpartition("/")[0]
        while folder:
            made.setdefault(f"{folder}/__init__.py", "")
            folder = folder.rpartition("/")[0]
    return made


def _major(plan: MajorPlan, side: Side, render: Callable[..., str]) -> dict[str, str]:
    base = "/".join(plan.package)
    made: dict[str, str] = {}
    exports = list(plan.types)
    for service in plan.services:
        made[f"{base}/{side}/{service.module}.py"] = render(
            f"grpc/{side}/service.py.jinja",
            service=service,
            runtime="." * (len(plan.package) + 2) + "_runtime",
            untyped=_untyped,
        )
        own = [f"{service.name}Handler"] if side == "server" else [f"{service.name}Client", f"Async{service.name}Client"]
        exports += [(f"{side}.{service.module}", name) for name in own]
    made[f"{base}/__init__.py"] = render(
        "grpc/exports.py.jinja", what=f"{', '.join(sorted({one.full_name for one in plan.services})) or 'Messages'}", exports=exports
    )
    return made


def _untyped(source: str) -> str:
    """What stands behind an import of googleapis-common-protos, which says nothing of types."""
    outside = source.startswith("google.") and not source.startswith("google.protobuf")
    return "  # type: ignore[import-untyped, unused-ignore]" if outside else ""


__all__ = ["IMPORTS", "Side", "files"]
