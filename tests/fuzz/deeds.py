"""What can happen to each kind of aggregate: deeds, each a decision on its state that waits only for that state."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hypothesis import strategies as st

from services.logistics.domain import failing, handing, offering, overdue, taking
from services.logistics.domain.job import Answer, CallOff, Counted, HandOver, Moment
from services.logistics.domain.offering import Name
from services.logistics.domain.reasons import REASONS
from services.orders.domain import answers, goods, requests
from services.orders.domain.stamp import Stamp
from services.producers.domain import listing, stock, weighing
from services.producers.domain.reservation import Outcome
from shared.accounts import domain as accounts
from shared.errors import NeverError, RefusedError
from shared.events import jobs, reservations
from shared.events.base import Event
from tests.fuzz.values import Maker, instants
from tests.unit.logistics.given import ENTERPRISE, OTHER
from tests.unit.orders.world import a_lot
from tests.unit.producers import given as farm

Deed = Callable[[Any], tuple[Any, Sequence[Event]]]
Deeds = st.SearchStrategy[Deed]

few = st.integers(0, 12)
_HONEST = Maker(
    ids={
        "order_id": ("order-1",),
        "lot_id": ("lot-1", "lot-2"),
        "line_id": ("1", "2"),
        "pack_id": ("p1", "p2"),
        "job_id": ("order-1.collect.farm", "order-1.pack", "order-1.deliver"),
        "enterprise_id": ("ent", "other"),
    }
)
_RESERVATIONS = st.sampled_from(
    [f"order-{n}.{line}.{attempt}" for n in (1, 2, 3) for line in (1, 2) for attempt in (1, 2)]
)


def done_to(state: Any, deed: Deed) -> tuple[Any, Sequence[Event]]:
    """The state after the deed, and what was told; a deed that is refused leaves it as it was."""
    try:
        return deed(state)
    except (RefusedError, NeverError):
        return state, ()


def after(state: Any, deeds: Sequence[Deed]) -> Any:
    """The state after all of them."""
    for deed in deeds:
        state, _ = done_to(state, deed)
    return state


def _call(function: Callable[..., Any], **arguments: st.SearchStrategy[Any]) -> Deeds:
    return st.fixed_dictionaries(arguments).map(lambda given: partial(function, **given))


def _lines(wish: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    line = st.builds(farm.line, few, pack=st.sampled_from(["p1", "p2", "p3"]), line_id=st.sampled_from("12"), wish=wish)
    return st.lists(line, min_size=1, max_size=2, unique_by=lambda each: each.line_id)


_orders = st.sampled_from(["order-1", "order-2", "order-3"])
_requests = st.builds(
    lambda lines, order, until: farm.asks(*lines, order=order, answer_by=until),
    _lines(st.sampled_from(["exact", "less_is_fine"])),
    _orders,
    instants,
)
_outcomes = st.dictionaries(
    _RESERVATIONS,
    st.builds(
        Outcome, moved=few, stock=st.sampled_from(["back", "gone"]), reason=st.just("short"), grams=st.none() | few
    ),
    min_size=1,
    max_size=2,
)
_changes = st.builds(
    listing.LotChange,
    packs=st.none() | st.just((farm.KILO,)),
    listed=st.none() | st.integers(1, 40_000),
    best_before=st.none() | st.just("2030-02-01"),
)
lot_deeds: Deeds = st.one_of(
    _call(stock.reserve, request=_requests, now=instants),
    _call(stock.give_back, asked=st.builds(farm.takes_back, st.sampled_from("12"), order=_orders), now=instants),
    _call(stock.report, kind=st.sampled_from(["collect", "pack", "deliver"]), outcomes=_outcomes, now=instants),
    _call(stock.end, order_id=_orders, until=instants, now=instants),
    _call(weighing.weigh, id_=_RESERVATIONS, grams=st.integers(1, 60_000), now=instants),
    _call(listing.change, wanted=_changes, now=instants),
    st.just(listing.withdraw),
)

_stamps = st.builds(Stamp, at=instants, sequence=st.integers(0, 10**6))
_moved = st.lists(
    st.builds(jobs.Goods, line_id=st.sampled_from("12"), attempt=st.just(1), lot_id=st.just("lot-1"), count=few),
    max_size=2,
).map(tuple)
_of_a_line = {"order_id": st.just("order-1"), "line_id": st.sampled_from("12"), "attempt": st.sampled_from([1, 1, 2])}
_of_a_line["lot_id"] = st.sampled_from(["lot-1", "lot-2"])


def _told(function: Any, *events: Any, **more: st.SearchStrategy[Any]) -> Deeds:
    made = [_HONEST.built(each, **{**_of_a_line, "lines": _moved, **more}) for each in events]
    return st.one_of(*(_call(function, event=each, stamp=_stamps) for each in made))


order_deeds: Deeds = st.one_of(
    _told(answers.on_stock_reserved, reservations.StockReserved, count=st.integers(1, 5)),
    _call(
        answers.on_stock_refused,
        event=_HONEST.built(reservations.StockRefused, **_of_a_line),
        stamp=_stamps,
        candidates=st.lists(st.builds(a_lot, st.sampled_from(["lot-2", "lot-3"])), max_size=2),
    ),
    _told(goods.on_stock_released, reservations.StockReleased),
    _told(goods.on_stock_collected, reservations.StockCollected),
    _told(goods.on_weight_recorded, reservations.WeightRecorded),
    _told(goods.on_job, *jobs.JobEvent.__subclasses__()),
    _call(answers.on_due, now=instants),
    _call(requests.cancel, by=st.sampled_from(["buyer", "operator"]), now=instants),
    _call(requests.confirm_receipt, now=instants),
    _call(requests.report_short, shortage=_HONEST.of(requests.Shortage), now=instants),
)

_names = st.just(Name(job_id="order-1.deliver", order_id="order-1", kind="deliver"))
_moments = st.builds(Moment, now=instants, due_at=instants)
_counted = st.lists(
    st.builds(Counted, line_id=st.sampled_from("123"), count=few, grams=st.none() | st.integers(1, 30_000)), max_size=3
)
_answers = st.builds(
    Answer,
    source_id=st.sampled_from(["order-1.collect.0100000001", "order-1.collect.0100000002", "order-1.pack"]),
    at=instants,
    came=_counted.map(tuple),
)
_hand_overs = st.builds(
    HandOver, at=instants, by=st.just("An"), lines=_counted.map(tuple), celsius=st.none() | st.floats(-60, 60)
)
_who = st.sampled_from([ENTERPRISE.id, OTHER.id])
_reasons = st.sampled_from(REASONS).map(lambda reason: failing.Failure(reason=reason))
job_deeds: Deeds = st.one_of(
    _call(offering.learn, name=_names, answer=_answers),
    _call(
        offering.call_off, name=_names, why=st.builds(CallOff, at=instants, reason=st.just(offering.ORDER_CANCELLED))
    ),
    _call(offering.cancel_by_hub, now=instants),
    _call(taking.claim, enterprise=st.sampled_from([ENTERPRISE, OTHER]), now=instants),
    _call(taking.claim, enterprise=st.sampled_from([ENTERPRISE, OTHER]), now=instants),
    _call(taking.drop, enterprise_id=_who, reason=st.just("no time"), moment=_moments),
    _call(taking.start, enterprise_id=_who, now=instants),
    _call(handing.done, enterprise_id=_who, given=_hand_overs, now=instants),
    _call(failing.fail, enterprise_id=_who, failure=_reasons, moment=_moments),
    _call(failing.fail_by_hub, failure=_reasons, moment=_moments),
    _call(overdue.overdue, moment=_moments),
)

_keys = st.builds(accounts.Key, id=st.sampled_from("abcdef"), digest=st.just("d"), created_at=instants)
account_deeds: Deeds = st.one_of(
    _call(accounts.set_status, status=st.sampled_from(accounts.STATUSES)),
    _call(accounts.add_key, key=_keys),
    _call(accounts.revoke_key, key_id=st.sampled_from("abcdefg"), now=instants),
    _call(accounts.change, changes=st.fixed_dictionaries({"name": st.text(max_size=5), "profile": st.just({"n": 1})})),
)
