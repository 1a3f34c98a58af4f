"""Logistics, wired: which event does what, what falls due, what is served. `python -m` runs its worker."""

from collections.abc import Sequence

from flask import Flask
from flask_smorest import Blueprint

from services.logistics.api.jobs import jobs_blueprints
from services.logistics.api.profile import EnterpriseProfileSchema
from services.logistics.app import on_jobs, on_orders
from services.logistics.app.due import jobs_due
from services.logistics.app.kinds import JOB, NOUN
from services.logistics.app.work import Work
from shared.accounts.api import Parties
from shared.config import Settings, read_settings
from shared.consumer import Handlers
from shared.events.jobs import JobCancelled, JobDone, JobFailed
from shared.events.orders import OrderCancelled, OrderConfirmed, OrderFailed, OrderRefused
from shared.hub import Hub
from shared.store.aggregate import Ledger
from shared.wiring import Service, real_app, real_worker
from shared.worker import Due, Worker, run_until_told


def _handlers(ledger: Ledger, hub: Hub) -> Handlers:
    return {
        OrderConfirmed: on_orders.on_order_confirmed(hub),
        OrderCancelled: on_orders.on_order_cancelled(ledger),
        OrderRefused: on_orders.on_order_refused,
        OrderFailed: on_orders.on_order_failed(ledger),
        JobDone: on_jobs.on_job_done(ledger),
        JobFailed: on_jobs.on_job_failed(ledger),
        JobCancelled: on_jobs.on_job_cancelled(ledger),
    }


def _blueprints(ledger: Ledger, hub: Hub) -> Sequence[Blueprint]:
    return jobs_blueprints(Work(ledger=ledger, deadlines=hub.deadlines, now=ledger.now))


def _dues(hub: Hub) -> Sequence[Due]:
    return (jobs_due(hub.deadlines),)


SERVICE = Service(
    name="logistics",
    title="Schakel: logistics",
    parties=Parties(role="enterprise", noun=NOUN, profile=EnterpriseProfileSchema),
    kinds=(JOB,),
    telling=(JOB,),
    consumes=("orders", "jobs"),
    blueprints=_blueprints,
    handlers=_handlers,
    dues=_dues,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The HTTP app, for gunicorn."""
    return real_app(SERVICE, settings or read_settings())


def build_worker(settings: Settings | None = None) -> Worker:
    """The worker. Raises RetryError while the database or the broker is not there."""
    return real_worker(SERVICE, settings or read_settings())


if __name__ == "__main__":
    run_until_told(build_worker)
