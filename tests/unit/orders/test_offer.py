"""The copy of a lot on offer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.offer import Offer, on_lot_told, on_lot_withdrawn
from services.orders.domain.tiles import tile_of, tiles_of
from services.orders.domain.words import key_of, prefixes, words
from shared.events.lots import LotChanged, LotListed, LotWithdrawn
from tests.unit.orders.world import BAG, CARROTS, CRATE, a_lot

LISTED = LotListed(lot_id="lot-1", lot=a_lot())
CHANGED = LotChanged(lot_id="lot-1", lot=a_lot(revision=2, available=0))
DEARER = LotChanged(lot_id="lot-1", lot=a_lot(revision=3, packs=(CRATE,)))
WITHDRAWN = LotWithdrawn(lot_id="lot-1", revision=4)


def fold(offer: Offer | None, event: LotListed | LotChanged | LotWithdrawn) -> Offer:
    return on_lot_withdrawn(offer, event) if isinstance(event, LotWithdrawn) else on_lot_told(offer, event)


def test_a_listed_lot_is_on_offer() -> None:
    offer = on_lot_told(None, LISTED)

    assert (offer.on_offer, offer.in_stock, offer.last_day) == (True, True, "2030-01-20")


def test_the_unit_price_is_that_of_the_cheapest_pack_per_kilogram() -> None:
    assert on_lot_told(None, LISTED).unit_price == 125
    assert on_lot_told(None, LotListed(lot_id="lot-1", lot=a_lot(packs=(BAG,)))).unit_price == 150


def test_a_lot_with_less_than_one_pack_is_not_in_stock() -> None:
    offer = on_lot_told(None, LotListed(lot_id="lot-1", lot=a_lot(available=999)))

    assert not offer.in_stock


def test_a_lot_that_keeps_has_no_last_day_in_reach() -> None:
    offer = on_lot_told(None, LotListed(lot_id="lot-1", lot=a_lot(best_before=None)))

    assert offer.last_day == "9999-12-31"


def test_an_older_snapshot_changes_nothing() -> None:
    offer = on_lot_told(None, CHANGED)

    assert on_lot_told(offer, LISTED) is offer


def test_a_withdrawn_lot_is_not_on_offer_even_where_its_listing_arrives_later() -> None:
    offer = on_lot_told(on_lot_withdrawn(None, WITHDRAWN), DEARER)

    assert not offer.on_offer
    assert offer.lot is not None


def test_a_snapshot_newer_than_the_withdrawal_puts_it_on_offer_again() -> None:
    offer = on_lot_told(on_lot_withdrawn(None, WITHDRAWN), LotChanged(lot_id="lot-1", lot=a_lot(revision=5)))

    assert offer.on_offer


@given(st.permutations([LISTED, CHANGED, DEARER, WITHDRAWN]), st.lists(st.integers(0, 3), max_size=6))
def test_any_order_and_repetition_gives_the_same_copy(
    events: list[LotListed | LotChanged | LotWithdrawn], again: list[int]
) -> None:
    offer = None
    for event in [*events, *(events[number] for number in again)]:
        offer = fold(offer, event)

    expected = None
    for event in [LISTED, CHANGED, DEARER, WITHDRAWN]:
        expected = fold(expected, event)
    assert offer == expected


@pytest.mark.parametrize("text", ["Crème fraîche", "CREME FRAICHE", "creme-fraiche", "créme  fraiché!"])
def test_words_are_without_case_and_accents(text: str) -> None:
    assert words(text) == ("creme", "fraiche")


def test_dutch_words_keep_their_letters() -> None:
    assert words("'s-Gravenbrakelse appel", "Ijsbergsla à 2 kg") == (
        "s",
        "gravenbrakelse",
        "appel",
        "ijsbergsla",
        "a",
        "2",
        "kg",
    )


def test_beginnings_of_two_to_eight_letters_are_indexed() -> None:
    assert prefixes(["wortel", "wol", "a"]) == ("wo", "wor", "wort", "worte", "wortel", "wol")
    assert prefixes(["aardappelen"])[-1] == "aardappe"


def test_the_longest_word_is_looked_up() -> None:
    assert key_of(["de", "aardappelen"]) == "aardappe"
    assert key_of(["a"]) is None
    assert key_of([]) is None


def test_tiles_hold_all_of_a_box() -> None:
    assert tile_of(50.88, 4.7) in tiles_of((50.85, 50.95), (4.65, 4.75))
    assert tiles_of((50.85, 50.95), (-0.05, 0.05)) == ("508/-1", "508/0", "509/-1", "509/0")


def test_a_lot_is_found_by_product_kind_producer_and_town() -> None:
    offer = on_lot_told(None, LotListed(lot_id="lot-1", lot=replace(a_lot(), product=CARROTS)))

    assert offer.words == ("wortelen", "vegetables", "hoeve", "ter", "linde", "aarschot")
    assert {"wortelen", "vegetabl", "hoeve", "aar"} <= set(offer.prefixes)
