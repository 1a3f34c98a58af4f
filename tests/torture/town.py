"""Who takes part in the torture: farms with lots, shops and enterprises, registered before anything is killed."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.hub.demo.client import Client
from deploy.hub.demo.kbo import made_up
from shared import clock
from tests.torture.ledger import Ledger
from tests.torture.talker import Line, Talker

FARMS, SHOPS, ENTERPRISES = 3, 3, 3
_DAY_S, _HOUR_S = 86_400, 3_600
_RECENT = 60
PACK = {"label": "1 kg", "size": 1_000, "price_cents": 240, "per_crate": 10}
_ENTERPRISE = {
    "skills": ["collect", "pack", "deliver"],
    "area": {"radius_m": 60_000},
    "vehicles": [{"name": "van", "max_kg": 1_200, "crates": 120, "chilled": True}],
}


@dataclass(frozen=True, kw_only=True)
class Member:
    """A party with its key; `name` is how timelines call it."""

    id: str
    name: str
    talker: Talker


@dataclass(kw_only=True)
class Town:
    """All of them, and what they tell each other: the lots on offer and the orders of late. Threads may share it.

    `withdraws`: farms also take lots off offer.
    """

    farms: tuple[Member, ...]
    shops: tuple[Member, ...]
    enterprises: tuple[Member, ...]
    operator: Member
    products: Mapping[str, str]
    ledger: Ledger
    run: str
    withdraws: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)
    lots: list[tuple[str, str]] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)

    def offer(self, lot_id: str, pack_id: str) -> None:
        """A lot can be ordered."""
        with self.lock:
            self.lots.append((lot_id, pack_id))

    def take_off(self, lot_id: str) -> None:
        """It cannot any more."""
        with self.lock:
            self.lots = [each for each in self.lots if each[0] != lot_id]

    def on_offer(self) -> list[tuple[str, str]]:
        """Lots with their packs."""
        with self.lock:
            return list(self.lots)

    def placed(self, order_id: str) -> None:
        """There is work, or will be."""
        with self.lock:
            self.recent = [*self.recent, order_id][-_RECENT:]

    def of_late(self) -> list[str]:
        """The orders placed last."""
        with self.lock:
            return list(self.recent)


def settle_in(line: Line, operator_key: str, ledger: Ledger, run: str) -> Town:
    """Registers and approves everybody; the hub must serve undisturbed."""
    operator = Client(line.http, operator_key)
    farms = _members(line, operator, "/producers/v1/producers", [_party(4, n) for n in range(1, FARMS + 1)])
    shops = _members(line, operator, "/orders/v1/buyers", [_party(5, n) for n in range(1, SHOPS + 1)])
    bodies = [{**_party(6, n), **_ENTERPRISE} for n in range(1, ENTERPRISES + 1)]
    enterprises = _members(line, operator, "/logistics/v1/enterprises", bodies)
    return Town(
        farms=farms,
        shops=shops,
        enterprises=enterprises,
        operator=Member(id="operator", name="the hub operator", talker=Talker(line, operator_key)),
        products={farm.id: _product(farm) for farm in farms},
        ledger=ledger,
        run=run,
    )


def _party(group: int, number: int) -> dict[str, Any]:
    place = {
        "street": f"Steenweg {number}",
        "postcode": "3000",
        "town": "Leuven",
        "lat": 50.88 + 0.01 * number,
        "lon": 4.70 + 0.01 * group,
    }
    kbo = made_up(group, number)
    return {"kbo": kbo, "name": f"Party {group}-{number}", "email": f"hub{number}@example.be", "place": place}


def _members(line: Line, operator: Client, path: str, bodies: list[dict[str, Any]]) -> tuple[Member, ...]:
    members = []
    for body in bodies:
        registered = Client(line.http).post(path, body)
        operator.post(f"{path}/{registered['id']}/approve")
        members.append(Member(id=registered["id"], name=body["name"], talker=Talker(line, registered["key"])))
    return tuple(members)


def _product(farm: Member) -> str:
    body = {"name": f"Carrots of {farm.name}", "kind": "vegetables", "unit": "g", "storage": {"kind": "ambient"}}
    return str(farm.talker.post("/producers/v1/products", body).document["id"])


def lot_body(product_id: str, code: str, stock: int) -> dict[str, Any]:
    """A lot that can be collected from an hour ago until the day after tomorrow."""
    now = clock.now()
    window = {"start": _after(now, -_HOUR_S), "end": _after(now, 2 * _DAY_S)}
    return {"product_id": product_id, "stock": stock, "lot_code": code, "packs": [PACK], "collect": window}


def order_body(lines: list[dict[str, Any]], note: str, *, packed: bool) -> dict[str, Any]:
    """An order for tomorrow; the note tells it from all others."""
    now = clock.now()
    window = {"start": _after(now, _DAY_S), "end": _after(now, _DAY_S + 4 * _HOUR_S)}
    return {"place_id": "main", "window": window, "packed": packed, "note": note, "lines": lines}


def _after(now: str, seconds: int) -> str:
    return clock.to_brussels(clock.plus(now, seconds=seconds))
