"""A method of a service as data: how it is called, whether it may be repeated, what it may cost.

The core repeats calls and chooses among addresses by a service config; what that cannot do is done by the
layers. Source: grpc/grpc-proto service_config.proto; gRFC A6 (retries), A17 (client health checks).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..policy import Policy

Request = TypeVar("Request")
Response = TypeVar("Response")
MOST_ATTEMPTS = 5  # the core makes no more


@dataclass(frozen=True, slots=True)
class Method(Generic[Request, Response]):
    """One method.

    service: its full name. name: in the contract. safe: whether it may be repeated. policy: what the
    contract declares. response: the class of what it answers with. takes_many,
    gives_many: whether either side sends a stream.
    """

    service: str
    name: str
    serialize: Callable[[Request], bytes]
    deserialize: Callable[[bytes], Response]
    safe: bool
    policy: Policy
    response: type[Response]
    takes_many: bool = False
    gives_many: bool = False

    def revive(self, value: object) -> Response:
        """The response that a declared default is, from its proto JSON. ValueError if it is none."""
        from google.protobuf import json_format
        from google.protobuf.message import Message

        response = self.response()
        try:
            if not isinstance(response, Message) or not isinstance(value, dict):
                raise json_format.ParseError("it is no JSON object")  # type: ignore[no-untyped-call, unused-ignore]
            json_format.ParseDict(value, response)
        except json_format.ParseError as error:
            raise ValueError(f"the default answer of {self.name} is none: {error}") from None
        return response

    @property
    def path(self) -> str:
        """What is called: `/acme.orders.v1.Orders/Get`."""
        return f"/{self.service}/{self.name}"

    def repeated(self, policy: Policy) -> bool:
        """Whether the core repeats it under this policy."""
        return self.safe and policy.retry is not None and policy.retry.attempts > 1

    def ceiling(self, policy: Policy) -> float:
        """Seconds that the core may take: those of one attempt and of its pauses; the deadline for streams.

        A stream lasts as long as it has something to say, so that one attempt's time does not bound it.
        """
        if self.takes_many or self.gives_many:
            return policy.deadline
        retry = policy.retry
        if retry is None or not self.repeated(policy):
            return min(policy.timeout, policy.deadline)
        times = min(retry.attempts, MOST_ATTEMPTS) - 1
        pauses = 0.0
        for number in range(times):
            pauses += min(retry.wait_initial * 2**number, retry.wait_max)
        return min(policy.timeout + pauses, policy.deadline)


def service_config(
    service: str, methods: Iterable[tuple[Method[Any, Any], Policy]], *, health: bool = True
) -> str:
    """The service config of a channel, as JSON: retries of what is safe, throttled; round robin; health."""
    entries: list[Mapping[str, object]] = []
    throttle: dict[str, float] = {}
    for method, policy in methods:
        entry: dict[str, object] = {
            "name": [{"service": method.service, "method": method.name}]
        }  # and no time: it would bound what a caller asks for; each call brings its own
        retry = policy.retry
        if retry is not None and method.repeated(policy):
            entry["retryPolicy"] = {
                "maxAttempts": min(retry.attempts, MOST_ATTEMPTS),
                "initialBackoff": _duration(retry.wait_initial),
                "maxBackoff": _duration(retry.wait_max),
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            }
            throttle = {
                "maxTokens": max(1, min(1000, round(retry.budget))),
                "tokenRatio": max(0.001, round(retry.refund, 3)),
            }
        entries.append(entry)
    config: dict[str, object] = {"loadBalancingConfig": [{"round_robin": {}}], "methodConfig": entries}
    if throttle:
        config["retryThrottling"] = throttle
    if health:
        config["healthCheckConfig"] = {"serviceName": service}
    return json.dumps(config, separators=(",", ":"))


def _duration(seconds: float) -> str:
    return f"{max(0.001, seconds):.9f}".rstrip("0").rstrip(".") + "s"
