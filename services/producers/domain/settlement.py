"""The history of one reservation, for its producer: it outlives the reservation in its lot.

Made of facts, each kept once, so that their order and repetition do not matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shared.errors import NeverError
from shared.events.base import Event
from shared.values import Unit, Window

SettlementStatus = Literal["open", "collected", "released", "lost"]


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What was set aside: of which lot, in which packs, and when it was to be fetched."""

    producer_id: str
    product_name: str
    lot_code: str
    unit: Unit
    label: str
    count: int
    quantity: int
    pack_grams: int
    per_crate: int
    by_weight: bool
    collect: Window


@dataclass(frozen=True, kw_only=True)
class Freed:
    """Base units that went back into stock, by the event that said so."""

    event_id: str
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What became of a reservation. Counts are packs; `grams` is what a by-weight line is billed on.

    `producer_id` and `page_key` are those of its goods, and empty until they are known.
    """

    id: str
    order_id: str
    line_id: str
    attempt: int
    lot_id: str
    producer_id: str = ""
    page_key: str = ""
    status: SettlementStatus = "open"
    goods: Goods | None = None
    collected: int | None = None
    lost: int = 0
    grams: int | None = None
    grams_at: str = ""
    freed: tuple[Freed, ...] = ()


Decided = tuple[Settlement, Sequence[Event]]
Fact = Callable[[Settlement], Settlement]


def add(existing: Settlement | None, blank: Settlement, fact: Fact) -> Decided:
    """The history with one more fact; it starts `blank`, with whichever fact comes first."""
    known = fact(existing or blank)
    return replace(known, status=_status(known)), ()


def set_aside(goods: Goods, at: str) -> Fact:
    """What was set aside, and when. Raises NeverError where it is nothing."""
    if min(goods.count, goods.quantity) < 1:
        raise NeverError("Nothing was set aside: a reservation is of one pack at least.")
    return lambda known: replace(known, goods=goods, producer_id=goods.producer_id, page_key=f"{at}/{known.id}")


def went_back(freed: Freed) -> Fact:
    """Some of it is free again; told once an event."""
    return lambda known: known if freed in known.freed else replace(known, freed=(*known.freed, freed))


def left_the_farm(count: int, grams: int | None, at: str) -> Fact:
    """So many packs were collected. Raises NeverError where it is none."""
    if count < 1:
        raise NeverError("Nothing left the farm: of that no collection tells.")
    return lambda known: weighed(grams, at)(replace(known, collected=count))


def weighed(grams: int | None, at: str) -> Fact:
    """What it weighs; the later word counts."""

    def fact(known: Settlement) -> Settlement:
        if grams is None or at < known.grams_at:
            return known
        return replace(known, grams=grams, grams_at=at)

    return fact


def lost_at_the_farm(count: int) -> Fact:
    """So many packs were gone when they were to be collected."""
    return lambda known: replace(known, lost=count)


def _status(known: Settlement) -> SettlementStatus:
    if known.collected:
        return "collected"
    if known.lost:
        return "lost"
    return "released" if known.freed else "open"
