from typing import Any

import pytest

from services.producers.app.kinds import LOT
from services.producers.domain.stock import Request, reserve
from tests.unit.producers.desk import ANNA, BERT, KILO, PLACE, WINDOW, Desk, lot_body, made, refused
from tests.unit.producers.given import NOW, line

FAR = "2090-01-01T00:00:00.000Z"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def reserve_on(desk: Desk, lot: str, count: int, order: str = "order-1") -> None:
    asked = Request(order_id=order, answer_by=FAR, keep_until=FAR, lines=(line(count, lot=lot),))
    desk.ledger.decide(LOT, lot, lambda state: reserve(state, asked, NOW) if state else (state, ()))


def test_a_lot_is_listed_with_what_the_hub_fills_in(desk: Desk) -> None:
    response = desk.post("/v1/lots", lot_body(desk.product()))

    lot = made(response)
    assert response.status_code == 201
    assert (response.headers["Location"], response.headers["ETag"]) == (f"/v1/lots/{lot['id']}", '"1"')
    assert (lot["producer_name"], lot["place"], lot["status"]) == ("De Wortel", PLACE, "on_offer")
    assert lot["packs"] == [{**KILO, "id": "p1", "grams": 1_000, "per_crate": 10, "by_weight": False}]
    assert lot["stock"] == {"listed": 20_000, "available": 20_000, "reserved": 0, "collected": 0, "withdrawn": 0}
    assert lot["lot_code"]
    assert lot["collect"] == WINDOW
    assert "reservations" not in lot


def test_a_lot_is_listed_as_it_is_described(desk: Desk) -> None:
    described: dict[str, Any] = {
        "lot_code": "W-12",
        "harvested_on": "2089-12-30",
        "best_before": "2090-02-01",
        "place": {**PLACE, "town": "Lubbeek"},
        "packs": [{**KILO, "id": "kg", "grams": 1_050, "per_crate": 8, "by_weight": True}],
    }

    lot = desk.lot(**described)

    assert {name: lot[name] for name in described} == described


def test_a_repeated_request_with_its_key_lists_one_lot(desk: Desk) -> None:
    key, body = {"Idempotency-Key": "0f9f2f6e-1"}, lot_body(desk.product())

    first = desk.post("/v1/lots", body, headers=key)
    again = desk.post("/v1/lots", body, headers=key)

    assert (again.status_code, again.json) == (201, first.json)
    assert len(made(desk.get("/v1/lots"))["items"]) == 1
    refused(desk.post("/v1/lots", {**body, "stock": 5}, headers=key), 422, "idempotency_key_reused", "Idempotency-Key")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"stock": 0}, "invalid_values", "stock"),
        ({"stock": "20000"}, "invalid_values", "stock"),
        ({"stock": 1.5}, "invalid_values", "stock"),
        ({"stock": 10**30}, "invalid_values", "stock"),
        ({"packs": []}, "invalid_values", "packs"),
        ({"packs": [KILO] * 21}, "invalid_values", "packs"),
        ({"packs": [{**KILO, "price_cents": 0}]}, "invalid_values", "packs.0.price_cents"),
        ({"packs": [{**KILO, "id": "a.b"}]}, "wrong_pack_id", "packs.0.id"),
        ({"packs": [None]}, "invalid_values", "packs.0"),
        ({"packs": [{**KILO, "id": "a"}] * 2}, "pack_twice", "packs"),
        ({"harvested_on": "2089-13-01"}, "invalid_values", "harvested_on"),
        ({"harvested_on": "2089-12-02", "best_before": "2089-12-01"}, "best_before_harvest", "best_before"),
        ({"collect": {**WINDOW, "end": WINDOW["start"]}}, "invalid_values", "collect.end"),
        ({"collect": {**WINDOW, "start": "2090-01-03T08:00:00"}}, "invalid_values", "collect.start"),
        ({"collect": {"start": "2020-01-01T08:00:00Z", "end": "2020-01-01T09:00:00Z"}}, "window_over", "collect.end"),
        ({"place": {**PLACE, "lat": 200}}, "invalid_values", "place.lat"),
        ({"product_id": 5}, "invalid_values", "product_id"),
        ({"owner": ANNA}, "invalid_values", "owner"),
    ],
)
def test_a_lot_that_cannot_be_is_refused_with_the_field_at_fault(
    desk: Desk, change: dict[str, object], code: str, field: str
) -> None:
    refused(desk.post("/v1/lots", {**lot_body(desk.product()), **change}), 422, code, field)


def test_a_lot_of_an_unknown_product_is_refused(desk: Desk) -> None:
    refused(desk.post("/v1/lots", lot_body("nothing")), 404, "no_such_product")


def test_price_stock_window_and_place_can_change(desk: Desk) -> None:
    lot = desk.lot()
    later = {"start": "2090-01-05T08:00:00+01:00", "end": "2090-01-05T12:00:00+01:00"}
    body = {
        "packs": [{**KILO, "id": "p1", "price_cents": 150}],
        "listed": 30_000,
        "collect": later,
        "place": {**PLACE, "town": "Lubbeek"},
        "best_before": "2090-03-01",
    }

    changed = made(desk.patch(f"/v1/lots/{lot['id']}", body))

    assert (changed["packs"][0]["price_cents"], changed["stock"]["available"]) == (150, 30_000)
    assert (changed["collect"], changed["place"]["town"], changed["best_before"]) == (later, "Lubbeek", "2090-03-01")
    assert changed["version"] == 2


def test_a_field_that_is_not_named_stays(desk: Desk) -> None:
    lot = desk.lot(best_before="2090-02-01")

    changed = made(desk.patch(f"/v1/lots/{lot['id']}", {"listed": 25_000}))

    assert {**changed, "stock": 0, "version": 0} == {**lot, "stock": 0, "version": 0}


def test_stock_that_is_reserved_cannot_be_taken_off_the_list(desk: Desk) -> None:
    lot = desk.lot()
    reserve_on(desk, lot["id"], 8)

    refused(desk.patch(f"/v1/lots/{lot['id']}", {"listed": 7_999}), 409, "stock_is_needed", "listed")
    changed = made(desk.patch(f"/v1/lots/{lot['id']}", {"listed": 8_000}))

    assert (changed["stock"]["available"], changed["status"]) == (0, "sold_out")


@pytest.mark.parametrize("body", [{}, {"listed": None}, {"stock": 5}, [], "x", None])
def test_a_change_that_says_nothing_sensible_is_refused(desk: Desk, body: object) -> None:
    response = desk.patch(f"/v1/lots/{desk.lot()['id']}", body)

    assert response.status_code in {400, 422}


def test_a_change_may_insist_on_the_version_it_read(desk: Desk) -> None:
    path = f"/v1/lots/{desk.lot()['id']}"
    desk.patch(path, {"listed": 25_000})

    refused(desk.patch(path, {"listed": 9_000}, headers={"If-Match": '"1"'}), 412, "changed_meanwhile")
    assert desk.patch(path, {"listed": 9_000}, headers={"If-Match": '"2"'}).status_code == 200


def test_a_withdrawn_lot_stays_withdrawn(desk: Desk) -> None:
    lot = desk.lot()
    reserve_on(desk, lot["id"], 8)

    withdrawn = made(desk.post(f"/v1/lots/{lot['id']}/withdraw"))
    again = made(desk.post(f"/v1/lots/{lot['id']}/withdraw"))

    assert withdrawn["status"] == "withdrawn"
    assert withdrawn["stock"] == {
        "listed": 20_000,
        "available": 0,
        "reserved": 8_000,
        "collected": 0,
        "withdrawn": 12_000,
    }
    assert again == withdrawn
    refused(desk.patch(f"/v1/lots/{lot['id']}", {"listed": 30_000}), 409, "lot_withdrawn")


def test_nobody_sees_changes_or_withdraws_the_lot_of_another(desk: Desk) -> None:
    path = f"/v1/lots/{desk.lot()['id']}"

    refused(desk.get(path, by=BERT), 404, "no_such_lot")
    refused(desk.patch(path, {"listed": 30_000}, by=BERT, headers={"If-Match": '"9"'}), 404, "no_such_lot")
    refused(desk.post(f"{path}/withdraw", by=BERT), 404, "no_such_lot")
    refused(desk.post(f"{path}/reservations/order-1.1.1/weight", {"grams": 5}, by=BERT), 404, "no_such_lot")
    assert made(desk.get("/v1/lots", by=BERT))["items"] == []


def test_the_operator_reads_and_withdraws_but_does_not_change(desk: Desk) -> None:
    lot = desk.lot()
    path = f"/v1/lots/{lot['id']}"

    assert made(desk.get(path, by="operator"))["id"] == lot["id"]
    refused(desk.patch(path, {"listed": 30_000}, by="operator"), 403, "wrong_role")
    assert made(desk.post(f"{path}/withdraw", by="operator"))["status"] == "withdrawn"


def test_lots_are_found_by_status_product_and_producer(desk: Desk) -> None:
    lot, sold_out, other = desk.lot(), desk.lot(), desk.lot(BERT)
    reserve_on(desk, sold_out["id"], 20)

    def ids_of(query: str, by: str = ANNA) -> set[str]:
        return {each["id"] for each in made(desk.get(f"/v1/lots?{query}", by=by))["items"]}

    assert ids_of("status=on_offer") == {lot["id"]}
    assert ids_of("status=sold_out") == {sold_out["id"]}
    assert ids_of(f"product_id={lot['product_id']}") == {lot["id"]}
    assert ids_of("", by="operator") == {lot["id"], sold_out["id"], other["id"]}
    assert ids_of(f"producer_id={BERT}", by="operator") == {other["id"]}


@pytest.mark.parametrize("query", ["status=gone", "limit=0", "limit=1000", "limit=x", "cursor="])
def test_a_list_that_cannot_be_is_refused(desk: Desk, query: str) -> None:
    assert desk.get(f"/v1/lots?{query}").status_code == 422


def test_without_a_key_nothing_is_shown(desk: Desk) -> None:
    refused(desk.client.get("/v1/lots"), 401, "key_missing")


def test_who_waits_for_approval_cannot_list(desk: Desk) -> None:
    desk.register("0417497106", "Nieuw")

    refused(desk.post("/v1/products", {}, by="0417497106"), 403, "waiting_for_approval")
