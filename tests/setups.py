"""What tests of the whole chain start from: parties, lots, orders, work.

    chain = Chain()
    farm, shop, van = producer(chain), buyer(chain), enterprise(chain)
    lot = list_lot(farm)
    order = place_order(shop, (lot, 2))
    do(van, f"{order}.collect.{farm.id}", "claim", "start", "done")

They settle the chain: when they return, every event has been handled. Calls of a `Party` do not.
"""

from collections.abc import Mapping
from typing import Any

from deploy.hub.demo.kbo import made_up
from tests.chain import NOUNS, Chain, Party, ok

COLLECT = {"start": "2030-01-08T08:00:00+01:00", "end": "2030-01-08T12:00:00+01:00"}
DELIVER = {"start": "2030-01-09T08:00:00+01:00", "end": "2030-01-09T11:00:00+01:00"}
FARM_PLACE = {"street": "Veldstraat 1", "postcode": "3360", "town": "Bierbeek", "lat": 50.83, "lon": 4.76}
SHOP_PLACE = {"street": "Bondgenotenlaan 12", "postcode": "3000", "town": "Leuven", "lat": 50.8794, "lon": 4.7083}
VAN_PLACE = {"street": "Statiestraat 5", "postcode": "3200", "town": "Aarschot", "lat": 50.9841, "lon": 4.8365}
VAN = {"name": "Bestelwagen", "max_kg": 600, "crates": 60, "chilled": True}
CARROTS = {"name": "Wortelen", "kind": "vegetables", "unit": "g", "vat_percent": 6, "storage": {"kind": "ambient"}}
KILO = {"id": "kilo", "label": "1 kg", "size": 1_000, "price_cents": 180}

_GROUPS = {"producers": 7, "orders": 8, "logistics": 9}


def producer(chain: Chain, *, approved: bool = True, **changes: Any) -> Party:
    """A registered producer."""
    return _register(chain, "producers", {"name": "Hoeve De Wissel", "place": FARM_PLACE, **changes}, approved=approved)


def buyer(chain: Chain, *, approved: bool = True, **changes: Any) -> Party:
    """A registered shop, delivered to at its own address, `main`."""
    body = {"name": "Buurtwinkel Het Pakhuis", "place": SHOP_PLACE, **changes}
    return _register(chain, "orders", body, approved=approved)


def enterprise(chain: Chain, *, approved: bool = True, **changes: Any) -> Party:
    """A registered enterprise that does everything within 40 km."""
    body = {
        "name": "Maatwerk De Kruiwagen",
        "place": VAN_PLACE,
        "skills": ["collect", "pack", "deliver"],
        "area": {"radius_m": 40_000},
        "vehicles": [VAN],
        **changes,
    }
    return _register(chain, "logistics", body, approved=approved)


def list_lot(farm: Party, *, product: Mapping[str, Any] = CARROTS, **changes: Any) -> str:
    """The id of a lot of 20 kg in packs of 1 kg, for 1.80 euros each, unless changed."""
    product_id = changes.pop("product_id", None) or ok(farm.post("/v1/products", product))["id"]
    body = {"product_id": product_id, "stock": 20_000, "packs": [KILO], "collect": COLLECT, **changes}
    lot_id = ok(farm.post("/v1/lots", body))["id"]
    farm.chain.settle()
    return str(lot_id)


def order_body(*lines: tuple[str, int], wish: str = "exact", pack_id: str = "kilo", **changes: Any) -> dict[str, Any]:
    """What a shop asks: so many packs of each lot."""
    asked = [{"lot_id": lot, "pack_id": pack_id, "count": packs, "wish": wish} for lot, packs in lines]
    return {"place_id": "main", "window": DELIVER, "lines": asked, **changes}


def place_order(shop: Party, *lines: tuple[str, int], **changes: Any) -> str:
    """The id of an order that is placed and answered."""
    order_id = ok(shop.post("/v1/orders", order_body(*lines, **changes)))["id"]
    shop.chain.settle()
    return str(order_id)


def order_of(shop: Party, order_id: str) -> Any:
    """The order, as its buyer sees it."""
    return ok(shop.get(f"/v1/orders/{order_id}"))


def stock_of(farm: Party, lot_id: str) -> Any:
    """The lot's stock account."""
    return ok(farm.get(f"/v1/lots/{lot_id}"))["stock"]


def do(van: Party, job_id: str, *steps: str) -> None:
    """Takes a job through `claim`, `start` and `done`, each of which must succeed."""
    for step in steps:
        ok(van.post(f"/v1/jobs/{job_id}/{step}", {"by": "An"} if step == "done" else None))
        van.chain.settle()


def deliver(van: Party, order_id: str, *farms: Party) -> None:
    """All work on an order, from the collections at these farms to the door of the shop."""
    for job_id in (*(f"{order_id}.collect.{farm.id}" for farm in farms), f"{order_id}.deliver"):
        do(van, job_id, "claim", "start", "done")


def kbo(service: str, number: int) -> str:
    """A made-up enterprise number that passes every check."""
    return made_up(_GROUPS[service], number)


def _register(chain: Chain, service: str, body: Mapping[str, Any], *, approved: bool) -> Party:
    number = kbo(service, next(chain.numbers))
    nobody = Party(chain=chain, service=service, id="", key="")
    contact = {"kbo": number, "email": f"info@{number}.example", **body}
    party = Party(
        chain=chain,
        service=service,
        id=number,
        key=ok(nobody.post(f"/v1/{NOUNS[service]}", contact))["key"],
    )
    if approved:
        ok(party.operator.post(f"{party.account}/approve"))
    return party
