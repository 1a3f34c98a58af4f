"""Buyers' accounts: what this service adds to them."""

from typing import Any

import pytest

from tests.unit.orders.api_world import ADDRESS, PLACE, SHOP_KBO, Api, body, buyer, ready


def register(sent: dict[str, Any]) -> Any:
    return Api().post("/v1/buyers", sent, who="nobody")


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in buyer(SHOP_KBO).items() if name not in names}


def test_a_buyer_registers_with_its_places() -> None:
    api = ready()

    shown = api.get(f"/v1/buyers/{SHOP_KBO}").json

    assert (shown["kind"], shown["status"]) == ("shop", "approved")
    assert shown["delivery_places"] == [{**PLACE, "opening": []}]


def test_a_buyer_that_names_no_place_is_delivered_to_at_its_own_address() -> None:
    api = Api()
    answer = api.post("/v1/buyers", without("kind", "delivery_places"), who="nobody")
    api.keys["shop"] = answer.json["key"]

    shown = api.get(f"/v1/buyers/{SHOP_KBO}").json

    assert shown["delivery_places"] == [{"id": "main", "name": "De Hoekwinkel", **ADDRESS, "opening": []}]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "bakery"},
        {"delivery_places": []},
        {"delivery_places": [PLACE, PLACE]},
        {"delivery_places": [{**PLACE, "id": f"p{n}"} for n in range(21)]},
        {"delivery_places": [{**PLACE, "id": "a b"}]},
        {"delivery_places": [{**PLACE, "lat": 40.0}]},
        {"delivery_places": [{"id": "shop", "name": "X"}]},
        {"delivery_places": [{**PLACE, "opening": [{"day": "monday", "start": "12:00", "end": "08:00"}]}]},
        {"delivery_places": [{**PLACE, "opening": [{"day": "monday", "start": "8h", "end": "25:00"}]}]},
        {"delivery_places": [{**PLACE, "opening": [{"day": "monday", "start": "08:00 ", "end": "12:00"}]}]},
        {"delivery_places": "here"},
        {"delivery_places": [None]},
    ],
)
def test_a_profile_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    answer = register(buyer(SHOP_KBO, **changes))

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_values")


def test_a_buyer_changes_its_places() -> None:
    api = ready()
    opening = [{"day": "monday", "start": "08:00", "end": "12:30"}]

    answer = api.call(
        "PATCH", f"/v1/buyers/{SHOP_KBO}", json={"delivery_places": [{**PLACE, "id": "new", "opening": opening}]}
    )

    assert [place["id"] for place in answer.json["delivery_places"]] == ["new"]
    assert answer.json["kind"] == "shop"
    assert api.order(place_id="new")["place"]["id"] == "new"


def test_changing_the_contact_leaves_the_places_as_they_are() -> None:
    api = ready()

    answer = api.call("PATCH", f"/v1/buyers/{SHOP_KBO}", json={"place": {**ADDRESS, "street": "Markt 9"}})

    assert answer.json["delivery_places"][0]["street"] == "Markt 2"


def test_a_place_is_changed_as_a_whole() -> None:
    api = ready()

    answer = api.call("PATCH", f"/v1/buyers/{SHOP_KBO}", json={"delivery_places": [{"id": "shop"}]})

    assert answer.status_code == 422
    assert api.post("/v1/orders", body()).status_code == 201
