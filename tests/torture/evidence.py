"""Everything that the hub tells at the end, as its operator sees it."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.hub.demo.account import Facts
from deploy.hub.demo.client import Client, segment
from deploy.hub.demo.facts import JobFact, OrderFact
from deploy.hub.demo.gather import job_fact, lot_fact, order_fact

_AT_ONCE = 6

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All lots, orders and jobs as documents, by id; `stock_back` are the reasons to fail that give stock back."""

    lots: Mapping[str, Document]
    orders: Mapping[str, Document]
    jobs: Mapping[str, Document]
    stock_back: frozenset[str]

    def facts(self) -> Facts:
        """As the demo's checks of the invariants want them."""
        orders = tuple(order_fact(each) for each in self.orders.values())
        known = {order.id: order for order in orders}
        return Facts(
            lots=tuple(lot_fact(each) for each in self.lots.values()),
            orders=orders,
            jobs=tuple(self._job_fact(each, known[each["order_id"]]) for each in self.jobs.values()),
        )

    def _job_fact(self, job: Document, order: OrderFact) -> JobFact:
        lines = {line.id: line for line in order.lines}
        return job_fact(job, lines, back=(job["outcome"] or "") in self.stock_back)


def collect(operator: Client) -> Evidence:
    """Asks for each document by itself: lists do not show everything."""
    reasons = operator.get("/logistics/v1/fail-reasons")["items"]
    return Evidence(
        lots={each["id"]: each for each in operator.all("/producers/v1/lots")},
        orders=_each(operator, "/orders/v1/orders"),
        jobs=_each(operator, "/logistics/v1/jobs"),
        stock_back=frozenset(each["code"] for each in reasons if each["stock"] == "back"),
    )


def _each(operator: Client, path: str) -> dict[str, Document]:
    ids = [each["id"] for each in operator.all(path)]
    return dict(zip(ids, _asked(ids, lambda id_: operator.get(f"{path}/{segment(id_)}")), strict=True))


def _asked(ids: Iterable[str], ask: Callable[[str], Document]) -> list[Document]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(ask, ids))
