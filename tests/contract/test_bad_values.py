"""Values that cannot be: each is refused with the field at fault, and nothing changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.chain import refused
from tests.contract.market import Market
from tests.setups import CARROTS, FARM_PLACE, KILO, kbo, order_body

INVALID = "invalid_values"
QUANTITIES: tuple[Any, ...] = (0, -1, 10**9 + 1, 10**18, 10**30, 1.5, 1e3, "5", True, None, [], {})
AMBIENT_WITH_LIMIT = {"kind": "ambient", "max_celsius": 5}
TOO_WARM = {"kind": "frozen", "max_celsius": 20}


@pytest.fixture(scope="module")
def made() -> Market:
    return Market()


@pytest.fixture
def market(made: Market) -> Iterator[Market]:
    made.chain.restore(made.before)
    yield made
    assert made.chain.snapshot() == made.before, "A refusal changed something."


@pytest.mark.parametrize(
    "number",
    ["0403170702", "BE 0403.170.702", "403170701x", "123", "", "0000000000", "٠٤٠٣١٧٠٧٠١", "2403170701", "x" * 9_999],
)
def test_a_wrong_enterprise_number_is_refused(market: Market, number: str) -> None:
    body = {"kbo": number, "name": "Hoeve", "email": "a@example.org", "place": FARM_PLACE}

    refused(market.nobody.post("/v1/producers", body), 422, INVALID, "kbo")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kbo": 403170701}, "kbo"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x1b[2Jb"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": f"{'x' * 300}@example.org"}, "email"),
        ({"phone": "0" * 31}, "phone"),
        ({"place": None}, "place"),
        ({"place": {}}, "place.street"),
        ({"place": {**FARM_PLACE, "lat": 0}}, "place.lat"),
        ({"place": {**FARM_PLACE, "lon": 10**400}}, "place.lon"),
        ({"status": "approved"}, "status"),
        ({"certifications": ["x"] * 21}, "certifications"),
    ],
    ids=str,
)
def test_a_registration_that_cannot_be_is_refused(market: Market, change: dict[str, Any], field: str) -> None:
    body = {"kbo": kbo("producers", 99), "name": "Hoeve", "email": "a@example.org", "place": FARM_PLACE, **change}

    refused(market.nobody.post("/v1/producers", body), 422, INVALID, field)


def test_a_party_registers_once(market: Market) -> None:
    body = {"kbo": market.farm.id, "name": "Hoeve", "email": "a@example.org", "place": FARM_PLACE}

    refused(market.nobody.post("/v1/producers", body), 409, "already_registered", "kbo")


@pytest.mark.parametrize("quantity", QUANTITIES, ids=repr)
def test_a_quantity_that_cannot_be_is_refused(market: Market, quantity: Any) -> None:
    packs = {name: [{**KILO, name: quantity}] for name in ("size", "price_cents", "grams")}

    refused(market.farm.post("/v1/lots", market.new_lot(stock=quantity)), 422, INVALID, "stock")
    refused(market.farm.patch(f"/v1/lots/{market.lot}", {"listed": quantity}), 422, INVALID, "listed")
    for name, pack in packs.items():
        refused(market.farm.post("/v1/lots", market.new_lot(packs=pack)), 422, INVALID, f"packs.0.{name}")
    refused(market.shop.post("/v1/orders", order_body((market.lot, quantity))), 422, INVALID, "lines.0.count")
    short = market.shop.post(f"/v1/orders/{market.delivered}/lines/1/short", {"missing": quantity})
    refused(short, 422, INVALID, "missing")
    handed = market.van.post(
        f"/v1/jobs/{market.job}/done", {"by": "An", "lines": [{"line_id": "1", "count": 1, "grams": quantity or 0}]}
    )
    refused(handed, 422, INVALID, "lines.0.grams")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"product_id": 5}, INVALID, "product_id"),
        ({"packs": []}, INVALID, "packs"),
        ({"packs": [{**KILO, "id": str(number)} for number in range(21)]}, INVALID, "packs"),
        ({"packs": [KILO, KILO]}, "pack_twice", "packs"),
        ({"packs": [{**KILO, "id": "a/b"}]}, "wrong_pack_id", "packs.0.id"),
        ({"packs": [{**KILO, "label": "\x00"}]}, INVALID, "packs.0.label"),
        ({"packs": [{**KILO, "by_weight": "yes"}]}, INVALID, "packs.0.by_weight"),
        ({"packs": [{**KILO, "per_crate": 10_001}]}, INVALID, "packs.0.per_crate"),
        ({"harvested_on": "2030-13-01"}, INVALID, "harvested_on"),
        ({"best_before": "soon"}, INVALID, "best_before"),
        ({"lot_code": ""}, INVALID, "lot_code"),
        ({"place": {**FARM_PLACE, "lat": 48.8}}, INVALID, "place.lat"),
        ({"status": "on_offer"}, INVALID, "status"),
    ],
    ids=str,
)
def test_a_lot_that_cannot_be_is_refused(market: Market, change: dict[str, Any], code: str, field: str) -> None:
    refused(market.farm.post("/v1/lots", market.new_lot(**change)), 422, code, field)


def test_a_lot_of_a_product_that_does_not_exist_is_refused(market: Market) -> None:
    refused(market.farm.post("/v1/lots", market.new_lot(product_id="nope")), 404, "no_such_product")


def test_a_lot_cannot_be_made_smaller_than_what_left_it_or_is_promised(market: Market) -> None:
    response = market.farm.patch(f"/v1/lots/{market.lot}", {"listed": 3_999})

    refused(response, 409, "stock_is_needed", "listed")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"vat_percent": 7}, INVALID, "vat_percent"),
        ({"vat_percent": 6.5}, INVALID, "vat_percent"),
        ({"unit": "kg"}, INVALID, "unit"),
        ({"kind": "weapons"}, INVALID, "kind"),
        ({"allergens": ["dust"]}, INVALID, "allergens.0"),
        ({"allergens": ["milk", "milk"]}, "allergen_twice", "allergens"),
        ({"allergens": "milk"}, INVALID, "allergens"),
        ({"storage": AMBIENT_WITH_LIMIT}, INVALID, "storage.max_celsius"),
        ({"storage": {"kind": "chilled"}}, INVALID, "storage.max_celsius"),
        ({"storage": TOO_WARM}, "wrong_temperature", "storage.max_celsius"),
        ({"organic": "maybe"}, INVALID, "organic"),
    ],
    ids=str,
)
def test_a_product_that_cannot_be_is_refused(market: Market, change: dict[str, Any], code: str, field: str) -> None:
    refused(market.farm.post("/v1/products", {**CARROTS, **change}), 422, code, field)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"lot_id": "nope"}, "no_such_lot", "lines.0.lot_id"),
        ({"lot_id": ""}, INVALID, "lines.0.lot_id"),
        ({"lot_id": {"$gt": ""}}, INVALID, "lines.0.lot_id"),
        ({"pack_id": "nope"}, "no_such_pack", "lines.0.pack_id"),
        ({"wish": "maybe"}, INVALID, "lines.0.wish"),
        ({"price_cents": 1}, INVALID, "lines.0.price_cents"),
    ],
    ids=str,
)
def test_a_line_that_cannot_be_is_refused(market: Market, change: dict[str, Any], code: str, field: str) -> None:
    (line,) = order_body((market.lot, 1))["lines"]

    refused(market.shop.post("/v1/orders", order_body(lines=[{**line, **change}])), 422, code, field)


def test_an_order_has_lines_not_too_many_each_of_another_pack(market: Market) -> None:
    asked = order_body((market.lot, 1))["lines"]
    for lines, code, field in (
        ([], INVALID, "lines"),
        (asked * 201, INVALID, "lines"),
        (asked * 2, "same_twice", "lines.1.lot_id"),
    ):
        refused(market.shop.post("/v1/orders", order_body(lines=lines)), 422, code, field)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"place_id": "elsewhere"}, "no_such_place", "place_id"),
        ({"packed": "yes"}, INVALID, "packed"),
        ({"note": "x" * 1_001}, INVALID, "note"),
        ({"note": "a\x00b"}, INVALID, "note"),
        ({"status": "delivered"}, INVALID, "status"),
        ({"buyer_id": "0403170701"}, INVALID, "buyer_id"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_an_order_that_cannot_be_is_refused(market: Market, change: dict[str, Any], code: str, field: str) -> None:
    refused(market.shop.post("/v1/orders", order_body((market.lot, 1), **change)), 422, code, field)
