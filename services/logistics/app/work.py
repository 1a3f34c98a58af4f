"""What people do about jobs: each use case loads, decides and stores one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from services.logistics.app.enterprises import enterprise_of
from services.logistics.app.kinds import JOB, jobs_of
from services.logistics.app.timing import moment
from services.logistics.domain import failing, handing, offering, taking
from services.logistics.domain.job import STATUSES, Decided, HandOver, Job, held_by, no_such_job, planned
from services.logistics.domain.reasons import Teller, reason_of
from shared.http.doors import Caller
from shared.hub import Deadlines
from shared.store.aggregate import Ledger, Saved
from shared.store.paging import Page, newest
from shared.store.port import Where


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks it of which job; `version` is the one that they insist on, None where they do not."""

    job_id: str
    who: Caller
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """The use cases, on this service's ledger."""

    ledger: Ledger
    deadlines: Deadlines
    now: Callable[[], str]

    def show(self, job_id: str, who: Caller) -> Saved[Job]:
        """A job that the caller may see: its own, an open one, or any for the operator. Raises NotFoundError."""
        saved = self.ledger.load(JOB, job_id)
        job = planned(saved.state if saved else None)
        if saved is None or not (who.is_operator or job.status == "open" or job.holder_id == who.party_id):
            raise no_such_job()
        return saved

    def of_order(self, who: Caller, order_id: str) -> Sequence[Saved[Job]]:
        """The order's jobs, all in one: they are few. Of another enterprise's it says nothing."""
        jobs = [saved for saved in self.ledger.find(JOB, jobs_of(order_id)) if saved.state.task is not None]
        return [saved for saved in jobs if who.is_operator or saved.state.holder_id == who.party_id]

    def page(self, who: Caller, where: Where, cursor: str | None, limit: int) -> Page[Job]:
        """The caller's own jobs, or all of them for the operator, newest first; those not planned yet have no age."""
        if not who.is_operator:
            return newest(self.ledger, JOB, [{"state.holder_id": who.party_id, **where}], cursor, limit)
        statuses = [where["state.status"]] if "state.status" in where else STATUSES
        return newest(self.ledger, JOB, [{**where, "state.status": each} for each in statuses], cursor, limit)

    def claim(self, asked: Asked) -> Saved[Job]:
        """Makes the caller the holder."""
        enterprise = enterprise_of(asked.who.account)
        return self._decide(asked, partial(taking.claim, enterprise=enterprise, now=self.now()))

    def drop(self, asked: Asked, reason: str) -> Saved[Job]:
        """Gives the job back."""
        when = moment(self.deadlines, self.now())
        return self._decide(asked, partial(taking.drop, enterprise_id=asked.who.party_id, reason=reason, moment=when))

    def start(self, asked: Asked) -> Saved[Job]:
        """Begins the job."""
        return self._decide(asked, partial(taking.start, enterprise_id=asked.who.party_id, now=self.now()))

    def done(self, asked: Asked, given: HandOver, now: str) -> Saved[Job]:
        """Ends the job with its hand-over."""
        return self._decide(asked, partial(handing.done, enterprise_id=asked.who.party_id, given=given, now=now))

    def fail(self, asked: Asked, reason: str, note: str) -> Saved[Job]:
        """Says that the job failed: the holder, or the operator whoever holds it."""
        when = moment(self.deadlines, self.now())

        def decide(job: Job | None) -> Decided:
            teller: Teller = "operator" if asked.who.is_operator else "enterprise"
            known = planned(job) if asked.who.is_operator else held_by(job, asked.who.party_id)
            failure = failing.Failure(reason=reason_of(reason, known.kind, teller), note=note)
            if asked.who.is_operator:
                return failing.fail_by_hub(job, failure, when)
            return failing.fail(job, asked.who.party_id, failure, when)

        return self._decide(asked, decide)

    def cancel(self, asked: Asked) -> Saved[Job]:
        """The operator cancels a collect job."""
        return self._decide(asked, partial(offering.cancel_by_hub, now=self.now()))

    def _decide(self, asked: Asked, decide: Callable[[Job | None], Decided]) -> Saved[Job]:
        return self.ledger.decide(JOB, asked.job_id, decide, if_version=asked.version)
