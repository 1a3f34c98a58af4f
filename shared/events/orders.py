"""Topic `orders`, keyed by order: what buyers asked and how it ended. Told by orders."""

from dataclasses import dataclass
from typing import ClassVar

from shared.events.base import Event
from shared.values import Instant, Place, Storage, Unit, Window, Wish


@dataclass(frozen=True, kw_only=True)
class WantedLine:
    """Stock that a line asks of one lot. `attempt` is 1, and 2 where a substitute is tried."""

    line_id: str
    attempt: int
    lot_id: str
    pack_id: str
    count: int
    wish: Wish


@dataclass(frozen=True, kw_only=True)
class ConfirmedLine:
    """A line whose stock is set aside, with all that the work on it needs to know.

    `grams` is one pack's weight, `per_crate` how many packs fill a crate, `size` a pack's base units.
    """

    line_id: str
    attempt: int
    lot_id: str
    producer_id: str
    producer_name: str
    pickup: Place
    collect: Window
    product_name: str
    storage: Storage
    pack_id: str
    pack_label: str
    count: int
    size: int
    unit: Unit
    grams: int
    per_crate: int
    by_weight: bool


@dataclass(frozen=True, kw_only=True)
class LineRef:
    """Names one attempt of one line, the lot it draws on and the lot's producer."""

    line_id: str
    attempt: int
    lot_id: str
    producer_id: str


@dataclass(frozen=True, kw_only=True)
class DeliveredLine:
    """What arrived of a line, in packs."""

    line_id: str
    lot_id: str
    count: int


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    """What all events of an order share."""

    service: ClassVar[str] = "orders"
    topic: ClassVar[str] = "orders"
    key: ClassVar[str] = "order_id"

    order_id: str


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """A buyer asked; stock is to be set aside, line by line, until `answer_by`."""

    buyer_id: str
    answer_by: Instant
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, kw_only=True)
class LineSubstituted(OrderEvent):
    """A refused line is tried once more with another lot."""

    buyer_id: str
    answer_by: Instant
    line: WantedLine


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(OrderEvent):
    """Every line is answered and at least one has its stock; `lines` are those that have."""

    buyer_id: str
    buyer_name: str
    place: Place
    window: Window
    packed: bool
    lines: tuple[ConfirmedLine, ...]


@dataclass(frozen=True, kw_only=True)
class OrderRefused(OrderEvent):
    """Nothing could be set aside, or the answer came too late: what is set aside for it is to be given back."""

    reason: str
    lines: tuple[LineRef, ...]


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderEvent):
    """The buyer takes the order back.

    Where it was not `confirmed`, no work exists and its stock is to be given back now. Where it was, the work
    decides line by line: a collect job that has not started is cancelled, and that gives its stock back.
    """

    confirmed: bool
    lines: tuple[LineRef, ...]


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(OrderEvent):
    """Goods arrived, all or in part."""

    lines: tuple[DeliveredLine, ...]


@dataclass(frozen=True, kw_only=True)
class OrderFailed(OrderEvent):
    """It was confirmed, and nothing of it arrived; `lines` names every attempt that it ever made."""

    reason: str
    lines: tuple[LineRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LineReportedShort(OrderEvent):
    """The buyer misses `missing` packs of a delivered line."""

    line_id: str
    lot_id: str
    missing: int
    note: str


@dataclass(frozen=True, kw_only=True)
class ReceiptConfirmed(OrderEvent):
    """The buyer says that what was delivered is there."""
