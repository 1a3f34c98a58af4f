"""Reactions to this service's own events: how a job ended tells the one that waits for it which goods there are."""

from collections.abc import Sequence
from functools import partial

from services.logistics.app.kinds import JOB
from services.logistics.app.steps import data_of, on_job
from services.logistics.domain.job import Answer, Counted
from services.logistics.domain.offering import Name, learn
from services.logistics.domain.plan import pack_id
from shared.consumer import Handler, Message
from shared.events.jobs import Goods, JobCancelled, JobDone, JobEvent, JobFailed
from shared.store.aggregate import Ledger, Step


def on_job_done(ledger: Ledger) -> Handler:
    """What changed hands is there for the next job."""

    def handle(message: Message, _now: str) -> Sequence[Step]:
        done = data_of(message, JobDone)
        return _tell(ledger, message, done, done.lines)

    return handle


def on_job_failed(ledger: Ledger) -> Handler:
    """Unless it is open again, nothing comes of it."""

    def handle(message: Message, _now: str) -> Sequence[Step]:
        failed = data_of(message, JobFailed)
        return () if failed.again else _tell(ledger, message, failed, ())

    return handle


def on_job_cancelled(ledger: Ledger) -> Handler:
    """Nothing comes of it."""

    def handle(message: Message, _now: str) -> Sequence[Step]:
        return _tell(ledger, message, data_of(message, JobCancelled), ())

    return handle


def _tell(ledger: Ledger, message: Message, job: JobEvent, moved: Sequence[Goods]) -> Sequence[Step]:
    """One step on the job that waits, if any does: also where that is still to be made."""
    saved = ledger.load(JOB, job.job_id)
    feeds = saved.state.work.feeds if saved else None
    if feeds is None:
        return ()
    name = Name(job_id=feeds, order_id=job.order_id, kind="pack" if feeds == pack_id(job.order_id) else "deliver")
    came = tuple(Counted(line_id=each.line_id, count=each.count, grams=each.grams) for each in moved)
    answer = Answer(source_id=job.job_id, at=message.time, came=came)
    return [on_job(name, partial(learn, name=name, answer=answer))]
