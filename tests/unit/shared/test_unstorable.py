"""What no database can hold, no event can carry and no broker takes: its message alone pays for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.consumer import Consumer
from shared.errors import NeverError, UnstorableError
from shared.events import Event
from shared.events.envelope import MAX_BYTES, MAX_ID, seal
from shared.events.orders import OrderFailed, ReceiptConfirmed
from shared.store.aggregate import Cause, Decided, Kind, Ledger, Step
from shared.store.memory import MemoryStore
from shared.store.port import Write

NOW = "2030-01-01T00:00:00.000Z"


@dataclass(frozen=True, kw_only=True)
class Sum:
    amounts: tuple[int, ...] = ()


SUM = Kind(collection="sums", state=Sum)


def add(amount: int, *told: Event) -> Callable[[Sum | None], Decided[Sum]]:
    def decide(state: Sum | None) -> tuple[Sum, Sequence[Event]]:
        return Sum(amounts=(*(state or Sum()).amounts, amount)), told

    return decide


def asked(id_: str, message: str, amount: int, *told: Event) -> tuple[Step, Cause]:
    return Step(kind=SUM, id=id_, decide=add(amount, *told)), Cause(message_id=message)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def ledger(store: MemoryStore) -> Ledger:
    return Ledger(store, "orders", lambda: NOW)


def amounts(store: MemoryStore) -> dict[str, list[int]]:
    return {each.id: each.state["amounts"] for each in store.find("sums", {})}


@pytest.mark.parametrize("poison", [2**63, -(2**63) - 1, 10**400])
def test_of_a_batch_only_the_message_that_asks_for_too_large_a_number_fails(
    ledger: Ledger, store: MemoryStore, poison: int
) -> None:
    batch = [
        asked("a", "m1", 1),
        asked("a", "m2", poison),
        asked("a", "m3", 3),
        asked("b", "m4", 4),
    ]

    failed = ledger.apply(batch)

    assert [(cause.message_id, type(error)) for cause, error in failed] == [("m2", UnstorableError)]
    assert amounts(store) == {"a": [1, 3], "b": [4]}


def test_the_same_batch_once_more_changes_nothing(ledger: Ledger, store: MemoryStore) -> None:
    batch = [asked("a", "m1", 1), asked("a", "m2", 2**63), asked("b", "m3", 3)]
    ledger.apply(batch)

    failed = ledger.apply(batch)

    assert [cause.message_id for cause, _ in failed] == ["m2"]
    assert amounts(store) == {"a": [1], "b": [3]}


def test_an_event_that_is_too_long_to_be_told_fails_its_message_and_is_not_stored(
    ledger: Ledger, store: MemoryStore
) -> None:
    long = OrderFailed(order_id="o", reason="x" * MAX_BYTES)

    failed = ledger.apply([asked("a", "m1", 1), asked("a", "m2", 2, long)])

    assert [(cause.message_id, type(error)) for cause, error in failed] == [("m2", UnstorableError)]
    assert amounts(store) == {"a": [1]}
    assert store.pending("sums", 10) == []


def test_a_stored_document_that_cannot_be_read_fails_who_asks_of_it_and_nobody_else(
    ledger: Ledger, store: MemoryStore
) -> None:
    store.write("sums", [Write(id="a", version=1, state={"amounts": "none"})])

    failed = ledger.apply([asked("a", "m1", 1), asked("b", "m2", 2)])

    assert [cause.message_id for cause, _ in failed] == ["m1"]
    assert amounts(store) == {"a": "none", "b": [2]}


@pytest.mark.parametrize("event_id", ["e" * (MAX_ID + 1), "e"])
def test_what_nobody_would_open_is_not_sealed(event_id: str) -> None:
    event = OrderFailed(order_id="o", reason="x" * (MAX_BYTES if event_id == "e" else 1))

    with pytest.raises(NeverError, match="too long"):
        seal(event, event_id=event_id, service="orders", now=NOW, traceparent="")


class Reader:
    """A consumer of one topic whose handler raises what it is told to."""

    def __init__(self, error: Exception) -> None:
        self.broker = MemoryBroker(partitions=1)
        self.error = error
        self.consumer = Consumer(
            subscription=self.broker.subscribe("g", ["orders"]),
            publisher=self.broker,
            ledger=Ledger(MemoryStore(), "orders", lambda: NOW),
            handlers={ReceiptConfirmed: self.handle},
            now=lambda: NOW,
        )

    def handle(self, *_: object) -> Sequence[Step]:
        raise self.error

    def letters(self, *parcels: Parcel) -> list[Parcel]:
        self.broker.publish(parcels)
        self.consumer.turn(0)
        log = self.broker.logs["orders.dlq", 0]
        return [Parcel(topic=each.topic, key=each.key, value=each.value, headers=each.headers) for each in log]


def test_a_record_that_is_longer_than_any_event_is_cut_so_that_the_broker_takes_its_letter() -> None:
    (letter,) = Reader(KeyError()).letters(Parcel(topic="orders", key="k" * 3_000, value=b"x" * (MAX_BYTES + 5)))

    assert (len(letter.key), len(letter.value)) == (2_000, MAX_BYTES)
    assert dict(letter.headers)["cut"] == f"3000 characters of key and {MAX_BYTES + 5} bytes lay there"


@pytest.mark.parametrize("error", [TypeError("a bug"), RecursionError(), ValueError("\ud800"), MemoryError()])
def test_whatever_a_handler_raises_becomes_a_reason_that_can_be_sent(error: Exception) -> None:
    sealed = seal(ReceiptConfirmed(order_id="o"), event_id="e", service="orders", now=NOW, traceparent="")

    (letter,) = Reader(error).letters(Parcel(topic="orders", key="o", value=sealed.body.encode()))

    reason = dict(letter.headers)["reason"]
    assert reason.startswith(type(error).__name__)
    assert reason.encode()
    assert "cut" not in dict(letter.headers)
