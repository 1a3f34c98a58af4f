"""The port to an event bus, and its contract.

Records of one key on one topic keep their order; there is no order between topics. A record that was acknowledged
survives a crash of the broker. A consumer of a group gets some partitions, shares none, and goes on where the
group committed last: what was polled and not committed is delivered again, to it or to another of the group.
All calls raise BusUnavailableError where the broker does not answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """Something to publish; `key` chooses the partition and with it the order."""

    topic: str
    key: str
    value: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Something published, with where it stands; offsets rise within a partition."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    headers: tuple[tuple[str, str], ...] = field(default=())


class Publisher(Protocol):
    """Puts messages on topics."""

    def publish(self, messages: Sequence[Parcel]) -> None:
        """Publishes all, in order within a key, and returns when every one is acknowledged by the broker.

        Where it raises, any part of them may have been published: publishing again must be harmless.
        """
        ...

    def close(self) -> None:
        """Lets go of the broker."""
        ...


class Subscription(Protocol):
    """One member of a group that reads some topics."""

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Up to `limit` further records, waiting at most `timeout` seconds for the first."""
        ...

    def commit(self) -> None:
        """Marks all that was polled as done. Harmless where the partitions went to another meanwhile."""
        ...

    def replay(self) -> None:
        """Goes back to the first record that the topics still hold."""
        ...

    def close(self) -> None:
        """Leaves the group, so that another takes over at once. Commits nothing."""
        ...
