"""What one order costs, counted exactly: the services' own code on a store and a bus that count, in one process."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

import httpx
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from benchmarks.counting import CountingBroker, CountingStore
from benchmarks.load import ORDERS_PATH
from benchmarks.people import Asked, Lot, await_offers, gather, list_lots, write_orders
from benchmarks.quiet import ALL_SERVICES
from deploy.hub.web import Front
from shared import log
from shared.config import Settings
from shared.hub import DEFAULT_HUB
from shared.ids import digest, new_secret
from shared.wiring import Parts, app_on, worker_on
from shared.worker import Worker

_LOG_LEVEL = "ERROR"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of `orders` orders, placed `at_once` at a time and then worked off until nothing is left to do.

    `post_queries` are what the POSTs alone ask of the database, writes aside. `writes` are by collection.
    """

    orders: int
    at_once: int
    inserts: int
    updates: int
    pulls: int
    messages: int
    worker_queries: int
    post_queries: int
    writes: Mapping[str, int]

    def an_order(self, total: int) -> float:
        """The part of one order."""
        return total / self.orders


def cost(lots: int, orders: int, at_once: int) -> Cost:
    """Counts; the same numbers every time."""
    chain = _Chain(lots)
    asked = write_orders(chain.people, chain.lots, orders)
    before, post_queries = chain.counted(), 0
    for start in range(0, orders, at_once):
        post_queries += chain.post(asked[start : start + at_once])
        chain.work_off()
    after = chain.counted()
    spent = {kind: after[kind] - before[kind] for kind in after}
    return _cost(spent, orders, at_once, post_queries)


def _cost(spent: Mapping[str, Counter[str]], orders: int, at_once: int, post_queries: int) -> Cost:
    writes = spent["inserts"] + spent["updates"] + spent["pulls"]
    return Cost(
        orders=orders,
        at_once=at_once,
        inserts=spent["inserts"].total(),
        updates=spent["updates"].total(),
        pulls=spent["pulls"].total(),
        messages=spent["messages"].total(),
        worker_queries=spent["queries"].total() - post_queries,
        post_queries=post_queries,
        writes=dict(writes.most_common()),
    )


class _Chain:
    """A whole hub in this process, with its people and so many lots on offer."""

    def __init__(self, lots: int) -> None:
        log.configure("benchmark", _LOG_LEVEL)
        self._stores = {service.name: CountingStore() for service in ALL_SERVICES}
        self._broker = CountingBroker()
        self._key = new_secret()
        self._http = httpx.Client(transport=httpx.WSGITransport(app=self._app()), base_url="http://benchmark")
        self._workers = [self._worker(number) for number in range(len(ALL_SERVICES))]
        self.people = gather(self._http, self._key)
        self.lots: Sequence[Lot] = list_lots(self.people, lots)
        self.work_off()
        await_offers(self.people, self.lots)

    def _parts(self, name: str) -> Parts:
        return Parts(store=self._stores[name], hub=DEFAULT_HUB, operator_digest=digest(self._key))

    def _app(self) -> DispatcherMiddleware:
        apps: dict[str, WSGIApplication] = {
            f"/{each.name}": app_on(each, self._parts(each.name), Settings()) for each in ALL_SERVICES
        }
        return DispatcherMiddleware(Front(apps), apps)

    def _worker(self, number: int) -> Worker:
        service = ALL_SERVICES[number]
        subscription = self._broker.subscribe(service.group, service.consumes)
        return worker_on(service, self._parts(service.name), self._broker, subscription, subscription.close)

    def post(self, orders: Sequence[Asked]) -> int:
        """Places them; answers how many queries that took."""
        before = self.counted()["queries"].total()
        for order in orders:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {order.key}"}
            self._http.post(ORDERS_PATH, content=order.body, headers=headers).raise_for_status()
        return self.counted()["queries"].total() - before

    def work_off(self) -> None:
        """Turns the workers until none has anything to do."""
        while sum(worker.turn() for worker in self._workers):
            pass

    def counted(self) -> dict[str, Counter[str]]:
        """So far: documents by collection, messages by topic."""
        stores = self._stores.values()
        return {
            "inserts": sum((each.inserts for each in stores), Counter()),
            "updates": sum((each.updates for each in stores), Counter()),
            "pulls": sum((each.pulls for each in stores), Counter()),
            "queries": sum((each.queries for each in stores), Counter()),
            "messages": Counter(self._broker.messages),
        }
