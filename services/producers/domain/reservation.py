"""A reservation: what one attempt of one order line took of a lot, and what became of it.

It keeps facts (who let it go, what each job did with it) and derives its account from them, so that facts may
come in any order, and twice.
"""

from dataclasses import dataclass, field
from typing import Literal

from shared.events.jobs import Stock

ReservationStatus = Literal["open", "collected", "released", "lost", "refused"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one job did: `moved` packs changed hands, and the others are back in stock or gone for good."""

    moved: int
    stock: Stock
    reason: str
    grams: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """One attempt of one line on this lot; `count` packs of `size` base units.

    `outcomes` are by kind of job. `grams` is the weight of all its packs, of a `by_weight` pack, once measured.
    One that is `over` stays until `keep_until`, so that a repeated message finds it. `ended_until` is set when its
    order ended: so long may the news of its jobs be late.
    """

    order_id: str
    line_id: str
    attempt: int
    keep_until: str
    pack_id: str = ""
    label: str = ""
    size: int = 0
    pack_grams: int = 0
    per_crate: int = 1
    by_weight: bool = False
    count: int = 0
    refused: str | None = None
    released: str | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    grams: int | None = None
    ended_until: str | None = None
    over: bool = False

    @property
    def id(self) -> str:
        """Known by what it is of."""
        return reservation_id(self.order_id, self.line_id, self.attempt)

    @property
    def quantity(self) -> int:
        """What was set aside, in base units."""
        return self.count * self.size

    @property
    def status(self) -> ReservationStatus:
        """The furthest that the facts allow."""
        if self.refused:
            return "refused"
        if self.released:
            return "released"
        collect = self.outcomes.get("collect")
        if collect is None:
            return "open"
        if self.moved:
            return "collected"
        return "released" if collect.stock == "back" else "lost"

    @property
    def moved(self) -> int:
        """How many packs left the farm."""
        collect = self.outcomes.get("collect")
        return min(collect.moved, self.count) if collect else 0


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a reservation holds of its lot, in base units: at the farm, taken away, or spoilt at the farm."""

    reserved: int = 0
    collected: int = 0
    lost: int = 0

    @property
    def total(self) -> int:
        """All that is not free."""
        return self.reserved + self.collected + self.lost


def reservation_id(order_id: str, line_id: str, attempt: int) -> str:
    """The same for the same attempt, always."""
    return f"{order_id}.{line_id}.{attempt}"


def held(reservation: Reservation) -> Held:
    """Its account, from its facts alone."""
    if reservation.refused or reservation.released:
        return Held()
    collect = reservation.outcomes.get("collect")
    if collect is None:
        return Held(reserved=reservation.quantity)
    _, back = _after_collection(reservation)
    lost = reservation.count - reservation.moved if collect.stock == "gone" else 0
    return Held(collected=(reservation.moved - back) * reservation.size, lost=lost * reservation.size)


def _after_collection(reservation: Reservation) -> tuple[int, int]:
    """How many packs are still on their way after what packing and delivering did, and how many came back."""
    underway, back = reservation.moved, 0
    for kind in ("pack", "deliver"):
        outcome = reservation.outcomes.get(kind)
        if outcome:
            went_on = min(outcome.moved, underway)
            back += underway - went_on if outcome.stock == "back" else 0
            underway = went_on
    return underway, back


def is_over(reservation: Reservation) -> bool:
    """Whether no fact can change it any more."""
    if reservation.status != "collected":
        return reservation.status != "open"
    underway, _ = _after_collection(reservation)
    return underway == 0 or "deliver" in reservation.outcomes


def may_leave(reservation: Reservation, now: str) -> bool:
    """Whether the lot need not remember it: it is over and no repetition of its request would be taken.

    One that was collected and whose order ended, but of which the last job was never heard, leaves some time later.
    """
    if reservation.over:
        return reservation.keep_until < now
    ended = reservation.ended_until
    return ended is not None and ended < now and reservation.status == "collected"
