"""The same on a real broker: what another producer may put on a topic, and a good event behind it on the partition."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from kafka import KafkaProducer

from services.producers.main import SERVICE
from shared import clock, ids
from shared.bus.kafka import KafkaPublisher, KafkaSubscription
from shared.bus.port import Parcel
from shared.bus.topics import read_topic
from shared.consumer import Consumer
from shared.errors import BusUnavailableError
from shared.events.envelope import MAX_BYTES
from shared.events.reservations import StockReleased
from shared.hub import DEFAULT_HUB
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from tests.fuzz.town import parcel
from tests.servers import wait_until

pytestmark = pytest.mark.servers

TOPIC = "reservations"
BROKERS_MOST = 1_048_588 - 200
POISON: dict[str, tuple[bytes | None, bytes | None, bool]] = {
    "no value": (b"k", None, False),
    "no key": (None, b"{}", False),
    "an empty key": (b"", b"{}", False),
    "a key that is no text": (b"\xff\xfe", b"{}", False),
    "a key of half a megabyte": (b"\xff" * 500_000, b"{}", False),
    "the largest value that the broker takes": (b"k", b"x" * (BROKERS_MOST - 100), False),
    "a value that was much smaller on its way": (b"k", b" " * 8_000_000, True),
    "gzip within gzip": (b"k", b"\x1f\x8b\x08\x00" + b"\x00" * 100, True),
}


class Reader:
    """The consumer of producers, alone in a group of its own, on a store of its own."""

    def __init__(self, bootstrap: str) -> None:
        self.store = MemoryStore()
        self.publisher = KafkaPublisher(bootstrap)
        self.subscription = KafkaSubscription(bootstrap, f"fuzz-{ids.new_id()}", [TOPIC])
        ledger = Ledger(self.store, SERVICE.name, clock.now)
        self.consumer = Consumer(
            subscription=self.subscription,
            publisher=self.publisher,
            ledger=ledger,
            handlers=SERVICE.handlers(ledger, DEFAULT_HUB),
            now=clock.now,
        )

    def has_heard(self, order_id: str) -> bool:
        with suppress(BusUnavailableError):
            self.consumer.turn(0.2)
        return f"{order_id}.1.1" in self.store.get("settlements", [f"{order_id}.1.1"])

    def close(self) -> None:
        self.subscription.close()
        self.publisher.close()


@pytest.fixture
def reader(kafka_bootstrap: str) -> Iterator[Reader]:
    made = Reader(kafka_bootstrap)
    yield made
    made.close()


class NoText(str):
    """The name of a header in bytes that are no text: Kafka's client writes it, and cannot read it."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


def put(bootstrap: str, key: bytes | None, value: bytes | None, *headers: Any, compressed: bool = False) -> Any:
    producer = KafkaProducer(
        bootstrap_servers=[bootstrap], max_request_size=16_000_000, compression_type="gzip" if compressed else None
    )
    try:
        return producer.send(TOPIC, key=key, value=value, partition=0, headers=list(headers)).get(timeout=30)
    finally:
        producer.close()


def a_good_one() -> Parcel:
    order_id = f"order-{ids.new_id()}"
    event = StockReleased(order_id=order_id, line_id="1", attempt=1, lot_id="l", quantity=1, reason="r")
    return parcel(event, f"{order_id}/1/0")


def letter_about(bootstrap: str, offset: int) -> Any:
    letters = read_topic(bootstrap, f"{TOPIC}.dlq")
    return [each for each in letters if each.headers["offset"] == str(offset)][-1]


@pytest.mark.parametrize("what", POISON)
def test_who_stands_behind_poison_on_its_partition_is_served(kafka_bootstrap: str, reader: Reader, what: str) -> None:
    good = a_good_one()
    key, value, compressed = POISON[what]

    lay = put(kafka_bootstrap, key, value, compressed=compressed)
    put(kafka_bootstrap, good.key.encode(), good.value)
    wait_until(lambda: reader.has_heard(good.key), "the good event is heard", 60)

    letter = letter_about(kafka_bootstrap, lay.offset)
    assert letter.value == (value or b"")[:MAX_BYTES]
    assert letter.headers["reason"].startswith("MalformedEventError: ")
    assert ("cut" in letter.headers) == (len(value or b"") > MAX_BYTES or len(key or b"") > 2_000)


def test_who_stands_behind_a_record_that_the_client_cannot_read_is_served(kafka_bootstrap: str, reader: Reader) -> None:
    before, good = a_good_one(), a_good_one()

    put(kafka_bootstrap, before.key.encode(), before.value)
    lay = put(kafka_bootstrap, b"k", b"{}", (NoText("name"), b"v"))
    put(kafka_bootstrap, good.key.encode(), good.value)
    wait_until(lambda: reader.has_heard(good.key), "the good event is heard", 60)

    assert reader.has_heard(before.key)
    assert letter_about(kafka_bootstrap, lay.offset).value == b""
