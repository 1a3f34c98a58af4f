"""States that can really be: what deeds make of an aggregate, however they are mixed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from services.logistics.domain.enterprise import Enterprise
from services.logistics.domain.job import Job as WorkJob
from services.logistics.domain.plan import Rate, Terms
from services.logistics.domain.task import Task
from services.orders.domain.job import Job as OrderJob
from services.orders.domain.line import Attempt, Line
from services.orders.domain.order import Order
from services.orders.domain.progress import Course, courses
from services.producers.domain.lot import Lot
from services.producers.domain.reservation import Reservation
from shared.accounts.domain import Account
from shared.hub import DEFAULT_HUB
from tests.fuzz.deeds import Deeds, account_deeds, after, job_deeds, lot_deeds, order_deeds
from tests.fuzz.values import NOW, Maker
from tests.unit.logistics import given as work
from tests.unit.orders.world import a_lot, asked, placed
from tests.unit.producers import given as farm

Strategy = st.SearchStrategy[Any]


def _after(starts: Sequence[Any], deeds: Deeds) -> Strategy:
    return st.builds(after, st.sampled_from(starts), st.lists(deeds, max_size=12))


BY_WEIGHT = farm.PackDraft(label="wheel", size=2_000, price_cents=2_400, by_weight=True)
LOTS = (farm.a_lot(), farm.a_lot(BY_WEIGHT, farm.KILO), farm.a_lot(stock=1_000))
ORDERS = tuple(
    placed(asked(wish=wish), asked("lot-1", "bag", 3, wish), lots=[a_lot()]) for wish in ("exact", "substitute_ok")
)
JOBS = (work.collect(), work.deliver(), work.opened("order-1.pack", work.PACKED), work.started(work.collect()))
ACCOUNT = Maker().built(Account, keys=st.just(()), status=st.just("waiting"))

lots, orders, jobs = _after(LOTS, lot_deeds), _after(ORDERS, order_deeds), _after(JOBS, job_deeds)
accounts = st.builds(after, ACCOUNT, st.lists(account_deeds, max_size=12))


def _of(states: Strategy, parts: Callable[[Any], Iterator[Any] | Sequence[Any]]) -> Strategy:
    """One of the parts of a state that has any."""
    return states.map(lambda state: list(parts(state))).filter(bool).flatmap(st.sampled_from)


# Types whose instances are made by decisions, never from outside.
STATES: Mapping[Any, Strategy] = {
    Lot: lots,
    Order: orders,
    WorkJob: jobs,
    Account: accounts,
    Reservation: _of(lots, lambda lot: lot.reservations),
    Line: _of(orders, lambda order: order.lines),
    Attempt: _of(orders, lambda order: [line.current for line in order.lines]),
    OrderJob: _of(orders, lambda order: order.jobs),
    Course: _of(orders, lambda order: list(courses(order).values())) | st.just(Course()),
    Task: st.sampled_from([task for order in (work.ORDER, work.PACKED) for task in work.tasks(order).values()]),
    Enterprise: st.sampled_from([work.ENTERPRISE, work.OTHER]),
    Terms: st.just(work.TERMS),
    Rate: st.sampled_from(list(DEFAULT_HUB.tariff.values())),
}
__all__ = ["NOW", "STATES"]
