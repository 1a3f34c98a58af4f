"""`python -m tests.torture`: kills a hub's programs at random under load, and accounts for every acknowledged request.

Exit code 1 where anything is missing, doubled or contradictory; the hub's folder is kept then.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.torture.hub import torture_hub
from tests.torture.outage import outage
from tests.torture.trial import Outcome, Trial, kill_under_load, prepare, settle, tidy


def main() -> int:
    """The command."""
    options = _options()
    folder = Path(options.folder or tempfile.mkdtemp(prefix="schakel-torture-"))
    folder.mkdir(parents=True, exist_ok=True)
    _tell(f"A hub in {folder}, seed {options.seed}.")
    began = time.monotonic()
    with torture_hub(folder / "var", _tell) as hub:
        trial = prepare(hub, folder, options.seed, _tell)
        _be_without_broker(trial, options.outage) if options.outage else _be_killed(trial, options.kills, options.pace)
        _tell("Waiting for rest.")
        outcome = settle(trial)
        trial.line.http.close()
    _show(outcome, time.monotonic() - began)
    tidy(folder, outcome)
    return 1 if outcome.breaches else 0


def _be_killed(trial: Trial, kills: int, pace: float) -> None:
    killer = kill_under_load(trial, kills, pace)
    _tell(f"Killed: {_counted(killer.killed)}. Restarted: {_counted(killer.restarted)}.")
    _tell(f"Longest until it served again: {killer.slowest_s:.0f} s.")


def _be_without_broker(trial: Trial, seconds: float) -> None:
    seen = outage(trial, seconds)
    _tell(f"{seconds:.0f} s without broker: {seen.taken} orders taken, {seen.disturbed} tries disturbed.")
    _tell(f"{seen.waiting} orders waited when it was back; all were answered after {seen.flowed_s:.0f} s.")
    _tell(
        f"Not ready {seen.unready} times. Waited: {', '.join(seen.waited)}. Killed: {', '.join(seen.killed) or 'none'}."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--outage", type=float, default=0.0, help="in place of kills: so many seconds without Kafka")
    parser.add_argument("--seed", type=int, default=1, help="of who is killed when, and of what people do")
    parser.add_argument("--pace", type=float, default=1.5, help="orders a second of each shop, about")
    parser.add_argument("--folder", help="where the hub and the ledger are kept; a temporary one unless given")
    return parser.parse_args()


def _tell(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


def _show(outcome: Outcome, seconds: float) -> None:
    _tell(f"Acknowledged: {_counted(outcome.asked)}.")
    _tell(f"Tries that got no answer: {outcome.lost}; that were put off with a 503: {outcome.put_off}.")
    for check in outcome.checks:
        _tell(f"{'BREACH' if check.wrong else 'holds '} {check.says} ({check.count})")
    for breach in outcome.breaches[:50]:
        _tell(f"  {breach}")
    _tell(f"{len(outcome.breaches)} breaches, {seconds:.0f} s.")


if __name__ == "__main__":
    sys.exit(main())
