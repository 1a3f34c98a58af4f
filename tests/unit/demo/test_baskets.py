import pytest

from deploy.hub.demo.baskets import (
    Item,
    Plan,
    can_order,
    needed,
    not_local_names,
    order_body,
    order_key,
    parse,
    sort_out,
)
from deploy.hub.demo.groceries import Groceries, read_groceries
from shared.errors import InvalidError

SAMPLE = b"""citrus fruit,semi-finished bread,margarine,ready soups
whole milk
pip fruit,yogurt,cream cheese ,meat spreads

other vegetables,whole milk,condensed milk,long life bakery product
soda,napkins
rolls/buns,red/blush wine
"""
MAPPING = Groceries(local={"milk": ("melk",), "fruit": ("appels", "peren"), "eggs": ("eieren",)})


def item(number: int, size: int = 1_000) -> Item:
    return Item(lot_id=f"lot-{number}", pack_id="p1", producer_id="1900100138", size=size)


PLAN = Plan(
    file="f",
    window={"start": "2030-01-02T07:00:00+01:00", "end": "2030-01-02T12:00:00+01:00"},
    shelf={"melk": (item(1), item(2)), "appels": (item(3),), "peren": (item(4, 500),)},
)


def test_a_basket_is_a_line_of_names_and_empty_lines_are_none() -> None:
    baskets = parse(SAMPLE, "sample.csv")

    assert [basket.line for basket in baskets] == [1, 2, 3, 5, 6, 7]
    assert baskets[2].names == ("pip fruit", "yogurt", "cream cheese", "meat spreads")


def test_every_name_of_a_basket_is_ordered_or_counted_as_not_local() -> None:
    baskets = parse(SAMPLE, "sample.csv")

    for basket, found in zip(baskets, sort_out(baskets, read_groceries()), strict=True):
        assert sum(found.wares.values()) + len(found.not_local) == len(basket.names)


def test_the_sample_is_local_where_farms_have_it() -> None:
    found = sort_out(parse(SAMPLE, "sample.csv"), read_groceries())

    assert [sorted(basket.wares) for basket in found[:3]] == [
        ["pistolets", "soep"], ["volle-melk"], ["kruidenkaas", "leverpastei", "peren", "yoghurt"],
    ]  # fmt: skip
    assert not_local_names(found) == {
        "citrus fruit": 1, "margarine": 1, "condensed milk": 1, "soda": 1, "napkins": 1,
    }  # fmt: skip
    assert found[4].wares == {}


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_any_system_and_a_byte_order_mark_are_read(ending: bytes) -> None:
    baskets = parse(b"\xef\xbb\xbfmilk,eggs" + ending + b"soda" + ending, "other.csv")

    assert [basket.names for basket in baskets] == [("milk", "eggs"), ("soda",)]


def test_quoted_names_may_hold_commas() -> None:
    assert parse(b'"ham, cooked",milk\n', "f")[0].names == ("ham, cooked", "milk")


def test_a_file_that_is_not_utf_8_is_refused_with_the_line() -> None:
    with pytest.raises(InvalidError, match="not UTF-8 text") as refusal:
        parse("milk\ncrème\n".encode("latin-1"), "old.csv")

    assert "line 2" in refusal.value.detail
    assert refusal.value.code == "not_utf_8"


@pytest.mark.parametrize("content", [b"", b"\n\n", b" , ,\n"])
def test_a_file_without_baskets_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse(content, "empty.csv")

    assert refusal.value.code == "no_baskets"


def test_a_line_that_is_no_basket_is_refused_with_its_number() -> None:
    with pytest.raises(InvalidError) as refusal:
        parse(b"milk\n" + b"x" * 200_000, "blob.bin")

    assert refusal.value.code == "not_a_basket"
    assert "Line 2" in refusal.value.detail


def test_the_same_name_twice_is_two_packs() -> None:
    (found,) = sort_out(parse(b"milk,eggs,Milk \n", "f"), MAPPING)

    assert found.wares == {"melk": 2, "eieren": 1}


def test_wares_that_serve_the_same_name_take_turns() -> None:
    found = sort_out(parse(b"fruit\nfruit\nfruit\n", "f"), MAPPING)

    assert [next(iter(basket.wares)) for basket in found] == ["peren", "appels", "peren"]


def test_a_basket_becomes_the_body_of_an_order() -> None:
    (found,) = sort_out(parse(b"milk,milk,fruit,soda\n", "f"), MAPPING)

    assert order_body(found, PLAN, "place-1") == {
        "place_id": "place-1",
        "window": PLAN.window,
        "packed": False,
        "lines": [
            {"lot_id": "lot-2", "pack_id": "p1", "count": 2, "wish": "exact"},
            {"lot_id": "lot-4", "pack_id": "p1", "count": 1, "wish": "exact"},
        ],
    }


def test_what_is_not_on_the_shelf_is_not_asked() -> None:
    (found,) = sort_out(parse(b"eggs\n", "f"), MAPPING)

    assert not can_order(found, PLAN)
    assert order_body(found, PLAN, "place-1")["lines"] == []


def test_what_baskets_will_ask_is_summed_by_lot() -> None:
    found = sort_out(parse(b"milk,fruit\nmilk\nmilk,milk,fruit\n", "f"), MAPPING)

    assert needed(found, PLAN) == {"lot-2": 3_000, "lot-1": 1_000, "lot-4": 1_000}


def test_the_key_of_an_order_tells_lines_files_and_days_apart() -> None:
    one, other = sort_out(parse(b"milk\nmilk\n", "f"), MAPPING)
    elsewhere = Plan(file="g", window=PLAN.window, shelf=PLAN.shelf)
    later = Plan(file="f", window={"start": "2030-01-03T07:00:00+01:00"}, shelf=PLAN.shelf)

    keys = {order_key(one, PLAN), order_key(other, PLAN), order_key(one, elsewhere), order_key(one, later)}
    assert len(keys) == 4
    assert order_key(one, PLAN) == order_key(one, PLAN)
    assert 8 <= len(order_key(one, PLAN)) <= 200
