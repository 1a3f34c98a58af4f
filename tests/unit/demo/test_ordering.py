from itertools import pairwise
from typing import Any

import pytest

from deploy.hub.demo.ordering import is_packed, line, tomorrow_morning, usual
from deploy.hub.demo.parties import read_cast


def on_offer() -> list[dict[str, Any]]:
    lots = [lot for farm in read_cast().farms for lot in farm.lots]
    return [
        {
            "lot_id": f"lot-{number}",
            "packs": [
                {"id": f"p{place}", "size": pack.size, "grams": pack.grams} for place, pack in enumerate(lot.packs, 1)
            ],
        }
        for number, lot in enumerate(lots)
    ]


def test_shops_order_two_to_six_different_lots() -> None:
    for seat in range(30):
        lots = [each["lot_id"] for each in usual(on_offer(), seat, turn=seat)]

        assert 2 <= len(lots) <= 6
        assert len(set(lots)) == len(lots)


def test_the_same_shop_orders_other_things_at_another_turn() -> None:
    orders = [tuple(each["lot_id"] for each in usual(on_offer(), 3, turn)) for turn in range(6)]

    assert all(one != other for one, other in pairwise(orders))


def test_all_wishes_and_all_lots_are_asked_on_a_morning() -> None:
    asked = [each for seat in range(30) for each in usual(on_offer(), seat, turn=seat)]

    assert {each["wish"] for each in asked} == {"exact", "less_is_fine", "substitute_ok"}
    assert len({each["lot_id"] for each in asked}) > len(on_offer()) * 3 // 4


def test_a_line_counts_packs_from_the_smallest() -> None:
    offer = {"lot_id": "lot-1", "packs": [{"id": "krat", "size": 10_000}, {"id": "zak", "size": 1_000}]}

    assert line(offer, 2, "exact") == {"lot_id": "lot-1", "pack_id": "zak", "count": 2, "wish": "exact"}
    assert line(offer, 2, "exact", pack=1)["pack_id"] == "krat"


def test_some_shops_want_their_order_packed() -> None:
    assert [is_packed(seat) for seat in range(5)] == [True, False, False, False, True]


@pytest.mark.parametrize("now", ["2030-03-29T23:00:00.000Z", "2030-03-30T22:30:00.000Z"])
def test_tomorrow_morning_is_read_on_the_clock_of_brussels_also_when_it_is_changed(now: str) -> None:
    assert tomorrow_morning(now) == {"start": "2030-03-31T07:00:00+02:00", "end": "2030-03-31T12:00:00+02:00"}
