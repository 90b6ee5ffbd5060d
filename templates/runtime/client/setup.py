"""What a client is told, and what follows of it for each call: policy, request, whom to ask, credentials.

Blocking and awaiting engines share it. Sends nothing, and knows no operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypedDict

from ..calls import Call, Dependency, Event
from ..discovery.static import Static
from ..policy import Policy
from .linking import link_in
from .requests import Towards, request_of

if TYPE_CHECKING:
    from ..discovery import Discovery
    from ..http.auth import Auth
    from ..http.messages import Request, Response
    from .operations import Operation


class CallOptions(TypedDict, total=False):
    """What every call may be told.

    timeout: seconds that one attempt may take. policy: layers for this call. headers: further header fields.
    media_type: how the body is written, where the contract has several ways. on_response: is handed the
    answer as it came, for its headers.
    """

    timeout: float
    policy: Policy
    headers: Mapping[str, str]
    media_type: str
    on_response: Callable[[Response], None]


PolicyChoice = Policy | Callable[[str, Policy], Policy] | None


@dataclass(slots=True)
class Setup:
    """What a client was told when it was made; `default` is the contract's own policy for all operations."""

    name: str
    default: Policy
    base_url: str = ""
    policy: PolicyChoice = None
    discovery: Discovery | None = None
    credentials: Mapping[str, Auth] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    listeners: Sequence[Callable[[Event], None]] = ()


class Preparing:
    """What blocking and awaiting engines have in common: policies, requests, dependencies."""

    def __init__(self, setup: Setup) -> None:
        if setup.discovery is None and not setup.base_url:
            raise ValueError("the contract names no server: give base_url or discovery")
        if setup.discovery is None and not setup.base_url.lower().startswith(("http://", "https://")):
            raise ValueError(f"base_url must begin with http:// or https://, and {setup.base_url!r} does not")
        for name, credential in setup.credentials.items():
            if not hasattr(credential, "apply"):
                kind = type(credential).__name__
                raise TypeError(f"{name} takes no {kind}: see what the client's constructor says of it")
        self.setup = setup
        own = setup.policy if isinstance(setup.policy, Policy) else setup.default
        self.dependency = Dependency(
            setup.name,
            discovery=setup.discovery or Static(setup.base_url),
            policy=own,
            listeners=setup.listeners,
        )
        self._elsewhere: dict[str, Dependency] = {}

    def dependency_of(self, operation: Operation[Any]) -> Dependency:
        """Whom an operation asks: the dependency, or the server that only this operation has."""
        if not operation.server or self.setup.discovery is not None:
            return self.dependency
        if operation.server not in self._elsewhere:
            self._elsewhere[operation.server] = Dependency(
                operation.server,
                discovery=Static(operation.server),
                policy=self.dependency.policy,
                listeners=self.setup.listeners,
            )
        return self._elsewhere[operation.server]

    def policy_of(self, operation: Operation[Any], options: CallOptions) -> Policy:
        """The policy of a call: as the call says, else the client, else the contract."""
        policy = options.get("policy")
        if policy is None:
            declared = operation.policy or self.setup.default
            chosen = self.setup.policy
            if chosen is None or isinstance(chosen, Policy):
                policy = chosen or declared
            else:
                policy = chosen(operation.name, declared)
        timeout = options.get("timeout")
        if timeout is not None:
            if timeout <= 0:
                raise ValueError(f"a timeout must be more than 0 seconds, and {timeout:g} is not")
            policy = policy.override(timeout=timeout, deadline=max(timeout, policy.deadline))
        return policy

    def prepared(
        self, operation: Operation[Any], values: Mapping[str, object], body: object, options: CallOptions
    ) -> tuple[Request, Call, str | None]:
        """The request without credentials, the call, and the question that a cached answer would answer."""
        if not options.keys() <= CallOptions.__annotations__.keys():
            unknown = ", ".join(sorted(options.keys() - CallOptions.__annotations__.keys()))
            raise TypeError(f"{operation.name} has no parameter {unknown}")
        headers = {**self.setup.headers, **options.get("headers", {})}
        request, safe = request_of(operation, values, body, options.get("media_type", ""), headers)
        policy = self.policy_of(operation, options)
        cached = policy.fallback.kind == "cached" and operation.method == "GET"
        key = f"{operation.name} {request.target} {request.headers}" if cached else None
        return request, Call(operation.name, safe, policy), key

    def auths(self, operation: Operation[Any]) -> list[Auth]:
        """The credentials of the first alternative for which there are any."""
        known = self.setup.credentials
        for alternative in operation.security:
            if alternative and all(name in known for name in alternative):
                return [known[name] for name in alternative]
        return []

    def towards(
        self,
        operation: Operation[Any],
        resource: object,
        relation: str,
        body: object,
        variables: Mapping[str, object] | None,
        options: CallOptions,
    ) -> tuple[Towards, Call]:
        """The request that follows a resource's link of a relation, and the call.

        LookupError if the resource has no such link; ValueError if the link says another method than the
        operation has.
        """
        link, at = link_in(resource, relation)
        if link.method not in ("", operation.method):
            raise ValueError(
                f"the link {relation!r} says {link.method}, and {operation.name} is {operation.method}"
            )
        request, call, _ = self.prepared(operation, {}, body, options)
        return Towards(link.expanded(variables), at, request), call


def key_of(question: str, signed: Request) -> str:
    """What a cached answer is kept under: the question, and who asks, which nobody can read out of it."""
    asker = f"{signed.target} {signed.headers} {signed.cookies}"
    return sha256(f"{question}\n{asker}".encode()).hexdigest()


def hearing(options: CallOptions) -> tuple[CallOptions, list[Response]]:
    """The options, and a list that from now on holds the answers that come, the last one last."""
    answers: list[Response] = []
    heard = options.get("on_response")

    def hear(response: Response) -> None:
        answers.append(response)
        if heard is not None:
            heard(response)

    return {**options, "on_response": hear}, answers
