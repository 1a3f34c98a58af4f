"""Producers' answers."""

from dataclasses import replace

from services.orders.domain import answers
from services.orders.domain.order import Order
from shared.events.orders import LineRef, LineSubstituted, OrderConfirmed, OrderRefused, WantedLine
from tests.unit.orders.world import (
    ANSWER_BY,
    BAG,
    CRATE,
    a_lot,
    after,
    asked,
    at,
    placed,
    refused,
    reserved,
    tell,
    told,
)

OTHER = a_lot("lot-2", producer_id="0201105843", producer_name="De Zonnebloem")


def two_lines() -> Order:
    return placed(asked(), asked("lot-2", count=2), lots=[a_lot(), OTHER])


def test_an_order_waits_until_every_line_is_answered() -> None:
    order, events = tell(two_lines(), reserved(), at(1))

    assert (order.status, events) == ("placed", ())


def test_an_order_with_all_its_stock_is_confirmed() -> None:
    order, events = after(two_lines(), [(reserved(), at(1)), (reserved("2", 2, "lot-2"), at(2))])

    (event,) = events
    assert isinstance(event, OrderConfirmed)
    assert [(line.line_id, line.count, line.producer_name) for line in event.lines] == [
        ("1", 5, "Hoeve Ter Linde"),
        ("2", 2, "De Zonnebloem"),
    ]
    assert (order.status, order.due_at, order.confirmed_at) == ("confirmed", None, at(2).at)


def test_an_order_with_some_of_its_lines_is_confirmed_in_part() -> None:
    order, events = after(two_lines(), [(reserved(), at(1)), (refused("2", "lot-2"), at(2))])

    assert order.status == "confirmed_in_part"
    assert isinstance(events[0], OrderConfirmed)
    assert [line.line_id for line in events[0].lines] == ["1"]


def test_an_order_with_fewer_packs_than_asked_is_confirmed_in_part() -> None:
    order = told(placed(asked(wish="less_is_fine")), reserved(count=3))

    assert order.status == "confirmed_in_part"


def test_an_order_without_any_stock_is_refused() -> None:
    order, events = tell(placed(), refused(), at(1))

    reference = LineRef(line_id="1", attempt=1, lot_id="lot-1", producer_id="0200065765")
    assert events == (OrderRefused(order_id="order-1", reason="nothing_available", lines=(reference,)),)
    assert (order.status, order.due_at, order.refused_at) == ("refused", None, at(1).at)


def test_an_answer_about_another_lot_or_attempt_or_line_changes_nothing() -> None:
    order = placed()

    for stray in (reserved(lot_id="lot-9"), reserved(attempt=2), reserved("7")):
        assert tell(order, stray, at(1)) == (order, ())


def test_a_repeated_answer_changes_nothing() -> None:
    order = told(placed(), reserved())

    assert tell(order, reserved(), at(9)) == (order, ())
    assert tell(order, refused(), at(9)) == (order, ())


def test_an_unanswered_order_is_refused_at_its_deadline_and_all_its_stock_is_named() -> None:
    order = told(two_lines(), reserved())

    late, events = answers.on_due(order, ANSWER_BY)

    assert (late.status, late.refusal, late.due_at) == ("refused", "no_answer_in_time", None)
    assert isinstance(events[0], OrderRefused)
    assert [line.line_id for line in events[0].lines] == ["1", "2"]


def test_before_its_deadline_an_order_is_left_waiting() -> None:
    order = placed()

    assert answers.on_due(order, "2030-01-01T08:59:59.999Z") == (order, ())


def test_the_deadline_passes_a_confirmed_order_by() -> None:
    order = told(placed(), reserved())

    assert answers.on_due(order, ANSWER_BY) == (order, ())


def test_an_answer_after_the_deadline_does_not_bring_the_order_back() -> None:
    late, _ = answers.on_due(placed(), ANSWER_BY)

    order, events = tell(late, reserved(), at(70))

    assert (order.status, events) == ("refused", ())


def test_a_refused_line_is_tried_with_a_substitute() -> None:
    order = placed(asked(wish="substitute_ok"))

    tried, events = answers.on_stock_refused(order, refused(wish="substitute_ok"), at(1), [a_lot(), OTHER])

    wanted = WantedLine(line_id="1", attempt=2, lot_id="lot-2", pack_id="crate", count=5, wish="exact")
    assert events == (LineSubstituted(order_id="order-1", buyer_id="0202239951", answer_by=ANSWER_BY, line=wanted),)
    assert (tried.status, tried.lines[0].current.source.lot_id) == ("placed", "lot-2")


def test_a_substitute_that_is_set_aside_confirms_the_order_in_full() -> None:
    order = placed(asked(wish="substitute_ok"))
    order, _ = answers.on_stock_refused(order, refused(), at(1), [OTHER])

    order, events = tell(order, reserved(lot_id="lot-2", attempt=2), at(2))

    assert order.status == "confirmed"
    assert isinstance(events[0], OrderConfirmed)
    assert [(line.attempt, line.lot_id) for line in events[0].lines] == [(2, "lot-2")]


def test_only_one_substitute_is_tried() -> None:
    order = placed(asked(wish="substitute_ok"))
    order, _ = answers.on_stock_refused(order, refused(), at(1), [OTHER])

    order, events = answers.on_stock_refused(order, refused(lot_id="lot-2", attempt=2), at(2), [a_lot("lot-3")])

    assert order.status == "refused"
    assert isinstance(events[0], OrderRefused)
    assert [(line.attempt, line.lot_id) for line in events[0].lines] == [(1, "lot-1"), (2, "lot-2")]


def test_a_repeated_refusal_does_not_try_another_substitute() -> None:
    order = placed(asked(wish="substitute_ok"))
    order, _ = answers.on_stock_refused(order, refused(), at(1), [OTHER])

    assert answers.on_stock_refused(order, refused(), at(3), [a_lot("lot-3")]) == (order, ())


def test_without_the_wish_no_substitute_is_tried() -> None:
    order, events = answers.on_stock_refused(placed(), refused(), at(1), [OTHER])

    assert order.status == "refused"
    assert isinstance(events[0], OrderRefused)


def test_with_no_fitting_candidate_the_line_stays_refused() -> None:
    dear = replace(OTHER, packs=(replace(CRATE, price_cents=2_000), replace(BAG, price_cents=900)))

    order, _ = answers.on_stock_refused(placed(asked(wish="substitute_ok")), refused(), at(1), [dear])

    assert order.status == "refused"
