"""Real servers for tests: the database and broker that `schakel up` starts, on free ports, in a folder of the test."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.hub import database, jars, kafka
from deploy.hub.ports import HOST, Ports
from shared.bus.topics import all_topics, ensure_topics
from shared.config import inherited_environment
from shared.errors import BusUnavailableError

PATIENCE_S = 90


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


@contextmanager
def program(
    argv: Sequence[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a program while the block lasts; ends it with SIGTERM, and if need be with SIGKILL."""
    env = inherited_environment() | (environment or {})
    with log.open("ab") as output, subprocess.Popen(argv, stdout=output, stderr=subprocess.STDOUT, env=env) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
    """Returns when it is true; fails the test where it stays false."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)


@contextmanager
def database_server(folder: Path) -> Iterator[str]:
    """SecantusDB; gives its URI."""
    folder.mkdir(parents=True)
    (port,) = free_ports(1)
    config = folder / "empty.toml"
    config.touch()
    with program(database.argv(port, folder / "data", config), folder / "database.log"):
        uri = database.uri(port)
        wait_until(lambda: database.answers(uri), "the database answers")
        yield uri


@contextmanager
def kafka_server(folder: Path) -> Iterator[str]:
    """Apache Kafka with every topic; gives its bootstrap address."""
    folder.mkdir(parents=True)
    port, controller = free_ports(2)
    files = tuple(jars.fetch(jars.read_pinned(), jars.cache_folder(), lambda _done, _of, _name: None))
    broker = kafka.Broker(data=folder / "data", run=folder, ports=Ports(kafka=port, controller=controller), jars=files)
    kafka.prepare(broker)
    with program(broker.argv, folder / "kafka.log", kafka.ENVIRONMENT):
        wait_until(lambda: has_topics(broker.bootstrap), "Kafka answers")
        yield broker.bootstrap


def has_topics(bootstrap: str) -> bool:
    """Whether the broker answers; makes every topic where it does."""
    try:
        ensure_topics(bootstrap, all_topics(3))
    except BusUnavailableError:
        return False
    return True
