"""The hub's keeper: a program beside the others that brings back what the supervisor alone would not.

- A database whose engine gave up (on a full disk it does) runs on and answers pings, but does nothing: started anew.
- While the disk is full, the database and Kafka cannot start: held until there is room, in place of endless tries.
- What the supervisor gave up is tried again: a hub that nobody looks after must not stay down.
- Workers that a backup stopped, which was killed before it started them again, are started.

It keeps nothing itself: killed, it is started again, and sees what there is to see.
"""

import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from deploy.hub import room
from deploy.hub.control import ProgramState, State, Supervisor
from deploy.hub.layout import Layout
from deploy.hub.plan import Plan, recall
from deploy.hub.ports import HOST
from deploy.hub.programs import DATABASE, KAFKA
from deploy.hub.standstill import start_forgotten
from deploy.hub.trouble import NotRunningError
from shared import log
from shared.config import read_settings
from shared.errors import StoreUnavailableError
from shared.store.mongo import MongoStore, connect
from shared.store.port import Store, Write

Health = Literal["well", "absent", "broken"]
Verb = Literal["start", "restart", "hold"]

_EVERY_S = 3.0
# One failed write may be a slow disk.
_BROKEN_TURNS = 2
# Longer than any write takes; a connection that hangs must not hang the keeper.
_WRITE_MS = 20_000
_NEEDS_ROOM = (DATABASE, KAFKA)
_STRUGGLING: tuple[State, ...] = ("STARTING", "BACKOFF", "EXITED", "FATAL")
_COLLECTION, _ID = "keeper", "heartbeat"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The hub at one moment. `broken_turns` counts how often in a row the database was found broken."""

    states: Mapping[str, State]
    room: bool
    broken_turns: int


def due(seen: Seen) -> list[tuple[Verb, str]]:
    """What is to be done now. Pure."""
    if not seen.room:
        return [("hold", name) for name in _NEEDS_ROOM if seen.states.get(name) in _STRUGGLING]
    started: list[tuple[Verb, str]] = [("start", name) for name, state in seen.states.items() if _is_down(name, state)]
    if seen.broken_turns >= _BROKEN_TURNS and seen.states.get(DATABASE) == "RUNNING":
        return [*started, ("restart", DATABASE)]
    return started


def _is_down(name: str, state: State) -> bool:
    """Given up, or held until now; what else is stopped was stopped on purpose."""
    return state == "FATAL" or (state == "STOPPED" and name in _NEEDS_ROOM)


class Programs(Protocol):
    """What the keeper needs of a supervisor."""

    def states(self) -> list[ProgramState]:
        """Every program."""

    def start(self, name: str) -> None:
        """Starts one, and returns at once."""

    def stop(self, names: Sequence[str]) -> None:
        """Stops them, and returns when they have ended."""


class Keeper:
    """Looks, and acts. `health` tells of the database, `has_room` of the disks, `tell` takes what was done."""

    def __init__(
        self,
        programs: Programs,
        health: Callable[[], Health],
        has_room: Callable[[], bool],
        tell: Callable[[Verb, str], None],
    ) -> None:
        self._programs = programs
        self._health = health
        self._has_room = has_room
        self._tell = tell
        self._broken_turns = 0

    def turn(self) -> None:
        """One look. Raises NotRunningError where the supervisor does not answer."""
        states = {each.name: each.state for each in self._programs.states()}
        broken = states.get(DATABASE) == "RUNNING" and self._health() == "broken"
        self._broken_turns = self._broken_turns + 1 if broken else 0
        for verb, name in due(Seen(states=states, room=self._has_room(), broken_turns=self._broken_turns)):
            self._tell(verb, name)
            self._act(verb, name)

    def _act(self, verb: Verb, name: str) -> None:
        if verb in ("hold", "restart"):
            self._programs.stop([name])
        if verb in ("start", "restart"):
            self._programs.start(name)


class Heartbeat:
    """Tells how the database is, by a write: an engine that gave up still answers pings."""

    def __init__(self, port: int, store: Store) -> None:
        self._port = port
        self._store = store

    def health(self) -> Health:
        """`absent` while nobody listens: it may be recovering, which must not be disturbed."""
        try:
            socket.create_connection((HOST, self._port), timeout=1).close()
        except OSError:
            return "absent"
        try:
            self._beat()
        except StoreUnavailableError:
            return "broken"
        return "well"

    def _beat(self) -> None:
        found = self._store.get(_COLLECTION, [_ID]).get(_ID)
        version = found.version + 1 if found else 1
        self._store.write(_COLLECTION, [Write(id=_ID, version=version, state={}, inbox=(), outgoing=())])


def keeper_of(plan: Plan, supervisor: Supervisor) -> Keeper:
    """The keeper of a hub with a database of its own, or without."""

    def has_room() -> bool:
        return room.free(plan.layout) >= room.LEAST_BYTES

    def tell(verb: Verb, name: str) -> None:
        log.logger().warning("keeper", action=verb, program=name, free=room.free(plan.layout))

    return Keeper(supervisor, _health_of(plan), has_room, tell)


def _health_of(plan: Plan) -> Callable[[], Health]:
    if plan.mongodb_uri is not None:
        return lambda: "well"
    client = connect(f"{plan.database_uri}&socketTimeoutMS={_WRITE_MS}", timeout_ms=2_000)
    store = MongoStore(client, f"{read_settings().database_prefix}_keeper")
    return Heartbeat(plan.ports.database, store).health


def main() -> None:
    """Looks again and again, until it is ended. The hub's folder is its one argument."""
    settings = read_settings()
    log.configure("keeper", settings.log_level)
    layout = Layout(var=Path(sys.argv[1]))
    plan = recall(layout, mongodb_uri=settings.mongodb_uri, bootstrap=settings.kafka.address)
    supervisor = Supervisor(layout.socket)
    keeper = keeper_of(plan, supervisor)
    while True:
        try:
            keeper.turn()
            for name in start_forgotten(layout, supervisor):
                log.logger().warning("keeper", action="start", program=name, reason="a backup was killed")
        except NotRunningError as error:
            log.logger().warning("waiting", reason=str(error), seconds=_EVERY_S)
        time.sleep(_EVERY_S)  # between two looks


if __name__ == "__main__":
    main()
