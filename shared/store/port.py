"""The port to a document store, and its contract.

A document is `{_id, version, state, inbox, outbox}`. Every write touches one document and is atomic; no write
spans two. A write that was acknowledged survives a crash of this process and of the database. All calls raise
StoreUnavailableError where the database cannot be reached or cannot write; what such a call had already written
stays written, so callers must bear repeating it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

State = dict[str, Any]
Where = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """An event on its way out: `body` is the CloudEvent as JSON text, `at` the instant it was raised."""

    id: str
    topic: str
    key: str
    body: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """An aggregate as it is stored; `inbox` holds the ids of the last messages that it has handled."""

    id: str
    version: int
    state: State
    inbox: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """A document to store, with the events to add to its outbox.

    `version` is the new one: 1 for a document that must not exist yet, else exactly one above the stored one.
    """

    id: str
    version: int
    state: State
    inbox: tuple[str, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """Fields, in order, that a query narrows by."""

    fields: tuple[str, ...]
    sparse: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """Events that a document still has to publish, in order."""

    document_id: str
    outgoing: tuple[Outgoing, ...] = field(default=())


class Store(Protocol):
    """What a service may ask of its database. `where` is a small part of MongoDB's query language.

    It maps field paths (`state.status`) to a value, or to a mapping of `$in`, `$all`, `$gt`, `$gte`, `$lt`,
    `$lte`, `$exists`; on a path that holds an array, one element that matches is enough.
    """

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids that exist, by id."""
        ...

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """Stores each write whose version still fits; answers the ids of those that lost a race.

        At most one write a document. Appends to the outbox, never replaces it. Raises UnstorableError, naming them,
        where some can never be stored: a number of more than 64 bits, text that is not Unicode, more than 16 MB. Of
        the others any part may be stored by then.
        """
        ...

    def find(
        self, collection: str, where: Where, *, sort: str = "_id", descending: bool = False, limit: int = 0
    ) -> list[Document]:
        """The documents that match, sorted by one field; `limit` 0 means all."""
        ...

    def count(self, collection: str, where: Where) -> int:
        """How many documents match."""
        ...

    def pending(self, collection: str, limit: int) -> list[Pending]:
        """Up to `limit` documents whose outbox is not empty, each with its events in the order raised."""
        ...

    def published(self, collection: str, event_ids: Mapping[str, Sequence[str]]) -> None:
        """Takes these events, by document, out of the outbox; what was added meanwhile stays."""
        ...

    def remove(self, collection: str, versions: Mapping[str, int]) -> int:
        """Removes each of these documents that still has this version; answers how many. For read copies alone."""
        ...

    def ensure(self, collection: str, indexes: Sequence[Index]) -> None:
        """Makes the collection ready: these indexes and the one that `pending` needs. Repeating it is harmless."""
        ...

    def ping(self) -> None:
        """Answers when the database does."""
        ...
