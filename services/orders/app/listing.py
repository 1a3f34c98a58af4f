"""Lists of orders, newest first; for the operator status by status, which is what the index serves."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.orders.app.kinds import ORDER
from services.orders.domain.order import Order, Status
from shared.store.aggregate import Ledger
from shared.store.paging import Page, newest
from shared.store.port import Where


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which orders: of one buyer or, where None, of all; in one of these statuses."""

    buyer_id: str | None
    statuses: tuple[Status, ...]


def newest_orders(ledger: Ledger, chosen: Chosen, cursor: str | None, limit: int) -> Page[Order]:
    """A page of orders; `cursor` is the page key of the last one of the page before.

    Raises InvalidError for a cursor that is none.
    """
    return newest(ledger, ORDER, _wheres(chosen), cursor, limit)


def _wheres(chosen: Chosen) -> Sequence[Where]:
    if chosen.buyer_id is not None:
        return [{"state.buyer_id": chosen.buyer_id, "state.status": {"$in": list(chosen.statuses)}}]
    return [{"state.status": status} for status in chosen.statuses]
