"""Which events exist: type name → class, and topic → classes. A new event is one line here."""

from shared.events import jobs, lots, orders, reservations
from shared.events.base import Event

EVENTS: tuple[type[Event], ...] = (
    lots.LotListed,
    lots.LotChanged,
    lots.LotWithdrawn,
    orders.OrderPlaced,
    orders.LineSubstituted,
    orders.OrderConfirmed,
    orders.OrderRefused,
    orders.OrderCancelled,
    orders.OrderDelivered,
    orders.OrderFailed,
    orders.LineReportedShort,
    orders.ReceiptConfirmed,
    reservations.StockReserved,
    reservations.StockRefused,
    reservations.StockReleased,
    reservations.StockCollected,
    reservations.WeightRecorded,
    jobs.JobOffered,
    jobs.JobEscalated,
    jobs.JobClaimed,
    jobs.JobDropped,
    jobs.JobStarted,
    jobs.JobDone,
    jobs.JobFailed,
    jobs.JobCancelled,
)


def type_name(event: type[Event]) -> str:
    """The CloudEvents `type`, such as `schakel.orders.OrderPlaced.v1`."""
    return f"schakel.{event.service}.{event.__name__}.v{event.version}"


BY_TYPE: dict[str, type[Event]] = {type_name(event): event for event in EVENTS}
TOPICS: tuple[str, ...] = tuple(dict.fromkeys(event.topic for event in EVENTS))
