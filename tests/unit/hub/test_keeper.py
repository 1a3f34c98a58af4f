"""The keeper: what it does about what it sees."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.hub.control import ProgramState, State
from deploy.hub.keeper import Health, Heartbeat, Keeper, Seen, due
from shared.errors import StoreUnavailableError
from shared.store.memory import MemoryStore
from tests.servers import free_ports


def seen(*, room: bool = True, broken_turns: int = 0, **states: State) -> Seen:
    return Seen(states=states, room=room, broken_turns=broken_turns)


@dataclass
class Row:
    """Programs that do as they are told."""

    known: dict[str, State]
    told: list[str] = field(default_factory=list)

    def states(self) -> list[ProgramState]:
        return [ProgramState(name=name, state=state, pid=1, since=0, log=Path()) for name, state in self.known.items()]

    def start(self, name: str) -> None:
        self.told.append(f"start {name}")
        self.known[name] = "RUNNING"

    def stop(self, names: Sequence[str]) -> None:
        self.told += [f"stop {name}" for name in names]
        self.known |= dict.fromkeys(names, "STOPPED")


@dataclass
class Machine:
    """A machine to look at, as a test wants it."""

    health: Health = "well"
    room: bool = True

    def keeper(self, row: Row) -> Keeper:
        return Keeper(row, lambda: self.health, lambda: self.room, lambda _verb, _name: None)


def test_where_all_is_well_nothing_is_done() -> None:
    assert due(seen(database="RUNNING", kafka="RUNNING", web="RUNNING")) == []


def test_what_the_supervisor_gave_up_is_tried_again() -> None:
    assert due(seen(database="RUNNING", web="FATAL")) == [("start", "web")]


def test_a_worker_that_was_stopped_on_purpose_stays_stopped() -> None:
    states: dict[str, State] = {"database": "RUNNING", "orders-worker": "STOPPED"}

    assert due(Seen(states=states, room=True, broken_turns=0)) == []


@pytest.mark.parametrize("state", ["STARTING", "BACKOFF", "EXITED", "FATAL"])
def test_without_room_a_store_that_struggles_is_held(state: State) -> None:
    assert due(seen(room=False, database="RUNNING", kafka=state, web=state)) == [("hold", "kafka")]


def test_without_room_what_runs_is_left_alone_also_where_it_is_broken() -> None:
    assert due(seen(room=False, broken_turns=99, database="RUNNING", kafka="RUNNING")) == []


def test_a_database_is_started_anew_when_it_was_broken_twice_in_a_row() -> None:
    machine, row = Machine(health="broken"), Row({"database": "RUNNING", "web": "RUNNING"})
    keeper = machine.keeper(row)

    keeper.turn()
    first = list(row.told)
    keeper.turn()

    assert first == []
    assert row.told == ["stop database", "start database"]


def test_one_failure_between_two_successes_is_forgiven() -> None:
    machine, row = Machine(), Row({"database": "RUNNING"})
    keeper = machine.keeper(row)

    for health in ("broken", "well", "broken", "absent"):
        machine.health = health
        keeper.turn()

    assert row.told == []


def test_what_is_held_starts_when_there_is_room_again_even_under_another_keeper() -> None:
    machine, row = Machine(room=False), Row({"database": "BACKOFF", "kafka": "EXITED", "web": "RUNNING"})
    machine.keeper(row).turn()
    machine.keeper(row).turn()
    held = list(row.told)

    machine.room = True
    machine.keeper(row).turn()

    assert held == ["stop database", "stop kafka"]
    assert row.told[2:] == ["start database", "start kafka"]


class Refusing(MemoryStore):
    """A store that answers, and cannot write."""

    def write(self, collection: str, writes: Sequence[object]) -> frozenset[str]:
        raise StoreUnavailableError(f"{collection}: {len(writes)} writes refused")


def test_a_database_where_nobody_listens_is_absent_not_broken() -> None:
    (port,) = free_ports(1)

    assert Heartbeat(port, Refusing()).health() == "absent"


@pytest.mark.servers
def test_a_database_that_listens_is_well_or_broken_by_whether_it_writes(database_uri: str) -> None:
    port = int(database_uri.split(":")[2].split("/", maxsplit=1)[0])
    writing = Heartbeat(port, MemoryStore())

    assert [writing.health(), writing.health()] == ["well", "well"]
    assert Heartbeat(port, Refusing()).health() == "broken"
