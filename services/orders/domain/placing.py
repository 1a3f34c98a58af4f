"""Placing an order: what is checked against the copy of the offers, and what is frozen from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.orders.domain.line import Attempt, Line, source_of, wanted
from services.orders.domain.offer import Offer, pack_of
from services.orders.domain.order import Decided, DeliveryPlace, Order
from shared.errors import InvalidError
from shared.events.lots import LotSnapshot
from shared.events.orders import OrderPlaced
from shared.values import Window, Wish

MOST_LINES = 200
MOST_PACKS = 10_000


@dataclass(frozen=True, kw_only=True)
class AskedLine:
    """So many packs of one lot, and what may happen on a shortage."""

    lot_id: str
    pack_id: str
    count: int
    wish: Wish


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Instants that a clock worked out: until when an answer is awaited, and what the window may be.

    `delivery_day` is the Brussels day on which the window starts, `YYYY-MM-DD`.
    """

    answer_by: str
    latest_start: str
    latest_end: str
    delivery_day: str


@dataclass(frozen=True, kw_only=True)
class PlaceOrder:
    """The command: this buyer wants these lines, there and then."""

    order_id: str
    buyer_id: str
    buyer_name: str
    place: DeliveryPlace
    window: Window
    packed: bool
    note: str
    lines: tuple[AskedLine, ...]
    limits: Limits
    fingerprint: str = ""


def place(command: PlaceOrder, offers: Mapping[str, Offer], now: str) -> Decided:
    """A new order, waiting for producers' answer. Raises InvalidError, naming the field, where it cannot be.

    What the copy says of free stock is not held against it: only the producer's answer counts.
    """
    _check_window(command.window, command.limits, now)
    _check_lines(command.lines)
    lines = tuple(_line(number, command, offers, now) for number in range(len(command.lines)))
    order = Order(
        id=command.order_id,
        page_key=f"{now}/{command.order_id}",
        buyer_id=command.buyer_id,
        buyer_name=command.buyer_name,
        place=command.place,
        window=command.window,
        delivery_day=command.limits.delivery_day,
        packed=command.packed,
        note=command.note,
        placed_at=now,
        answer_by=command.limits.answer_by,
        due_at=command.limits.answer_by,
        status="placed",
        lines=lines,
        fingerprint=command.fingerprint,
    )
    return order, (_placed(order),)


def _placed(order: Order) -> OrderPlaced:
    return OrderPlaced(
        order_id=order.id,
        buyer_id=order.buyer_id,
        answer_by=order.answer_by,
        lines=tuple(wanted(line) for line in order.lines),
    )


def _check_window(window: Window, limits: Limits, now: str) -> None:
    if window.end <= window.start:
        raise InvalidError("window_upside_down", "The window must end after it starts.", field="window.end")
    if window.end <= now:
        raise InvalidError("window_past", "The window is over: give one that lies ahead.", field="window.end")
    if window.start > limits.latest_start:
        raise InvalidError(
            "window_too_far", "Orders are taken at most 60 days ahead: give an earlier window.", field="window.start"
        )
    if window.end > limits.latest_end:
        raise InvalidError(
            "window_too_long", "The window may last 24 hours at most: give a shorter one.", field="window.end"
        )


def _check_lines(lines: tuple[AskedLine, ...]) -> None:
    if not 1 <= len(lines) <= MOST_LINES:
        raise InvalidError("line_count", f"An order has 1 to {MOST_LINES} lines: this has {len(lines)}.", field="lines")
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines):
        if not 1 <= line.count <= MOST_PACKS:
            raise _refusal(number, "count", "count_out_of_range", f"Ask 1 to {MOST_PACKS} packs a line.")
        first = seen.setdefault((line.lot_id, line.pack_id), number)
        if first != number:
            detail = f"Line {first + 1} asks the same pack of the same lot: make one line of both."
            raise _refusal(number, "lot_id", "same_twice", detail)


def _line(number: int, command: PlaceOrder, offers: Mapping[str, Offer], now: str) -> Line:
    asked = command.lines[number]
    lot = _offered(number, asked, offers)
    pack = pack_of(lot, asked.pack_id)
    if pack is None:
        detail = f"{lot.product.name} is not sold in this pack: choose one of the packs of its offer."
        raise _refusal(number, "pack_id", "no_such_pack", detail)
    _check_days(number, lot, command, now)
    attempt = Attempt(number=1, source=source_of(lot, pack), asked=asked.count)
    return Line(id=str(number + 1), wish=asked.wish, attempts=(attempt,))


def _offered(number: int, asked: AskedLine, offers: Mapping[str, Offer]) -> LotSnapshot:
    offer = offers.get(asked.lot_id)
    if offer is None or offer.lot is None:
        raise _refusal(number, "lot_id", "no_such_lot", "There is no such lot on offer: search the offers anew.")
    if not offer.on_offer:
        detail = f"{offer.lot.product.name} was withdrawn by its producer: leave this line out."
        raise _refusal(number, "lot_id", "lot_withdrawn", detail)
    return offer.lot


def _check_days(number: int, lot: LotSnapshot, command: PlaceOrder, now: str) -> None:
    name = lot.product.name
    if lot.best_before is not None and lot.best_before < command.limits.delivery_day:
        detail = f"{name} is best before {lot.best_before}, earlier than the delivery: leave this line out."
        raise _refusal(number, "lot_id", "past_best_before", detail)
    if lot.collect.end <= now:
        detail = f"{name} can no longer be collected from its producer: leave this line out."
        raise _refusal(number, "lot_id", "collect_window_over", detail)
    if lot.collect.start >= command.window.end:
        detail = f"{name} can only be collected after the delivery window: give a later window."
        raise _refusal(number, "lot_id", "not_ready_in_time", detail)


def _refusal(number: int, field: str, code: str, detail: str) -> InvalidError:
    return InvalidError(code, detail, field=f"lines.{number}.{field}")
