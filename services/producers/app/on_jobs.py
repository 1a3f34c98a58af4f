"""Reactions to what logistics tells: what each job did with the goods, reservation by reservation."""

from collections import Counter
from collections.abc import Mapping, Sequence

from services.producers.app.on_reservations import history
from services.producers.app.steps import by_lot, data_of, on_lot
from services.producers.domain.reservation import Outcome, reservation_id
from services.producers.domain.settlement import lost_at_the_farm
from services.producers.domain.stock import report
from shared.consumer import Message
from shared.events.jobs import Goods, JobCancelled, JobDone, JobEvent, JobFailed, Stock
from shared.store.aggregate import Step


def on_job_done(message: Message, now: str) -> Sequence[Step]:
    """What changed hands went on; the rest is back in stock, or gone."""
    done = data_of(message, JobDone)
    moved: Counter[str] = Counter()
    grams: dict[str, int] = {}
    for goods in done.lines:
        id_ = _id(done, goods)
        moved[id_] += max(0, goods.count)
        if goods.grams is not None and goods.grams > 0:
            grams[id_] = goods.grams
    named = {_id(done, goods): goods for goods in (*done.lines, *done.short)}
    outcomes = {
        id_: Outcome(moved=moved[id_], stock=done.short_stock, reason=f"{done.kind}_short", grams=grams.get(id_))
        for id_ in named
    }
    gone = done.short if done.short_stock == "gone" else ()
    return [*_report(done, named, outcomes, now), *_lost(done, gone)]


def on_job_failed(message: Message, now: str) -> Sequence[Step]:
    """Nothing went on; unless the job is open again, the goods are back in stock, or gone."""
    failed = data_of(message, JobFailed)
    if failed.again:
        return ()
    gone = failed.lines if failed.stock == "gone" else ()
    return [*_nothing_moved(failed, failed.stock, failed.reason, now), *_lost(failed, gone)]


def on_job_cancelled(message: Message, now: str) -> Sequence[Step]:
    """A collection that is not needed gives its goods back; later jobs are cancelled only when nothing is left."""
    cancelled = data_of(message, JobCancelled)
    if cancelled.kind != "collect":
        return ()
    return _nothing_moved(cancelled, "back", cancelled.reason, now)


def _nothing_moved(job: JobEvent, stock: Stock, reason: str, now: str) -> list[Step]:
    named = {_id(job, goods): goods for goods in job.lines}
    return _report(job, named, dict.fromkeys(named, Outcome(moved=0, stock=stock, reason=reason)), now)


def _report(job: JobEvent, named: Mapping[str, Goods], outcomes: Mapping[str, Outcome], now: str) -> list[Step]:
    lots = by_lot(named.values())
    return [
        _report_one(job, lot_id, {_id(job, each): outcomes[_id(job, each)] for each in mine}, now)
        for lot_id, mine in lots.items()
    ]


def _report_one(job: JobEvent, lot_id: str, outcomes: Mapping[str, Outcome], now: str) -> Step:
    return on_lot(lot_id, lambda lot: report(lot, job.kind, outcomes, now))


def _lost(job: JobEvent, gone: Sequence[Goods]) -> list[Step]:
    """The producer's history tells what was gone at the farm; what is lost later had been collected."""
    if job.kind != "collect":
        return []
    return [history(job.order_id, goods, lost_at_the_farm(goods.count)) for goods in gone if goods.count > 0]


def _id(job: JobEvent, goods: Goods) -> str:
    return reservation_id(job.order_id, goods.line_id, goods.attempt)
