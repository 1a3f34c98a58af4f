"""Orders: place, see, take back, confirm receipt, report what is missing."""

from typing import Any

from flask_smorest import Blueprint

from services.orders.api.order_schemas import (
    BriefOrderSchema,
    NewOrderSchema,
    OrdersArgs,
    OrderSchema,
    ShortageSchema,
)
from services.orders.app.buyers import buyer_of
from services.orders.app.listing import Chosen, newest_orders
from services.orders.app.ordering import Desk, Wish, change_order, load_order, no_such_order, place_order
from services.orders.app.views import brief_view, full_view
from services.orders.domain import requests
from services.orders.domain.order import FINAL, OPEN, STATUSES, Decided, Order, Status
from services.orders.domain.requests import Shortage
from shared.http.conditions import check_same, etag, fingerprint, fresh_id, if_match, repeatable
from shared.http.doors import caller, guard, own_or_operator
from shared.http.fields import page_schema
from shared.store.aggregate import Saved

Answer = tuple[dict[str, Any], int, dict[str, str]]


def orders_blueprint(desk: Desk) -> Blueprint:
    """All that is done with orders."""
    blueprint = Blueprint("orders", __name__, url_prefix="/v1/orders", description="What buyers order.")

    @blueprint.post("")
    @repeatable
    @guard("buyer")
    @blueprint.arguments(NewOrderSchema)
    @blueprint.response(201, OrderSchema)
    def place(body: dict[str, Any]) -> Answer:
        """Place an order; producers' answer follows. With an Idempotency-Key, repeating it is harmless."""
        wish = Wish(
            buyer=buyer_of(caller().account), fingerprint=fingerprint(), **{**body, "lines": tuple(body["lines"])}
        )
        saved = place_order(desk, fresh_id(), wish, check_same)
        return full_view(saved), 201, {**etag(saved.version), "Location": f"/v1/orders/{saved.id}"}

    @blueprint.get("")
    @guard("buyer", "operator")
    @blueprint.arguments(OrdersArgs, location="query")
    @blueprint.response(200, page_schema(BriefOrderSchema))
    def index(args: dict[str, Any]) -> dict[str, Any]:
        """Your orders, newest first; the operator sees all."""
        page = newest_orders(desk.ledger, _chosen(args), args["cursor"], args["limit"])
        return {"items": [brief_view(each) for each in page.items], "next": page.next}

    @blueprint.get("/<order_id>")
    @guard("buyer", "operator")
    @blueprint.response(200, OrderSchema)
    def show(order_id: str) -> Answer:
        """One order: its lines, who does what, what it costs and what happened."""
        saved = load_order(desk, order_id)
        _check_own(saved.state)
        return _answer(saved)

    _add_cancel(blueprint, desk)
    _add_receipt(blueprint, desk)
    return blueprint


def _add_cancel(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/<order_id>/cancel")
    @guard("buyer", "operator")
    @blueprint.response(200, OrderSchema)
    def cancel(order_id: str) -> Answer:
        """Take an order back, as long as no goods are being collected."""

        def decide(order: Order, now: str) -> Decided:
            _check_own(order)
            return requests.cancel(order, "operator" if caller().is_operator else "buyer", now)

        return _answer(change_order(desk, order_id, decide, if_match()))


def _add_receipt(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/<order_id>/receipt")
    @guard("buyer")
    @blueprint.response(200, OrderSchema)
    def confirm(order_id: str) -> Answer:
        """Say that what was delivered is there."""

        def decide(order: Order, now: str) -> Decided:
            _check_own(order)
            return requests.confirm_receipt(order, now)

        return _answer(change_order(desk, order_id, decide, if_match()))

    @blueprint.post("/<order_id>/lines/<line_id>/short")
    @guard("buyer")
    @blueprint.arguments(ShortageSchema)
    @blueprint.response(200, OrderSchema)
    def short(body: dict[str, Any], order_id: str, line_id: str) -> Answer:
        """Say what is missing of a delivered line; a second report corrects the first."""

        def decide(order: Order, now: str) -> Decided:
            _check_own(order)
            return requests.report_short(order, Shortage(line_id=line_id, **body), now)

        return _answer(change_order(desk, order_id, decide, if_match()))


def _answer(saved: Saved[Order]) -> Answer:
    return full_view(saved), 200, etag(saved.version)


def _check_own(order: Order) -> None:
    if not own_or_operator(order.buyer_id):
        raise no_such_order()


def _chosen(args: dict[str, Any]) -> Chosen:
    statuses: tuple[Status, ...] = STATUSES
    if args["status"] is not None:
        statuses = (args["status"],)
    elif args["waiting"] is not None:
        statuses = OPEN if args["waiting"] else FINAL
    return Chosen(buyer_id=None if caller().is_operator else caller().party_id, statuses=statuses)
