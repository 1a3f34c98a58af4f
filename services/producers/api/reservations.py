"""Reservations: what a producer has to hand over, by order and day."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint

from services.producers.api.products import owner
from services.producers.api.schemas import PickupSchema, ReservationsArgs, ReservationSchema, WeightSchema
from services.producers.app.lots import own_lot, weigh_reservation
from services.producers.app.pickups import PickupLine, Wanted, line_of, pickups
from services.producers.domain.lot import find
from shared.http.doors import guard
from shared.http.fields import page_schema
from shared.store.aggregate import Ledger


def reservations_blueprint(ledger: Ledger, now: Callable[[], str]) -> Blueprint:
    """List what is reserved, was collected, or went back; weigh it."""
    blueprint = Blueprint("reservations", __name__, url_prefix="/v1", description="What is set aside, by order.")

    @blueprint.get("/reservations")
    @guard("producer", "operator")
    @blueprint.arguments(ReservationsArgs, location="query")
    @blueprint.response(200, page_schema(PickupSchema))
    def index(args: dict[str, Any]) -> dict[str, Any]:
        """What is to be handed over, soonest first; or what became of it, newest first."""
        items, following = pickups(ledger, Wanted(owner=owner(), **args))
        return {"items": items, "next": following}

    @blueprint.post("/lots/<lot_id>/reservations/<reservation_id>/weight")
    @guard("producer")
    @blueprint.arguments(WeightSchema)
    @blueprint.response(200, ReservationSchema)
    def weigh(body: dict[str, int], lot_id: str, reservation_id: str) -> PickupLine | None:
        """Tell what a by-weight reservation weighs; the last word before it is delivered is billed."""
        found = own_lot(ledger, lot_id, owner())
        lot = weigh_reservation(ledger, found, reservation_id, body["grams"], now()).state
        return line_of(lot, weighed) if (weighed := find(lot, reservation_id)) else None

    return blueprint
