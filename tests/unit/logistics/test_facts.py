"""Facts about goods in any order and repetition, also before the job that they are about is there."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from services.logistics.app.kinds import JOB
from services.logistics.app.timing import schedule
from services.logistics.domain.job import Job
from services.logistics.domain.offering import offer
from services.logistics.domain.story import story
from services.logistics.main import SERVICE
from shared.consumer import Message
from shared.events.base import Event
from shared.events.jobs import Goods, JobCancelled, JobDone, JobFailed
from shared.events.orders import LineRef, OrderCancelled, OrderConfirmed, OrderFailed, OrderRefused
from shared.hub import DEFAULT_HUB
from shared.store.aggregate import Cause, Ledger, Step
from shared.store.memory import MemoryStore
from shared.values import JobKind
from tests.unit.logistics.given import NOW, ORDER, PACKED, tasks

FIRST, SECOND = "order-1.collect.0100000001", "order-1.collect.0100000002"
REFS = tuple(
    LineRef(line_id=line.line_id, attempt=1, lot_id=line.lot_id, producer_id=line.producer_id) for line in ORDER.lines
)


def goods(line_id: str, lot_id: str, count: int, grams: int | None = None) -> Goods:
    return Goods(line_id=line_id, attempt=1, lot_id=lot_id, count=count, grams=grams)


def done(job_id: str, kind: JobKind, *lines: Goods) -> JobDone:
    return JobDone(job_id=job_id, order_id="order-1", kind=kind, lines=lines, enterprise_id="e")


def cancelled(job_id: str, kind: JobKind = "collect") -> JobCancelled:
    return JobCancelled(job_id=job_id, order_id="order-1", kind=kind, lines=(), reason="order_cancelled")


def failed(job_id: str, *, again: bool = False) -> JobFailed:
    return JobFailed(
        job_id=job_id, order_id="order-1", kind="collect", lines=(), enterprise_id="e", reason="goods_missing",
        again=again, stock="gone",
    )  # fmt: skip


MILK_CAME = done(FIRST, "collect", goods("1", "lot-milk", 12), goods("2", "lot-cheese", 2, 4_100))
LEEK_CAME = done(SECOND, "collect", goods("3", "lot-leek", 10))


class Desk:
    """The service's handlers on a store in memory, with nothing in between."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.ledger = Ledger(self.store, "logistics", lambda: NOW)
        self.handlers = SERVICE.handlers(self.ledger, DEFAULT_HUB)
        self.heard = 0

    def hear(self, *events: Event) -> None:
        """One batch; every message has an id of its own, so that no inbox helps against a repetition."""
        steps: list[tuple[Step, Cause]] = []
        for event in events:
            self.heard += 1
            message = Message(id=f"id-{self.heard:04}", type=type(event).__name__, time=NOW, traceparent="", data=event)
            steps += [(step, Cause(message_id=message.id)) for step in self.handlers[type(event)](message, NOW)]
        assert self.ledger.apply(steps) == []

    def job(self, job_id: str) -> Job:
        saved = self.ledger.load(JOB, job_id)
        assert saved is not None
        return saved.state

    def documents(self) -> dict[str, Any]:
        return {each.id: each.state for each in self.store.find("jobs", {})}

    def only_collections(self, order: OrderConfirmed) -> None:
        """As after a crash between the inserts: the collections are there, what waits for them is not."""
        for task in tasks(order).values():
            if task.kind == "collect":
                when = schedule(task, DEFAULT_HUB.deadlines, NOW)
                self.ledger.decide(JOB, task.job_id, partial(offer, task=task, schedule=when))


def heard(*events: Event, order: OrderConfirmed = ORDER) -> Desk:
    desk = Desk()
    desk.hear(order)
    for event in events:
        desk.hear(event)
    return desk


def test_a_confirmed_order_becomes_its_jobs_once() -> None:
    desk = heard(PACKED, order=PACKED)

    assert set(desk.documents()) == {FIRST, SECOND, "order-1.pack", "order-1.deliver"}
    assert desk.store.count("jobs", {"state.status": "open", "_id": {"$gt": ""}}) == 4


def test_the_delivery_hears_what_each_farm_gave() -> None:
    desk = heard(MILK_CAME, LEEK_CAME)

    assert [each.source_id for each in desk.job("order-1.deliver").answers] == [FIRST, SECOND]


def test_of_a_packed_order_the_packing_hears_from_farms_and_the_delivery_from_the_packing() -> None:
    packed = done("order-1.pack", "pack", goods("1", "lot-milk", 11), goods("3", "lot-leek", 10))
    desk = heard(MILK_CAME, LEEK_CAME, packed, order=PACKED)

    assert [each.source_id for each in desk.job("order-1.pack").answers] == [FIRST, SECOND]
    (answer,) = desk.job("order-1.deliver").answers
    assert [(each.line_id, each.count) for each in answer.came] == [("1", 11), ("3", 10)]


def test_a_failure_that_is_tried_again_is_no_answer() -> None:
    assert heard(failed(FIRST, again=True)).job("order-1.deliver").answers == ()


@pytest.mark.parametrize("order", [ORDER, PACKED])
def test_jobs_of_which_nothing_came_are_cancelled_down_the_chain(order: OrderConfirmed) -> None:
    desk = heard(failed(FIRST), cancelled(SECOND), order=order)
    if order.packed:
        desk.hear(cancelled("order-1.pack", "pack"))

    job = desk.job("order-1.deliver")
    assert (job.status, job.outcome, job.due_at) == ("cancelled", "nothing_to_carry", None)


def test_a_cancelled_order_cancels_the_collections_only() -> None:
    desk = heard(OrderCancelled(order_id="order-1", confirmed=True, lines=REFS))

    assert [desk.job(each).status for each in (FIRST, SECOND, "order-1.deliver")] == ["cancelled", "cancelled", "open"]


def test_a_cancelled_order_leaves_no_trace_of_farms_that_refused_its_lines() -> None:
    refused = LineRef(line_id="4", attempt=1, lot_id="lot-x", producer_id="0100000003")
    desk = heard(OrderCancelled(order_id="order-1", confirmed=True, lines=(*REFS, refused)))

    assert set(desk.documents()) == {FIRST, SECOND, "order-1.deliver"}


def test_an_order_cancelled_before_it_was_confirmed_leaves_no_trace() -> None:
    desk = Desk()
    desk.hear(OrderCancelled(order_id="order-1", confirmed=False, lines=REFS))

    assert desk.documents() == {}


@pytest.mark.parametrize(
    "event", [OrderFailed(order_id="order-1", reason="x"), OrderRefused(order_id="order-1", reason="x", lines=REFS)]
)
def test_an_order_that_ended_without_goods_calls_all_its_open_work_off(event: Event) -> None:
    desk = heard(event, order=PACKED)

    assert {state["status"] for state in desk.documents().values()} == {"cancelled"}


def test_an_order_that_never_had_work_calls_nothing_off() -> None:
    desk = Desk()
    desk.hear(OrderFailed(order_id="order-1", reason="x"), OrderRefused(order_id="order-1", reason="x", lines=REFS))

    assert desk.documents() == {}


def test_news_of_a_job_that_nobody_knows_is_let_go() -> None:
    desk = Desk()
    desk.hear(MILK_CAME)

    assert desk.documents() == {}


def test_an_order_cancelled_before_its_work_is_there_ends_as_if_it_had_been() -> None:
    cancel = OrderCancelled(order_id="order-1", confirmed=True, lines=REFS)
    early, late = Desk(), Desk()
    early.hear(cancel)
    early.hear(cancel, ORDER)
    late.hear(ORDER, cancel)

    assert early.documents() == late.documents()
    assert early.job(FIRST).status == "cancelled"


def test_the_timeline_tells_what_came_and_what_did_not() -> None:
    texts = [each.text for each in story(heard(MILK_CAME, failed(SECOND)).job("order-1.deliver"))]

    assert "14 packs are ready at the depot, from Hoeve Demer." in texts
    assert "Nothing comes of what was awaited from Dijlebroek." in texts


def test_a_fact_that_comes_before_its_job_is_kept_for_it() -> None:
    desk = Desk()
    desk.only_collections(ORDER)
    desk.hear(MILK_CAME)

    assert (desk.job("order-1.deliver").status, len(desk.job("order-1.deliver").answers)) == ("expected", 1)


@st.composite
def _deliveries(draw: st.DrawFn, events: Sequence[Event]) -> list[list[Event]]:
    """Every event at least once, some of them more often, in any order, cut into batches anywhere."""
    repeated = draw(st.lists(st.sampled_from(events), max_size=4))
    order = draw(st.permutations([*events, *repeated]))
    cuts = sorted(draw(st.sets(st.integers(0, len(order)), max_size=3)) | {0, len(order)})
    return [order[start:end] for start, end in pairwise(cuts)]


@pytest.mark.parametrize(
    "events",
    [
        (ORDER, MILK_CAME, LEEK_CAME),
        (ORDER, failed(FIRST), cancelled(SECOND)),
        (ORDER, MILK_CAME, cancelled(SECOND), OrderCancelled(order_id="order-1", confirmed=True, lines=REFS)),
        (PACKED, MILK_CAME, failed(SECOND)),
        (PACKED, MILK_CAME, failed(SECOND), done("order-1.pack", "pack", goods("1", "lot-milk", 12))),
        (PACKED, failed(FIRST), failed(SECOND), cancelled("order-1.pack", "pack")),
    ],
)
def test_any_order_and_repetition_of_facts_gives_the_same_documents(events: tuple[Event, ...]) -> None:
    order = events[0]
    assert isinstance(order, OrderConfirmed)
    expected = heard(*events, order=order)

    @settings(max_examples=60, deadline=None)
    @hypothesis_given(_deliveries(events))
    def check(batches: list[list[Event]]) -> None:
        desk = Desk()
        desk.only_collections(order)
        if order.packed:
            desk.hear(order)  # what the packing told, it told after it was planned
        for batch in batches:
            desk.hear(*batch)

        assert desk.documents() == expected.documents()

    check()
