"""Publishes what documents have in their outboxes, and takes out what the broker acknowledged.

A loop, not a call after the write: it finds whatever a crash left behind. At least once; two relays at work
publish some events twice, never out of order for the first time.
"""

from collections.abc import Sequence

from shared.bus.port import Parcel, Publisher
from shared.store.port import Outgoing, Pending, Store

BATCH = 500


class Relay:
    """Of one service: these collections of its store."""

    def __init__(self, store: Store, publisher: Publisher, collections: Sequence[str]) -> None:
        self._store = store
        self._publisher = publisher
        self._collections = tuple(collections)

    def turn(self) -> int:
        """Publishes one batch a collection; answers how many events. Raises RetryError, with nothing lost."""
        return sum(self._drain(collection) for collection in self._collections)

    def _drain(self, collection: str) -> int:
        pending = self._store.pending(collection, BATCH)
        if not pending:
            return 0
        self._publisher.publish([_parcel(each) for document in pending for each in document.outgoing])
        self._store.published(collection, _ids(pending))
        return sum(len(document.outgoing) for document in pending)


def _parcel(outgoing: Outgoing) -> Parcel:
    return Parcel(topic=outgoing.topic, key=outgoing.key, value=outgoing.body.encode())


def _ids(pending: Sequence[Pending]) -> dict[str, list[str]]:
    return {document.document_id: [each.id for each in document.outgoing] for document in pending}
