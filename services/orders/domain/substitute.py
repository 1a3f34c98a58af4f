"""Which other lot may stand in for one that is not there: near, alike, hardly dearer, and enough of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.orders.domain.line import Attempt, Source, source_of
from shared.events.lots import LotSnapshot
from shared.geo import road_metres
from shared.values import Pack, Place, Window

DEARER_PERCENT = 110
MOST_PACKS = 10_000


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What lots for an order must keep to: near `place`, ready before `window` ends, still good on `day`."""

    place: Place
    window: Window
    day: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """So many packs of another lot."""

    source: Source
    count: int


def choose(wanted: Attempt, candidates: Sequence[LotSnapshot], terms: Terms) -> Choice | None:
    """The nearest lot that will do, in the pack that covers the quantity with the least left over.

    What is left over is never more than one of the packs that were asked. None where no lot will do.
    """
    alike = [lot for lot in candidates if _alike(lot, wanted.source) and _in_time(lot, terms)]
    choices = ((lot, fit) for lot in _nearest(alike, terms.place) if (fit := _best_pack(lot, wanted)) is not None)
    lot, fit = next(choices, (None, None))
    if lot is None or fit is None:
        return None
    pack, count = fit
    return Choice(source=source_of(lot, pack), count=count)


def _alike(lot: LotSnapshot, source: Source) -> bool:
    """The same kind, kept and counted the same way, as organic as asked, and with no allergen that was not there."""
    new, old = lot.product, source.product
    same = (new.kind, new.unit, new.storage.kind) == (old.kind, old.unit, old.storage.kind)
    harmless = set(new.allergens) <= set(old.allergens)
    return same and harmless and lot.lot_id != source.lot_id and (new.organic or not old.organic)


def _in_time(lot: LotSnapshot, terms: Terms) -> bool:
    fresh = lot.best_before is None or lot.best_before >= terms.day
    return fresh and lot.collect.start < terms.window.end


def _nearest(lots: Iterable[LotSnapshot], place: Place) -> list[LotSnapshot]:
    return sorted(lots, key=lambda lot: (road_metres(lot.place.lat, lot.place.lon, place.lat, place.lon), lot.lot_id))


def _best_pack(lot: LotSnapshot, wanted: Attempt) -> tuple[Pack, int] | None:
    quantity = wanted.asked * wanted.source.pack.size
    fits = [(pack, -(-quantity // pack.size)) for pack in lot.packs if not _dearer(pack, wanted.source.pack)]
    fits = [fit for fit in fits if _within(fit, quantity, wanted.source.pack.size, lot.available)]
    return min(fits, key=lambda fit: (fit[0].size * fit[1], fit[0].price_cents * fit[1], fit[0].id), default=None)


def _within(fit: tuple[Pack, int], quantity: int, most_over: int, available: int) -> bool:
    pack, count = fit
    taken = pack.size * count
    return count <= MOST_PACKS and taken <= available and taken - quantity <= most_over


def _dearer(new: Pack, old: Pack) -> bool:
    """More than 110 % of the price for the same quantity; compared without division."""
    return new.price_cents * old.size * 100 > old.price_cents * new.size * DEARER_PERCENT
