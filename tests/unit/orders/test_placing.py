"""Placing an order."""

from dataclasses import replace
from typing import Any

import pytest

from services.orders.domain import placing
from services.orders.domain.offer import on_lot_withdrawn
from services.orders.domain.placing import AskedLine, PlaceOrder
from shared.errors import InvalidError
from shared.events.lots import LotWithdrawn
from shared.events.orders import OrderPlaced, WantedLine
from shared.values import Window
from tests.unit.orders.world import ANSWER_BY, NOW, a_command, a_lot, asked, on_offer


def refusal(command: PlaceOrder, **lot: Any) -> tuple[str, str | None]:
    with pytest.raises(InvalidError) as caught:
        placing.place(command, on_offer(a_lot(**lot)), NOW)
    return caught.value.code, caught.value.field


def test_a_placed_order_asks_producers_for_its_stock() -> None:
    order, events = placing.place(a_command(asked(wish="less_is_fine")), on_offer(a_lot()), NOW)

    wanted = WantedLine(line_id="1", attempt=1, lot_id="lot-1", pack_id="crate", count=5, wish="less_is_fine")
    assert events == (OrderPlaced(order_id="order-1", buyer_id="0202239951", answer_by=ANSWER_BY, lines=(wanted,)),)
    assert (order.status, order.due_at, order.page_key) == ("placed", ANSWER_BY, f"{NOW}/order-1")


def test_what_the_buyer_saw_is_frozen_into_the_line() -> None:
    order, _ = placing.place(a_command(), on_offer(a_lot()), NOW)

    source = order.lines[0].current.source
    assert (source.product.name, source.pack.price_cents) == ("Wortelen", 1_250)
    assert source.producer_name == "Hoeve Ter Linde"


def test_lines_are_numbered_from_one() -> None:
    order, _ = placing.place(a_command(asked(), asked(pack_id="bag")), on_offer(a_lot()), NOW)

    assert [line.id for line in order.lines] == ["1", "2"]


def test_a_lot_that_is_told_to_be_sold_out_may_be_asked_for() -> None:
    order, _ = placing.place(a_command(), on_offer(a_lot(available=0)), NOW)

    assert order.status == "placed"


def test_an_order_without_lines_is_refused() -> None:
    assert refusal(replace(a_command(), lines=())) == ("line_count", "lines")


def test_an_order_of_more_than_two_hundred_lines_is_refused() -> None:
    lines = tuple(asked(lot_id=f"lot-{number}") for number in range(201))

    assert refusal(a_command(*lines)) == ("line_count", "lines")


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    assert refusal(a_command(asked(count=count))) == ("count_out_of_range", "lines.0.count")


def test_the_same_pack_of_the_same_lot_twice_is_refused() -> None:
    assert refusal(a_command(asked(), asked(pack_id="bag"), asked())) == ("same_twice", "lines.2.lot_id")


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (asked(lot_id="lot-9"), "no_such_lot", "lines.0.lot_id"),
        (asked(pack_id="barrel"), "no_such_pack", "lines.0.pack_id"),
    ],
)
def test_an_unknown_lot_or_pack_is_refused(line: AskedLine, code: str, field: str) -> None:
    assert refusal(a_command(line)) == (code, field)


def test_a_withdrawn_lot_is_refused() -> None:
    offers = on_offer(a_lot())
    offers["lot-1"] = on_lot_withdrawn(offers["lot-1"], LotWithdrawn(lot_id="lot-1", revision=2))

    with pytest.raises(InvalidError, match="lot_withdrawn"):
        placing.place(a_command(), offers, NOW)


def test_a_lot_of_which_only_the_withdrawal_is_known_is_refused() -> None:
    offers = {"lot-1": on_lot_withdrawn(None, LotWithdrawn(lot_id="lot-1", revision=2))}

    with pytest.raises(InvalidError, match="no_such_lot"):
        placing.place(a_command(), offers, NOW)


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        ({"best_before": "2030-01-02"}, "past_best_before"),
        ({"collect": Window(start="2029-12-30T06:00:00.000Z", end=NOW)}, "collect_window_over"),
        (
            {"collect": Window(start="2030-01-03T10:00:00.000Z", end="2030-01-05T18:00:00.000Z")},
            "not_ready_in_time",
        ),
    ],
)
def test_a_lot_that_cannot_be_delivered_in_time_and_good_is_refused(lot: dict[str, Any], code: str) -> None:
    assert refusal(a_command(), **lot) == (code, "lines.0.lot_id")


def test_a_lot_may_be_delivered_on_its_best_before_day() -> None:
    order, _ = placing.place(a_command(), on_offer(a_lot(best_before="2030-01-03")), NOW)

    assert order.lines[0].current.source.best_before == "2030-01-03"


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (Window(start="2030-01-03T10:00:00.000Z", end="2030-01-03T10:00:00.000Z"), "window_upside_down"),
        (Window(start="2029-12-31T10:00:00.000Z", end="2029-12-31T12:00:00.000Z"), "window_past"),
        (Window(start="2030-03-02T08:00:00.001Z", end="2030-03-02T10:00:00.000Z"), "window_too_far"),
        (Window(start="2030-01-03T06:00:00.000Z", end="2030-01-04T06:00:00.001Z"), "window_too_long"),
    ],
)
def test_a_window_that_cannot_be_is_refused(window: Window, code: str) -> None:
    assert refusal(a_command(window=window))[0] == code
