"""Plays a history, lets it come to its end, and holds the hub against its promises."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.actions import ACTIONS
from tests.simulation.bugs.plant import NO_BUG, Bug
from tests.simulation.chance import chance
from tests.simulation.ending import end
from tests.simulation.faults import FAULTS
from tests.simulation.history import Step, history
from tests.simulation.invariants import check
from tests.simulation.notes import Breach, Notes
from tests.simulation.play import Play
from tests.simulation.world import World, world

_TURNS = (0, 6, 30, 120, 500)
_SECONDS = (0.2, 3, 45, 400)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a history."""

    seed: int
    steps: tuple[Step, ...]
    notes: Notes

    @property
    def breach(self) -> Breach | None:
        """The first promise that did not hold."""
        return self.notes.breaches[0] if self.notes.breaches else None


def run(seed: int, steps: Sequence[Step] | None = None, bug: Bug = NO_BUG) -> Outcome:
    """Plays these steps of the seed, or all of them."""
    played = tuple(history(seed) if steps is None else steps)
    with world(seed, bug) as hub:
        for step in played:
            if not hub.notes.breaches:
                _play(hub, step)
        if not hub.notes.breaches:
            end(hub)
        if not hub.notes.breaches:
            check(hub)
        return Outcome(seed=seed, steps=played, notes=hub.notes)


def _play(hub: World, step: Step) -> None:
    play = Play(world=hub, number=step.number)
    draw = chance(hub.seed, "turns", step.number)
    hub.trouble.draw = draw
    hub.notes.count("step", step.what)
    if step.what in FAULTS:
        FAULTS[step.what].do(play)
    elif step.what in ACTIONS:
        hub.turns.start(f"step {step.number}", "web", "", lambda: ACTIONS[step.what].do(play))
    hub.pass_time(draw.choice(_SECONDS))
    hub.turns.wake()
    if step.what != "retire_a_worker" or draw.random() < 1 / 2:
        hub.staff.keep()
    hub.go_on(draw, 3_000 if step.what == "settle" else draw.choice(_TURNS))
