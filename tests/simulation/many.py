"""Many seeds, in as many processes as are wanted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.simulation.history import only
from tests.simulation.report import Counts, failure
from tests.simulation.run import run
from tests.simulation.shrink import shrunk

_PIECE = 20


@dataclass(kw_only=True)
class Tally:
    """What came of some seeds: how many were played, what they covered, and each failure as it is printed."""

    seeds: int = 0
    counts: Counts = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Both together."""
        self.seeds += other.seeds
        self.counts.update(other.counts)
        self.failures += other.failures


def one(seed: int, numbers: Sequence[int] = ()) -> Tally:
    """One seed, shrunk where it fails; `numbers` are the steps to play, all where there are none."""
    outcome = run(seed, only(seed, numbers) if numbers else None)
    tally = Tally(seeds=1, counts=outcome.notes.counts)
    if outcome.breach is not None:
        tally.failures.append(failure(outcome, outcome if numbers else shrunk(outcome)))
    return tally


def many(first: int, seeds: int, jobs: int) -> Iterator[Tally]:
    """Piece by piece, each as soon as it is there; who wants no more closes it."""
    pieces = [range(start, min(start + _PIECE, first + seeds)) for start in range(first, first + seeds, _PIECE)]
    if jobs == 1:
        yield from map(_piece, pieces)
        return
    pool = ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn"))
    try:
        yield from pool.map(_piece, pieces)
    finally:
        pool.shutdown(cancel_futures=True)


def _piece(seeds: range) -> Tally:
    tally = Tally()
    for seed in seeds:
        tally.add(one(seed))
    return tally
