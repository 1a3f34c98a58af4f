"""POST /orders a second, beside a bare Flask view under the same gunicorn settings that inserts one document."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from benchmarks.bare_view import DATABASE, PATH, TEMPLATE
from benchmarks.hub import RunningHub, free_ports, wait_until
from benchmarks.load import Posted, Target, post_all
from benchmarks.people import Asked
from deploy.hub.layout import CHECKOUT
from deploy.hub.ports import HOST
from shared.config import inherited_environment

_WARM_UP = 50
_STOP_S = 30


def bare_front(
    hub: RunningHub, client: MongoClient[dict[str, Any]], orders: Sequence[Asked], connections: int
) -> Posted:
    """Posts the same bodies to the bare view; the document that it inserts each time is an order of this hub."""
    sample = client[hub.database_of("orders")]["orders"].find_one() or {}
    client[DATABASE][TEMPLATE].insert_one(sample)
    (port,) = free_ports(1)
    target = Target(port=port, path=PATH)
    try:
        with _bare_gunicorn(hub, port):
            post_all(target, orders[:_WARM_UP], connections)
            return post_all(target, orders, connections)
    finally:
        client.drop_database(DATABASE)


@contextmanager
def _bare_gunicorn(hub: RunningHub, port: int) -> Iterator[None]:
    config = CHECKOUT / "deploy" / "gunicorn.py"
    argv = [sys.executable, "-m", "gunicorn", "-c", str(config), "benchmarks.bare_view:create_app()"]
    told = {"MONGODB_URI": hub.plan.database_uri, "SCHAKEL_WEB_BIND": f"{HOST}:{port}"}
    log = hub.plan.layout.log / "bare-view.log"
    with log.open("ab") as output, _program(argv, inherited_environment() | told, output) as process:
        wait_until(lambda: process.poll() is not None or _answers(port), "the bare view answers")
        yield


@contextmanager
def _program(argv: list[str], env: dict[str, str], output: Any) -> Iterator[subprocess.Popen[bytes]]:  # noqa: ANN401  # an open file
    with subprocess.Popen(argv, env=env, cwd=Path(CHECKOUT), stdout=output, stderr=output) as process:  # noqa: S603  # our own words, no shell
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_STOP_S)


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
