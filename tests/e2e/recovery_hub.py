"""A whole hub on free ports, with a farmer, a shop and an enterprise, for tests that lose it and get it back."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httpx

from deploy.hub.demo.client import Client
from deploy.hub.demo.handing import hand_over
from deploy.hub.demo.kbo import made_up
from deploy.hub.layout import Layout
from deploy.hub.operator_key import key_file
from deploy.hub.plan import Plan, recall
from shared import clock
from tests.servers import free_ports, wait_until

FARM = {"street": "Kerkstraat 1", "postcode": "3010", "town": "Kessel-Lo", "lat": 50.89, "lon": 4.73}
SHOP = {"street": "Bondgenotenlaan 10", "postcode": "3000", "town": "Leuven", "lat": 50.88, "lon": 4.71}
POTATOES = {"name": "Potatoes", "kind": "potatoes", "unit": "g", "storage": {"kind": "ambient"}}
SACK = {"id": "sack", "label": "sack of 5 kg", "size": 5_000, "price_cents": 600}
WORK = {
    "skills": ["collect", "pack", "deliver"],
    "area": {"radius_m": 50_000},
    "vehicles": [{"name": "van", "max_kg": 800, "crates": 60}],
}


def argv_of(var: Path, *words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("schakel")), "--var", str(var), *words]


def schakel(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    return subprocess.run(argv_of(var, *words), capture_output=True, text=True, check=False, timeout=240)


@contextmanager
def hub_in(var: Path) -> Iterator[Plan]:
    """A hub that serves while the block lasts, on ports that were free."""
    web, database, kafka = free_ports(3)
    ports = ("--port", str(web), "--database-port", str(database), "--kafka-port", str(kafka))
    started = schakel(var, "up", "--detach", *ports)
    assert started.returncode == 0, started.stdout + started.stderr
    try:
        yield recall(Layout(var=var), mongodb_uri=None, bootstrap=None)
    finally:
        assert schakel(var, "stop").returncode == 0


@dataclass(frozen=True, kw_only=True)
class Town:
    """Who uses a hub: the same keys open it again wherever it is restored. `lots` are what is on offer."""

    keys: dict[str, str]
    farmer_id: str
    lots: tuple[str, ...]

    @contextmanager
    def at(self, plan: Plan) -> Iterator["People"]:
        with httpx.Client(base_url=plan.address, timeout=30, trust_env=False) as http:
            operator = key_file(plan.layout).read_text().strip()
            clients = {name: Client(http, key) for name, key in self.keys.items()}
            yield People(town=self, http=http, operator=Client(http, operator), **clients)


@dataclass(frozen=True, kw_only=True)
class People:
    town: Town
    http: httpx.Client
    operator: Client
    farmer: Client
    shop: Client
    enterprise: Client

    def order(self, number: int) -> str:
        """Places an order of one or two sacks of one of the lots; its id."""
        return str(self.shop.post("/orders/v1/orders", order_body(self.town.lots, number))["id"])

    def status(self, order_id: str) -> str:
        return str(self.shop.get(f"/orders/v1/orders/{order_id}")["status"])

    def becomes(self, order_id: str, *statuses: str) -> None:
        wait_until(lambda: self.status(order_id) in statuses, f"order {order_id} is {' or '.join(statuses)}")

    def claim(self, job_id: str) -> None:
        wait_until(
            lambda: self.enterprise.find(f"/logistics/v1/jobs/{job_id}") is not None, f"{job_id} is on the board"
        )
        self.enterprise.post(f"/logistics/v1/jobs/{job_id}/claim")

    def finish(self, job_id: str) -> None:
        """Starts and ends a job that was claimed."""
        path = f"/logistics/v1/jobs/{job_id}"
        wait_until(lambda: bool(self.enterprise.get(path)["ready"]), f"{job_id} is ready")
        started = self.enterprise.post(f"{path}/start")
        self.enterprise.post(f"{path}/done", hand_over(started))

    def jobs_of(self, order_id: str) -> tuple[str, str]:
        return f"{order_id}.collect.{self.town.farmer_id}", f"{order_id}.deliver"


def order_body(lots: tuple[str, ...], number: int) -> dict[str, Any]:
    now = clock.now()
    window = {"start": clock.plus(now, seconds=7_200), "end": clock.plus(now, seconds=36_000)}
    line = {"lot_id": lots[number % len(lots)], "pack_id": "sack", "count": 1 + number % 2}
    return {"place_id": "main", "window": window, "lines": [line]}


def settle_a_town(plan: Plan, lots: int = 4) -> Town:
    """Registers and approves everybody, and lists what is for sale."""
    operator_key = key_file(plan.layout).read_text().strip()
    with httpx.Client(base_url=plan.address, timeout=30, trust_env=False) as http:
        operator = Client(http, operator_key)
        farmer_id, farm_key = _join(http, operator, "/producers/v1/producers", FARM, {})
        _, shop_key = _join(http, operator, "/orders/v1/buyers", SHOP, {})
        _, crew_key = _join(http, operator, "/logistics/v1/enterprises", SHOP, WORK)
        listed = tuple(_list(Client(http, farm_key), number) for number in range(lots))
        shop = Client(http, shop_key)
        wait_until(lambda: all(shop.find(f"/orders/v1/offers/{lot}") for lot in listed), "the shop sees the lots")
    keys = {"farmer": farm_key, "shop": shop_key, "enterprise": crew_key}
    return Town(keys=keys, farmer_id=farmer_id, lots=listed)


def _join(http: httpx.Client, operator: Client, path: str, place: Any, profile: dict[str, Any]) -> tuple[str, str]:
    body = {"kbo": made_up(7, len(path)), "name": f"Test {path[-9:]}", "email": "test@example.org", "place": place}
    party = Client(http).post(path, body | profile)
    operator.post(f"{path}/{party['id']}/approve")
    return party["id"], party["key"]


def _list(farmer: Client, number: int) -> str:
    product = farmer.post("/producers/v1/products", POTATOES | {"name": f"Potatoes {number}"})
    now = clock.now()
    collect = {"start": now, "end": clock.plus(now, seconds=21_600)}
    body = {"product_id": product["id"], "stock": 50_000_000, "packs": [SACK], "collect": collect}
    return str(farmer.post("/producers/v1/lots", body)["id"])


@dataclass(kw_only=True)
class Load:
    """Orders placed one after the other until told to stop. Nothing is tried again: what is refused is noted."""

    people: People
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    slowest: float = 0.0
    stop: Event = field(default_factory=Event)

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.people.town.keys['shop']}"}
        for number in count():
            if self.stop.is_set():
                return
            body, before = order_body(self.people.town.lots, number), time.monotonic()
            answer = self.people.http.post("/orders/v1/orders", json=body, headers=headers)
            self.slowest = max(self.slowest, time.monotonic() - before)
            if answer.status_code == 201:
                self.acknowledged.append(answer.json()["id"])
            else:
                self.refused.append(answer.text)
