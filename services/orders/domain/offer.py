"""A lot on offer, as this service copies it from the producers' events.

The copy is two registers that only rise: the newest snapshot, and the revision at which the lot was withdrawn.
So it comes out the same in whatever order the events arrive, and however often.
"""

from dataclasses import dataclass, replace

from services.orders.domain.tiles import tile_of
from services.orders.domain.words import prefixes, words
from shared.errors import NeverError
from shared.events.lots import LotChanged, LotListed, LotSnapshot, LotWithdrawn
from shared.money import share
from shared.values import Pack

NO_DAY = "9999-12-31"  # stands for "keeps", so that one comparison of days serves all lots
_POLE = 90  # degrees
_UNIT_BASE = {"g": 1_000, "ml": 1_000, "piece": 1}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is known of one lot. `lot` is None where only its withdrawal has arrived.

    `on_offer` and the fields after it are for searching: `in_stock` when it was last told that one pack is free,
    `unit_price` the cheapest pack's cents per kilogram, litre or piece, `last_day` the best-before day.
    """

    lot_id: str
    lot: LotSnapshot | None = None
    withdrawn_at_revision: int | None = None
    on_offer: bool = False
    in_stock: bool = False
    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    tile: str = ""
    unit_price: int = 0
    last_day: str = NO_DAY


def on_lot_told(offer: Offer | None, event: LotListed | LotChanged) -> Offer:
    """The newer snapshot wins; an older one, or the same again, changes nothing. Raises NeverError for no real lot."""
    _check(event.lot)
    before = offer or Offer(lot_id=event.lot_id)
    if before.lot is not None and before.lot.revision >= event.lot.revision:
        return before
    return _judged(_described(before, event.lot))


def on_lot_withdrawn(offer: Offer | None, event: LotWithdrawn) -> Offer:
    """Withdrawn for every snapshot up to this revision, also those that arrive later."""
    before = offer or Offer(lot_id=event.lot_id)
    if before.withdrawn_at_revision is not None and before.withdrawn_at_revision >= event.revision:
        return before
    return _judged(replace(before, withdrawn_at_revision=event.revision))


def pack_of(lot: LotSnapshot, pack_id: str) -> Pack | None:
    """The pack of this id, None where the lot is not sold so."""
    return next((pack for pack in lot.packs if pack.id == pack_id), None)


def price_per_unit(pack: Pack, unit: str) -> int:
    """Cents without VAT for one kilogram, litre or piece, rounded half up."""
    return share(pack.price_cents, _UNIT_BASE[unit], pack.size)


def _check(lot: LotSnapshot) -> None:
    """No producer can list this; it could be neither priced nor found."""
    real = abs(lot.place.lat) <= _POLE and abs(lot.place.lon) <= 2 * _POLE
    if not lot.packs or min(pack.size for pack in lot.packs) < 1 or not real:
        message = f"Lot {lot.lot_id[:40]} has no packs, one that holds nothing, or lies nowhere on earth."
        raise NeverError(message)


def _judged(offer: Offer) -> Offer:
    withdrawn = offer.withdrawn_at_revision
    on_offer = offer.lot is not None and (withdrawn is None or withdrawn < offer.lot.revision)
    return replace(offer, on_offer=on_offer)


def _described(offer: Offer, lot: LotSnapshot) -> Offer:
    found = words(lot.product.name, lot.product.kind, lot.producer_name, lot.place.town)
    smallest = min(pack.size for pack in lot.packs)
    return replace(
        offer,
        lot=lot,
        in_stock=lot.available >= smallest,
        words=found,
        prefixes=prefixes(found),
        tile=tile_of(lot.place.lat, lot.place.lon),
        unit_price=min(price_per_unit(pack, lot.product.unit) for pack in lot.packs),
        last_day=lot.best_before or NO_DAY,
    )
