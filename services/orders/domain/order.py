"""An order: what a buyer asked, and the facts that arrived since. Its status is the furthest that the facts allow."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from services.orders.domain.job import Job
from services.orders.domain.line import Attempt, Line, references, with_attempt
from shared.events.base import Event
from shared.events.orders import LineRef
from shared.values import Place, Window

Status = Literal[
    "placed",
    "confirmed",
    "confirmed_in_part",
    "cancelling",
    "collecting",
    "underway",
    "refused",
    "cancelled",
    "delivered",
    "delivered_in_part",
    "not_delivered",
]

OPEN: tuple[Status, ...] = ("placed", "confirmed", "confirmed_in_part", "cancelling", "collecting", "underway")
ARRIVED: tuple[Status, ...] = ("delivered", "delivered_in_part")
FINAL: tuple[Status, ...] = ("refused", "cancelled", *ARRIVED, "not_delivered")
STATUSES: tuple[Status, ...] = (*OPEN, *FINAL)

Who = Literal["buyer", "operator"]


@dataclass(frozen=True, kw_only=True)
class DeliveryPlace:
    """Where a buyer wants its goods."""

    id: str
    name: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """That the order was taken back; `confirmed`: work existed by then, and decides what can still be stopped."""

    at: str
    by: Who
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order.

    `page_key` sorts a buyer's orders by age; `due_at` is when the worker must look at it.
    `delivery_day` is the Brussels day on which the window starts.

    `fingerprint` tells the request that placed it from another one with the same Idempotency-Key.
    """

    id: str
    page_key: str
    buyer_id: str
    buyer_name: str
    place: DeliveryPlace
    window: Window
    delivery_day: str
    packed: bool
    note: str
    placed_at: str
    answer_by: str
    due_at: str | None
    status: Status
    lines: tuple[Line, ...]
    fingerprint: str = ""
    jobs: tuple[Job, ...] = ()
    confirmed_at: str | None = None
    refused_at: str | None = None
    refusal: str | None = None
    cancel: Cancel | None = None
    receipt_at: str | None = None

    @property
    def final(self) -> bool:
        """Nothing more will be done about it."""
        return self.status in FINAL


Decided = tuple[Order, tuple[Event, ...]]


def line_of(order: Order, line_id: str) -> Line | None:
    """The line of this id, None where there is none."""
    return next((line for line in order.lines if line.id == line_id), None)


def job_of(order: Order, job_id: str) -> Job | None:
    """The job of this id, None where nothing was told of it."""
    return next((job for job in order.jobs if job.id == job_id), None)


def with_line(order: Order, line: Line) -> Order:
    """The order with this line in the place of the one of its id."""
    return replace(order, lines=tuple(line if each.id == line.id else each for each in order.lines))


def with_job(order: Order, job: Job) -> Order:
    """The order with this job in the place of the one of its id; jobs stay sorted by id."""
    others = [each for each in order.jobs if each.id != job.id]
    return replace(order, jobs=tuple(sorted([*others, job], key=lambda each: each.id)))


def change_attempt(
    order: Order, key: tuple[str, int, str], change: Callable[[Attempt], Attempt]
) -> tuple[Order, Line | None]:
    """Changes the attempt that `key` (line id, attempt number, lot id) names.

    Answers the order itself and None where no attempt is meant, or nothing changed.
    """
    line_id, number, lot_id = key
    line = line_of(order, line_id)
    found = [each for each in line.attempts if (each.number, each.source.lot_id) == (number, lot_id)] if line else []
    changed = change(found[0]) if found else None
    if line is None or changed is None or changed is found[0]:
        return order, None
    line = with_attempt(line, changed)
    return with_line(order, line), line


def all_references(order: Order) -> tuple[LineRef, ...]:
    """Names every attempt of every line, so that producers give back whatever they set aside for them."""
    return tuple(reference for line in order.lines for reference in references(line))
