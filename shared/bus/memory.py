"""The bus in memory: same contract, one process, gone with it. For the simulator and the one-process demo."""

import threading
import zlib
from collections import defaultdict
from collections.abc import Sequence

from shared.bus.port import Parcel, Record

Partition = tuple[str, int]


class MemoryBroker:
    """Topics as lists. `partitions` is how many each topic has."""

    def __init__(self, partitions: int = 6) -> None:
        self._partitions = partitions
        self.logs: dict[Partition, list[Record]] = defaultdict(list)
        self.committed: dict[tuple[str, Partition], int] = defaultdict(int)
        self._members: dict[str, list[MemorySubscription]] = defaultdict(list)
        self._arrived = threading.Condition(threading.RLock())

    def publish(self, messages: Sequence[Parcel]) -> None:
        """Appends each to its key's partition."""
        with self._arrived:
            for message in messages:
                self._append(message)
            self._arrived.notify_all()

    def _append(self, message: Parcel) -> None:
        partition = (message.topic, zlib.crc32(message.key.encode()) % self._partitions)
        log = self.logs[partition]
        log.append(
            Record(
                topic=message.topic,
                partition=partition[1],
                offset=len(log),
                key=message.key,
                value=message.value,
                headers=message.headers,
            )
        )

    def subscribe(self, group: str, topics: Sequence[str]) -> "MemorySubscription":
        """A further member of the group; partitions are dealt out anew."""
        member = MemorySubscription(self, group, topics)
        with self._arrived:
            self._members[group].append(member)
            self._deal(group)
        return member

    def leave(self, member: "MemorySubscription") -> None:
        """Deals the member's partitions to those that stay."""
        with self._arrived:
            if member in self._members[member.group]:
                self._members[member.group].remove(member)
                self._deal(member.group)

    def _deal(self, group: str) -> None:
        members = self._members[group]
        for place, member in enumerate(members):
            member.assign(
                [
                    (topic, number)
                    for topic in member.topics
                    for number in range(self._partitions)
                    if number % len(members) == place
                ]
            )

    def read(self, positions: dict[Partition, int], timeout: float, limit: int) -> list[Record]:
        """Up to `limit` records from these positions on; waits for the first."""
        with self._arrived:
            self._arrived.wait_for(lambda: any(self._waiting(positions)), timeout)
            records: list[Record] = []
            for partition, start in positions.items():
                records += self.logs[partition][start : start + limit - len(records)]
            return records

    def _waiting(self, positions: dict[Partition, int]) -> list[bool]:
        return [len(self.logs[partition]) > start for partition, start in positions.items()]

    def close(self) -> None:
        """Nothing to let go of."""


class MemorySubscription:
    """A member of a group. A rebalance sends it back to what the group committed."""

    def __init__(self, broker: MemoryBroker, group: str, topics: Sequence[str]) -> None:
        self._broker = broker
        self.group = group
        self.topics = tuple(topics)
        self._positions: dict[Partition, int] = {}

    def assign(self, partitions: Sequence[Partition]) -> None:
        """Takes these partitions, from the group's last commit on."""
        self._positions = {each: self._broker.committed[self.group, each] for each in partitions}

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """The next records of its partitions."""
        records = self._broker.read(self._positions, timeout, limit)
        for record in records:
            self._positions[record.topic, record.partition] = record.offset + 1
        return records

    def commit(self) -> None:
        """Of the partitions that are still its own."""
        for partition, position in self._positions.items():
            self._broker.committed[self.group, partition] = position

    def replay(self) -> None:
        """To the beginning."""
        self._positions = dict.fromkeys(self._positions, 0)

    def close(self) -> None:
        """Leaves the group."""
        self._broker.leave(self)
