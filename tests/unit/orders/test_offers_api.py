"""Searching the offers, on a store in memory."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.orders.app.kinds import OFFER
from services.orders.app.search import Look, nearest
from shared.events.lots import LotWithdrawn
from shared.geo import road_metres
from shared.hub import DEFAULT_HUB
from shared.values import Storage, Window
from tests.unit.orders.api_world import Api, day, fresh_lot, hours, ready
from tests.unit.orders.bench import Bench
from tests.unit.orders.world import BAG, CARROTS, FARM, SHOP, a_lot

CHEESE = replace(CARROTS, name="Oude Brugse kaas", kind="cheese", storage=Storage(kind="chilled", max_celsius=7))
CREAM = replace(CARROTS, name="Crème fraîche", kind="dairy", unit="ml", organic=True)


@pytest.fixture
def api() -> Api:
    return ready(
        fresh_lot("carrots"),
        fresh_lot("cheese", product=CHEESE, packs=(replace(BAG, price_cents=1_900),), place=replace(FARM, lat=51.2)),
        fresh_lot("cream", product=CREAM, producer_name="Zuivelhof De Brés", place=replace(FARM, lat=50.9)),
    )


def found(api: Api, **query: Any) -> list[str]:
    answer = api.get("/v1/offers", **query)
    assert answer.status_code == 200, answer.json
    return [each["lot_id"] for each in answer.json["items"]]


def test_the_nearest_offer_comes_first(api: Api) -> None:
    answer = api.get("/v1/offers").json

    assert [each["lot_id"] for each in answer["items"]] == ["cream", "carrots", "cheese"]
    metres = [each["distance_m"] for each in answer["items"]]
    assert metres == sorted(metres)
    assert metres[1] == road_metres(50.88, 4.70, FARM.lat, FARM.lon)


def test_the_operator_looks_from_the_depot(api: Api) -> None:
    answer = api.get("/v1/offers", "operator").json

    depot = DEFAULT_HUB.depot
    assert [each["lot_id"] for each in answer["items"]] == ["cream", "carrots", "cheese"]
    assert answer["items"][1]["distance_m"] == road_metres(depot.lat, depot.lon, FARM.lat, FARM.lon)


@pytest.mark.parametrize(
    ("text", "lots"),
    [
        ("wortel", ["carrots"]),
        ("WORTELEN hoeve", ["carrots"]),
        ("creme", ["cream"]),
        ("Fraîche bres", ["cream"]),
        ("brugse kaas", ["cheese"]),
        ("kaas wortelen", []),
        ("aarschot", ["cream", "carrots", "cheese"]),
        ("o", ["cheese"]),
        ("fraichement", []),
        ("ortelen", []),
        ("!!", ["cream", "carrots", "cheese"]),
        ("$where", []),
    ],
)
def test_all_words_must_begin_a_word_of_the_offer(api: Api, text: str, lots: list[str]) -> None:
    assert found(api, q=text) == lots


@pytest.mark.parametrize(
    ("query", "lots"),
    [
        ({"kind": "cheese"}, ["cheese"]),
        ({"organic": "true"}, ["cream"]),
        ({"unit": "ml"}, ["cream"]),
        ({"storage": "chilled"}, ["cheese"]),
        ({"max_price_cents": 1_899}, ["cream", "carrots"]),
        ({"within_km": 20}, ["cream", "carrots"]),
        ({"within_km": 20, "q": "kaas"}, []),
    ],
)
def test_offers_are_narrowed_by_what_is_asked(api: Api, query: dict[str, Any], lots: list[str]) -> None:
    assert found(api, **query) == lots


def test_what_cannot_be_had_is_not_found() -> None:
    api = ready(
        fresh_lot("good"),
        fresh_lot("sold-out", available=0),
        fresh_lot("old", best_before=day(-1)),
        fresh_lot("gone", collect=Window(start=hours(-9), end=hours(-1))),
        fresh_lot("withdrawn"),
    )
    api.bench.send(LotWithdrawn(lot_id="withdrawn", revision=2))

    assert found(api) == ["good"]
    assert sorted(found(api, sold_out="true")) == ["good", "sold-out"]


def test_a_day_finds_what_can_be_collected_then_and_is_still_good() -> None:
    api = ready(
        fresh_lot("now", collect=Window(start=hours(-1), end=hours(1)), best_before=None),
        fresh_lot("later", collect=Window(start=hours(60), end=hours(120)), best_before=day(9)),
        fresh_lot("short", collect=Window(start=hours(60), end=hours(120)), best_before=day(2)),
    )

    assert found(api, on=day(4)) == ["later"]


def test_pages_hold_every_offer_once() -> None:
    places = [replace(FARM, lat=50.5 + number / 40, lon=4.2 + number / 30) for number in range(23)]
    api = ready(*(fresh_lot(f"lot-{number}", place=place) for number, place in enumerate(places)))

    for who in ("shop", "operator"):
        seen, cursor = [], None
        for _ in range(10):
            page = api.get("/v1/offers", who, limit=5, **({"cursor": cursor} if cursor else {})).json
            seen += [each["lot_id"] for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == 23
        assert len(set(seen)) == 23


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ({"kind": "cars"}, "shop"),
        ({"on": "tomorrow"}, "shop"),
        ({"on": "9999-12-31"}, "shop"),
        ({"cursor": "nonsense"}, "shop"),
        ({"of_place": "elsewhere"}, "shop"),
        ({"of_place": "shop"}, "operator"),
        ({"within_km": 0}, "shop"),
        ({"limit": 201}, "shop"),
        ({"q": "a" * 101}, "shop"),
        ({"max_price_cents": "cheap"}, "shop"),
    ],
)
def test_a_query_that_cannot_be_is_refused(api: Api, query: dict[str, Any], who: str) -> None:
    answer = api.get("/v1/offers", who, **query)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_one_offer_is_shown_with_its_distance(api: Api) -> None:
    offer = api.get("/v1/offers/carrots", of_place="shop").json

    assert (offer["on_offer"], offer["unit_price_cents"], offer["available"]) == (True, 125, 500_000)
    assert offer["distance_m"] > 0
    assert [pack["unit_price_cents"] for pack in offer["packs"]] == [125, 150]


def test_a_withdrawn_offer_is_shown_as_such(api: Api) -> None:
    api.bench.send(LotWithdrawn(lot_id="carrots", revision=2))

    assert api.get("/v1/offers/carrots").json["on_offer"] is False


def test_an_unknown_offer_is_not_found(api: Api) -> None:
    api.bench.send(LotWithdrawn(lot_id="never-listed", revision=2))

    assert api.get("/v1/offers/nothing").json["code"] == "no_such_lot"
    assert api.get("/v1/offers/never-listed").json["code"] == "no_such_lot"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(50.0, 51.5), st.floats(3.0, 6.0)), min_size=1, max_size=25),
    st.integers(1, 9),
    st.integers(1_000, 200_000),
)
def test_the_rings_find_what_a_full_look_finds(positions: list[tuple[float, float]], limit: int, within: int) -> None:
    bench = Bench()
    lots = [a_lot(f"lot-{n:02}", place=replace(FARM, lat=lat, lon=lon)) for n, (lat, lon) in enumerate(positions)]
    bench.list_lots(*lots)
    here = SHOP.place

    hits = nearest(bench.ledger, Look(where={}, place=here, within=within), limit)

    away = sorted((road_metres(here.lat, here.lon, lot.place.lat, lot.place.lon), lot.lot_id) for lot in lots)
    assert [hit.offer.lot_id for hit in hits] == [lot_id for metres, lot_id in away if metres <= within][:limit]
    assert bench.ledger.count(OFFER, {}) == len(lots)
