"""Workers that were made to stand still are started again, whoever stopped them and however that ended."""

from pathlib import Path
from typing import Any

import pytest

from deploy.hub.control import ProgramState, State
from deploy.hub.layout import Layout
from deploy.hub.programs import WORKERS
from deploy.hub.standstill import alone, start_forgotten, stopped, workers_still
from deploy.hub.trouble import BackupError


class Row:
    """A supervisor whose programs do as they are told at once."""

    def __init__(self, **states: State) -> None:
        self.known: dict[str, State] = {"web": "RUNNING", **dict.fromkeys(WORKERS, "RUNNING"), **states}

    def states(self) -> list[ProgramState]:
        return [ProgramState(name=name, state=state, pid=1, since=0, log=Path()) for name, state in self.known.items()]

    def start(self, name: str) -> None:
        self.known[name] = "RUNNING"

    def stop(self, names: tuple[str, ...]) -> None:
        self.known |= dict.fromkeys(names, "STOPPED")


@pytest.fixture
def row() -> Any:
    return Row()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "run").mkdir()
    return Layout(var=tmp_path)


def test_the_workers_and_nobody_else_stand_still_while_the_block_lasts(row: Any) -> None:
    with workers_still(row):
        assert stopped(row) == list(WORKERS)
        assert row.known["web"] == "RUNNING"

    assert stopped(row) == []


def test_they_are_started_also_where_the_block_fails(row: Any) -> None:
    with pytest.raises(ZeroDivisionError), workers_still(row):
        raise ZeroDivisionError

    assert stopped(row) == []


def test_a_worker_that_somebody_started_meanwhile_spoils_the_copy(row: Any) -> None:
    with pytest.raises(BackupError, match="A worker was started"), workers_still(row):
        row.start(WORKERS[1])

    assert stopped(row) == []


def test_forgotten_workers_are_started_but_not_those_that_somebody_still_keeps(row: Any, layout: Layout) -> None:
    row.stop(WORKERS[:2])
    with alone(layout):
        kept = start_forgotten(layout, row)
    started = start_forgotten(layout, row)

    assert (kept, started) == ([], list(WORKERS[:2]))
    assert start_forgotten(layout, row) == []


def test_one_at_a_time_makes_them_stand_still(layout: Layout) -> None:
    with alone(layout), pytest.raises(BackupError, match="Another backup"), alone(layout):
        pass
    with alone(layout):
        pass
