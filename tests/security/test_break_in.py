"""Somebody tries to get at another party's orders, prices, stock and keys, by every route and id, and gets nothing.

`prey.py` has who is robbed and what of, `attempts.py` what is tried, `raids.py` tries it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.chain import NOUNS, ok
from tests.security.attempts import METHODS, bent, places, plain, served
from tests.security.prey import MARKS, Prey
from tests.security.raids import attempted, lost, raid

pytestmark = pytest.mark.security

SERVICES = tuple(NOUNS)


def test_what_is_a_secret_is_seen_by_whose_it_is(prey: Prey) -> None:
    """Else the marks would be missing because they are nowhere."""
    seen = ""
    for service, victim in prey.victims.items():
        for method, rule in [(method, rule) for name, method, rule in served(prey) if name == service]:
            if method == "GET":
                seen += " ".join(attempted(victim, each, {}).text for each in plain(prey, (service, "GET", rule)))

    assert [mark for mark in MARKS if mark not in seen] == []
    assert all(prey.leaks(service, seen) for service in SERVICES)


def test_every_kind_of_id_in_an_address_has_a_pool(prey: Prey) -> None:
    named = {name for _, _, rule in served(prey) for name in places(rule)}

    assert named - set(prey.pools) == set(), "Say in prey.py which of these the victims have."


@pytest.mark.parametrize("service", SERVICES)
def test_no_key_but_the_victims_own_brings_anything_by_any_route(prey: Prey, service: str) -> None:
    attempts = (each for route in served(prey) if route[0] == service for each in plain(prey, route))

    count, brought = raid(prey, prey.thieves[service], attempts)

    assert count > 500
    assert brought == []
    assert lost(prey) == []


@pytest.mark.parametrize("service", SERVICES)
def test_ids_that_resemble_the_victims_bring_nothing(prey: Prey, service: str) -> None:
    attempts = (each for route in served(prey) if route[0] == service for each in bent(prey, route))

    count, brought = raid(prey, {"a rival": prey.rivals[service]}, attempts)

    assert count > 500
    assert brought == []
    assert lost(prey) == []


@pytest.mark.parametrize("service", SERVICES)
def test_methods_that_a_route_does_not_serve_bring_nothing(prey: Prey, service: str) -> None:
    rules = {rule for name, _, rule in served(prey) if name == service}
    attempts = (each for rule in rules for method in METHODS for each in plain(prey, (service, method, rule)))

    _, brought = raid(prey, {"a rival": prey.rivals[service]}, attempts)

    assert brought == []
    assert lost(prey) == []


def _lists(prey: Prey, service: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every address that takes a query, with what it takes."""
    described = ok(prey.rivals[service].get("/openapi.json"))["paths"]
    found = [(path, verbs.get("get", {}).get("parameters", [])) for path, verbs in described.items()]
    return [
        (path, [each for each in parameters if each["in"] == "query"])
        for path, parameters in found
        if any(each["in"] == "query" for each in parameters)
    ]


def _values(prey: Prey, parameter: Mapping[str, Any]) -> list[str]:
    """All that a query parameter may say, and every id of the victims."""
    schema = parameter["schema"]
    victims = [value for pool in prey.pools.values() for value in pool]
    return [*schema.get("enum", []), "true", "false", "main", "kelder-achter", "200", *victims]


@pytest.mark.parametrize("service", SERVICES)
def test_no_filter_reaches_what_is_somebody_elses(prey: Prey, service: str) -> None:
    count, brought = 0, []
    for path, parameters in _lists(prey, service):
        for where in (path.replace("{lot_id}", lot) for lot in prey.pools["lot_id"]):
            for query in _queries(prey, parameters):
                response = prey.rivals[service].get(where, **query)
                count += 1
                brought += [(where, query, prey.leaks(service, response.text, f"{where} {query}"))]

    assert count > 100
    assert [each for each in brought if each[-1]] == []


def _queries(prey: Prey, parameters: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """Each alone, and with each state that a list can be narrowed to."""
    states = [value for each in parameters if each["name"] == "status" for value in each["schema"].get("enum", [])]
    most = {"limit": "200"} if any(each["name"] == "limit" for each in parameters) else {}
    for parameter in parameters:
        for value in _values(prey, parameter):
            yield {**most, parameter["name"]: value}
            if parameter["name"] not in {"status", "limit"}:
                yield from ({**most, parameter["name"]: value, "status": state} for state in states)


@pytest.mark.parametrize("service", SERVICES)
def test_a_cursor_of_the_victim_and_a_forged_one_show_only_what_is_ones_own(prey: Prey, service: str) -> None:
    lists = [path for path, parameters in _lists(prey, service) if any(each["name"] == "cursor" for each in parameters)]
    pages = [prey.victims[service].get(path, limit=1) for path in lists]
    taken = [response.json["next"] for response in pages if response.json and response.status_code == 200]
    forged = [f"2030-01-07T08:00:00.000Z/{id_}" for pool in prey.pools.values() for id_ in pool]
    forged += ["2099-12-31T23:59:59.999Z/~", "0//", f"0/{prey.things['lot']}", f"2030-01-08/{prey.things['placed']}/1"]
    cursors = [each for each in taken if each] + forged

    brought = [
        (path, cursor, prey.leaks(service, prey.rivals[service].get(path, cursor=cursor, limit=200).text, cursor))
        for path in lists
        for cursor in cursors
    ]

    assert any(taken)
    assert [each for each in brought if each[-1]] == []


def test_the_board_and_the_offers_show_what_they_are_for_and_no_more(prey: Prey) -> None:
    board = prey.rivals["logistics"].get("/v1/board", limit=200)
    offers = prey.rivals["orders"].get("/v1/offers", limit=200)

    assert prey.things["weighed"] in board.text
    assert prey.leaks("logistics", board.text) == []
    assert "Sluimerpeer" in offers.text
    assert prey.leaks("orders", offers.text) == []


def test_a_raid_with_the_victims_own_key_would_be_noticed(prey: Prey) -> None:
    """The alarm works: what the victim may see is found to be a secret."""
    for service in SERVICES:
        routes = sorted((route for route in served(prey) if route[0] == service), key=lambda route: route[1] != "GET")
        attempts = (each for route in routes for each in plain(prey, route))
        _, brought = raid(prey, {"the victim": prey.victims[service]}, attempts)

        assert brought
        assert lost(prey) != []
