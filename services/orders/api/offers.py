"""What is on offer: search it, look at one lot."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask_smorest import Blueprint

from services.orders.api.offer_schemas import OfferArgs, OffersArgs, OfferSchema
from services.orders.app.buyers import load_buyer, place_of
from services.orders.app.kinds import OFFER
from services.orders.app.search import Around, Hit, Wanted, by_name, nearest, position, where_of
from services.orders.app.views import offer_view
from services.orders.domain.words import words
from shared.errors import InvalidError, NotFoundError
from shared.geo import road_metres
from shared.http.doors import caller, guard
from shared.http.fields import page_schema
from shared.store.aggregate import Ledger
from shared.values import Place

_FAR = re.compile(r"([0-9]{1,7})/([0-9A-Za-z-]{1,64})")
_METRES_PER_KM = 1_000


def offers_blueprint(ledger: Ledger, now: Callable[[], str]) -> Blueprint:
    """Search and show."""
    blueprint = Blueprint("offers", __name__, url_prefix="/v1/offers", description="What producers have on offer.")

    @blueprint.get("")
    @guard("buyer", "operator")
    @blueprint.arguments(OffersArgs, location="query")
    @blueprint.response(200, page_schema(OfferSchema))
    def search(args: dict[str, Any]) -> dict[str, Any]:
        """Offers that match, nearest to your delivery place first; for the operator by name."""
        place = _from_where(ledger, args["of_place"])
        limit = args["limit"]
        hits = _nearest(ledger, args, place, now()) if place else _by_name(ledger, args, now())
        more = _cursor(hits[limit - 1], by_distance=place is not None) if len(hits) > limit else None
        return {"items": [offer_view(hit, hit.offer.lot) for hit in hits[:limit] if hit.offer.lot], "next": more}

    @blueprint.get("/<lot_id>")
    @guard("buyer", "operator")
    @blueprint.arguments(OfferArgs, location="query")
    @blueprint.response(200, OfferSchema)
    def show(args: dict[str, Any], lot_id: str) -> dict[str, Any]:
        """One lot, also when it is no longer on offer."""
        saved = ledger.load(OFFER, lot_id)
        if saved is None or saved.state.lot is None:
            raise NotFoundError("no_such_lot", "There is no such lot on offer: search the offers.")
        place, there = _from_where(ledger, args["of_place"]), saved.state.lot.place
        metres = road_metres(place.lat, place.lon, there.lat, there.lon) if place else None
        return offer_view(Hit(offer=saved.state, metres=metres), saved.state.lot)

    return blueprint


def _from_where(ledger: Ledger, place_id: str | None) -> Place | None:
    """The caller's delivery place; None for the operator, who has none."""
    if not caller().is_operator:
        return place_of(load_buyer(ledger, caller().party_id), place_id, "of_place").place
    if place_id is not None:
        raise InvalidError("no_place", "The operator has no delivery places: leave this out.", field="of_place")
    return None


def _wanted(args: dict[str, Any]) -> Wanted:
    return Wanted(
        words=words(args["q"]),
        kind=args["kind"],
        storage=args["storage"],
        unit=args["unit"],
        organic=args["organic"],
        most_cents=args["max_price_cents"],
        day=args["on"],
        sold_out_too=args["sold_out"],
    )


def _nearest(ledger: Ledger, args: dict[str, Any], place: Place, now: str) -> list[Hit]:
    around = Around(place=place, after=_after(args["cursor"]))
    if args["within_km"] is not None:
        around = replace(around, within=args["within_km"] * _METRES_PER_KM)
    return nearest(ledger, where_of(_wanted(args), now), around, limit=args["limit"] + 1)


def _by_name(ledger: Ledger, args: dict[str, Any], now: str) -> list[Hit]:
    if args["within_km"] is not None:
        raise InvalidError("no_place", "The operator has no delivery places: leave this out.", field="within_km")
    return by_name(ledger, where_of(_wanted(args), now), after=args["cursor"] or "", limit=args["limit"] + 1)


def _cursor(hit: Hit, *, by_distance: bool) -> str:
    metres, lot_id = position(hit)
    return f"{metres}/{lot_id}" if by_distance else hit.offer.name_key


def _after(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return (-1, "")
    found = _FAR.fullmatch(cursor)
    if found is None:
        raise InvalidError("bad_cursor", "This is no cursor: take `next` of the page before.", field="cursor")
    return int(found[1]), found[2]
