"""A small hub's goods and orders, and its events in few words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from services.orders.domain import answers, goods, placing
from services.orders.domain.offer import Offer, on_lot_told
from services.orders.domain.order import DeliveryPlace, Order
from services.orders.domain.placing import AskedLine, Limits, PlaceOrder
from services.orders.domain.stamp import Stamp
from shared.events.base import Event
from shared.events.jobs import Goods, JobCancelled, JobClaimed, JobDone, JobEvent, JobFailed, JobOffered, JobStarted
from shared.events.lots import LotListed, LotSnapshot
from shared.events.reservations import StockCollected, StockRefused, StockReleased, StockReserved, WeightRecorded
from shared.values import Pack, Place, Product, Storage, Window

NOW = "2030-01-01T08:00:00.000Z"
ANSWER_BY = "2030-01-01T09:00:00.000Z"
WINDOW = Window(start="2030-01-03T06:00:00.000Z", end="2030-01-03T10:00:00.000Z")
LIMITS = Limits(
    answer_by=ANSWER_BY,
    latest_start="2030-03-02T08:00:00.000Z",
    latest_end="2030-01-04T06:00:00.000Z",
    delivery_day="2030-01-03",
)
FARM = Place(street="Dorpsstraat 1", postcode="3200", town="Aarschot", lat=50.98, lon=4.83)
SHOP = DeliveryPlace(
    id="shop",
    name="De Hoekwinkel",
    place=Place(street="Markt 2", postcode="3000", town="Leuven", lat=50.88, lon=4.70),
)
CRATE = Pack(id="crate", label="crate 10 kg", size=10_000, price_cents=1_250, grams=10_500, per_crate=1)
BAG = Pack(id="bag", label="bag 1 kg", size=1_000, price_cents=150, grams=1_000, per_crate=10)
CHEESE = Pack(id="wheel", label="wheel", size=4_000, price_cents=6_000, grams=4_000, per_crate=2, by_weight=True)
CARROTS = Product(name="Wortelen", kind="vegetables", unit="g", vat_percent=6, storage=Storage(kind="ambient"))


def a_lot(lot_id: str = "lot-1", **changes: Any) -> LotSnapshot:
    lot = LotSnapshot(
        lot_id=lot_id,
        revision=1,
        producer_id="0200065765",
        producer_name="Hoeve Ter Linde",
        product=CARROTS,
        lot_code="W-1",
        harvested_on="2029-12-31",
        best_before="2030-01-20",
        packs=(CRATE, BAG),
        available=500_000,
        place=FARM,
        collect=Window(start="2030-01-01T06:00:00.000Z", end="2030-01-05T18:00:00.000Z"),
    )
    return replace(lot, **changes)


def on_offer(*lots: LotSnapshot) -> dict[str, Offer]:
    return {lot.lot_id: on_lot_told(None, LotListed(lot_id=lot.lot_id, lot=lot)) for lot in lots}


def asked(lot_id: str = "lot-1", pack_id: str = "crate", count: int = 5, wish: Any = "exact") -> AskedLine:
    return AskedLine(lot_id=lot_id, pack_id=pack_id, count=count, wish=wish)


def a_command(*lines: AskedLine, **changes: Any) -> PlaceOrder:
    command = PlaceOrder(
        order_id="order-1",
        buyer_id="0202239951",
        buyer_name="De Hoekwinkel",
        place=SHOP,
        window=WINDOW,
        packed=False,
        note="",
        lines=lines or (asked(),),
        limits=LIMITS,
    )
    return replace(command, **changes)


def placed(*lines: AskedLine, lots: Sequence[LotSnapshot] = (), **changes: Any) -> Order:
    order, _ = placing.place(a_command(*lines, **changes), on_offer(*(lots or [a_lot()])), NOW)
    return order


def reserved(line_id: str = "1", count: int = 5, lot_id: str = "lot-1", attempt: int = 1) -> StockReserved:
    names = {"order_id": "order-1", "line_id": line_id, "attempt": attempt, "lot_id": lot_id}
    return StockReserved(**names, count=count, quantity=count * 10_000)


def refused(line_id: str = "1", lot_id: str = "lot-1", attempt: int = 1, **changes: Any) -> StockRefused:
    event = StockRefused(
        order_id="order-1", line_id=line_id, attempt=attempt, lot_id=lot_id, reason="sold_out", wish="exact"
    )
    return replace(event, **changes)


def released(line_id: str = "1", lot_id: str = "lot-1", quantity: int = 50_000) -> StockReleased:
    return StockReleased(
        order_id="order-1", line_id=line_id, attempt=1, lot_id=lot_id, quantity=quantity, reason="cancelled"
    )


def left_farm(line_id: str = "1", count: int = 5, grams: int | None = None, lot_id: str = "lot-1") -> StockCollected:
    return StockCollected(order_id="order-1", line_id=line_id, attempt=1, lot_id=lot_id, count=count, grams=grams)


def weighed(grams: int, line_id: str = "1", lot_id: str = "lot-1") -> WeightRecorded:
    return WeightRecorded(order_id="order-1", line_id=line_id, attempt=1, lot_id=lot_id, grams=grams)


def some(count: int = 5, line_id: str = "1", lot_id: str = "lot-1") -> Goods:
    return Goods(line_id=line_id, attempt=1, lot_id=lot_id, count=count)


def job(type_: type[JobEvent], kind: str = "collect", *lines: Goods, **changes: Any) -> Any:
    extra: dict[type[JobEvent], dict[str, Any]] = {
        JobOffered: {"window": WINDOW, "pay_cents": 900},
        JobClaimed: {"enterprise_id": "ent", "enterprise_name": "De Kring"},
        JobStarted: {"enterprise_id": "ent"},
        JobDone: {"enterprise_id": "ent"},
        JobFailed: {"enterprise_id": "ent", "reason": "broken_down", "again": False, "stock": "back"},
        JobCancelled: {"reason": "order_cancelled"},
    }
    job_id = {"collect": "order-1.collect.farm"}.get(kind, f"order-1.{kind}")
    names = {"job_id": job_id, "order_id": "order-1", "kind": kind, "lines": lines or (some(),)}
    return type_(**{**names, **extra.get(type_, {}), **changes})


def at(minutes: int, sequence: int | None = None) -> Stamp:
    hours, rest = divmod(minutes, 60)
    moment = f"2030-01-01T{8 + hours:02}:{rest:02}:00.000Z"
    return Stamp(at=moment, sequence=minutes * 10_000 if sequence is None else sequence)


def tell(order: Order, event: Event, stamp: Stamp) -> tuple[Order, tuple[Event, ...]]:
    """What the worker does with an event that reached it."""
    decide: dict[type[Event], Any] = {
        StockReserved: answers.on_stock_reserved,
        StockRefused: answers.on_stock_refused,
        StockReleased: goods.on_stock_released,
        StockCollected: goods.on_stock_collected,
        WeightRecorded: goods.on_weight_recorded,
    }
    return decide.get(type(event), goods.on_job)(order, event, stamp)  # type: ignore[no-any-return]  # decisions all


def told(order: Order, *events: Event, start: int = 1) -> Order:
    """The order after these events, one a minute."""
    stamped = [(event, at(start + minute)) for minute, event in enumerate(events)]
    return after(order, stamped)[0]


def after(order: Order, stamped: Iterable[tuple[Event, Stamp]]) -> tuple[Order, tuple[Event, ...]]:
    """The order after these events, and what was told on the way."""

    def step(so_far: tuple[Order, tuple[Event, ...]], each: tuple[Event, Stamp]) -> tuple[Order, tuple[Event, ...]]:
        changed, raised = tell(so_far[0], *each)
        return changed, (*so_far[1], *raised)

    return reduce(step, stamped, (order, ()))


COLLECTED = (job(JobOffered), job(JobClaimed), job(JobStarted), job(JobDone))


def whole_way(count: int = 5) -> tuple[Event, ...]:
    """Reserved, collected and delivered, all of one line."""
    deliver = [job(type_, "deliver", some(count)) for type_ in (JobOffered, JobClaimed, JobStarted, JobDone)]
    return (reserved(count=count), *COLLECTED, *deliver)
