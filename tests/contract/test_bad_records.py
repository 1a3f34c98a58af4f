"""What arrives on the bus and is no event: it becomes a dead letter with the reason, and nobody waits behind it."""

from typing import Any

import pytest

from shared.bus.port import Parcel
from shared.errors import StoreUnavailableError
from shared.events.base import Event
from shared.events.catalogue import BY_TYPE, EVENTS, TOPICS
from tests.chain import SERVICES, Chain, Snapshot, ok, refused
from tests.fakes import AbsentStore
from tests.setups import (
    CARROTS,
    buyer,
    deliver,
    enterprise,
    list_lot,
    order_body,
    order_of,
    place_order,
    producer,
    stock_of,
)
from tests.unit.events.samples import golden, put, raw

READ_TOPICS = sorted({(name, topic) for name, service in SERVICES.items() for topic in service.consumes})

NO_EVENTS = {
    "empty": b"",
    "not JSON": b"\x00\xff\xfe",
    "not an object": b"[]",
    "no CloudEvent": b'{"hello": "world"}',
    "cut off": raw(golden("JobDone"))[:-20],
    "nested deeply": b'{"data":' * 50_000 + b"1" + b"}" * 50_000,
    "too large": b'"' + b"x" * 1_000_000 + b'"',
}


@pytest.fixture(scope="module")
def made() -> tuple[Chain, Snapshot]:
    chain = Chain()
    return chain, chain.snapshot()


@pytest.fixture
def chain(made: tuple[Chain, Snapshot]) -> Chain:
    chain, nothing = made
    chain.restore(nothing)
    return chain


@pytest.mark.parametrize("what", NO_EVENTS)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_record_that_is_no_event_becomes_a_dead_letter_with_the_reason(chain: Chain, topic: str, what: str) -> None:
    before = chain.snapshot()

    chain.publish(topic, "order-1", NO_EVENTS[what])

    readers = [name for name, read in READ_TOPICS if read == topic]
    dead = chain.records(f"{topic}.dlq")
    assert len(dead) == len(readers) > 0
    assert chain.snapshot() == before
    for letter in dead:
        headers = dict(letter.headers)
        assert letter.key == "order-1"
        assert NO_EVENTS[what].startswith(letter.value)
        assert (letter.value == NO_EVENTS[what]) is (headers.get("cut") is None)
        assert (headers["topic"], headers["offset"], headers["partition"].isdigit()) == (topic, "0", True)
        assert headers["reason"].startswith("MalformedEventError: ")


@pytest.mark.parametrize(
    ("event", "path", "value"),
    [
        ("OrderPlaced", ("lines", 0, "count"), "two"),
        ("OrderPlaced", ("lines", 0, "wish"), "whatever"),
        ("OrderConfirmed", ("window",), None),
        ("StockReserved", ("quantity",), 2**63),
        ("StockReserved", ("quantity",), float("nan")),
        ("JobDone", ("lines",), {}),
        ("JobDone", ("kind",), "teleport"),
    ],
)
def test_an_event_of_a_wrong_shape_becomes_a_dead_letter_that_names_the_member(
    chain: Chain, event: str, path: tuple[str | int, ...], value: Any
) -> None:
    sample = golden(event)
    before = chain.snapshot()

    chain.publish(BY_TYPE[sample["type"]].topic, sample["subject"], raw(put(sample, ("data", *path), value)))

    reasons = [dict(letter.headers)["reason"] for letter in chain.dead()]
    assert reasons
    assert all(str(path[-1]) in reason or "JSON is malformed" in reason for reason in reasons)
    assert chain.snapshot() == before


def test_an_event_under_a_key_that_is_not_its_own_becomes_a_dead_letter(chain: Chain) -> None:
    sample = golden("OrderPlaced")

    chain.publish("orders", "another-order", raw(sample))

    (letter,) = chain.records("orders.dlq")
    assert "key" in dict(letter.headers)["reason"]


@pytest.mark.parametrize(
    "type_", ["schakel.orders.OrderGiftWrapped.v1", "schakel.orders.OrderPlaced.v9", "", "x" * 999]
)
def test_an_event_of_a_type_that_is_not_known_is_skipped(chain: Chain, type_: str) -> None:
    before = chain.snapshot()

    chain.publish("orders", "order-1", raw({**golden("OrderPlaced"), "type": type_}))

    assert chain.dead() == []
    assert chain.snapshot() == before


def test_an_event_that_a_service_does_not_handle_is_skipped(chain: Chain) -> None:
    sample = golden("ReceiptConfirmed")

    chain.publish("orders", sample["subject"], raw(sample))

    assert chain.dead() == []


@pytest.mark.parametrize("what", NO_EVENTS)
def test_who_stands_behind_a_dead_letter_is_served(chain: Chain, what: str) -> None:
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm)
    order = str(ok(shop.post("/v1/orders", order_body((lot, 2))))["id"])
    for topic in TOPICS:
        chain.broker.publish([Parcel(topic=topic, key=key, value=NO_EVENTS[what]) for key in (order, lot)])

    chain.settle()

    assert order_of(shop, order)["status"] == "confirmed"
    assert stock_of(farm, lot)["reserved"] == 2_000
    assert len(chain.dead()) == 2 * len(READ_TOPICS)


def test_who_stands_between_dead_letters_in_one_batch_is_served(chain: Chain) -> None:
    shop = buyer(chain)
    order = place_order(shop, (list_lot(producer(chain)), 2))
    failed = golden("OrderFailed")
    values = (b"{", raw({**failed, "type": "schakel.orders.Later.v1"}), raw(put(failed, ("data", "order_id"), order)))
    bad, unknown, good = (Parcel(topic="orders", key=order, value=value) for value in values)

    chain.broker.publish([bad, bad, unknown, bad, good, bad])
    chain.settle()

    assert ok(chain.operators["logistics"].get(f"/v1/jobs/{order}.deliver"))["status"] == "cancelled"
    assert len(chain.records("orders.dlq")) == 4 * len([name for name, topic in READ_TOPICS if topic == "orders"])


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_of_things_that_nobody_knows_breaks_nothing(chain: Chain, event: type[Event]) -> None:
    sample = golden(event.__name__)

    chain.publish(event.topic, sample["subject"], raw(sample))

    assert chain.dead() == []


def test_a_repeated_record_has_no_further_effect(chain: Chain) -> None:
    farm, shop, van = producer(chain), buyer(chain), enterprise(chain)
    lot = list_lot(farm)
    place_order(shop, (lot, 2))
    deliver(van, place_order(shop, (lot, 2)), farm)
    before = chain.snapshot()
    records = [record for topic in TOPICS for record in chain.records(topic)]

    chain.broker.publish([Parcel(topic=each.topic, key=each.key, value=each.value) for each in records])
    chain.settle()

    assert chain.snapshot() == before
    assert chain.dead() == []
    assert stock_of(farm, lot)["available"] == 16_000


def test_records_that_come_while_the_database_is_away_are_handled_when_it_is_back() -> None:
    store = AbsentStore()
    chain = Chain(stores={"producers": store})
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm)
    order = str(ok(shop.post("/v1/orders", order_body((lot, 2))))["id"])

    store.away = True
    with pytest.raises(StoreUnavailableError):
        chain.settle()
    store.away = False
    chain.settle()

    assert order_of(shop, order)["status"] == "confirmed"
    assert chain.dead() == []


def test_a_request_while_the_database_is_away_is_to_be_repeated() -> None:
    store = AbsentStore()
    chain = Chain(stores={"producers": store})
    farm = producer(chain)

    store.away = True
    answer = farm.post("/v1/products", CARROTS)

    refused(answer, 503, "try_again")
    assert answer.headers["Retry-After"] == "2"
