"""Topic `lots`, keyed by lot: what is on offer. Told by producers."""

from dataclasses import dataclass
from typing import ClassVar

from shared.events.base import Event
from shared.values import Pack, Place, Product, Window


@dataclass(frozen=True, kw_only=True)
class LotSnapshot:
    """A lot as others may know it. `revision` only rises: the higher one is the truth.

    `available` (base units) is what was free when it was told; it is told again when it changes by much, so
    the answer to an order is the only word on stock.
    """

    lot_id: str
    revision: int
    producer_id: str
    producer_name: str
    product: Product
    lot_code: str
    harvested_on: str | None
    best_before: str | None
    packs: tuple[Pack, ...]
    available: int
    place: Place
    collect: Window


@dataclass(frozen=True, kw_only=True)
class LotEvent(Event):
    """What all events of a lot share."""

    service: ClassVar[str] = "producers"
    topic: ClassVar[str] = "lots"
    key: ClassVar[str] = "lot_id"

    lot_id: str


@dataclass(frozen=True, kw_only=True)
class LotListed(LotEvent):
    """A farmer put a lot on offer."""

    lot: LotSnapshot


@dataclass(frozen=True, kw_only=True)
class LotChanged(LotEvent):
    """Its price, packs, place, window or stock changed."""

    lot: LotSnapshot


@dataclass(frozen=True, kw_only=True)
class LotWithdrawn(LotEvent):
    """It is no longer on offer; what was reserved stays reserved."""

    revision: int
