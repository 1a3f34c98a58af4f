"""How the hub's deadlines become instants for decisions."""

from services.logistics.domain.job import Moment
from services.logistics.domain.offering import Schedule
from services.logistics.domain.task import Task
from shared import clock
from shared.hub import Deadlines


def moment(deadlines: Deadlines, now: str) -> Moment:
    """Now, and until when an open job may wait before it is offered wider."""
    return Moment(now=now, due_at=clock.plus(now, seconds=deadlines.unclaimed))


def moment_of_due(deadlines: Deadlines, now: str) -> Moment:
    """Now, and until when a job that was offered wider may wait before the operator must look."""
    return Moment(now=now, due_at=clock.plus(now, seconds=deadlines.escalate))


def schedule(task: Task, deadlines: Deadlines, now: str) -> Schedule:
    """When a new job is offered, offered wider, and given up."""
    return Schedule(
        now=now,
        due_at=clock.plus(now, seconds=deadlines.unclaimed),
        expires_at=clock.plus(task.window.end, seconds=deadlines.unfinished),
    )
