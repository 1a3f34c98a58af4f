"""The orders API, on a store in memory."""

from dataclasses import replace
from typing import Any

import pytest

from shared.http.app import routes
from tests.unit.orders.api_world import OTHER_KBO, SHOP_KBO, Api, body, fresh_lot, hours, line, ready
from tests.unit.orders.world import reserved, whole_way


@pytest.fixture
def api() -> Api:
    return ready()


def tell(api: Api, order_id: str, *events: Any) -> None:
    named = [replace(event, order_id=order_id) for event in events]
    api.bench.send(
        *(
            replace(event, job_id=event.job_id.replace("order-1", order_id)) if hasattr(event, "job_id") else event
            for event in named
        )
    )


def delivered(api: Api) -> str:
    order_id = str(api.order()["id"])
    tell(api, order_id, *whole_way())
    return order_id


def test_an_order_is_placed_and_shown_in_full(api: Api) -> None:
    answer = api.post("/v1/orders", body(line(wish="less_is_fine"), packed=True, note="Achteraan leveren"))

    order = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/orders/{order['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (order["status"], order["packed"], order["note"]) == ("placed", True, "Achteraan leveren")
    assert order["totals"] == {
        "net_cents": 6_250,
        "vat": [{"percent": 6, "cents": 375}],
        "gross_cents": 6_625,
        "estimated": False,
    }
    assert order["waits_for"]["whom"] == "producers"
    assert order["lines"][0]["product"]["name"] == "Wortelen"
    assert (order["lines"][0]["state"], order["lines"][0]["confirmed"]) == ("asked", None)
    assert [entry["text"][:8] for entry in order["timeline"]] == ["Ordered:"]


def test_an_order_that_was_delivered_tells_who_did_what(api: Api) -> None:
    order = api.get(f"/v1/orders/{delivered(api)}").json

    assert order["status"] == "delivered"
    assert [(job["kind"], job["state"], job["enterprise"]) for job in order["jobs"]] == [
        ("collect", "done", "De Kring"),
        ("deliver", "done", "De Kring"),
    ]
    counts = ("asked", "confirmed", "collected", "delivered", "billed")
    assert [order["lines"][0][name] for name in counts] == [5, 5, 5, 5, 5]
    assert order["waits_for"] is None
    assert order["timeline"][-1]["text"] == "Delivered, all that was ordered."
    assert order["ended_at"] is not None


def test_the_same_request_with_the_same_key_gives_the_same_order(api: Api) -> None:
    sent = body()

    first = api.post("/v1/orders", sent, Idempotency_Key="key-0001")
    again = api.post("/v1/orders", sent, Idempotency_Key="key-0001")

    assert first.json == again.json
    assert len(api.get("/v1/orders").json["items"]) == 1


def test_a_repeated_request_is_answered_also_when_it_could_not_be_placed_anew(api: Api) -> None:
    sent = body()
    first = api.post("/v1/orders", sent, Idempotency_Key="key-0001")
    api.call("PATCH", f"/v1/buyers/{SHOP_KBO}", json={"delivery_places": [{**buyer_place(), "id": "new"}]})

    again = api.post("/v1/orders", sent, Idempotency_Key="key-0001")

    assert (again.status_code, again.json["id"]) == (201, first.json["id"])
    assert api.post("/v1/orders", sent).json["code"] == "no_such_place"


def buyer_place() -> dict[str, Any]:
    return {"id": "shop", "name": "X", "street": "M 1", "postcode": "3000", "town": "Leuven", "lat": 50.9, "lon": 4.7}


def test_another_request_with_the_same_key_is_refused(api: Api) -> None:
    api.post("/v1/orders", body(), Idempotency_Key="key-0001")

    answer = api.post("/v1/orders", body(line(count=6)), Idempotency_Key="key-0001")

    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        (body(place_id="elsewhere"), "no_such_place", "place_id"),
        (body(line("lot-9")), "no_such_lot", "lines.0.lot_id"),
        (body(line(pack_id="barrel")), "no_such_pack", "lines.0.pack_id"),
        (body(line(), line()), "same_twice", "lines.1.lot_id"),
        (body(line(count=0)), "invalid_values", "json.lines.0.count"),
        (body(line(count=10_001)), "invalid_values", "json.lines.0.count"),
        (body(line(count=1.5)), "invalid_values", "json.lines.0.count"),
        (body(line(wish="anything")), "invalid_values", "json.lines.0.wish"),
        (body(lines=[]), "invalid_values", "json.lines"),
        (body(*[line(f"lot-{n}") for n in range(201)]), "invalid_values", "json.lines"),
        (body(window={"start": hours(-3), "end": hours(-1)}), "window_past", "window.end"),
        (body(window={"start": hours(60 * 24 + 1), "end": hours(60 * 24 + 2)}), "window_too_far", "window.start"),
        (body(window={"start": hours(1), "end": hours(25.1)}), "window_too_long", "window.end"),
        (body(window={"start": hours(2), "end": hours(1)}), "invalid_values", "json.window.end"),
        (body(window={"start": "2030-01-01T00:00:00", "end": hours(1)}), "invalid_values", "json.window.start"),
        (body(window={"start": "9999-12-31T22:30:00Z", "end": hours(1)}), "invalid_values", "json.window.start"),
        (
            body(window={"start": "2199-12-31T22:30:00Z", "end": "2199-12-31T23:59:59.999Z"}),
            "window_too_far",
            "window.start",
        ),
        (body(window={"start": "2000-01-01T00:00:00Z", "end": "2000-01-01T01:00:00Z"}), "window_past", "window.end"),
        (body(window=None), "invalid_values", "json.window"),
        (body(packed="yes"), "invalid_values", "json.packed"),
        (body(extra=1), "invalid_values", "json.extra"),
        ({}, "invalid_values", None),
        ([], "invalid_values", None),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_the_field_at_fault(
    api: Api, sent: Any, code: str, field: str | None
) -> None:
    answer = api.post("/v1/orders", sent)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["code"] == code
    if field is not None:
        assert answer.json["field"].removeprefix("json.") == field.removeprefix("json.")


def test_a_lot_past_its_best_before_day_is_refused() -> None:
    api = ready(fresh_lot(best_before=None), fresh_lot("lot-old", best_before="2020-01-01"))

    assert api.post("/v1/orders", body(line("lot-old"))).json["code"] == "past_best_before"


def test_the_price_seen_when_ordering_stays() -> None:
    api = ready()
    order_id = api.order()["id"]

    api.bench.list_lots(fresh_lot(revision=2, packs=()))

    assert api.get(f"/v1/orders/{order_id}").json["totals"]["net_cents"] == 6_250


def test_a_buyer_sees_only_its_own_orders(api: Api) -> None:
    order_id = api.order()["id"]

    for answer in (
        api.get(f"/v1/orders/{order_id}", "other"),
        api.post(f"/v1/orders/{order_id}/cancel", who="other"),
        api.post(f"/v1/orders/{order_id}/receipt", who="other"),
        api.post(f"/v1/orders/{order_id}/lines/1/short", {"missing": 1}, who="other"),
        api.get("/v1/orders/nothing", "other"),
        api.post("/v1/orders/nothing/cancel", who="other"),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "no_such_order")
    assert api.get("/v1/orders", "other").json["items"] == []


def test_an_operator_sees_and_cancels_any_order(api: Api) -> None:
    order_id = api.order()["id"]

    assert [each["id"] for each in api.get("/v1/orders", "operator").json["items"]] == [order_id]
    answer = api.post(f"/v1/orders/{order_id}/cancel", who="operator")

    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    assert "the hub operator" in answer.json["timeline"][-1]["text"]


def test_an_operator_places_no_orders(api: Api) -> None:
    assert api.post("/v1/orders", body(), who="operator").json["code"] == "wrong_role"


def test_lists_are_paged_newest_first(api: Api) -> None:
    ids = [api.order()["id"] for _ in range(5)]

    found, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = api.get("/v1/orders", **query).json
        found += [(each["placed_at"], each["id"]) for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert {id_ for _, id_ in found} == set(ids)
    assert len(found) == 5
    assert [at for at, _ in found] == sorted((at for at, _ in found), reverse=True)


@pytest.mark.parametrize(
    "cursor", ["x", "2030-01-01", "2030-99-99T00:00:00.000Z/abc", "~", "1999-01-01T00:00:00.000Z/abc"]
)
def test_what_is_no_cursor_is_refused(api: Api, cursor: str) -> None:
    answer = api.get("/v1/orders", cursor=cursor)

    assert answer.status_code == 422


def test_lists_are_narrowed_by_status_or_waiting(api: Api) -> None:
    waiting = api.order()["id"]
    ended = delivered(api)

    def listed(**query: Any) -> list[str]:
        return [each["id"] for each in api.get("/v1/orders", "operator", **query).json["items"]]

    assert listed(status="placed") == listed(waiting="true") == [waiting]
    assert listed(status="delivered") == listed(waiting="false") == [ended]
    assert api.get("/v1/orders", status="placed", waiting="true").status_code == 422
    assert api.get("/v1/orders", status="lost").status_code == 422


def test_waiting_orders_say_for_whom(api: Api) -> None:
    api.order()

    (item,) = api.get("/v1/orders", "operator", waiting="true").json["items"]

    assert item["waits_for"]["whom"] == "producers"
    assert item["waits_for"]["since"] == item["placed_at"]


def test_a_confirmed_order_is_cancelling_until_its_work_is_called_off(api: Api) -> None:
    order_id = api.order()["id"]
    tell(api, order_id, reserved())

    first = api.post(f"/v1/orders/{order_id}/cancel")
    again = api.post(f"/v1/orders/{order_id}/cancel")

    assert first.json["status"] == again.json["status"] == "cancelling"
    assert first.headers["ETag"] == again.headers["ETag"]


def test_a_delivered_order_cannot_be_cancelled(api: Api) -> None:
    answer = api.post(f"/v1/orders/{delivered(api)}/cancel")

    assert (answer.status_code, answer.json["code"]) == (409, "order_ended")


def test_receipt_is_confirmed(api: Api) -> None:
    answer = api.post(f"/v1/orders/{delivered(api)}/receipt")

    assert answer.status_code == 200
    assert answer.json["receipt_at"] is not None


def test_what_is_missing_is_reported(api: Api) -> None:
    order_id = delivered(api)

    answer = api.post(f"/v1/orders/{order_id}/lines/1/short", {"missing": 2, "note": "Twee kratten te weinig"})

    assert (answer.status_code, answer.json["lines"][0]["missing"]) == (200, 2)
    too_many = api.post(f"/v1/orders/{order_id}/lines/1/short", {"missing": 6})
    assert (too_many.status_code, too_many.json["code"]) == (422, "missing_out_of_range")
    assert api.post(f"/v1/orders/{order_id}/lines/9/short", {"missing": 1}).json["code"] == "no_such_line"


def test_a_change_of_an_older_version_is_refused(api: Api) -> None:
    order_id = api.order()["id"]

    stale = api.post(f"/v1/orders/{order_id}/cancel", If_Match='"9"')
    fitting = api.post(f"/v1/orders/{order_id}/cancel", If_Match='"1"')

    assert (stale.status_code, fitting.status_code) == (412, 200)


def test_times_are_shown_as_brussels_reads_them(api: Api) -> None:
    order = api.order()

    assert order["placed_at"].endswith(("+01:00", "+02:00"))


def test_every_route_says_who_may_enter(api: Api) -> None:
    own = {(method, path): roles for method, path, roles in routes(api.client.application) if "/v1/o" in path}

    assert own == {
        ("GET", "/v1/offers"): ("buyer", "operator"),
        ("GET", "/v1/offers/<lot_id>"): ("buyer", "operator"),
        ("POST", "/v1/orders"): ("buyer",),
        ("GET", "/v1/orders"): ("buyer", "operator"),
        ("GET", "/v1/orders/<order_id>"): ("buyer", "operator"),
        ("POST", "/v1/orders/<order_id>/cancel"): ("buyer", "operator"),
        ("POST", "/v1/orders/<order_id>/receipt"): ("buyer",),
        ("POST", "/v1/orders/<order_id>/lines/<line_id>/short"): ("buyer",),
    }


def test_without_a_key_nobody_enters(api: Api) -> None:
    assert api.get("/v1/orders", "nobody").status_code == 401
    assert api.get("/v1/offers", "nobody").status_code == 401


def test_the_api_describes_itself(api: Api) -> None:
    described = api.get("/openapi.json", "nobody").json

    assert "/v1/orders/{order_id}/lines/{line_id}/short" in described["paths"]
    assert OTHER_KBO
