"""What to do about refused stock: where a substitute is fine, look up what could be one, and let the order decide."""

from collections.abc import Sequence

from services.orders.app.kinds import ORDER
from services.orders.app.search import Conditions, Look, nearest, on_offer
from services.orders.app.steps import data_of, on_order, stamp_of
from services.orders.domain.answers import may_substitute, on_stock_refused
from services.orders.domain.line import Line
from services.orders.domain.offer import price_per_unit
from services.orders.domain.order import Order, line_of
from services.orders.domain.substitute import DEARER_PERCENT
from shared.consumer import Handler, Message
from shared.events.lots import LotSnapshot
from shared.events.reservations import StockRefused
from shared.store.aggregate import Ledger, Step

_CANDIDATES = 40


def stock_refused_handler(ledger: Ledger) -> Handler:
    """Records a refusal, with candidates where the order may try another lot."""

    def handle(message: Message, now: str) -> Sequence[Step]:
        event, stamp = data_of(message, StockRefused), stamp_of(message)
        candidates = _candidates(ledger, event, now)
        return (on_order(event.order_id, lambda order: on_stock_refused(order, event, stamp, candidates)),)

    return handle


def _candidates(ledger: Ledger, event: StockRefused, now: str) -> tuple[LotSnapshot, ...]:
    """Lots alike, nearest first; none where the wish, the attempt or the time does not allow a substitute."""
    if event.wish != "substitute_ok" or event.attempt != 1:
        return ()
    saved = ledger.load(ORDER, event.order_id)
    line = line_of(saved.state, event.line_id) if saved else None
    if saved is None or line is None or not may_substitute(saved.state, line) or saved.state.answer_by <= now:
        return ()
    look = Look(where=_alike(saved.state, line, now), place=saved.state.place.place)
    found = nearest(ledger, look, _CANDIDATES)
    return tuple(hit.offer.lot for hit in found if hit.offer.lot is not None)


def _alike(order: Order, line: Line, now: str) -> Conditions:
    """Narrows down what the choice then looks at closely."""
    source = line.current.source
    dearest = price_per_unit(source.pack, source.product.unit) * DEARER_PERCENT // 100 + 1
    return {
        **on_offer(now),
        "state.lot.product.kind": source.product.kind,
        "state.lot.product.unit": source.product.unit,
        "state.lot.product.storage.kind": source.product.storage.kind,
        "state.unit_price": {"$lte": dearest},
        "state.last_day": {"$gte": order.delivery_day},
    }
