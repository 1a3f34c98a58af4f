"""A service's read copy, made anew from what its owner would tell of each document now, while the hub runs.

Document by document, so that nobody ever sees the copy empty. Each is folded by the service's own handlers out of what
the owner tells again, as if nothing had been known, and put in the place of the one that is there, unless that changed
meanwhile: then it is done again. The owner is read after the copy, so what is written is never older than what it
replaces; events that are still on their way find it as they would have found the copy.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.consumer import Message
from shared.errors import ContendedError, NeverError
from shared.events.base import Event
from shared.events.envelope import open_envelope, seal
from shared.events.schemas import load_event
from shared.hub import Hub
from shared.ids import new_id
from shared.store.aggregate import Ledger
from shared.store.port import Document, Write
from shared.wiring import Copy, Retelling, Service, ensure_store

_PAGE = 200
_TRIES = 25

State = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One service, and its documents."""

    service: Service
    ledger: Ledger


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """How many documents were right already, wrong, missing, and of nothing that exists."""

    right: int = 0
    mended: int = 0
    added: int = 0
    removed: int = 0

    def plus(self, other: "Rebuilt") -> "Rebuilt":
        """Both together."""
        return Rebuilt(
            right=self.right + other.right,
            mended=self.mended + other.mended,
            added=self.added + other.added,
            removed=self.removed + other.removed,
        )


class Rebuild:
    """Of one read copy, which `keeper` keeps of what `owner` tells."""

    def __init__(self, copy: Copy, keeper: Side, owner: Side, hub: Hub) -> None:
        self._copy = copy
        self._keeper = keeper
        self._owner = owner
        self._source: Retelling = owner.service.retelling[copy.topic]
        self._handlers = keeper.service.handlers(keeper.ledger, hub)
        self._run = new_id()

    def run(self) -> Rebuilt:
        """All of it. Raises RetryError, with some documents done; running it again is harmless."""
        ensure_store(self._keeper.service, self._keeper.ledger.store)
        done = Rebuilt()
        for ids in _pages(self._owner, self._source.kind.collection):
            done = done.plus(self._renew(ids))
        for ids in _pages(self._keeper, self._copy.kind.collection):
            done = done.plus(Rebuilt(removed=self._sweep(ids)))
        return done

    def _renew(self, ids: Iterable[str]) -> Rebuilt:
        """These of the owner's documents; those whose copy changed meanwhile are looked at once more."""
        done, todo = Rebuilt(), list(ids)
        for _ in range(_TRIES):
            some, todo = self._renew_once(todo)
            done = done.plus(some)
            if not todo:
                return done
        message = f"{len(todo)} documents of {self._copy.kind.collection} are being changed all the time. Try again."
        raise ContendedError(message)

    def _renew_once(self, ids: Iterable[str]) -> tuple[Rebuilt, list[str]]:
        store, collection = self._keeper.ledger.store, self._copy.kind.collection
        # Before the owner's: what is read of the owner then knows all that the copy has heard.
        before = store.get(collection, ids)
        wanted = {id_: self._made(id_, saved.state) for id_, saved in self._load(ids).items()}
        writes = [_write(id_, state, before.get(id_)) for id_, state in wanted.items()]
        needed = [write for write in writes if write.id not in before or before[write.id].state != write.state]
        lost = store.write(collection, needed) if needed else frozenset[str]()
        written = [write for write in needed if write.id not in lost]
        added = sum(write.version == 1 for write in written)
        right = len(writes) - len(needed)
        return Rebuilt(right=right, mended=len(written) - added, added=added), sorted(lost)

    def _load(self, ids: Iterable[str]) -> Mapping[str, Any]:
        return self._owner.ledger.load_many(self._source.kind, ids)

    def _made(self, id_: str, owned: object) -> State:
        """The copy of one document: what its events make of nothing."""
        state: Any = None
        for number, event in enumerate(self._source.tell(owned)):
            message = self._message(event, f"{self._copy.topic}/{id_}/{self._run}/{number}")
            for step in self._handlers[type(message.data)](message, message.time):
                state, _ = step.decide(state) if step.id == id_ else (state, ())
        if state is None:
            raise NeverError(f"What is told again of {id_} makes no copy of it.")
        # As a database has it, with lists for tuples: it is compared with one that comes from there.
        return msgspec.json.decode(msgspec.json.encode(state), type=dict[str, Any])

    def _message(self, event: Event, id_: str) -> Message:
        """The event as it comes out of the bus."""
        name, now = self._owner.service.name, self._owner.ledger.now()
        envelope = open_envelope(seal(event, event_id=id_, service=name, now=now, traceparent="").body.encode())
        data = load_event(envelope.type, envelope.data)
        if data is None:
            raise NeverError(f"{envelope.type} is no event of the catalogue.")
        return Message(id=envelope.id, type=envelope.type, time=now, traceparent="", data=data)

    def _sweep(self, ids: Iterable[str]) -> int:
        """Removes those that are copies of nothing: owners delete nothing, so nothing will ever be told of them."""
        store, collection = self._keeper.ledger.store, self._copy.kind.collection
        before = store.get(collection, ids)
        known = self._load(ids)
        return store.remove(collection, {id_: each.version for id_, each in before.items() if id_ not in known})


def _pages(side: Side, collection: str) -> Iterator[list[str]]:
    """The ids of a collection, some at a time."""
    last = ""
    while found := side.ledger.store.find(collection, {"_id": {"$gt": last}}, limit=_PAGE):
        yield [document.id for document in found]
        last = found[-1].id


def _write(id_: str, state: State, before: Document | None) -> Write:
    return Write(id=id_, version=before.version + 1 if before else 1, state=dict(state))
