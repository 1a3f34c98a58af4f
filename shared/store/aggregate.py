"""From a pure decision to one atomic write, for one aggregate or for a whole batch of messages.

A decision takes the state (None where there is none) and answers the new state with what happened. The ledger
loads, decides and writes guarded by the version; who loses a race loads and decides again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from shared import trace
from shared.errors import ContendedError, NotFoundError, RefusedError, RetryError, StaleError, UnstorableError
from shared.events.base import Event
from shared.store.fold import Fold
from shared.store.port import Document, Index, Store, Where

S = TypeVar("S")

Decided = tuple[S | None, Sequence[Event]]
Decision = Callable[[S | None], Decided[S]]

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


Asked = tuple[Step, Cause]
Failed = tuple[Cause, Exception]


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
            fold = Fold(kind.collection, id_, kind.state, document)
            _decide(fold, decision, is_stale=document is not None and if_version not in {None, document.version})
            write = fold.write(self._service, self.now())
            if write is None or not self.store.write(kind.collection, [write]):
                return Saved(id=id_, version=fold.version, state=fold.state)
        message = f"{kind.collection}/{id_} is being changed by many at once."
        raise ContendedError(message)

    def apply(self, steps: Sequence[Asked]) -> list[Failed]:
        """Folds a batch: one load and one write a collection, decisions in order within each aggregate.

        Answers the messages of which a step could not be taken, with the error; the rest is stored. RetryErrors
        are raised instead: the whole batch may be applied again, since the inbox knows what it has seen.
        """
        failed: list[Failed] = []
        todo = list(steps)
        for _ in range(_TRIES):
            todo, errors = self._apply_once(todo)
            failed += errors
            if not todo:
                return failed
        message = f"{len(todo)} steps lost every race."
        raise ContendedError(message)

    def _apply_once(self, steps: Sequence[Asked]) -> tuple[list[Asked], list[Failed]]:
        lost: list[Asked] = []
        failed: list[Failed] = []
        for collection, mine in _by_collection(steps).items():
            again, errors = self._apply_to(collection, mine)
            failed += errors
            broken = {cause.message_id for cause, _ in failed}
            lost += [(step, cause) for step, cause in again if cause.message_id not in broken]
        return lost, failed

    def _apply_to(self, collection: str, steps: Sequence[Asked]) -> tuple[list[Asked], list[Failed]]:
        folds = self._folds(collection, steps)
        failed = [failure for step, cause in steps if (failure := _try(folds[step.id], step, cause))]
        try:
            writes = [write for fold in folds.values() if (write := fold.write(self._service, self.now()))]
            losers = self.store.write(collection, writes) if writes else frozenset()
        except UnstorableError as error:
            return self._apart(collection, steps, error)
        return [asked for asked in steps if asked[0].id in losers], failed

    def _apart(
        self, collection: str, steps: Sequence[Asked], error: UnstorableError
    ) -> tuple[list[Asked], list[Failed]]:
        """Who asked for what cannot be stored is found message by message; all others are asked again."""
        again = [asked for asked in steps if asked[0].id not in error.why]
        failed: list[Failed] = []
        for id_ in error.why:
            mine = [asked for asked in steps if asked[0].id == id_]
            causes = dict.fromkeys(cause for _, cause in mine)
            if len(causes) == 1:
                failed += [(cause, error) for cause in causes]
                continue
            for each in causes:
                lost, errors = self._apply_to(collection, [asked for asked in mine if asked[1] == each])
                again, failed = again + lost, failed + errors
        return again, failed

    def _folds(self, collection: str, steps: Sequence[Asked]) -> dict[str, Fold]:
        kinds = {step.id: step.kind for step, _ in steps}
        documents = self.store.get(collection, kinds)
        return {id_: Fold(collection, id_, kind.state, documents.get(id_)) for id_, kind in kinds.items()}


def _try(fold: Fold, step: Step, cause: Cause) -> Failed | None:
    try:
        fold.apply(step.decide, cause.message_id, cause.traceparent)
    except RetryError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a message does, it must not stop the batch: it is dead-lettered
        return cause, error
    return None


def _by_collection(steps: Sequence[Asked]) -> dict[str, list[Asked]]:
    grouped: dict[str, list[Asked]] = {}
    for step, cause in steps:
        grouped.setdefault(step.kind.collection, []).append((step, cause))
    return grouped


def _saved(kind: Kind[S], document: Document) -> Saved[S]:
    return Saved(id=document.id, version=document.version, state=msgspec.convert(document.state, kind.state))


def _decide(fold: Fold, decision: Decision[S], *, is_stale: bool) -> None:
    """Whose copy is stale is told so, unless the thing is not the caller's: of that not even a version is told."""
    stale = StaleError("changed_meanwhile", "Somebody changed it since you read it: read it again and repeat.")
    try:
        fold.apply(decision, None, trace.current())
    except NotFoundError:
        raise
    except RefusedError as error:
        if is_stale:
            raise stale from error
        raise
    if is_stale:
        raise stale


def no_change(state: S | None) -> Decided[S]:
    """The decision that nothing happens."""
    return state, ()
