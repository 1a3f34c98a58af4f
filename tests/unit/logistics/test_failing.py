from collections.abc import Callable

import pytest

from services.logistics.domain.failing import Failure, fail, fail_by_hub
from services.logistics.domain.job import Answer, Counted, Decided, Job, Moment
from services.logistics.domain.offering import cancel, learn
from services.logistics.domain.reasons import REASONS, Teller, reason_of, reasons_for
from services.logistics.domain.taking import claim
from shared.errors import RefusedError
from shared.events.jobs import JobFailed
from shared.values import JOB_KINDS, JobKind
from tests.unit.logistics import given
from tests.unit.logistics.given import ENTERPRISE, EXPIRES, MOMENT, NOW, OTHER


def failure(code: str, kind: JobKind = "collect", teller: Teller = "enterprise") -> Failure:
    return Failure(reason=reason_of(code, kind, teller), note="")


def told(decided: Decided) -> tuple[Job, JobFailed]:
    job, (event,) = decided
    assert isinstance(event, JobFailed)
    return job, event


def refused(decide: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        decide()
    return caught.value.code


@pytest.mark.parametrize(
    ("code", "stock"), [("producer_absent", "back"), ("goods_missing", "gone"), ("goods_unfit", "gone")]
)
def test_a_final_reason_ends_a_collection_and_says_what_becomes_of_the_goods(code: str, stock: str) -> None:
    job, event = told(fail(given.started(given.collect()), ENTERPRISE.id, failure(code), MOMENT))

    assert (job.status, job.outcome, job.due_at, job.holder_id) == ("failed", code, None, ENTERPRISE.id)
    assert (event.again, event.stock, event.reason, event.enterprise_id) == (False, stock, code, ENTERPRISE.id)
    assert [goods.count for goods in event.lines] == [13, 2]


def test_a_reason_that_another_can_overcome_opens_the_job_again() -> None:
    job, event = told(fail(given.started(given.collect()), ENTERPRISE.id, failure("vehicle_trouble"), MOMENT))

    assert (job.status, job.holder_id, job.due_at) == ("open", None, MOMENT.due_at)
    assert (event.again, event.enterprise_id) == (True, ENTERPRISE.id)
    assert claim(job, OTHER, NOW)[0].holder_id == OTHER.id


def test_a_claimed_job_can_fail_before_it_begins() -> None:
    assert told(fail(given.claimed(given.collect()), ENTERPRISE.id, failure("no_time"), MOMENT))[0].status == "open"


def test_a_buyer_who_is_absent_is_tried_three_times_more_and_then_the_goods_are_gone() -> None:
    job, outcomes = given.filled(given.deliver()), []
    for _ in range(4):
        job, event = told(fail(given.started(job), ENTERPRISE.id, failure("buyer_absent", "deliver"), MOMENT))
        outcomes.append((job.status, event.again, event.stock))

    assert outcomes == [*[("open", True, "back")] * 3, ("failed", False, "gone")]


def test_other_troubles_do_not_count_as_an_absent_buyer() -> None:
    job = given.filled(given.deliver())
    for code in ("no_time", "buyer_absent", "no_time", "crew_trouble", "vehicle_trouble", "buyer_absent"):
        job, _ = told(fail(given.started(job), ENTERPRISE.id, failure(code, "deliver"), MOMENT))

    assert (job.status, job.failures["buyer_absent"]) == ("open", 2)


def test_a_failed_delivery_is_only_about_goods_that_were_at_the_depot() -> None:
    job = given.claimed(given.deliver())
    answer = Answer(source_id="order-1.collect.0100000002", at=NOW, came=(Counted(line_id="3", count=7),))
    job, _ = learn(job, given.name_of(job.work), answer)

    _, event = told(fail_by_hub(job, failure("written_off_by_hub", "deliver", "operator"), MOMENT))

    assert [(goods.line_id, goods.count) for goods in event.lines] == [("3", 7)]


def test_only_the_holder_says_that_it_failed() -> None:
    assert refused(lambda: fail(given.collect(), ENTERPRISE.id, failure("no_time"), MOMENT)) == "not_claimed"
    assert refused(lambda: fail(given.claimed(given.collect()), OTHER.id, failure("no_time"), MOMENT)) == "no_such_job"


def test_what_has_ended_cannot_fail() -> None:
    cancelled = cancel(given.claimed(given.collect()), "order_cancelled", NOW)[0]
    hub = failure("stopped_by_hub", teller="operator")

    assert refused(lambda: fail(cancelled, ENTERPRISE.id, failure("no_time"), MOMENT)) == "job_ended"
    assert refused(lambda: fail_by_hub(cancelled, hub, MOMENT)) == "job_ended"


def test_the_operator_stops_a_job_that_nobody_took_up() -> None:
    job, event = told(fail_by_hub(given.collect(), failure("stopped_by_hub", teller="operator"), MOMENT))

    assert (job.status, event.enterprise_id, event.stock) == ("failed", None, "back")


def test_the_operator_takes_a_job_away_from_a_holder_who_does_nothing() -> None:
    job, event = told(fail_by_hub(given.claimed(given.collect()), failure("no_time", teller="operator"), MOMENT))

    assert (job.status, job.holder_id, event.enterprise_id) == ("open", None, ENTERPRISE.id)


def test_an_open_job_cannot_be_opened_again() -> None:
    hub = failure("no_time", teller="operator")

    assert refused(lambda: fail_by_hub(given.collect(), hub, MOMENT)) == "not_claimed"


def test_a_reason_of_another_kind_of_job_or_of_somebody_else_is_refused() -> None:
    assert refused(lambda: reason_of("buyer_absent", "collect", "enterprise")) == "no_such_reason"
    assert refused(lambda: reason_of("stopped_by_hub", "collect", "enterprise")) == "no_such_reason"
    assert refused(lambda: reason_of("not_done_in_time", "collect", "operator")) == "no_such_reason"


@pytest.mark.parametrize("kind", JOB_KINDS)
@pytest.mark.parametrize("teller", ["enterprise", "operator", "deadline"])
def test_a_code_means_one_thing_for_one_kind_of_job(kind: JobKind, teller: Teller) -> None:
    codes = [each.code for each in reasons_for(teller, kind)]

    assert codes
    assert len(codes) == len(set(codes))


def test_no_reason_promises_again_and_forever_at_once() -> None:
    assert all(each.again or each.most is None for each in REASONS)


def test_the_note_is_part_of_the_timeline() -> None:
    why = Failure(reason=reason_of("no_time", "collect", "enterprise"), note="File op de E40.")
    job, _ = told(fail(given.claimed(given.collect()), ENTERPRISE.id, why, MOMENT))

    assert job.timeline[-1].text.endswith("another enterprise can take over. File op de E40.")


def test_a_job_reopened_shortly_before_it_expires_is_due_then() -> None:
    late = Moment(now="2030-01-02T19:00:00.000Z", due_at="2030-01-02T21:00:00.000Z")
    job, _ = told(fail(given.claimed(given.collect()), ENTERPRISE.id, failure("no_time"), late))

    assert job.due_at == EXPIRES
