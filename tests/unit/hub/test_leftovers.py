"""Programs whose supervisor was killed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.hub import leftovers
from shared.config import inherited_environment


@pytest.fixture
def left_behind(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    argv = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    mark = inherited_environment() | {leftovers.MARK: str(tmp_path)}
    processes = [_begun(argv, mark | {"SUPERVISOR_PROCESS_NAME": name}) for name in ("kafka", "web")]
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def _begun(argv: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_they_are_found_by_their_hub_in_the_order_to_end_them_and_ended(
    tmp_path: Path, left_behind: list[subprocess.Popen[bytes]]
) -> None:
    kafka, web = left_behind

    found = leftovers.find(tmp_path)
    leftovers.end(found)

    assert [process.pid for process in found] == [web.pid, kafka.pid]
    assert leftovers.find(tmp_path) == []


def test_those_of_another_hub_are_left_alone(tmp_path: Path, left_behind: list[subprocess.Popen[bytes]]) -> None:
    leftovers.end(leftovers.find(tmp_path / "other"))

    assert all(process.poll() is None for process in left_behind)
