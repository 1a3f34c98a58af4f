"""The one loop that decides what becomes of a record: skipped, folded into documents, or a dead letter.

A whole poll is one batch. It is committed after its writes; a failure of the surroundings (RetryError) leaves it
uncommitted and the same batch is tried again. A record that cannot be read, or whose decision fails, goes to
`<topic>.dlq` with the reason, and never blocks its partition.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared import clock
from shared.bus.port import Parcel, Publisher, Record, Subscription
from shared.errors import MalformedEventError, RetryError
from shared.events.base import Event
from shared.events.envelope import MAX_BYTES, open_envelope
from shared.events.schemas import load_event
from shared.log import logger
from shared.store.aggregate import Cause, Decided, Decision, Ledger, Step

BATCH = 500
FRESH_S = 600  # how old the time may be that a decision goes by; no batch takes so long
_LONGEST_KEY = 2_000  # characters; no event has one that is longer


@dataclass(frozen=True, kw_only=True)
class Message:
    """An event as it arrived; `data` is its checked payload."""

    id: str
    type: str
    time: str
    traceparent: str
    data: Event


Handler = Callable[[Message, str], Sequence[Step]]
Handlers = Mapping[type[Event], Handler]


@dataclass(frozen=True, kw_only=True)
class _Dead:
    record: Record
    reason: str


class Consumer:
    """Reads topics on behalf of one service and folds what it understands into the ledger."""

    def __init__(
        self,
        *,
        subscription: Subscription,
        publisher: Publisher,
        ledger: Ledger,
        handlers: Handlers,
        now: Callable[[], str],
    ) -> None:
        self._subscription = subscription
        self._publisher = publisher
        self._ledger = ledger
        self._handlers = handlers
        self._now = now
        self._batch: Sequence[Record] = ()

    def turn(self, timeout: float) -> int:
        """Handles one batch, the one that failed before where there is one; answers how many records."""
        if not self._batch:
            self._batch = self._subscription.poll(timeout, BATCH)
        if not self._batch:
            return 0
        dead = self._handle(self._batch)
        if dead:
            self._publisher.publish([_dead_letter(each) for each in dead])
        self._subscription.commit()
        handled, self._batch = len(self._batch), ()
        return handled

    def _handle(self, records: Sequence[Record]) -> list[_Dead]:
        started = self._now()
        steps: list[tuple[Step, Cause]] = []
        origin: dict[str | None, Record] = {}
        dead: list[_Dead] = []
        types: Counter[str] = Counter()
        for record in records:
            try:
                message = self._read(record)
                if message is None or message.id in origin:
                    continue
                types[type(message.data).__name__] += 1
                origin[message.id] = record
                steps += self._steps(message)
            except RetryError:
                raise
            except Exception as error:  # noqa: BLE001  # whatever a record does, it must not block those behind it
                dead.append(_Dead(record=record, reason=_reason(error)))
        failed = {cause.message_id: error for cause, error in self._ledger.apply(steps)}
        dead += [_Dead(record=origin[each], reason=_reason(error)) for each, error in failed.items()]
        self._tell(started, types, dead)
        return dead

    def _read(self, record: Record) -> Message | None:
        envelope = open_envelope(record.value)
        event = load_event(envelope.type, envelope.data)
        if event is None or type(event) not in self._handlers:
            return None
        if getattr(event, event.key) != record.key:
            message = f"The record's key is not the event's {event.key}."
            raise MalformedEventError(message)
        return Message(
            id=envelope.id, type=envelope.type, time=envelope.time, traceparent=envelope.traceparent, data=event
        )

    def _steps(self, message: Message) -> list[tuple[Step, Cause]]:
        cause = Cause(message_id=message.id, traceparent=message.traceparent)
        now = self._now()
        stale_at = clock.plus(now, seconds=FRESH_S)
        steps = self._handlers[type(message.data)](message, now)
        return [(replace(step, decide=self._while_fresh(step.decide, stale_at)), cause) for step in steps]

    def _while_fresh(self, decide: Decision[Any], stale_at: str) -> Decision[Any]:
        """The decision, unless this worker stood still since it took the time for it: then it must take it anew.

        The document is loaded by then. What it knew when the decision was still good may have left it since.
        """

        def decided(state: Any) -> Decided[Any]:  # noqa: ANN401  # whatever kind the step is about
            if self._now() > stale_at:
                raise RetryError("This worker stood still: it decides again, by the time that it is now.")
            return decide(state)

        return decided

    def _tell(self, started: str, types: Counter[str], dead: Sequence[_Dead]) -> None:
        log = logger().warning if dead else logger().info
        reasons = [each.reason for each in dead[:5]]
        log("batch", since=started, until=self._now(), events=dict(types), dead=len(dead), reasons=reasons)


def _reason(error: Exception) -> str:
    """Whatever the error says, as text that can be sent."""
    return f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace").decode()


def _dead_letter(dead: _Dead) -> Parcel:
    """The record with the reason. What is too long for any event is cut, so that a broker takes it once more."""
    record = dead.record
    headers = {
        "reason": dead.reason,
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
    }
    if len(record.value) > MAX_BYTES or len(record.key) > _LONGEST_KEY:
        headers["cut"] = f"{len(record.key)} characters of key and {len(record.value)} bytes lay there"
    return Parcel(
        topic=f"{record.topic}.dlq",
        key=record.key[:_LONGEST_KEY],
        value=record.value[:MAX_BYTES],
        headers=tuple(headers.items()),
    )
