"""The producers service on a store and a broker in memory, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from services.producers.app.kinds import LOT, SETTLEMENT
from services.producers.domain.lot import Lot
from services.producers.domain.settlement import Settlement
from services.producers.main import SERVICE
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.events.base import Event
from shared.events.envelope import seal
from shared.hub import DEFAULT_HUB
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.wiring import Parts, worker_on
from shared.worker import Worker
from tests.unit.producers.given import NOW, a_lot


@dataclass
class Bench:
    """Events go in by `send`, documents and what was published come out."""

    now: str = NOW
    store: MemoryStore = field(default_factory=MemoryStore)
    broker: MemoryBroker = field(default_factory=lambda: MemoryBroker(partitions=1))
    numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        self.parts = Parts(store=self.store, hub=DEFAULT_HUB, now=lambda: self.now)
        self.ledger = Ledger(self.store, "producers", lambda: self.now)
        self.worker = self._worker()

    def _worker(self) -> Worker:
        subscription = self.broker.subscribe("producers", SERVICE.consumes)
        return worker_on(SERVICE, self.parts, self.broker, subscription, lambda: None)

    def hold(self, *lots: Lot) -> None:
        """Stores lots as they are."""
        for lot in lots or (a_lot(),):
            self.ledger.decide(LOT, lot.id, lambda _, lot=lot: (lot, ()))  # type: ignore[misc]  # bound now

    def send(self, *events: Event, id_: str | None = None) -> None:
        """Publishes what others tell, and lets the worker take it in."""
        for event in events:
            event_id = id_ or f"event-{next(self.numbers)}"
            sealed = seal(event, event_id=event_id, service=event.service, now=self.now, traceparent="")
            self.broker.publish([Parcel(topic=sealed.topic, key=sealed.key, value=sealed.body.encode())])
        self.run()

    def run(self) -> None:
        """Until nothing is left to do."""
        while self.worker.turn():
            pass

    def lot(self, id_: str = "lot-1") -> Lot:
        saved = self.ledger.load(LOT, id_)
        assert saved is not None
        return saved.state

    def settlement(self, id_: str = "order-1.1.1") -> Settlement:
        saved = self.ledger.load(SETTLEMENT, id_)
        assert saved is not None
        return saved.state

    def published(self, topic: str) -> Sequence[tuple[str, dict[str, Any]]]:
        """Short names and data of what is on a topic."""
        bodies = [msgspec.json.decode(each.value) for each in self.broker.logs[topic, 0]]
        return [(body["type"].split(".")[2], body["data"]) for body in bodies]

    def told(self) -> list[str]:
        """What this service told about reservations."""
        return [name for name, _ in self.published("reservations")]

    def dead(self) -> int:
        """How many records could not be taken."""
        return sum(len(self.broker.logs[f"{topic}.dlq", 0]) for topic in SERVICE.consumes)
