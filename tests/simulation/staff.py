"""The workers: the real loop of each service, started, killed, parked for an hour, doubled, and told to stop."""

from collections.abc import Callable
from typing import Protocol

from shared.errors import RetryError
from shared.wiring import Parts, Service, worker_on
from shared.worker import Worker
from tests.simulation.bugs.plant import Bug
from tests.simulation.bus import SimBus, SimPublisher, SimSubscription
from tests.simulation.notes import Notes
from tests.simulation.turns import Task, Turns

_ROUNDS = 26  # a worker looks at what is due once in twenty-five rounds

Broke = Callable[[str, str], None]


class Hand:
    """One worker process of a service."""

    def __init__(self, name: str, service: Service, worker: Worker, subscription: SimSubscription) -> None:
        self.name = name
        self.service = service
        self.subscription = subscription
        self._trouble = subscription.bus.trouble
        self.stopping = False
        self.task: Task | None = None
        self._worker = worker
        self._idle = 0

    def look_at_the_clock(self) -> None:
        """Something may have fallen due: it stays awake until it has looked."""
        self._idle = 0
        if self.task is not None:
            self.task.asleep = False

    def run(self, turns: Turns, broke: Broke) -> None:
        """Its life, as `Worker.run` lives it: trouble of the surroundings is waited out."""
        while not self.stopping:
            try:
                self._turn(turns)
            except RetryError:
                self._wait(turns)
            except Exception as error:  # noqa: BLE001  # in a real hub it would die of it, again and again
                broke("a_worker_never_dies", f"{self.name} died of {type(error).__name__}: {error}")
                return
        self.subscription.close()

    def _wait(self, turns: Turns) -> None:
        """While something is away it need not try at every turn: the next step of the history wakes it."""
        if self.task is not None and self._trouble.away:
            self.task.asleep = True
        turns.pause()

    def _turn(self, turns: Turns) -> None:
        task = self.task
        if task is None:
            return
        task.called = False
        done = self._worker.turn()
        self._idle = 0 if done else self._idle + 1
        if self._idle >= _ROUNDS and not task.called and not self.subscription.behind():
            task.asleep = True
            turns.pause()


class Employer(Protocol):
    """What workers need of the hub: the services, and what each runs on."""

    services: dict[str, Service]
    bug: Bug
    notes: Notes

    def parts(self, service: Service) -> Parts:
        """Its store and its clock."""
        ...


class Staff:
    """All workers of a hub."""

    def __init__(self, turns: Turns, bus: SimBus, hub: Employer) -> None:
        self.hands: list[Hand] = []
        self._turns = turns
        self._bus = bus
        self._hub = hub
        self._hired = 0

    def hire(self, name: str) -> Hand:
        """A further worker of this service: its group deals its partitions anew, in the middle of whatever it does."""
        service = self._hub.services[name]
        self._hired += 1
        subscription = SimSubscription(self._bus, name, service.group, service.consumes)
        publisher = SimPublisher(self._bus, name)
        used = self._hub.bug.subscription(subscription)
        worker = worker_on(service, self._hub.parts(service), publisher, used, subscription.close)
        hand = Hand(f"{name} worker {self._hired}", service, worker, subscription)
        hand.task = self._turns.start(hand.name, "worker", name, lambda: hand.run(self._turns, self._hub.notes.broke))
        self.hands.append(hand)
        return hand

    def of(self, name: str) -> list[Hand]:
        """Those of this service that are there and not parked."""
        return [hand for hand in self.hands if hand.service.name == name and not self._gone(hand) and not _parked(hand)]

    def park(self, hand: Hand) -> None:
        """Its machine stands still; the group goes on without it."""
        hand.subscription.fence()
        if hand.task is not None:
            hand.task.parked = True

    def parked(self) -> list[Hand]:
        """Those that stand still."""
        return [hand for hand in self.hands if _parked(hand) and not self._gone(hand)]

    def unpark(self, hand: Hand) -> None:
        """It goes on in the middle of what it did, and does not know how much later it is."""
        if hand.task is not None:
            hand.task.parked = False
            hand.task.asleep = False

    def bury(self) -> list[Hand]:
        """Those that were killed leave their group, without a commit."""
        dead = [hand for hand in self.hands if self._gone(hand)]
        for hand in dead:
            hand.subscription.fence()
            self.hands.remove(hand)
        return dead

    def keep(self) -> None:
        """Every service has a worker at work, as a supervisor sees to."""
        self.bury()
        for name in self._hub.services:
            if not self.of(name):
                self.hire(name)

    def kill(self, hand: Hand) -> None:
        """`kill -9`."""
        if hand.task is not None:
            self._turns.kill(hand.task)

    def _gone(self, hand: Hand) -> bool:
        return hand.task is None or hand.task.done or hand.task not in self._turns.tasks


def _parked(hand: Hand) -> bool:
    return hand.task is not None and hand.task.parked
