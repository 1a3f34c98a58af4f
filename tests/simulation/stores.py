"""A service's store as the simulation sees it: in memory, interrupted at every call, watched at every write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from shared.store.memory import MemoryStore
from shared.store.port import Document, Index, Pending, Where, Write
from tests.simulation.trouble import Touch, Trouble

T = TypeVar("T")
State = dict[str, Any] | None
Seen = Callable[[str, str, State, Write], None]

# What many messages pass through, so that its inbox does not remember for long.
HOT = ("lots", "orders", "offers", "jobs")
_REMEMBERED = 2


class SimStore:
    """Of one service. `seen` hears of each write that was stored: collection, id, state before, and the write.

    `hot`: a busy hub, in which more messages than an inbox holds pass between two of the history.
    """

    def __init__(self, service: str, inner: MemoryStore, trouble: Trouble, seen: Seen) -> None:
        self.inner = inner
        self.hot = False
        self._service = service
        self._trouble = trouble
        self._seen = seen

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """By id."""
        wanted = list(ids)
        found = self._touch("get", collection, lambda: self.inner.get(collection, wanted))
        if not self.hot or collection not in HOT:
            return found
        return {id_: replace(each, inbox=each.inbox[-_REMEMBERED:]) for id_, each in found.items()}

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """Each on its own; a batch may be stored in part."""
        draw = self._trouble.draw

        def part() -> None:
            self._write(collection, [write for write in writes if draw.random() < 1 / 2])

        return self._touch("write", collection, lambda: self._write(collection, writes), part)

    def _write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        stored = self.inner._documents.get(collection, {})
        before = {write.id: stored[write.id].state if write.id in stored else None for write in writes}
        lost = self.inner.write(collection, writes)
        for write in writes:
            if write.id not in lost:
                after = self.inner._documents[collection][write.id].state
                self._seen(self._service, collection, before[write.id], replace(write, state=after))
        return lost

    def find(
        self, collection: str, where: Where, *, sort: str = "_id", descending: bool = False, limit: int = 0
    ) -> list[Document]:
        """A query."""
        return self._touch(
            "find",
            collection,
            lambda: self.inner.find(collection, where, sort=sort, descending=descending, limit=limit),
        )

    def count(self, collection: str, where: Where) -> int:
        """A count."""
        return self._touch("count", collection, lambda: self.inner.count(collection, where))

    def pending(self, collection: str, limit: int) -> list[Pending]:
        """Outboxes that hold something."""
        return self._touch("pending", collection, lambda: self.inner.pending(collection, limit))

    def published(self, collection: str, event_ids: Mapping[str, Sequence[str]]) -> None:
        """Pulls these; some of the documents may be left out."""
        draw = self._trouble.draw

        def part() -> None:
            some = {id_: events for id_, events in event_ids.items() if draw.random() < 1 / 2}
            self.inner.published(collection, some)

        self._touch("published", collection, lambda: self.inner.published(collection, event_ids), part)

    def remove(self, collection: str, versions: Mapping[str, int]) -> int:
        """Throws these away."""
        return self._touch("remove", collection, lambda: self.inner.remove(collection, versions))

    def ensure(self, collection: str, indexes: Sequence[Index]) -> None:
        """Nothing to make."""

    def ping(self) -> None:
        """Answers when it is there."""
        self._touch("ping", "", self.inner.ping)

    def close(self) -> None:
        """Nothing to let go of."""

    def _touch(self, op: str, what: str, do: Callable[[], T], part: Callable[[], object] | None = None) -> T:
        touch = Touch(service=self._service, medium="store", op=op, what=what)
        return self._trouble.touch(touch, do, part)
