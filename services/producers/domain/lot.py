"""A lot: one traceable quantity, and its stock account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from services.producers.domain.reservation import Held, Reservation, held, is_over
from shared.errors import NeverError
from shared.events.base import Event
from shared.values import Pack, Place, Product, Window

LotStatus = Literal["on_offer", "sold_out", "withdrawn"]
Decided = tuple["Lot", Sequence[Event]]
LOT_STATUSES: tuple[LotStatus, ...] = ("on_offer", "sold_out", "withdrawn")


class Names(TypedDict):
    """The members that events of reservations share."""

    order_id: str
    line_id: str
    attempt: int
    lot_id: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where a lot's base units are: listed = available + reserved + collected + withdrawn, none negative."""

    listed: int
    available: int
    reserved: int
    collected: int
    withdrawn: int


@dataclass(frozen=True, kw_only=True)
class Lot:
    """What is in stock is `listed` less what reservations hold (`reserved`, `collected`, `lost`).

    What is free follows from these, so no path can unbalance the account: of a lot on offer it is available, of a
    withdrawn one it is withdrawn. `told` is the available stock that others last heard of, `sizes` those of every
    pack that it ever had, `product` a copy of the producer's, of its `product_version`, `fingerprint` that of the
    request that listed it.
    """

    id: str
    producer_id: str
    producer_name: str
    product_id: str
    product: Product
    lot_code: str
    harvested_on: str | None
    best_before: str | None
    packs: tuple[Pack, ...]
    place: Place
    collect: Window
    listed: int
    created_at: str
    page_key: str
    told: int
    sizes: dict[str, int]
    product_version: int = 1
    reserved: int = 0
    collected: int = 0
    lost: int = 0
    status: LotStatus = "on_offer"
    revision: int = 1
    reservations: tuple[Reservation, ...] = ()
    fingerprint: str = ""

    def __post_init__(self) -> None:
        """No lot whose account does not balance can exist, let alone be stored."""
        if min(self.reserved, self.collected, self.lost, self.free) < 0:
            message = f"The account of lot {self.id} does not balance."
            raise NeverError(message)

    @property
    def free(self) -> int:
        """Base units that no reservation holds."""
        return self.listed - self.reserved - self.collected - self.lost

    @property
    def available(self) -> int:
        """Base units that an order may have."""
        return 0 if self.status == "withdrawn" else self.free


def account(lot: Lot) -> Account:
    """The lot's stock account."""
    return Account(
        listed=lot.listed,
        available=lot.available,
        reserved=lot.reserved,
        collected=lot.collected,
        withdrawn=lot.lost + lot.free - lot.available,
    )


def find(lot: Lot, reservation_id: str) -> Reservation | None:
    """The lot's reservation of this id."""
    likely = (each for each in lot.reservations if reservation_id.startswith(each.order_id))
    return next((each for each in likely if each.id == reservation_id), None)


def keep(lot: Lot, reservation: Reservation) -> Lot:
    """The lot with this reservation, in place of what it knew of it; the only way that stock is moved."""
    old = find(lot, reservation.id)
    new = replace(reservation, over=is_over(reservation))
    before, after = held(old) if old else Held(), held(new)
    kept = tuple(new if each is old else each for each in lot.reservations)
    return replace(
        lot,
        reservations=kept if old else (*kept, new),
        reserved=lot.reserved + after.reserved - before.reserved,
        collected=lot.collected + after.collected - before.collected,
        lost=lot.lost + after.lost - before.lost,
    )


def names(lot: Lot, reservation: Reservation) -> Names:
    """What every event about the reservation says first."""
    return {
        "order_id": reservation.order_id,
        "line_id": reservation.line_id,
        "attempt": reservation.attempt,
        "lot_id": lot.id,
    }
