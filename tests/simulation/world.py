"""A whole hub inside one process: stores, bus, workers, web, clocks, and everything that can go wrong with them."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from random import Random
from typing import Any

import structlog

from shared import clock, ids
from shared.store.memory import MemoryStore
from shared.store.port import Write
from shared.wiring import Parts, Service
from tests.chain import MONDAY, SERVICES
from tests.simulation.bugs.plant import NO_BUG, Bug
from tests.simulation.bus import SimBus
from tests.simulation.chance import chance
from tests.simulation.deeds import Deeds
from tests.simulation.notes import Notes
from tests.simulation.site import Documents, rules, site, town
from tests.simulation.staff import Staff
from tests.simulation.stores import SimStore, State
from tests.simulation.trouble import Touch, Trouble
from tests.simulation.turns import Turns
from tests.simulation.watch import watched

_MOST_TURNS = 200_000
States = Mapping[str, Mapping[str, Any]]


class World:
    """One history's hub. `placed` keeps each order as it was when it was placed."""

    def __init__(self, seed: int, bug: Bug, notes: Notes) -> None:
        self.seed = seed
        self.bug = bug
        self.time = MONDAY
        self.skew = dict.fromkeys(SERVICES, 0.0)
        self.notes = notes
        self.deeds = Deeds()
        self.town = town()
        hasty = chance(seed, "hasty").random() < 1 / 2
        self.rules = rules(hasty=hasty)
        self.site = site(bug if bug.web else NO_BUG, hasty=hasty)
        self.turns = Turns()
        self.trouble = Trouble(self.turns, self._struck)
        self.bus = SimBus(self.trouble, self.turns.wake)
        self.stores = {name: self._store(name, self.town.documents[name]) for name in SERVICES}
        for store in self.stores.values():
            store.hot = chance(seed, "hot").random() < 1 / 2
        self._used = {name: bug.store(self, name, store) for name, store in self.stores.items()}
        self.placed: dict[str, dict[str, Any]] = {}
        self._due: dict[str, dict[str, str]] = {name: {} for name in SERVICES}
        self.services = {name: bug.service(service) for name, service in SERVICES.items()}
        self.staff = Staff(self.turns, self.bus, self)

    def _store(self, name: str, documents: Documents) -> SimStore:
        memory = MemoryStore()
        memory._documents = {collection: dict(those) for collection, those in documents.items()}
        return SimStore(name, memory, self.trouble, self._seen)

    def parts(self, service: Service) -> Parts:
        """What a worker of this service runs on."""
        return Parts(store=self.store(service.name), hub=self.rules, now=lambda: self.now(service.name))

    def store(self, service: str) -> Any:
        """The store that a service uses."""
        return self._used[service]

    def now(self, service: str) -> str:
        """What this service's clock says: clocks differ."""
        skew = self.skew[service]
        return clock.plus(self.time, seconds=skew) if skew else self.time

    def states(self, service: str, collection: str) -> States:
        """The truth, read from outside."""
        stored = self.stores[service].inner._documents.get(collection, {})
        return {id_: each.state for id_, each in stored.items()}

    def version(self, service: str, collection: str, id_: str) -> int:
        """Of one document; 0 where there is none."""
        stored = self.stores[service].inner._documents.get(collection, {})
        return stored[id_].version if id_ in stored else 0

    def pass_time(self, seconds: float) -> None:
        """The clock goes on; who has something due looks at it."""
        self.time = clock.plus(self.time, seconds=seconds)
        self.look_at_the_clock()

    def look_at_the_clock(self) -> None:
        """Wakes the workers of services in which something is due."""
        for hand in self.staff.hands:
            name = hand.service.name
            if any(at <= self.now(name) for at in self._due[name].values()):
                hand.look_at_the_clock()

    def next_due(self) -> str | None:
        """The instant at which something falls due next."""
        return min((at for those in self._due.values() for at in those.values()), default=None)

    def go_on(self, draw: Random, most: int) -> None:
        """So many turns, or until there is nothing to do."""
        self.trouble.draw = draw
        for _ in range(most):
            if self.notes.breaches or not self.turns.one(draw):
                return

    def settle(self, draw: Random) -> None:
        """Until there is nothing to do."""
        self.staff.keep()
        self.turns.wake()
        self.go_on(draw, _MOST_TURNS)
        self.notes.expect(
            bool(self.notes.breaches) or not self.turns.awake(), "it_comes_to_rest", "The workers never come to rest."
        )

    def calm(self) -> None:
        """From now on nothing goes wrong any more: what was away is back, zombies wake up, clocks agree."""
        self.trouble.clear()
        self.bus.held.clear()
        self.bus.orderly = True
        self.skew = dict.fromkeys(SERVICES, 0.0)
        for task in self.turns.tasks:
            task.parked = task.parked and task.kind == "worker"
        for hand in self.staff.parked():
            self.notes.count("trouble", "worker back as a zombie")
            self.staff.unpark(hand)

    def tell(self, text: str) -> None:
        """A line of the story."""
        self.notes.story.append(f"{self.time[8:19].replace('T', ' ')}  {text}")

    def _struck(self, how: str, touch: Touch) -> None:
        self.notes.count("trouble", f"{how} {touch.medium}")
        task = self.turns.current
        self.tell(f"    ! {task.name if task else 'somebody'}: {how.replace('_', ' ')} {touch}")

    def _seen(self, service: str, collection: str, before: State, write: Write) -> None:
        if write.outgoing:
            self.turns.wake(service)
        if (collection, write.version) == ("orders", 1):
            self.placed[write.id] = write.state
        watched(self.notes, collection, write.id, before, write.state)
        due = self._due[service]
        due.pop(f"{collection}/{write.id}", None)
        if write.state.get("due_at"):
            due[f"{collection}/{write.id}"] = write.state["due_at"]


@contextmanager
def world(seed: int, bug: Bug = NO_BUG) -> Iterator[World]:
    """A hub to play a history in: all chance comes from the seed, and what services log is heard, not printed."""
    before, notes = structlog.get_config(), Notes()
    structlog.configure(processors=[notes.hear], wrapper_class=structlog.BoundLogger)
    try:
        made = World(seed, bug, notes)
        made.site.hub = made
        with ids.drawn_from(chance(seed, "ids").randbytes), closing(made.turns):
            for name in SERVICES:
                made.staff.hire(name)
            yield made
    finally:
        structlog.configure(**before)
