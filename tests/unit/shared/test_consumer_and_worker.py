"""The loops: what becomes of a record, what is published, what falls due, and what happens when something is away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.consumer import Consumer, Message
from shared.errors import BusUnavailableError, StoreUnavailableError
from shared.events import Event
from shared.events.envelope import seal
from shared.events.orders import OrderFailed, ReceiptConfirmed
from shared.relay import Relay
from shared.store.aggregate import Decided, Kind, Ledger, Step
from shared.store.memory import MemoryStore
from shared.store.port import Write
from shared.worker import Due, DueWork, Worker

NOW = "2030-01-01T00:00:00.000Z"


@dataclass(frozen=True, kw_only=True)
class Seen:
    count: int = 0
    due_at: str | None = None


SEEN = Kind(collection="seen", state=Seen)


def count_it(state: Seen | None) -> tuple[Seen, Sequence[Event]]:
    before = state or Seen()
    return replace(before, count=before.count + 1), ()


def on_receipt(message: Message, _now: str) -> Sequence[Step]:
    if message.data.order_id == "broken":  # type: ignore[attr-defined]
        raise KeyError("a bug")
    return [Step(kind=SEEN, id=message.data.order_id, decide=count_it)]  # type: ignore[attr-defined]


class Flaky(MemoryStore):
    """A store that is away for so many writes."""

    def __init__(self) -> None:
        super().__init__()
        self.away = 0

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        if self.away:
            self.away -= 1
            raise StoreUnavailableError("away")
        return super().write(collection, writes)


class Chain:
    def __init__(self) -> None:
        self.broker = MemoryBroker(partitions=1)
        self.store = Flaky()
        self.ledger = Ledger(self.store, "orders", lambda: NOW)
        self.subscription = self.broker.subscribe("g", ["orders"])
        self.consumer = Consumer(
            subscription=self.subscription,
            publisher=self.broker,
            ledger=self.ledger,
            handlers={ReceiptConfirmed: on_receipt},
            now=lambda: NOW,
        )

    def send(self, *order_ids: str) -> None:
        for order_id in order_ids:
            self.raw(receipt(order_id), key=order_id)

    def raw(self, value: bytes, key: str = "k") -> None:
        self.broker.publish([Parcel(topic="orders", key=key, value=value)])

    def counts(self) -> dict[str, int]:
        return {each.id: each.state["count"] for each in self.store.find("seen", {})}

    def dead(self) -> list[dict[str, str]]:
        return [
            dict(each.headers) for (topic, _), log in self.broker.logs.items() if topic == "orders.dlq" for each in log
        ]


def receipt(order_id: str, event_id: str = "") -> bytes:
    event = ReceiptConfirmed(order_id=order_id)
    sealed = seal(event, event_id=event_id or f"e-{order_id}", service="orders", now=NOW, traceparent="t")
    return sealed.body.encode()


@pytest.fixture
def chain() -> Chain:
    return Chain()


def test_a_poll_is_folded_and_committed(chain: Chain) -> None:
    chain.send("a", "b", "a2")

    assert chain.consumer.turn(0) == 3
    assert chain.counts() == {"a": 1, "b": 1, "a2": 1}
    assert chain.broker.committed["g", ("orders", 0)] == 3


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"id":1}',
        b"[" * 10_000,
        b'{"id":"e","type":"schakel.orders.ReceiptConfirmed.v1","time":"","traceparent":"","data":{}}',
        b'{"id":"e","type":"schakel.orders.ReceiptConfirmed.v1","time":"","traceparent":"","data":{"order_id":7}}',
        b'{"id":"e","type":"schakel.orders.ReceiptConfirmed.v1","time":"","traceparent":"","data":{"order_id":"x"}}',
    ],
)
def test_a_poisoned_record_becomes_a_dead_letter_and_blocks_nothing(chain: Chain, poison: bytes) -> None:
    chain.raw(poison)
    chain.send("a")

    chain.consumer.turn(0)

    assert chain.counts() == {"a": 1}
    (letter,) = chain.dead()
    assert letter["reason"].startswith("MalformedEventError")
    assert (letter["topic"], letter["partition"], letter["offset"]) == ("orders", "0", "0")


def test_an_event_of_an_unknown_type_or_one_nobody_wants_is_skipped(chain: Chain) -> None:
    chain.raw(
        b'{"id":"e","type":"schakel.orders.Unheard.v9","time":"2030-01-01T00:00:00.000Z","traceparent":"","data":{}}'
    )
    event = OrderFailed(order_id="k", reason="x")
    chain.raw(seal(event, event_id="e2", service="orders", now=NOW, traceparent="").body.encode())
    chain.send("a")

    chain.consumer.turn(0)

    assert chain.counts() == {"a": 1}
    assert chain.dead() == []


def test_a_handler_with_a_bug_makes_a_dead_letter_and_blocks_nothing(chain: Chain) -> None:
    chain.send("broken", "a")

    chain.consumer.turn(0)

    assert chain.counts() == {"a": 1}
    assert "KeyError" in chain.dead()[0]["reason"]


def test_while_the_store_is_away_nothing_is_committed_and_the_same_batch_is_tried_again(chain: Chain) -> None:
    chain.send("a", "b")
    chain.store.away = 1

    with pytest.raises(StoreUnavailableError):
        chain.consumer.turn(0)
    uncommitted = chain.broker.committed["g", ("orders", 0)]
    chain.consumer.turn(0)

    assert uncommitted == 0
    assert chain.counts() == {"a": 1, "b": 1}
    assert chain.broker.committed["g", ("orders", 0)] == 2


def test_a_record_that_is_delivered_twice_has_one_effect(chain: Chain) -> None:
    chain.send("a")
    chain.consumer.turn(0)
    chain.subscription.replay()

    chain.consumer.turn(0)

    assert chain.counts() == {"a": 1}


def test_a_record_that_comes_twice_in_one_poll_has_one_effect(chain: Chain) -> None:
    chain.send("a", "b", "a")

    chain.consumer.turn(0)

    assert chain.counts() == {"a": 1, "b": 1}


class Deaf:
    """A broker that acknowledges nothing."""

    def publish(self, _parcels: Sequence[Parcel]) -> None:
        raise BusUnavailableError("away")

    def close(self) -> None:
        """Nothing to let go of."""


def raise_event(state: Seen | None) -> Decided[Seen]:
    return count_it(state)[0], (ReceiptConfirmed(order_id="a"),)


def test_the_relay_publishes_what_documents_hold_and_takes_it_out(chain: Chain) -> None:
    chain.ledger.decide(SEEN, "a", raise_event)
    chain.ledger.decide(SEEN, "a", raise_event)

    sent = Relay(chain.store, chain.broker, ["seen"]).turn()

    assert sent == 2
    assert chain.store.pending("seen", 10) == []
    assert [each.key for each in chain.broker.logs["orders", 0]] == ["a", "a"]


def test_what_the_broker_did_not_acknowledge_stays_to_be_published(chain: Chain) -> None:
    chain.ledger.decide(SEEN, "a", raise_event)

    with pytest.raises(BusUnavailableError):
        Relay(chain.store, Deaf(), ["seen"]).turn()

    assert len(chain.store.pending("seen", 10)) == 1


def ring(state: Seen, _now: str) -> Decided[Seen]:
    return replace(state, due_at=None, count=state.count + 1), (OrderFailed(order_id="late", reason="late"),)


def test_what_is_overdue_is_acted_on_once_and_what_is_not_is_left_alone(chain: Chain) -> None:
    for id_, due_at in (("late", "2029-12-31T00:00:00.000Z"), ("early", "2030-01-02T00:00:00.000Z"), ("never", None)):
        chain.ledger.decide(SEEN, id_, lambda _, due_at=due_at: (Seen(due_at=due_at), ()))
    due = DueWork(chain.ledger, [Due(kind=SEEN, decide=ring)], lambda: NOW)

    assert (due.turn(), due.turn()) == (1, 0)
    assert chain.counts() == {"late": 1, "early": 0, "never": 0}


def test_a_workers_round_consumes_acts_on_what_is_due_and_publishes(chain: Chain) -> None:
    chain.ledger.decide(SEEN, "late", lambda _: (Seen(due_at="2029-12-31T00:00:00.000Z"), ()))
    chain.send("a")
    worker = Worker(
        consumer=chain.consumer,
        relay=Relay(chain.store, chain.broker, ["seen"]),
        due=DueWork(chain.ledger, [Due(kind=SEEN, decide=ring)], lambda: NOW),
        close=lambda: None,
    )

    worker.turn()

    assert chain.counts() == {"a": 1, "late": 1}
    assert chain.store.pending("seen", 10) == []
