"""What is printed: a failure as a short history that can be replayed, and what all histories together covered."""

from collections import Counter
from collections.abc import Iterator

from tests.simulation.run import Outcome

Counts = Counter[tuple[str, str]]

_SORTS = {
    "trouble": "Trouble that struck",
    "state of order": "States of orders, a write each",
    "end of order": "Ways that orders went",
    "end of line": "How lines ended",
    "state of lot": "States of lots, a write each",
    "end of reservation": "How reservations ended",
    "end of job": "Why jobs did not get done",
    "state of job": "States of jobs, a write each",
}
_STEPS = "step"
_A_LINE = 6


def failure(outcome: Outcome, shortened: Outcome) -> str:
    """The shortest history found, what it breaks, and how to see it again."""
    breach = shortened.breach
    numbers = ",".join(str(step.number) for step in shortened.steps)
    lines = [
        f"Seed {outcome.seed} breaks {breach.rule if breach else 'nothing'}.",
        f"{len(shortened.steps)} of its {len(outcome.steps)} steps are enough:",
        *shortened.notes.story,
        f"→ {breach.text if breach else ''}",
        f"Replay: make simulate SEED={outcome.seed} ONLY={numbers}",
    ]
    return "\n".join(lines)


def coverage(counts: Counts) -> str:
    """Everything that happened, and how often."""
    return "\n".join([*_asked(counts), *_happened(counts)])


def _asked(counts: Counts) -> Iterator[str]:
    yield "What was asked, and how it was answered"
    for sort in sorted({sort for sort, _ in counts} - {*_SORTS, _STEPS}):
        answers = sorted((word, times) for (each, word), times in counts.items() if each == sort)
        yield from _table(sort, [f"{word} × {times:,}" for word, times in answers])


def _happened(counts: Counts) -> Iterator[str]:
    for sort, title in _SORTS.items():
        yield title
        found = sorted((word, times) for (each, word), times in counts.items() if each == sort)
        yield from _table("", [f"{word} × {times:,}" for word, times in found])


def _table(name: str, cells: list[str]) -> Iterator[str]:
    for start in range(0, len(cells), _A_LINE):
        label = name.replace("_", " ") if start == 0 else ""
        yield f"  {label:<24}{' | '.join(cells[start : start + _A_LINE])}".rstrip()
