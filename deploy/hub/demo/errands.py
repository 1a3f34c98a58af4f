"""The small things of a morning: farmers weigh, two enterprises want the same job, shops confirm what came."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from deploy.hub.demo.client import Client
from deploy.hub.demo.handing import scales
from deploy.hub.demo.ordering import Order
from deploy.hub.demo.parties import Shop
from deploy.hub.demo.working import Job, Workforce, claim, give_back, job_address, open_jobs

_ORDERS = "/orders/v1/orders"
_LOTS = "/producers/v1/lots"
_RESERVATIONS = "/producers/v1/reservations"
_ARRIVED = ("delivered", "delivered_in_part")

Tell = Callable[[str], None]


def weigh(farms: Iterable[Client], orders: Collection[str], tick: Callable[[str], None]) -> int:
    """Farmers put on the scales what these orders pay by weight and nobody weighed yet; answers how many lines."""
    return sum(_weigh_farm(client, orders, tick) for client in farms)


def race(force: Workforce, one: str, other: str) -> None:
    """Two enterprises ask for the same job at the same instant: the hub gives it to one of them."""
    job = _open_collection(force)
    if job is None:
        return
    gate = Barrier(2)

    def reach(enterprise_id: str) -> Job | None:
        gate.wait()
        return claim(force, enterprise_id, job["id"])

    with ThreadPoolExecutor(2) as pool:
        got = [each for each in pool.map(reach, (one, other)) if each is not None]
    winners = " and ".join(each["holder"]["name"] for each in got) or "neither"
    force.tell(f"Two enterprises reach for the goods at {job['route'][0]['name']} at once: {winners} has them.")


def change_hands(force: Workforce, one: str, other: str) -> None:
    """An enterprise gives a job back, and another takes it up."""
    job = _open_collection(force)
    if job is None or claim(force, one, job["id"]) is None:
        return
    give_back(force, one, job["id"], "Onze ploeg is vandaag te klein.")
    taken = claim(force, other, job["id"])
    who = taken["holder"]["name"] if taken else "nobody yet"
    force.tell(f"The job at {job['route'][0]['name']} is given back for want of hands; {who} takes it up.")


def confirm_receipts(shops: Mapping[str, Client], orders: Iterable[tuple[Shop, Order]], tell: Tell) -> int:
    """Shops look at what came: one misses a pack and says so, the others confirm; answers how many confirmed."""
    confirmed, missed = 0, False
    for shop, placed in orders:
        order = shops[shop.kbo].get(f"{_ORDERS}/{placed['id']}")
        if order["status"] not in _ARRIVED or order["receipt_at"]:
            continue
        if not missed:
            missed = _report_short(shops[shop.kbo], shop, order, tell)
            continue
        shops[shop.kbo].post(f"{_ORDERS}/{placed['id']}/receipt")
        confirmed += 1
    return confirmed


def _weigh_farm(client: Client, orders: Collection[str], tick: Callable[[str], None]) -> int:
    pickups = [each for each in client.all(_RESERVATIONS, status="open") if each["order_id"] in orders]
    lines = [each for pickup in pickups for each in pickup["lines"] if each["by_weight"] and not each["measured"]]
    for place, each in enumerate(lines):
        grams = scales(each["grams"], place)
        client.post(f"{_LOTS}/{each['lot_id']}/reservations/{each['reservation_id']}/weight", {"grams": grams})
        tick(each["product_name"])
    return len(lines)


def _open_collection(force: Workforce) -> Job | None:
    """A collection that nobody holds: orders hear of that a moment late, so the job itself is asked."""
    jobs: Iterator[Job] = (force.operator.get(job_address(each)) for each in open_jobs(force) if ".collect." in each)
    return next((job for job in jobs if job["status"] == "open"), None)


def _report_short(client: Client, shop: Shop, order: Mapping[str, Any], tell: Tell) -> bool:
    line = next((each for each in order["lines"] if each["delivered"]), None)
    if line is None:
        return False
    body = {"missing": 1, "note": "Een pak ontbrak bij het uitladen."}
    client.post(f"{_ORDERS}/{order['id']}/lines/{line['id']}/short", body)
    tell(f"{shop.name} misses one pack of {line['product']['name']} and says so.")
    return True
