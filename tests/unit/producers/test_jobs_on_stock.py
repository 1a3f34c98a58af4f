from services.producers.domain.lot import Lot, find
from services.producers.domain.stock import end, give_back, report, reserve
from shared.events.reservations import StockCollected, StockReleased
from tests.unit.producers.given import (
    ANSWER_BY,
    MUCH_LATER,
    NOW,
    SOON,
    a_lot,
    asks,
    line,
    moved,
    names_of,
    stock_of,
    takes_back,
)

UNTIL = "2030-01-08T08:00:00.000Z"


def reserved() -> Lot:
    """Five packs of 1 kg, of 20."""
    return reserve(a_lot(), asks(line(5)), NOW)[0]


def collected() -> Lot:
    return report(reserved(), "collect", moved(5), SOON)[0]


def test_what_is_collected_leaves_the_reserve() -> None:
    lot, events = report(reserved(), "collect", moved(5), SOON)

    assert stock_of(lot) == (15_000, 0, 5_000, 0)
    assert events == (StockCollected(order_id="order-1", line_id="1", attempt=1, lot_id="lot-1", count=5, grams=None),)


def test_a_job_tells_of_a_reservation_once() -> None:
    lot = collected()

    assert report(lot, "collect", moved(5), SOON) == (lot, ())
    assert report(lot, "collect", moved(0, "gone"), SOON) == (lot, ())


def test_packs_that_were_not_there_are_withdrawn() -> None:
    lot, events = report(reserved(), "collect", moved(3, "gone"), SOON)

    assert stock_of(lot) == (15_000, 0, 3_000, 2_000)
    assert names_of(events) == ["StockCollected"]


def test_packs_that_stayed_at_the_farm_are_free_again() -> None:
    lot, events = report(reserved(), "collect", moved(3, "back"), SOON)

    assert stock_of(lot) == (17_000, 0, 3_000, 0)
    assert names_of(events)[:2] == ["StockCollected", "StockReleased"]


def test_a_cancelled_or_failed_collection_frees_everything() -> None:
    lot, events = report(reserved(), "collect", moved(0), SOON)

    assert stock_of(lot) == (20_000, 0, 0, 0)
    assert names_of(events)[0] == "StockReleased"
    assert "StockCollected" not in names_of(events)


def test_a_collection_that_found_nothing_withdraws_everything() -> None:
    lot, events = report(reserved(), "collect", moved(0, "gone"), SOON)

    assert stock_of(lot) == (15_000, 0, 0, 5_000)
    assert events == ()


def test_more_than_was_reserved_cannot_be_collected() -> None:
    lot, _ = report(reserved(), "collect", moved(9), SOON)

    assert stock_of(lot) == (15_000, 0, 5_000, 0)


def test_what_was_not_delivered_and_is_back_is_free_again() -> None:
    lot, events = report(collected(), "deliver", moved(3), SOON)

    assert stock_of(lot) == (17_000, 0, 3_000, 0)
    assert isinstance(events[0], StockReleased)
    assert events[0].quantity == 2_000


def test_what_was_not_delivered_and_is_gone_stays_collected() -> None:
    lot, events = report(collected(), "deliver", moved(3, "gone"), SOON)

    assert stock_of(lot) == (15_000, 0, 5_000, 0)
    assert events == ()


def test_packing_and_delivering_each_count_what_still_was_underway() -> None:
    lot, _ = report(collected(), "pack", moved(4, "gone"), SOON)

    lot, _ = report(lot, "deliver", moved(1), SOON)

    assert stock_of(lot) == (18_000, 0, 2_000, 0)


def test_jobs_may_be_heard_of_in_any_order() -> None:
    early, _ = report(reserved(), "deliver", moved(3), SOON)
    early, _ = report(early, "collect", moved(5), SOON)

    late, _ = report(collected(), "deliver", moved(3), SOON)

    assert stock_of(early) == stock_of(late) == (17_000, 0, 3_000, 0)


def test_after_collection_a_cancellation_frees_nothing() -> None:
    lot = collected()

    assert give_back(lot, takes_back(), SOON) == (lot, ())


def test_jobs_that_tell_of_what_was_given_back_change_nothing() -> None:
    lot, _ = give_back(reserved(), takes_back(), SOON)

    assert report(lot, "collect", moved(5), SOON) == (lot, ())


def test_jobs_that_tell_of_unknown_reservations_change_nothing() -> None:
    lot = a_lot()

    assert report(lot, "collect", moved(5), SOON) == (lot, ())


def test_the_end_of_an_order_may_be_heard_before_its_collection() -> None:
    ended, _ = end(reserved(), "order-1", UNTIL, MUCH_LATER)
    ended, _ = report(ended, "collect", moved(5), MUCH_LATER)
    ended, _ = report(ended, "deliver", moved(3), MUCH_LATER)

    in_order, _ = report(reserved(), "collect", moved(5), MUCH_LATER)
    in_order, _ = report(in_order, "deliver", moved(3), MUCH_LATER)
    in_order, _ = end(in_order, "order-1", UNTIL, MUCH_LATER)

    assert ended == in_order
    assert stock_of(ended) == (17_000, 0, 3_000, 0)
    assert ended.reservations == ()


def test_an_order_ends_once() -> None:
    lot, _ = end(collected(), "order-1", UNTIL, SOON)

    assert end(lot, "order-1", MUCH_LATER, SOON) == (lot, ())


def test_a_delivered_reservation_leaves_its_lot_and_its_stock_stays_collected() -> None:
    lot, _ = report(collected(), "deliver", moved(5), MUCH_LATER)

    assert lot.reservations == ()
    assert stock_of(lot) == (15_000, 0, 5_000, 0)


def test_a_collected_reservation_waits_for_the_news_of_its_delivery() -> None:
    lot, _ = reserve(collected(), asks(line(1), order="order-2", answer_by=MUCH_LATER), ANSWER_BY)

    assert find(lot, "order-1.1.1") is not None


def test_a_collected_reservation_whose_delivery_is_never_heard_of_leaves_in_the_end() -> None:
    lot, _ = end(collected(), "order-1", ANSWER_BY, SOON)

    lot, _ = reserve(lot, asks(line(1), order="order-2", answer_by=UNTIL), "2030-01-02T08:00:00.000Z")

    assert find(lot, "order-1.1.1") is None
    assert stock_of(lot) == (14_000, 1_000, 5_000, 0)
