"""The workers of a running hub made to stand still for a while, for one purpose at a time, and never forgotten so.

Who keeps them still holds a lock that ends with its process, however that ends. Where workers are stopped and nobody
holds it, the hub's keeper starts them again.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from deploy.hub.control import Supervisor
from deploy.hub.layout import Layout
from deploy.hub.programs import WORKERS
from deploy.hub.trouble import BackupError, NotRunningError


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """Holds the lock while the block lasts. Raises BackupError where another does."""
    with (layout.run / "standstill.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup of this hub is being made. Wait for it.") from None
        yield


@contextmanager
def workers_still(supervisor: Supervisor) -> Iterator[None]:
    """Stops the workers, and starts them again whatever happens. The lock must be held, and be held a little longer.

    Raises BackupError at the end of the block where one of them did not stand still all the while.
    """
    try:
        supervisor.stop(WORKERS)
        yield
        if stopped(supervisor) != list(WORKERS):
            raise BackupError("A worker was started while the documents were copied. Try again.")
    finally:
        with suppress(NotRunningError):  # the hub was stopped meanwhile
            for name in WORKERS:
                supervisor.start(name)


def stopped(supervisor: Supervisor) -> list[str]:
    """The workers that are stopped."""
    states = {each.name: each.state for each in supervisor.states()}
    return [name for name in WORKERS if states.get(name) == "STOPPED"]


def start_forgotten(layout: Layout, supervisor: Supervisor) -> list[str]:
    """Starts the workers that somebody stopped who was killed then; their names. Raises NotRunningError."""
    found = stopped(supervisor)
    if not found:
        return []
    try:
        with alone(layout):
            for name in found:
                supervisor.start(name)
    except BackupError:
        return []
    return found
