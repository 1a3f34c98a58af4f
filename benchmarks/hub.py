"""A whole hub, as `schakel up` starts it, on free ports and in a folder of its own."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.hub import operator_key, supervise
from deploy.hub.control import Supervisor
from deploy.hub.layout import Layout
from deploy.hub.plan import Plan
from deploy.hub.ports import HOST, Ports
from deploy.hub.programs import KEEPER, WORKERS
from shared.config import read_settings

Tell = Callable[[str], None]

_PATIENCE_S = 60.0
_STARTED = '"worker_started"'


@dataclass(frozen=True, kw_only=True)
class RunningHub:
    """A hub that serves, and the key of its operator."""

    plan: Plan
    operator_key: str

    @property
    def supervisor(self) -> Supervisor:
        """Who knows its processes."""
        return Supervisor(self.plan.layout.socket)

    def database_of(self, service: str) -> str:
        """The name of a service's database."""
        return f"{read_settings().database_prefix}_{service}"

    def stop_workers(self) -> None:
        """Returns when all have ended, and the keeper, which would start them again."""
        self.supervisor.stop((KEEPER, *WORKERS))

    def start_worker(self, name: str) -> None:
        """Returns when it says that it has started."""
        log = self.plan.layout.log / f"{name}.log"
        before = _starts(log)
        self.supervisor.start(name)
        wait_until(lambda: _starts(log) > before, f"{name} starts", pause=0.01)


@contextmanager
def running_hub(folder: Path, tell: Tell) -> Iterator[RunningHub]:
    """A hub that serves until the block ends. Raises HubError where it cannot be started."""
    web, database, kafka, controller = free_ports(4)
    ports = Ports(web=web, database=database, kafka=kafka, controller=controller)
    plan = Plan(layout=Layout(var=folder), ports=ports)
    supervise.start(plan, tell, lambda _done, _of, _name: None)
    try:
        key = operator_key.key_file(plan.layout).read_text(encoding="utf-8").strip()
        yield RunningHub(plan=plan, operator_key=key)
    finally:
        supervise.stop(plan.layout, tell)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def wait_until(true: Callable[[], bool], what: str, *, seconds: float = _PATIENCE_S, pause: float = 0.1) -> None:
    """Returns when it is true. Raises TimeoutError where it stays false."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            message = f"Waited {seconds:.0f} s in vain until {what}. The logs are in the hub's folder."
            raise TimeoutError(message)
        time.sleep(pause)  # between two looks


def _starts(log: Path) -> int:
    return log.read_text(encoding="utf-8", errors="replace").count(_STARTED) if log.exists() else 0
