"""The orders service on a store and a broker in memory, for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from services.orders.app.kinds import OFFER, ORDER
from services.orders.domain.offer import Offer
from services.orders.domain.order import Order
from services.orders.main import SERVICE
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.config import Settings
from shared.events.base import Event
from shared.events.envelope import seal
from shared.events.lots import LotListed, LotSnapshot
from shared.hub import DEFAULT_HUB
from shared.ids import digest
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.wiring import Parts, app_on, worker_on
from shared.worker import Worker
from tests.unit.orders.world import NOW, placed

OPERATOR_KEY = "an-operator-key-for-tests"


@dataclass
class Bench:
    """Events go in by `send`, documents and what was published come out."""

    now: str = NOW
    store: MemoryStore = field(default_factory=MemoryStore)
    broker: MemoryBroker = field(default_factory=lambda: MemoryBroker(partitions=1))
    numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        self.parts = Parts(
            store=self.store, hub=DEFAULT_HUB, operator_digest=digest(OPERATOR_KEY), now=lambda: self.now
        )
        self.ledger = Ledger(self.store, "orders", lambda: self.now)
        self.worker = self._worker()

    def _worker(self) -> Worker:
        subscription = self.broker.subscribe("orders", SERVICE.consumes)
        return worker_on(SERVICE, self.parts, self.broker, subscription, lambda: None)

    def client(self) -> Any:
        return app_on(SERVICE, self.parts, Settings()).test_client()

    def list_lots(self, *lots: LotSnapshot) -> None:
        self.send(*(LotListed(lot_id=lot.lot_id, lot=lot) for lot in lots))

    def hold(self, order: Order | None = None) -> None:
        """Stores an order as it is."""
        held = order or placed()
        self.ledger.decide(ORDER, held.id, lambda _: (held, ()))

    def publish(self, *events: Event, id_: str | None = None) -> None:
        for event in events:
            event_id = id_ or f"things/thing/{next(self.numbers)}/0"
            sealed = seal(event, event_id=event_id, service=event.service, now=self.now, traceparent="")
            self.broker.publish([Parcel(topic=sealed.topic, key=sealed.key, value=sealed.body.encode())])

    def send(self, *events: Event, id_: str | None = None) -> None:
        """Publishes what others tell, and lets the worker take it in."""
        self.publish(*events, id_=id_)
        self.run()

    def run(self) -> None:
        """Until nothing is left to do, and past the round in which due work is looked for."""
        idle = 0
        while idle < 60:
            idle = 0 if self.worker.turn() else idle + 1

    def order(self, id_: str = "order-1") -> Order:
        saved = self.ledger.load(ORDER, id_)
        assert saved is not None
        return saved.state

    def offer(self, id_: str = "lot-1") -> Offer:
        saved = self.ledger.load(OFFER, id_)
        assert saved is not None
        return saved.state

    def told(self) -> Sequence[str]:
        """Short names of the events that this service published."""
        return [msgspec.json.decode(each.value)["type"].split(".")[2] for each in self.broker.logs["orders", 0]]

    def dead(self) -> int:
        """How many records could not be taken."""
        return sum(len(self.broker.logs[f"{topic}.dlq", 0]) for topic in SERVICE.consumes)
