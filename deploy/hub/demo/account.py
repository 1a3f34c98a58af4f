"""The account that a played morning or a file of baskets ends with. Pure: facts in, figures out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deploy.hub.demo.checks import Check
from deploy.hub.demo.facts import JobFact, LotFact, OrderFact
from shared.clock import seconds_between


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the hub told at one moment: everything that it knows."""

    lots: tuple[LotFact, ...]
    orders: tuple[OrderFact, ...]
    jobs: tuple[JobFact, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Seconds from placed to answered: of how many orders, the middle one, the 95th of a hundred, the slowest."""

    count: int
    p50: float
    p95: float
    slowest: float


@dataclass(frozen=True, kw_only=True)
class StockRow:
    """A producer's lots together, in sales units before and after: lots, how many of each, by what became of it."""

    producer: str
    product: str
    unit: str
    before: LotFact | None
    after: LotFact


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """What one enterprise did: jobs done and held, by kind, and what the done ones paid, in cents."""

    enterprise: str
    done: Mapping[str, int]
    held: int
    pay_cents: int


@dataclass(frozen=True, kw_only=True)
class Account:
    """Everything that is worth telling."""

    by_status: Mapping[str, int]
    answer: Answer | None
    stock: tuple[StockRow, ...]
    work: tuple[WorkRow, ...]
    open_jobs: int
    waiting: tuple[OrderFact, ...]
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check came out right."""
        return not any(check.wrong for check in self.checks)


def draw_up(before: Facts, after: Facts, checks: Sequence[Check], mine: Iterable[str]) -> Account:
    """The account of the orders `mine`, and of all stock and work."""
    ids = set(mine)
    orders = [order for order in after.orders if order.id in ids]
    jobs = [job for job in after.jobs if job.order_id in ids]
    return Account(
        by_status=dict(Counter(order.status for order in orders).most_common()),
        answer=answer_times(orders),
        stock=_stock(before.lots, after.lots),
        work=_work(jobs),
        open_jobs=sum(job.status == "open" for job in jobs),
        waiting=tuple(order for order in orders if not order.final),
        checks=tuple(checks),
    )


def answer_times(orders: Iterable[OrderFact]) -> Answer | None:
    """How long the answers took, None where there were none."""
    times = sorted(seconds_between(each.placed_at, each.answered_at) for each in orders if each.answered_at)
    if not times:
        return None
    return Answer(count=len(times), p50=_at(times, 50), p95=_at(times, 95), slowest=times[-1])


def _at(ordered: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(1, rank) - 1]


def _stock(before: Iterable[LotFact], after: Iterable[LotFact]) -> tuple[StockRow, ...]:
    known = {lot.id: lot for lot in before}
    rows = (
        StockRow(producer=lot.producer, product=lot.product, unit=lot.unit, before=known.get(lot.id), after=lot)
        for lot in after
    )
    return tuple(sorted(rows, key=lambda row: (row.producer, row.product, row.after.id)))


def _work(jobs: Iterable[JobFact]) -> tuple[WorkRow, ...]:
    mine: dict[str, list[JobFact]] = defaultdict(list)
    for job in jobs:
        if job.enterprise_id:
            mine[job.enterprise].append(job)
    return tuple(_work_row(name, mine[name]) for name in sorted(mine))


def _work_row(name: str, jobs: Sequence[JobFact]) -> WorkRow:
    done = [job for job in jobs if job.status == "done"]
    return WorkRow(
        enterprise=name,
        done=dict(Counter(job.kind for job in done)),
        held=sum(job.status in ("claimed", "started") for job in jobs),
        pay_cents=sum(job.pay_cents for job in done),
    )
