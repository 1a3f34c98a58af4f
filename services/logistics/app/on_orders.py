"""Reactions to what orders tell: work appears with a confirmed order, and goes where the order ends early."""

from collections.abc import Sequence
from functools import partial

from services.logistics.app.kinds import JOB, jobs_of
from services.logistics.app.steps import data_of, on_job, on_known_job
from services.logistics.app.timing import schedule
from services.logistics.domain.job import CallOff, Decided, Job
from services.logistics.domain.offering import ORDER_CANCELLED, ORDER_FAILED, Name, call_off, cancel, offer
from services.logistics.domain.plan import Terms, collect_id, deliver_id, pack_id, plan
from services.logistics.domain.task import Stop, Task
from shared.consumer import Handler, Message
from shared.events.orders import OrderCancelled, OrderConfirmed, OrderFailed, OrderRefused
from shared.hub import Deadlines, Hub
from shared.store.aggregate import Ledger, Step


def on_order_confirmed(hub: Hub) -> Handler:
    """All jobs of the order are offered."""
    terms = Terms(depot=Stop(role="depot", name=hub.name, place=hub.depot), tariff=hub.tariff)

    def handle(message: Message, now: str) -> Sequence[Step]:
        tasks = plan(data_of(message, OrderConfirmed), terms)
        return [_offer(task, hub.deadlines, now) for task in tasks]

    return handle


def on_order_cancelled(ledger: Ledger) -> Handler:
    """Collections that have not started are cancelled; what waits for their goods hears of it from them.

    Before the confirmation there is no work, and there will be none. A cancellation that comes before the work of a
    confirmed order is kept for it; where the work is there, a producer without a collection had its lines refused.
    """

    def handle(message: Message, _now: str) -> Sequence[Step]:
        cancelled = data_of(message, OrderCancelled)
        if not cancelled.confirmed:
            return ()
        producers = dict.fromkeys(line.producer_id for line in cancelled.lines)
        why = CallOff(at=message.time, reason=ORDER_CANCELLED)
        names = [_collect(cancelled.order_id, producer) for producer in producers]
        if ledger.load(JOB, deliver_id(cancelled.order_id)) is None:
            return [on_job(name, partial(call_off, name=name, why=why)) for name in names]
        return [on_known_job(name.job_id, partial(call_off, name=name, why=why)) for name in names]

    return handle


def on_order_refused(message: Message, _now: str) -> Sequence[Step]:
    """A refused order has no work, as a rule; if it has, what has not started is cancelled."""
    refused = data_of(message, OrderRefused)
    producers = dict.fromkeys(line.producer_id for line in refused.lines)
    collects = [collect_id(refused.order_id, producer) for producer in producers]
    return [
        on_known_job(job_id, partial(_end, at=message.time))
        for job_id in (*collects, pack_id(refused.order_id), deliver_id(refused.order_id))
    ]


def on_order_failed(ledger: Ledger) -> Handler:
    """Nothing of the order arrived: what has not started is cancelled, whatever it is."""

    def handle(message: Message, _now: str) -> Sequence[Step]:
        failed = data_of(message, OrderFailed)
        jobs = ledger.find(JOB, jobs_of(failed.order_id))
        return [on_known_job(job.id, partial(_end, at=message.time)) for job in jobs]

    return handle


def _offer(task: Task, deadlines: Deadlines, now: str) -> Step:
    name = Name(job_id=task.job_id, order_id=task.order_id, kind=task.kind)
    return on_job(name, partial(offer, task=task, schedule=schedule(task, deadlines, now)))


def _end(job: Job, at: str) -> Decided:
    return cancel(job, ORDER_FAILED, at)


def _collect(order_id: str, producer_id: str) -> Name:
    return Name(job_id=collect_id(order_id, producer_id), order_id=order_id, kind="collect")
