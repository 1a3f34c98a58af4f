"""Who gets in where: every route of every service, asked by everybody there is. `doors.py` has the table."""

import pytest
from werkzeug.test import TestResponse

from shared.http.app import routes
from tests.chain import ok, refused
from tests.contract.doors import DOORS, EVERYBODY, IN, NOUNS, ROLES, Answer, Route, expected
from tests.contract.world import World, ask, filled, make_world, named


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


def _outcome(response: TestResponse) -> Answer:
    if response.status_code in {200, 201, 204}:
        return IN
    assert response.mimetype == "application/problem+json", response.text
    code = None if response.status_code == 404 else (response.json or {})["code"]
    return response.status_code, code


every_door = pytest.mark.parametrize("route", DOORS, ids=" ".join)


def test_every_route_has_its_row_and_every_row_its_route(world: World) -> None:
    served = {(service, method, rule) for service, app in world.chain.apps.items() for method, rule, _ in routes(app)}

    assert served - set(DOORS) == set(), "Say in DOORS who gets in there."
    assert set(DOORS) - served == set(), "These rows of DOORS have no route."


@every_door
def test_who_gets_in(world: World, route: Route) -> None:
    who, names = DOORS[route], named(world, route)
    answered = {}
    for role in ROLES:
        world.chain.restore(world.before)
        answered[role] = _outcome(ask(world, route, role, names))

    assert answered == expected(who)


@every_door
def test_who_is_kept_out_changes_nothing_and_reads_nothing_of_others(world: World, route: Route) -> None:
    who, names = DOORS[route], named(world, route)
    for role in set(ROLES) - {"own", "operator"}:
        world.chain.restore(world.before)
        response = ask(world, route, role, names)
        is_in = who == EVERYBODY or role in who.split()

        assert is_in or world.chain.snapshot() == world.before, role
        assert [secret for secret in world.secrets[route[0]] if secret in response.text] == [], role


@pytest.mark.parametrize(
    "route", [route for route, who in DOORS.items() if expected(who)["other"][0] == 404], ids=" ".join
)
def test_what_is_somebody_elses_is_answered_as_if_it_did_not_exist(world: World, route: Route) -> None:
    world.chain.restore(world.before)
    names = named(world, route)
    absent = {place: f"{name[:-1]}x" for place, name in names.items()}

    theirs, none = ask(world, route, "other", names), ask(world, route, "other", absent)

    assert (theirs.status_code, theirs.json) == (none.status_code, none.json)


@pytest.mark.parametrize("route", [route for route in DOORS if route[1] == "GET"], ids=" ".join)
def test_asking_for_the_headers_alone_opens_no_door(world: World, route: Route) -> None:
    service, _, rule = route
    path = filled(rule, named(world, route))
    stranger = world.people[service]["stranger"]

    assert stranger.call("HEAD", path).status_code == stranger.call("GET", path).status_code


@pytest.mark.parametrize(
    ("service", "list_", "mark"),
    [
        ("producers", "/v1/products", "product"),
        ("producers", "/v1/lots", "lot"),
        ("producers", "/v1/reservations", "reservation"),
        ("orders", "/v1/orders", "placed"),
        ("logistics", "/v1/jobs", "claimed"),
    ],
)
def test_a_list_shows_a_party_its_own_and_the_operator_everybodys(
    world: World, service: str, list_: str, mark: str
) -> None:
    world.chain.restore(world.before)
    shown = {role: world.people[service][role].get(list_) for role in ("own", "operator", "other")}

    assert {role: world.things[mark] in response.text for role, response in shown.items()} == {
        "own": True,
        "operator": True,
        "other": False,
    }
    assert ok(shown["other"])["items"] == []


@pytest.mark.parametrize("service", NOUNS)
@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Basic {key}",
        "{key}",
        "Bearer {key}x",
        "Bearer {other}",
        "Bearer ___",
        "Bearer \u00e9_a_b_c",
    ],
)
def test_a_header_that_holds_no_key_of_this_service_opens_nothing(world: World, service: str, header: str) -> None:
    own = world.people[service]["own"]
    role, party, key_id, secret = own.key.split("_", 3)
    other = f"{role}_{world.people[service]['other'].id}_{key_id}_{secret}"
    sent = header.format(key=own.key, other=other, party=party)

    response = own.call("GET", own.account, headers={"Authorization": sent})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("service", NOUNS)
def test_a_party_that_is_approved_again_gets_in_with_its_old_key(world: World, service: str) -> None:
    world.chain.restore(world.before)
    suspended = world.people[service]["suspended"]

    before = suspended.get(suspended.account).status_code
    ok(suspended.operator.post(f"{suspended.account}/approve"))

    assert (before, suspended.get(suspended.account).status_code) == (403, 200)


@pytest.mark.parametrize("member", ["status", "kbo", "id", "keys", "role", "registered_at"])
@pytest.mark.parametrize("service", NOUNS)
def test_a_party_that_waits_cannot_make_itself_another(world: World, service: str, member: str) -> None:
    world.chain.restore(world.before)
    waiting = world.people[service]["waiting"]

    refused(waiting.patch(waiting.account, {member: "approved"}), 422, "invalid_values", member)
    assert world.chain.snapshot() == world.before


@pytest.mark.parametrize("service", NOUNS)
def test_the_key_of_another_is_not_revoked_by_way_of_ones_own_address(world: World, service: str) -> None:
    world.chain.restore(world.before)
    own, other = world.people[service]["own"], world.people[service]["other"]
    key_id = own.key.split("_")[2]

    refused(other.call("DELETE", f"{other.account}/keys/{key_id}"), 404, "no_such_key")
    refused(other.call("DELETE", f"{own.account}/keys/{key_id}"), 404, "no_such_party")
    assert world.chain.snapshot() == world.before
