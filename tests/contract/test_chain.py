"""The chain that other tests stand on: it runs from a farm to a shop, by its own clock, and ends at rest."""

import json

import pytest

from shared.events.catalogue import TOPICS
from shared.hub import DEFAULT_HUB
from tests.chain import Chain, ok
from tests.setups import (
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


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


def test_goods_go_from_a_farm_to_a_shop(chain: Chain) -> None:
    farm, shop, van = producer(chain), buyer(chain), enterprise(chain)
    lot = list_lot(farm)

    order = place_order(shop, (lot, 2))
    deliver(van, order, farm)

    assert order_of(shop, order)["status"] == "delivered"
    assert stock_of(farm, lot) == {
        "listed": 20_000,
        "available": 18_000,
        "reserved": 0,
        "collected": 2_000,
        "withdrawn": 0,
    }
    assert chain.dead() == []


def test_time_passes_when_it_is_told_to_and_makes_what_waits_due(chain: Chain) -> None:
    farm, shop = producer(chain), buyer(chain)
    job = f"/v1/jobs/{place_order(shop, (list_lot(farm), 2))}.collect.{farm.id}"
    operator = chain.operators["logistics"]

    states = []
    for seconds in (0, DEFAULT_HUB.deadlines.unclaimed, DEFAULT_HUB.deadlines.escalate):
        chain.pass_time(seconds=seconds)
        found = ok(operator.get(job))
        states.append((found["wide"], found["escalated"]))

    assert states == [(False, False), (True, False), (True, True)]


def test_what_was_is_brought_back(chain: Chain) -> None:
    before = chain.snapshot()
    place_order(buyer(chain), (list_lot(producer(chain)), 2))

    chain.restore(before)
    chain.settle()

    assert chain.snapshot() == before
    assert chain.records("orders") == []


def test_the_trace_of_a_request_follows_what_it_causes_through_all_services(chain: Chain) -> None:
    shop, lot = buyer(chain), list_lot(producer(chain))
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    order = ok(shop.post("/v1/orders", order_body((lot, 2)), traceparent=trace))["id"]
    chain.settle()

    told = [json.loads(record.value) for topic in TOPICS for record in chain.records(topic) if record.key == order]
    assert {each["type"].split(".")[1] for each in told} == {"orders", "producers", "logistics"}
    assert {each["traceparent"] for each in told} == {trace}
