"""What the jobs of an order add to its timeline."""

from collections.abc import Callable, Iterator

from services.orders.domain.job import Job, JobStep, What
from services.orders.domain.moment import Moment
from services.orders.domain.order import Order, line_of
from services.orders.domain.phrases import packs_text, reason_text, task, task_done

_MOST_NAMED = 5
_RANKS = {"collect": 50, "pack": 55, "deliver": 60}


def job_moments(order: Order) -> Iterator[Moment]:
    """One moment a step of a job."""
    for job in order.jobs:
        for step in job.steps:
            text = _TEXTS[step.what](order, job, step)
            yield Moment(at=step.at, rank=_RANKS[job.kind], place=step.sequence, text=text)


def _offered(order: Order, job: Job, step: JobStep) -> str:
    if step.wide:
        return f"Nobody near took it up yet, so it is offered more widely: {task(order, job)}."
    return f"Offered to the enterprises: {task(order, job)}."


def _escalated(order: Order, job: Job, _: JobStep) -> str:
    return f"Nobody took it up in time: {task(order, job)}. The hub operator has been told."


def _claimed(order: Order, job: Job, step: JobStep) -> str:
    return f"{_name(job, step)} will {task(order, job)}."


def _dropped(order: Order, job: Job, step: JobStep) -> str:
    return f"{_name(job, step)} gave it back: {task(order, job)}. Reason: {reason_text(step.reason)}."


def _started(order: Order, job: Job, step: JobStep) -> str:
    return f"{_name(job, step)} set out to {task(order, job)}."


def _done(order: Order, job: Job, step: JobStep) -> str:
    return f"{_name(job, step)} {task_done(order, job)}.{_short(order, job)}"


def _failed(order: Order, job: Job, step: JobStep) -> str:
    who = _name(job, step) if step.enterprise_id else "Nobody"
    could = "could not" if step.enterprise_id else "could"
    then = " It is offered anew." if step.again else ""
    return f"{who} {could} {task(order, job)}: {reason_text(step.reason)}.{then}"


def _cancelled(order: Order, job: Job, step: JobStep) -> str:
    return f"Called off: {task(order, job)}. Reason: {reason_text(step.reason)}."


_TEXTS: dict[What, Callable[[Order, Job, JobStep], str]] = {
    "offered": _offered,
    "escalated": _escalated,
    "claimed": _claimed,
    "dropped": _dropped,
    "started": _started,
    "done": _done,
    "failed": _failed,
    "cancelled": _cancelled,
}


def _name(job: Job, step: JobStep) -> str:
    return job.name_of(step.enterprise_id) or "The enterprise"


def _short(order: Order, job: Job) -> str:
    """Which lines moved fewer packs than were set aside; the first few by name."""
    lines = [line for line_id in job.line_ids if (line := line_of(order, line_id)) is not None]
    moved = job.moved or {}
    missing = [(line.current, line.current.reserved - moved.get(line.id, 0)) for line in lines]
    short = [packs_text(attempt.source, count) for attempt, count in missing if count > 0]
    if not short:
        return ""
    more = f" and {len(short) - _MOST_NAMED} more" if len(short) > _MOST_NAMED else ""
    return f" Missing: {', '.join(short[:_MOST_NAMED])}{more}."
