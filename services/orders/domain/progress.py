"""How far an order is: what became of each line, and the status that follows, from the facts of its jobs alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.orders.domain.job import Job
from services.orders.domain.line import Line
from services.orders.domain.order import ARRIVED, Decided, Order, Status, all_references
from shared.events.base import Event
from shared.events.orders import DeliveredLine, OrderDelivered, OrderFailed
from shared.values import JobKind

_RANK: dict[Status, int] = {
    "placed": 0,
    "confirmed": 1,
    "confirmed_in_part": 1,
    "cancelling": 2,
    "collecting": 3,
    "underway": 4,
}


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is known of one confirmed line's goods: packs collected and delivered, None while that is not known.

    `settled_at` is when `delivered` became known; `cancelled`: its collection was called off.
    """

    collected: int | None = None
    delivered: int | None = None
    settled_at: str | None = None
    cancelled: bool = False


def courses(order: Order) -> dict[str, Course]:
    """The course of every confirmed line, by line id."""
    collects = {line_id: job for job in _jobs(order, "collect") for line_id in job.line_ids}
    deliver = next(iter(_jobs(order, "deliver")), None)
    return {line.id: _course(line, collects.get(line.id), deliver) for line in order.lines if line.confirmed}


def advance(order: Order) -> Decided:
    """Moves the status to the furthest that the facts allow, never back; tells when the order ended."""
    if order.final or order.confirmed_at is None:
        return order, ()
    found = courses(order)
    status = _final(order, found) or _underway(order)
    if status == order.status or _RANK.get(status, 9) < _RANK[order.status]:
        return order, ()
    order = replace(order, status=status)
    return order, _told(order, found)


def ended_at(order: Order) -> str | None:
    """When the order ended, None while it goes on, or where later news has made that unknown."""
    if not order.final:
        return None
    if order.refused_at is not None:
        return order.refused_at
    if order.cancel is not None and not order.cancel.confirmed:
        return order.cancel.at
    return max((course.settled_at for course in courses(order).values() if course.settled_at), default=None)


def why_nothing_came(order: Order) -> str:
    """The reason, as logistics gave it, for which nothing of a confirmed order arrived."""
    deliver = next(iter(_jobs(order, "deliver")), None)
    ends = [job.end for job in ([deliver] if deliver else []) + _jobs(order, "collect")]
    reasons = [end.reason for end in ends if end is not None and end.what == "failed" and end.reason]
    reasons += [end.reason for end in ends if end is not None and end.reason]
    return reasons[0] if reasons else "nothing_changed_hands"


def collection_started(order: Order) -> bool:
    """Whether goods are being collected, or were."""
    return any(job.started for job in _jobs(order, "collect"))


def _jobs(order: Order, kind: JobKind) -> list[Job]:
    return [job for job in order.jobs if job.kind == kind]


def _course(line: Line, collect: Job | None, deliver: Job | None) -> Course:
    end = collect.end if collect else None
    collected = _moved(collect, line.id) if end else line.current.left
    cancelled = end is not None and end.what == "cancelled"
    at, delivered = _arrival(line.id, collect, deliver)
    return Course(collected=collected, delivered=delivered, settled_at=at, cancelled=cancelled)


def _arrival(line_id: str, collect: Job | None, deliver: Job | None) -> tuple[str | None, int | None]:
    """When it was settled what arrives, and how much does.

    A delivery that was called off settles only lines whose collection has ended too: until then that may
    still turn out to have been called off itself.
    """
    collected_end = collect.end if collect else None
    delivered_end = deliver.end if deliver else None
    if delivered_end is not None and delivered_end.what != "cancelled":
        return delivered_end.at, _moved(deliver, line_id)
    if collected_end is None:
        return None, None
    if _moved(collect, line_id) == 0:
        return collected_end.at, 0
    return (None, None) if delivered_end is None else (max(collected_end.at, delivered_end.at), 0)


def _moved(job: Job | None, line_id: str) -> int:
    return (job.moved or {}).get(line_id, 0) if job and job.end and job.end.what == "done" else 0


def _final(order: Order, found: dict[str, Course]) -> Status | None:
    if not found or any(course.delivered is None for course in found.values()):
        return None
    if any(course.delivered for course in found.values()):
        return "delivered" if _complete(order.lines, found) else "delivered_in_part"
    called_off = order.cancel is not None and all(course.cancelled for course in found.values())
    return "cancelled" if called_off else "not_delivered"


def _complete(lines: Iterable[Line], found: dict[str, Course]) -> bool:
    return all(line.id in found and (found[line.id].delivered or 0) >= line.current.asked for line in lines)


def _underway(order: Order) -> Status:
    if any(job.started for job in _jobs(order, "deliver")):
        return "underway"
    if collection_started(order):
        return "collecting"
    if order.cancel is not None:
        return "cancelling"
    return "confirmed" if all(line.in_full for line in order.lines) else "confirmed_in_part"


def _told(order: Order, found: dict[str, Course]) -> tuple[Event, ...]:
    if order.status in ARRIVED:
        return (OrderDelivered(order_id=order.id, lines=_delivered(order, found)),)
    if order.status == "not_delivered":
        return (OrderFailed(order_id=order.id, reason=why_nothing_came(order), lines=all_references(order)),)
    return ()


def _delivered(order: Order, found: dict[str, Course]) -> tuple[DeliveredLine, ...]:
    arrived = [(line, found[line.id].delivered or 0) for line in order.lines if line.id in found]
    lots = [(line.id, line.current.source.lot_id, count) for line, count in arrived if count]
    return tuple(DeliveredLine(line_id=line_id, lot_id=lot_id, count=count) for line_id, lot_id, count in lots)
