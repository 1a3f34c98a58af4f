"""What a buyer asks of a placed order."""

import pytest

from services.orders.domain import requests
from services.orders.domain.condition import condition
from services.orders.domain.order import Order
from services.orders.domain.progress import courses, ended_at
from services.orders.domain.requests import Shortage
from services.orders.domain.timeline import timeline
from shared.errors import ConflictError, InvalidError, NotFoundError
from shared.events.orders import LineRef, LineReportedShort, OrderCancelled, ReceiptConfirmed
from tests.unit.orders.world import COLLECTED, asked, at, placed, refused, reserved, tell, told, whole_way

REFERENCE = LineRef(line_id="1", attempt=1, lot_id="lot-1", producer_id="0200065765")


def delivered() -> Order:
    return told(placed(), *whole_way())


def test_a_placed_order_is_cancelled_at_once() -> None:
    order, events = requests.cancel(placed(), "buyer", at(1).at)

    assert (order.status, order.due_at, ended_at(order)) == ("cancelled", None, at(1).at)
    assert events == (OrderCancelled(order_id="order-1", confirmed=False, lines=(REFERENCE,)),)


def test_stock_that_is_set_aside_after_a_cancel_does_not_bring_the_order_back() -> None:
    order, _ = requests.cancel(placed(), "buyer", at(1).at)

    order, events = tell(order, reserved(), at(2))

    assert (order.status, events) == ("cancelled", ())
    assert condition(order, order.lines[0], courses(order).get("1")).state == "cancelled"


def test_the_story_of_a_cancelled_order_is_the_same_whenever_the_answer_arrives() -> None:
    early, _ = requests.cancel(told(placed(asked(), asked(pack_id="bag")), reserved()), "buyer", at(5).at)
    late, _ = requests.cancel(placed(asked(), asked(pack_id="bag")), "buyer", at(5).at)

    assert told(late, reserved()) == early
    assert timeline(told(late, reserved())) == timeline(early)


def test_a_confirmed_order_asks_its_work_to_be_called_off() -> None:
    order, events = requests.cancel(told(placed(), reserved()), "operator", at(5).at)

    assert order.status == "cancelling"
    assert events == (OrderCancelled(order_id="order-1", confirmed=True, lines=(REFERENCE,)),)


def test_cancelling_twice_changes_nothing() -> None:
    for order in (placed(), told(placed(), reserved())):
        once, _ = requests.cancel(order, "buyer", at(5).at)

        assert requests.cancel(once, "buyer", at(6).at) == (once, ())


def test_an_order_that_is_being_collected_cannot_be_cancelled() -> None:
    with pytest.raises(ConflictError, match="collection_started"):
        requests.cancel(told(placed(), reserved(), *COLLECTED[:3]), "buyer", at(9).at)


def test_an_order_that_was_cancelled_too_late_cannot_be_cancelled_again() -> None:
    order, _ = requests.cancel(told(placed(), reserved()), "buyer", at(5).at)

    with pytest.raises(ConflictError, match="collection_started"):
        requests.cancel(told(order, *COLLECTED[:3], start=6), "buyer", at(9).at)


@pytest.mark.parametrize("order", [delivered(), told(placed(), refused())])
def test_an_order_that_ended_cannot_be_cancelled(order: Order) -> None:
    with pytest.raises(ConflictError, match="order_ended"):
        requests.cancel(order, "buyer", at(59).at)


def test_receipt_is_confirmed_once() -> None:
    order, events = requests.confirm_receipt(delivered(), at(50).at)

    assert events == (ReceiptConfirmed(order_id="order-1"),)
    assert requests.confirm_receipt(order, at(51).at) == (order, ())


def test_receipt_of_what_did_not_arrive_cannot_be_confirmed() -> None:
    with pytest.raises(ConflictError, match="not_delivered"):
        requests.confirm_receipt(placed(), at(1).at)


def test_missing_packs_are_reported_and_the_report_can_be_corrected() -> None:
    order, events = requests.report_short(delivered(), Shortage(line_id="1", missing=2, note="Nat"), at(50).at)

    assert events == (LineReportedShort(order_id="order-1", line_id="1", lot_id="lot-1", missing=2, note="Nat"),)
    assert requests.report_short(order, Shortage(line_id="1", missing=2, note="Nat"), at(51).at) == (order, ())
    corrected, _ = requests.report_short(order, Shortage(line_id="1", missing=1, note=""), at(52).at)
    assert corrected.lines[0].missing == 1


@pytest.mark.parametrize("missing", [0, 6])
def test_no_more_can_be_missing_than_was_delivered(missing: int) -> None:
    with pytest.raises(InvalidError, match="missing_out_of_range"):
        requests.report_short(delivered(), Shortage(line_id="1", missing=missing, note=""), at(50).at)


def test_a_line_of_which_nothing_came_needs_no_report() -> None:
    order = told(placed(asked(), asked(pack_id="bag")), refused("2"), *whole_way())

    with pytest.raises(InvalidError, match="Nothing of this line was delivered"):
        requests.report_short(order, Shortage(line_id="2", missing=1, note=""), at(50).at)


def test_an_unknown_line_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        requests.report_short(delivered(), Shortage(line_id="9", missing=1, note=""), at(50).at)


def test_after_receipt_nothing_can_be_reported_missing() -> None:
    order, _ = requests.confirm_receipt(delivered(), at(50).at)

    with pytest.raises(ConflictError, match="receipt_confirmed"):
        requests.report_short(order, Shortage(line_id="1", missing=1, note=""), at(51).at)
