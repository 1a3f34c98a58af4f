"""What buyers and the operator do with orders: place, take back, confirm, report."""

from collections.abc import Callable
from dataclasses import dataclass

from services.orders.app.buyers import Buyer, place_of
from services.orders.app.kinds import OFFER, ORDER
from services.orders.domain import placing
from services.orders.domain.order import Decided, Order
from services.orders.domain.placing import AskedLine, Limits, PlaceOrder
from shared import clock
from shared.errors import NotFoundError
from shared.store.aggregate import Ledger, Saved
from shared.values import Window

_DAY_S = 86_400
_DAYS_AHEAD = 60


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What taking orders needs; `answer_s` is how many seconds producers have to answer."""

    ledger: Ledger
    now: Callable[[], str]
    answer_s: int


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a buyer asked for, as it was sent; `fingerprint` tells this request from another."""

    buyer: Buyer
    place_id: str
    window: Window
    packed: bool
    note: str
    lines: tuple[AskedLine, ...]
    fingerprint: str


def place_order(desk: Desk, order_id: str, wish: Wish, check_same: Callable[[str], None]) -> Saved[Order]:
    """Places the order of this id; where it was placed before by the same request, answers that one.

    `check_same` raises where the stored fingerprint is another request's.
    """

    def decide(existing: Order | None) -> Decided:
        if existing is None:
            return _place(desk, order_id, wish)
        check_same(existing.fingerprint)
        return existing, ()

    return desk.ledger.decide(ORDER, order_id, decide)


def change_order(
    desk: Desk, order_id: str, decide: Callable[[Order, str], Decided], version: int | None
) -> Saved[Order]:
    """Takes a decision on an order that exists, at the version that the caller insists on, if it does."""

    def on_existing(order: Order | None) -> Decided:
        if order is None:
            raise no_such_order()
        return decide(order, desk.now())

    return desk.ledger.decide(ORDER, order_id, on_existing, if_version=version)


def load_order(desk: Desk, order_id: str) -> Saved[Order]:
    """Raises NotFoundError where there is no such order."""
    saved = desk.ledger.load(ORDER, order_id)
    if saved is None:
        raise no_such_order()
    return saved


def no_such_order() -> NotFoundError:
    """What is said of an order that does not exist, or is somebody else's."""
    return NotFoundError("no_such_order", "There is no such order, or it is not yours to see.")


def _place(desk: Desk, order_id: str, wish: Wish) -> Decided:
    buyer, now = wish.buyer, desk.now()
    command = PlaceOrder(
        order_id=order_id,
        buyer_id=buyer.id,
        buyer_name=buyer.name,
        place=place_of(buyer, wish.place_id, "place_id"),
        window=wish.window,
        packed=wish.packed,
        note=wish.note,
        lines=wish.lines,
        limits=_limits(wish.window, now, desk.answer_s),
        fingerprint=wish.fingerprint,
    )
    offers = desk.ledger.load_many(OFFER, {line.lot_id for line in wish.lines})
    return placing.place(command, {lot_id: saved.state for lot_id, saved in offers.items()}, now)


def _limits(window: Window, now: str, answer_s: int) -> Limits:
    return Limits(
        answer_by=clock.plus(now, seconds=answer_s),
        latest_start=clock.plus(now, seconds=_DAYS_AHEAD * _DAY_S),
        latest_end=clock.plus(window.start, seconds=_DAY_S),
        delivery_day=clock.brussels_day(window.start),
    )
