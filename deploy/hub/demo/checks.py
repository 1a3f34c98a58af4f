"""The invariants of a hub, checked on what its APIs tell. Pure: facts in, sentences about what is wrong out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deploy.hub.demo.facts import FINAL, WAITING, Claim, JobFact, LotFact, MoveFact, OrderFact


@dataclass(frozen=True, kw_only=True)
class Check:
    """One invariant: what it says, of how many things, and each breach in a sentence."""

    says: str
    count: int
    wrong: tuple[str, ...]


def lots_add_up(lots: Sequence[LotFact]) -> Check:
    """The stock account of every lot."""
    wrong = [
        f"Lot {lot.id} ({lot.product}): listed {lot.listed}, but available {lot.available} + reserved {lot.reserved} "
        f"+ collected {lot.collected} + withdrawn {lot.withdrawn}."
        for lot in lots
        if lot.listed != sum(lot.parts) or min(lot.parts) < 0
    ]
    return _check("Every lot: listed = available + reserved + collected + withdrawn, none negative", lots, wrong)


def orders_are_known(acknowledged: Sequence[str], orders: Mapping[str, OrderFact]) -> Check:
    """No order that got a 2xx is lost, and each is in a state that has a name."""
    known = {*FINAL, *WAITING}
    wrong = [f"Order {each} got a 2xx and is not there." for each in acknowledged if each not in orders]
    strange = [each for each in orders.values() if each.status not in known]
    wrong += [f"Order {each.id} is in no known state: {each.status}." for each in strange]
    return _check("Every order that got a 2xx is in exactly one known state", acknowledged, wrong)


def orders_are_explained(orders: Sequence[OrderFact]) -> Check:
    """A buyer can see where an order stands, and why."""
    wrong = [f"Order {each.id} ({each.status}) does not say why." for each in orders if not each.why]
    return _check("Every order is final, or says what it waits for", orders, wrong)


def jobs_have_one_holder(jobs: Sequence[JobFact], claims: Iterable[Claim]) -> Check:
    """No job was given to two enterprises at once; each is held by whom it was given to last."""
    holders: dict[str, str | None] = {}
    wrong = []
    for claim in claims:
        before = holders.get(claim.job_id)
        if claim.taken and before:
            wrong.append(f"Job {claim.job_id} was given to {claim.enterprise_id} while {before} held it.")
        holders[claim.job_id] = claim.enterprise_id if claim.taken else None
    wrong += [
        f"Job {job.id} is held by {job.enterprise_id}, but was given to {holders[job.id]}."
        for job in jobs
        if job.id in holders and job.enterprise_id not in (None, holders[job.id])
    ]
    return _check("Every job has at most one holder", jobs, wrong)


def goods_add_up(lots: Sequence[LotFact], jobs: Iterable[JobFact]) -> Check:
    """What each lot counts as collected is what jobs took away from the farm, less what they brought back."""
    taken = _taken(jobs)
    wrong = [
        f"Lot {lot.id} ({lot.product}) counts {lot.collected} {lot.unit} collected, its jobs {taken[lot.id]}."
        for lot in lots
        if lot.collected != taken[lot.id]
    ]
    return _check("What left each lot is what the jobs carried, in base units", lots, wrong)


def reservations_add_up(lots: Sequence[LotFact], orders: Iterable[OrderFact]) -> Check:
    """What each lot holds for orders is what orders were promised and nobody has collected yet."""
    promised: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            if not order.final and line.collected is None:
                promised[line.lot_id] += (line.confirmed or 0) * line.size
    wrong = [
        f"Lot {lot.id} ({lot.product}) counts {lot.reserved} {lot.unit} reserved, its orders {promised[lot.id]}."
        for lot in lots
        if lot.reserved != promised[lot.id]
    ]
    return _check("What each lot holds back is what orders were promised, in base units", lots, wrong)


def arrivals_add_up(orders: Sequence[OrderFact], jobs: Iterable[JobFact]) -> Check:
    """What orders say was delivered is what delivery jobs handed over, line by line."""
    handed: Counter[tuple[str, str]] = Counter()
    for job in jobs:
        if job.kind == "deliver":
            handed.update({(job.order_id, move.line_id): move.moved for move in job.moves})
    wrong = [
        f"Order {order.id}, line {line.id}: {line.delivered} packs arrived, {handed[order.id, line.id]} were handed."
        for order in orders
        for line in order.lines
        if order.final and (line.delivered or 0) != handed[order.id, line.id]
    ]
    return _check("What arrived is what was handed over, line by line", orders, wrong)


def _taken(jobs: Iterable[JobFact]) -> Counter[str]:
    taken: Counter[str] = Counter()
    for job in jobs:
        for move in job.moves:
            taken[move.lot_id] += _units(job, move)
    return taken


def _units(job: JobFact, move: MoveFact) -> int:
    """Base units that this job took from the lot: what a collection moved, and less what came back later."""
    if job.kind == "collect":
        return move.moved * move.size
    return -move.short * move.size if job.short_back else 0


def _check(says: str, things: Sequence[object], wrong: Iterable[str]) -> Check:
    return Check(says=says, count=len(things), wrong=tuple(wrong))
