"""Bugs of those who write a store or use one: what goes in, what comes out, and in how many steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import g, has_request_context

from shared.bus.port import Parcel
from shared.errors import StoreUnavailableError
from shared.store.port import Document, Pending, Write
from tests.simulation.bugs.plant import Bug
from tests.simulation.bus import SimPublisher


class _Around:
    """A store like the one inside, but for what a bug makes different."""

    def __init__(self, hub: Any, name: str, inner: Any) -> None:
        self.hub = hub
        self.name = name
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class _NoInbox(_Around):
    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        return {id_: replace(each, inbox=()) for id_, each in self.inner.get(collection, ids).items()}


class _OutboxCleared(_Around):
    def published(self, collection: str, event_ids: Mapping[str, Sequence[str]]) -> None:
        self.inner.published(collection, event_ids)
        for document in event_ids:
            self.inner.inner._outboxes[collection][document] = []


class _NoOutbox(_Around):
    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        lost: frozenset[str] = self.inner.write(collection, [replace(each, outgoing=()) for each in writes])
        told = [event for each in writes if each.id not in lost for event in each.outgoing]
        if told:
            parcels = [Parcel(topic=each.topic, key=each.key, value=each.body.encode()) for each in told]
            SimPublisher(self.hub.bus, self.name).publish(parcels)
        return lost


class _PulledFirst(_Around):
    def pending(self, collection: str, limit: int) -> list[Pending]:
        found: list[Pending] = self.inner.pending(collection, limit)
        ids = {each.document_id: [event.id for event in each.outgoing] for each in found}
        self.inner.published(collection, ids)
        return found


class _Unguarded(_Around):
    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        lost: frozenset[str] = self.inner.write(collection, writes)
        late = [each for each in writes if each.id in lost]
        self.inner._write(
            collection, [replace(each, version=self.hub.version(self.name, collection, each.id) + 1) for each in late]
        )
        return frozenset()


class _Swallowing(_Around):
    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        try:
            return self.inner.write(collection, writes)  # type: ignore[no-any-return]  # as above
        except StoreUnavailableError:
            return frozenset()


class _InboxFirst(_Around):
    """Whoever asks twice meanwhile is told that it is done: so the effect is lost where the second write is."""

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        stored = self.inner.inner._documents.get(collection, {})
        noted = [replace(each, state=stored[each.id].state, outgoing=()) for each in writes if each.id in stored]
        lost: frozenset[str] = self.inner.write(collection, noted) if noted else frozenset()
        rest = [replace(each, version=each.version + (each.id in stored)) for each in writes if each.id not in lost]
        return lost | self.inner.write(collection, rest) if rest else lost


class _OwnerFromTheKey(_Around):
    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        found: dict[str, Document] = self.inner.get(collection, ids)
        if collection != "orders" or not has_request_context() or "caller" not in g:
            return found
        return {id_: replace(each, state={**each.state, "buyer_id": g.caller.party_id}) for id_, each in found.items()}


_ANYTHING_LOST = (
    "4_acknowledged_stays",
    "copies_agree",
    "2_nothing_waits_for_ever",
    "1_stock_comes_back",
    "1_stock_as_told",
)

BUGS = (
    Bug(name="the inbox is skipped", breaks=("5_same_documents", "copies_agree"), store=_NoInbox),
    Bug(name="the outbox is cleared instead of pulled by id", breaks=_ANYTHING_LOST, store=_OutboxCleared),
    Bug(name="pulled before it is published", breaks=_ANYTHING_LOST, store=_PulledFirst),
    Bug(name="published without an outbox", breaks=_ANYTHING_LOST, store=_NoOutbox),
    Bug(
        name="written without a version",
        breaks=("3_one_holder", "2_nothing_goes_back", *_ANYTHING_LOST),
        store=_Unguarded,
    ),
    Bug(name="a failed write is swallowed", breaks=_ANYTHING_LOST, store=_Swallowing),
    Bug(name="the inbox is written first", breaks=("5_same_documents", *_ANYTHING_LOST), store=_InboxFirst),
    Bug(name="whoever asks is the owner", breaks=("6_only_their_own",), store=_OwnerFromTheKey),
)
