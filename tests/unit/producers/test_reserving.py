from dataclasses import replace

import pytest

from services.producers.domain.listing import LotChange, change, withdraw
from services.producers.domain.lot import find
from services.producers.domain.stock import end, give_back, reserve
from shared.events.reservations import StockRefused, StockReleased, StockReserved
from shared.values import Wish
from tests.unit.producers.given import (
    ANSWER_BY,
    COLLECT,
    KILO,
    MUCH_LATER,
    NOW,
    SOON,
    a_lot,
    asks,
    line,
    names_of,
    stock_of,
    takes_back,
)

AFTER_ANSWER = "2030-01-01T09:00:00.001Z"


def test_stock_is_set_aside_in_base_units() -> None:
    lot, events = reserve(a_lot(), asks(line(3)), SOON)

    assert stock_of(lot) == (17_000, 3_000, 0, 0)
    assert events[0] == StockReserved(
        order_id="order-1", line_id="1", attempt=1, lot_id="lot-1", count=3, quantity=3_000
    )


def test_several_lines_and_packs_draw_on_one_stock() -> None:
    lot, events = reserve(a_lot(), asks(line(3, pack="p2"), line(6, line_id="2")), SOON)

    assert stock_of(lot) == (5_000, 15_000, 0, 0)
    assert names_of(events)[:2] == ["StockReserved", "StockRefused"]


@pytest.mark.parametrize("wish", ["exact", "substitute_ok"])
def test_more_than_there_is_is_refused_whole(wish: Wish) -> None:
    lot, events = reserve(a_lot(), asks(line(21, wish=wish)), SOON)

    assert stock_of(lot) == (20_000, 0, 0, 0)
    assert events == (
        StockRefused(order_id="order-1", line_id="1", attempt=1, lot_id="lot-1", reason="sold_out", wish=wish),
    )


def test_where_less_is_fine_the_whole_packs_that_are_there_are_given() -> None:
    lot, events = reserve(a_lot(stock=12_500), asks(line(3, pack="p2", wish="less_is_fine")), SOON)

    assert stock_of(lot) == (2_500, 10_000, 0, 0)
    assert isinstance(events[0], StockReserved)
    assert (events[0].count, events[0].quantity) == (2, 10_000)


def test_where_less_is_fine_but_not_one_pack_is_left_it_is_refused() -> None:
    _, events = reserve(a_lot(stock=4_999), asks(line(3, pack="p2", wish="less_is_fine")), SOON)

    assert names_of(events) == ["StockRefused"]


@pytest.mark.parametrize("count", [0, -5, -(2**63)])
def test_a_count_below_one_takes_nothing(count: int) -> None:
    lot, events = reserve(a_lot(), asks(line(count, wish="less_is_fine")), SOON)

    assert stock_of(lot) == (20_000, 0, 0, 0)
    assert names_of(events) == ["StockRefused"]


def test_a_pack_that_does_not_exist_is_refused() -> None:
    _, events = reserve(a_lot(), asks(line(1, pack="p9")), SOON)

    assert isinstance(events[0], StockRefused)
    assert events[0].reason == "no_such_pack"


def test_a_withdrawn_lot_refuses() -> None:
    lot, _ = withdraw(a_lot())

    lot, events = reserve(lot, asks(line(1)), SOON)

    assert stock_of(lot) == (0, 0, 0, 20_000)
    assert isinstance(events[0], StockRefused)
    assert events[0].reason == "withdrawn"


@pytest.mark.parametrize(("answer_by", "now"), [(ANSWER_BY, AFTER_ANSWER), (MUCH_LATER, COLLECT.end)])
def test_after_the_answer_was_due_or_the_window_closed_it_is_too_late(answer_by: str, now: str) -> None:
    lot, events = reserve(a_lot(), asks(line(1), answer_by=answer_by), now)

    assert stock_of(lot) == (20_000, 0, 0, 0)
    assert isinstance(events[0], StockRefused)
    assert events[0].reason == "too_late"


def test_a_line_is_reserved_once_however_often_it_is_asked() -> None:
    once, _ = reserve(a_lot(), asks(line(3)), SOON)

    assert reserve(once, asks(line(3)), SOON) == (once, ())


def test_a_refused_line_stays_refused_when_stock_comes_back() -> None:
    lot, _ = reserve(a_lot(), asks(line(21)), SOON)
    lot, _ = change(lot, LotChange(listed=100_000), SOON)

    assert reserve(lot, asks(line(21)), SOON) == (lot, ())


def test_a_second_attempt_is_a_reservation_of_its_own() -> None:
    lot, _ = reserve(a_lot(), asks(line(21)), SOON)

    lot, events = reserve(lot, asks(line(4, attempt=2)), SOON)

    assert stock_of(lot) == (16_000, 4_000, 0, 0)
    assert names_of(events)[0] == "StockReserved"


def test_stock_is_given_back_once() -> None:
    lot, _ = reserve(a_lot(), asks(line(3)), SOON)

    lot, events = give_back(lot, takes_back(), SOON)
    again = give_back(lot, takes_back(), SOON)

    assert stock_of(lot) == (20_000, 0, 0, 0)
    assert events[0] == StockReleased(
        order_id="order-1", line_id="1", attempt=1, lot_id="lot-1", quantity=3_000, reason="order_cancelled"
    )
    assert again == (lot, ())


def test_a_request_that_comes_after_its_cancellation_takes_nothing() -> None:
    lot, _ = give_back(a_lot(), takes_back(), SOON)

    late = reserve(lot, asks(line(3)), SOON)

    assert late == (lot, ())
    assert stock_of(lot) == (20_000, 0, 0, 0)


def test_a_released_line_is_not_reserved_again_by_a_repeated_request() -> None:
    lot, _ = reserve(a_lot(), asks(line(3)), SOON)
    lot, _ = give_back(lot, takes_back(), SOON)

    assert reserve(lot, asks(line(3)), SOON) == (lot, ())


def test_giving_back_what_was_refused_gives_nothing() -> None:
    lot, _ = reserve(a_lot(), asks(line(21)), SOON)

    assert give_back(lot, takes_back(), SOON) == (lot, ())


def test_what_is_over_leaves_the_lot_once_no_repetition_would_be_taken() -> None:
    lot, _ = reserve(a_lot(), asks(line(3)), SOON)
    lot, _ = give_back(lot, takes_back(), SOON)
    kept, _ = reserve(lot, asks(line(1), order="order-2", answer_by=MUCH_LATER), ANSWER_BY)

    left, _ = reserve(kept, asks(line(1), order="order-3", answer_by=MUCH_LATER), AFTER_ANSWER)

    assert find(kept, "order-1.1.1") is not None
    assert find(left, "order-1.1.1") is None
    assert stock_of(left) == (18_000, 2_000, 0, 0)


def test_an_open_reservation_never_leaves_its_lot() -> None:
    lot, _ = reserve(a_lot(), asks(line(3)), SOON)
    lot, _ = end(lot, "order-1", NOW, SOON)

    lot, _ = change(lot, LotChange(listed=30_000), MUCH_LATER)

    assert find(lot, "order-1.1.1") is not None
    assert stock_of(lot) == (27_000, 3_000, 0, 0)


def test_a_reservation_keeps_the_pack_as_it_was() -> None:
    lot, _ = reserve(a_lot(), asks(line(3)), SOON)
    lot, _ = change(lot, LotChange(packs=(replace(KILO, id="p1", label="kilo", price_cents=999),)), SOON)

    reservation = find(lot, "order-1.1.1")

    assert reservation is not None
    assert (reservation.label, reservation.size) == ("1 kg", 1_000)


def test_small_movements_of_stock_are_not_told_a_tenth_is() -> None:
    lot, first = reserve(a_lot(), asks(line(1)), SOON)
    lot, second = reserve(lot, asks(line(1), order="order-2"), SOON)

    assert names_of(first) == ["StockReserved"]
    assert names_of(second) == ["StockReserved", "LotChanged"]
    assert (lot.told, lot.revision) == (18_000, 2)


def test_selling_out_and_coming_back_are_told() -> None:
    lot = a_lot(KILO, stock=1_000_000)
    lot, _ = reserve(lot, asks(line(999)), SOON)
    lot, sold_out = reserve(lot, asks(line(1), order="order-2"), SOON)
    status = lot.status

    lot, back = give_back(lot, takes_back(order="order-2"), SOON)

    assert (status, lot.status) == ("sold_out", "on_offer")
    assert names_of(sold_out) == ["StockReserved", "LotChanged"]
    assert names_of(back) == ["StockReleased", "LotChanged"]
