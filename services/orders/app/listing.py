"""Lists of orders, newest first.

Read a stretch of time at a time, and for the operator status by status: that is what the indexes serve, and a long
history is not sorted to show its end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.orders.app.kinds import ORDER
from services.orders.domain.order import Order, Status
from shared import clock
from shared.errors import InvalidError
from shared.store.aggregate import Ledger, Page, Saved
from shared.store.port import Where

_STRETCHES_S = (900, 86_400, 30 * 86_400)
_AFTER_ALL = "~"
_CURSOR = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)/[0-9A-Za-z-]{1,60}")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which orders: of one buyer or, where None, of all; in one of these statuses."""

    buyer_id: str | None
    statuses: tuple[Status, ...]


def newest(ledger: Ledger, chosen: Chosen, cursor: str | None, limit: int) -> Page[Order]:
    """A page of orders; `cursor` is the page key of the last one of the page before.

    Raises InvalidError for a cursor that is none.
    """
    before = cursor or _AFTER_ALL
    newest_at = _instant_of(cursor) if cursor else ledger.now()
    for seconds in _STRETCHES_S:
        page = _page(ledger, chosen, (clock.plus(newest_at, seconds=-seconds), before), limit)
        if page.next is not None:
            return page
    return _page(ledger, chosen, ("", before), limit)


def _page(ledger: Ledger, chosen: Chosen, stretch: tuple[str, str], limit: int) -> Page[Order]:
    keys = {"state.page_key": {"$gte": stretch[0], "$lt": stretch[1]}}
    found: list[Saved[Order]] = []
    for where in _wheres(chosen):
        found += ledger.find(ORDER, {**where, **keys}, sort="state.page_key", descending=True, limit=limit + 1)
    found.sort(key=lambda saved: saved.state.page_key, reverse=True)
    more = found[limit - 1].state.page_key if len(found) > limit else None
    return Page(items=found[:limit], next=more)


def _wheres(chosen: Chosen) -> Iterable[Where]:
    if chosen.buyer_id is not None:
        return [{"state.buyer_id": chosen.buyer_id, "state.status": {"$in": list(chosen.statuses)}}]
    return [{"state.status": status} for status in chosen.statuses]


def _instant_of(cursor: str) -> str:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidError("bad_cursor", "This is no cursor: take `next` of the page before.", field="cursor")
    return clock.parse(found[1])
