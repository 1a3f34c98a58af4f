"""Who goes on next: every worker and every request is a greenlet that gives its turn back at each look at the world.

Between two such points nothing else can happen, so the order in which the scheduler picks is the whole concurrency
of a history, and the same draws give the same history.
"""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from random import Random
from typing import Literal

from greenlet import getcurrent, greenlet

Kind = Literal["worker", "web"]


class Crash(BaseException):
    """`kill -9`: nothing may catch it, nothing runs after it."""


@dataclass(eq=False, kw_only=True)
class Task:
    """Something that runs. It sleeps while it has nothing to do, and is parked while its machine stands still.

    `called`: it was woken since it last put this to False, perhaps in the middle of its turn.
    """

    name: str
    kind: Kind
    service: str
    thread: greenlet
    asleep: bool = False
    parked: bool = False
    called: bool = False

    @property
    def done(self) -> bool:
        """It has ended, or was killed."""
        return self.thread.dead


class Turns:
    """All that runs, and whose turn it is."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.current: Task | None = None
        self.closing = False
        self._main = getcurrent()

    def start(self, name: str, kind: Kind, service: str, run: Callable[[], None]) -> Task:
        """A further task; it begins at its first turn."""
        thread = greenlet(run, parent=self._main)
        thread.gr_context = copy_context()
        task = Task(name=name, kind=kind, service=service, thread=thread)
        self.tasks.append(task)
        return task

    def pause(self) -> None:
        """Gives the turn back. Who only looks on from outside is not interrupted."""
        if self.current is not None and self.closing:
            raise Crash
        if self.current is not None:
            self._main.switch()

    def awake(self) -> list[Task]:
        """Those that can go on."""
        return [task for task in self.tasks if not (task.done or task.asleep or task.parked)]

    def one(self, draw: Random) -> bool:
        """Lets one of them go on to its next look at the world; False where nobody wants to."""
        ready = self.awake()
        if not ready:
            return False
        self._resume(draw.choice(ready), None)
        return True

    def wake(self, service: str | None = None) -> None:
        """There may be something to do again: for one service, or for all."""
        for task in self.tasks:
            if service in (None, task.service):
                task.asleep = False
                task.called = True

    def kill(self, task: Task) -> None:
        """Ends it where it stands; a task that never began just never does."""
        self._resume(task, Crash())
        self.tasks.remove(task)

    def close(self) -> None:
        """Ends everything."""
        self.closing = True
        for task in list(self.tasks):
            self.kill(task)

    def _resume(self, task: Task, crash: Crash | None) -> None:
        self.current = task
        try:
            if crash is None:
                task.thread.switch()
            elif task.thread:
                task.thread.throw(crash)
        except Crash:
            pass
        finally:
            self.current = None
        if task.done and task in self.tasks and crash is None:
            self.tasks.remove(task)
