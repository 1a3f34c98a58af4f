"""The orders service, wired: its web app, and its worker (`python -m services.orders.main`)."""

from collections.abc import Sequence

from flask import Flask
from flask_smorest import Blueprint

from services.orders.api.offers import Market, offers_blueprint
from services.orders.api.orders import orders_blueprint
from services.orders.api.profile import BuyerProfileSchema
from services.orders.app.kinds import KINDS, NOUN, OFFER, ORDER, TELLING
from services.orders.app.ordering import Desk
from services.orders.app.steps import offer_handler, order_handler
from services.orders.app.substitutes import stock_refused_handler
from services.orders.domain import answers, goods, offer
from shared.accounts.api import Parties
from shared.config import Settings, read_settings
from shared.consumer import Handlers
from shared.events import jobs, lots, reservations
from shared.hub import Hub
from shared.store.aggregate import Ledger
from shared.wiring import Copy, Service, real_app, real_worker
from shared.worker import Due, Worker, run_until_told


def blueprints(ledger: Ledger, hub: Hub) -> Sequence[Blueprint]:
    """What is served, accounts aside."""
    desk = Desk(ledger=ledger, now=ledger.now, answer_s=hub.deadlines.answer)
    market = Market(ledger=ledger, now=ledger.now, depot=hub.depot)
    return offers_blueprint(market), orders_blueprint(desk)


def handlers(ledger: Ledger, _hub: Hub) -> Handlers:
    """What is done about which event."""
    return {
        lots.LotListed: offer_handler(lots.LotListed, offer.on_lot_told),
        lots.LotChanged: offer_handler(lots.LotChanged, offer.on_lot_told),
        lots.LotWithdrawn: offer_handler(lots.LotWithdrawn, offer.on_lot_withdrawn),
        reservations.StockReserved: order_handler(reservations.StockReserved, answers.on_stock_reserved),
        reservations.StockRefused: stock_refused_handler(ledger),
        reservations.StockReleased: order_handler(reservations.StockReleased, goods.on_stock_released),
        reservations.StockCollected: order_handler(reservations.StockCollected, goods.on_stock_collected),
        reservations.WeightRecorded: order_handler(reservations.WeightRecorded, goods.on_weight_recorded),
        jobs.JobOffered: order_handler(jobs.JobOffered, goods.on_job),
        jobs.JobEscalated: order_handler(jobs.JobEscalated, goods.on_job),
        jobs.JobClaimed: order_handler(jobs.JobClaimed, goods.on_job),
        jobs.JobDropped: order_handler(jobs.JobDropped, goods.on_job),
        jobs.JobStarted: order_handler(jobs.JobStarted, goods.on_job),
        jobs.JobDone: order_handler(jobs.JobDone, goods.on_job),
        jobs.JobFailed: order_handler(jobs.JobFailed, goods.on_job),
        jobs.JobCancelled: order_handler(jobs.JobCancelled, goods.on_job),
    }


SERVICE = Service(
    name="orders",
    title="Schakel orders",
    parties=Parties(role="buyer", noun=NOUN, profile=BuyerProfileSchema),
    kinds=KINDS,
    telling=TELLING,
    consumes=("lots", "reservations", "jobs"),
    blueprints=blueprints,
    handlers=handlers,
    dues=lambda _hub: (Due(kind=ORDER, decide=answers.on_due),),
    copies=(Copy(kind=OFFER, topic="lots"),),
)


def create_app(settings: Settings | None = None) -> Flask:
    """The web app, on its own database."""
    return real_app(SERVICE, settings or read_settings())


def build_worker(settings: Settings) -> Worker:
    """The worker, on its own database and the broker. Raises RetryError while one of them is not there."""
    return real_worker(SERVICE, settings)


def main() -> None:
    """Runs the worker until it is told to stop."""
    run_until_told(build_worker)


if __name__ == "__main__":
    main()
