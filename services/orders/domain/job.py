"""The work on an order, as logistics tells it. A job is the set of its steps; its state is the latest of them.

Steps are ordered by the sequence that their sender gave them, never by arrival: late, early or repeated, the
same steps give the same job.
"""

from dataclasses import dataclass, replace
from typing import Literal

from services.orders.domain.stamp import Stamp
from shared.events.jobs import (
    JobCancelled,
    JobClaimed,
    JobDone,
    JobDropped,
    JobEscalated,
    JobEvent,
    JobFailed,
    JobOffered,
    JobStarted,
)
from shared.values import JobKind

What = Literal["offered", "escalated", "claimed", "dropped", "started", "done", "failed", "cancelled"]

MOST_STEPS = 60  # a job that goes round more often keeps its latest steps

JobState = Literal["open", "claimed", "started", "done", "failed", "cancelled"]
JOB_STATES: tuple[JobState, ...] = ("open", "claimed", "started", "done", "failed", "cancelled")

_STATES: dict[What, JobState] = {
    "claimed": "claimed",
    "started": "started",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}
_COURSE: tuple[What, ...] = ("offered", "escalated", "claimed", "dropped", "started", "failed", "done", "cancelled")
_WHAT: dict[type[JobEvent], What] = {
    JobOffered: "offered",
    JobEscalated: "escalated",
    JobClaimed: "claimed",
    JobDropped: "dropped",
    JobStarted: "started",
    JobDone: "done",
    JobFailed: "failed",
    JobCancelled: "cancelled",
}


@dataclass(frozen=True, kw_only=True)
class JobStep:
    """One thing that happened to a job. `again`: it failed, but is open once more; `wide`: offered beyond the near."""

    sequence: int
    at: str
    what: What
    enterprise_id: str | None = None
    enterprise_name: str | None = None
    reason: str | None = None
    again: bool = False
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is known of a job. `moved` is packs by line, once done; `started` stays true when it fails and reopens."""

    id: str
    kind: JobKind
    line_ids: tuple[str, ...] = ()
    steps: tuple[JobStep, ...] = ()
    started: bool = False
    moved: dict[str, int] | None = None

    @property
    def end(self) -> JobStep | None:
        """The step that ended it, None while it goes on."""
        return self.steps[-1] if self.state in ("done", "failed", "cancelled") else None

    @property
    def state(self) -> JobState:
        """In a word; `open` also after it was dropped, or failed and is tried again."""
        last = self.steps[-1]
        reopened = last.what == "failed" and last.again
        return "open" if reopened else _STATES.get(last.what, "open")

    @property
    def doer(self) -> str | None:
        """The name of the enterprise that holds it or did it."""
        last = self.steps[-1]
        return self.name_of(last.enterprise_id) if self.state in ("claimed", "started", "done") else None

    def name_of(self, enterprise_id: str | None) -> str | None:
        """An enterprise's name, as it was told when it took the job up; its number where that was not told."""
        names = (each.enterprise_name for each in self.steps if each.enterprise_id == enterprise_id)
        return next((name for name in names if name), enterprise_id)


def on_job_event(job: Job | None, event: JobEvent, stamp: Stamp) -> Job:
    """The job with this step at its place; a step it has already changes nothing."""
    before = job or Job(id=event.job_id, kind=event.kind)
    step = _step(event, stamp)
    if step in before.steps:
        return before
    return replace(
        before,
        line_ids=tuple(sorted({*before.line_ids, *(goods.line_id for goods in event.lines)})),
        steps=tuple(sorted((*before.steps, step), key=_place))[-MOST_STEPS:],
        started=before.started or step.what in ("started", "done"),
        moved=_moved(event) if isinstance(event, JobDone) else before.moved,
    )


def _step(event: JobEvent, stamp: Stamp) -> JobStep:
    return JobStep(
        sequence=stamp.sequence,
        at=stamp.at,
        what=_WHAT[type(event)],
        enterprise_id=getattr(event, "enterprise_id", None),
        enterprise_name=getattr(event, "enterprise_name", None),
        reason=getattr(event, "reason", None),
        again=getattr(event, "again", False),
        wide=getattr(event, "wide", False),
    )


def _place(step: JobStep) -> tuple[int, str, int]:
    """By sequence; by time and the usual course where the sender gave none."""
    return step.sequence, step.at, _COURSE.index(step.what)


def _moved(event: JobDone) -> dict[str, int]:
    return {goods.line_id: max(0, goods.count) for goods in event.lines}
