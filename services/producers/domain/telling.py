"""What others are told about a lot, and when it is worth telling them again."""

from collections.abc import Sequence
from dataclasses import replace

from services.producers.domain.lot import Decided, Lot
from services.producers.domain.reservation import may_leave
from shared.events.base import Event
from shared.events.lots import LotChanged, LotSnapshot, LotWithdrawn

TELL_TENTHS = 10


def snapshot(lot: Lot) -> LotSnapshot:
    """The lot as others may know it."""
    return LotSnapshot(
        lot_id=lot.id,
        revision=lot.revision,
        producer_id=lot.producer_id,
        producer_name=lot.producer_name,
        product=lot.product,
        lot_code=lot.lot_code,
        harvested_on=lot.harvested_on,
        best_before=lot.best_before,
        packs=lot.packs,
        available=lot.available,
        place=lot.place,
        collect=lot.collect,
    )


def tell(before: Lot, after: Lot, events: Sequence[Event], now: str) -> Decided:
    """Ends a decision: what is over leaves the lot, and others hear of the lot again where it matters to them."""
    if after == before and not events:
        return before, ()
    lot = replace(after, reservations=tuple(each for each in after.reservations if not may_leave(each, now)))
    if lot.status != "withdrawn":
        lot = replace(lot, status="sold_out" if _sold_out(lot, lot.available) else "on_offer")
    if not _matters(before, lot):
        return lot, events
    lot = replace(lot, revision=lot.revision + 1, told=lot.available)
    return lot, (*events, LotChanged(lot_id=lot.id, lot=snapshot(lot)))


def tell_again(lot: Lot) -> Sequence[Event]:
    """What was told of it last: who lost all of it is where the others are, and who has it learns nothing new."""
    withdrawn = lot.status == "withdrawn"
    last = replace(snapshot(lot), available=lot.told, revision=lot.revision - withdrawn)
    changed = LotChanged(lot_id=lot.id, lot=last)
    return (changed, LotWithdrawn(lot_id=lot.id, revision=lot.revision)) if withdrawn else (changed,)


def _matters(before: Lot, after: Lot) -> bool:
    """A withdrawn lot is not told of; stock is when a tenth of all moved, or when it sold out or came back."""
    if after.status == "withdrawn":
        return False
    if _facts(before) != _facts(after) or _sold_out(after, after.told) != _sold_out(after, after.available):
        return True
    return abs(after.available - after.told) * TELL_TENTHS >= after.listed


def _facts(lot: Lot) -> LotSnapshot:
    return replace(snapshot(lot), available=0, revision=0)


def _sold_out(lot: Lot, available: int) -> bool:
    return available < min(pack.size for pack in lot.packs)
