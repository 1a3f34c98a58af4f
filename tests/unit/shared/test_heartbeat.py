"""A worker shows that its loop goes round, also while it waits for its surroundings."""

import threading
from pathlib import Path

import pytest

from deploy import healthcheck
from shared.errors import BusUnavailableError
from shared.heartbeat import Heartbeat
from shared.worker import Worker


class Clock:
    now = 0.0

    def read(self) -> float:
        return self.now


def test_the_file_is_touched_at_most_once_a_second(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "heartbeat"
    heartbeat = Heartbeat(file, clock.read)
    seen = []

    for clock.now in (0.0, 0.4, 0.9, 1.0, 1.5, 2.5):
        file.unlink(missing_ok=True)
        heartbeat.beat()
        seen.append(file.exists())

    assert seen == [True, False, False, True, False, True]


def test_where_it_cannot_be_touched_the_loop_goes_on(tmp_path: Path) -> None:
    Heartbeat(tmp_path / "no folder" / "heartbeat").beat()
    Heartbeat(None).beat()

    assert list(tmp_path.iterdir()) == []


class Away:
    """A broker that is away; the one who waits for it is told to stop after some rounds."""

    def __init__(self, stop: threading.Event) -> None:
        self.rounds = 0
        self._stop = stop

    def turn(self, _timeout: float) -> int:
        self.rounds += 1
        if self.rounds == 2:
            self._stop.set()
        raise BusUnavailableError("It is away.")


def test_a_worker_that_waits_for_its_broker_shows_that_it_lives(tmp_path: Path) -> None:
    stop = threading.Event()
    away = Away(stop)
    worker = Worker(consumer=away, relay=away, due=away, close=lambda: None)  # type: ignore[arg-type]

    worker.run(stop, Heartbeat(tmp_path / "heartbeat"))

    assert away.rounds == 2
    assert (tmp_path / "heartbeat").exists()


@pytest.mark.parametrize(
    ("age", "says"), [(0, None), (119, None), (121, "The last sign of life in {} is 121 seconds old.")]
)
def test_a_worker_whose_last_sign_is_old_is_not_healthy(tmp_path: Path, age: int, says: str | None) -> None:
    file = tmp_path / "heartbeat"
    file.touch()

    assert healthcheck.heart(file, file.stat().st_mtime + age) == (says and says.format(file))


def test_a_worker_without_a_sign_is_not_healthy_unless_none_is_asked_for(tmp_path: Path) -> None:
    assert healthcheck.heart(tmp_path / "none", 0) == f"There is no sign of life in {tmp_path / 'none'}."
    assert healthcheck.heart(None, 0) is None
