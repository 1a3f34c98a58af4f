"""A job: a task of an order, who holds it, how far it is, and what is known of its goods.

Its status goes open → claimed → started → done, failed or cancelled. It goes back only to open: when its holder
drops it, or when it failed in a way that can be tried again. Facts about its goods may come before its task is
known; until then it is `expected`, and nobody sees it.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, TypedDict

from services.logistics.domain.task import Line, Task
from shared.errors import ConflictError, NeverError, NotFoundError
from shared.events.base import Event
from shared.events.jobs import Goods, Stock
from shared.values import JobKind, Place

Status = Literal["expected", "open", "claimed", "started", "done", "failed", "cancelled"]

STATUSES: tuple[Status, ...] = ("open", "claimed", "started", "done", "failed", "cancelled")
HELD: tuple[Status, ...] = ("claimed", "started")
FINAL: tuple[Status, ...] = ("done", "failed", "cancelled")
MOST_ENTRIES = 200


@dataclass(frozen=True, kw_only=True)
class Counted:
    """So many packs of a line; `grams` is measured, where somebody measured."""

    line_id: str
    count: int
    grams: int | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came to the depot from one source; its lines that are not named came to nothing."""

    source_id: str
    at: str
    came: tuple[Counted, ...]


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Goods changed hands: when, who gave or received them, how many packs, in how many crates, how cold.

    `short_stock` says what became of the packs that did not change hands.
    """

    at: str
    by: str
    lines: tuple[Counted, ...] = ()
    crates: int | None = None
    celsius: float | None = None
    note: str = ""
    short_stock: Stock = "gone"


@dataclass(frozen=True, kw_only=True)
class CallOff:
    """That the job is not needed any more, and why."""

    at: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened, in plain words."""

    at: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job. `page_key` sorts by age; `site` is where packing is done.

    Only while it is open it has `lat`, `lon`: those of its first stop, by which the board finds it; `load_grams` and
    `load_crates` are what a vehicle must carry, none for packing.

    `due_at` is when the worker must look at it, `expires_at` when it is given up. `escalated`: the hub must look.
    `failures` counts, by reason, how often it was opened again. `called_off` is set where that came before its task.
    """

    id: str
    order_id: str
    kind: JobKind
    status: Status = "expected"
    task: Task | None = None
    page_key: str | None = None
    lat: float | None = None
    lon: float | None = None
    load_grams: int = 0
    load_crates: int = 0
    offered_at: str = ""
    expires_at: str = ""
    due_at: str | None = None
    wide: bool = False
    escalated: bool = False
    holder_id: str | None = None
    holder_name: str | None = None
    site: Place | None = None
    answers: tuple[Answer, ...] = ()
    failures: dict[str, int] = field(default_factory=dict)
    handover: HandOver | None = None
    outcome: str | None = None
    called_off: CallOff | None = None
    timeline: tuple[Entry, ...] = ()

    @property
    def work(self) -> Task:
        """Its task. Raises NeverError where that is not known yet: callers ask `planned` first."""
        if self.task is None:
            message = f"The task of job {self.id} is not known yet."
            raise NeverError(message)
        return self.task

    @property
    def final(self) -> bool:
        """Nothing more will be done about it."""
        return self.status in FINAL


Decided = tuple[Job, tuple[Event, ...]]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a decision is taken, and until when a job that it leaves open may wait for somebody."""

    now: str
    due_at: str


class About(TypedDict):
    """What all events of a job share."""

    job_id: str
    order_id: str
    kind: JobKind
    lines: tuple[Goods, ...]


def planned(job: Job | None) -> Job:
    """The job, where it exists and its task is known. Raises NotFoundError."""
    if job is None or job.task is None:
        raise no_such_job()
    return job


def no_such_job() -> NotFoundError:
    """The refusal for a job that is not there, or not the caller's to see."""
    return NotFoundError("no_such_job", "There is no such job, or another enterprise holds it: look at the board.")


def held_by(job: Job | None, enterprise_id: str) -> Job:
    """The job, where this enterprise holds it and it goes on. Raises NotFoundError or ConflictError."""
    known = planned(job)
    if known.status == "open":
        raise ConflictError("not_claimed", "Nobody holds this job: claim it first.")
    if known.holder_id != enterprise_id:
        raise no_such_job()
    if known.final:
        raise ConflictError("job_ended", f"This job is {known.status}: nothing more can be done about it.")
    return known


def noted(job: Job, at: str, text: str) -> Job:
    """The job with one more entry in its timeline, of which the last ones are kept."""
    return replace(job, timeline=(*job.timeline, Entry(at=at, text=text))[-MOST_ENTRIES:])


def opened(job: Job, due_at: str) -> Job:
    """The job as open: held by nobody, on the board, and due when nobody takes it up in time."""
    first = job.work.route[0].place
    free = replace(job, status="open", holder_id=None, holder_name=None, site=None)
    return replace(free, lat=first.lat, lon=first.lon, due_at=min(due_at, job.expires_at))


def ended(job: Job, status: Status, outcome: str | None = None) -> Job:
    """The job in a final status: nothing is due any more; its holder stays known."""
    return replace(job, status=status, outcome=outcome, due_at=None, escalated=False, lat=None, lon=None)


def goods(line: Line, count: int, grams: int | None = None) -> Goods:
    """So many packs of a line, as events name them."""
    return Goods(line_id=line.id, attempt=line.attempt, lot_id=line.lot_id, count=count, grams=grams)
