"""The database and broker of a hub that is being restored: on free ports, in a folder of their own, for a moment."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.hub import database, leftovers
from deploy.hub.jars import Progress
from deploy.hub.layout import Layout
from deploy.hub.plan import Plan
from deploy.hub.ports import HOST, Ports
from deploy.hub.programs import Program
from deploy.hub.supervise import Tell, own_programs
from deploy.hub.trouble import BackupError
from shared.bus.topics import counts
from shared.config import inherited_environment
from shared.errors import BusUnavailableError

_PATIENCE_S = 90.0
_LOOK_EVERY_S = 0.1


@contextmanager
def servers(layout: Layout, hub_var: Path, tell: Tell, fetching: Progress) -> Iterator[Plan]:
    """Both, empty, until the block ends; then they end in order. They carry the hub's mark, should nobody end them.

    Raises HubError where one does not come up.
    """
    layout.prepare()
    database_port, broker, controller = _free_ports(3)
    plan = Plan(layout=layout, ports=Ports(database=database_port, kafka=broker, controller=controller))
    own = {program.name: program for program in own_programs(plan, tell, fetching)}
    with ExitStack() as stack:
        for program in own.values():
            stack.enter_context(_running(program, layout, hub_var))
        _await(lambda: database.answers(plan.database_uri), "The database", layout)
        _await(lambda: _bus_answers(plan), "Kafka", layout)
        yield plan


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextmanager
def _running(program: Program, layout: Layout, hub_var: Path) -> Iterator[None]:
    environment = inherited_environment() | dict(program.environment) | {leftovers.MARK: str(hub_var)}
    with (layout.log / f"{program.name}.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own words, no shell
            program.argv,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(program.patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(answers: Callable[[], bool], subject: str, layout: Layout) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not answers():
        if time.monotonic() > deadline:
            raise BackupError(f"{subject} did not come up within {_PATIENCE_S:.0f} seconds; see {layout.log}.")
        time.sleep(_LOOK_EVERY_S)


def _bus_answers(plan: Plan) -> bool:
    try:
        counts(plan.bus, ())
    except BusUnavailableError:
        return False
    return True
