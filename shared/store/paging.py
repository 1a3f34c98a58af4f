"""Long lists, newest first, a page at a time.

Read a stretch of time at a time, each longer than the one before: a sorted query may read all that it could answer
before it stops at its limit, and a long history should not be sorted to show its end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared import clock
from shared.errors import InvalidError
from shared.store.aggregate import Kind, Ledger, Saved
from shared.store.port import Where

S = TypeVar("S")

_STRETCHES_S = (10, 200, 3_600, 86_400, 30 * 86_400)
_BEFORE_ALL, _AFTER_ALL = "0", "~"
_CURSOR = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)/[0-9A-Za-z.-]{1,200}")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[S]):
    """A piece of a long list; `next` is the cursor of the following piece, None at the end."""

    items: Sequence[Saved[S]]
    next: str | None


def newest(ledger: Ledger, kind: Kind[S], wheres: Sequence[Where], cursor: str | None, limit: int) -> Page[S]:
    """The aggregates that match one of `wheres` (which must exclude each other), by their state's `page_key`.

    `page_key` is the instant it was made, a slash and its id; `cursor` is that of the last one of the page before.
    Raises InvalidError for a cursor that is none.
    """
    before = cursor or _AFTER_ALL
    newest_at = _instant_of(cursor) if cursor else ledger.now()
    for seconds in _STRETCHES_S:
        page = _stretch(ledger, kind, wheres, (clock.plus(newest_at, seconds=-seconds), before), limit)
        if page.next is not None:
            return page
    return _stretch(ledger, kind, wheres, (_BEFORE_ALL, before), limit)


def _stretch(ledger: Ledger, kind: Kind[S], wheres: Sequence[Where], bounds: tuple[str, str], limit: int) -> Page[S]:
    found: list[Saved[Any]] = []
    keys = {"state.page_key": {"$gte": bounds[0], "$lt": bounds[1]}}
    for where in wheres:
        found += ledger.find(kind, {**where, **keys}, sort="state.page_key", descending=True, limit=limit + 1)
    found.sort(key=lambda saved: saved.state.page_key, reverse=True)
    more = found[limit - 1].state.page_key if len(found) > limit else None
    return Page(items=found[:limit], next=more)


def _instant_of(cursor: str) -> str:
    found = _CURSOR.fullmatch(cursor)
    if found is None or not clock.is_instant(found[1]):
        raise InvalidError("bad_cursor", "This is no cursor: take `next` of the page before.", field="cursor")
    return found[1]
