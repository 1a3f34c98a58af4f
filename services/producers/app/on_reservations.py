"""Reactions to this service's own events: the history of each reservation, which its producer reads."""

from collections.abc import Sequence
from typing import Protocol

from services.producers.app.kinds import LOT, SETTLEMENT
from services.producers.app.steps import data_of
from services.producers.domain.lot import Lot, find
from services.producers.domain.reservation import Reservation, reservation_id
from services.producers.domain.settlement import (
    Fact,
    Freed,
    Goods,
    Settlement,
    add,
    left_the_farm,
    set_aside,
    weighed,
    went_back,
)
from shared.consumer import Handler, Message
from shared.events.reservations import (
    StockCollected,
    StockReleased,
    StockReserved,
    WeightRecorded,
)
from shared.store.aggregate import Ledger, Step

RECENT_LOTS = 64


class Attempt(Protocol):
    """What names one attempt of a line, within an order."""

    @property
    def line_id(self) -> str:
        """Of the line."""
        ...

    @property
    def attempt(self) -> int:
        """1, or 2 for a substitute."""
        ...

    @property
    def lot_id(self) -> str:
        """The lot that it draws on."""
        ...


def on_stock_reserved(ledger: Ledger) -> Handler:
    """The history starts, with what the lot says of the goods."""
    recent: dict[str, Lot] = {}

    def handle(message: Message, _now: str) -> Sequence[Step]:
        reserved = data_of(message, StockReserved)
        id_ = reservation_id(reserved.order_id, reserved.line_id, reserved.attempt)
        lot = _lot(ledger, recent, reserved.lot_id, id_)
        if lot is None:
            return ()
        return [history(reserved.order_id, reserved, set_aside(_goods(lot, reserved, find(lot, id_)), message.time))]

    return handle


def _lot(ledger: Ledger, recent: dict[str, Lot], lot_id: str, reservation: str) -> Lot | None:
    """The lot, read again unless it was read since it made this reservation: a busy lot is long, and told of often."""
    known = recent.get(lot_id)
    if known is not None and find(known, reservation) is not None:
        return known
    saved = ledger.load(LOT, lot_id)
    if saved is None:
        return None
    if len(recent) >= RECENT_LOTS:
        recent.clear()
    recent[lot_id] = saved.state
    return saved.state


def on_stock_released(message: Message, _now: str) -> Sequence[Step]:
    """Some or all went back into stock."""
    released = data_of(message, StockReleased)
    freed = Freed(event_id=message.id, quantity=released.quantity, reason=released.reason)
    return [history(released.order_id, released, went_back(freed))]


def on_stock_collected(message: Message, _now: str) -> Sequence[Step]:
    """Some or all left the farm."""
    collected = data_of(message, StockCollected)
    return [history(collected.order_id, collected, left_the_farm(collected.count, collected.grams, message.time))]


def on_weight_recorded(message: Message, _now: str) -> Sequence[Step]:
    """The farmer weighed it."""
    recorded = data_of(message, WeightRecorded)
    return [history(recorded.order_id, recorded, weighed(recorded.grams, message.time))]


def history(order_id: str, of: Attempt, fact: Fact) -> Step:
    """A step that adds a fact to the history of a reservation."""
    id_ = reservation_id(order_id, of.line_id, of.attempt)
    blank = Settlement(id=id_, order_id=order_id, line_id=of.line_id, attempt=of.attempt, lot_id=of.lot_id)
    return Step(kind=SETTLEMENT, id=id_, decide=lambda existing: add(existing, blank, fact))


def _goods(lot: Lot, reserved: StockReserved, known: Reservation | None) -> Goods:
    """A reservation that has already left its lot told its numbers in the event; its label is lost with it."""
    return Goods(
        producer_id=lot.producer_id,
        product_name=lot.product.name,
        lot_code=lot.lot_code,
        unit=lot.product.unit,
        label=known.label if known else "",
        count=reserved.count,
        quantity=reserved.quantity,
        pack_grams=known.pack_grams if known else 0,
        per_crate=known.per_crate if known else 1,
        by_weight=known.by_weight if known else False,
        collect=lot.collect,
    )
