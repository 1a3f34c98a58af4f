"""Several who ask in one instant, and what was there a moment ago: one gets it, the others a clear word."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from tests.chain import NOUNS, Chain, Snapshot, ok, refused
from tests.contract.creations import CREATED, KEY, creations
from tests.fakes import GatheringStore
from tests.setups import (
    buyer,
    deliver,
    do,
    enterprise,
    list_lot,
    order_body,
    order_of,
    place_order,
    producer,
    stock_of,
)


def at_once(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """All of these in threads of their own."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def statuses(answers: list[TestResponse]) -> list[int]:
    return sorted(each.status_code for each in answers)


@pytest.fixture(scope="module")
def made() -> tuple[Chain, Snapshot]:
    chain = Chain(stores={name: GatheringStore() for name in NOUNS})
    return chain, chain.snapshot()


@pytest.fixture
def chain(made: tuple[Chain, Snapshot]) -> Chain:
    chain, nothing = made
    chain.restore(nothing)
    return chain


def gather(chain: Chain, service: str, collection: str, readers: int) -> None:
    store = chain.stores[service]
    assert isinstance(store, GatheringStore)
    store.gather(collection, readers)


def test_two_who_claim_one_job_in_the_same_instant_are_not_both_its_holder(chain: Chain) -> None:
    farm, shop = producer(chain), buyer(chain)
    job = f"{place_order(shop, (list_lot(farm), 2))}.collect.{farm.id}"
    vans = [enterprise(chain, name=name) for name in ("De Kruiwagen", "Wielslag")]
    gather(chain, "logistics", "jobs", len(vans))

    answers = at_once(*[lambda van=van: van.post(f"/v1/jobs/{job}/claim") for van in vans])

    assert statuses(answers) == [200, 409]
    for van, answer in zip(vans, answers, strict=True):
        if answer.status_code == 409:
            refused(answer, 409, "already_claimed")
            refused(van.get(f"/v1/jobs/{job}"), 404, "no_such_job")
        else:
            assert ok(answer)["holder"] == {"id": van.id, "name": ok(van.get(van.account))["name"]}


def test_many_who_claim_one_job_leave_one_holder(chain: Chain) -> None:
    farm, shop = producer(chain), buyer(chain)
    order = place_order(shop, (list_lot(farm), 2))
    vans = [enterprise(chain) for _ in range(8)]
    gather(chain, "logistics", "jobs", len(vans))

    answers = at_once(*[lambda van=van: van.post(f"/v1/jobs/{order}.collect.{farm.id}/claim") for van in vans])
    chain.settle()

    assert statuses(answers) == [200, *[409] * 7]
    assert len([each for each in chain.records("jobs") if b"JobClaimed" in each.value]) == 1


def test_claiming_a_job_again_changes_nothing(chain: Chain) -> None:
    farm, shop, van = producer(chain), buyer(chain), enterprise(chain)
    job = f"{place_order(shop, (list_lot(farm), 2))}.collect.{farm.id}"
    first = ok(van.post(f"/v1/jobs/{job}/claim"))
    before = chain.snapshot()

    assert ok(van.post(f"/v1/jobs/{job}/claim")) == first
    assert chain.snapshot() == before


def test_two_changes_of_one_version_in_the_same_instant_are_not_both_made(chain: Chain) -> None:
    farm = producer(chain)
    lot = list_lot(farm)
    tag = farm.get(f"/v1/lots/{lot}").headers["ETag"]
    gather(chain, "producers", "lots", 2)

    answers = at_once(
        *[
            lambda total=total: farm.patch(f"/v1/lots/{lot}", {"listed": total}, If_Match=tag)
            for total in (30_000, 40_000)
        ]
    )

    assert statuses(answers) == [200, 412]


def test_two_who_order_the_last_pack_in_the_same_instant_do_not_both_get_it(chain: Chain) -> None:
    farm, shops = producer(chain), [buyer(chain), buyer(chain)]
    lot = list_lot(farm, stock=1_000)

    orders = [
        str(ok(each)["id"])
        for each in at_once(*[lambda s=s: s.post("/v1/orders", order_body((lot, 1))) for s in shops])
    ]
    chain.settle()

    found = [order_of(shop, order)["status"] for shop, order in zip(shops, orders, strict=True)]
    assert sorted(found) == ["confirmed", "refused"]
    assert stock_of(farm, lot) == {"listed": 1_000, "available": 0, "reserved": 1_000, "collected": 0, "withdrawn": 0}


@pytest.mark.parametrize(
    ("wish", "status", "confirmed", "explanation"),
    [
        ("exact", "refused", 0, "Could not be set aside: sold out."),
        ("less_is_fine", "confirmed_in_part", 2, "Set aside: 2 × 1 kg of Wortelen, of 3 asked."),
    ],
)
def test_an_order_of_more_than_is_left_ends_with_a_clear_word(
    chain: Chain, wish: str, status: str, confirmed: int, explanation: str
) -> None:
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm, stock=2_000)

    order = order_of(shop, place_order(shop, (lot, 3), wish=wish))

    (line,) = order["lines"]
    assert (order["status"], line["confirmed"], line["explanation"]) == (status, confirmed, explanation)


def test_an_order_of_what_just_sold_out_is_taken_and_refused_with_the_reason(chain: Chain) -> None:
    farm, first, second = producer(chain), buyer(chain), buyer(chain)
    lot = list_lot(farm, stock=2_000)
    place_order(first, (lot, 2))

    order = order_of(second, place_order(second, (lot, 1)))

    assert order["status"] == "refused"
    assert order["lines"][0]["explanation"] == "Could not be set aside: sold out."
    assert order["ended_at"] is not None
    assert order["totals"]["gross_cents"] == 0


def test_an_order_of_what_was_withdrawn_is_not_taken(chain: Chain) -> None:
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm)
    ok(farm.post(f"/v1/lots/{lot}/withdraw"))
    chain.settle()

    refused(shop.post("/v1/orders", order_body((lot, 1))), 422, "lot_withdrawn", "lines.0.lot_id")


def test_an_order_of_what_is_withdrawn_before_the_shop_hears_of_it_is_refused_with_the_reason(chain: Chain) -> None:
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm)
    ok(farm.post(f"/v1/lots/{lot}/withdraw"))

    order = order_of(shop, place_order(shop, (lot, 1)))

    assert order["status"] == "refused"
    assert order["lines"][0]["explanation"] == "Could not be set aside: withdrawn by its producer."


def test_an_order_is_not_taken_back_when_its_goods_are_being_collected_nor_after(chain: Chain) -> None:
    farm, shop, van = producer(chain), buyer(chain), enterprise(chain)
    lot = list_lot(farm)
    collecting, delivered = place_order(shop, (lot, 1)), place_order(shop, (lot, 1))
    do(van, f"{collecting}.collect.{farm.id}", "claim", "start")
    deliver(van, delivered, farm)
    before = chain.snapshot()

    refused(shop.post(f"/v1/orders/{collecting}/cancel"), 409, "collection_started")
    refused(shop.post(f"/v1/orders/{delivered}/cancel"), 409, "order_ended")
    refused(shop.post(f"/v1/orders/{collecting}/receipt"), 409, "not_delivered")
    assert chain.snapshot() == before


@CREATED
def test_the_same_creation_in_the_same_instant_has_one_effect(chain: Chain, what: str) -> None:
    who, path, body, _ = creations(chain)[what]
    gather(chain, who.service, f"{what}s", 2)

    answers = at_once(*[lambda: who.post(path, body, Idempotency_Key=KEY)] * 2)

    assert len({ok(each)["id"] for each in answers}) == 1
    chain.settle()
    assert chain.dead() == []
