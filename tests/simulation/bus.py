"""The bus as the simulation sees it: interrupted at every call, in no order between partitions, with zombies fenced.

It stands on the bus in memory: its logs, its groups, its dealing of partitions.
"""

from collections.abc import Callable, Sequence

from shared.bus.memory import MemoryBroker, MemorySubscription
from shared.bus.port import Parcel, Record
from tests.simulation.trouble import Touch, Trouble

PARTITIONS = 3
_LIMITS = (1, 2, 5, 30, 500)
_WHOLE = 0.6  # how often a poll sees all partitions


class SimBus:
    """The broker, and what is held up on the way: `held` are topics of which a group sees nothing new for now.

    `orderly` bus has no such moods. `arrived` is called after every publication.
    """

    def __init__(self, trouble: Trouble, arrived: Callable[[], None]) -> None:
        self.broker = MemoryBroker(PARTITIONS)
        self.held: set[tuple[str, str]] = set()
        self.orderly = False
        self.trouble = trouble
        self.arrived = arrived

    def publish(self, messages: Sequence[Parcel]) -> None:
        """Appends all, and tells that something came."""
        self.broker.publish(messages)
        self.arrived()

    def records(self, topic: str) -> list[Record]:
        """What lies on a topic, partition by partition."""
        return [record for (name, _), log in sorted(self.broker.logs.items()) if name == topic for record in log]

    def dead(self) -> list[Record]:
        """All dead letters."""
        return [
            record for (name, _), log in sorted(self.broker.logs.items()) if name.endswith(".dlq") for record in log
        ]

    def repeat(self, records: Sequence[Record]) -> None:
        """These are published once more."""
        again = [Parcel(topic=each.topic, key=each.key, value=each.value, headers=each.headers) for each in records]
        self.publish(again)

    def rewind(self, group: str, records: int) -> None:
        """The group's last commits are lost: so many records of each partition come again, to all its members."""
        for (name, partition), offset in list(self.broker.committed.items()):
            if name == group:
                self.broker.committed[name, partition] = max(0, offset - records)
        self.broker._deal(group)


class SimPublisher:
    """A service's producer; of what it publishes only the beginning may arrive, key by key."""

    def __init__(self, bus: SimBus, service: str) -> None:
        self._bus = bus
        self._service = service

    def publish(self, messages: Sequence[Parcel]) -> None:
        """All, or what got through."""
        touch = Touch(service=self._service, medium="bus", op="publish")
        self._bus.trouble.touch(
            touch, lambda: self._bus.publish(messages), lambda: self._bus.publish(self._some(messages))
        )

    def _some(self, messages: Sequence[Parcel]) -> list[Parcel]:
        draw = self._bus.trouble.draw
        cut = {key: draw.randint(0, 2) for key in dict.fromkeys(message.key for message in messages)}
        kept: list[Parcel] = []
        for message in messages:
            cut[message.key] -= 1
            kept += [message] if cut[message.key] >= 0 else []
        return kept

    def close(self) -> None:
        """Nothing to let go of."""


class SimSubscription:
    """A member of a group. Once it is fenced (its session ran out), its commits do nothing, and it joins anew."""

    def __init__(self, bus: SimBus, service: str, group: str, topics: Sequence[str]) -> None:
        self.bus = bus
        self._service = service
        self._group = group
        self._topics = topics
        self._member: MemorySubscription | None = bus.broker.subscribe(group, topics)

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Some of what there is, of some of its partitions."""
        return self.bus.trouble.touch(self._at("poll"), lambda: self._poll(timeout, limit))

    def commit(self) -> None:
        """Harmless for a zombie."""
        self.bus.trouble.touch(self._at("commit"), lambda: self._member.commit() if self._member else None)

    def behind(self) -> bool:
        """Whether there is something that it could see."""
        logs = self.bus.broker.logs
        return self._member is None or any(len(logs[each]) > start for each, start in self._open().items())

    def fence(self) -> None:
        """The group goes on without it."""
        if self._member is not None:
            self._member.close()
        self._member = None

    def replay(self) -> None:
        """To the beginning."""
        if self._member is not None:
            self._member.replay()

    def close(self) -> None:
        """Leaves the group."""
        self.fence()

    def _poll(self, timeout: float, limit: int) -> Sequence[Record]:
        if self._member is None:
            self._member = self.bus.broker.subscribe(self._group, self._topics)
        seen, most = self._open(), limit
        if not self.bus.orderly:
            draw = self.bus.trouble.draw
            most = draw.choice(_LIMITS)
            if draw.random() > _WHOLE:
                seen = {each: start for each, start in seen.items() if draw.random() < 1 / 2}
        records = self.bus.broker.read(seen, timeout, most)
        for record in records:
            self._member._positions[record.topic, record.partition] = record.offset + 1
        return records

    def _open(self) -> dict[tuple[str, int], int]:
        positions = self._member._positions if self._member else {}
        return {each: start for each, start in positions.items() if (self._group, each[0]) not in self.bus.held}

    def _at(self, op: str) -> Touch:
        return Touch(service=self._service, medium="bus", op=op)
