"""Programs of a hub whose supervisor was killed: found by the mark in their environment, and ended."""

import os
from collections.abc import Iterable
from pathlib import Path

import psutil

from deploy.hub.programs import STOP_ORDER

MARK = "SCHAKEL_HUB_VAR"
_PROGRAM = "SUPERVISOR_PROCESS_NAME"
_PATIENCE = 40


def find(var: Path) -> list[psutil.Process]:
    """This user's processes that carry the mark of this hub, in the order in which they are to end."""
    marked = [process for process in psutil.process_iter() if process.pid != os.getpid() and _is_of(process, var)]
    return sorted(marked, key=_place)


def _is_of(process: psutil.Process, var: Path) -> bool:
    return _environment(process).get(MARK) == str(var)


def _place(process: psutil.Process) -> int:
    name = _environment(process).get(_PROGRAM, "")
    return next((place for place, names in enumerate(STOP_ORDER) if name in names), len(STOP_ORDER))


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return dict(process.environ())
    except (psutil.Error, OSError):
        return {}


def end(processes: Iterable[psutil.Process]) -> None:
    """Ends them one place after the other: politely, and by force those that take too long."""
    by_place: dict[int, list[psutil.Process]] = {}
    for process in processes:
        by_place.setdefault(_place(process), []).append(process)
    for place in sorted(by_place):
        _end_together(by_place[place])


def _end_together(processes: list[psutil.Process]) -> None:
    for process in processes:
        _signal(process, force=False)
    _, alive = psutil.wait_procs(processes, timeout=_PATIENCE)
    for process in alive:
        _signal(process, force=True)
    psutil.wait_procs(alive, timeout=_PATIENCE)


def _signal(process: psutil.Process, *, force: bool) -> None:
    """Nothing where it has ended meanwhile; psutil refuses to touch another process of the same number."""
    try:
        process.kill() if force else process.terminate()
    except psutil.NoSuchProcess:
        return
