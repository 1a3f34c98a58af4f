"""What an order costs: cents without VAT a line, VAT rounded once per rate on the total."""

from dataclasses import dataclass

from services.orders.domain.line import Line
from services.orders.domain.order import Order
from services.orders.domain.progress import Course, courses
from shared.money import Totals, share, vat_totals


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What one line costs for `count` packs. `estimated`: sold by weight, and nobody weighed it yet."""

    count: int
    cents: int
    estimated: bool


def amounts(order: Order) -> dict[str, Amount]:
    """Each line's amount, by line id: of what arrived, or of what is expected to."""
    found = courses(order)
    return {line.id: _amount(order, line, found.get(line.id)) for line in order.lines}


def totals(order: Order, found: dict[str, Amount]) -> Totals:
    """Net, VAT by rate, gross."""
    return vat_totals((line.current.source.product.vat_percent, found[line.id].cents) for line in order.lines)


def _billed(order: Order, line: Line, course: Course | None) -> int:
    """The packs to pay: those delivered, else collected, else set aside, else asked while no answer is there."""
    if order.status in ("refused", "cancelled"):
        return 0
    if course is None:
        return line.current.asked if line.current.answered_at is None else 0
    known = [count for count in (course.delivered, course.collected) if count is not None]
    return known[0] if known else line.current.reserved


def _amount(order: Order, line: Line, course: Course | None) -> Amount:
    attempt, pack, count = line.current, line.current.source.pack, _billed(order, line, course)
    if not pack.by_weight or count == 0:
        return Amount(count=count, cents=pack.price_cents * count, estimated=False)
    if attempt.grams is None:
        return Amount(count=count, cents=pack.price_cents * count, estimated=True)
    weighed = (course.collected if course else None) or attempt.reserved or count
    cents = share(pack.price_cents, attempt.grams * count, pack.size * weighed)
    return Amount(count=count, cents=cents, estimated=False)
