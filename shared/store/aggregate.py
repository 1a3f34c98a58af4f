"""From a pure decision to one atomic write, for one aggregate or for a whole batch of messages.

A decision takes the state (None where there is none) and answers the new state with what happened. The ledger
loads, decides and writes guarded by the version; who loses a race loads and decides again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from shared import trace
from shared.errors import ContendedError, StaleError
from shared.events.base import Event
from shared.events.envelope import seal
from shared.store.port import Document, Index, Outgoing, Store, Where, Write

S = TypeVar("S")

Decided = tuple[S | None, Sequence[Event]]
Decision = Callable[[S | None], Decided[S]]

INBOX_SIZE = 64
_TRIES = 25


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[S]):
    """A kind of aggregate: the collection it lives in and the dataclass of its state."""

    collection: str
    state: type[S]
    indexes: tuple[Index, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Saved(Generic[S]):
    """An aggregate as it is stored."""

    id: str
    version: int
    state: S


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a decision is taken: the message that asks for it (None: a request, or time) and its trace."""

    message_id: str | None = None
    traceparent: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one message asks of one aggregate."""

    kind: Kind[Any]
    id: str
    decide: Decision[Any]


class Ledger:
    """A service's aggregates: load, decide, store. `service` names it in the events that decisions raise."""

    def __init__(self, store: Store, service: str, now: Callable[[], str]) -> None:
        self.store = store
        self.now = now
        self._service = service

    def load(self, kind: Kind[S], id_: str) -> Saved[S] | None:
        """The aggregate of this id, None where there is none."""
        return self.load_many(kind, [id_]).get(id_)

    def load_many(self, kind: Kind[S], ids_: Iterable[str]) -> dict[str, Saved[S]]:
        """Those of these ids that exist, in one query."""
        return {key: _saved(kind, document) for key, document in self.store.get(kind.collection, ids_).items()}

    def find(
        self, kind: Kind[S], where: Where, *, sort: str = "_id", descending: bool = False, limit: int = 0
    ) -> list[Saved[S]]:
        """The aggregates that match; see the store's port for what `where` may say."""
        found = self.store.find(kind.collection, where, sort=sort, descending=descending, limit=limit)
        return [_saved(kind, document) for document in found]

    def count(self, kind: Kind[S], where: Where) -> int:
        """How many match."""
        return self.store.count(kind.collection, where)

    def decide(
        self,
        kind: Kind[S],
        id_: str,
        decision: Decision[S],
        *,
        if_version: int | None = None,
    ) -> Saved[S]:
        """Decides on one aggregate and stores the outcome.

        Raises what the decision raises; StaleError where the stored version is not `if_version`; ContendedError
        after losing many races in a row. The decision must leave a state, or find one.
        """
        for _ in range(_TRIES):
            document = self.store.get(kind.collection, [id_]).get(id_)
            _check_version(document, if_version)
            fold = _Fold(kind, id_, document)
            fold.apply(decision, Cause(traceparent=trace.current()))
            write = fold.write(self._service, self.now())
            if write is None or not self.store.write(kind.collection, [write]):
                return fold.saved()
        message = f"{kind.collection}/{id_} is being changed by many at once."
        raise ContendedError(message)

    def apply(self, steps: Sequence[tuple[Step, Cause]]) -> list[tuple[Cause, Exception]]:
        """Folds a batch: one load and one write a collection, decisions in order within each aggregate.

        Answers the messages of which a step could not be taken, with the error; the rest is stored. RetryErrors
        are raised instead: the whole batch may be applied again, since the inbox knows what it has seen.
        """
        failed: list[tuple[Cause, Exception]] = []
        todo = list(steps)
        for _ in range(_TRIES):
            todo, errors = self._apply_once(todo)
            failed += errors
            if not todo:
                return failed
        message = f"{len(todo)} steps lost every race."
        raise ContendedError(message)

    def _apply_once(
        self, steps: Sequence[tuple[Step, Cause]]
    ) -> tuple[list[tuple[Step, Cause]], list[tuple[Cause, Exception]]]:
        lost: list[tuple[Step, Cause]] = []
        failed: list[tuple[Cause, Exception]] = []
        for collection, mine in _by_collection(steps).items():
            folds = self._folds(collection, mine)
            failed += [failure for step, cause in mine if (failure := _try(folds[step.id], step, cause))]
            writes = [write for fold in folds.values() if (write := fold.write(self._service, self.now()))]
            losers = self.store.write(collection, writes) if writes else frozenset()
            broken = {cause.message_id for cause, _ in failed}
            lost += [(step, cause) for step, cause in mine if step.id in losers and cause.message_id not in broken]
        return lost, failed

    def _folds(self, collection: str, steps: Sequence[tuple[Step, Cause]]) -> dict[str, "_Fold"]:
        kinds = {step.id: step.kind for step, _ in steps}
        documents = self.store.get(collection, kinds)
        return {id_: _Fold(kind, id_, documents.get(id_)) for id_, kind in kinds.items()}


class _Fold:
    """One aggregate while decisions are folded into it; nothing is stored before `write`."""

    def __init__(self, kind: Kind[Any], id_: str, document: Document | None) -> None:
        self._kind = kind
        self._id = id_
        self._document = document
        self._state = None if document is None else msgspec.convert(document.state, kind.state)
        self._before = document.inbox if document else ()
        self._inbox = self._before
        self._events: list[tuple[Event, Cause]] = []
        self._changed = False

    def apply(self, decision: Decision[Any], cause: Cause) -> None:
        """Takes one decision, unless its message was handled by an earlier write; one message may ask several."""
        if cause.message_id is not None and cause.message_id in self._before:
            return
        state, events = decision(self._state)
        if state == self._state and not events:
            return
        self._state = state
        self._changed = True
        self._events += [(event, cause) for event in events]
        if cause.message_id is not None and cause.message_id not in self._inbox[-1:]:
            self._inbox = (*self._inbox, cause.message_id)[-INBOX_SIZE:]

    def write(self, service: str, now: str) -> Write | None:
        """What is to be stored, None where nothing changed."""
        if not self._changed or self._state is None:
            return None
        return Write(
            id=self._id,
            version=self._version + 1,
            state=msgspec.to_builtins(self._state),
            inbox=self._inbox,
            outgoing=tuple(self._seal(each, n, service, now) for n, each in enumerate(self._events)),
        )

    @property
    def _version(self) -> int:
        return self._document.version if self._document else 0

    def _seal(self, raised: tuple[Event, Cause], number: int, service: str, now: str) -> Outgoing:
        """The event's id says which document's which version raised it: the same decision, the same id."""
        event, cause = raised
        event_id = f"{self._kind.collection}/{self._id}/{self._version + 1}/{number}"
        return seal(event, event_id=event_id, service=service, now=now, traceparent=cause.traceparent)

    def saved(self) -> Saved[Any]:
        """The aggregate as it is after `write` was stored."""
        return Saved(id=self._id, version=self._version + self._changed, state=self._state)


def _try(fold: _Fold, step: Step, cause: Cause) -> tuple[Cause, Exception] | None:
    try:
        fold.apply(step.decide, cause)
    except Exception as error:  # noqa: BLE001  # whatever a message does, it must not stop the batch: it is dead-lettered
        return cause, error
    return None


def _by_collection(steps: Sequence[tuple[Step, Cause]]) -> dict[str, list[tuple[Step, Cause]]]:
    grouped: dict[str, list[tuple[Step, Cause]]] = {}
    for step, cause in steps:
        grouped.setdefault(step.kind.collection, []).append((step, cause))
    return grouped


def _saved(kind: Kind[S], document: Document) -> Saved[S]:
    return Saved(id=document.id, version=document.version, state=msgspec.convert(document.state, kind.state))


def _check_version(document: Document | None, if_version: int | None) -> None:
    if if_version is not None and document is not None and document.version != if_version:
        raise StaleError("changed_meanwhile", "Somebody changed it since you read it: read it again and repeat.")


def no_change(state: S | None) -> Decided[S]:
    """The decision that nothing happens."""
    return state, ()
