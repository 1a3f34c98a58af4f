"""Waits until the programs of a starting hub answer; gives up at once when one ends instead."""

import time
from collections.abc import Callable

import httpx

from deploy.hub import database
from deploy.hub.control import ProgramState, Supervisor
from deploy.hub.plan import Plan
from deploy.hub.programs import DATABASE, KAFKA, WEB
from deploy.hub.trouble import StartError
from shared.bus.topics import all_topics, ensure_topics
from shared.config import read_settings
from shared.errors import BusUnavailableError

_ENDED = ("BACKOFF", "EXITED", "FATAL")
_OWN_S = 90.0
# Those of others run already, or do not.
_OTHERS_S = 15.0
_WEB_S = 60.0
_LAST_LINES = 6


def await_database(hub: Plan, supervisor: Supervisor) -> None:
    """Until it answers a ping."""
    own = hub.mongodb_uri is None
    subject = "The database" if own else "The database at MONGODB_URI"
    seconds = _OWN_S if own else _OTHERS_S
    _await(lambda: database.answers(hub.database_uri), supervisor, DATABASE, subject, seconds)


def await_bus(hub: Plan, supervisor: Supervisor) -> None:
    """Until it answers and has every topic."""
    own = hub.bootstrap is None
    subject = "Kafka" if own else "Kafka at KAFKA_BOOTSTRAP_SERVERS"
    _await(lambda: _has_topics(hub), supervisor, KAFKA, subject, _OWN_S if own else _OTHERS_S)


def _has_topics(hub: Plan) -> bool:
    try:
        ensure_topics(hub.bus, all_topics(read_settings().topic_partitions))
    except BusUnavailableError:
        return False
    return True


def await_web(hub: Plan, supervisor: Supervisor) -> None:
    """Until it and all it needs are ready."""
    _await(lambda: _is_ready(hub), supervisor, WEB, "The web server", _WEB_S)


def _is_ready(hub: Plan) -> bool:
    try:
        return httpx.get(f"{hub.address}/readyz", timeout=5).is_success
    except httpx.HTTPError:
        return False


def await_running(supervisor: Supervisor) -> None:
    """Until no program is on its way up any more."""

    def settled() -> bool:
        _require_up(supervisor.states())
        return all(state.state == "RUNNING" for state in supervisor.states())

    _await(settled, supervisor, WEB, "A worker", _WEB_S)


def _await(answers: Callable[[], bool], supervisor: Supervisor, name: str, subject: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not answers():
        _require_up([state for state in supervisor.states() if state.name == name])
        if time.monotonic() > deadline:
            message = f"{subject} did not answer within {seconds:.0f} seconds. Look whether it runs, and at the logs."
            raise StartError(message)
        time.sleep(0.1)


def _require_up(states: list[ProgramState]) -> None:
    for state in states:
        if state.state in _ENDED:
            message = f"The program {state.name} ended while it started. Its last lines ({state.log}):\n{_tail(state)}"
            raise StartError(message)


def _tail(state: ProgramState) -> str:
    try:
        lines = state.log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "  (none)"
    return "\n".join(f"  {line[:300]}" for line in lines[-_LAST_LINES:])
