"""What a job asks of whoever takes it up: which goods, from where to where, when, and for how much."""

from dataclasses import dataclass
from typing import Literal

from shared.values import JobKind, Place, Storage, Window

StopRole = Literal["farm", "depot", "buyer"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many packs of one attempt of one order line. `grams` is the nominal weight of one pack.

    `source_id` is the job whose end tells how many packs are at the depot; None where this job itself is the first.
    """

    id: str
    attempt: int
    lot_id: str
    producer_name: str
    product_name: str
    pack_label: str
    storage: Storage
    count: int
    grams: int
    per_crate: int
    by_weight: bool
    source_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A place on the way of a job."""

    role: StopRole
    name: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Source:
    """A job that must have ended before this one can start; `name` says in words what is waited for."""

    job_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """The plan of one job. It never changes; what is really there, the job's answers tell.

    `feeds` is the job that waits for this one, None for the last of an order. `pay_cents` is without VAT.
    """

    job_id: str
    order_id: str
    kind: JobKind
    lines: tuple[Line, ...]
    route: tuple[Stop, ...]
    window: Window
    grams: int
    crates: int
    storage: tuple[Storage, ...]
    metres: int
    pay_cents: int
    sources: tuple[Source, ...] = ()
    feeds: str | None = None


def crates_for(count: int, per_crate: int) -> int:
    """How many crates so many packs fill, the last one perhaps in part."""
    return -(-count // per_crate)
