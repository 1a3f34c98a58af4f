"""What a producer has to hand over, and what became of it: reservations grouped by order and day of collection.

What is open is read from the lots themselves, since no farmer should pick for an order that is cancelled; what is
over is read from the histories.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.producers.app.kinds import LOT, SETTLEMENT
from services.producers.app.reach import narrowed
from services.producers.domain.lot import Lot
from services.producers.domain.reservation import Reservation
from services.producers.domain.settlement import Goods, Settlement
from shared import clock
from shared.errors import InvalidError
from shared.store.aggregate import Ledger
from shared.store.paging import newest
from shared.values import Unit, Window


@dataclass(frozen=True, kw_only=True)
class PickupLine:
    """One reservation: `count` packs in `crates`; `grams` is measured, or expected where nobody measured."""

    reservation_id: str
    order_id: str
    producer_id: str
    lot_id: str
    lot_code: str
    product_name: str
    pack_label: str
    unit: Unit
    count: int
    quantity: int
    crates: int
    grams: int
    measured: bool
    by_weight: bool
    status: str
    collect: Window


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Sums over the lines of a pick-up."""

    lines: int
    packs: int
    crates: int
    grams: int


@dataclass(frozen=True, kw_only=True)
class Pickup:
    """What one order has from one producer on one day, in Brussels."""

    order_id: str
    producer_id: str
    pickup_day: str
    collect: Window
    lines: tuple[PickupLine, ...]
    totals: Totals

    @property
    def key(self) -> str:
        """Its place among the others: by day first."""
        return f"{self.pickup_day}/{self.order_id}/{self.producer_id}"


_KEY = re.compile(r"\d{4}-\d{2}-\d{2}/[^/]+/[^/]+")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which reservations; a piece of the list starts after `cursor`."""

    status: str
    owner: str | None
    producer_id: str | None
    lot_id: str | None
    cursor: str | None
    limit: int


def pickups(ledger: Ledger, wanted: Wanted) -> tuple[Sequence[Pickup], str | None]:
    """A piece of the list, with the cursor of the next."""
    return _open(ledger, wanted) if wanted.status == "open" else _over(ledger, wanted)


def line_of(lot: Lot, reservation: Reservation) -> PickupLine:
    """How a reservation is shown."""
    count = reservation.moved or reservation.count
    return PickupLine(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        producer_id=lot.producer_id,
        lot_id=lot.id,
        lot_code=lot.lot_code,
        product_name=lot.product.name,
        pack_label=reservation.label,
        unit=lot.product.unit,
        count=count,
        quantity=count * reservation.size,
        crates=-(-count // reservation.per_crate),
        grams=reservation.grams or count * reservation.pack_grams,
        measured=reservation.grams is not None,
        by_weight=reservation.by_weight,
        status=reservation.status,
        collect=lot.collect,
    )


def _open(ledger: Ledger, wanted: Wanted) -> tuple[Sequence[Pickup], str | None]:
    where = narrowed(wanted.owner, producer_id=wanted.producer_id)
    where |= {"state.reserved": {"$gt": 0}} | ({"_id": wanted.lot_id} if wanted.lot_id else {})
    lots = [saved.state for saved in ledger.find(LOT, where)]
    lines = [line_of(lot, each) for lot in lots for each in lot.reservations if each.status == "open"]
    groups = sorted(_grouped(lines), key=lambda each: each.key)
    if wanted.cursor is not None and not _KEY.fullmatch(wanted.cursor):
        raise InvalidError("bad_cursor", "This is no cursor: take `next` of the page before.", field="cursor")
    rest = [each for each in groups if wanted.cursor is None or each.key > wanted.cursor]
    piece = rest[: wanted.limit]
    return piece, piece[-1].key if len(rest) > wanted.limit else None


def _over(ledger: Ledger, wanted: Wanted) -> tuple[Sequence[Pickup], str | None]:
    where = narrowed(wanted.owner, producer_id=wanted.producer_id, lot_id=wanted.lot_id, status=wanted.status)
    page = newest(ledger, SETTLEMENT, [where], wanted.cursor, wanted.limit)
    lines = [_line(saved.state, saved.state.goods) for saved in page.items if saved.state.goods]
    return _grouped(lines), page.next


def _line(settlement: Settlement, goods: Goods) -> PickupLine:
    count = settlement.collected or goods.count
    return PickupLine(
        reservation_id=settlement.id,
        order_id=settlement.order_id,
        producer_id=goods.producer_id,
        lot_id=settlement.lot_id,
        lot_code=goods.lot_code,
        product_name=goods.product_name,
        pack_label=goods.label,
        unit=goods.unit,
        count=count,
        quantity=count * goods.quantity // goods.count,
        crates=-(-count // goods.per_crate),
        grams=settlement.grams or count * goods.pack_grams,
        measured=settlement.grams is not None,
        by_weight=goods.by_weight,
        status=settlement.status,
        collect=goods.collect,
    )


def _grouped(lines: Iterable[PickupLine]) -> list[Pickup]:
    groups: dict[tuple[str, str, str], list[PickupLine]] = {}
    for line in lines:
        day = clock.brussels_day(line.collect.start)
        groups.setdefault((day, line.order_id, line.producer_id), []).append(line)
    return [_pickup(*key, tuple(mine)) for key, mine in groups.items()]


def _pickup(day: str, order_id: str, producer_id: str, lines: tuple[PickupLine, ...]) -> Pickup:
    return Pickup(
        order_id=order_id,
        producer_id=producer_id,
        pickup_day=day,
        collect=Window(start=min(each.collect.start for each in lines), end=max(each.collect.end for each in lines)),
        lines=lines,
        totals=Totals(
            lines=len(lines),
            packs=sum(each.count for each in lines),
            crates=sum(each.crates for each in lines),
            grams=sum(each.grams for each in lines),
        ),
    )
