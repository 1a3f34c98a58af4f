"""Lots: what a producer has on offer, and its stock account."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from flask_smorest import Blueprint

from services.producers.api.products import Answer, owner
from services.producers.api.schemas import (
    LotChangeSchema,
    LotsArgs,
    LotSchema,
    NewLotSchema,
)
from services.producers.app.kinds import LOT
from services.producers.app.lots import NewLot, change_lot, create_lot, own_lot, withdraw_lot
from services.producers.app.reach import narrowed
from services.producers.domain.listing import LotChange
from services.producers.domain.lot import Lot, account
from shared.http.conditions import check_same, etag, fingerprint, fresh_id, if_match, repeatable
from shared.http.doors import caller, guard
from shared.http.fields import page_schema
from shared.store.aggregate import Ledger, Saved
from shared.store.paging import newest


def lots_blueprint(ledger: Ledger, now: Callable[[], str]) -> Blueprint:
    """List, see, change and withdraw."""
    blueprint = Blueprint("lots", __name__, url_prefix="/v1/lots", description="What is on offer, and its stock.")

    @blueprint.post("")
    @repeatable
    @guard("producer")
    @blueprint.arguments(NewLotSchema)
    @blueprint.response(201, LotSchema)
    def make(body: dict[str, Any]) -> Answer:
        """Put a lot on offer."""
        new = NewLot(id=fresh_id(), fingerprint=fingerprint(), **{**body, "packs": tuple(body["packs"])})
        saved = create_lot(ledger, new, caller().party_id, now())
        check_same(saved.state.fingerprint)
        return _shown(saved), 201, {**etag(saved.version), "Location": f"/v1/lots/{saved.id}"}

    @blueprint.get("")
    @guard("producer", "operator")
    @blueprint.arguments(LotsArgs, location="query")
    @blueprint.response(200, page_schema(LotSchema))
    def index(args: dict[str, Any]) -> dict[str, Any]:
        """Your lots, newest first."""
        wanted = {name: args[name] for name in ("producer_id", "status", "product_id")}
        page = newest(ledger, LOT, [narrowed(owner(), **wanted)], args["cursor"], args["limit"])
        return {"items": [_shown(each) for each in page.items], "next": page.next}

    @blueprint.get("/<lot_id>")
    @guard("producer", "operator")
    @blueprint.response(200, LotSchema)
    def show(lot_id: str) -> Answer:
        """One lot, with its stock account."""
        return _answer(own_lot(ledger, lot_id, owner()))

    @blueprint.patch("/<lot_id>")
    @guard("producer")
    @blueprint.arguments(LotChangeSchema)
    @blueprint.response(200, LotSchema)
    def change(body: LotChange, lot_id: str) -> Answer:
        """Change packs and prices, the stock listed, the place or the window."""
        found = own_lot(ledger, lot_id, owner())
        return _answer(change_lot(ledger, found, body, if_match(), now()))

    @blueprint.post("/<lot_id>/withdraw")
    @guard("producer", "operator")
    @blueprint.response(200, LotSchema)
    def withdraw(lot_id: str) -> Answer:
        """Take a lot off offer for good; what is reserved stays reserved."""
        return _answer(withdraw_lot(ledger, own_lot(ledger, lot_id, owner()), if_match()))

    return blueprint


def _shown(saved: Saved[Lot]) -> dict[str, Any]:
    lot = saved.state
    known = {each.name: getattr(lot, each.name) for each in fields(lot)}
    return {**known, "stock": account(lot), "version": saved.version}


def _answer(saved: Saved[Lot]) -> Answer:
    return _shown(saved), 200, etag(saved.version)
