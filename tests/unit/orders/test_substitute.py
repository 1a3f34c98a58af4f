"""Choosing a substitute."""

from dataclasses import replace
from typing import Any

import pytest

from services.orders.domain.line import Attempt, source_of
from services.orders.domain.substitute import Terms, choose
from shared.events.lots import LotSnapshot
from shared.values import Pack, Storage, Window
from tests.unit.orders.world import BAG, CARROTS, CRATE, FARM, SHOP, WINDOW, a_lot

WANTED = Attempt(number=1, source=source_of(a_lot(), CRATE), asked=2)
TERMS = Terms(place=SHOP.place, window=WINDOW, day="2030-01-03")


def chosen(*lots: LotSnapshot) -> tuple[str, str, int] | None:
    choice = choose(WANTED, lots, TERMS)
    return (choice.source.lot_id, choice.source.pack.id, choice.count) if choice else None


def product(**changes: Any) -> dict[str, Any]:
    return {"product": replace(CARROTS, **changes)}


def test_the_nearest_lot_is_taken() -> None:
    far = a_lot("far", place=replace(FARM, lat=51.2))

    assert chosen(far, a_lot("near")) == ("near", "crate", 2)


def test_among_equally_near_lots_the_choice_does_not_depend_on_their_order() -> None:
    assert chosen(a_lot("b"), a_lot("a")) == chosen(a_lot("a"), a_lot("b")) == ("a", "crate", 2)


def test_the_lot_that_was_refused_is_not_taken() -> None:
    assert chosen(a_lot("lot-1")) is None


@pytest.mark.parametrize(
    "changes",
    [
        product(kind="fruit"),
        product(unit="piece"),
        product(storage=Storage(kind="chilled", max_celsius=7)),
        product(allergens=("celery",)),
        {"best_before": "2030-01-02"},
        {"collect": Window(start=WINDOW.end, end="2030-01-05T18:00:00.000Z")},
        {"available": 19_999},
        {"packs": (replace(CRATE, price_cents=1_376),)},
    ],
)
def test_a_lot_that_differs_where_it_matters_is_not_taken(changes: dict[str, Any]) -> None:
    assert chosen(a_lot("lot-2", **changes)) is None


def test_a_tenth_dearer_is_still_fine() -> None:
    assert chosen(a_lot("lot-2", packs=(replace(CRATE, price_cents=1_375),))) == ("lot-2", "crate", 2)


def test_organic_is_not_replaced_by_what_is_not() -> None:
    organic = replace(WANTED, source=replace(WANTED.source, product=replace(CARROTS, organic=True)))

    assert choose(organic, [a_lot("lot-2")], TERMS) is None
    assert choose(organic, [a_lot("lot-2", **product(organic=True))], TERMS) is not None


def test_the_pack_that_leaves_least_over_is_chosen() -> None:
    seven = Pack(id="seven", label="7 kg", size=7_000, price_cents=875, grams=7_000, per_crate=1)
    cheap_bag = replace(BAG, price_cents=130)

    assert chosen(a_lot("lot-2", packs=(seven, cheap_bag))) == ("lot-2", "bag", 20)
    assert chosen(a_lot("lot-2", packs=(seven,))) == ("lot-2", "seven", 3)


def test_no_more_than_one_asked_pack_may_be_left_over() -> None:
    sack = Pack(id="sack", label="sack", size=35_000, price_cents=3_500, grams=35_000, per_crate=1)

    assert chosen(a_lot("lot-2", packs=(sack,))) is None
