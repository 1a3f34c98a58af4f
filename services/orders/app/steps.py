"""What reactions have in common: the event that they take, and one step on the aggregate it is about."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.orders.app.kinds import OFFER, ORDER
from services.orders.domain.offer import Offer
from services.orders.domain.order import Decided, Order
from services.orders.domain.stamp import Stamp, sequence_of
from shared.consumer import Handler, Message
from shared.errors import NeverError
from shared.events.base import Event
from shared.events.jobs import JobEvent
from shared.events.lots import LotEvent
from shared.events.reservations import ReservationEvent
from shared.store.aggregate import Step, no_change

E = TypeVar("E", bound=Event)
O = TypeVar("O", bound=ReservationEvent | JobEvent)  # noqa: E741  # an event of an order
L = TypeVar("L", bound=LotEvent)


def data_of(message: Message, cls: type[E]) -> E:
    """The message's event, which the table of handlers promises to be of this type."""
    if not isinstance(message.data, cls):
        message_text = f"{message.type} came to the handler of {cls.__name__}."
        raise NeverError(message_text)
    return message.data


def stamp_of(message: Message) -> Stamp:
    """When its event was raised, and its place among its document's own."""
    return Stamp(at=message.time, sequence=sequence_of(message.id))


def on_order(order_id: str, decide: Callable[[Order], Decided]) -> Step:
    """A step on an order; where there is no such order, nothing happens."""
    return Step(kind=ORDER, id=order_id, decide=lambda order: no_change(order) if order is None else decide(order))


def order_handler(cls: type[O], decide: Callable[[Order, O, Stamp], Decided]) -> Handler:
    """A handler that folds an event into its order."""

    def handle(message: Message, _now: str) -> Sequence[Step]:
        event, stamp = data_of(message, cls), stamp_of(message)
        return (on_order(event.order_id, lambda order: decide(order, event, stamp)),)

    return handle


def offer_handler(cls: type[L], fold: Callable[[Offer | None, L], Offer]) -> Handler:
    """A handler that folds an event into the copy of its lot."""

    def handle(message: Message, _now: str) -> Sequence[Step]:
        event = data_of(message, cls)
        return (Step(kind=OFFER, id=event.lot_id, decide=lambda offer: (fold(offer, event), ())),)

    return handle
