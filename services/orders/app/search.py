"""Finding offers: by words and properties, nearest first or by name, in pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.orders.app.kinds import OFFER
from services.orders.domain.offer import Offer
from shared import clock
from shared.geo import box, road_metres
from shared.store.aggregate import Ledger
from shared.store.port import Where
from shared.values import Place

# How far is looked at first, in metres by road, and how much farther each time there was too little.
_FIRST_RING = 5_000
_WIDER = 2
_FARTHEST = 640_000
_LAST = "~"  # sorts after every lot id


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An offer, and how far it is by road from where one looks; None where one looks from nowhere."""

    offer: Offer
    metres: int | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is searched for. `words` must each begin a word of the offer; `day` is when it can be collected."""

    words: tuple[str, ...] = ()
    kind: str | None = None
    storage: str | None = None
    unit: str | None = None
    organic: bool | None = None
    most_cents: int | None = None
    day: str | None = None
    sold_out_too: bool = False


def on_offer(now: str) -> dict[str, Any]:
    """Not withdrawn, in stock when last told, not past its best-before day, and still to be collected."""
    return {
        "state.on_offer": True,
        "state.in_stock": True,
        "state.last_day": {"$gte": clock.brussels_day(now)},
        "state.lot.collect.end": {"$gt": now},
    }


def where_of(wanted: Wanted, now: str) -> dict[str, Any]:
    """The store's words for what is wanted."""
    product = "state.lot.product."
    equal = {
        f"{product}kind": wanted.kind,
        f"{product}storage.kind": wanted.storage,
        f"{product}unit": wanted.unit,
        f"{product}organic": wanted.organic,
    }
    where = {**on_offer(now), **{path: value for path, value in equal.items() if value is not None}}
    if wanted.sold_out_too:
        where.pop("state.in_stock")
    if wanted.words:
        where["state.prefixes"] = {"$all": list(wanted.words)}
    if wanted.most_cents is not None:
        where["state.unit_price"] = {"$lte": wanted.most_cents}
    return where | (_on_day(wanted.day, now) if wanted.day else {})


def _on_day(day: str, now: str) -> dict[str, Any]:
    start, end = clock.day_bounds(day)
    return {
        "state.lot.collect.start": {"$lt": end},
        "state.lot.collect.end": {"$gt": max(start, now)},
        "state.last_day": {"$gte": max(day, clock.brussels_day(now))},
    }


def by_name(ledger: Ledger, where: Where, *, after: str = "", limit: int) -> list[Hit]:
    """The first offers by name, after a name key."""
    found = ledger.find(OFFER, {**where, "state.name_key": {"$gt": after}}, sort="state.name_key", limit=limit)
    return [Hit(offer=saved.state) for saved in found]


@dataclass(frozen=True, kw_only=True)
class Around:
    """Where one looks from, how far in metres by road, and after which position the page begins."""

    place: Place
    within: int = _FARTHEST
    after: tuple[int, str] = (-1, "")


def nearest(ledger: Ledger, where: Where, around: Around, limit: int) -> list[Hit]:
    """The nearest offers.

    Looks in rings, each wider than the one before, until there are enough: what is far is not even read.
    """
    hits: list[Hit] = []
    for reach in _rings(around.after[0], around.within):
        inside = ledger.find(OFFER, {**where, **_near(around.place, reach)})
        found = [_from(saved.state, around.place) for saved in inside]
        hits = sorted((hit for hit in found if around.after < position(hit) <= (reach, _LAST)), key=position)
        if len(hits) >= limit:
            break
    return hits[:limit]


def position(hit: Hit) -> tuple[int, str]:
    """Where a hit stands among the nearest: by distance, then by lot."""
    return (hit.metres or 0, hit.offer.lot_id)


def _rings(reached: int, within: int) -> Iterator[int]:
    reach = _FIRST_RING
    while reach < within:
        if reach > reached:
            yield reach
        reach *= _WIDER
    yield within


def _near(place: Place, metres: int) -> Where:
    (south, north), (west, east) = box(place.lat, place.lon, metres)
    return {
        "state.lot.place.lat": {"$gte": south, "$lte": north},
        "state.lot.place.lon": {"$gte": west, "$lte": east},
    }


def _from(offer: Offer, place: Place) -> Hit:
    there = offer.lot.place if offer.lot else place
    return Hit(offer=offer, metres=road_metres(place.lat, place.lon, there.lat, there.lon))
