"""Asks the hub, as its operator, for everything that the account and the checks need."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from deploy.hub.demo.account import Facts
from deploy.hub.demo.client import Client
from deploy.hub.demo.facts import JobFact, LineFact, LotFact, MoveFact, OrderFact
from deploy.hub.demo.working import job_address
from shared import clock

_AT_ONCE = 4
_MOVED = ("done", "failed")

Document = Mapping[str, Any]
T = TypeVar("T")


def gather(operator: Client, tick: Callable[[], None] = lambda: None) -> Facts:
    """All lots, orders and jobs; `tick()` is called for each document that is asked for by itself."""
    lots = tuple(lot_fact(each) for each in operator.all("/producers/v1/lots"))
    orders = tuple(orders_of(operator, [each["id"] for each in operator.all("/orders/v1/orders")], tick))
    return Facts(lots=lots, orders=orders, jobs=tuple(_jobs(operator, orders, tick)))


def orders_of(operator: Client, ids: Iterable[str], tick: Callable[[], None]) -> list[OrderFact]:
    """These orders, in this order."""
    return _each(ids, lambda id_: order_fact(operator.get(f"/orders/v1/orders/{id_}")), tick)


def lots_of(operator: Client) -> tuple[LotFact, ...]:
    """All lots."""
    return tuple(lot_fact(each) for each in operator.all("/producers/v1/lots"))


def lot_fact(lot: Document) -> LotFact:
    """A lot as the producers service shows it."""
    return LotFact(
        id=lot["id"],
        product=lot["product"]["name"],
        producer=lot["producer_name"],
        unit=lot["product"]["unit"],
        status=lot["status"],
        **{part: lot["stock"][part] for part in ("listed", "available", "reserved", "collected", "withdrawn")},
    )


def order_fact(order: Document) -> OrderFact:
    """An order as the orders service shows it."""
    waits, told = order["waits_for"], order["timeline"]
    answered = order["confirmed_at"] or (order["ended_at"] if order["status"] == "refused" else None)
    return OrderFact(
        id=order["id"],
        buyer=order["buyer_name"],
        status=order["status"],
        placed_at=clock.parse(order["placed_at"]),
        answered_at=clock.parse(answered) if answered else None,
        why=f"It waits for: {waits['what']}" if waits else (told[-1]["text"] if told else ""),
        lines=tuple(_line_fact(line) for line in order["lines"]),
    )


def job_fact(job: Document, lines: Mapping[str, LineFact], *, back: bool) -> JobFact:
    """A job as the logistics service shows it; `back`: what it failed to move went back to the stock."""
    handover = job.get("handover")
    moved = {each["line_id"]: each["count"] for each in handover["lines"]} if handover else {}
    holder = job["holder"] or {"id": None, "name": ""}
    return JobFact(
        id=job["id"],
        order_id=job["order_id"],
        kind=job["kind"],
        status=job["status"],
        enterprise_id=holder["id"],
        enterprise=holder["name"],
        pay_cents=job["pay_cents"],
        moves=tuple(_move(each, moved, lines) for each in job.get("lines", ()) if each["there"]),
        short_back=handover["short_stock"] == "back" if handover else back,
    )


def _line_fact(line: Document) -> LineFact:
    return LineFact(
        id=line["id"],
        lot_id=line["lot_id"],
        size=line["pack"]["size"],
        asked=line["asked"],
        confirmed=line["confirmed"],
        collected=line["collected"],
        delivered=line["delivered"],
    )


def _move(line: Document, moved: Mapping[str, int], known: Mapping[str, LineFact]) -> MoveFact:
    there, went = line["count"], moved.get(line["line_id"], 0)
    ordered = known[line["line_id"]]
    return MoveFact(line_id=ordered.id, lot_id=ordered.lot_id, size=ordered.size, moved=went, short=there - went)


def _jobs(operator: Client, orders: Sequence[OrderFact], tick: Callable[[], None]) -> list[JobFact]:
    lines = {order.id: {line.id: line for line in order.lines} for order in orders}
    stock = {each["code"]: each["stock"] for each in operator.get("/logistics/v1/fail-reasons")["items"]}
    briefs = [job for job in operator.all("/logistics/v1/jobs") if job["order_id"] in lines]

    def in_full(brief: Document) -> JobFact:
        full = operator.get(job_address(brief["id"])) if brief["status"] in _MOVED else brief
        return job_fact(full, lines[full["order_id"]], back=stock.get(full.get("outcome") or "") == "back")

    return _each(briefs, in_full, tick)


def _each(things: Iterable[Any], ask: Callable[[Any], T], tick: Callable[[], None]) -> list[T]:
    def asked(thing: Any) -> T:  # noqa: ANN401  # whatever is asked for
        found = ask(thing)
        tick()
        return found

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(asked, things))
