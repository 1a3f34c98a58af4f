"""What producers answer: stock set aside or refused, a substitute tried, the order confirmed or refused."""

from collections.abc import Sequence
from dataclasses import replace

from services.orders.domain.line import Attempt, Line, as_confirmed, wanted
from services.orders.domain.order import Decided, Order, all_references, change_attempt, with_line
from services.orders.domain.progress import advance
from services.orders.domain.stamp import Stamp
from services.orders.domain.substitute import Terms, choose
from shared.errors import NeverError
from shared.events.lots import LotSnapshot
from shared.events.orders import LineSubstituted, OrderConfirmed, OrderRefused
from shared.events.reservations import StockRefused, StockReserved


def on_stock_reserved(order: Order, event: StockReserved, stamp: Stamp) -> Decided:
    """Records what is set aside; the first answer to an attempt counts. The last line's answer ends the waiting.

    Raises NeverError where it is nothing, or more than was asked: nobody is billed for what they did not want.
    """
    changed, _ = change_attempt(order, _key(event), lambda each: _set_aside(each, stamp.at, event.count))
    return conclude(changed)


def on_stock_refused(
    order: Order, event: StockRefused, stamp: Stamp, candidates: Sequence[LotSnapshot] = ()
) -> Decided:
    """Records the refusal. Where a substitute is fine, the first refusal tries the best of the candidates instead."""
    changed, line = change_attempt(order, _key(event), lambda each: _answered(each, stamp.at, refusal=event.reason))
    if line is None or not may_substitute(order, line):
        return conclude(changed)
    choice = choose(line.current, candidates, terms_of(order))
    if choice is None:
        return conclude(changed)
    second = Attempt(number=2, source=choice.source, asked=choice.count)
    line = replace(line, attempts=(*line.attempts, second))
    told = LineSubstituted(order_id=order.id, buyer_id=order.buyer_id, answer_by=order.answer_by, line=wanted(line))
    return with_line(changed, line), (told,)


def may_substitute(order: Order, line: Line) -> bool:
    """Whether this line, once refused, may still be tried with another lot."""
    return order.status == "placed" and line.wish == "substitute_ok" and len(line.attempts) == 1


def terms_of(order: Order) -> Terms:
    """What any lot for this order must keep to."""
    return Terms(place=order.place.place, window=order.window, day=order.delivery_day)


def conclude(order: Order) -> Decided:
    """Confirms or refuses the order once every line is answered; else leaves it waiting."""
    if order.status != "placed" or any(line.current.answered_at is None for line in order.lines):
        return order, ()
    answered_at = max(line.current.answered_at or "" for line in order.lines)
    if not any(line.confirmed for line in order.lines):
        return _refuse(order, answered_at, "nothing_available")
    order = replace(order, confirmed_at=answered_at, due_at=None)
    order, events = advance(order)
    return order, (_confirmed(order), *events)


def on_due(order: Order, now: str) -> Decided:
    """Refuses an order that producers left unanswered; what they set aside for it is given back."""
    if order.status != "placed" or now < order.answer_by:
        return order, ()
    return _refuse(order, now, "no_answer_in_time")


def _refuse(order: Order, at: str, reason: str) -> Decided:
    order = replace(order, status="refused", refused_at=at, refusal=reason, due_at=None)
    return order, (OrderRefused(order_id=order.id, reason=reason, lines=all_references(order)),)


def _confirmed(order: Order) -> OrderConfirmed:
    return OrderConfirmed(
        order_id=order.id,
        buyer_id=order.buyer_id,
        buyer_name=order.buyer_name,
        place=order.place.place,
        window=order.window,
        packed=order.packed,
        lines=tuple(as_confirmed(line) for line in order.lines if line.confirmed),
    )


def _key(event: StockReserved | StockRefused) -> tuple[str, int, str]:
    return event.line_id, event.attempt, event.lot_id


def _set_aside(attempt: Attempt, at: str, count: int) -> Attempt:
    if not 1 <= count <= attempt.asked:
        message = f"{count} packs cannot be set aside where {attempt.asked} are asked."
        raise NeverError(message)
    return _answered(attempt, at, reserved=count)


def _answered(attempt: Attempt, at: str, *, reserved: int = 0, refusal: str | None = None) -> Attempt:
    if attempt.answered_at is not None:
        return attempt
    return replace(attempt, answered_at=at, reserved=reserved, refusal=refusal)
