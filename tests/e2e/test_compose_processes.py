"""What docker-compose.yml starts is a hub: its processes, run one by one on this machine, bring an order to its end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.hub.demo.client import Client
from deploy.hub.demo.handing import hand_over
from deploy.hub.demo.kbo import made_up
from shared import clock, ids
from shared.bus.brokers import Brokers
from shared.bus.kafka import KafkaPublisher
from shared.bus.port import Parcel
from shared.bus.topics import all_topics, counts
from shared.errors import BusUnavailableError
from tests import compose_file
from tests.compose_hub import OPERATOR_KEY, ComposeHub, running
from tests.servers import wait_until

pytestmark = pytest.mark.servers

NOUNS = {"producers": "producers", "orders": "buyers", "logistics": "enterprises"}
FARM = {"street": "Kerkstraat 1", "postcode": "3010", "town": "Kessel-Lo", "lat": 50.89, "lon": 4.73}
SHOP = {"street": "Bondgenotenlaan 10", "postcode": "3000", "town": "Leuven", "lat": 50.88, "lon": 4.71}
POTATOES = {"name": "Potatoes", "kind": "potatoes", "unit": "g", "storage": {"kind": "ambient"}}
SACK = {"label": "sack of 5 kg", "size": 5_000, "price_cents": 600}
STOCK = 100_000
WORK = {
    "skills": ["collect", "pack", "deliver"],
    "area": {"radius_m": 50_000},
    "vehicles": [{"name": "van", "max_kg": 800, "crates": 60}],
}


@dataclass(frozen=True, kw_only=True)
class People:
    """Those who use the hub, each with a key of its own, and a lot of potatoes."""

    farmer: Client
    farmer_id: str
    shop: Client
    enterprise: Client
    lot_id: str
    pack_id: str

    def order(self, count: int) -> str:
        """A new order of so many sacks, packed by an enterprise; its id."""
        now = clock.now()
        window = {"start": clock.plus(now, seconds=7_200), "end": clock.plus(now, seconds=36_000)}
        line = {"lot_id": self.lot_id, "pack_id": self.pack_id, "count": count}
        body = {"place_id": "main", "window": window, "packed": True, "lines": [line]}
        placed = self.shop.post("/v1/orders", body)
        assert placed["status"] == "placed"
        return str(placed["id"])

    def order_becomes(self, order_id: str, status: str) -> None:
        wait_until(lambda: self.shop.get(f"/v1/orders/{order_id}")["status"] == status, f"the order is {status}")

    def stock(self) -> dict[str, int]:
        found: dict[str, int] = self.farmer.get(f"/v1/lots/{self.lot_id}")["stock"]
        return found


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeHub]:
    env = compose_file.secrets() | {
        "SCHAKEL_OPERATOR_KEY_SHA256": ids.digest(OPERATOR_KEY),
        "SCHAKEL_WEB_WORKERS": "1",
    }
    with running(tmp_path_factory.mktemp("compose"), env) as found:
        yield found


@pytest.fixture(scope="module")
def client(hub: ComposeHub) -> Iterator[Callable[[str, str], Client]]:
    """Makes clients: of a service, with a key."""
    https = {name: httpx.Client(base_url=hub.address(name), timeout=30, trust_env=False) for name in NOUNS}
    yield lambda service, key: Client(https[service], key)
    for each in https.values():
        each.close()


@pytest.fixture(scope="module")
def people(client: Callable[[str, str], Client]) -> People:
    farmer_id, farmer = joined(client, "producers", FARM, {})
    _, shop = joined(client, "orders", SHOP, {})
    _, enterprise = joined(client, "logistics", SHOP, WORK)
    product = farmer.post("/v1/products", POTATOES)
    now = clock.now()
    collect = {"start": now, "end": clock.plus(now, seconds=21_600)}
    lot = farmer.post("/v1/lots", {"product_id": product["id"], "stock": STOCK, "packs": [SACK], "collect": collect})
    wait_until(lambda: found(shop, f"/v1/offers/{lot['id']}") is not None, "the shop sees the lot")
    return People(
        farmer=farmer,
        farmer_id=farmer_id,
        shop=shop,
        enterprise=enterprise,
        lot_id=lot["id"],
        pack_id=lot["packs"][0]["id"],
    )


def joined(
    client: Callable[[str, str], Client], service: str, place: dict[str, Any], profile: dict[str, Any]
) -> tuple[str, Client]:
    """A party that registered and was approved by the operator."""
    noun = NOUNS[service]
    body = {"kbo": made_up(7, len(noun)), "name": f"Test {noun}", "email": "test@example.org", "place": place}
    party = client(service, "").post(f"/v1/{noun}", body | profile)
    assert party["status"] == "waiting"
    client(service, OPERATOR_KEY).post(f"/v1/{noun}/{party['id']}/approve")
    return party["id"], client(service, party["key"])


def found(client: Client, path: str) -> Any:
    return client.find(path)


def do_job(people: People, job_id: str) -> None:
    path = f"/v1/jobs/{job_id}"
    wait_until(lambda: found(people.enterprise, path) is not None, f"{job_id} is on the board")
    assert people.enterprise.post(f"{path}/claim")["status"] == "claimed"
    wait_until(lambda: bool(people.enterprise.get(path)["ready"]), f"{job_id} is ready")
    started = people.enterprise.post(f"{path}/start")
    assert started["status"] == "started"
    assert people.enterprise.post(f"{path}/done", hand_over(started))["status"] == "done"


def test_the_topics_step_made_every_topic_as_it_is_planned(hub: ComposeHub) -> None:
    planned = {spec.name: spec for spec in all_topics(int(hub.environment("topics")["SCHAKEL_TOPIC_PARTITIONS"]))}
    admin = KafkaAdminClient(**hub.brokers("topics").options())
    try:
        described = {one["name"]: len(one["partitions"]) for one in admin.describe_topics(list(planned))}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in planned]
        retention = {name: each["retention.ms"] for name, each in admin.describe_configs(resources)["topic"].items()}
    finally:
        admin.close()

    assert described == {name: spec.partitions for name, spec in planned.items()}
    assert {name: int(each["value"]) for name, each in retention.items()} == {
        name: spec.retention_ms for name, spec in planned.items()
    }


def test_the_topics_step_can_be_repeated(hub: ComposeHub) -> None:
    assert hub.once("topics") == 0


def test_two_workers_of_one_service_share_its_topics(hub: ComposeHub) -> None:
    admin = KafkaAdminClient(**hub.brokers("topics").options())

    def shared_by_two() -> bool:
        group = admin.describe_groups(["schakel-orders"])["schakel-orders"]
        held = [member["member_assignment"] for member in group["members"]]
        return group["group_state"] == "Stable" and len(held) == 2 and all(each["assigned_partitions"] for each in held)

    try:
        wait_until(shared_by_two, "both have partitions")
    finally:
        admin.close()


def test_a_service_cannot_read_anothers_database(hub: ComposeHub) -> None:
    with MongoClient[dict[str, Any]](hub.environment("orders-web")["MONGODB_URI"]) as client:
        assert client["schakel_orders"]["orders"].find_one() is None
        with pytest.raises(OperationFailure, match="not authorized"):
            client["schakel_producers"]["lots"].find_one()


def test_a_service_gets_at_no_others_topics_and_a_stranger_at_none(hub: ComposeHub) -> None:
    orders = hub.brokers("orders-worker")
    for where in (replace(orders, password="a guess"), Brokers(address=orders.address)):
        with pytest.raises(BusUnavailableError, match="does not let us in"):
            counts(replace(where, patience_ms=2_000), ["orders"])

    publisher = KafkaPublisher(orders)
    with pytest.raises(BusUnavailableError, match="does not allow"):
        publisher.publish([Parcel(topic="lots", key="x", value=b"{}")])
    publisher.close()


def test_an_order_goes_through_all_of_it(people: People) -> None:
    before = people.stock()

    order_id = people.order(3)
    people.order_becomes(order_id, "confirmed")
    assert people.stock() == {**before, "available": before["available"] - 15_000, "reserved": 15_000}
    for job in (f"{order_id}.collect.{people.farmer_id}", f"{order_id}.pack", f"{order_id}.deliver"):
        do_job(people, job)
    people.order_becomes(order_id, "delivered")

    order = people.shop.get(f"/v1/orders/{order_id}")
    assert order["totals"]["net_cents"] == 1_800
    assert [line["delivered"] for line in order["lines"]] == [3]
    wait_until(lambda: people.stock()["reserved"] == 0, "the reservation is settled")
    assert people.stock() == {
        **before, "available": before["available"] - 15_000, "reserved": 0, "collected": before["collected"] + 15_000,
    }  # fmt: skip


def test_a_worker_killed_is_missed_by_nobody(hub: ComposeHub, people: People) -> None:
    hub.processes["orders-worker-1"].kill()

    order_id = people.order(1)

    people.order_becomes(order_id, "confirmed")
    assert hub.health("orders-worker", 1) == 1
    assert hub.health("orders-worker", 2) == 0


@pytest.mark.parametrize("name", ["producers-web", "producers-worker"])
def test_what_is_told_to_stop_does_so_cleanly_in_the_time_it_gets(hub: ComposeHub, name: str) -> None:
    process = hub.processes[f"{name}-1"]

    process.terminate()

    assert process.wait(int(hub.services[name]["stop_grace_period"].removesuffix("s"))) == 0
