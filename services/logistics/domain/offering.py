"""How a job comes about, what it learns of its goods, and how it is called off. Any order of these ends the same."""

from dataclasses import dataclass, replace

from services.logistics.domain.goods import about, comes_to_nothing, latest_answer, merged
from services.logistics.domain.job import Answer, CallOff, Decided, Job, ended, noted, opened, planned
from services.logistics.domain.task import Task
from shared.errors import ConflictError
from shared.events.jobs import JobCancelled, JobOffered
from shared.values import JobKind

NOTHING_CAME = "nothing_to_carry"
ORDER_CANCELLED = "order_cancelled"
ORDER_FAILED = "order_failed"
CANCELLED_BY_HUB = "cancelled_by_hub"

_WORDS = {
    NOTHING_CAME: "Cancelled: none of its goods came to the depot.",
    ORDER_CANCELLED: "Cancelled: the buyer took the order back.",
    ORDER_FAILED: "Cancelled: the order will not be delivered.",
    CANCELLED_BY_HUB: "Cancelled by the hub.",
}


@dataclass(frozen=True, kw_only=True)
class Name:
    """What identifies a job before anything else of it is known."""

    job_id: str
    order_id: str
    kind: JobKind


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a job is offered, until when it may wait for somebody, and when it is given up."""

    now: str
    due_at: str
    expires_at: str


def offer(job: Job | None, task: Task, schedule: Schedule) -> Decided:
    """Makes the job, or completes one of which only facts were known; a repetition changes nothing."""
    if job is not None and job.task is not None:
        return job, ()
    expected = job or Job(id=task.job_id, order_id=task.order_id, kind=task.kind)
    moves = task.kind != "pack"
    made = replace(
        expected,
        task=task,
        page_key=f"{schedule.now}/{task.job_id}",
        load_grams=task.grams if moves else 0,
        load_crates=task.crates if moves else 0,
        offered_at=schedule.now,
        expires_at=schedule.expires_at,
    )
    made = noted(opened(made, schedule.due_at), schedule.now, "Offered to the enterprises near it.")
    offered = JobOffered(**about(made), window=task.window, pay_cents=task.pay_cents)
    settled, events = _settle(made)
    return settled, (offered, *events)


def learn(job: Job | None, name: Name, answer: Answer) -> Decided:
    """Keeps what a source answered; a job of which nothing came is cancelled."""
    known = job or _expected(name)
    answers = merged(known.answers, answer)
    if answers == known.answers and job is not None:
        return job, ()
    return _settle(replace(known, answers=answers))


def call_off(job: Job | None, name: Name, why: CallOff) -> Decided:
    """The order is taken back: a job that has not started is cancelled, also one that is not planned yet."""
    known = job or _expected(name)
    if known.task is None and known.called_off is None:
        return replace(known, called_off=why), ()
    return cancel(known, why.reason, max(why.at, known.offered_at))


def cancel(job: Job, reason: str, at: str) -> Decided:
    """Cancels a job that is open or claimed; leaves any other as it is."""
    if job.status not in ("open", "claimed"):
        return job, ()
    cancelled = noted(ended(job, "cancelled", reason), at, _WORDS[reason])
    return cancelled, (JobCancelled(**about(job), reason=reason),)


def cancel_by_hub(job: Job | None, now: str) -> Decided:
    """The operator cancels a collect job that has not started; what depends on it follows by itself.

    Raises ConflictError for another kind, or one that has begun: those can fail. A repetition changes nothing.
    """
    known = planned(job)
    if known.status == "cancelled":
        return known, ()
    if known.kind != "collect":
        detail = "Only a collect job is cancelled; let a pack or deliver job fail, with what becomes of the goods."
        raise ConflictError("not_a_collect_job", detail)
    if known.final:
        raise ConflictError("job_ended", f"This job is {known.status}: nothing more can be done about it.")
    if known.status == "started":
        raise ConflictError("already_started", "It has started: let it fail, with what becomes of the goods.")
    return cancel(known, CANCELLED_BY_HUB, now)


def _expected(name: Name) -> Job:
    return Job(id=name.job_id, order_id=name.order_id, kind=name.kind)


def _settle(job: Job) -> Decided:
    if job.task is None:
        return job, ()
    if job.called_off is not None:
        return cancel(replace(job, called_off=None), job.called_off.reason, max(job.called_off.at, job.offered_at))
    return cancel(job, NOTHING_CAME, latest_answer(job)) if comes_to_nothing(job) else (job, ())
