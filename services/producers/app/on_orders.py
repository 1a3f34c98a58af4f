"""Reactions to what orders tells: set aside, give back, settle."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from services.producers.app.kinds import LOT, REFUSAL
from services.producers.app.steps import by_lot, data_of, on_lot
from services.producers.domain.refusal import refuse
from services.producers.domain.reservation import reservation_id
from services.producers.domain.stock import GiveBack, Request, end, give_back, reserve
from shared import clock
from shared.consumer import Handler, Message
from shared.events.orders import (
    LineSubstituted,
    OrderCancelled,
    OrderDelivered,
    OrderFailed,
    OrderPlaced,
    OrderRefused,
    WantedLine,
)
from shared.store.aggregate import Ledger, Step

# How late the news of an order's last job may come after the news of its end: as long as anybody looks at it.
LATE_NEWS_S = 7 * 24 * 3_600
KNOWN_LOTS = 100_000
# How far clocks may be off, or jump back: a repeated request that still seems in time must find what came of it.
CLOCKS_DIFFER_S = 1_800


def on_order_placed(ledger: Ledger) -> Handler:
    """Sets stock aside, or says why not."""
    known: set[str] = set()

    def handle(message: Message, now: str) -> Sequence[Step]:
        placed = data_of(message, OrderPlaced)
        learn(ledger, known, [line.lot_id for line in placed.lines])
        return _ask(known, _request(placed, placed.lines), now)

    return handle


def on_line_substituted(ledger: Ledger) -> Handler:
    """Sets a substitute aside, or says why not."""
    known: set[str] = set()

    def handle(message: Message, now: str) -> Sequence[Step]:
        tried = data_of(message, LineSubstituted)
        learn(ledger, known, [tried.line.lot_id])
        return _ask(known, _request(tried, (tried.line,)), now)

    return handle


def on_order_refused(answer_s: int) -> Handler:
    """Gives back what is set aside.

    `answer_s` is how long an order may wait for its answer: so long after it was taken back, a late request for it
    must find it so; later it is too late anyway.
    """

    def handle(message: Message, now: str) -> Sequence[Step]:
        refused = data_of(message, OrderRefused)
        given = GiveBack(
            order_id=refused.order_id,
            reason="order_refused",
            lines=refused.lines,
            keep_until=clock.plus(message.time, seconds=answer_s + CLOCKS_DIFFER_S),
        )
        return _take_back(given, now)

    return handle


def on_order_cancelled(answer_s: int) -> Handler:
    """Gives back what is set aside, unless work exists already: then each job says what becomes of its goods."""

    def handle(message: Message, now: str) -> Sequence[Step]:
        cancelled = data_of(message, OrderCancelled)
        if cancelled.confirmed:
            return ()
        given = GiveBack(
            order_id=cancelled.order_id,
            reason="order_cancelled",
            lines=cancelled.lines,
            keep_until=clock.plus(message.time, seconds=answer_s + CLOCKS_DIFFER_S),
        )
        return _take_back(given, now)

    return handle


def on_order_delivered(message: Message, now: str) -> Sequence[Step]:
    """Settles what the order had of these lots."""
    delivered = data_of(message, OrderDelivered)
    return _settle(delivered.order_id, by_lot(delivered.lines), message, now)


def on_order_failed(message: Message, now: str) -> Sequence[Step]:
    """Settles what the order had of these lots."""
    failed = data_of(message, OrderFailed)
    return _settle(failed.order_id, by_lot(failed.lines), message, now)


def learn(ledger: Ledger, known: set[str], lot_ids: Iterable[str]) -> None:
    """Adds to `known` those of these lots that exist. Lots are never deleted, so asking once is enough."""
    if len(known) > KNOWN_LOTS:
        known.clear()
    asked = set(lot_ids) - known
    if asked and ledger.count(LOT, {"_id": {"$in": sorted(asked)}}) < len(asked):
        asked &= ledger.load_many(LOT, asked).keys()
    known |= asked


def _request(event: OrderPlaced | LineSubstituted, lines: tuple[WantedLine, ...]) -> Request:
    return Request(
        order_id=event.order_id,
        answer_by=event.answer_by,
        keep_until=clock.plus(event.answer_by, seconds=CLOCKS_DIFFER_S),
        lines=lines,
    )


def _ask(known: Collection[str], request: Request, now: str) -> list[Step]:
    steps: list[Step] = []
    for lot_id, lines in by_lot(request.lines).items():
        if lot_id in known:
            mine = replace(request, lines=lines)
            steps.append(_reserve(lot_id, mine, now))
        else:
            steps += [_refuse(request.order_id, line) for line in lines]
    return steps


def _refuse(order_id: str, line: WantedLine) -> Step:
    id_ = reservation_id(order_id, line.line_id, line.attempt)
    return Step(kind=REFUSAL, id=id_, decide=lambda existing: refuse(existing, order_id, line))


def _reserve(lot_id: str, request: Request, now: str) -> Step:
    return on_lot(lot_id, lambda lot: reserve(lot, request, now))


def _take_back(given: GiveBack, now: str) -> list[Step]:
    return [_give_back(lot_id, replace(given, lines=lines), now) for lot_id, lines in by_lot(given.lines).items()]


def _give_back(lot_id: str, given: GiveBack, now: str) -> Step:
    return on_lot(lot_id, lambda lot: give_back(lot, given, now))


def _settle(order_id: str, lot_ids: Iterable[str], message: Message, now: str) -> list[Step]:
    until = clock.plus(message.time, seconds=LATE_NEWS_S)
    return [on_lot(lot_id, lambda lot: end(lot, order_id, until, now)) for lot_id in lot_ids]
