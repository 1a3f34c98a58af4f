"""What an order costs."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.order import Order
from services.orders.domain.totals import amounts, totals
from shared.events.jobs import JobDone, JobStarted
from tests.unit.orders.world import (
    CARROTS,
    CHEESE,
    COLLECTED,
    a_lot,
    asked,
    job,
    left_farm,
    placed,
    refused,
    reserved,
    some,
    told,
    weighed,
    whole_way,
)

WHEELS = a_lot("lot-2", packs=(CHEESE,), product=replace(CARROTS, name="Kaas", kind="cheese", vat_percent=21))


def wheels(count: int = 2) -> Order:
    return placed(asked("lot-2", "wheel", count), lots=[WHEELS])


def net(order: Order) -> int:
    return totals(order, amounts(order)).net


def test_before_an_answer_all_that_is_asked_counts() -> None:
    order = placed()

    found = totals(order, amounts(order))

    assert (found.net, found.vat, found.gross) == (6_250, {6: 375}, 6_625)


def test_vat_is_taken_on_the_total_of_each_rate() -> None:
    order = placed(asked(count=1), asked(pack_id="bag", count=1), asked("lot-2", "wheel", 1), lots=[a_lot(), WHEELS])

    found = totals(order, amounts(order))

    assert (found.net, found.vat, found.gross) == (7_400, {6: 84, 21: 1_260}, 8_744)


def test_a_refused_line_costs_nothing() -> None:
    assert net(told(placed(asked(), asked(pack_id="bag")), refused("2"), reserved())) == 6_250


def test_only_what_was_set_aside_then_collected_then_delivered_counts() -> None:
    order = told(placed(asked(wish="less_is_fine")), reserved(count=4))
    assert net(order) == 5_000

    order = told(order, job(JobStarted), job(JobDone, "collect", some(3)), start=10)
    assert net(order) == 3_750

    order = told(order, job(JobStarted, "deliver"), job(JobDone, "deliver", some(2)), start=20)
    assert net(order) == 2_500


def test_goods_by_weight_are_estimated_until_they_are_weighed() -> None:
    order = told(wheels(), reserved(count=2, lot_id="lot-2"))
    assert amounts(order)["1"].estimated
    assert net(order) == 12_000

    order = told(order, left_farm(count=2, grams=8_123, lot_id="lot-2"), start=10)
    assert not amounts(order)["1"].estimated
    assert net(order) == 12_185  # 6,000 × 8,123 / 4,000 = 12,184.5


def test_the_later_weight_is_billed() -> None:
    order = told(wheels(), reserved(count=2, lot_id="lot-2"), left_farm(count=2, grams=8_123, lot_id="lot-2"))

    assert net(told(order, weighed(8_000, lot_id="lot-2"), start=20)) == 12_000


def test_of_a_weighed_line_only_the_share_that_arrived_is_billed() -> None:
    goods = some(3, lot_id="lot-2")
    order = told(
        wheels(3),
        reserved(count=3, lot_id="lot-2"),
        left_farm(count=3, grams=12_600, lot_id="lot-2"),
        *(job(type_, "collect", goods) for type_ in (JobStarted, JobDone)),
        *(job(type_, "deliver", some(2, lot_id="lot-2")) for type_ in (JobStarted, JobDone)),
    )

    assert net(order) == 12_600  # two thirds of 12,600 g at 6,000 cents for 4,000 g


def test_an_order_that_did_not_go_through_costs_nothing() -> None:
    assert net(told(placed(), refused())) == 0


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 100_000)), min_size=1, max_size=20))
def test_gross_is_net_and_vat_to_the_cent(lines: list[tuple[int, int]]) -> None:
    lots = [
        a_lot(f"lot-{number}", packs=(replace(CHEESE, id="p", by_weight=False, price_cents=price),))
        for number, (_, price) in enumerate(lines)
    ]
    order = placed(*(asked(f"lot-{number}", "p", count) for number, (count, _) in enumerate(lines)), lots=lots)

    found = totals(order, amounts(order))

    assert found.net == sum(count * price for count, price in lines)
    assert abs(found.vat[6] - found.net * 6 / 100) <= 0.5
    assert found.gross == found.net + sum(found.vat.values())


def test_a_delivered_order_costs_what_was_ordered() -> None:
    assert net(told(placed(), *whole_way())) == 6_250
    assert len(COLLECTED) == 4
