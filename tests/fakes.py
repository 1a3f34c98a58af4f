"""Fakes that several suites share. Each keeps the contract of the real thing that it stands in for."""

import threading
from collections.abc import Iterable, Sequence

from shared.errors import StoreUnavailableError
from shared.store.memory import MemoryStore
from shared.store.port import Document, Write


class GatheringStore(MemoryStore):
    """A store whose next so many readers of one collection go on only when all of them have read.

    So they all decide on the same version, as requests in one instant do: all but one lose the race and decide again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._collection = ""
        self._left = 0
        self._gate = threading.Barrier(1)
        self._counter = threading.Lock()

    def gather(self, collection: str, readers: int) -> None:
        """From now on, for the next so many reads of this collection."""
        self._collection, self._left, self._gate = collection, readers, threading.Barrier(readers, timeout=10)

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """By id; waits for the others where they are to be gathered."""
        found = super().get(collection, ids)
        if self._is_awaited(collection):
            self._gate.wait()
        return found

    def _is_awaited(self, collection: str) -> bool:
        with self._counter:
            if collection != self._collection or self._left == 0:
                return False
            self._left -= 1
            return True


class AbsentStore(MemoryStore):
    """A store that takes no write while it is `away`."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """Stores them, or raises StoreUnavailableError and stores nothing."""
        if self.away:
            raise StoreUnavailableError("The store is away.")
        return super().write(collection, writes)
