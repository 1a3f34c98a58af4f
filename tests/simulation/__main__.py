"""`make simulate`: plays many histories, or one, and says what broke and what was covered. Ends with 1 if one fails."""

import argparse
import sys
import time
from contextlib import closing

from tests.simulation.expected import missing
from tests.simulation.history import only
from tests.simulation.many import Tally, many, one
from tests.simulation.report import coverage
from tests.simulation.run import run

_TOLD_EVERY_S = 20
_ENOUGH = 300  # so many seeds should have covered everything


def main() -> int:
    """The command."""
    args = _arguments()
    if args.seed is not None:
        return _replay(args.seed, [int(each) for each in args.only.split(",") if each], told=args.story)
    return _play(args)


def _play(args: argparse.Namespace) -> int:
    tally, began = Tally(), time.monotonic()
    said = began
    with closing(many(args.first, args.n, args.jobs)) as pieces:
        for piece in pieces:
            tally.add(piece)
            for text in piece.failures:
                _say(text, "")
            if time.monotonic() - said > _TOLD_EVERY_S:
                said = time.monotonic()
                _say(f"{tally.seeds:,} of {args.n:,} seeds, {len(tally.failures)} failed")
            if args.minutes and time.monotonic() - began > args.minutes * 60:
                break
    return _conclude(tally, time.monotonic() - began)


def _conclude(tally: Tally, seconds: float) -> int:
    never = missing(tally.counts) if tally.seeds >= _ENOUGH else []
    steps = sum(times for (sort, _), times in tally.counts.items() if sort == "step")
    _say(coverage(tally.counts), *(f"Never happened: {each}" for each in never))
    _say(f"{tally.seeds:,} seeds, {steps:,} steps, {seconds:.0f} s, {len(tally.failures)} failed")
    return 1 if tally.failures or never else 0


def _replay(seed: int, numbers: list[int], *, told: bool) -> int:
    if told:
        _say(*run(seed, only(seed, numbers) if numbers else None).notes.story)
    tally = one(seed, numbers)
    _say(*tally.failures, f"Seed {seed}: {'broken' if tally.failures else 'every promise held'}")
    return 1 if tally.failures else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="one history: shrunk if it fails")
    parser.add_argument("--only", default="", help="of that history only the steps with these numbers, such as 0,3,7")
    parser.add_argument("--story", action="store_true", help="tell that history in full")
    parser.add_argument("--n", type=int, default=300, help="how many histories")
    parser.add_argument("--from", type=int, default=0, dest="first", help="from which seed on")
    parser.add_argument("--minutes", type=float, default=0, help="end after so long, however many there were")
    parser.add_argument("--jobs", type=int, default=2, help="in how many processes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
