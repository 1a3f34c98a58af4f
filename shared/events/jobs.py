"""Topic `jobs`, keyed by order: the work that an order needs, and who does it. Told by logistics."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from shared.events.base import Event
from shared.values import JobKind, Window

Stock = Literal["back", "gone"]


@dataclass(frozen=True, kw_only=True)
class Goods:
    """So many packs of one attempt of one line; `grams` is measured, where somebody measured."""

    line_id: str
    attempt: int
    lot_id: str
    count: int
    grams: int | None = None


@dataclass(frozen=True, kw_only=True)
class JobEvent(Event):
    """What all events of a job share. `lines` are the goods it is about."""

    service: ClassVar[str] = "logistics"
    topic: ClassVar[str] = "jobs"
    key: ClassVar[str] = "order_id"

    job_id: str
    order_id: str
    kind: JobKind
    lines: tuple[Goods, ...]


@dataclass(frozen=True, kw_only=True)
class JobOffered(JobEvent):
    """Work that an enterprise can take up; told again, with `wide`, when nobody near did."""

    window: Window
    pay_cents: int
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class JobEscalated(JobEvent):
    """Nobody took it up in time: the hub operator must look."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class JobClaimed(JobEvent):
    """An enterprise took it up."""

    enterprise_id: str
    enterprise_name: str


@dataclass(frozen=True, kw_only=True)
class JobDropped(JobEvent):
    """The enterprise gave it back before the start; it is open again."""

    enterprise_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class JobStarted(JobEvent):
    """The work has begun: from here it cannot be cancelled."""

    enterprise_id: str


@dataclass(frozen=True, kw_only=True)
class JobDone(JobEvent):
    """The work is done; `lines` are what changed hands.

    `short` are the packs that were asked but did not change hands, and `short_stock` says whether those still
    exist (`back`) or do not (`gone`).
    """

    enterprise_id: str
    short: tuple[Goods, ...] = ()
    short_stock: Stock = "gone"


@dataclass(frozen=True, kw_only=True)
class JobFailed(JobEvent):
    """It was tried and failed. `again`: it is open once more; else it ended, and `stock` says what becomes of it."""

    enterprise_id: str | None
    reason: str
    again: bool
    stock: Stock


@dataclass(frozen=True, kw_only=True)
class JobCancelled(JobEvent):
    """It is not needed any more; its goods did not move."""

    reason: str
