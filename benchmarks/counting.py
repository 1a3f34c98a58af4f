"""A store and a bus in memory that count what is asked of them; everything else is as in the ones they extend."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.store.memory import MemoryStore
from shared.store.port import Document, Pending, Where, Write


class CountingStore(MemoryStore):
    """Counts documents written, by collection and kind of write, and the queries."""

    def __init__(self) -> None:
        super().__init__()
        self.inserts: Counter[str] = Counter()
        self.updates: Counter[str] = Counter()
        self.pulls: Counter[str] = Counter()
        self.queries: Counter[str] = Counter()

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """Counts a query."""
        self.queries[collection] += 1
        return super().get(collection, ids)

    def find(
        self, collection: str, where: Where, *, sort: str = "_id", descending: bool = False, limit: int = 0
    ) -> list[Document]:
        """Counts a query."""
        self.queries[collection] += 1
        return super().find(collection, where, sort=sort, descending=descending, limit=limit)

    def count(self, collection: str, where: Where) -> int:
        """Counts a query."""
        self.queries[collection] += 1
        return super().count(collection, where)

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """Counts what was stored: losers of a race are not."""
        lost = super().write(collection, writes)
        stored = [write for write in writes if write.id not in lost]
        self.inserts[collection] += sum(write.version == 1 for write in stored)
        self.updates[collection] += sum(write.version > 1 for write in stored)
        return lost

    def pending(self, collection: str, limit: int) -> list[Pending]:
        """Counts a query."""
        self.queries[collection] += 1
        return super().pending(collection, limit)

    def published(self, collection: str, event_ids: Mapping[str, Sequence[str]]) -> None:
        """Counts one write a document."""
        self.pulls[collection] += len(event_ids)
        super().published(collection, event_ids)


class CountingBroker(MemoryBroker):
    """Counts messages by topic."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: Counter[str] = Counter()

    def publish(self, messages: Sequence[Parcel]) -> None:
        """Counts each."""
        self.messages.update(message.topic for message in messages)
        super().publish(messages)
