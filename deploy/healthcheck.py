"""Whether the process that this container runs does its work: `python -m deploy.healthcheck web|worker [PID]`.

web     its /readyz answers 200, which asks the database too
worker  its main thread goes on: it wakes many times a second while it polls, and every few seconds while it waits for
        a database or a broker that is away; one that hangs does not wake. And its loop goes round: it has touched the
        file that SCHAKEL_HEARTBEAT_FILE names, where it names one, not long ago.

Exit code 0 or 1, with a sentence.
"""

import http.client
import sys
import time
from pathlib import Path

from shared.config import inherited_environment, read_settings

_WEB_TIMEOUT_S = 8.0
# Longer than the longest pause of a worker that waits for its surroundings.
_WORKER_PATIENCE_S = 12.0
# Longer than the longest round: a broker that is away is waited for in it, more than once.
_HEART_PATIENCE_S = 120.0
_LOOK_EVERY_S = 0.2
_MAIN_PROCESS = 1
_OK = 200


def web(bind: str) -> str | None:
    """What is wrong with the web server that listens there, or None."""
    port = int(bind.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_WEB_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"Port {port} does not answer: {error}."
    finally:
        connection.close()
    return None if status == _OK else f"/readyz answers {status}."


def worker(pid: int, patience_s: float = _WORKER_PATIENCE_S) -> str | None:
    """What is wrong with the worker of this process id, or None."""
    deadline = time.monotonic() + patience_s
    try:
        before = _wakes(pid)
        while _wakes(pid) == before:
            if time.monotonic() > deadline:
                return f"Process {pid} has not woken for {patience_s:.0f} seconds."
            time.sleep(_LOOK_EVERY_S)
    except OSError:
        return f"There is no process {pid}."
    return None


def heart(file: Path | None, now: float, patience_s: float = _HEART_PATIENCE_S) -> str | None:
    """What is wrong with the sign of life in this file, or None; `now` is seconds since 1970."""
    if file is None:
        return None
    try:
        age = now - file.stat().st_mtime
    except OSError:
        return f"There is no sign of life in {file}."
    return f"The last sign of life in {file} is {age:.0f} seconds old." if age > patience_s else None


def _wakes(pid: int) -> int:
    """How often the main thread has gone to sleep and woken since it started."""
    lines = Path(f"/proc/{pid}/task/{pid}/status").read_text(encoding="utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields["voluntary_ctxt_switches"])


def main(arguments: list[str]) -> str | None:
    """A sentence where something is wrong, else None."""
    match arguments:
        case ["web"]:
            return web(inherited_environment().get("SCHAKEL_WEB_BIND", "127.0.0.1:8000"))
        case ["worker"]:
            return worker(_MAIN_PROCESS) or heart(read_settings().heartbeat_file, time.time())
        case ["worker", pid] if pid.isdecimal():
            return worker(int(pid)) or heart(read_settings().heartbeat_file, time.time())
        case _:
            return "Say `web`, or `worker` and perhaps its process id."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
