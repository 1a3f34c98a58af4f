"""Who takes part: farms with lots, shops that order, one enterprise; made through the HTTP APIs."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.hub.demo.client import Client
from deploy.hub.demo.kbo import made_up
from shared import clock

FARMS = 5
SHOPS = 10
LINES = 4
_PLENTY = 900_000_000
_DAY_S = 86_400
_HOUR_S = 3_600
_PATIENCE_S = 30.0
_EVERY_PACKED = 4
_CENTRE = (50.88, 4.70)


@dataclass(frozen=True, kw_only=True)
class Farm:
    """A farm that may list lots of its one product."""

    client: Client
    product_id: str


@dataclass(frozen=True, kw_only=True)
class People:
    """All of them; shops are known by their keys."""

    farms: tuple[Farm, ...]
    shop_keys: tuple[str, ...]
    http: httpx.Client


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A lot on offer, and its one pack."""

    id: str
    pack_id: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An order ready to be sent: whose key, and the body's bytes."""

    key: str
    body: bytes


def gather(http: httpx.Client, operator: str) -> People:
    """Registers everybody, and has the operator approve them."""
    hub = Client(http, operator)
    shops = [_enrol(http, hub, "/orders/v1/buyers", _party(3, n)) for n in range(1, SHOPS + 1)]
    _enrol(http, hub, "/logistics/v1/enterprises", {**_party(2, 1), **_ENTERPRISE})
    farms = [_farm(http, hub, n) for n in range(1, FARMS + 1)]
    return People(farms=tuple(farms), shop_keys=tuple(shops), http=http)


_ENTERPRISE = {
    "skills": ["collect", "pack", "deliver"],
    "area": {"radius_m": 60_000},
    "vehicles": [{"name": "van", "max_kg": 1_200, "crates": 120, "chilled": True}],
}


def _party(group: int, number: int) -> dict[str, Any]:
    place = {
        "street": f"Steenweg {number}",
        "postcode": "3000",
        "town": "Leuven",
        "lat": _CENTRE[0] + 0.01 * number,
        "lon": _CENTRE[1] + 0.01 * group,
    }
    kbo = made_up(group, number)
    return {"kbo": kbo, "name": f"Party {group}-{number}", "email": f"hub{number}@example.be", "place": place}


def _enrol(http: httpx.Client, operator: Client, path: str, body: dict[str, Any]) -> str:
    registered = Client(http).post(path, body)
    operator.post(f"{path}/{registered['id']}/approve")
    return str(registered["key"])


def _farm(http: httpx.Client, operator: Client, number: int) -> Farm:
    client = Client(http, _enrol(http, operator, "/producers/v1/producers", _party(1, number)))
    product = {"name": f"Carrots {number}", "kind": "vegetables", "unit": "g", "storage": {"kind": "ambient"}}
    return Farm(client=client, product_id=client.post("/producers/v1/products", product)["id"])


def list_lots(people: People, count: int) -> tuple[Lot, ...]:
    """So many fresh lots with plenty of stock, spread over the farms."""
    now = clock.now()
    return tuple(_list_lot(people.farms[number % len(people.farms)], now) for number in range(count))


def _list_lot(farm: Farm, now: str) -> Lot:
    body = {
        "product_id": farm.product_id,
        "stock": _PLENTY,
        "packs": [{"label": "1 kg", "size": 1_000, "price_cents": 240, "per_crate": 10}],
        "collect": {"start": _after(now, -_HOUR_S), "end": _after(now, 2 * _DAY_S)},
    }
    made = farm.client.post("/producers/v1/lots", body)
    return Lot(id=made["id"], pack_id=made["packs"][0]["id"])


def await_offers(people: People, lots: Sequence[Lot]) -> None:
    """Returns when shops see all of them. Raises TimeoutError."""
    shop = Client(people.http, people.shop_keys[0])
    deadline = time.monotonic() + _PATIENCE_S
    waiting = [lot.id for lot in lots]
    while waiting:
        if time.monotonic() > deadline:
            message = f"{len(waiting)} lots were listed and never came to be offered."
            raise TimeoutError(message)
        waiting = [each for each in waiting if shop.find(f"/orders/v1/offers/{each}") is None]
        time.sleep(0.1 if waiting else 0)  # between two looks


def write_orders(people: People, lots: Sequence[Lot], count: int) -> list[Asked]:
    """So many orders of four lines each, taken in turn from the lots; every fourth is to be packed."""
    now = clock.now()
    window = {"start": _after(now, _DAY_S), "end": _after(now, _DAY_S + 4 * _HOUR_S)}
    return [_order(people, lots, number, window) for number in range(count)]


def _order(people: People, lots: Sequence[Lot], number: int, window: dict[str, str]) -> Asked:
    chosen = [lots[(number * LINES + line) % len(lots)] for line in range(LINES)]
    body = {
        "place_id": "main",
        "window": window,
        "packed": number % _EVERY_PACKED == 0,
        "lines": [{"lot_id": lot.id, "pack_id": lot.pack_id, "count": 2, "wish": "exact"} for lot in chosen],
    }
    return Asked(key=people.shop_keys[number % len(people.shop_keys)], body=json.dumps(body).encode())


def _after(now: str, seconds: int) -> str:
    return clock.to_brussels(clock.plus(now, seconds=seconds))
