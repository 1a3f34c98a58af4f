"""A shift of the enterprises: they work until their orders have ended, or nothing more can be done about them."""

import time
from collections.abc import Collection
from functools import partial

from deploy.hub.demo import errands
from deploy.hub.demo.client import Client
from deploy.hub.demo.facts import FINAL
from deploy.hub.demo.scene import Scene
from deploy.hub.demo.screen import Tick
from deploy.hub.demo.waiting import until_planned
from deploy.hub.demo.working import Job, Seen, Workforce, carry_out, take_up, take_up_asked

_ORDERS = "/orders/v1/orders"
_PLANNED_S = 120
_IDLE_S = 10.0
_PAUSE_S = 0.2
_MOST_LEFT = 60


def work(scene: Scene, force: Workforce) -> None:
    """Two enterprises want one job, one gives another back, and then all work on."""
    operator = scene.people.operator
    until_planned(operator, force.orders, _PLANNED_S, lambda _name: None)
    crew, other = list(force.clients)[:2]
    errands.race(force, crew, other)
    errands.change_hands(force, other, crew)
    taken, ended = (partial(_shown, scene.screen.bar(name)) for name in ("Jobs taken up", "Jobs carried out"))
    moved_at = time.monotonic()
    while time.monotonic() - moved_at < _IDLE_S:
        if _move(force, taken, ended):
            moved_at = time.monotonic()
        elif not _go_on(operator, force.orders):
            break
        else:
            time.sleep(_PAUSE_S)


def workforce(scene: Scene, placed: Collection[str]) -> Workforce:
    """The enterprises, for these orders and what is left over of an earlier morning.

    Where very many orders wait, of a file of baskets say, those are no leftovers, and the board is too crowded.
    """
    waiting = [each["id"] for each in scene.people.operator.get(_ORDERS, waiting="true", limit=200)["items"]]
    older = [each for each in waiting if each not in set(placed)]
    crowded = len(older) > _MOST_LEFT
    return Workforce(
        clients=scene.people.enterprises,
        tell=scene.screen.tell,
        operator=scene.people.operator,
        orders=frozenset(placed if crowded else (*placed, *older)),
        crowded=crowded,
    )


def _move(force: Workforce, taken: Seen, ended: Seen) -> int:
    """Off the board first; then what is held; then what the board does not show."""
    return take_up(force, taken, ended) or carry_out(force, ended) or take_up_asked(force, taken)


def _go_on(operator: Client, order_ids: Collection[str]) -> bool:
    """Whether one of these orders has not ended."""
    return any(operator.get(f"{_ORDERS}/{each}")["status"] not in FINAL for each in order_ids)


def _shown(tick: Tick, job: Job) -> None:
    tick(f"{job['kind']}, {job['holder']['name']}")
