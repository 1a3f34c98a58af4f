"""The disk under a hub is full for a while: a clear 503, nothing corrupt, and it recovers by itself.

A small disk in memory (tmpfs) is mounted under the hub's folder, in a mount namespace of this process's own, where it
is gone with the process. `python -m tests.torture.full_disk FOLDER` is to be started in one: see `command`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from benchmarks.hub import wait_until
from deploy.hub.layout import CHECKOUT
from shared.config import inherited_environment
from tests.torture.hub import TortureHub, torture_hub
from tests.torture.people import Crowd
from tests.torture.town import order_body
from tests.torture.trial import Trial, prepare, settle, under_load

_SIZE = "640m"
_PIECE = b"0" * 65_536
_FULL_S = 12.0
_SETTLES_S = 90.0
_PACE = 1.5


def command(folder: Path) -> list[str]:
    """What runs the trial with mounts of its own. Raises RuntimeError where this machine allows nobody that."""
    ways = (["--mount"], ["--mount", "--user", "--map-root-user"])
    way = next((each for each in ways if _allowed(each)), None)
    if way is None:
        raise RuntimeError("No mount namespace can be made here: run as root, or allow user namespaces.")
    return ["unshare", *way, sys.executable, "-m", "tests.torture.full_disk", str(folder)]


def _allowed(way: list[str]) -> bool:
    tried = ["unshare", *way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def full_disk(folder: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Runs the trial on a disk in memory, mounted here, and tells what was seen.

    `refusal` is the answer to an order while the disk was full, `ready` those to `/readyz`, `status` what
    `schakel status` said, `recovered_s` how long after there was room the hub served, `breaches` the account's.
    """
    var = folder / "var"
    var.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(var)], check=True)  # noqa: S607  # where it lies differs
    with torture_hub(var, tell) as hub:
        trial = prepare(hub, folder, 1, tell)
        seen: list[dict[str, Any]] = []
        under_load(trial, _PACE, lambda crowd: seen.append(_ordeal(trial, crowd, var / "filling")))
        outcome = settle(trial)
        trial.line.http.close()
    return {**seen[0], "acknowledged": dict(outcome.asked), "breaches": list(outcome.breaches)}


def _ordeal(trial: Trial, crowd: Crowd, filling: Path) -> dict[str, Any]:
    wait_until(lambda: len(trial.town.of_late()) > 10, "some orders are placed", seconds=_SETTLES_S)
    _fill(filling)
    wait_until(lambda: not trial.hub.web_is_ready(), "the hub says that it is not ready", seconds=_SETTLES_S)
    began, ready = time.monotonic(), []
    while time.monotonic() - began < _FULL_S:
        crowd.check()
        ready.append(httpx.get(f"{trial.hub.plan.address}/readyz", timeout=15).status_code)
        time.sleep(1)  # looks once a second, as long as the disk is to be full
    seen = {"refusal": _refused_order(trial), "ready": ready, "status": _status(trial.hub)}
    filling.unlink()
    freed = time.monotonic()
    wait_until(trial.hub.serves, "the hub serves again", seconds=_SETTLES_S)
    return {**seen, "recovered_s": round(time.monotonic() - freed, 1)}


def _fill(file: Path) -> None:
    """Until nothing more fits."""
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(_PIECE)
        except OSError:
            return


def _refused_order(trial: Trial) -> dict[str, Any]:
    """One order, asked once."""
    lot, pack = trial.town.on_offer()[0]
    line = {"lot_id": lot, "pack_id": pack, "count": 1, "wish": "exact"}
    answer = trial.town.shops[0].talker.once("/orders/v1/orders", order_body([line], "asked once", packed=False))
    try:
        code = answer.json()["code"]
    except ValueError:
        code = answer.text[:200]
    kind, retry = answer.headers.get("Content-Type", ""), answer.headers.get("Retry-After", "")
    return {"status": answer.status_code, "type": kind, "retry_after": retry, "code": code}


def _status(hub: TortureHub) -> str:
    argv = [sys.executable, "-m", "deploy.hub.cli", "--var", str(hub.plan.layout.var), "status"]
    env = inherited_environment() | {"COLUMNS": "300"}
    return subprocess.run(argv, capture_output=True, text=True, check=False, cwd=CHECKOUT, env=env).stdout


def main() -> None:
    """Runs the trial in a folder, and prints what was seen as JSON."""
    seen = full_disk(Path(sys.argv[1]), lambda text: sys.stderr.write(f"{text}\n"))
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main()
