"""How a method survives partial failure: what the contract says of it and what a team's configuration does.

The wider is laid down first: file, package, service, method; of two of one width, the options of the
contract first and the configuration over them. Layers are laid over each other part by part.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from apicontract.formats.proto.annotations import http_bindings
from apicontract.formats.proto.policies import POLICY, stated_policy
from apicontract.generation.declared import policies
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from apicontract.formats.proto.elements import Element, Method
    from apicontract.formats.proto.model import Proto
    from apicontract.generation.declared import StatedPolicy

    Declaration = Mapping[str, object]
    Blame = Callable[[str, tuple[str, ...]], ContractError]

_SAFE = "safe"
_NO_ERROR = "a stream of responses has no fallback but the error"


@dataclass(frozen=True, slots=True)
class MethodPolicy:
    """declarations: the widest first, each with whose it is.

    own: whether the last is the method's own, so that a breaker or bulkhead in it is the method's alone.
    safe: whether calls may be repeated.
    """

    declarations: tuple[tuple[Declaration, str], ...]
    own: bool
    safe: bool


class Policies:
    """What is said of the methods of a contract. ContractError for what nothing in it is called."""

    def __init__(self, contract: Proto, stated: Sequence[StatedPolicy] = ()) -> None:
        self._contract = contract
        self._stated = {one.subject: one for one in stated}
        self._defaults = _Defaults(contract)
        known = set(_subjects(contract))
        for one in stated:
            if one.subject not in known:
                raise _unknown(one, known)
            _checked([], {name: value for name, value in one.declaration.items() if name != _SAFE}, one.error)

    def of(self, method: Method) -> MethodPolicy:
        """What holds for a method. ContractError, with its place, for what makes no sense."""
        wide: list[tuple[Declaration, str]] = []
        narrow: dict[str, object] = {}
        sources: list[str] = []
        safe: bool | None = None
        for width, who, said, repeatable, blame in self._statements(method):
            if repeatable is not None:
                safe = repeatable
            if not said:
                continue
            _checked([one for one, _ in wide] + [narrow], said, blame)
            if width == "method":
                if method.server_streaming and said.get("fallback") not in (None, "error"):
                    raise blame(_NO_ERROR, ("fallback",))
                narrow = _together(narrow, said)
                sources.append(who)
            else:
                wide.append((said, f"{width}, by the {who}"))
            if not method.server_streaming:
                self._defaults.check(method, said, blame)
        inherited = [said["fallback"] for said, _ in wide if "fallback" in said]
        if method.server_streaming and inherited and inherited[-1] != "error" and "fallback" not in narrow:
            narrow["fallback"] = "error"
            sources.append("stream, which has no other fallback")
        found = [*wide, (narrow, f"method, by the {' and the '.join(sources)}")] if narrow else wide
        return MethodPolicy(tuple(found), bool(narrow), bool(safe))

    def _statements(self, method: Method) -> Iterator[tuple[str, str, Declaration, bool | None, Blame]]:
        """(how wide, whose, what, whether it says that calls may be repeated, how to blame), widest first."""
        service = method.service
        holders: tuple[tuple[str, Element], ...] = (
            ("file", method.file.element),
            ("service", service),
            ("method", method),
        )
        subjects = (
            ("package", method.file.package),
            ("service", service.full_name),
            ("method", f"{service.full_name}/{method.name}"),
        )
        for (wide, holder), (width, subject) in zip(holders, subjects, strict=True):
            if width == "method" and _looks_safe(method):
                yield width, "contract", {}, True, _blame(holder)
            options = method.file.options if wide == "file" else holder.options  # type: ignore[attr-defined]
            try:
                said, safe = stated_policy(options)
            except ValueError as mistake:  # of JSON
                raise _blame(holder)(str(mistake), ()) from None
            yield wide, "contract", said, safe, _blame(holder)
            stated = self._stated.get(subject)
            if stated is not None:
                rest = {name: value for name, value in stated.declaration.items() if name != _SAFE}
                repeatable = stated.declaration.get(_SAFE)
                if not isinstance(repeatable, bool | None):
                    raise stated.error("must be true or false", (_SAFE,))
                yield width, "configuration", rest, repeatable, stated.error


def _looks_safe(method: Method) -> bool:
    """Whether its idempotency level or an HTTP GET says that it may be repeated."""
    if method.idempotency != "IDEMPOTENCY_UNKNOWN":
        return True
    return any(binding.verb == "GET" for binding in http_bindings(method))


def _together(first: Declaration, second: Declaration) -> dict[str, object]:
    """Two declarations of one width: the second over the first, layers part by part."""
    made = dict(first)
    for name, value in second.items():
        before = made.get(name)
        if name == "fallback" or not isinstance(before, dict):
            made[name] = value
        elif isinstance(value, dict):
            made[name] = {**before, **value}
        elif value is not True:  # which says that there is such a layer, and nothing of its parts
            made[name] = value
    return made


def _checked(before: Sequence[Declaration], said: Declaration, blame: Blame) -> None:
    try:
        policies().declared(*before, said)
    except ValueError as mistake:
        path = tuple(map(str, getattr(mistake, "path", ())))
        raise blame(str(getattr(mistake, "reason", mistake)), path) from None


def _blame(holder: Element) -> Blame:
    def error(reason: str, path: tuple[str, ...]) -> ContractError:
        place = holder.at("options", POLICY)
        where = f"{'.'.join(path)}: " if path else ""
        message = f"the policy cannot be used: {where}{reason}"
        return ContractError(message, file=place.file, line=place.line, column=place.column)

    return error


def _subjects(contract: Proto) -> Iterator[str]:
    """What a configuration may name: packages with services, services, methods."""
    for file in contract.own_files:
        if file.services and file.package:
            yield file.package
        for service in file.services:
            yield service.full_name
            yield from (f"{service.full_name}/{method.name}" for method in service.methods)


def _unknown(stated: StatedPolicy, known: set[str]) -> ContractError:
    near = get_close_matches(stated.subject, known, n=1)
    parts = stated.subject.rpartition(".")
    if f"{parts[0]}/{parts[2]}" in known:
        near = [f"{parts[0]}/{parts[2]}"]
    some = ", ".join(f"`{one}`" for one in sorted(known)[:3])
    hint = f"did you mean `{near[0]}`?" if near else f"there are {some}{', ...' if len(known) > 3 else ''}"  # noqa: PLR2004
    error = stated.error(f"no package, service or method is called `{stated.subject}`", (), key=True)
    return ContractError(error.message, file=error.file, line=error.line, column=error.column, hint=hint)


class _Defaults:
    """Whether default responses fit the messages that they stand for: the protobuf runtime is asked."""

    def __init__(self, contract: Proto) -> None:
        self._contract = contract
        self._pool: object | None = None

    def check(self, method: Method, said: Declaration, blame: Blame) -> None:
        """ContractError if a default is no response of the method."""
        fallback = said.get("fallback")
        if not isinstance(fallback, dict) or "default" not in fallback:
            return
        from google.protobuf import json_format, message_factory

        described = self._made().FindMessageTypeByName(method.response_type)  # type: ignore[attr-defined]
        try:
            json_format.ParseDict(fallback["default"], message_factory.GetMessageClass(described)())
        except (json_format.ParseError, TypeError, AttributeError, ValueError) as error:
            reason = f"this is no `{method.response_type}`, which `{method.name}` answers with: {error}"
            raise blame(reason, ("fallback", "default")) from None

    def _made(self) -> object:
        if self._pool is None:
            from google.protobuf.descriptor_pool import DescriptorPool

            pool = DescriptorPool()
            done: set[str] = set()
            files = self._contract.files
            for start in files:
                waiting = [start]
                while waiting:
                    name = waiting[-1]
                    before = [one for one in files[name].imports if one not in done]
                    if before:
                        waiting += before
                        continue
                    waiting.pop()
                    if name not in done:
                        done.add(name)
                        pool.Add(files[name].proto)
            self._pool = pool
        return self._pool
