"""What the hub's processes take: memory, and seconds of CPU between two moments."""

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.hub import RunningHub

_KB = 1_024
CLIENT = "benchmark (posts the orders)"


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes of a program and its children. `shared_out`: pages that several hold counted in part (PSS), or None."""

    resident: int
    shared_out: int | None
    processes: int


def families(hub: RunningHub) -> dict[str, list[psutil.Process]]:
    """The hub's processes by the name of their program; the supervisor is one of them."""
    pids = {state.name: state.pid for state in hub.supervisor.states() if state.pid}
    found = {name: _family(pid) for name, pid in pids.items()}
    return {**found, "supervisor": [psutil.Process(hub.supervisor.pid())]}


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def memory(hub: RunningHub) -> dict[str, Memory]:
    """By program."""
    return {name: _memory(family) for name, family in families(hub).items()}


def _memory(family: Iterable[psutil.Process]) -> Memory:
    members = list(family)
    shares = [_proportional(each.pid) for each in members]
    return Memory(
        resident=sum(each.memory_info().rss for each in members),
        shared_out=None if None in shares else sum(share for share in shares if share is not None),
        processes=len(members),
    )


def _proportional(pid: int) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * _KB for line in lines if line.startswith("Pss:")), None)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Seconds of CPU that each process has used so far: (program, pid) → seconds."""

    at: float
    used: Mapping[tuple[str, int], float]


@dataclass(frozen=True, kw_only=True)
class Used:
    """Seconds of CPU by program, within so many seconds of the clock."""

    seconds: float
    by_program: Mapping[str, float]

    @property
    def total(self) -> float:
        """Of all programs."""
        return sum(self.by_program.values())


def snapshot(hub: RunningHub) -> Snapshot:
    """Of every process of the hub, and of this one."""
    used: dict[tuple[str, int], float] = {(CLIENT, os.getpid()): _cpu(psutil.Process())}
    for name, family in families(hub).items():
        for process in family:
            with suppress(psutil.NoSuchProcess):
                used[name, process.pid] = _cpu(process)
    return Snapshot(at=time.perf_counter(), used=used)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def between(before: Snapshot, after: Snapshot) -> Used:
    """What was used from one to the other; processes that started meanwhile count from their start."""
    by_program: dict[str, float] = {}
    for key, seconds in after.used.items():
        by_program[key[0]] = by_program.get(key[0], 0.0) + seconds - before.used.get(key, 0.0)
    return Used(seconds=after.at - before.at, by_program=by_program)
