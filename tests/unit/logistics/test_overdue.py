from dataclasses import replace

import pytest

from services.logistics.domain.job import Job, Moment
from services.logistics.domain.offering import cancel
from services.logistics.domain.overdue import overdue
from services.logistics.domain.taking import claim
from shared.events.jobs import JobEscalated, JobFailed, JobOffered
from tests.unit.logistics import given
from tests.unit.logistics.given import ENTERPRISE, EXPIRES, LATER, NOW

STILL_LATER = "2030-01-01T04:00:00.000Z"
AT_LATER = Moment(now=LATER, due_at=STILL_LATER)
AT_STILL_LATER = Moment(now=STILL_LATER, due_at="2030-01-01T06:00:00.000Z")
AT_END = Moment(now=EXPIRES, due_at="2030-01-02T22:00:00.000Z")


def test_nothing_happens_before_a_job_is_due() -> None:
    job = given.collect()

    assert overdue(job, Moment(now="2030-01-01T01:59:59.999Z", due_at=LATER)) == (job, ())


def test_a_job_that_nobody_took_up_is_offered_wider() -> None:
    job, events = overdue(given.collect(), AT_LATER)

    assert (job.wide, job.escalated, job.due_at, job.status) == (True, False, STILL_LATER, "open")
    (told,) = events
    assert isinstance(told, JobOffered)
    assert told.wide


def test_then_it_is_put_before_the_operator_and_can_still_be_claimed() -> None:
    job, events = overdue(overdue(given.collect(), AT_LATER)[0], AT_STILL_LATER)

    assert (job.escalated, job.due_at) == (True, EXPIRES)
    assert [type(each) for each in events] == [JobEscalated]
    assert claim(job, ENTERPRISE, STILL_LATER)[0].status == "claimed"


def test_what_was_done_about_it_is_done_once() -> None:
    job, _ = overdue(given.collect(), AT_LATER)

    assert overdue(job, AT_LATER) == (job, ())


@pytest.mark.parametrize(
    ("job", "holder"),
    [
        (given.collect(), None),
        (given.claimed(given.collect()), ENTERPRISE.id),
        (given.started(given.collect()), ENTERPRISE.id),
    ],
)
def test_long_after_its_window_a_collection_is_given_up_and_its_goods_are_still_at_the_farm(
    job: Job, holder: str | None
) -> None:
    after, events = overdue(replace(job, due_at=EXPIRES), AT_END)

    assert (after.status, after.outcome, after.due_at) == ("failed", "not_done_in_time", None)
    (told,) = events
    assert isinstance(told, JobFailed)
    assert (told.again, told.stock, told.enterprise_id) == (False, "back", holder)


def test_a_delivery_that_is_given_up_loses_what_was_at_the_depot() -> None:
    job = given.filled(given.opened("order-1.deliver"))

    after, events = overdue(replace(job, due_at=EXPIRES), AT_END)

    (told,) = events
    assert isinstance(told, JobFailed)
    assert (after.status, told.stock, len(told.lines)) == ("failed", "gone", 3)


def test_a_worker_that_slept_gives_up_at_once() -> None:
    assert overdue(given.collect(), AT_END)[0].status == "failed"


def test_a_job_that_ended_is_never_due() -> None:
    job = cancel(given.collect(), "order_cancelled", NOW)[0]

    assert overdue(job, AT_END) == (job, ())
