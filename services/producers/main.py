"""The producers service, wired: its web app, and its worker (`python -m services.producers.main`)."""

from collections.abc import Sequence

from flask import Flask
from flask_smorest import Blueprint

from services.producers.api.lots import lots_blueprint
from services.producers.api.products import products_blueprint
from services.producers.api.reservations import reservations_blueprint
from services.producers.api.schemas import ProducerProfileSchema
from services.producers.app.kinds import KINDS, LOT, TELLING
from services.producers.app.on_jobs import on_job_cancelled, on_job_done, on_job_failed
from services.producers.app.on_orders import (
    on_line_substituted,
    on_order_cancelled,
    on_order_delivered,
    on_order_failed,
    on_order_placed,
    on_order_refused,
)
from services.producers.app.on_reservations import (
    on_stock_collected,
    on_stock_released,
    on_stock_reserved,
    on_weight_recorded,
)
from services.producers.domain.telling import tell_again
from shared.accounts.api import Parties
from shared.config import Settings, read_settings
from shared.consumer import Handlers
from shared.events import jobs, orders, reservations
from shared.hub import Hub
from shared.store.aggregate import Ledger
from shared.wiring import Retelling, Service, real_app, real_worker
from shared.worker import Worker, run_until_told


def blueprints(ledger: Ledger, _hub: Hub) -> Sequence[Blueprint]:
    """What is served, accounts aside."""
    return (
        products_blueprint(ledger, ledger.now),
        lots_blueprint(ledger, ledger.now),
        reservations_blueprint(ledger, ledger.now),
    )


def handlers(ledger: Ledger, hub: Hub) -> Handlers:
    """What is done about which event."""
    answer = hub.deadlines.answer
    return {
        orders.OrderPlaced: on_order_placed(ledger),
        orders.LineSubstituted: on_line_substituted(ledger),
        orders.OrderRefused: on_order_refused(answer),
        orders.OrderCancelled: on_order_cancelled(answer),
        orders.OrderDelivered: on_order_delivered,
        orders.OrderFailed: on_order_failed,
        jobs.JobDone: on_job_done,
        jobs.JobFailed: on_job_failed,
        jobs.JobCancelled: on_job_cancelled,
        reservations.StockReserved: on_stock_reserved(ledger),
        reservations.StockReleased: on_stock_released,
        reservations.StockCollected: on_stock_collected,
        reservations.WeightRecorded: on_weight_recorded,
    }


SERVICE = Service(
    name="producers",
    title="Schakel producers",
    parties=Parties(role="producer", noun="producers", profile=ProducerProfileSchema),
    kinds=KINDS,
    telling=TELLING,
    consumes=("orders", "jobs", "reservations"),
    blueprints=blueprints,
    handlers=handlers,
    dues=lambda _hub: (),
    retelling={"lots": Retelling(kind=LOT, tell=tell_again)},
)


def create_app(settings: Settings | None = None) -> Flask:
    """The web app, on its own database."""
    return real_app(SERVICE, settings or read_settings())


def build_worker(settings: Settings) -> Worker:
    """The worker, on its own database and the broker."""
    return real_worker(SERVICE, settings)


def main() -> None:
    """Runs the worker until it is told to stop."""
    run_until_told(build_worker)


if __name__ == "__main__":
    main()
