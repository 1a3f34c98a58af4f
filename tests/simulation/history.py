"""A history as data: steps that follow from the seed alone, in swarms: each seed has its own mix of what happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.simulation.actions import ACTIONS, Action
from tests.simulation.chance import chance
from tests.simulation.faults import FAULTS, some_of

_OPENING = ("list_lot", "list_lot", "list_lot", "settle", "order", "order", "order")
_LENGTHS = (12, 25, 45, 70)
_CALM = 0.15  # how many histories go without any fault
_MOODS = (0.15, 0.3, 0.5)  # how many of its steps are faults


@dataclass(frozen=True, kw_only=True)
class Step:
    """What happens: an action, a fault, or `settle`. All else about it follows from the seed and its number."""

    number: int
    what: str


def history(seed: int) -> tuple[Step, ...]:
    """The steps of this seed."""
    draw = chance(seed, "history")
    actions = {name: each.weight * draw.choice((0, 1, 1, 2)) for name, each in ACTIONS.items()}
    actions["order"] = max(actions["order"], 1)
    faults = _weights({name: FAULTS[name] for name in some_of(draw)})
    share = 0.0 if draw.random() < _CALM or not faults else draw.choice(_MOODS)
    words = [_word(draw, faults if draw.random() < share else actions) for _ in range(draw.choice(_LENGTHS))]
    return tuple(Step(number=number, what=what) for number, what in enumerate((*_OPENING, *words)))


def only(seed: int, numbers: Sequence[int]) -> tuple[Step, ...]:
    """Those steps of this seed that have these numbers."""
    return tuple(step for step in history(seed) if step.number in set(numbers))


def _weights(table: dict[str, Action]) -> dict[str, int]:
    return {name: each.weight for name, each in table.items()}


def _word(draw: Random, weights: dict[str, int]) -> str:
    return draw.choices(list(weights), list(weights.values()))[0]
