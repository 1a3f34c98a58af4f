"""Events that orders and logistics tell, for tests."""

from collections.abc import Sequence

from shared.events.jobs import Goods, JobCancelled, JobDone, JobFailed, Stock
from shared.events.orders import (
    DeliveredLine,
    LineRef,
    OrderCancelled,
    OrderDelivered,
    OrderFailed,
    OrderPlaced,
    WantedLine,
)
from shared.values import JobKind
from tests.unit.producers.given import ANSWER_BY, line, ref


def placed(*lines: WantedLine, order: str = "order-1") -> OrderPlaced:
    return OrderPlaced(order_id=order, buyer_id="b", answer_by=ANSWER_BY, lines=lines or (line(5),))


def cancelled(*, confirmed: bool) -> OrderCancelled:
    return OrderCancelled(order_id="order-1", confirmed=confirmed, lines=(ref(),))


def goods(count: int, line_id: str = "1", lot: str = "lot-1", grams: int | None = None) -> Goods:
    return Goods(line_id=line_id, attempt=1, lot_id=lot, count=count, grams=grams)


def done(kind: JobKind, *lines: Goods, short: Sequence[Goods] = (), stock: Stock = "gone") -> JobDone:
    return JobDone(
        job_id=f"order-1.{kind}",
        order_id="order-1",
        kind=kind,
        lines=lines,
        enterprise_id="e",
        short=tuple(short),
        short_stock=stock,
    )


def failed(kind: JobKind, *lines: Goods, again: bool = False, stock: Stock = "back") -> JobFailed:
    return JobFailed(
        job_id=f"order-1.{kind}",
        order_id="order-1",
        kind=kind,
        lines=lines,
        enterprise_id="e",
        reason="no_transport",
        again=again,
        stock=stock,
    )


def job_cancelled(kind: JobKind) -> JobCancelled:
    return JobCancelled(job_id=f"order-1.{kind}", order_id="order-1", kind=kind, lines=(goods(5),), reason="cancelled")


DELIVERED = OrderDelivered(order_id="order-1", lines=(DeliveredLine(line_id="1", lot_id="lot-1", count=5),))
FAILED = OrderFailed(
    order_id="order-1",
    reason="nothing_arrived",
    lines=(LineRef(line_id="1", attempt=1, lot_id="lot-1", producer_id="0403170701"),),
)
