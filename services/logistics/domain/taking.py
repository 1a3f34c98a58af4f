"""Who takes up a job: claim it, give it back, begin it."""

from dataclasses import replace

from services.logistics.domain.enterprise import Enterprise
from services.logistics.domain.goods import about, awaited
from services.logistics.domain.job import HELD, Decided, Job, Moment, held_by, noted, opened, planned
from services.logistics.domain.suits import misfit, packs_on_own_site
from shared.errors import ConflictError
from shared.events.jobs import JobClaimed, JobDropped, JobStarted


def claim(job: Job | None, enterprise: Enterprise, now: str) -> Decided:
    """Makes the enterprise the job's one holder; for the holder itself a repetition changes nothing.

    Raises NotFoundError, or ConflictError: it ended, another was first, or it does not suit and why.
    """
    known = planned(job)
    if known.status in HELD and known.holder_id == enterprise.id:
        return known, ()
    _check_free(known)
    short = misfit(known.work, enterprise, wide=known.wide)
    if short:
        raise ConflictError(short.code, short.detail)
    own_site = packs_on_own_site(known.work, enterprise)
    claimed = replace(
        known,
        status="claimed",
        holder_id=enterprise.id,
        holder_name=enterprise.name,
        site=enterprise.base if own_site else None,
        escalated=False,
        lat=None,
        lon=None,
        due_at=known.expires_at,
    )
    where = ", to be packed at its own site" if own_site else ""
    told = JobClaimed(**about(claimed), enterprise_id=enterprise.id, enterprise_name=enterprise.name)
    return noted(claimed, now, f"Taken up by {enterprise.name}{where}."), (told,)


def drop(job: Job | None, enterprise_id: str, reason: str, moment: Moment) -> Decided:
    """The holder gives the job back before its start; it is open again. Raises NotFoundError or ConflictError."""
    known = held_by(job, enterprise_id)
    if known.status == "started":
        raise ConflictError("already_started", "You have started this job: say that it failed, and why, instead.")
    dropped = noted(opened(known, moment.due_at), moment.now, f"Given back by {known.holder_name}: {reason}")
    return dropped, (JobDropped(**about(dropped), enterprise_id=enterprise_id, reason=reason),)


def start(job: Job | None, enterprise_id: str, now: str) -> Decided:
    """The holder begins; a repetition changes nothing. Raises ConflictError where its goods are still awaited."""
    known = held_by(job, enterprise_id)
    if known.status == "started":
        return known, ()
    missing = ", ".join(each.name for each in awaited(known))
    if missing:
        detail = f"Not all its goods are at the depot: still awaited is {missing}. Start when they have come."
        raise ConflictError("goods_not_there", detail)
    started = noted(replace(known, status="started"), now, f"Begun by {known.holder_name}.")
    return started, (JobStarted(**about(started), enterprise_id=enterprise_id),)


def _check_free(job: Job) -> None:
    if job.status in HELD:
        raise ConflictError("already_claimed", "Another enterprise was first: choose another job from the board.")
    if job.final:
        raise ConflictError("job_ended", f"This job is {job.status}: choose another one from the board.")
