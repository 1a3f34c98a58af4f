"""What becomes of a reservation is kept for its producer, from what this service tells itself."""

from dataclasses import replace

import pytest

from services.producers.app.kinds import SETTLEMENT
from shared.events.reservations import StockReserved
from tests.unit.producers.bench import Bench
from tests.unit.producers.given import COLLECT, KILO, a_lot
from tests.unit.producers.told import cancelled, done, failed, goods, placed


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.hold()
    return bench


def test_the_producers_history_tells_what_was_reserved_collected_and_freed(bench: Bench) -> None:
    bench.send(placed())
    bench.send(done("collect", goods(3), short=[goods(2)], stock="back"))

    history = bench.settlement()

    assert history.status == "collected"
    assert history.goods is not None
    assert (history.goods.label, history.goods.count, history.goods.collect) == ("1 kg", 5, COLLECT)
    assert (history.collected, [each.quantity for each in history.freed]) == (3, [2_000])
    assert history.producer_id == "0403170701"


def test_the_history_of_what_was_gone_at_the_farm_is_lost(bench: Bench) -> None:
    bench.send(placed())
    bench.send(failed("collect", goods(5), stock="gone"))

    assert (bench.settlement().status, bench.settlement().lost) == ("lost", 5)


def test_the_history_of_a_cancelled_order_is_released(bench: Bench) -> None:
    bench.send(placed(), cancelled(confirmed=False))

    assert bench.settlement().status == "released"


def test_the_later_weight_counts_in_the_history() -> None:
    bench = Bench()
    bench.hold(a_lot(replace(KILO, by_weight=True)))
    bench.send(placed())
    bench.send(done("collect", goods(5, grams=5_120)))

    assert bench.settlement().grams == 5_120


def test_history_whose_reservation_left_its_lot_already_keeps_the_numbers(bench: Bench) -> None:
    bench.send(
        StockReserved(order_id="order-9", line_id="1", attempt=1, lot_id="lot-1", count=2, quantity=2_000),
        StockReserved(order_id="order-9", line_id="2", attempt=1, lot_id="nowhere", count=2, quantity=2_000),
    )

    goods_then = bench.settlement("order-9.1.1").goods
    assert goods_then is not None
    assert (goods_then.count, goods_then.quantity, goods_then.label) == (2, 2_000, "")
    assert bench.ledger.load(SETTLEMENT, "order-9.2.1") is None
