"""A worker's life: consume, act on what is due, publish, over and over, until it is told to stop."""

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.config import Settings, read_settings
from shared.consumer import Consumer
from shared.errors import RetryError, SettingsError
from shared.events.base import Event
from shared.heartbeat import Heartbeat
from shared.ids import new_traceparent
from shared.log import logger
from shared.relay import Relay
from shared.store.aggregate import Cause, Decided, Kind, Ledger, Step

_IDLE_S = 0.04
_DUE_EVERY = 25
_DUE_BATCH = 200
_BACKOFF_S = (0.1, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, kw_only=True)
class Due:
    """What becomes of aggregates whose state's `due_at` has passed.

    `decide` takes the state and now; it must move or clear `due_at`, and do nothing where it is not due.
    """

    kind: Kind[Any]
    decide: Callable[[Any, str], Decided[Any]]


class DueWork:
    """Finds what is overdue and decides on it, as if a message had asked."""

    def __init__(self, ledger: Ledger, dues: Sequence[Due], now: Callable[[], str]) -> None:
        self._ledger = ledger
        self._dues = tuple(dues)
        self._now = now

    def turn(self) -> int:
        """Acts on one batch a kind; answers how many were overdue."""
        return sum(self._turn(due, self._now()) for due in self._dues)

    def _turn(self, due: Due, now: str) -> int:
        where = {"state.due_at": {"$gt": "", "$lte": now}}
        overdue = self._ledger.store.find(due.kind.collection, where, sort="state.due_at", limit=_DUE_BATCH)
        steps = [(_step(due, each.id, now), Cause(traceparent=new_traceparent())) for each in overdue]
        for _, error in self._ledger.apply(steps):
            logger().error("due_failed", collection=due.kind.collection, reason=str(error))
        return len(overdue)


def _step(due: Due, id_: str, now: str) -> Step:
    def decide(state: Any) -> tuple[Any, Sequence[Event]]:  # noqa: ANN401  # the kind's own state
        return (state, ()) if state is None else due.decide(state, now)

    return Step(kind=due.kind, id=id_, decide=decide)


class Worker:
    """One service's worker. `turn` is one round, for the simulator and one-process hub; `run` is its life."""

    def __init__(self, *, consumer: Consumer, relay: Relay, due: DueWork, close: Callable[[], None]) -> None:
        self._consumer = consumer
        self._relay = relay
        self._due = due
        self._close = close
        self._rounds = 0

    def turn(self, timeout: float = 0.0) -> int:
        """Consumes a batch, publishes, and now and then acts on what is due; answers how much there was to do."""
        done = self._consumer.turn(timeout)
        if self._rounds % _DUE_EVERY == 0:
            done += self._due.turn()
        self._rounds += 1
        return done + self._relay.turn()

    def run(self, stop: threading.Event, heartbeat: Heartbeat | None = None) -> None:
        """Goes on until `stop` is set; trouble of the surroundings is waited out, longer and longer."""
        failures = 0
        heart = heartbeat or Heartbeat(None)
        while not stop.is_set():
            heart.beat()
            try:
                self.turn(_IDLE_S)
                failures = 0
            except RetryError as error:
                wait = _BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)]
                failures += 1
                logger().warning("waiting", reason=str(error)[:500], seconds=wait)
                stop.wait(wait)
        self._close()


def run_until_told(build: Callable[[Settings], Worker]) -> None:
    """Reads the settings, builds a worker, runs it in this process, and ends it cleanly on SIGTERM or SIGINT.

    While the database or the broker is not there yet, building is tried again. Settings that cannot be end it at once.
    """
    try:
        settings = read_settings()
    except SettingsError as error:
        sys.exit(str(error))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _build_and_run(lambda: build(settings), stop, Heartbeat(settings.heartbeat_file))


def _build_and_run(build: Callable[[], Worker], stop: threading.Event, heartbeat: Heartbeat) -> None:
    failures = 0
    while not stop.is_set():
        heartbeat.beat()
        try:
            worker = build()
        except RetryError as error:
            wait = _BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)]
            failures += 1
            logger().warning("waiting", reason=str(error)[:500], seconds=wait)
            stop.wait(wait)
        except SettingsError as error:
            sys.exit(str(error))
        else:
            logger().info("worker_started")
            worker.run(stop, heartbeat)
            logger().info("worker_stopped")
