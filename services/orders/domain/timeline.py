"""The story of an order in plain English, told from its facts: the same facts always give the same story."""

from collections.abc import Iterator
from dataclasses import replace

from services.orders.domain.job_story import job_moments
from services.orders.domain.line import Attempt, Line
from services.orders.domain.moment import Entry, Moment
from services.orders.domain.order import Order
from services.orders.domain.phrases import lines_text, packs_text, quantity_text, reason_text
from services.orders.domain.progress import Course, courses, ended_at, why_nothing_came


def timeline(order: Order) -> tuple[Entry, ...]:
    """Every entry, oldest first; what is of one instant in the order in which it must have happened.

    Clocks of several machines differ a little: nothing is told to have happened before the order was placed.
    """
    moments = [*_beginning(order), *job_moments(order), *_ending(order)]
    for line in order.lines:
        moments += _line_moments(line)
    moments = [replace(moment, at=max(moment.at, order.placed_at)) for moment in moments]
    return tuple(Entry(at=moment.at, text=moment.text) for moment in sorted(moments))


def _beginning(order: Order) -> Iterator[Moment]:
    text = f"Ordered: {lines_text(len(order.lines))}, for {order.place.name}. Producers are asked to set it aside."
    yield Moment(at=order.placed_at, rank=0, text=text)
    if order.confirmed_at is not None:
        yield Moment(at=order.confirmed_at, rank=30, text=_confirmed(order))
    if order.refused_at is not None:
        text = f"Refused: {reason_text(order.refusal)}. Nothing will be delivered and nothing is billed."
        yield Moment(at=order.refused_at, rank=30, text=text)
    if order.cancel is not None:
        yield Moment(at=order.cancel.at, rank=40, text=_cancelled(order))


def _confirmed(order: Order) -> str:
    full = sum(line.in_full for line in order.lines)
    if full == len(order.lines):
        return f"Confirmed: {lines_text(full)} set aside in full."
    some = sum(line.confirmed and not line.in_full for line in order.lines)
    parts = f"{full} of {lines_text(len(order.lines))} set aside in full"
    return f"Confirmed in part: {parts}, {some} with fewer packs." if some else f"Confirmed in part: {parts}."


def _cancelled(order: Order) -> str:
    who = "the buyer" if order.cancel is not None and order.cancel.by == "buyer" else "the hub operator"
    if order.cancel is not None and order.cancel.confirmed:
        return f"Cancelling, asked by {who}: work that has not started is called off."
    return f"Cancelled by {who} before it was confirmed. Nothing is billed."


def _ending(order: Order) -> Iterator[Moment]:
    at = ended_at(order)
    text = _end_text(order, courses(order)) if at is not None else None
    if at is not None and text is not None:
        yield Moment(at=at, rank=80, text=text)
    if order.receipt_at is not None:
        yield Moment(at=order.receipt_at, rank=91, text="The buyer confirmed receipt.")


def _end_text(order: Order, found: dict[str, Course]) -> str | None:
    if order.status == "delivered":
        return "Delivered, all that was ordered."
    if order.status == "delivered_in_part":
        full = sum((found[line.id].delivered or 0) >= line.current.asked for line in order.lines if line.id in found)
        return f"Delivered in part: {full} of {lines_text(len(order.lines))} in full. Only what arrived is billed."
    if order.status == "not_delivered":
        return f"Not delivered: {reason_text(why_nothing_came(order))}. Nothing is billed."
    if order.status == "cancelled" and order.confirmed_at is not None:
        return "Cancelled: all its work was called off. Nothing is billed."
    return None


def _line_moments(line: Line) -> Iterator[Moment]:
    for attempt in line.attempts:
        yield from _attempt_moments(attempt)
    if line.missing_at is not None:
        note = f" They wrote: {line.missing_note}" if line.missing_note else ""
        text = f"The buyer misses {packs_text(line.current.source, line.missing)}.{note}"
        yield Moment(at=line.missing_at, rank=90, text=text)
    if len(line.attempts) > 1:
        first, second = line.attempts[0], line.attempts[1]
        packs = packs_text(second.source, second.asked)
        text = f"Asked instead of {first.source.product.name}: {packs} from {second.source.producer_name}."
        yield Moment(at=first.answered_at or "", rank=20, text=text)


def _attempt_moments(attempt: Attempt) -> Iterator[Moment]:
    source = attempt.source
    if attempt.refusal is not None:
        packs = packs_text(source, attempt.asked)
        text = f"{packs} from {source.producer_name} could not be set aside: {reason_text(attempt.refusal)}."
        yield Moment(at=attempt.answered_at or "", rank=10, text=text)
    elif 0 < attempt.reserved < attempt.asked:
        text = f"Fewer were there: {packs_text(source, attempt.reserved)} set aside, of {attempt.asked}."
        yield Moment(at=attempt.answered_at or "", rank=10, text=text)
    for released in attempt.released:
        quantity = quantity_text(released.quantity, source.product.unit)
        why = reason_text(released.reason)
        text = f"{quantity} of {source.product.name} went back to {source.producer_name}: {why}."
        yield Moment(at=released.at, rank=70, text=text)
    if attempt.grams is not None and attempt.weighed is not None:
        text = f"Weighed: {quantity_text(attempt.grams, 'g')} of {source.product.name}."
        yield Moment(at=attempt.weighed.at, rank=71, text=text)
