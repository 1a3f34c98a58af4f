from collections.abc import Callable
from dataclasses import replace

import pytest

from services.producers.domain.listing import LotChange, LotDraft, adopt, change, list_lot, withdraw
from services.producers.domain.pack import PackDraft
from services.producers.domain.stock import give_back, report, reserve
from shared.errors import ConflictError, InvalidError
from shared.events.lots import LotChanged, LotListed, LotWithdrawn
from shared.values import Window
from tests.unit.producers.given import (
    BAG,
    COLLECT,
    KILO,
    MUCH_LATER,
    NOW,
    SOON,
    a_lot,
    asks,
    draft,
    line,
    moved,
    names_of,
    stock_of,
    takes_back,
)

PIECE = PackDraft(label="stuk", size=1, price_cents=150, grams=400)


def test_a_listed_lot_is_told_with_all_of_its_stock() -> None:
    lot, events = list_lot(None, draft(), NOW)

    assert stock_of(lot) == (20_000, 0, 0, 0)
    assert lot.status == "on_offer"
    (told,) = events
    assert isinstance(told, LotListed)
    assert (told.lot.available, told.lot.revision, told.lot.producer_name) == (20_000, 1, "De Wortel")


def test_a_lot_listed_twice_under_one_id_is_told_once() -> None:
    lot = a_lot()

    assert list_lot(lot, draft(stock=5_000), SOON) == (lot, ())


def test_packs_that_are_left_bare_get_an_id_a_weight_and_a_crate() -> None:
    lot = a_lot(KILO, replace(BAG, id="p1"), replace(KILO, size=30_000))

    assert [(pack.id, pack.grams, pack.per_crate) for pack in lot.packs] == [
        ("p2", 1_000, 10),
        ("p1", 5_000, 2),
        ("p3", 30_000, 1),
    ]


def test_a_piece_needs_its_weight_and_a_millilitre_counts_as_a_gram() -> None:
    with pytest.raises(InvalidError) as refusal:
        list_lot(None, draft(replace(PIECE, grams=None), unit="piece"), NOW)
    bottle, _ = list_lot(None, draft(replace(KILO, label="1 l"), unit="ml"), NOW)

    assert (refusal.value.code, refusal.value.field) == ("grams_missing", "packs.0.grams")
    assert bottle.packs[0].grams == 1_000


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (draft(stock=0), "wrong_stock", "stock"),
        (draft(stock=1_000_000_001), "wrong_stock", "stock"),
        (draft(replace(KILO, size=0)), "wrong_pack_size", "packs.0.size"),
        (draft(KILO, replace(KILO, size=1_000_000_001)), "wrong_pack_size", "packs.1.size"),
        (draft(replace(KILO, price_cents=0)), "wrong_price", "packs.0.price_cents"),
        (draft(replace(KILO, price_cents=10_000_001)), "wrong_price", "packs.0.price_cents"),
        (draft(replace(KILO, grams=0)), "wrong_grams", "packs.0.grams"),
        (draft(replace(KILO, per_crate=0)), "wrong_per_crate", "packs.0.per_crate"),
        (draft(replace(KILO, label=" ")), "wrong_label", "packs.0.label"),
        (draft(replace(KILO, label="x" * 61)), "wrong_label", "packs.0.label"),
        (draft(replace(KILO, id="a.b")), "wrong_pack_id", "packs.0.id"),
        (draft(replace(KILO, id="a"), replace(KILO, id="a")), "pack_twice", "packs"),
        (draft(*[KILO] * 21), "wrong_number_of_packs", "packs"),
        (replace(draft(), packs=()), "wrong_number_of_packs", "packs"),
        (replace(draft(), lot_code=""), "wrong_lot_code", "lot_code"),
        (draft(best_before="2029-12-29"), "best_before_over", "best_before"),
        (draft(collect=Window(start=COLLECT.end, end=COLLECT.start)), "window_reversed", "collect.end"),
        (draft(collect=Window(start="2029-01-01T00:00:00.000Z", end=NOW)), "window_over", "collect.end"),
        (
            draft(collect=Window(start=COLLECT.start, end="9999-12-31T23:59:59.000Z")),
            "window_too_far",
            "collect.end",
        ),
    ],
)
def test_an_impossible_lot_is_refused_with_the_value_at_fault(wrong: LotDraft, code: str, field: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        list_lot(None, wrong, NOW)

    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_new_price_is_told() -> None:
    packs = (replace(KILO, id="p1", price_cents=150), replace(BAG, id="p2"))

    lot, events = change(a_lot(), LotChange(packs=packs), SOON)

    assert lot.packs[0].price_cents == 150
    (told,) = events
    assert isinstance(told, LotChanged)
    assert told.lot.revision == 2


def test_a_change_to_what_it_is_already_tells_nothing() -> None:
    lot = a_lot()

    assert change(lot, LotChange(listed=20_000, collect=COLLECT), SOON) == (lot, ())


def test_a_pack_keeps_its_size_even_after_it_was_taken_away() -> None:
    lot, _ = change(a_lot(), LotChange(packs=(replace(BAG, id="p2"),)), SOON)

    with pytest.raises(InvalidError) as refusal:
        change(lot, LotChange(packs=(replace(KILO, id="p1", size=900),)), SOON)

    assert refusal.value.code == "pack_size_is_fixed"


def test_a_new_pack_gets_an_id_that_was_never_used() -> None:
    lot, _ = change(a_lot(), LotChange(packs=(replace(KILO, size=2_000),)), SOON)

    assert [pack.id for pack in lot.packs] == ["p3"]


def test_more_stock_is_available_at_once() -> None:
    lot, events = change(a_lot(), LotChange(listed=30_000), SOON)

    assert stock_of(lot) == (30_000, 0, 0, 0)
    assert names_of(events) == ["LotChanged"]


def test_stock_cannot_be_lowered_below_what_is_reserved_collected_or_lost() -> None:
    lot, _ = reserve(a_lot(), asks(line(4), line(5, line_id="2")), SOON)
    lot, _ = report(lot, "collect", moved(3, "gone"), SOON)

    with pytest.raises(ConflictError) as refusal:
        change(lot, LotChange(listed=8_999), SOON)
    lowered, _ = change(lot, LotChange(listed=9_000), SOON)

    assert refusal.value.code == "stock_is_needed"
    assert "9000" in refusal.value.detail
    assert stock_of(lowered) == (0, 5_000, 3_000, 1_000)


def test_a_refused_change_leaves_nothing_half_done() -> None:
    lot = a_lot()

    with pytest.raises(InvalidError):
        change(lot, LotChange(listed=10_000, best_before="2020-01-01"), SOON)

    assert lot == a_lot()


def test_a_new_window_and_place_are_told() -> None:
    later = Window(start="2030-01-04T07:00:00.000Z", end="2030-01-04T11:00:00.000Z")

    lot, events = change(a_lot(), LotChange(collect=later, best_before="2030-02-01"), SOON)

    assert (lot.collect, lot.best_before) == (later, "2030-02-01")
    assert names_of(events) == ["LotChanged"]


def test_the_price_of_a_lot_whose_window_is_over_can_still_change() -> None:
    packs = (replace(KILO, id="p1", price_cents=150),)

    lot, _ = change(a_lot(), LotChange(packs=packs, collect=COLLECT), MUCH_LATER)

    assert lot.packs[0].price_cents == 150


def test_a_product_described_otherwise_reaches_its_lots_but_never_an_older_version() -> None:
    lot = a_lot()
    corrected = replace(lot.product, allergens=("celery",))

    lot, events = adopt(lot, corrected, 3, SOON)
    stale = adopt(lot, replace(corrected, allergens=()), 2, SOON)

    assert lot.product.allergens == ("celery",)
    assert names_of(events) == ["LotChanged"]
    assert stale == (lot, ())


def test_withdrawing_keeps_what_is_reserved() -> None:
    lot, _ = reserve(a_lot(), asks(line(4)), SOON)

    lot, events = withdraw(lot)

    assert stock_of(lot) == (0, 4_000, 0, 16_000)
    assert events == (LotWithdrawn(lot_id="lot-1", revision=lot.revision),)


def test_what_comes_back_to_a_withdrawn_lot_is_withdrawn() -> None:
    lot, _ = withdraw(reserve(a_lot(), asks(line(4)), SOON)[0])

    lot, events = give_back(lot, takes_back(), SOON)

    assert stock_of(lot) == (0, 0, 0, 20_000)
    assert names_of(events) == ["StockReleased"]


@pytest.mark.parametrize("again", [withdraw, lambda lot: adopt(lot, replace(lot.product, organic=True), 9, SOON)])
def test_a_withdrawn_lot_stays_as_it_is(again: Callable[..., object]) -> None:
    lot, _ = withdraw(a_lot())

    assert again(lot) == (lot, ())


def test_a_withdrawn_lot_cannot_be_changed() -> None:
    lot, _ = withdraw(a_lot())

    with pytest.raises(ConflictError) as refusal:
        change(lot, LotChange(listed=30_000), SOON)

    assert refusal.value.code == "lot_withdrawn"
