"""What no route may be asked: bodies that are no JSON object, addresses and queries that make no sense.

Every refusal is a problem document, and nothing changes.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.chain import refused
from tests.contract.doors import DOORS, EVERYBODY, Route
from tests.contract.world import World, body_of, filled, make_world, named

JSON = "application/json"
MEGABYTE = 1_000_000

Body = tuple[bytes, str, int, str]

NOT_JSON: dict[str, Body] = {
    "cut off": (b'{"name": "Hoev', JSON, 400, "not_json"),
    "NaN": (b'{"stock": NaN}', JSON, 400, "not_json"),
    "Infinity": (b'{"stock": -Infinity}', JSON, 400, "not_json"),
    "an integer of 5000 digits": (b'{"stock": ' + b"9" * 5_000 + b"}", JSON, 400, "not_json"),
    "a number beyond all numbers": (b'{"stock": 1e999}', JSON, 400, "not_json"),
    "an unpaired surrogate": (b'{"name": "\\ud800"}', JSON, 400, "not_json"),
    "not UTF-8": (b'{"name": "\xff"}', JSON, 400, "not_json"),
    "UTF-16": ('{"name": "Hoeve"}'.encode("utf-16"), JSON, 400, "not_json"),
    "two documents": (b"{}{}", JSON, 400, "not_json"),
    "a form": (b"name=Hoeve", "application/x-www-form-urlencoded", 415, "json_expected"),
    "JSON called text": (b"{}", "text/plain", 415, "json_expected"),
    "JSON called nothing": (b"{}", "", 415, "json_expected"),
    "a megabyte": (b'{"note": "' + b"x" * MEGABYTE + b'"}', JSON, 413, "too_large"),
    "objects nested deeply": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, JSON, 400, "too_deep"),
    "lists nested deeply": (b"[" * 50_000 + b"]" * 50_000, JSON, 400, "too_deep"),
}
NOT_AN_OBJECT = {
    "a list": b"[]",
    "a list of objects": b'[{"name": "Hoeve"}]',
    "text": b'"name"',
    "a number": b"1",
    "true": b"true",
    "null": b"null",
    "a member that is not known": b'{"nickname": "Hoeve"}',
    "an operator of the database": b'{"$where": "1"}',
    "an integer of 65 bits": b'{"nickname": 18446744073709551616}',
}
STRANGE = (
    *("%00", "a%2Fb", "%F0%9F%92%A9", "$ne", "%7B%22$gt%22:%22%22%7D", "%2e%2e", "%ff", "%20", "a%0Ab", "null", "-1"),
    *("0", "a.b", "%25", "'%20or%20'1'='1", "%E2%80%AE", "x" * 5_000),
)

WITH_BODY = [route for route in DOORS if route[1] in {"POST", "PATCH"}]
TAKES_NO_BODY = ("/approve", "/suspend", "/keys", "/withdraw", "/claim", "/start", "/cancel", "/receipt")
LISTS = [
    (service, rule)
    for service, method, rule in DOORS
    if method == "GET" and rule.startswith("/v1/") and rule.count("/") == 2 and rule != "/v1/fail-reasons"
]
ODD_QUERIES = {"%ff=%ff": 422, "limit=5&limit=6": 422, "&&": 200, "=": 422, "limit=%ff": 422}


@pytest.fixture(scope="module")
def made() -> World:
    return make_world()


@pytest.fixture
def world(made: World) -> Iterator[World]:
    made.chain.restore(made.before)
    yield made
    assert made.chain.snapshot() == made.before, "A refusal changed something."


def send(world: World, route: Route, data: bytes, mime: str = JSON) -> TestResponse:
    service, method, rule = route
    party = world.people[service][_who(route)]
    return party.call(method, filled(rule, named(world, route)), data=data, content_type=mime)


def _who(route: Route) -> str:
    """One who gets in."""
    return "own" if "own" in DOORS[route] or DOORS[route] == EVERYBODY else "operator"


@pytest.mark.parametrize("route", WITH_BODY, ids=" ".join)
def test_a_body_that_is_not_json_is_refused(world: World, route: Route) -> None:
    for data, mime, status, code in NOT_JSON.values():
        refused(send(world, route, data, mime), status, code)


@pytest.mark.parametrize("route", [route for route in WITH_BODY if not route[2].endswith(TAKES_NO_BODY)], ids=" ".join)
def test_a_body_that_is_not_the_object_asked_for_is_refused(world: World, route: Route) -> None:
    for what, data in NOT_AN_OBJECT.items():
        response = send(world, route, data)
        problem = response.json or {}
        assert (response.status_code, problem["code"], bool(problem["errors"])) == (422, "invalid_values", True), what
        assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("rule", TAKES_NO_BODY)
def test_a_body_where_none_is_asked_for_is_refused(made: World, rule: str) -> None:
    made.chain.restore(made.before)
    route = next(route for route in WITH_BODY if route[2].endswith(rule))

    assert send(made, route, b'{"nickname": "Hoeve"}').status_code == 422


@pytest.mark.parametrize("route", [route for route in DOORS if "<" in route[2]], ids=" ".join)
def test_an_address_with_strange_characters_leads_nowhere(world: World, route: Route) -> None:
    service, method, rule = route
    body: Any = {"reason": "producer_absent"} if rule.endswith("/fail") else body_of(world, route)
    options = {} if body is None else {"json": body}
    for place in re.findall("<[a-z_:]+>", rule):
        for strange in STRANGE:
            path = filled(rule, {**named(world, route), place: strange})
            response = world.people[service][_who(route)].call(method, path, **options)
            code = (response.json or {})["code"]
            assert (response.status_code, code.startswith("no_such_")) == (404, True), path


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v2/orders", "/v1/orders/", "//v1/orders", "/v1/orders/x/y/z", "/.env"]
)
@pytest.mark.parametrize("service", ["producers", "orders", "logistics"])
def test_an_address_that_does_not_exist_says_where_to_look(world: World, service: str, path: str) -> None:
    refused(world.people[service]["own"].call("GET", path), 404, "no_such_address")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_an_address_does_not_answer_is_refused(world: World, method: str) -> None:
    response = world.people["orders"]["own"].call(method, "/v1/orders")

    refused(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("limit", ["0", "-1", "201", "9999", "1.5", "many", "", "9" * 30])
@pytest.mark.parametrize(("service", "rule"), LISTS)
def test_a_page_of_no_sensible_length_is_refused(world: World, service: str, rule: str, limit: str) -> None:
    who = world.people[service][_who((service, "GET", rule))]

    refused(who.get(rule, limit=limit), 422, "invalid_values", "limit")


@pytest.mark.parametrize("cursor", ["", "\0", "x" * 300])
@pytest.mark.parametrize(("service", "rule"), LISTS)
def test_a_cursor_that_is_no_text_is_refused(world: World, service: str, rule: str, cursor: str) -> None:
    who = world.people[service][_who((service, "GET", rule))]

    refused(who.get(rule, cursor=cursor), 422, "invalid_values", "cursor")


@pytest.mark.parametrize("cursor", ["zzz", "💩", "$ne", "0", "../.."])
@pytest.mark.parametrize(
    ("service", "rule"),
    LISTS,
)
def test_a_cursor_that_no_page_gave_is_refused(world: World, service: str, rule: str, cursor: str) -> None:
    who = world.people[service][_who((service, "GET", rule))]

    refused(who.get(rule, cursor=cursor), 422, "bad_cursor", "cursor")


@pytest.mark.parametrize(("service", "rule"), LISTS)
def test_a_query_parameter_that_is_not_known_is_refused(world: World, service: str, rule: str) -> None:
    who = world.people[service][_who((service, "GET", rule))]
    for name in ("state", "limit[$gt]", "$where", "a" * 5_000):
        refused(who.get(rule, **{name: "1"}), 422, "invalid_values", name[:200])


@pytest.mark.parametrize(("service", "rule"), LISTS)
def test_a_query_that_is_no_text_or_says_a_thing_twice_breaks_nothing(world: World, service: str, rule: str) -> None:
    who = world.people[service][_who((service, "GET", rule))]
    answered = {query: who.call("GET", f"{rule}?{query}").status_code for query in ODD_QUERIES}

    assert answered == ODD_QUERIES


@pytest.mark.parametrize(
    ("service", "path", "field"),
    [
        ("producers", "/v1/lots?status=nope", "status"),
        ("producers", "/v1/reservations?status=nope", "status"),
        ("orders", "/v1/orders?status=nope", "status"),
        ("orders", "/v1/offers?kind=nope", "kind"),
        ("orders", "/v1/offers?unit=kg", "unit"),
        ("orders", "/v1/offers?organic=maybe", "organic"),
        ("orders", "/v1/offers?within_km=0", "within_km"),
        ("orders", "/v1/offers?within_km=nan", "within_km"),
        ("orders", "/v1/offers?max_price_cents=-1", "max_price_cents"),
        ("orders", "/v1/offers?on=2030-02-30", "on"),
        ("orders", "/v1/offers?on=tomorrow", "on"),
        ("orders", "/v1/offers?q=%00", "q"),
        ("orders", f"/v1/offers?q={'x' * 101}", "q"),
        ("logistics", "/v1/jobs?status=nope", "status"),
        ("logistics", "/v1/jobs?escalated=maybe", "escalated"),
        ("logistics", "/v1/board?kind=nope", "kind"),
        ("logistics", "/v1/fail-reasons?kind=nope", "kind"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(world: World, service: str, path: str, field: str) -> None:
    refused(world.people[service]["own"].call("GET", path), 422, "invalid_values", field)
