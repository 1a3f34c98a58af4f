"""Goods on the move: stock that went back, packs that left, weights that were measured, and what jobs tell."""

from dataclasses import replace

from services.orders.domain.job import on_job_event
from services.orders.domain.line import Attempt, Released
from services.orders.domain.order import Decided, Order, change_attempt, job_of, with_job
from services.orders.domain.progress import advance
from services.orders.domain.stamp import Stamp
from shared.events.jobs import JobEvent
from shared.events.reservations import StockCollected, StockReleased, WeightRecorded


def on_stock_released(order: Order, event: StockReleased, stamp: Stamp) -> Decided:
    """Remembers that stock went back, for the timeline."""
    released = Released(at=stamp.at, quantity=event.quantity, reason=event.reason)
    order, _ = change_attempt(order, _key(event), lambda each: _released(each, released))
    return order, ()


def on_stock_collected(order: Order, event: StockCollected, stamp: Stamp) -> Decided:
    """Remembers how many packs left the farm, and their weight where somebody measured it."""
    order, _ = change_attempt(order, _key(event), lambda each: _left(_weighed(each, event.grams, stamp), event.count))
    return order, ()


def on_weight_recorded(order: Order, event: WeightRecorded, stamp: Stamp) -> Decided:
    """The later weight is the one that is billed."""
    order, _ = change_attempt(order, _key(event), lambda each: _weighed(each, event.grams, stamp))
    return order, ()


def on_job(order: Order, event: JobEvent, stamp: Stamp) -> Decided:
    """Puts a job's news in its place; the order's status follows as far as the facts allow."""
    before = job_of(order, event.job_id)
    after = on_job_event(before, event, stamp)
    if after is before:
        return order, ()
    return advance(with_job(order, after))


def _key(event: StockReleased | StockCollected | WeightRecorded) -> tuple[str, int, str]:
    return event.line_id, event.attempt, event.lot_id


def _released(attempt: Attempt, released: Released) -> Attempt:
    if released in attempt.released:
        return attempt
    together = sorted((*attempt.released, released), key=lambda each: (each.at, each.reason, each.quantity))
    return replace(attempt, released=tuple(together))


def _left(attempt: Attempt, count: int) -> Attempt:
    return attempt if attempt.left is not None else replace(attempt, left=count)


def _weighed(attempt: Attempt, grams: int | None, stamp: Stamp) -> Attempt:
    if grams is None or (attempt.weighed is not None and attempt.weighed >= stamp):
        return attempt
    return replace(attempt, grams=grams, weighed=stamp)
