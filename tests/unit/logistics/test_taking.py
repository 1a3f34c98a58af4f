from collections.abc import Callable
from dataclasses import replace

import pytest

from services.logistics.domain.job import Answer, Counted, Decided, Job, ended
from services.logistics.domain.offering import cancel, cancel_by_hub, learn, offer
from services.logistics.domain.taking import claim, drop, start
from shared.errors import ConflictError, NotFoundError, RefusedError
from shared.events.jobs import Goods, JobCancelled, JobClaimed, JobDropped, JobOffered, JobStarted
from tests.unit.logistics import given
from tests.unit.logistics.given import ENDED, ENTERPRISE, EXPIRES, LATER, MOMENT, NOW, OTHER, SCHEDULE, STARTED

MILK_AND_CHEESE = (
    Goods(line_id="1", attempt=1, lot_id="lot-milk", count=13),
    Goods(line_id="2", attempt=1, lot_id="lot-cheese", count=2),
)


def refused(decide: Callable[[], Decided]) -> str:
    with pytest.raises(RefusedError) as caught:
        decide()
    return caught.value.code


def test_an_offered_job_is_open_due_and_told() -> None:
    job, events = offer(None, given.tasks()["order-1.collect.0100000001"], SCHEDULE)

    assert (job.status, job.due_at, job.expires_at, job.page_key) == ("open", LATER, EXPIRES, f"{NOW}/{job.id}")
    assert (job.lat, job.lon) == (50.9841, 4.8365)
    (offered,) = events
    assert isinstance(offered, JobOffered)
    assert offered.lines == MILK_AND_CHEESE
    assert (offered.window, offered.pay_cents, offered.wide) == (job.work.window, job.work.pay_cents, False)


def test_a_job_offered_twice_is_made_once() -> None:
    job = given.collect()

    assert offer(job, job.work, replace(SCHEDULE, now=LATER)) == (job, ())


def test_a_job_that_is_over_before_it_can_wait_is_due_when_it_expires() -> None:
    job, _ = offer(None, given.collect().work, replace(SCHEDULE, due_at="2031-01-01T00:00:00.000Z"))

    assert job.due_at == EXPIRES


def test_who_claims_an_open_job_holds_it_until_it_expires() -> None:
    job, events = claim(given.collect(), ENTERPRISE, NOW)

    assert (job.status, job.holder_id, job.holder_name, job.due_at) == ("claimed", ENTERPRISE.id, "Kruiwagen", EXPIRES)
    assert events == (
        JobClaimed(
            job_id=job.id,
            order_id="order-1",
            kind="collect",
            lines=MILK_AND_CHEESE,
            enterprise_id=ENTERPRISE.id,
            enterprise_name="Kruiwagen",
        ),
    )


def test_the_holder_who_claims_again_changes_nothing() -> None:
    job = given.claimed(given.collect())

    assert claim(job, ENTERPRISE, LATER) == (job, ())


def test_the_second_to_claim_is_refused() -> None:
    assert refused(lambda: claim(given.claimed(given.collect()), OTHER, NOW)) == "already_claimed"


def test_a_job_that_does_not_suit_cannot_be_claimed() -> None:
    walker = replace(ENTERPRISE, profile=replace(ENTERPRISE.profile, vehicles=()))

    assert refused(lambda: claim(given.collect(), walker, NOW)) == "no_vehicle"


def test_a_job_that_ended_cannot_be_claimed() -> None:
    cancelled = cancel(given.collect(), "order_cancelled", NOW)[0]

    assert refused(lambda: claim(cancelled, ENTERPRISE, NOW)) == "job_ended"


@pytest.mark.parametrize("job", [None, Job(id="j", order_id="o", kind="deliver")])
def test_a_job_that_is_not_there_yet_cannot_be_claimed(job: Job | None) -> None:
    with pytest.raises(NotFoundError):
        claim(job, ENTERPRISE, NOW)


def test_claiming_takes_a_job_away_from_the_operators_desk() -> None:
    assert not claim(replace(given.collect(), escalated=True), ENTERPRISE, NOW)[0].escalated


def test_packing_is_claimed_for_the_own_site_where_there_is_one() -> None:
    owner = replace(ENTERPRISE, profile=replace(ENTERPRISE.profile, own_site=True))
    pack = given.opened("order-1.pack", given.PACKED)

    assert claim(pack, owner, NOW)[0].site == owner.base
    assert claim(pack, ENTERPRISE, NOW)[0].site is None


def test_a_dropped_job_is_open_again_and_due_anew() -> None:
    job, events = drop(given.claimed(given.collect()), ENTERPRISE.id, "Busje stuk", MOMENT)

    assert (job.status, job.holder_id, job.due_at) == ("open", None, MOMENT.due_at)
    (dropped,) = events
    assert isinstance(dropped, JobDropped)
    assert (dropped.enterprise_id, dropped.reason) == (ENTERPRISE.id, "Busje stuk")


def test_a_dropped_job_can_be_claimed_by_another() -> None:
    job = drop(given.claimed(given.collect()), ENTERPRISE.id, "Busje stuk", MOMENT)[0]

    assert claim(job, OTHER, LATER)[0].holder_id == OTHER.id


def test_only_the_holder_drops_and_only_before_the_start() -> None:
    job = given.claimed(given.collect())

    assert refused(lambda: drop(given.collect(), ENTERPRISE.id, "x", MOMENT)) == "not_claimed"
    assert refused(lambda: drop(job, OTHER.id, "x", MOMENT)) == "no_such_job"
    assert refused(lambda: drop(given.started(given.collect()), ENTERPRISE.id, "x", MOMENT)) == "already_started"


def test_the_holder_starts_once() -> None:
    job, events = start(given.claimed(given.collect()), ENTERPRISE.id, STARTED)

    assert job.status == "started"
    assert [type(each) for each in events] == [JobStarted]
    assert start(job, ENTERPRISE.id, ENDED) == (job, ())


def test_only_the_holder_starts() -> None:
    assert refused(lambda: start(given.claimed(given.collect()), OTHER.id, STARTED)) == "no_such_job"


def test_a_delivery_can_be_claimed_but_not_started_while_its_goods_are_at_the_farms() -> None:
    job = given.claimed(given.deliver())

    with pytest.raises(ConflictError) as caught:
        start(job, ENTERPRISE.id, STARTED)

    assert caught.value.code == "goods_not_there"
    assert "Hoeve Demer, Dijlebroek" in caught.value.detail


def test_a_delivery_starts_when_all_its_goods_have_come() -> None:
    job, events = start(given.claimed(given.filled(given.deliver())), ENTERPRISE.id, STARTED)

    assert job.status == "started"
    assert [goods.line_id for goods in events[0].lines] == ["1", "2", "3"]  # type: ignore[attr-defined]


def test_a_delivery_is_about_what_came() -> None:
    job = given.claimed(given.deliver())
    milk = Answer(source_id="order-1.collect.0100000001", at=NOW, came=(Counted(line_id="1", count=5),))
    leek = Answer(source_id="order-1.collect.0100000002", at=NOW, came=())
    for answer in (milk, leek):
        job = learn(job, given.name_of(job.work), answer)[0]

    _, events = start(job, ENTERPRISE.id, STARTED)

    (told,) = events
    assert isinstance(told, JobStarted)
    assert told.lines == (Goods(line_id="1", attempt=1, lot_id="lot-milk", count=5),)


def test_the_operator_cancels_a_collection_that_nobody_began() -> None:
    job, events = cancel_by_hub(given.claimed(given.collect()), LATER)

    assert (job.status, job.outcome, job.due_at, job.holder_id) == (
        "cancelled",
        "cancelled_by_hub",
        None,
        ENTERPRISE.id,
    )
    assert [type(each) for each in events] == [JobCancelled]
    assert cancel_by_hub(job, LATER) == (job, ())


def test_the_operator_cannot_cancel_what_began_or_moves_goods_of_others() -> None:
    assert refused(lambda: cancel_by_hub(given.started(given.collect()), LATER)) == "already_started"
    assert refused(lambda: cancel_by_hub(given.deliver(), LATER)) == "not_a_collect_job"


def test_the_operator_cannot_cancel_what_has_ended() -> None:
    job = ended(given.started(given.collect()), "done")

    assert refused(lambda: cancel_by_hub(job, LATER)) == "job_ended"


def test_what_has_started_is_not_called_off() -> None:
    job = given.started(given.collect())

    assert cancel(job, "order_cancelled", LATER) == (job, ())
