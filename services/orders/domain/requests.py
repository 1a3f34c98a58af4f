"""What a buyer or the operator asks of a placed order: take it back, confirm receipt, report what is missing."""

from dataclasses import dataclass, replace

from services.orders.domain.line import Line, references
from services.orders.domain.order import ARRIVED, Cancel, Decided, Order, Who, all_references, line_of, with_line
from services.orders.domain.progress import advance, collection_started, courses
from shared.errors import ConflictError, InvalidError, NotFoundError
from shared.events.orders import LineReportedShort, OrderCancelled, ReceiptConfirmed


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """So many packs of a delivered line are not there; `note` says what was seen."""

    line_id: str
    missing: int
    note: str


def cancel(order: Order, by: Who, now: str) -> Decided:
    """Takes the order back. Repeating it changes nothing.

    Before it is confirmed that ends it; after, the work that has not started is called off, and ends it then.
    Raises ConflictError once goods are being collected, or the order has ended otherwise.
    """
    if order.cancel is not None and order.status in ("cancelled", "cancelling"):
        return order, ()
    _check_cancellable(order)
    confirmed = order.confirmed_at is not None
    taken_back = replace(order, cancel=Cancel(at=now, by=by, confirmed=confirmed), due_at=None)
    if not confirmed:
        taken_back = replace(taken_back, status="cancelled")
        return taken_back, (OrderCancelled(order_id=order.id, confirmed=False, lines=all_references(order)),)
    lines = tuple(references(line)[-1] for line in order.lines if line.confirmed)
    taken_back, events = advance(taken_back)
    return taken_back, (OrderCancelled(order_id=order.id, confirmed=True, lines=lines), *events)


def confirm_receipt(order: Order, now: str) -> Decided:
    """The buyer says that what was delivered is there. Repeating it changes nothing."""
    _check_arrived(order)
    if order.receipt_at is not None:
        return order, ()
    return replace(order, receipt_at=now), (ReceiptConfirmed(order_id=order.id),)


def report_short(order: Order, shortage: Shortage, now: str) -> Decided:
    """The buyer misses packs of a delivered line; a second report of the same line corrects the first."""
    line = line_of(order, shortage.line_id)
    if line is None:
        raise NotFoundError("no_such_line", "This order has no such line: see its `lines` for their ids.")
    _check_arrived(order)
    if order.receipt_at is not None:
        raise ConflictError("receipt_confirmed", "You confirmed receipt of this order: tell the hub operator instead.")
    _check_missing(order, line, shortage.missing)
    if (line.missing, line.missing_note) == (shortage.missing, shortage.note):
        return order, ()
    changed = replace(line, missing=shortage.missing, missing_note=shortage.note, missing_at=now)
    told = LineReportedShort(
        order_id=order.id,
        line_id=line.id,
        lot_id=line.current.source.lot_id,
        missing=shortage.missing,
        note=shortage.note,
    )
    return with_line(order, changed), (told,)


def _check_cancellable(order: Order) -> None:
    if order.final:
        how = order.status.replace("_", " ")
        raise ConflictError("order_ended", f"This order has ended: it was {how}. There is nothing left to cancel.")
    if order.cancel is not None or order.status == "underway" or collection_started(order):
        detail = "Goods of this order are being collected: it can no longer be cancelled. Ask the hub operator."
        raise ConflictError("collection_started", detail)


def _check_arrived(order: Order) -> None:
    if order.status not in ARRIVED:
        status = order.status.replace("_", " ")
        detail = f"Nothing of this order was delivered; it is {status}. Do this after a delivery."
        raise ConflictError("not_delivered", detail)


def _check_missing(order: Order, line: Line, missing: int) -> None:
    course = courses(order).get(line.id)
    delivered = (course.delivered if course else None) or 0
    if not 1 <= missing <= delivered:
        raise InvalidError(
            "missing_out_of_range",
            f"{delivered} packs of this line were delivered: give a number from 1 to that."
            if delivered
            else "Nothing of this line was delivered: it is not billed, and needs no report.",
            field="missing",
        )
