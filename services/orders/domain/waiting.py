"""What an order waits for, and since when, so that nobody has to guess where it is stuck."""

from dataclasses import dataclass
from typing import Literal

from services.orders.domain.job import Job
from services.orders.domain.order import Order
from services.orders.domain.phrases import task

Whom = Literal["producers", "planning", "enterprise", "work", "operator", "cancelling"]

_KINDS = ("collect", "pack", "deliver")


@dataclass(frozen=True, kw_only=True)
class Wait:
    """`whom` is stable, `what` a sentence, `since` the instant at which the waiting began."""

    whom: Whom
    what: str
    since: str


def waits_for(order: Order) -> Wait | None:
    """None where the order has ended."""
    if order.final:
        return None
    if order.confirmed_at is None:
        unanswered = sum(line.current.answered_at is None for line in order.lines)
        what = f"The producers' answer on {unanswered} of {len(order.lines)} lines."
        return Wait(whom="producers", what=what, since=order.placed_at)
    if order.status == "cancelling" and order.cancel is not None:
        return Wait(whom="cancelling", what="Work that has not started is being called off.", since=order.cancel.at)
    return _on_work(order, order.confirmed_at)


def _on_work(order: Order, confirmed_at: str) -> Wait:
    going = sorted((job for job in order.jobs if job.end is None), key=lambda job: (_KINDS.index(job.kind), job.id))
    stuck = next((job for job in going if job.steps[-1].what == "escalated"), None)
    if stuck is not None:
        what = f"The hub operator: nobody took it up in time to {task(order, stuck)}."
        return Wait(whom="operator", what=what, since=stuck.steps[-1].at)
    if going:
        return _on_job(order, going[0])
    since = max((job.steps[-1].at for job in order.jobs), default=confirmed_at)
    return Wait(whom="planning", what="The hub to plan the work.", since=since)


def _on_job(order: Order, job: Job) -> Wait:
    since = job.steps[-1].at
    if job.doer is None:
        return Wait(whom="enterprise", what=f"An enterprise to {task(order, job)}.", since=since)
    return Wait(whom="work", what=f"{job.doer} to {task(order, job)}.", since=since)
