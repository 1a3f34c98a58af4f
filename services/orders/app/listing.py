"""Lists of orders, newest first, read a stretch of time at a time: a long history is not sorted to show its end."""

import re

from services.orders.app.kinds import ORDER
from services.orders.domain.order import Order
from shared import clock
from shared.errors import InvalidError
from shared.store.aggregate import Ledger, Page
from shared.store.port import Where

_STRETCHES_DAYS = (2, 14, 120)
_DAY_S = 86_400
_AFTER_ALL = "~"
_CURSOR = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)/[0-9A-Za-z-]{1,60}")


def newest(ledger: Ledger, where: Where, cursor: str | None, limit: int, now: str) -> Page[Order]:
    """A page of the orders that match; `cursor` is the page key of the last one of the page before.

    Raises InvalidError for a cursor that is none.
    """
    before = cursor or _AFTER_ALL
    newest_at = _instant_of(cursor) if cursor else now
    for days in _STRETCHES_DAYS:
        page = _since(ledger, where, (clock.plus(newest_at, seconds=-days * _DAY_S), before), limit)
        if page.next is not None:
            return page
    return _since(ledger, where, ("", before), limit)


def _since(ledger: Ledger, where: Where, stretch: tuple[str, str], limit: int) -> Page[Order]:
    narrowed = {**where, "state.page_key": {"$gte": stretch[0], "$lt": stretch[1]}}
    found = ledger.find(ORDER, narrowed, sort="state.page_key", descending=True, limit=limit + 1)
    more = found[limit - 1].state.page_key if len(found) > limit else None
    return Page(items=found[:limit], next=more)


def _instant_of(cursor: str) -> str:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidError("bad_cursor", "This is no cursor: take `next` of the page before.", field="cursor")
    return clock.parse(found[1])
