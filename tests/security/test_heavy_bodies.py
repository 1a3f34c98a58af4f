"""Bodies made to cost much: each is refused before the work, with an answer no longer than an answer is."""

from typing import Any

import pytest

from shared.http.app import MAX_JSON_BYTES
from tests.chain import NOUNS, Chain, Party
from tests.setups import SHOP_PLACE, VAN_PLACE, list_lot, order_body, producer

MANY = 30_000
LONGEST_ANSWER = 20_000
PARTY = {"kbo": "0403170701", "name": "Zwaar", "email": "zwaar@example.org", "place": SHOP_PLACE}
ABLE = {**PARTY, "place": VAN_PLACE, "skills": ["collect"], "area": {"radius_m": 9_000}}

BODIES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("producers", {**PARTY, "kbo": "0" * 120_000}, "kbo"),
    ("producers", {**PARTY, "kbo": "9" * 5_000}, "kbo"),
    ("producers", {**PARTY, "kbo": " " * 120_000}, "kbo"),
    ("producers", {**PARTY, "name": "a" * 120_000}, "name"),
    ("producers", {**PARTY, "email": "a." * 60_000 + "@"}, "email"),
    ("producers", {**PARTY, "email": "a@" + "a-" * 60_000}, "email"),
    ("producers", {**PARTY, "certifications": [""] * MANY}, "certifications"),
    ("orders", {**PARTY, "delivery_places": [{}] * MANY}, "delivery_places"),
    ("orders", {**PARTY, "delivery_places": [{"opening": [{}] * MANY}]}, "delivery_places.0.id"),
    ("logistics", {**ABLE, "skills": ["collect"] * 20_000}, "skills"),
    ("logistics", {**ABLE, "vehicles": [{}] * MANY}, "vehicles"),
    ("logistics", {**ABLE, "k" * 200_000: 1}, "k" * 200),
)


@pytest.mark.parametrize(
    ("service", "body", "field"), BODIES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_registration_that_is_made_to_cost_much_is_refused_shortly(
    service: str, body: dict[str, Any], field: str
) -> None:
    nobody = Party(chain=Chain(), service=service, id="", key="")

    answer = nobody.post(f"/v1/{NOUNS[service]}", body)

    assert answer.status_code == 422
    assert (answer.json or {})["field"] == field
    assert len(answer.data) < LONGEST_ANSWER


def test_of_thousands_of_things_in_a_list_none_is_looked_at() -> None:
    """Else each of them would be named in the answer."""
    nobody = Party(chain=Chain(), service="orders", id="", key="")

    answer = nobody.post("/v1/buyers", {**PARTY, "delivery_places": [{}] * MANY})

    assert [fault["field"] for fault in (answer.json or {})["errors"]] == ["delivery_places"]


def test_of_thousands_of_faults_the_first_are_told() -> None:
    nobody = Party(chain=Chain(), service="orders", id="", key="")

    answer = nobody.post("/v1/buyers", {**PARTY, **{f"k{number}": 1 for number in range(15_000)}})

    assert answer.status_code == 422
    assert len((answer.json or {})["errors"]) == 50


def test_orders_and_lots_of_thousands_of_lines_are_refused_shortly() -> None:
    chain = Chain()
    farm = producer(chain)
    list_lot(farm)
    shop = chain.operators["orders"]
    wide = {"product_id": "x", "stock": 1, "packs": [{}] * MANY}

    answers = [farm.post("/v1/lots", wide), shop.post("/v1/orders", {**order_body(), "lines": [{}] * MANY})]

    assert [answer.status_code for answer in answers] == [422, 403]
    assert max(len(answer.data) for answer in answers) < LONGEST_ANSWER


def test_a_number_of_as_many_digits_as_a_body_holds_is_refused() -> None:
    nobody = Party(chain=Chain(), service="orders", id="", key="")
    digits = "9" * (MAX_JSON_BYTES - 100)

    answer = nobody.call("POST", "/v1/buyers", data=f'{{"kbo": {digits}}}', content_type="application/json")

    assert answer.status_code == 400
    assert len(answer.data) < LONGEST_ANSWER
