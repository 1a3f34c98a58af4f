"""The farmer's word on what a reservation weighs, where it is billed by weight."""

from dataclasses import replace

from services.producers.domain.lot import Decided, Lot, find, keep, names
from services.producers.domain.reservation import Reservation, may_leave
from services.producers.domain.telling import tell
from shared.errors import ConflictError, InvalidError, NotFoundError
from shared.events.reservations import WeightRecorded

WEIGHT_FACTOR = 4


def weigh(lot: Lot, id_: str, grams: int, now: str) -> Decided:
    """The farmer's word on what a `by_weight` reservation weighs, all its packs together.

    Raises NotFoundError, ConflictError where it is not billed by weight or given back, InvalidError for a weight
    that cannot be meant.
    """
    reservation = find(lot, id_)
    if reservation is None or may_leave(reservation, now):
        raise NotFoundError("no_such_reservation", "This lot has no such reservation, or it is settled.")
    _check_weighable(reservation)
    _check_weight(reservation, grams)
    if reservation.grams == grams:
        return lot, ()
    recorded = WeightRecorded(**names(lot, reservation), grams=grams)
    return tell(lot, keep(lot, replace(reservation, grams=grams)), (recorded,), now)


def _check_weighable(reservation: Reservation) -> None:
    if reservation.over:
        raise ConflictError("reservation_is_closed", "It was delivered or given back: its weight cannot change here.")
    if not reservation.by_weight:
        raise ConflictError("not_by_weight", "This pack is sold by its size: its weight is not billed.")


def _check_weight(reservation: Reservation, grams: int) -> None:
    nominal = (reservation.moved or reservation.count) * reservation.pack_grams
    least, most = max(1, nominal // WEIGHT_FACTOR), nominal * WEIGHT_FACTOR
    if not least <= grams <= most:
        raise InvalidError(
            "implausible_weight",
            f"{grams} g cannot be right for about {nominal} g: give {least} to {most}, in grams.",
            field="grams",
        )
