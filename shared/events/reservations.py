"""Topic `reservations`, keyed by order: what became of the stock a line asked. Told by producers."""

from dataclasses import dataclass
from typing import ClassVar

from shared.events.base import Event
from shared.values import Wish


@dataclass(frozen=True, kw_only=True)
class ReservationEvent(Event):
    """What all events of a reservation share: one attempt of one order line on one lot."""

    service: ClassVar[str] = "producers"
    topic: ClassVar[str] = "reservations"
    key: ClassVar[str] = "order_id"

    order_id: str
    line_id: str
    attempt: int
    lot_id: str


@dataclass(frozen=True, kw_only=True)
class StockReserved(ReservationEvent):
    """`count` packs, `quantity` base units, are set aside; `count` may be less than asked where less is fine."""

    count: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class StockRefused(ReservationEvent):
    """Nothing is set aside. `reason`: sold_out, withdrawn, no_such_lot, no_such_pack or too_late."""

    reason: str
    wish: Wish


@dataclass(frozen=True, kw_only=True)
class StockReleased(ReservationEvent):
    """`quantity` base units are free again."""

    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockCollected(ReservationEvent):
    """`count` packs left the farm; `grams` is their measured weight where they are billed by weight."""

    count: int
    grams: int | None


@dataclass(frozen=True, kw_only=True)
class WeightRecorded(ReservationEvent):
    """The farmer weighed a `by_weight` line: its bill follows `grams`."""

    grams: int
