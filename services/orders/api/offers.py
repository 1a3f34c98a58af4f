"""What is on offer: search it, look at one lot."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from services.orders.api.offer_schemas import OfferArgs, OffersArgs, OfferSchema
from services.orders.app.buyers import buyer_of, place_of
from services.orders.app.kinds import OFFER
from services.orders.app.search import FARTHEST, Hit, Look, Wanted, nearest, where_of
from services.orders.app.views import offer_view
from services.orders.domain.words import words
from shared.errors import InvalidError, NotFoundError
from shared.geo import road_metres
from shared.http.doors import caller, guard
from shared.http.fields import page_schema
from shared.store.aggregate import Ledger
from shared.values import Place

_POSITION = re.compile(r"([0-9]{1,7})/([0-9A-Za-z-]{1,64})")
_METRES_PER_KM = 1_000


@dataclass(frozen=True, kw_only=True)
class Market:
    """What showing offers needs; the operator looks from the `depot`."""

    ledger: Ledger
    now: Callable[[], str]
    depot: Place


def offers_blueprint(market: Market) -> Blueprint:
    """Search and show."""
    blueprint = Blueprint("offers", __name__, url_prefix="/v1/offers", description="What producers have on offer.")

    @blueprint.get("")
    @guard("buyer", "operator")
    @blueprint.arguments(OffersArgs, location="query")
    @blueprint.response(200, page_schema(OfferSchema))
    def search(args: dict[str, Any]) -> dict[str, Any]:
        """Offers that match, nearest to your delivery place first; for the operator nearest to the depot."""
        limit = args["limit"]
        hits = nearest(market.ledger, _look(market, args), limit + 1)
        more = "{}/{}".format(*hits[limit - 1].position) if len(hits) > limit else None
        return {"items": [offer_view(hit, hit.offer.lot) for hit in hits[:limit] if hit.offer.lot], "next": more}

    @blueprint.get("/<lot_id>")
    @guard("buyer", "operator")
    @blueprint.arguments(OfferArgs, location="query")
    @blueprint.response(200, OfferSchema)
    def show(args: dict[str, Any], lot_id: str) -> dict[str, Any]:
        """One lot, also when it is no longer on offer."""
        saved = market.ledger.load(OFFER, lot_id)
        if saved is None or saved.state.lot is None:
            raise NotFoundError("no_such_lot", "There is no such lot on offer: search the offers.")
        here, there = _from_where(market, args["of_place"]), saved.state.lot.place
        metres = road_metres(here.lat, here.lon, there.lat, there.lon)
        return offer_view(Hit(offer=saved.state, metres=metres), saved.state.lot)

    return blueprint


def _from_where(market: Market, place_id: str | None) -> Place:
    if not caller().is_operator:
        return place_of(buyer_of(caller().account), place_id, "of_place").place
    if place_id is not None:
        raise InvalidError("no_such_place", "The operator has no delivery places: leave this out.", field="of_place")
    return market.depot


def _look(market: Market, args: dict[str, Any]) -> Look:
    return Look(
        where=where_of(_wanted(args), market.now()),
        place=_from_where(market, args["of_place"]),
        words=words(args["q"]),
        within=FARTHEST if args["within_km"] is None else args["within_km"] * _METRES_PER_KM,
        after=_after(args["cursor"]),
    )


def _wanted(args: dict[str, Any]) -> Wanted:
    return Wanted(
        kind=args["kind"],
        storage=args["storage"],
        unit=args["unit"],
        organic=args["organic"],
        most_cents=args["max_price_cents"],
        day=args["on"],
        sold_out_too=args["sold_out"],
    )


def _after(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return (-1, "")
    found = _POSITION.fullmatch(cursor)
    if found is None:
        raise InvalidError("bad_cursor", "This is no cursor: take `next` of the page before.", field="cursor")
    return int(found[1]), found[2]
