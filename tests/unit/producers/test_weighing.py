from dataclasses import replace

import pytest

from services.producers.domain.lot import Lot
from services.producers.domain.stock import give_back, report, reserve
from services.producers.domain.weighing import weigh
from shared.errors import ConflictError, InvalidError, NotFoundError
from shared.events.reservations import StockCollected, WeightRecorded
from tests.unit.producers.given import KILO, MUCH_LATER, NOW, SOON, a_lot, asks, line, moved, stock_of, takes_back

R = "order-1.1.1"


def chickens(count: int = 4) -> Lot:
    """So many by-weight packs of about 1 kg."""
    return reserve(a_lot(replace(KILO, by_weight=True)), asks(line(count)), NOW)[0]


def collected_grams(lot: Lot, count: int, grams: int | None) -> int | None:
    _, events = report(lot, "collect", moved(count, grams=grams), SOON)
    collected = events[0]
    assert isinstance(collected, StockCollected)
    return collected.grams


def test_the_farmers_weight_is_told() -> None:
    lot, events = weigh(chickens(), R, 4_350, SOON)

    assert events == (WeightRecorded(order_id="order-1", line_id="1", attempt=1, lot_id="lot-1", grams=4_350),)
    assert stock_of(lot) == (16_000, 4_000, 0, 0)


def test_the_same_weight_is_told_once() -> None:
    lot, _ = weigh(chickens(), R, 4_350, SOON)

    assert weigh(lot, R, 4_350, SOON) == (lot, ())


def test_what_is_measured_at_the_gate_is_told_with_the_collection() -> None:
    assert collected_grams(chickens(), 4, 4_200) == 4_200


def test_without_a_measure_at_the_gate_the_farmers_word_counts_in_proportion() -> None:
    lot, _ = weigh(chickens(), R, 4_350, SOON)

    assert collected_grams(lot, 4, None) == 4_350
    assert collected_grams(lot, 3, None) == 3_263
    assert collected_grams(lot, 4, 4_200) == 4_200
    assert collected_grams(chickens(), 4, None) is None


def test_the_farmer_may_correct_after_the_collection() -> None:
    lot, _ = report(chickens(), "collect", moved(4, grams=4_200), SOON)

    _, events = weigh(lot, R, 4_100, SOON)

    assert isinstance(events[0], WeightRecorded)


def test_a_pack_sold_by_its_size_has_no_weight_to_tell() -> None:
    lot, _ = reserve(a_lot(), asks(line(4)), NOW)

    with pytest.raises(ConflictError) as refusal:
        weigh(lot, R, 4_000, SOON)

    assert refusal.value.code == "not_by_weight"
    assert collected_grams(lot, 4, 4_100) is None


@pytest.mark.parametrize("grams", [0, 4, 999, 16_001, 4_350_000])
def test_a_weight_that_cannot_be_meant_is_refused(grams: int) -> None:
    with pytest.raises(InvalidError) as refusal:
        weigh(chickens(), R, grams, SOON)

    assert (refusal.value.code, refusal.value.field) == ("implausible_weight", "grams")


def test_what_was_given_back_cannot_be_weighed() -> None:
    lot, _ = give_back(chickens(), takes_back(), SOON)

    with pytest.raises(ConflictError) as refusal:
        weigh(lot, R, 4_000, SOON)

    assert refusal.value.code == "reservation_is_closed"


@pytest.mark.parametrize("id_", ["order-9.1.1", "", "order-1", "order-1.1.2"])
def test_what_is_not_there_cannot_be_weighed(id_: str) -> None:
    with pytest.raises(NotFoundError):
        weigh(chickens(), id_, 4_000, SOON)


def test_what_is_about_to_leave_the_lot_cannot_be_weighed() -> None:
    lot, _ = give_back(chickens(), takes_back(), SOON)

    with pytest.raises(NotFoundError):
        weigh(lot, R, 4_000, MUCH_LATER)
