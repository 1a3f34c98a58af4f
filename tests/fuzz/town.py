"""A small hub that poison is thrown at: a farm, a shop, an enterprise, work in every state, one partition a topic."""

from dataclasses import replace
from typing import Any

from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.events.base import Event
from shared.events.envelope import seal
from shared.events.jobs import JobOffered
from shared.events.lots import LotWithdrawn
from shared.events.orders import OrderPlaced, WantedLine
from shared.events.reservations import StockReleased
from shared.values import Window
from tests.chain import MONDAY, Chain, Party
from tests.setups import buyer, deliver, do, enterprise, list_lot, place_order, producer

GOOD = "good"


class Town:
    """Everybody and everything, and all documents as they were `before` a test."""

    def __init__(self) -> None:
        self.chain = Chain(broker=MemoryBroker(partitions=1))
        self.farm, self.shop, self.van = producer(self.chain), buyer(self.chain), enterprise(self.chain)
        self.lots = [list_lot(self.farm) for _ in range(2)]
        self.orders = [place_order(self.shop, (self.lots[0], 2), (self.lots[1], 1)) for _ in range(4)]
        deliver(self.van, self.orders[0], self.farm)
        do(self.van, self.job(1), "claim", "start")
        do(self.van, self.job(2), "claim")
        self.before = self.chain.snapshot()

    def move(self, chain: Chain) -> None:
        """The same town, from now on in a hub that has the same documents."""
        self.chain = chain
        self.farm, self.shop, self.van = (replace(each, chain=chain) for each in (self.farm, self.shop, self.van))

    def job(self, order: int) -> str:
        """The collection of one of the orders."""
        return f"{self.orders[order]}.collect.{self.farm.id}"

    def ids(self) -> dict[str, tuple[str, ...]]:
        """Ids that exist, by the name of what has them."""
        jobs = [f"{order}.{rest}" for order in self.orders for rest in (f"collect.{self.farm.id}", "pack", "deliver")]
        return {
            "lot_id": tuple(self.lots),
            "order_id": tuple(self.orders),
            "job_id": tuple(jobs),
            "line_id": ("1", "2"),
            "pack_id": ("kilo",),
            "producer_id": (self.farm.id,),
            "buyer_id": (self.shop.id,),
            "enterprise_id": (self.van.id,),
        }

    def pages(self) -> list[tuple[Party, str]]:
        """All that people look at."""
        mine: list[tuple[Party, list[str]]] = [
            (self.farm, ["/v1/lots", "/v1/products", *(f"/v1/lots/{lot}" for lot in self.lots)]),
            (self.farm, [f"/v1/reservations?status={each}" for each in ("open", "collected", "released", "lost")]),
            (self.shop, ["/v1/offers?sold_out=true", "/v1/orders", *(f"/v1/offers/{lot}" for lot in self.lots)]),
            (self.shop, [f"/v1/orders/{order}" for order in self.orders]),
            (self.van, ["/v1/board", "/v1/jobs", *(f"/v1/jobs/{self.job(number)}" for number in range(4))]),
            (self.van.operator, ["/v1/jobs", *(f"/v1/jobs?order_id={order}" for order in self.orders)]),
        ]
        return [(who, path) for who, those in mine for path in those]

    def broken(self) -> list[str]:
        """Pages that do not answer as they should."""
        return [path for who, path in self.pages() if who.call("GET", path).status_code not in {200, 404}]


def good(town: Town, topic: str) -> Event:
    """An event of this topic that must be heard, whatever lies before it."""
    order = town.orders[3]
    line = WantedLine(line_id="1", attempt=1, lot_id="absent", pack_id="kilo", count=1, wish="exact")
    later = Window(start="2030-01-08T08:00:00.000Z", end="2030-01-08T12:00:00.000Z")
    names: dict[str, Any] = {"order_id": order, "kind": "collect", "lines": ()}
    events: dict[str, Event] = {
        "lots": LotWithdrawn(lot_id=GOOD, revision=1),
        "orders": OrderPlaced(order_id=GOOD, buyer_id="b", answer_by="2030-01-09T00:00:00.000Z", lines=(line,)),
        "reservations": StockReleased(order_id=GOOD, line_id="1", attempt=1, lot_id="l", quantity=1, reason="r"),
        "jobs": JobOffered(**names, job_id=GOOD, window=later, pay_cents=1),
    }
    return events[topic]


def was_heard(town: Town, topic: str) -> bool:
    """Whether `good` had its effect."""
    producers, orders = town.chain.stores["producers"], town.chain.stores["orders"]
    if topic == "jobs":
        jobs = orders.get("orders", [town.orders[3]])[town.orders[3]].state["jobs"]
        return GOOD in [job["id"] for job in jobs]
    places = {"lots": (orders, "offers", GOOD), "orders": (producers, "refusals", f"{GOOD}.1.1")}
    store, collection, id_ = places.get(topic, (producers, "settlements", f"{GOOD}.1.1"))
    return id_ in store.get(collection, [id_])


def parcel(event: Event, event_id: str = "good/good/1/0") -> Parcel:
    """The event as its own service would publish it."""
    sealed = seal(event, event_id=event_id, service=event.service, now=MONDAY, traceparent="")
    return Parcel(topic=sealed.topic, key=sealed.key, value=sealed.body.encode())
