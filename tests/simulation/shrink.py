"""A history that fails, made short: steps are left out as long as the same promise is still broken."""

from collections.abc import Callable, Sequence

from tests.simulation.bugs.plant import NO_BUG, Bug
from tests.simulation.history import Step
from tests.simulation.run import Outcome, run

_MOST_TRIES = 300


def shrunk(failed: Outcome, bug: Bug = NO_BUG, most: int = _MOST_TRIES) -> Outcome:
    """The shortest history found, within so many tries, that breaks the same promise; it replays the same."""
    breach = failed.breach
    if breach is None:
        raise ValueError("Nothing failed in this history.")
    best = failed

    def fails(steps: Sequence[Step]) -> bool:
        nonlocal best
        outcome = run(failed.seed, steps, bug)
        same = outcome.breach is not None and outcome.breach.rule == breach.rule
        best = outcome if same else best
        return same

    _leave_out(failed.steps, fails, most)
    return best


def _leave_out(steps: tuple[Step, ...], fails: Callable[[Sequence[Step]], bool], tries: int) -> None:
    """Delta debugging: large pieces first, then smaller ones, until no single step can go."""
    size = max(1, len(steps) // 2)
    while tries > 0:
        start, shorter = 0, False
        while start < len(steps) and tries > 0:
            tries -= 1
            rest = (*steps[:start], *steps[start + size :])
            if fails(rest):
                steps, shorter = rest, True
            else:
                start += size
        if size == 1 and not shorter:
            return
        size = max(1, size // 2)
