"""What becomes of a job that waits too long: offered wider, put before the operator, and in the end given up."""

from dataclasses import replace

from services.logistics.domain.failing import give_up
from services.logistics.domain.goods import about
from services.logistics.domain.job import Decided, Job, Moment, noted
from services.logistics.domain.reasons import reason_of
from shared.events.jobs import JobEscalated, JobOffered

NOT_DONE_IN_TIME = "not_done_in_time"
NOT_TAKEN_UP = "not_taken_up"


def overdue(job: Job, moment: Moment) -> Decided:
    """The next thing that time asks of the job; nothing where it is not due.

    Before it expires, only an open job that the operator has not been told of is ever due.
    """
    if job.final or job.due_at is None or job.due_at > moment.now:
        return job, ()
    if job.expires_at <= moment.now:
        return give_up(job, reason_of(NOT_DONE_IN_TIME, job.kind, "deadline"), moment.now)
    return _escalate(job, moment) if job.wide else _widen(job, moment)


def _widen(job: Job, moment: Moment) -> Decided:
    wide = replace(job, wide=True, due_at=min(moment.due_at, job.expires_at))
    told = JobOffered(**about(job), window=job.work.window, pay_cents=job.work.pay_cents, wide=True)
    return noted(wide, moment.now, "Nobody near took it up: offered to enterprises further away too."), (told,)


def _escalate(job: Job, moment: Moment) -> Decided:
    escalated = replace(job, escalated=True, due_at=job.expires_at)
    told = JobEscalated(**about(job), reason=NOT_TAKEN_UP)
    return noted(escalated, moment.now, "Still nobody took it up: put before the hub operator."), (told,)
