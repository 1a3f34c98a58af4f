"""How a job fails: it is open again where another can try, else it ends, and says what becomes of its goods."""

from dataclasses import dataclass, replace

from services.logistics.domain.goods import about, about_what_is_there
from services.logistics.domain.job import Decided, Job, Moment, ended, held_by, noted, opened, planned
from services.logistics.domain.reasons import Reason
from shared.errors import ConflictError
from shared.events.jobs import JobFailed, Stock


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a job failed, with a note in somebody's own words (may be empty)."""

    reason: Reason
    note: str = ""


def fail(job: Job | None, enterprise_id: str, failure: Failure, moment: Moment) -> Decided:
    """The holder says that it failed. Raises NotFoundError or ConflictError."""
    known = held_by(job, enterprise_id)
    return _failed(known, failure, known.holder_name or "", moment)


def fail_by_hub(job: Job | None, failure: Failure, moment: Moment) -> Decided:
    """The operator says that it failed, whoever holds it. Raises NotFoundError or ConflictError."""
    known = planned(job)
    if known.final:
        raise ConflictError("job_ended", f"This job is {known.status}: nothing more can be done about it.")
    if known.status == "open" and failure.reason.again:
        detail = "Nobody holds this job, so it is open already: give a reason that ends it."
        raise ConflictError("not_claimed", detail)
    return _failed(known, failure, "the hub", moment)


def give_up(job: Job, reason: Reason, now: str) -> Decided:
    """Time is over: the job ends, whoever holds it."""
    return _end(noted(job, now, reason.sentence), reason.code, reason.stock)


def _failed(job: Job, failure: Failure, who: str, moment: Moment) -> Decided:
    reason = failure.reason
    text = f"Failed, says {who}: {reason.sentence} {failure.note}".rstrip()
    told = noted(job, moment.now, text)
    if not reason.again:
        return _end(told, reason.code, reason.stock)
    times = job.failures.get(reason.code, 0)
    if reason.most is not None and times >= reason.most:
        last = noted(told, moment.now, f"It was tried {times + 1} times: that was the last.")
        return _end(last, reason.code, reason.ends_as)
    return _reopen(told, reason, moment)


def _reopen(job: Job, reason: Reason, moment: Moment) -> Decided:
    times = job.failures.get(reason.code, 0) + 1
    again = replace(opened(job, moment.due_at), failures={**job.failures, reason.code: times})
    told = JobFailed(**about(job), enterprise_id=job.holder_id, reason=reason.code, again=True, stock=reason.stock)
    return again, (told,)


def _end(job: Job, code: str, stock: Stock) -> Decided:
    """Of goods that never came to the depot nothing is told: their own collection says what becomes of them."""
    told = JobFailed(**about_what_is_there(job), enterprise_id=job.holder_id, reason=code, again=False, stock=stock)
    return ended(job, "failed", code), (told,)
