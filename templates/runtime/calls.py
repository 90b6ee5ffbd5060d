"""A call to a dependency through all layers.

Outside in: fallback → deadline → retry → breaker → bulkhead → timeout → discovery → the attempt itself.

The breaker stands inside the retry, so that each attempt counts and an open circuit ends the retries at
once. stamina is asked only after a first failure, so that a call that goes well does not pay for it. Knows
no protocol: the attempt sends and reads, and a judge says what its outcome means.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import anyio
import stamina

from . import deadlines, telemetry
from .breaker import Circuit
from .bulkhead import Compartment, Slot
from .failures import (
    AttemptTimedOut,
    BulkheadFull,
    CallFailed,
    CircuitOpen,
    DeadlineExceeded,
)
from .fallbacks import Answers
from .policy import Policy
from .retrying import Budget, wait

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from .breaker import Passage, State
    from .discovery import Discovery, Instance
    from .policy import Breaker, Bulkhead

T = TypeVar("T")
# stamina logs retries; where nobody has set logging up, Python would print its bare words on standard error.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Call:
    """What is called: its name, whether it may be repeated, and its policy (None: the dependency's)."""

    name: str
    safe: bool
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its number from 1.

    How many seconds it has, when they end (`time.monotonic`), whom it asks.

    `remaining` is what is left of the call's deadline, to be passed on.
    """

    number: int
    timeout: float
    ends: float
    remaining: float
    instance: Instance
    slot: Slot

    @property
    def address(self) -> str:
        """The address of the instance to ask."""
        return self.instance.address

    def check(self) -> None:
        """AttemptTimedOut if the attempt's time is over: for those who wait in pieces."""
        if time.monotonic() >= self.ends:
            raise AttemptTimedOut(f"no answer within {self.timeout:.3g} s")

    def keep(self) -> Slot:
        """Keeps the place in the bulkhead after the attempt, until the slot is released: for streams."""
        return self.slot.keep()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the outcome of an attempt means.

    `success`: an answer. `refusal`: an answer that blames the caller; neither repeated nor counted.
    `failure`: speaks against the dependency; counted, and repeated where that is safe. `unknown`: says
    nothing about the dependency. `retry_after`: seconds that the server asks to wait. `unsent`: nothing
    reached the server, so that even what is not safe may be repeated. `final`: not to be repeated here.
    """

    kind: Literal["success", "refusal", "failure", "unknown"]
    retry_after: float | None = None
    unsent: bool = False
    final: bool = False

    @classmethod
    def success(cls) -> Judgement:
        """An answer."""
        return _SUCCESS

    @classmethod
    def refusal(cls) -> Judgement:
        """An answer that blames the caller."""
        return _REFUSAL

    @classmethod
    def failure(
        cls, retry_after: float | None = None, *, unsent: bool = False, final: bool = False
    ) -> Judgement:
        """Speaks against the dependency."""
        return cls("failure", retry_after, unsent, final)

    @classmethod
    def unknown(cls) -> Judgement:
        """Says nothing about the dependency."""
        return _UNKNOWN


_WORSE: tuple[State, ...] = ("closed", "half-open", "open")
_SUCCESS = Judgement("success")
_REFUSAL = Judgement("refusal")
_UNKNOWN = Judgement("unknown")


@dataclass(frozen=True, slots=True)
class Event:
    """What a listener is told.

    `failed`: an attempt failed. `retry`: another will be made after `wait` seconds. `circuit`: its state is
    now `reason`. `rejected`: a layer let nothing through. `fallback`: an answer was put in the failure's
    place.
    """

    kind: Literal["failed", "retry", "circuit", "rejected", "fallback"]
    dependency: str
    operation: str
    reason: str
    number: int = 0
    wait: float = 0.0


class Dependency:
    """One named dependency: what its calls share, however many threads and tasks make them.

    `policy` holds for calls that bring none. `discovery` says whom to ask. Listeners are called where
    things happen and must neither block nor raise.
    """

    def __init__(
        self,
        name: str,
        *,
        discovery: Discovery,
        policy: Policy | None = None,
        listeners: Sequence[Callable[[Event], None]] = (),
    ) -> None:
        self.name = name
        self.policy = policy or Policy()
        self.discovery = discovery
        self.listeners = list(listeners)
        self.budget = Budget()
        self.answers = Answers()
        self._circuits: dict[Breaker, Circuit] = {}
        self._compartments: dict[str, Compartment] = {}

    def circuit(self, policy: Breaker | None = None) -> State:
        """The state of a policy's circuit; without one the worst of all that calls have gone through."""
        if policy is not None:
            return self.circuit_of(policy, "").state
        return max(self.circuits().values(), key=_WORSE.index, default="closed")

    def circuits(self) -> dict[Breaker, State]:
        """The state of each circuit that calls have gone through: those of equal breakers share one."""
        return {policy: circuit.state for policy, circuit in list(self._circuits.items())}

    def outstanding(self, name: str = "") -> int:
        """Calls under way in a compartment; the empty name is the dependency's own."""
        return self.compartment_of(name).outstanding

    def circuit_of(self, policy: Breaker, operation: str) -> Circuit:
        """The circuit of a policy, made when first asked for."""
        circuit = self._circuits.get(policy)
        if circuit is None:

            def changed(_: State, state: State) -> None:
                self.tell(Event("circuit", self.name, policy.name or operation, state))

            circuit = self._circuits.setdefault(policy, Circuit(policy, changed))
        return circuit

    def compartment_of(self, name: str) -> Compartment:
        """The compartment of a name, made when first asked for."""
        compartment = self._compartments.get(name)
        if compartment is None:
            compartment = self._compartments.setdefault(name, Compartment(name))
        return compartment

    def add_listener(self, listener: Callable[[Event], None]) -> None:
        """From now on `listener` is told what happens."""
        self.listeners.append(listener)

    def tell(self, event: Event) -> None:
        """Tells listeners, and the current trace."""
        telemetry.note(
            event.kind, {"operation": event.operation, "reason": event.reason, "number": event.number}
        )
        for listener in self.listeners:
            listener(event)

    def call(
        self,
        call: Call,
        attempt: Callable[[Attempt], T],
        judge: Callable[[object], Judgement],
        *,
        policy: Policy | None = None,
        cache_key: str | None = None,
        revive: Callable[[object], T] | None = None,
    ) -> T:
        """The answer to a call.

        `attempt` is made as often as the policy allows; `judge` is asked what its value or its exception
        means. `policy` overrides the call's. `cache_key` is the question that a cached answer must have
        answered. `revive` makes of the value of a default fallback the operation's own type. Raises
        CallFailed, or what the attempt raised.
        """
        run: _Run[T] = _Run(self, call, policy or call.policy or self.policy, judge)
        with telemetry.span(call.name, {"peer.service": self.name}):
            try:
                with deadlines.within(run.policy.deadline):
                    answer = self._tried(run, attempt)
            except _Unsuccessful as failure:
                return run.instead(failure, cache_key, revive)
            except CallFailed as failure:
                if failure is run.refusal:
                    raise
                return run.instead(_Unsuccessful(_UNKNOWN, error=failure), cache_key, revive)
            run.keep(cache_key, answer)
            return answer

    async def acall(
        self,
        call: Call,
        attempt: Callable[[Attempt], Awaitable[T]],
        judge: Callable[[object], Judgement],
        *,
        policy: Policy | None = None,
        cache_key: str | None = None,
        revive: Callable[[object], T] | None = None,
    ) -> T:
        """The same for an attempt that is awaited."""
        run: _Run[T] = _Run(self, call, policy or call.policy or self.policy, judge)
        with telemetry.span(call.name, {"peer.service": self.name}):
            try:
                with deadlines.within(run.policy.deadline):
                    answer = await self._atried(run, attempt)
            except _Unsuccessful as failure:
                return run.instead(failure, cache_key, revive)
            except CallFailed as failure:
                if failure is run.refusal:
                    raise
                return run.instead(_Unsuccessful(_UNKNOWN, error=failure), cache_key, revive)
            run.keep(cache_key, answer)
            return answer

    def _tried(self, run: _Run[T], attempt: Callable[[Attempt], T]) -> T:
        try:
            return self._once(run, attempt)
        except _Unsuccessful as failure:
            if run.attempts == 1:
                raise
            first: _Unsuccessful | None = failure
        for trial in stamina.retry_context(run.again, attempts=run.attempts, timeout=None):
            with trial:
                if first is not None:
                    failed, first = first, None
                    raise failed
                return self._once(run, attempt)
        raise AssertionError("stamina raises what the last attempt raised")

    async def _atried(self, run: _Run[T], attempt: Callable[[Attempt], Awaitable[T]]) -> T:
        try:
            return await self._aonce(run, attempt)
        except _Unsuccessful as failure:
            if run.attempts == 1:
                raise
            first: _Unsuccessful | None = failure
        async for trial in stamina.retry_context(run.again, attempts=run.attempts, timeout=None):
            with trial:
                if first is not None:
                    failed, first = first, None
                    raise failed
                return await self._aonce(run, attempt)
        raise AssertionError("stamina raises what the last attempt raised")

    def _once(self, run: _Run[T], attempt: Callable[[Attempt], T]) -> T:
        admission = run.admitted()
        try:
            value = attempt(admission.given(self.discovery.pick()))
        except Exception as error:
            failure = admission.failed(error)
            if failure is error:
                raise
            raise failure from error
        except BaseException:
            admission.abandoned()
            raise
        return admission.answered(value)

    async def _aonce(self, run: _Run[T], attempt: Callable[[Attempt], Awaitable[T]]) -> T:
        admission = run.admitted()
        try:
            with anyio.move_on_after(admission.timeout):
                value = await attempt(admission.given(await self.discovery.apick()))
                return admission.answered(value)
            error = AttemptTimedOut(f"no answer within {admission.timeout:.3g} s")
        except _Unsuccessful:
            raise
        except Exception as raised:
            failure = admission.failed(raised)
            if failure is raised:
                raise
            raise failure from raised
        except BaseException:
            admission.abandoned()
            raise
        raise admission.failed(error)


class _Unsuccessful(Exception):
    """An attempt that speaks against the dependency, on its way through the layers.

    With a value or an error.
    """

    def __init__(self, judgement: Judgement, *, value: object = None, error: Exception | None = None) -> None:
        super().__init__(str(error) if error is not None else "the answer is a failure")
        self.judgement = judgement
        self.value = value
        self.error = error


class _Run(Generic[T]):
    """One call on its way: its policy and the number of attempts so far."""

    def __init__(
        self,
        dependency: Dependency,
        call: Call,
        policy: Policy,
        judge: Callable[[object], Judgement],
    ) -> None:
        self.dependency = dependency
        self.call = call
        self.policy = policy
        self.judge = judge
        self.number = 0
        self.attempts = 1 if policy.retry is None else policy.retry.attempts
        inherited = deadlines.remaining()
        self.hurried = inherited is not None and inherited < min(policy.timeout, policy.deadline)
        self.late = False
        self.refusal: Exception | None = None

    def admitted(self) -> _Admission[T]:
        """Through breaker and bulkhead.

        DeadlineExceeded, CircuitOpen or BulkheadFull where there is no way.
        """
        left = deadlines.remaining() or 0.0
        if left <= 0:
            raise DeadlineExceeded(f"no answer within {self.policy.deadline:.3g} s")
        passage = None
        try:
            if self.policy.breaker is not None:
                passage = self.dependency.circuit_of(self.policy.breaker, self.call.name).enter()
            slot = self._slot(self.policy.bulkhead)
        except (CircuitOpen, BulkheadFull) as refusal:
            if passage is not None:
                passage.abandoned()
            self.tell("rejected", type(refusal).__name__)
            raise
        self.number += 1
        return _Admission(self, passage, slot, min(self.policy.timeout, left), left)

    def _slot(self, bulkhead: Bulkhead | None) -> Slot:
        if bulkhead is None:
            return Slot(None)
        return self.dependency.compartment_of(bulkhead.name).enter(bulkhead.limit)

    def again(self, failure: Exception) -> bool | float:
        """Whether to try again, and after how many seconds."""
        retry = self.policy.retry
        if not isinstance(failure, _Unsuccessful) or retry is None or self.number >= retry.attempts:
            return False
        if failure.judgement.final or not (self.call.safe or failure.judgement.unsent):
            return False
        if self.policy.breaker is not None and self.dependency.circuit(self.policy.breaker) == "open":
            return False
        pause = wait(retry, self.number, failure.judgement.retry_after)
        if pause >= (deadlines.remaining() or 0.0) or not self.dependency.budget.spend(retry):
            return False
        self.tell("retry", str(failure), pause)
        return pause

    def instead(
        self, failure: _Unsuccessful, cache_key: str | None, revive: Callable[[object], T] | None
    ) -> T:
        """What the fallback has to offer; the failure itself if that is nothing."""
        fallback = self.policy.fallback
        found: tuple[object] | None = None
        if fallback.kind == "default":
            found = self._revived(fallback.value, revive)
        elif fallback.kind == "cached" and cache_key is not None:
            found = self.dependency.answers.find(cache_key, fallback.age)
        if found is not None:
            self.tell("fallback", str(failure))
            return found[0]  # type: ignore[return-value]  # it was kept, or revived, as the call's own type
        if failure.error is None:
            return failure.value  # type: ignore[return-value]  # what the attempt returned
        if isinstance(failure.error, AttemptTimedOut) and self.late:
            late = DeadlineExceeded(f"no answer within {self.policy.deadline:.3g} s")
            raise self.named(late) from failure.error
        raise self.named(failure.error) from failure.error.__cause__

    def _revived(self, value: object, revive: Callable[[object], T] | None) -> tuple[object] | None:
        """The declared default as the call's own type; None if it is none, so that the failure is seen."""
        try:
            return (value if revive is None else revive(value),)
        except ValueError:
            return None

    def keep(self, cache_key: str | None, answer: T) -> None:
        """Remembers a good answer, if the fallback may hand it out."""
        if cache_key is not None and self.policy.fallback.kind == "cached":
            self.dependency.answers.keep(cache_key, answer)

    def named(self, error: Exception) -> Exception:
        """The error with what is known of the call.

        A timeout at the end of the deadline is the deadline's.
        """
        if isinstance(error, CallFailed):
            error.operation = self.call.name
            error.dependency = self.dependency.name
            error.attempts = self.number
        return error

    def tell(
        self, kind: Literal["failed", "retry", "rejected", "fallback"], reason: str, pause: float = 0.0
    ) -> None:
        if self.dependency.listeners or telemetry.listening():
            self.dependency.tell(
                Event(kind, self.dependency.name, self.call.name, reason, self.number, pause)
            )


class _Admission(Generic[T]):
    """One attempt that was let through: what it has taken and must give back."""

    def __init__(
        self, run: _Run[T], passage: Passage | None, slot: Slot, timeout: float, left: float
    ) -> None:
        self.timeout = timeout
        self._run = run
        self._passage = passage
        self._slot = slot
        self._left = left
        self._instance: Instance | None = None

    def given(self, instance: Instance) -> Attempt:
        """The attempt, now that it is known whom to ask."""
        self._instance = instance
        ends = time.monotonic() + self.timeout
        return Attempt(self._run.number, self.timeout, ends, self._left, instance, self._slot)

    def answered(self, value: T) -> T:
        """A value came: hands it on, or raises if the judge thinks it a failure."""
        judgement = self._run.judge(value)
        if judgement.kind == "failure":
            failure = _Unsuccessful(judgement, value=value)
            self._over(failure)
            raise failure
        self._over(None)
        return value

    def failed(self, error: Exception) -> Exception:
        """An exception came: gives what is to be raised."""
        judgement = self._run.judge(error)
        if judgement.kind == "failure":
            failure = _Unsuccessful(judgement, error=error)
            self._run.late = self.timeout >= self._left
            if self._run.hurried and isinstance(error, AttemptTimedOut):
                self.abandoned()  # whoever called us was in a hurry; that is not the dependency's fault
            else:
                self._over(failure)
            return failure
        if judgement.kind == "unknown":
            self.abandoned()
        else:
            self._over(None)
            self._run.refusal = error  # the caller's fault, which no fallback hides
        return self._run.named(error)

    def abandoned(self) -> None:
        """Nobody waits for the answer any more."""
        if self._passage is not None:
            self._passage.abandoned()
        self._give_back(well=True)

    def _over(self, failure: _Unsuccessful | None) -> None:
        run = self._run
        if failure is None:
            if run.policy.retry is not None:
                run.dependency.budget.refund(run.policy.retry)
        else:
            run.tell("failed", str(failure))
        if self._passage is not None:
            self._passage.ended(failure)
        self._give_back(well=failure is None)

    def _give_back(self, *, well: bool) -> None:
        if self._instance is not None:
            self._run.dependency.discovery.done(self._instance, well=well)
        if not self._slot.kept:
            self._slot.release()
