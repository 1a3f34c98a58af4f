"""The refusal of a line whose lot does not exist: no lot can answer for it, so it is a document of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.events.base import Event
from shared.events.orders import WantedLine
from shared.events.reservations import StockRefused


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One attempt of one line, refused; remembered so that it is told once."""

    order_id: str
    line_id: str
    attempt: int
    lot_id: str


def refuse(existing: Refusal | None, order_id: str, line: WantedLine) -> tuple[Refusal, Sequence[Event]]:
    """There is no such lot."""
    if existing:
        return existing, ()
    refusal = Refusal(order_id=order_id, line_id=line.line_id, attempt=line.attempt, lot_id=line.lot_id)
    refused = StockRefused(
        order_id=order_id,
        line_id=line.line_id,
        attempt=line.attempt,
        lot_id=line.lot_id,
        reason="no_such_lot",
        wish=line.wish,
    )
    return refusal, (refused,)
