"""What happens to a lot's stock: set aside, given back, collected, settled.

Every decision bears repetition and any order: a reservation is known by its line and attempt, and each job tells
of it once. A lot that does not exist is left so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from services.producers.domain.lot import Decided, Lot, find, keep, names
from services.producers.domain.reservation import Outcome, Reservation, held, reservation_id
from services.producers.domain.telling import tell
from shared.events.base import Event
from shared.events.orders import LineRef, WantedLine
from shared.events.reservations import StockCollected, StockRefused, StockReleased, StockReserved
from shared.money import share
from shared.values import JobKind, Pack

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What an order asks of one lot, to be answered by `answer_by`; its outcome is remembered until `keep_until`."""

    order_id: str
    answer_by: str
    keep_until: str
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, kw_only=True)
class GiveBack:
    """An order takes back what it asked of one lot; lines not heard of yet stay refused until `keep_until`."""

    order_id: str
    reason: str
    lines: tuple[LineRef, ...]
    keep_until: str


def reserve(lot: Lot, request: Request, now: str) -> Decided:
    """Sets aside what each line asks, as far as it is there and its wish allows; answers each line once."""
    return _each(lot, request.lines, now, lambda changed, line: _reserve(changed, request, line, now))


def give_back(lot: Lot, asked: GiveBack, now: str) -> Decided:
    """Frees what was set aside and is not in the hands of a job."""
    return _each(lot, asked.lines, now, lambda changed, line: _give_back(changed, asked, line))


def report(lot: Lot, kind: JobKind, outcomes: Mapping[str, Outcome], now: str) -> Decided:
    """Takes what a job did with these reservations, by id; the first word of each kind of job counts."""
    return _each(lot, outcomes.items(), now, lambda changed, named: _report(changed, kind, *named))


def end(lot: Lot, order_id: str, until: str, now: str) -> Decided:
    """The order ended: its reservations are settled, and news of its jobs may be late until `until`."""
    mine = [each for each in lot.reservations if each.order_id == order_id and each.ended_until is None]
    return _each(lot, mine, now, lambda changed, each: (keep(changed, replace(each, ended_until=until)), ()))


def _each(lot: Lot, items: Iterable[T], now: str, decide: Callable[[Lot, T], Decided]) -> Decided:
    changed = lot
    events: list[Event] = []
    for item in items:
        changed, more = decide(changed, item)
        events += more
    return tell(lot, changed, tuple(events), now)


def _reserve(lot: Lot, request: Request, line: WantedLine, now: str) -> Decided:
    if find(lot, reservation_id(request.order_id, line.line_id, line.attempt)):
        return lot, ()
    asked = Reservation(
        order_id=request.order_id,
        line_id=line.line_id,
        attempt=line.attempt,
        keep_until=request.keep_until,
    )
    pack = next((each for each in lot.packs if each.id == line.pack_id), None)
    reason = _obstacle(lot, request, now)
    if reason or pack is None:
        return _refuse(lot, asked, line, reason or "no_such_pack")
    count = min(line.count, lot.available // pack.size)
    if count < 1 or (count < line.count and line.wish != "less_is_fine"):
        return _refuse(lot, asked, line, "sold_out")
    return _set_aside(lot, asked, pack, count)


def _obstacle(lot: Lot, request: Request, now: str) -> str | None:
    """Why nothing of this lot can be had; after its collection window nobody can fetch it."""
    if request.answer_by < now:
        return "too_late"
    if lot.status == "withdrawn":
        return "withdrawn"
    return "too_late" if lot.collect.end <= now else None


def _refuse(lot: Lot, asked: Reservation, line: WantedLine, reason: str) -> Decided:
    refused = replace(asked, refused=reason)
    return keep(lot, refused), (StockRefused(**names(lot, refused), reason=reason, wish=line.wish),)


def _set_aside(lot: Lot, asked: Reservation, pack: Pack, count: int) -> Decided:
    reservation = replace(
        asked,
        pack_id=pack.id,
        label=pack.label,
        size=pack.size,
        pack_grams=pack.grams,
        per_crate=pack.per_crate,
        by_weight=pack.by_weight,
        count=count,
    )
    reserved = StockReserved(**names(lot, reservation), count=count, quantity=reservation.quantity)
    return keep(lot, reservation), (reserved,)


def _give_back(lot: Lot, asked: GiveBack, line: LineRef) -> Decided:
    known = find(lot, reservation_id(asked.order_id, line.line_id, line.attempt))
    if known is None:
        never = Reservation(
            order_id=asked.order_id,
            line_id=line.line_id,
            attempt=line.attempt,
            keep_until=asked.keep_until,
            released=asked.reason,
        )
        return keep(lot, never), ()
    if known.status != "open":
        return lot, ()
    released = replace(known, released=asked.reason, keep_until=max(known.keep_until, asked.keep_until))
    return _moved(lot, known, released, asked.reason)


def _report(lot: Lot, kind: JobKind, id_: str, outcome: Outcome) -> Decided:
    known = find(lot, id_)
    if known is None or known.refused or known.released or kind in known.outcomes:
        return lot, ()
    changed = replace(known, outcomes={**known.outcomes, kind: outcome})
    if kind != "collect":
        return _moved(lot, known, changed, outcome.reason)
    changed = replace(changed, grams=_weight(changed, outcome))
    lot, events = _moved(lot, known, changed, outcome.reason)
    if not changed.moved:
        return lot, events
    return lot, (StockCollected(**names(lot, changed), count=changed.moved, grams=changed.grams), *events)


def _moved(lot: Lot, before: Reservation, after: Reservation, reason: str) -> Decided:
    freed = held(before).total - held(after).total
    released = StockReleased(**names(lot, after), quantity=freed, reason=reason) if freed else None
    return keep(lot, after), (released,) if released else ()


def _weight(reservation: Reservation, collected: Outcome) -> int | None:
    """What was measured at the farm gate; else the farmer's word, in proportion where fewer packs left."""
    if not reservation.by_weight:
        return None
    if collected.grams is not None or reservation.grams is None:
        return collected.grams
    return share(reservation.grams, reservation.moved, reservation.count)
