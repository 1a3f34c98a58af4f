"""Finding offers: by words and properties, nearest first, in pages.

What is near is looked up by tiles of the map, in rings each wider than the one before, until there is enough: what
is far is not even read. Words that are rare nearby are then looked up everywhere at once, by an index of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.orders.app.kinds import OFFER
from services.orders.domain.offer import Offer
from services.orders.domain.tiles import tiles_of
from services.orders.domain.words import begin_words, key_of
from shared import clock
from shared.geo import box, road_metres
from shared.store.aggregate import Ledger
from shared.values import Place

FARTHEST = 640_000
_RINGS = (5_000, 10_000, 20_000, 40_000)  # metres by road
_RINGS_BEFORE_WORDS = (10_000, 20_000)
_LAST = "~"  # sorts after every lot id

Conditions = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An offer, and how far it is by road from where one looks."""

    offer: Offer
    metres: int

    @property
    def position(self) -> tuple[int, str]:
        """Where it stands among the nearest: by distance, then by lot."""
        return self.metres, self.offer.lot_id


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an offer must be like; `day` is when it can be collected."""

    kind: str | None = None
    storage: str | None = None
    unit: str | None = None
    organic: bool | None = None
    most_cents: int | None = None
    day: str | None = None
    sold_out_too: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """From where one looks for what.

    Each of `words` must begin a word of the offer; offers up to `within` metres by road are shown, from the one
    after the position `after` on.
    """

    where: Conditions
    place: Place
    words: tuple[str, ...] = ()
    within: int = FARTHEST
    after: tuple[int, str] = (-1, "")


def on_offer(now: str) -> Conditions:
    """Not withdrawn, in stock when last told, not past its best-before day, and still to be collected."""
    return {
        "state.on_offer": True,
        "state.in_stock": True,
        "state.last_day": {"$gte": clock.brussels_day(now)},
        "state.lot.collect.end": {"$gt": now},
    }


def where_of(wanted: Wanted, now: str) -> Conditions:
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
    if wanted.most_cents is not None:
        where["state.unit_price"] = {"$lte": wanted.most_cents}
    return where | (_on_day(wanted.day, now) if wanted.day else {})


def _on_day(day: str, now: str) -> Conditions:
    start, end = clock.day_bounds(day)
    return {
        "state.lot.collect.start": {"$lt": end},
        "state.lot.collect.end": {"$gt": max(start, now)},
        "state.last_day": {"$gte": max(day, clock.brussels_day(now))},
    }


def nearest(ledger: Ledger, look: Look, limit: int) -> list[Hit]:
    """The first so many offers, nearest first."""
    hits: list[Hit] = []
    for reach, narrowed in _rings(look):
        found = [_hit(saved.state, look.place) for saved in ledger.find(OFFER, {**look.where, **narrowed})]
        hits = [hit for hit in found if look.after < hit.position <= (reach, _LAST)]
        hits = sorted((hit for hit in hits if begin_words(look.words, hit.offer.words)), key=lambda hit: hit.position)
        if len(hits) >= limit:
            break
    return hits[:limit]


def _rings(look: Look) -> Iterator[tuple[int, Conditions]]:
    """How far to look, and what narrows it down so far; the last one is all that is asked."""
    key = key_of(look.words)
    for reach in _RINGS if key is None else _RINGS_BEFORE_WORDS:
        if look.after[0] < reach < look.within:
            yield reach, _near(look.place, reach)
    if key is not None:
        yield look.within, {**_boxed(look.place, look.within), "state.prefixes": key}
    elif look.within <= max(_RINGS):
        yield look.within, _near(look.place, look.within)
    else:
        yield look.within, _boxed(look.place, look.within)


def _near(place: Place, metres: int) -> Conditions:
    tiles = tiles_of(*box(place.lat, place.lon, metres))
    return {**_boxed(place, metres), "state.tile": {"$in": list(tiles)}}


def _boxed(place: Place, metres: int) -> Conditions:
    (south, north), (west, east) = box(place.lat, place.lon, metres)
    return {
        "state.lot.place.lat": {"$gte": south, "$lte": north},
        "state.lot.place.lon": {"$gte": west, "$lte": east},
    }


def _hit(offer: Offer, place: Place) -> Hit:
    there = offer.lot.place if offer.lot else place
    return Hit(offer=offer, metres=road_metres(place.lat, place.lon, there.lat, there.lon))
