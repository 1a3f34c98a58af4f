"""From facts to status: the furthest that they allow, never back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.orders.domain import requests
from services.orders.domain.order import FINAL, Order, all_references
from services.orders.domain.progress import courses, ended_at
from services.orders.domain.stamp import Stamp
from services.orders.domain.timeline import timeline
from shared.events.base import Event
from shared.events.jobs import (
    JobCancelled,
    JobClaimed,
    JobDone,
    JobDropped,
    JobEscalated,
    JobFailed,
    JobOffered,
    JobStarted,
)
from shared.events.orders import DeliveredLine, OrderDelivered, OrderFailed
from tests.unit.orders.world import (
    COLLECTED,
    a_lot,
    after,
    asked,
    at,
    job,
    left_farm,
    placed,
    refused,
    released,
    reserved,
    some,
    told,
    weighed,
    whole_way,
)

OTHER = a_lot("lot-2", producer_id="0201105843", producer_name="De Zonnebloem")
OTHER_JOB = {"job_id": "order-1.collect.other"}


def two_lines() -> Order:
    order = placed(asked(), asked("lot-2", count=2), lots=[a_lot(), OTHER])
    return told(order, reserved(), reserved("2", 2, "lot-2"))


def cancelling() -> Order:
    return requests.cancel(two_lines(), "buyer", at(5).at)[0]


def raised(order: Order, *events: Event) -> tuple[Order, tuple[Event, ...]]:
    return after(order, [(event, at(10 + minute)) for minute, event in enumerate(events)])


def test_a_collection_that_starts_makes_the_order_collecting() -> None:
    assert told(placed(), reserved(), *COLLECTED[:2]).status == "confirmed"
    assert told(placed(), reserved(), *COLLECTED[:3]).status == "collecting"


def test_a_delivery_that_starts_makes_the_order_underway() -> None:
    assert told(placed(), *whole_way()[:-1]).status == "underway"


def test_an_order_that_arrives_in_full_is_delivered() -> None:
    order, events = raised(placed(), *whole_way())

    assert order.status == "delivered"
    assert events[-1] == OrderDelivered(
        order_id="order-1", lines=(DeliveredLine(line_id="1", lot_id="lot-1", count=5),)
    )


def test_an_order_that_arrives_with_fewer_packs_is_delivered_in_part() -> None:
    order = told(placed(), *whole_way()[:-1], job(JobDone, "deliver", some(4), short=(some(1),)))

    assert order.status == "delivered_in_part"
    assert courses(order)["1"].delivered == 4


def test_an_order_that_was_confirmed_in_part_is_delivered_in_part() -> None:
    order = placed(asked(), asked("lot-2", count=2), lots=[a_lot(), OTHER])

    assert told(order, refused("2", "lot-2"), *whole_way()).status == "delivered_in_part"


def test_a_job_that_fails_and_reopens_does_not_move_the_status_back() -> None:
    order = told(placed(), reserved(), *COLLECTED[:3], job(JobFailed, again=True))

    assert order.status == "collecting"
    assert order.jobs[0].state == "open"


def test_a_delivery_that_fails_for_good_leaves_nothing_delivered() -> None:
    order, events = raised(placed(), *whole_way()[:-1], job(JobFailed, "deliver", reason="shop_closed"))

    assert order.status == "not_delivered"
    assert events[-1] == OrderFailed(order_id="order-1", reason="shop_closed", lines=all_references(order))


def test_collections_that_all_fail_end_the_order_before_its_delivery_is_called_off() -> None:
    order, events = raised(two_lines(), job(JobFailed, "collect", some(), some(2, "2", "lot-2"), reason="no_goods"))

    assert order.status == "not_delivered"
    assert events == (OrderFailed(order_id="order-1", reason="no_goods", lines=all_references(order)),)
    assert raised(order, job(JobCancelled, "deliver")) == (told(order, job(JobCancelled, "deliver"), start=10), ())


def test_one_collection_that_fails_leaves_the_other_to_be_delivered() -> None:
    other = (some(2, "2", "lot-2"),)
    order = told(
        two_lines(),
        job(JobFailed),
        *(job(type_, "collect", *other, **OTHER_JOB) for type_ in (JobStarted, JobDone)),
        *(job(type_, "deliver", *other) for type_ in (JobStarted, JobDone)),
    )

    assert order.status == "delivered_in_part"
    assert [courses(order)[line].delivered for line in ("1", "2")] == [0, 2]


def test_an_order_whose_work_is_all_called_off_on_request_is_cancelled() -> None:
    order, events = raised(
        cancelling(), job(JobCancelled), job(JobCancelled, "collect", some(2, "2", "lot-2"), **OTHER_JOB)
    )

    assert (order.status, events) == ("cancelled", ())
    assert ended_at(order) == at(11).at


def test_an_order_whose_work_is_called_off_without_a_request_is_not_delivered() -> None:
    order = told(two_lines(), job(JobCancelled, "collect", some(), some(2, "2", "lot-2"), reason="hub_closed"))

    assert order.status == "not_delivered"


def test_a_collection_that_had_started_goes_on_after_a_cancel() -> None:
    order = told(cancelling(), job(JobStarted), start=10)
    assert order.status == "collecting"

    order = told(order, job(JobCancelled, "collect", some(2, "2", "lot-2"), **OTHER_JOB), job(JobDone), start=12)
    order = told(order, job(JobStarted, "deliver"), job(JobDone, "deliver"), start=20)

    assert order.status == "delivered_in_part"
    assert courses(order)["2"].cancelled


def test_goods_that_left_the_farm_count_before_the_job_is_told_done() -> None:
    order = told(placed(), reserved(), left_farm(count=4))

    assert courses(order)["1"].collected == 4
    assert order.status == "confirmed"


def test_a_final_order_stays_as_it_ended() -> None:
    order = told(placed(), *whole_way())

    assert told(order, job(JobFailed, "deliver"), start=60).status == "delivered"


@pytest.mark.parametrize("type_", [JobDropped, JobEscalated])
def test_a_job_that_nobody_holds_is_open(type_: type[JobDropped]) -> None:
    extra = {"enterprise_id": "ent"} if type_ is JobDropped else {}
    order = told(placed(), reserved(), job(type_, reason="ill", **extra))

    assert (order.jobs[0].state, order.jobs[0].doer) == ("open", None)


FULL = [
    [reserved(), reserved("2", 2, "lot-2")],
    [released(), left_farm(count=4, grams=41_000), weighed(40_500), left_farm("2", 2, lot_id="lot-2")],
    [
        job(JobOffered),
        job(JobClaimed),
        job(JobDropped, enterprise_id="ent", reason="ill"),
        job(JobClaimed),
        job(JobStarted),
        job(JobDone, "collect", some(4), short=(some(1),)),
    ],
    [job(type_, "collect", some(2, "2", "lot-2"), **OTHER_JOB) for type_ in (JobOffered, JobCancelled)],
    [
        *(job(type_, "deliver", some(4)) for type_ in (JobOffered, JobClaimed, JobStarted)),
        job(JobFailed, "deliver", some(4), again=True),
        *(job(type_, "deliver", some(4)) for type_ in (JobClaimed, JobStarted, JobDone)),
    ],
]
STAMPED = [
    [(event, at(10 * number + minute)) for minute, event in enumerate(topic)] for number, topic in enumerate(FULL)
]
FRESH = placed(asked(), asked("lot-2", count=2), lots=[a_lot(), OTHER])


def without_repeats(events: tuple[Event, ...]) -> set[str]:
    return {type(event).__name__ for event in events}


@st.composite
def arrivals(draw: st.DrawFn, *, shuffled: bool) -> list[tuple[Event, Stamp]]:
    """All facts after the confirmation, interleaved; each series in its order, or not even that; some repeated."""
    series = [list(topic) for topic in STAMPED[1:]]
    if shuffled:
        return draw(st.permutations([each for topic in series for each in topic]))
    merged: list[tuple[Event, Stamp]] = []
    while any(series):
        topic = draw(st.sampled_from([topic for topic in series if topic]))
        merged.append(topic.pop(0))
        if draw(st.booleans()):
            merged.append(draw(st.sampled_from(merged)))
    return merged


@settings(max_examples=150, deadline=None)
@given(st.one_of(arrivals(shuffled=False), arrivals(shuffled=True)), st.sampled_from([1, -1]))
def test_any_arrival_and_repetition_gives_the_same_order(arrived: list[tuple[Event, Stamp]], turn: int) -> None:
    answers = STAMPED[0][::turn]
    everything = [each for topic in STAMPED for each in topic]

    order, events = after(FRESH, [*answers, *arrived, *answers])

    expected, told_in_order = after(FRESH, everything)
    assert order == expected
    assert without_repeats(events) == without_repeats(told_in_order) == {"OrderConfirmed", "OrderDelivered"}
    assert len(events) == 2
    assert timeline(order) == timeline(expected)


@settings(max_examples=60, deadline=None)
@given(arrivals(shuffled=False))
def test_a_status_never_moves_back(arrived: list[tuple[Event, Stamp]]) -> None:
    rank = {status: number for number, status in enumerate(("placed", "confirmed", "collecting", "underway"))}
    order, seen = FRESH, []
    for event, stamp in [*STAMPED[0], *arrived]:
        order, _ = after(order, [(event, stamp)])
        seen.append(rank.get(order.status, 9))

    assert seen == sorted(seen)
    assert order.status in FINAL


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(4)), st.permutations(range(4)))
def test_calling_off_gives_the_same_end_in_any_order(one: list[int], other: list[int]) -> None:
    facts = [
        (job(JobCancelled), at(10)),
        (job(JobCancelled, "collect", some(2, "2", "lot-2"), **OTHER_JOB), at(11)),
        (job(JobCancelled, "deliver", some(), some(2, "2", "lot-2")), at(12)),
        (released(), at(13)),
    ]

    first, _ = after(cancelling(), [facts[number] for number in one])
    second, _ = after(cancelling(), [facts[number] for number in other])

    assert first == second
    assert (first.status, ended_at(first)) == ("cancelled", at(11).at)
