"""Who tries keys, registers or asks too often is told to wait; nobody else is kept out by it."""

import threading
from itertools import count
from typing import Any

import pytest

from shared import clock
from shared.config import DEFAULT_LIMITS, Settings, read_settings
from shared.errors import SettingsError
from shared.http.limits import MOST_KEYS, Limits, Meter, network
from tests.chain import NOUNS, Chain, Party, ok, refused
from tests.setups import SHOP_PLACE, buyer, kbo, producer

NUMBERS = count(500)


def limited(*, proxies: int = 0, **limits: int) -> Chain:
    return Chain(settings=Settings(limits=Limits(**limits), trusted_proxies=proxies))


def from_address(address: str, **headers: str) -> dict[str, Any]:
    return {"environ_overrides": {"REMOTE_ADDR": address}, "headers": headers}


def wrong(party: Party) -> Party:
    return Party(chain=party.chain, service=party.service, id=party.id, key=party.key[:-6] + "AAAAAA")


def register(chain: Chain, **options: Any) -> int:
    body = {"kbo": kbo("orders", next(NUMBERS)), "name": "Nieuw", "email": "nieuw@example.org", "place": SHOP_PLACE}
    nobody = Party(chain=chain, service="orders", id="", key="")
    return nobody.call("POST", "/v1/buyers", json=body, **options).status_code


def test_keys_that_open_nothing_are_refused_after_some_and_one_that_works_is_not() -> None:
    chain = limited(failed_keys_a_minute=3)
    shop = buyer(chain)
    guesses = [wrong(shop).get("/v1/orders").status_code for _ in range(3)]

    fourth = wrong(shop).get("/v1/orders")

    assert guesses == [401, 401, 401]
    refused(fourth, 429, "too_many_requests")
    assert shop.get("/v1/orders").status_code == 200
    assert wrong(shop).call("GET", "/v1/orders", **from_address("192.0.2.9")).status_code == 401


def test_after_the_time_that_was_told_there_is_room_again() -> None:
    chain = limited(failed_keys_a_minute=3)
    shop = buyer(chain)
    answers = [wrong(shop).get("/v1/orders") for _ in range(4)]
    wait = int(answers[-1].headers["Retry-After"])

    chain.now = clock.plus(chain.now, seconds=wait)

    assert 1 <= wait <= 20
    assert wrong(shop).get("/v1/orders").status_code == 401
    assert wrong(shop).get("/v1/orders").status_code == 429


def test_sending_no_key_at_all_is_no_guess() -> None:
    chain = limited(failed_keys_a_minute=1)
    nobody = Party(chain=chain, service="orders", id="", key="")

    assert [nobody.get("/v1/orders").status_code for _ in range(5)] == [401] * 5


def test_an_address_registers_so_many_parties_an_hour() -> None:
    chain = limited(registrations_an_hour=3)
    statuses = [register(chain) for _ in range(4)]
    elsewhere = register(chain, **from_address("192.0.2.9"))
    chain.now = clock.plus(chain.now, seconds=1_200)

    assert statuses == [201, 201, 201, 429]
    assert elsewhere == 201
    assert [register(chain), register(chain)] == [201, 429]


def test_asking_which_numbers_are_registered_counts_as_registering() -> None:
    chain = limited(registrations_an_hour=2)
    nobody = Party(chain=chain, service="orders", id="", key="")
    statuses = [nobody.post("/v1/buyers", {"kbo": "0403170701"}).status_code for _ in range(3)]

    assert statuses == [422, 422, 429]


def test_a_party_asks_so_much_whatever_keys_it_uses_and_the_operator_as_much_as_it_wants() -> None:
    chain = limited(requests_a_minute=5)
    shop, other = buyer(chain), buyer(chain)
    second = ok(shop.post(f"{shop.account}/keys"))["key"]
    same = Party(chain=chain, service="orders", id=shop.id, key=second)

    statuses = [party.get("/v1/orders").status_code for party in (shop, same, shop, same, shop)]

    assert statuses == [200, 200, 200, 200, 429]
    assert other.get("/v1/orders").status_code == 200
    assert {shop.operator.get("/v1/orders").status_code for _ in range(20)} == {200}


def test_what_a_client_says_of_its_address_is_not_believed() -> None:
    chain = limited(registrations_an_hour=1)

    assert register(chain) == 201
    assert register(chain, headers={"X-Forwarded-For": "192.0.2.1"}) == 429


def test_of_a_trusted_proxy_the_address_that_it_added_itself_counts() -> None:
    chain = limited(proxies=1, registrations_an_hour=1)

    assert register(chain, headers={"X-Forwarded-For": "192.0.2.1"}) == 201
    assert register(chain, headers={"X-Forwarded-For": "192.0.2.2"}) == 201
    assert register(chain, headers={"X-Forwarded-For": "198.51.100.7, 192.0.2.2"}) == 429


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:0db8:0001:0002::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_network_of_one_household_is_one_address(address: str, expected: str) -> None:
    assert network(address) == expected


def test_a_meter_never_lets_through_more_than_its_pace_and_one_burst() -> None:
    seconds = [0.0]
    meter = Meter(10, 60, lambda: seconds[0])
    passed = []
    for step in range(600):
        seconds[0] = step * 0.5
        passed += [seconds[0]] if meter.take("a") == 0 else []

    assert len([at for at in passed if at < 60]) <= 20
    assert len(passed) == 10 + 300 * 10 // 60


def test_a_meter_keeps_so_many_keys_and_no_more() -> None:
    meter = Meter(1, 60, lambda: 0.0)
    for number in range(MOST_KEYS + 50):
        meter.take(str(number))

    assert len(meter) == MOST_KEYS


def test_a_meter_of_nothing_counts_nothing() -> None:
    meter = Meter(0, 60, lambda: 0.0)

    assert [meter.take("a") for _ in range(100)] == [0] * 100
    assert len(meter) == 0


def test_threads_at_once_get_no_more_than_one_would() -> None:
    meter = Meter(100, 3_600, lambda: 0.0)
    passed: list[int] = []

    def many() -> None:
        passed.extend(number for number in range(100) if meter.take("a") == 0)

    threads = [threading.Thread(target=many) for _ in range(8)]  # noqa: TID251  # many at once is the point
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 100


def test_the_usual_limits_hold_where_nothing_is_said_and_bear_a_hub_that_starts_with_all_its_parties() -> None:
    meter = Meter(DEFAULT_LIMITS.registrations_an_hour, 3_600, lambda: 0.0)

    assert read_settings({}).limits == Settings().limits == DEFAULT_LIMITS
    assert all(value > 0 for value in vars(DEFAULT_LIMITS).values())
    assert [meter.take("127.0.0.1") for _ in range(100)] == [0] * 100


def test_limits_are_set_in_the_environment_and_0_is_none() -> None:
    env = {
        "SCHAKEL_FAILED_KEYS_A_MINUTE": "0",
        "SCHAKEL_REGISTRATIONS_AN_HOUR": "7",
        "SCHAKEL_REQUESTS_A_MINUTE": "",
        "SCHAKEL_TRUSTED_PROXIES": "2",
    }
    settings = read_settings(env)

    usual = DEFAULT_LIMITS.requests_a_minute
    assert settings.limits == Limits(failed_keys_a_minute=0, registrations_an_hour=7, requests_a_minute=usual)
    assert settings.trusted_proxies == 2


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "٣"])
def test_a_limit_that_is_no_number_is_told_at_the_start(value: str) -> None:
    with pytest.raises(SettingsError, match="SCHAKEL_TRUSTED_PROXIES"):
        read_settings({"SCHAKEL_TRUSTED_PROXIES": value})


@pytest.mark.parametrize("service", NOUNS)
def test_every_route_that_counts_says_so_in_its_description(service: str) -> None:
    farm = Party(chain=Chain(), service=service, id="", key="")
    described = ok(farm.get("/openapi.json"))
    answers = [
        verb["responses"] for verbs in described["paths"].values() for verb in verbs.values() if "responses" in verb
    ]

    assert answers
    assert {each["429"]["$ref"] for each in answers} == {"#/components/responses/TOO_MANY_REQUESTS"}
    assert "Retry-After" in described["components"]["responses"]["TOO_MANY_REQUESTS"]["headers"]


def test_a_limit_of_one_service_is_not_anothers() -> None:
    chain = limited(requests_a_minute=3)
    farm, shop = producer(chain), buyer(chain)

    assert [farm.get("/v1/lots").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert shop.get("/v1/orders").status_code == 200
