"""What goes wrong where a worker or a request touches the world: at a read, a write, a poll, a publication.

Trouble is armed by a step of the history and strikes at the so-manieth touch that it is meant for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

from shared.errors import BusUnavailableError, RetryError, StoreUnavailableError
from tests.simulation.turns import Crash, Kind, Turns

T = TypeVar("T")
Medium = Literal["store", "bus"]
How = Literal["crash_before", "crash_after", "crash_torn", "refused", "lost", "torn"]

CRASHES: tuple[How, ...] = ("crash_before", "crash_after", "crash_torn")
ERRORS: tuple[How, ...] = ("refused", "lost", "torn")
CHANGING = ("write", "published", "publish", "commit")
_BEFORE = ("crash_before", "refused")
_TORN = ("crash_torn", "torn")


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One look at the world, or one change of it, by a service."""

    service: str
    medium: Medium
    op: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.op} {self.what}".rstrip()


@dataclass(kw_only=True)
class Strike:
    """Trouble that waits for its touch: the one that `left` others of its kind precede; of any kind, or of one `op`."""

    how: How
    kind: Kind
    service: str
    left: int
    op: str = ""

    def meets(self, touch: Touch, kind: Kind) -> bool:
        """Whether this touch is its one; what changes nothing can only be refused, or be the last before a crash."""
        if (touch.service, kind) != (self.service, self.kind) or self.op not in ("", touch.op):
            return False
        if self.how not in _BEFORE and touch.op not in CHANGING:
            return False
        self.left -= 1
        return self.left < 0


class Trouble:
    """All trouble there is. `told` hears of each strike, in words."""

    def __init__(self, turns: Turns, told: Callable[[str, Touch], None]) -> None:
        self.strikes: list[Strike] = []
        self.away: set[tuple[str, Medium]] = set()
        self.draw = Random(0)  # noqa: S311  # each step gives its own
        self._turns = turns
        self._told = told

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        self.strikes.clear()
        self.away.clear()

    def touch(self, touch: Touch, do: Callable[[], T], part: Callable[[], object] | None = None) -> T:
        """Does it, at this task's next turn, unless trouble strikes; `part` does some of it."""
        self._turns.pause()
        task = self._turns.current
        if task is None:
            return do()
        if (touch.service, touch.medium) in self.away:
            self._told("away", touch)
            raise _error(touch)
        strike = next((each for each in self.strikes if each.meets(touch, task.kind)), None)
        if strike is None:
            return do()
        self.strikes.remove(strike)
        return self._strike(strike, touch, do, part)

    def _strike(self, strike: Strike, touch: Touch, do: Callable[[], T], part: Callable[[], object] | None) -> T:
        self._told(strike.how, touch)
        if strike.how in _TORN and part is not None:
            part()
        elif strike.how not in _BEFORE:
            do()
        raise Crash if strike.how in CRASHES else _error(touch)


def _error(touch: Touch) -> RetryError:
    cls = StoreUnavailableError if touch.medium == "store" else BusUnavailableError
    return cls(f"The {touch.medium} of {touch.service} did not answer.")
